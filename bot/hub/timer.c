#include "bot/hub/timer.h"
#include "base/memory.h"
#include <stdlib.h>

static void put(struct timers *timers, size_t place, struct timer *timer) {
    timers->heap[place] = timer;
    timer->place = place;
}

/* Moves the timer from an empty place to where the heap wants it. */
static void settle(struct timers *timers, size_t place, struct timer *timer) {
    while (place > 1 && timers->heap[place / 2]->at_ms > timer->at_ms) {
        put(timers, place, timers->heap[place / 2]);
        place /= 2;
    }
    for (size_t child; (child = 2 * place) <= timers->count; place = child) {
        if (child < timers->count && timers->heap[child + 1]->at_ms < timers->heap[child]->at_ms)
            child++;
        if (timers->heap[child]->at_ms >= timer->at_ms)
            break;
        put(timers, place, timers->heap[child]);
    }
    put(timers, place, timer);
}

void timers_clear(struct timers *timers) {
    free(timers->heap);
    *timers = (struct timers){0};
}

void timers_set(struct timers *timers, struct timer *timer, int64_t at_ms) {
    size_t place = timer->place;
    timer->at_ms = at_ms;
    if (!at_ms && place) {
        struct timer *last = timers->heap[timers->count--];
        timer->place = 0;
        if (last != timer)
            settle(timers, place, last);
    } else if (at_ms && !place) {
        if (timers->count + 1 >= timers->size) {
            timers->size = timers->size ? 2 * timers->size : 64;
            timers->heap = realloc(timers->heap, timers->size * sizeof(struct timer *));
            if (!timers->heap)
                memory_exhausted();
        }
        settle(timers, ++timers->count, timer);
    } else if (at_ms)
        settle(timers, place, timer);
}

struct timer *timers_first(const struct timers *timers) {
    return timers->count ? timers->heap[1] : NULL;
}
