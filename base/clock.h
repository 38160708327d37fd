/* What time it is. For who stands outside of a conversation: what is decided is told the time. */
#pragma once
#include <stdint.h>
#include <time.h>

/* CLOCK_REALTIME: microseconds since 1970-01-01T00:00Z. CLOCK_MONOTONIC: since some moment that stays the
 * same. */
static inline int64_t clock_us(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static inline int64_t clock_ms(clockid_t clock) {
    return clock_us(clock) / 1000;
}
