#include "bot/server/mailbox.h"
#include "base/memory.h"
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

bool mailbox_init(struct mailbox *mailbox, uv_loop_t *loop, uv_poll_cb arrived) {
    atomic_init(&mailbox->newest, NULL);
    atomic_init(&mailbox->awake, false);
    mailbox->bell = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return mailbox->bell >= 0 && uv_poll_init(loop, &mailbox->wake, mailbox->bell) == 0 &&
           uv_poll_start(&mailbox->wake, UV_READABLE, arrived) == 0;
}

void mailbox_close(struct mailbox *mailbox) {
    if (mailbox->bell >= 0)
        uv_close((uv_handle_t *)&mailbox->wake, NULL);
}

void mailbox_clear(struct mailbox *mailbox) {
    for (struct mail *mail = mailbox_take(mailbox), *next; mail; mail = next) {
        next = mail->next;
        mail_free(mail);
    }
    if (mailbox->bell >= 0)
        close(mailbox->bell);
}

struct mail *mail_new(struct mailbox *mailbox, void *ticket) {
    struct mail *mail = malloc(sizeof *mail);
    if (!mail)
        memory_exhausted();
    *mail = (struct mail){.mailbox = mailbox, .ticket = ticket};
    return mail;
}

struct mail *mail_new_in(struct satchel *satchel, struct mailbox *mailbox, void *ticket) {
    struct mail *mail = arena_room(&satchel->arena, sizeof *mail);
    *mail = (struct mail){.mailbox = mailbox, .ticket = ticket, .satchel = satchel};
    return mail;
}

void mail_free(struct mail *mail) {
    if (mail->err)
        free(mail->err);
    if (mail->satchel)
        satchel_leave(mail->satchel);
    else
        free(mail);
}

void mailbox_add(struct mail *mail) {
    mail->next = atomic_load(&mail->mailbox->newest);
    while (!atomic_compare_exchange_weak(&mail->mailbox->newest, &mail->next, mail))
        ;
}

void mailbox_wake(struct mailbox *mailbox) {
    if (atomic_load(&mailbox->newest) && !atomic_load(&mailbox->awake))
        eventfd_write(mailbox->bell, 1);
}

void mailbox_heard(struct mailbox *mailbox) {
    eventfd_t rung;
    eventfd_read(mailbox->bell, &rung);
}

bool mailbox_any(const struct mailbox *mailbox) {
    return atomic_load_explicit(&mailbox->newest, memory_order_relaxed) != NULL;
}

void mailbox_attend(struct mailbox *mailbox) {
    if (!atomic_load_explicit(&mailbox->awake, memory_order_relaxed))
        atomic_store(&mailbox->awake, true);
}

/* Who puts looks at `awake` after it has put, and we look at what was put after we have said that we sleep.
 */
bool mailbox_sleep(struct mailbox *mailbox) {
    atomic_store(&mailbox->awake, false);
    return atomic_load(&mailbox->newest) == NULL;
}

struct mail *mailbox_take(struct mailbox *mailbox) {
    struct mail *oldest = NULL, *next;
    for (struct mail *mail = atomic_exchange(&mailbox->newest, NULL); mail; mail = next) {
        next = mail->next;
        mail->next = oldest;
        oldest = mail;
    }
    return oldest;
}
