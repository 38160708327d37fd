#include "bot/outbox/patience.h"

enum { FIRST_MS = 1000, MOST_MS = 600 * 1000, FAILURES = 5, REST_MS = 15 * 1000 };

static int64_t doubled(int64_t first, int times) {
    int64_t wait = first;
    for (int i = 0; i < times && wait < MOST_MS; i++)
        wait *= 2;
    return wait < MOST_MS ? wait : MOST_MS;
}

int64_t patience_wait(int attempts, uint32_t chance) {
    int64_t wait = doubled(FIRST_MS, attempts > 0 ? attempts - 1 : 0);
    return wait / 2 + (int64_t)((uint64_t)chance * (uint64_t)(wait / 2) / UINT32_MAX);
}

bool breaker_lets(const struct breaker *breaker, int64_t now_ms, int under_way) {
    return !breaker->until_ms || (now_ms >= breaker->until_ms && !under_way);
}

void breaker_done(struct breaker *breaker, bool good, int64_t now_ms) {
    if (good) {
        *breaker = (struct breaker){0};
        return;
    }
    breaker->failures++;
    if (breaker->failures >= FAILURES)
        breaker->until_ms = now_ms + doubled(REST_MS, breaker->failures - FAILURES);
}
