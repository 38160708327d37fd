#include "db/backfill.h"
#include "base/log.h"
#include "base/memory.h"
#include "db/store.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum stage { RESTING, WANTED, DONE };

struct backfill {
    char *path;
    struct store *store; /* the thread's own, opened when it is needed first */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    enum stage stage;
    bool ending;
};

static void move(struct backfill *backfill) {
    struct error err;
    if (!backfill->store)
        backfill->store = store_open(backfill->path, STORE_WRITE, &err);
    if (!backfill->store || !store_backfill(backfill->store, &err))
        log_line(LOG_WARNING, "db", "the log could not be moved into the database: %s", err.text);
}

static void *run(void *context) {
    struct backfill *backfill = context;
    pthread_mutex_lock(&backfill->lock);
    while (!backfill->ending) {
        if (backfill->stage != WANTED) {
            pthread_cond_wait(&backfill->changed, &backfill->lock);
            continue;
        }
        pthread_mutex_unlock(&backfill->lock);
        move(backfill);
        pthread_mutex_lock(&backfill->lock);
        backfill->stage = DONE;
    }
    pthread_mutex_unlock(&backfill->lock);
    return NULL;
}

struct backfill *backfill_open(const char *path, struct error *err) {
    struct backfill *backfill = calloc(1, sizeof *backfill);
    if (!backfill || !(backfill->path = strdup(path)))
        memory_exhausted();
    pthread_mutex_init(&backfill->lock, NULL);
    pthread_cond_init(&backfill->changed, NULL);
    int code = pthread_create(&backfill->thread, NULL, run, backfill);
    if (code == 0)
        return backfill;
    error_set(err, "the thread that empties the log cannot be started: %s", strerror(code));
    pthread_cond_destroy(&backfill->changed);
    pthread_mutex_destroy(&backfill->lock);
    free(backfill->path);
    free(backfill);
    return NULL;
}

void backfill_close(struct backfill *backfill) {
    if (!backfill)
        return;
    pthread_mutex_lock(&backfill->lock);
    backfill->ending = true;
    pthread_cond_signal(&backfill->changed);
    pthread_mutex_unlock(&backfill->lock);
    pthread_join(backfill->thread, NULL);
    pthread_cond_destroy(&backfill->changed);
    pthread_mutex_destroy(&backfill->lock);
    store_close(backfill->store);
    free(backfill->path);
    free(backfill);
}

bool backfill_done(struct backfill *backfill) {
    pthread_mutex_lock(&backfill->lock);
    bool done = backfill->stage == DONE, begins = backfill->stage == RESTING;
    if (done || begins)
        backfill->stage = done ? RESTING : WANTED;
    if (begins)
        pthread_cond_signal(&backfill->changed);
    pthread_mutex_unlock(&backfill->lock);
    return done;
}
