/* What a model is made of, in numbers alone, as a file between two tools of the build: wismo_examples reads
 * catalogues and lessons as wismo does and writes it, wismo_train learns from it. So a model is made anew
 * only when one of these numbers changes, not whenever wismo does.
 *
 * In the byte order of the machine: header, words, intents, examples, features, a row of enum meant an
 * example, one for each intent, and gaps. */
#pragma once
#include "intents/model.h"

enum meant { NOT_MEANT = -1, NOT_KNOWN = 0, MEANT = 1 };
enum { FOLDS = 5 };

struct material_header {
    uint32_t words, intents, examples, features, gaps;
    uint32_t together; /* where among the features those of each two families begin, MODEL_FAMILIES of each */
};
/* One that the model knows as a whole. */
struct material_word {
    uint64_t families;
    uint32_t hash;
    uint32_t begin, count; /* of what is seen of it alone, among the features; after that, of it beside each
                              family */
    uint32_t seen;         /* how often the examples have it */
};
struct material_intent {
    char name[MODEL_NAME];
    uint32_t kind;
};
/* Between two words of a message that has signs. */
struct material_gap {
    uint32_t features[STOPS_FEATURES];
    int32_t stop; /* does one of them stand there? enum meant */
};
struct material_example {
    uint32_t begin, count; /* of its features, in ascending order; the same may come more than once */
    uint32_t fold, evidence /* of the rules alone */, lesson /* no rule was written for it */;
    int8_t kinds[KIND_COUNT]; /* enum meant */
    uint8_t reserved[2];
};
