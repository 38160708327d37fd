#include "bot/server/mailbox.h"
#include "base/memory.h"
#include <stdlib.h>

void mailbox_init(struct mailbox *mailbox, uv_loop_t *loop, uv_async_cb arrived) {
    pthread_mutex_init(&mailbox->lock, NULL);
    mailbox->first = NULL;
    mailbox->last = &mailbox->first;
    uv_async_init(loop, &mailbox->wake, arrived);
}

void mailbox_clear(struct mailbox *mailbox) {
    for (struct mail *mail = mailbox_take(mailbox), *next; mail; mail = next) {
        next = mail->next;
        free(mail);
    }
    pthread_mutex_destroy(&mailbox->lock);
}

struct mail *mail_new(struct mailbox *mailbox, void *ticket) {
    struct mail *mail = malloc(sizeof *mail);
    if (!mail)
        memory_exhausted();
    mail->mailbox = mailbox;
    mail->ticket = ticket;
    mail->done = NULL;
    mail->next = NULL;
    return mail;
}

void mailbox_add(struct mail *mail) {
    struct mailbox *mailbox = mail->mailbox;
    pthread_mutex_lock(&mailbox->lock);
    *mailbox->last = mail;
    mailbox->last = &mail->next;
    pthread_mutex_unlock(&mailbox->lock);
}

void mailbox_wake(struct mailbox *mailbox) {
    pthread_mutex_lock(&mailbox->lock);
    if (mailbox->first)
        uv_async_send(&mailbox->wake);
    pthread_mutex_unlock(&mailbox->lock);
}

void mailbox_put(struct mail *mail) {
    struct mailbox *mailbox = mail->mailbox;
    mailbox_add(mail);
    mailbox_wake(mailbox);
}

struct mail *mailbox_take(struct mailbox *mailbox) {
    pthread_mutex_lock(&mailbox->lock);
    struct mail *mail = mailbox->first;
    mailbox->first = NULL;
    mailbox->last = &mailbox->first;
    pthread_mutex_unlock(&mailbox->lock);
    return mail;
}
