/* Misspelled words that carry meaning ("comande", "traking"): one edit for 4 to 7 letters, two from 8; an
 * edit is a letter too many, too few, another, or two swapped (optimal string alignment). */
#pragma once
#include "base/arena.h"
#include <stdint.h>

struct typo_word {
    const char *word;
    int len;
    uint32_t letters; /* a bit for each of a-z */
};

struct typo {
    struct typo_word *words;
    int count, size;
    int begins[257]; /* of those that begin with the same byte, side by side: every one of them is looked at
                      */
};

void typo_clear(struct typo *typo);
/* Each word once; they outlive it. Of fewer than four letters none is kept. */
void typo_add(struct typo *typo, const char *word);
/* Nothing is added any more: all of it is in the arena. What follows needs that. */
void typo_settle(struct typo *typo, struct arena *arena);
/* The nearest word that this may have meant, by so many edits at the most; NULL when none is near enough. */
const char *typo_correct(const struct typo *typo, const char *word, int len, int edits);
