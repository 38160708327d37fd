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
    struct model_word *words; /* in the arena */
    uint32_t places;
    uint64_t sets[MODEL_SETS]; /* of families; the first is empty */
    uint32_t set_count;
    uint32_t *rows; /* numbers; the caller's to free */
    uint32_t row_count;
    int row_size;
    uint32_t families[MODEL_FAMILIES]; /* the row of each */
};

/* false + error: there is no room for some. */
bool words_make(struct word_table *out, const struct word_source *source, struct arena *arena,
                struct error *err);
