/* The table of words that a model knows as wholes, with what is learned of each alone added up. */
#pragma once
#include "intents/train/fit.h"
#include "intents/train/head.h"

struct word_source {
    const struct material *material;
    const struct fitter *fitter;
    const struct head *heads; /* those of kinds come first */
};

struct word_table {
    struct model_word *words; /* 2^bits */
    uint32_t bits, set_count;
    uint64_t *sets;
};

/* The tables are in the arena. */
void words_make(struct word_table *out, const struct word_source *source, struct arena *arena);
