/* The ways to read a run of words as a number: "fifty seven twelve" is 57 12 before it is 50 7 12, as a
 * reading costs about one a group of words that make one number. */
#pragma once
#include "intents/run.h"

enum { WAYS = SLOT_CANDIDATES, WAY_LEN = 40 };

struct ways {
    struct way {
        char text[WAY_LEN];
        double cost;
    } list[WAYS]; /* cheapest first */
    int count;
};

/* Of the whole run. */
const struct ways *ways_read(const struct run *run, struct arena *arena);
