/* What other threads have to say to a loop: commits that are done. Any thread puts, the loop's thread takes.
 */
#pragma once
#include "base/error.h"
#include "bot/server/satchel.h"
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

struct mail {
    void *ticket;
    /* Who is told on the loop's thread; NULL: the hub. */
    void (*done)(void *ticket, bool ok, const struct error *err);
    bool ok;
    struct error *err; /* of its own; NULL: none */
    struct mail *next;
    struct mailbox *mailbox;
    struct satchel *satchel; /* in which it lies; NULL: on its own */
};

/* No lock, and a bell of its own: libuv's spins while the thread that rang has not been given time to go on,
 * and it is the one that was put aside for us. Nobody rings for who is awake and will look. */
struct mailbox {
    _Atomic(struct mail *) newest;
    atomic_bool awake;
    int bell;
    uv_poll_t wake; /* .data is the owner's */
};

bool mailbox_init(struct mailbox *mailbox, uv_loop_t *loop, uv_poll_cb arrived); /* false: no descriptor */
void mailbox_close(struct mailbox *mailbox); /* stops listening; then the loop is to run once more */
void mailbox_clear(struct mailbox *mailbox); /* … and no thread puts any more */

struct mail *mail_new(struct mailbox *mailbox, void *ticket);
/* In a satchel, by its owner. */
struct mail *mail_new_in(struct satchel *satchel, struct mailbox *mailbox, void *ticket);
void mail_free(struct mail *mail);
void mailbox_add(struct mail *mail); /* takes it over; the loop learns of it with mailbox_wake */
void mailbox_wake(struct mailbox *mailbox);

/* The loop's side. */
void mailbox_heard(struct mailbox *mailbox);        /* the bell: before taking what it rang for */
struct mail *mailbox_take(struct mailbox *mailbox); /* all that has come, oldest first; mail_free each */
bool mailbox_any(const struct mailbox *mailbox);
/* From now on the owner looks by itself, until it says that it sleeps; false: something has come meanwhile.
 */
void mailbox_attend(struct mailbox *mailbox);
bool mailbox_sleep(struct mailbox *mailbox);
