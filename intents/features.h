/* What the learned model sees of an utterance: its words, neighbouring words, and pieces of words, each a
 * hash. Knows no language, no intent and no number: of a word with digits it sees the length alone. */
#pragma once
#include "intents/fold.h"

enum { FEATURES_MAX = 4096 /* what is over is left out */ };

/* The same feature may come more than once. Returns how many there are. */
int features_read(const struct utterance *utterance, uint32_t out[FEATURES_MAX]);
