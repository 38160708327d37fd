/* What a model learns from: the examples and counter-examples of a language's catalogue, and its lessons. */
#pragma once
#include "intents/catalogue.h"
#include "intents/examples/material.h"

struct example {
    const char *text;
    int fold;
    enum evidence evidence;        /* of the rules alone */
    bool lesson;                   /* no rule was written for it */
    signed char kinds[KIND_COUNT]; /* enum meant */
    signed char *intents;          /* a row of the domain each, known where the kind is meant */
};

struct examples {
    struct arena arena;
    struct example *rows;
    int count, size;
};

/* catalogue: of that language alone. An example is of its intent and those under "also", and of nothing else.
 * Of a counter-example it is known what it is not; what strong patterns read in it is what it is. Examples
 * that stand side by side are alike: a fold takes them together. */
bool examples_read(struct examples *out, const struct catalogue *catalogue, const struct data *lessons,
                   struct error *err);
void examples_clear(struct examples *examples);
