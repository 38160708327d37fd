#include "bot/hub/limiter.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#define uthash_fatal(message) memory_exhausted()
#include <uthash.h>

enum {
    KEY_MAX = 96,
    FIRST_DELAY_MS = 500,
    DELAY_MAX_MS = 8000,
    HALF_LIFE_MS = 10 * 60 * 1000,
    SWEPT_AT_ONCE = 4
};

struct entry {
    char key[KEY_MAX];
    struct bucket bucket;
    double tries;
    int64_t tried_ms, full_ms; /* full: when its bucket has filled up again */
    UT_hash_handle hh;
};

struct limiter {
    struct entry *entries; /* in the order of their last use */
    unsigned keys_max;
    bool shared;
    pthread_mutex_t lock; /* where it is shared */
};

int64_t bucket_take(struct bucket *bucket, double rate, double burst, int64_t now_ms) {
    if (rate <= 0)
        return 0;
    if (!bucket->at_ms)
        bucket->tokens = burst;
    else if (now_ms > bucket->at_ms)
        bucket->tokens = fmin(burst, bucket->tokens + rate * (double)(now_ms - bucket->at_ms) / 1000);
    bucket->at_ms = now_ms;
    if (bucket->tokens < 1)
        return (int64_t)ceil((1 - bucket->tokens) / rate * 1000);
    bucket->tokens -= 1;
    return 0;
}

struct limiter *limiter_new(int keys_max) {
    struct limiter *limiter = calloc(1, sizeof *limiter);
    if (!limiter)
        memory_exhausted();
    limiter->keys_max = (unsigned)keys_max;
    pthread_mutex_init(&limiter->lock, NULL);
    return limiter;
}

void limiter_share(struct limiter *limiter) {
    limiter->shared = true;
}

void limiter_free(struct limiter *limiter) {
    struct entry *entry, *next;
    if (!limiter)
        return;
    HASH_ITER(hh, limiter->entries, entry, next) {
        HASH_DEL(limiter->entries, entry);
        free(entry);
    }
    pthread_mutex_destroy(&limiter->lock);
    free(limiter);
}

/* Tries fade. */
static double tries_at(const struct entry *entry, int64_t now_ms) {
    return now_ms > entry->tried_ms ? entry->tries * exp2(-(double)(now_ms - entry->tried_ms) / HALF_LIFE_MS)
                                    : entry->tries;
}

/* What is as if it had never been here goes: memory follows who is about, not who has ever been. */
static void sweep(struct limiter *limiter, int64_t now_ms) {
    for (int i = 0; i < SWEPT_AT_ONCE && limiter->entries; i++) {
        struct entry *oldest = limiter->entries;
        if (oldest->full_ms > now_ms || tries_at(oldest, now_ms) >= 0.5)
            return;
        HASH_DEL(limiter->entries, oldest);
        free(oldest);
    }
}

static struct entry *entry_of(struct limiter *limiter, const char *key, int64_t now_ms) {
    char name[KEY_MAX] = "";
    struct entry *entry;
    text_set(name, sizeof name, key);
    sweep(limiter, now_ms);
    HASH_FIND_STR(limiter->entries, name, entry);
    if (entry)
        HASH_DEL(limiter->entries, entry);
    else if (HASH_COUNT(limiter->entries) >= limiter->keys_max) {
        entry = limiter->entries; /* the one that was used longest ago */
        HASH_DEL(limiter->entries, entry);
        memset(entry, 0, sizeof *entry);
    } else if (!(entry = calloc(1, sizeof *entry)))
        memory_exhausted();
    memcpy(entry->key, name, sizeof name);
    HASH_ADD_STR(limiter->entries, key, entry);
    return entry;
}

static void enter(struct limiter *limiter) {
    if (limiter->shared)
        pthread_mutex_lock(&limiter->lock);
}

static void leave(struct limiter *limiter) {
    if (limiter->shared)
        pthread_mutex_unlock(&limiter->lock);
}

int64_t limiter_take(struct limiter *limiter, const char *key, double rate, double burst, int64_t now_ms) {
    if (rate <= 0)
        return 0;
    enter(limiter);
    struct entry *entry = entry_of(limiter, key, now_ms);
    int64_t wait_ms = bucket_take(&entry->bucket, rate, burst, now_ms);
    entry->full_ms = now_ms + (int64_t)ceil((burst - entry->bucket.tokens) / rate * 1000);
    leave(limiter);
    return wait_ms;
}

int64_t limiter_try(struct limiter *limiter, const char *key, int free_tries, int64_t now_ms) {
    enter(limiter);
    struct entry *entry = entry_of(limiter, key, now_ms);
    entry->tries = tries_at(entry, now_ms) + 1;
    entry->tried_ms = now_ms;
    double over = entry->tries - free_tries;
    leave(limiter);
    return over <= 0 ? 0 : (int64_t)fmin(DELAY_MAX_MS, FIRST_DELAY_MS * exp2(ceil(over) - 1));
}

void limiter_pardon(struct limiter *limiter, const char *key) {
    struct entry *entry;
    char name[KEY_MAX] = "";
    text_set(name, sizeof name, key);
    enter(limiter);
    HASH_FIND_STR(limiter->entries, name, entry);
    if (entry)
        entry->tries = fmax(0, entry->tries - 1);
    leave(limiter);
}
