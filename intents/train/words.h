/* The table of words that a model knows as wholes, with what is learned of each alone added up, and the rows
 * of what they say beside families. */
#pragma once
#include "intents/train/fit.h"
#include "intents/train/head.h"

struct word_source {
    const struct material *material;
    const struct fitter *fitter;
    const struct head *heads; /* those of kinds come first */
    int head_count;
};

struct word_table {
    struct model_word *words; /* 2^bits; in the arena */
    uint32_t bits;
    uint32_t *rows; /* numbers; the caller's to free */
    uint32_t row_count;
    int row_size;
    uint32_t families[MODEL_FAMILIES]; /* where the row of each begins */
};

void words_make(struct word_table *out, const struct word_source *source, struct arena *arena);
