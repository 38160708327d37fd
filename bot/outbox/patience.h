/* When to try again, and when to leave a system alone for a while. Knows no clock: times are arguments. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* Milliseconds until the next attempt after so many: doubling from a second up to ten minutes, a half of it
 * by chance, so that what failed together does not come back together. */
int64_t patience_wait(int attempts, uint32_t chance);

/* Five failures in a row, and a system is only tried again after a while, by one attempt at a time. */
struct breaker {
    int failures;
    int64_t until_ms; /* 0: it is let through */
};

bool breaker_lets(const struct breaker *breaker, int64_t now_ms, int under_way);
void breaker_done(struct breaker *breaker, bool good, int64_t now_ms);
