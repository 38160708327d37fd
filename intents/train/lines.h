/* The tables of what features say, in lines of the processor's cache. */
#pragma once
#include "intents/train/words.h"

struct line_tables {
    struct model_kind_line *kinds; /* both in the arena */
    struct model_intent_line *intents;
    uint32_t kind_count, intent_count; /* lines */
    uint32_t features;                 /* that say something */
};

void lines_make(struct line_tables *out, const struct word_source *source, struct arena *arena);
