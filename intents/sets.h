/* Sets of numbers of words, each set kept once. */
#pragma once
#include "base/arena.h"
#include <stdbool.h>
#include <stdint.h>

enum {
    SET_EVERY = -1, /* in place of a set: whatever stands there */
    SET_ONE = -2    /* less a number: the set of that number alone */
};

struct word_numbers {
    const uint16_t *list;
    int count;
};

struct set {
    uint16_t *numbers; /* in order */
    int count;
    unsigned cost; /* grows with how often one of them is said */
    int next;      /* of the same hash */
};

struct sets {
    const uint32_t *said; /* how often the word of each number is said */
    struct arena arena;
    struct set *list;
    int count, size;
    int *buckets; /* by their hash */
    int bucket_count;
};

/* Numbers as they are gathered, perhaps twice. */
struct gathered {
    uint16_t *list;
    int count, size;
    bool every;
};

void sets_clear(struct sets *sets);
/* The set of what was gathered, which is empty afterwards and has to be freed (its list). */
int sets_take(struct sets *sets, struct gathered *gathered);
unsigned sets_cost(const struct sets *sets, int set);
/* Of SET_EVERY: NUMBER_NONE. room: for what is no list of its own. */
struct word_numbers sets_numbers(const struct sets *sets, int set, uint16_t *room);

void sets_gather(struct gathered *gathered, uint16_t number);
void sets_gather_set(struct gathered *gathered, const struct sets *sets, int set);
