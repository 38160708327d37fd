/* Misspelled words that carry meaning ("comande", "traking"): one edit for 4 to 7 letters, two from 8; an
 * edit is a letter too many, too few, another, or two swapped (optimal string alignment). */
#pragma once
#include "base/arena.h"
#include <stdint.h>

struct typo_word {
    const char *word;
    int len;
    uint32_t letters; /* a bit for each of a-z */
    int next;         /* one before it that begins with the same byte; -1: none */
};

struct typo {
    struct typo_word *words;
    int count, size;
    int last[256]; /* the last that begins with that byte, from 1; 0: none */
};

void typo_clear(struct typo *typo);
void typo_settle(struct typo *typo, struct arena *arena); /* all of it is in the arena then */
void typo_add(struct typo *typo, const char *word); /* word outlives it; words below 4 letters are not kept */
/* The nearest word that this may have meant; NULL when none is near enough. */
const char *typo_correct(const struct typo *typo, const char *word, int len);
