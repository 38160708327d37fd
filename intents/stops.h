/* Where sentences begin in a message that has no full stop, as people write on a phone and recognisers of
 * speech write down: told by the words around each gap. A linear model, learned from messages that have
 * signs; a comma parts, too. */
#pragma once
#include "intents/fold.h"

enum { STOPS_BITS = 16, STOPS_PLACES = 1 << STOPS_BITS, STOPS_FEATURES = 4 };

/* Places in the table, whose numbers are added up for the gap before a word (not the first). */
void stops_features(const struct word *words, int count, int word, uint32_t out[STOPS_FEATURES]);

struct stops {
    const int8_t *table; /* STOPS_PLACES */
    int bias;            /* with it more than 0: one begins */
};
/* Sets word.begins; is there any that does? */
bool stops_mark(struct stops stops, struct utterance *utterance);
