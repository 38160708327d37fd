/* Times that are waited for: a heap of timers that lie inside what waits. */
#pragma once
#include <stddef.h>
#include <stdint.h>

struct timer {
    int64_t at_ms;
    size_t place; /* in the heap, from 1; 0: not waited for */
    void (*due)(struct timer *timer);
};

struct timers {
    struct timer **heap; /* heap[0] is unused */
    size_t count, size;
};

void timers_clear(struct timers *timers);
void timers_set(struct timers *timers, struct timer *timer, int64_t at_ms); /* 0: wait no more */
struct timer *timers_first(const struct timers *timers);                    /* NULL: none */
