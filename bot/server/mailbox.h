/* What other threads have to say to a loop: commits that are done. Any thread puts, the loop's thread takes.
 */
#pragma once
#include "base/error.h"
#include <pthread.h>
#include <stdint.h>
#include <uv.h>

struct mail {
    void *ticket;
    /* Who is told on the loop's thread; NULL: the hub. */
    void (*done)(void *ticket, bool ok, const struct error *err);
    bool ok;
    struct mail *next;
    struct mailbox *mailbox;
    struct error err; /* unless ok */
};

struct mailbox {
    pthread_mutex_t lock;
    struct mail *first, **last;
    uv_async_t wake; /* .data is the owner's */
};

void mailbox_init(struct mailbox *mailbox, uv_loop_t *loop, uv_async_cb arrived);
void mailbox_clear(
    struct mailbox *mailbox); /* the loop has run until `wake` was closed; no thread puts any more */

struct mail *mail_new(struct mailbox *mailbox, void *ticket);
void mailbox_put(struct mail *mail); /* takes it over */
/* The same for many at once: the loop learns of them with mailbox_wake. */
void mailbox_add(struct mail *mail);
void mailbox_wake(struct mailbox *mailbox);
struct mail *mailbox_take(struct mailbox *mailbox); /* all that has come, oldest first; free each */
