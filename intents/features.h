/* What the learned model sees of an utterance: its words, neighbouring words, pieces of words, and the
 * families that words belong to ("lamp" is goods, "Leeds" a place), each a hash. Knows no language, no intent
 * and no number: of a word with digits it sees the length alone. */
#pragma once
#include "intents/fold.h"

enum { FEATURES_MAX = 4096 /* what is over is left out */, FAMILIES_MAX = 60 };

/* Which words are of a family: a table of 2^bits places, the first free one from that of a word's hash on is
 * its end. */
struct families {
    uint32_t bits;
    const uint32_t *words; /* by features_word; 0: free */
    const uint64_t *of;    /* bits, one a family */
};
uint32_t features_word(const char *word, int len);
/* The place of a word, or the free one where it belongs. */
uint32_t families_place(const uint32_t *words, uint32_t bits, uint32_t word);

/* The same feature may come more than once. Returns how many there are. families may be NULL. */
int features_read(const struct utterance *utterance, const struct families *families,
                  uint32_t out[FEATURES_MAX]);
