/* The pattern notation of the catalogues, as README.md tells it, turned into PCRE2 source.
 *
 * The source is for the folded text of an utterance: " where is my order . i paid " – a space before and
 * after every word, sentence ends as " . ", entities as " <order_number,postcode> ". Knows no files: where an
 * error stands is told as an offset in the pattern. */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include <stdbool.h>

/* One of these stands in every text that matches. */
struct literals {
    const char **items;
    int count;
};
enum { NODE_LITERALS = 3 };

/* A part of a pattern, compiled. */
struct node {
    const char *source;
    struct literals literals[NODE_LITERALS]; /* each must be met; the rarest first */
    int literals_count;                      /* 0: nothing is known of what must be there */
    bool may_be_empty;
};

/* What the notation asks of the language file that it reads for. */
struct notation {
    struct arena *arena;
    const char *number;        /* PCRE2 source of a number word: " one| two"; "" none */
    const char *ordinals;      /* "st|nd|rd|th"; "" none */
    const char *ordinal_words; /* source of " first| second"; "" none */
    const char *date;          /* source of the words that are a date: " tomorrow| friday"; "" none */
    /* The list of that name; NULL when there is none, or with *failed set and err written when the list
     * itself is faulty. */
    const struct node *(*list)(void *context, const char *name, bool *failed, struct error *err);
    void (*word)(void *context, const char *word, bool fuzzy); /* each literal word, folded */
    void *context;
};

/* False with err; *offset is the byte of the pattern where the fault is, -1 when err tells the place already.
 */
bool notation_compile(const struct notation *notation, const char *pattern, struct node *out, int *offset,
                      struct error *err);
/* An entry of a list: words after it may go on right where it ends. No regular expression. */
bool notation_compile_part(const struct notation *notation, const char *pattern, struct node *out,
                           int *offset, struct error *err);
/* Several, any of which may match. */
void notation_any(struct arena *arena, const struct node *nodes, int count, struct node *out);
