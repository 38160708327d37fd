/* The words that a model knows as wholes: those that at least two examples have, and all of families. */
#pragma once
#include "intents/examples/examples.h"
#include "intents/examples/lessons.h"
#include "intents/fold.h"

struct known_words {
    struct word *words; /* in the arena */
    int *seen;          /* how often each */
    int count;
};

void words_find(struct known_words *out, const struct examples *examples,
                const struct family_words *family_words, struct arena *arena);
