/* Follows the patterns of a sieve over a message: their steps over all places at once, as bits of a word, so
 * that nothing is tried twice and nothing goes back. What is left matches, but for numbers and dates in
 * words, of which only PCRE2 knows the whole. */
#pragma once
#include "intents/seen.h"
#include "intents/sieve.h"

/* A thread's scratch memory. */
struct sifter;
struct sifter *sifter_new(void);
void sifter_free(struct sifter *sifter);
/* It will be told of words, which were looked up: what that needs first is on its way; then, what it needs
 * next. */
void sifter_expect(const struct sieve *sieve, const struct word *words, int count);
void sifter_expect_rows(const struct sieve *sieve, const struct word *words, int count);
/* The message will be sifted in that round, too. */
void sifter_expect_round(const struct sifter *sifter, int round);
/* Sets the message; the caller keeps it, the sieve and the language. */
void sifter_look(struct sifter *sifter, const struct sieve *sieve, const struct seen *seen,
                 const struct language *language);
/* Calls `each` with the owner of every pattern of the round, about one of those matters, that may match; with
 * some perhaps more than once. */
void sifter_sift(struct sifter *sifter, int round, uint64_t about, void (*each)(void *context, int owner),
                 void *context);
/* The first match that begins at `token` or after, of the pattern for which sieve_add returned that number,
 * in a message of which it was told that it may match: from *begin to before *end. Where a pattern matches in
 * several ways it is the one that PCRE2 takes. *end is -1 where PCRE2 must be asked whether it matches at
 * all. */
bool sifter_match(struct sifter *sifter, int sifted, int token, int *begin, int *end);
