/* What a model learns from, as a tool beside wrote it down (intents/examples/material.h). */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "intents/examples/material.h"

struct material {
    struct material_header header;
    const struct material_word *words;
    const struct material_intent *intents;
    const struct material_example *examples;
    const uint32_t *features;
    const int8_t *meanings;
    const struct material_gap *gaps;
};

/* Reads it into the arena. */
bool material_read(struct material *out, const char *path, struct arena *arena, struct error *err);

static inline enum meant material_means(const struct material *material, int example, int intent) {
    return material->meanings[(size_t)example * material->header.intents + (size_t)intent];
}
