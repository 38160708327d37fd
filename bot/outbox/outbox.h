/* What other systems must be told: takes what is due out of the store (db/outgoing.h) and tells it to the
 * target that the shop has set (webhook, mail, Chatwoot), again and again with patience, until that system
 * has it or the time for it is over. Sole user of libcurl.
 *
 * One thread sees what is due, a few tell it, each with a connection to the store of its own; nothing of it
 * happens on a caller's thread. A process that dies loses nothing: what was told is not told again, what may
 * have been is told under the same name. */
#pragma once
#include "base/error.h"
#include "bot/dialogue/shop.h"

struct outbox;

struct outbox_options {
    const char *db;
    int64_t now_ms;                               /* the clock starts there; 0: it is the system's */
    int give_up_s;                                /* after so long a row is given up */
    const char *smtp, *smtp_user, *smtp_password; /* "" none */
    const char *mail_from;
    const char *ca; /* a file with certificates; "" the system's */
};

/* NULL + error. Threads start as soon as some shop hands off to another system. */
struct outbox *outbox_open(const struct outbox_options *options, const struct shop *shops, int count,
                           struct error *err);
/* What the shops say now; copied. */
bool outbox_use(struct outbox *outbox, const struct shop *shops, int count, struct error *err);
void outbox_close(struct outbox *outbox); /* breaks off what is under way; it stays in the store */

/* Attempts since the start, by kind of target, for metrics. */
struct outbox_counts {
    int64_t sent, failed;
};
void outbox_count(struct outbox *outbox, struct outbox_counts counts[TARGET_CHATWOOT + 1]);
