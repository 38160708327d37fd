/* Which patterns of a language can match at all? Made of their steps when the language is loaded; sifter.h
 * tells it of a message, before PCRE2 is asked.
 *
 * Each pattern waits under its rarest words. Where one of them is said, the pattern's steps are followed. */
#pragma once
#include "intents/notation.h"
#include "intents/sets.h"

struct sieve_words {
    struct word_numbers date, number, ordinal; /* each word of what may stand for <date>, # and #th */
    const uint32_t *said; /* [count] how often the word of that number is said; until it is finished */
    int count;            /* of numbers, NUMBER_NONE included */
};

enum { SIEVE_ROUNDS = 3 };

struct sieve_pattern {
    const struct step *steps; /* outlive the sieve */
    int owner;                /* any number of the caller's */
    unsigned rounds;          /* bits: in which it is asked for */
    uint64_t about;           /* bits of the caller's: it is asked for only with one of them */
};

struct sieve;
struct sieve *sieve_new(const struct sieve_words *words, struct arena *arena);
/* Returns what sifter_match takes. */
int sieve_add(struct sieve *sieve, const struct sieve_pattern *pattern);
/* After the last one: then all of it is in the arena. */
void sieve_finish(struct sieve *sieve);
