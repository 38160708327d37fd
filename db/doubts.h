/* Words for a status that nobody knows: each is told once, with where it stood first and how often it stood.
 * Private to this room. */
#pragma once
#include "base/error.h"
#include <stdint.h>

struct doubt;
struct doubts {
    struct doubt *words; /* a hash of uthash, in the order in which they came */
    int64_t others;      /* that came when there was no more room for a word */
    int64_t line;        /* where the first of them stood */
};

void doubts_add(struct doubts *doubts, const char *field, const char *word, int64_t line);
/* Gives each to `tell`, and forgets them. */
void doubts_tell(struct doubts *doubts, void (*tell)(int64_t line, const struct error *what, void *context),
                 void *context);
