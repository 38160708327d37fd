#include "db/writer.h"
#include "base/clock.h"
#include "base/log.h"
#include "db/backfill.h"
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    QUEUE_MAX = 16384, /* changes that wait */
    GROUP_MAX = 1024,  /* changes of one commit */
    ENOUGH = 256,      /* that are not waited for any longer */
    RETAIN_EVERY_MS = 3600 * 1000,
    RETAIN_ORDERS_EVERY_MS = 24 * RETAIN_EVERY_MS, /* that looks at them all, so not at the start either */
    RETAIN_PAUSE_MS = 20,                          /* between two steps */
    RETAIN_STEP = 500
};

/* One of two: while one is committed the other fills. */
struct group {
    struct entry {
        const struct change *change;
        writer_done *done;
        void *context;
    } * entries;
    int count;
};

struct writer {
    struct store *store;
    struct backfill *backfill;
    struct quiet quiet;
    struct retention retention;
    int64_t orders_at; /* when orders are looked at next, monotonic */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct group groups[2];
    int filling; /* which one */
    bool ending;
    bool ready; /* the group that fills is to be committed */
    void (*after)(void *context);
    void *after_context;
    const struct change *changes[GROUP_MAX]; /* of the commit that runs; the thread's own */
    struct writer_counts counts;
};

static void count(struct writer *writer, int stored, int failed, bool troubled, int64_t began_us) {
    pthread_mutex_lock(&writer->lock);
    writer->counts.commits += stored > 0;
    writer->counts.changes += stored;
    writer->counts.failed += failed;
    writer->counts.troubled = troubled;
    writer->counts.spent_us += clock_us(CLOCK_MONOTONIC) - began_us;
    pthread_mutex_unlock(&writer->lock);
}

struct writer_counts writer_count(struct writer *writer) {
    pthread_mutex_lock(&writer->lock);
    struct writer_counts counts = writer->counts;
    counts.waiting = writer->groups[0].count + writer->groups[1].count;
    pthread_mutex_unlock(&writer->lock);
    return counts;
}

/* One commit for all; when it fails, one for each, so that a bad change takes no other with it. */
static void commit(struct writer *writer, const struct entry *entries, int many) {
    struct error err = {""};
    int64_t began_us = clock_us(CLOCK_MONOTONIC);
    int failed = 0;
    for (int i = 0; i < many; i++)
        writer->changes[i] = entries[i].change;
    if (store_commit(writer->store, writer->changes, many, &err)) {
        count(writer, many, 0, false, began_us);
        for (int i = 0; i < many; i++)
            if (entries[i].done)
                entries[i].done(entries[i].context, true, NULL);
        return;
    }
    bool logged = false;
    for (int i = 0; i < many; i++) {
        bool ok = many > 1 && store_commit(writer->store, writer->changes + i, 1, &err);
        if (!ok && !logged)
            log_line(LOG_ERROR, "db", "a change was not stored: %s", err.text);
        logged |= !ok;
        failed += !ok;
        if (entries[i].done)
            entries[i].done(entries[i].context, ok, ok ? NULL : &err);
    }
    /* A change may be refused for itself. */
    const struct change *probe = &(struct change){.probe = true};
    bool troubled = failed == many && !store_commit(writer->store, &probe, 1, &err);
    count(writer, many - failed, failed, troubled, began_us);
}

/* A small step of retention; true when there is more to do. */
static bool retain(struct writer *writer) {
    struct error err;
    bool more = false;
    struct retention retention = writer->retention;
    bool orders = clock_ms(CLOCK_MONOTONIC) >= writer->orders_at;
    int64_t now = retention.now_ms ? retention.now_ms : clock_ms(CLOCK_REALTIME);
    if (!orders)
        retention.orders = 0;
    if (!store_retain(writer->store, &retention, now, RETAIN_STEP, &more, &err))
        log_line(LOG_WARNING, "db", "retention: %s", err.text);
    if (orders && !more)
        writer->orders_at = clock_ms(CLOCK_MONOTONIC) + RETAIN_ORDERS_EVERY_MS;
    return more;
}

/* What has been committed while the log was moved beside us is moved here: only when nothing is left of it
 * can it begin anew. */
static void checkpoint(struct writer *writer) {
    struct error err;
    if (!store_log_long(writer->store) || !backfill_done(writer->backfill))
        return;
    if (!store_checkpoint(writer->store, &err))
        log_line(LOG_WARNING, "db", "the log could not be moved into the database: %s", err.text);
}

/* Waits until there is something to commit, the end, or `until` (monotonic ms). Called with the lock held. */
static void wait_for_work(struct writer *writer, int64_t until) {
    struct timespec time = {until / 1000, until % 1000 * 1000000};
    while (!writer->ready && !writer->ending)
        if (pthread_cond_timedwait(&writer->wake, &writer->lock, &time) == ETIMEDOUT)
            return;
}

static void *writer_run(void *context) {
    struct writer *writer = context;
    int64_t retain_at = clock_ms(CLOCK_MONOTONIC);
    writer->orders_at = retain_at + RETAIN_EVERY_MS / 2;
    pthread_mutex_lock(&writer->lock);
    for (;;) {
        wait_for_work(writer, retain_at);
        struct group *group = &writer->groups[writer->filling];
        if (!group->count && writer->ending)
            break;
        writer->filling ^= 1;
        writer->ready = false;
        void (*after)(void *) = writer->after;
        void *after_context = writer->after_context;
        pthread_mutex_unlock(&writer->lock);
        for (int from = 0; from < group->count; from += GROUP_MAX)
            commit(writer, group->entries + from,
                   group->count - from < GROUP_MAX ? group->count - from : GROUP_MAX);
        if (after && group->count)
            after(after_context);
        if (clock_ms(CLOCK_MONOTONIC) >= retain_at)
            retain_at = clock_ms(CLOCK_MONOTONIC) + (retain(writer) ? RETAIN_PAUSE_MS : RETAIN_EVERY_MS);
        checkpoint(writer);
        pthread_mutex_lock(&writer->lock);
        group->count = 0;
    }
    pthread_mutex_unlock(&writer->lock);
    return NULL;
}

static bool writer_start(struct writer *writer, struct error *err) {
    pthread_condattr_t clock;
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_mutex_init(&writer->lock, NULL);
    pthread_cond_init(&writer->wake, &clock);
    pthread_condattr_destroy(&clock);
    int code = pthread_create(&writer->thread, NULL, writer_run, writer);
    if (code == 0)
        return true;
    pthread_cond_destroy(&writer->wake);
    pthread_mutex_destroy(&writer->lock);
    return error_set(err, "the writer's thread cannot be started: %s", strerror(code));
}

static void writer_free(struct writer *writer) {
    for (int i = 0; i < 2; i++)
        free(writer->groups[i].entries);
    backfill_close(writer->backfill);
    store_close(writer->store);
    free(writer);
}

struct writer *writer_open(const char *path, const struct retention *retention, struct error *err) {
    struct writer *writer = calloc(1, sizeof *writer);
    if (!writer) {
        error_set(err, "%s: out of memory", path);
        return NULL;
    }
    for (int i = 0; i < 2; i++)
        writer->groups[i].entries = calloc(QUEUE_MAX, sizeof *writer->groups[i].entries);
    if (retention)
        writer->retention = *retention;
    bool ok =
        (writer->groups[0].entries && writer->groups[1].entries) || error_set(err, "%s: out of memory", path);
    ok = ok && (writer->store = store_open(path, STORE_WRITE, err));
    ok = ok && (writer->backfill = backfill_open(path, err));
    if (ok)
        store_tell_quiet(writer->store, &writer->quiet);
    if (ok && writer_start(writer, err))
        return writer;
    writer_free(writer);
    return NULL;
}

/* Called with the lock held, and lets go of it: who is woken wants it. */
static void ready_unlock(struct writer *writer, int enough) {
    bool wake = !writer->ready && writer->groups[writer->filling].count >= enough;
    writer->ready |= wake;
    pthread_mutex_unlock(&writer->lock);
    if (wake)
        pthread_cond_signal(&writer->wake);
}

bool writer_add(struct writer *writer, const struct change *change, writer_done *done, void *context) {
    pthread_mutex_lock(&writer->lock);
    struct group *group = &writer->groups[writer->filling];
    bool room = group->count < QUEUE_MAX && !writer->ending;
    if (room)
        group->entries[group->count++] = (struct entry){change, done, context};
    ready_unlock(writer, ENOUGH);
    return room;
}

const struct quiet *writer_quiet(const struct writer *writer) {
    return &writer->quiet;
}

void writer_wake(struct writer *writer) {
    pthread_mutex_lock(&writer->lock);
    ready_unlock(writer, 1);
}

void writer_after(struct writer *writer, void (*after)(void *context), void *context) {
    pthread_mutex_lock(&writer->lock);
    writer->after = after;
    writer->after_context = context;
    pthread_mutex_unlock(&writer->lock);
}

void writer_close(struct writer *writer) {
    if (!writer)
        return;
    pthread_mutex_lock(&writer->lock);
    writer->ending = true;
    pthread_cond_signal(&writer->wake);
    pthread_mutex_unlock(&writer->lock);
    pthread_join(writer->thread, NULL);
    pthread_cond_destroy(&writer->wake);
    pthread_mutex_destroy(&writer->lock);
    writer_free(writer);
}
