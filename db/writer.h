/* The one writer: a thread with its own connection that groups commits. Changes are committed in the order in
 * which they are given; what is given while a commit runs shares the next one. A change that promises
 * something to a person makes its whole group synchronous FULL. */
#pragma once
#include "db/kept.h"

struct writer;

/* Called on the writer's thread after the commit (ok) or when it failed (err says why; nothing of the change
 * is stored). */
typedef void writer_done(void *context, bool ok, const struct error *err);

struct writer *writer_open(const char *path, const struct retention *retention, struct error *err);
void writer_close(struct writer *writer); /* commits what is queued, then ends the thread */

/* By which a reader keeps cards (store_keep). */
const struct quiet *writer_quiet(const struct writer *writer);

/* Since the start, for metrics. */
struct writer_counts {
    int64_t commits, changes, failed; /* failed: changes that were not stored */
    int64_t spent_us;                 /* in commits */
    int waiting;                      /* changes */
    bool troubled;                    /* nothing could be written the last time */
};
struct writer_counts writer_count(struct writer *writer);

/* Never blocks on the disk. The change (packed, change_pack) is the caller's, and stays as it is until `done`
 * is called. What is added waits for writer_wake (or for being very many), so that one commit takes all.
 * False when the queue is over its limit (the caller sheds load). */
bool writer_add(struct writer *writer, const struct change *change, writer_done *done, void *context);
void writer_wake(struct writer *writer);

/* To be called on the writer's thread whenever all of a commit have been told. NULL: nobody. */
void writer_after(struct writer *writer, void (*after)(void *context), void *context);
