/* Which patterns of a language can match at all? Told from the words alone, before PCRE2 is asked.
 *
 * Each pattern waits under its rarest words. Where one of them is said, the pattern's steps are followed over
 * all places of the message at once, as bits of a word: nothing is tried twice, nothing goes back. What
 * is left matches, but for numbers and dates in words, of which only PCRE2 knows the whole. */
#pragma once
#include "intents/notation.h"
#include "intents/seen.h"

struct language;

/* The numbers of words that a language's own things are said in. */
struct word_numbers {
    const uint16_t *list;
    int count;
};

struct sieve_words {
    struct word_numbers date, number, ordinal; /* each word of what may stand for <date>, # and #th */
    const uint32_t *said;                      /* [count] how often the word of that number is said */
    int count;                                 /* of numbers, NUMBER_NONE included */
};

struct sieve;
struct sieve *sieve_new(const struct sieve_words *words, struct arena *arena);
void sieve_free(struct sieve *sieve);
/* `pattern` is any number of the caller's; steps outlive the sieve. Returns what sifter_match takes. */
int sieve_add(struct sieve *sieve, const struct step *steps, int pattern);
/* After the last one. */
void sieve_finish(struct sieve *sieve);

/* A thread's scratch memory. The sieve that it sifted with last outlives it. */
struct sifter;
struct sifter *sifter_new(void);
void sifter_free(struct sifter *sifter);
/* Calls `each` for every pattern that may match, some perhaps more than once. */
void sifter_sift(struct sifter *sifter, const struct sieve *sieve, const struct seen *seen,
                 const struct language *language, void (*each)(void *context, int pattern), void *context);
/* The first match that begins at `token` or after, of the pattern for which sieve_add returned that number,
 * in what was sifted last: from *begin to before *end. Where a pattern matches in several ways it is the one
 * that PCRE2 takes. *end is -1 where PCRE2 must be asked whether it matches at all. */
bool sifter_match(struct sifter *sifter, int sifted, int token, int *begin, int *end);
