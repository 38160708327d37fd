/* The patterns of one language against what was seen: the sieve tells which are worth trying, PCRE2 tries
 * them, within limits. Sole user of PCRE2 beside number_pattern.c. */
#pragma once
#include "intents/catalogue.h"
#include "intents/seen.h"

struct hit {
    const struct pattern *pattern;
    int begin, end;               /* bytes of what was seen */
    int first, after;             /* words: the first one, and the one after the last */
    int number_begin, number_end; /* what '#' took; -1 none */
    double probability;           /* of what the model proposes; 0: a pattern matched */
};
enum { HITS_MAX = 96, HITS_A_PATTERN = 4 };

struct matcher;
struct matcher *matcher_new(const struct catalogue *catalogue, struct error *err);
void matcher_free(struct matcher *matcher);
/* Sets the text of the rounds to come, which the caller keeps. */
void matcher_look(struct matcher *matcher, int language, const struct seen *seen);
/* That round will be tried: what it needs first is on its way. */
void matcher_expect(const struct matcher *matcher, enum round round);
/* Adds the hits of a round, and those of hard negatives for all that is hit then, to the `count` that are
 * there; returns how many there are then. */
int matcher_try(struct matcher *matcher, enum round round, struct hit hits[HITS_MAX], int count);

/* How often a pattern was given up on, because it took too long. */
int64_t matcher_limit_hits(const struct matcher *matcher);

/* Is it a regular expression at all? For patterns that the notation did not make. */
bool matcher_check(const char *source, int *offset, struct error *err);
