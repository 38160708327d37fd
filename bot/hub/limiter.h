/* Slowing down whoever asks too much, by key: an address, an order. Never a lock: time alone always helps, so
 * nobody can shut out somebody else. Knows no customers: keys are strings of the caller. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* Tokens come back with time up to `burst`; a take costs one. */
struct bucket {
    double tokens;
    int64_t at_ms; /* 0: never used, full */
};
/* 0: taken. Else nothing was taken, and there is one again after so many ms. rate 0: no limit. */
int64_t bucket_take(struct bucket *bucket, double rate, double burst, int64_t now_ms);

/* Buckets and tries of many keys: those whose bucket is full again and whose tries are forgotten take no
 * memory, and beyond its size the least used are forgotten. Times are of one monotonic clock. */
struct limiter;
struct limiter *limiter_new(int keys_max);
void limiter_share(struct limiter *limiter); /* from now on several threads use it */
void limiter_free(struct limiter *limiter);
int64_t limiter_take(struct limiter *limiter, const char *key, double rate, double burst, int64_t now_ms);

/* Counts a try and returns how long its answer is to be held back: nothing for the first `free_tries`, then
 * doubling from half a second up to 8 seconds. Half of all tries are forgotten every ten minutes. */
int64_t limiter_try(struct limiter *limiter, const char *key, int free_tries, int64_t now_ms);
/* The try was right: it does not count. */
void limiter_pardon(struct limiter *limiter, const char *key);
