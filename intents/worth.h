/* What a feature counts for beside others. A word has many pieces, and they say little: each has half the
 * value of another feature. The lowest bit of a feature's hash tells pieces. */
#pragma once
#include <stdint.h>

enum { WORTH_PIECE = 1, WORTH_WHOLE = 4 };

static inline double worth_value(uint32_t feature) {
    return feature & WORTH_PIECE ? .5 : 1;
}

/* The squares of their values, added up in quarters. */
static inline int worth_of(const uint32_t *features, int count) {
    int worth = 0;
    for (int i = 0; i < count; i++)
        worth += features[i] & WORTH_PIECE ? 1 : WORTH_WHOLE;
    return worth;
}
