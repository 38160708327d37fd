/* The pattern notation of the catalogues, as README.md tells it, taken apart into steps. What the steps are
 * for: sieve.h tells which patterns can match at all, expression.h writes them as PCRE2 source.
 *
 * Knows no files: where an error stands is told as an offset in the pattern. */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include <stdbool.h>
#include <stdint.h>

enum step_kind {
    STEP_WORD,
    STEP_BEGINNING, /* "deliver*" */
    STEP_MARK,      /* "<email>" */
    STEP_NUMBER,    /* "#" */
    STEP_ORDINAL,   /* "#th" */
    STEP_GAP,
    STEP_START,  /* "^" */
    STEP_END,    /* "$" */
    STEP_CHOICE, /* one of several, or a list */
    STEP_MAYBE,  /* the same, or nothing */
};

struct choice;

/* One thing after the other. */
struct step {
    enum step_kind kind;
    uint16_t number; /* of the word, beginning or mark as the language counts them; the most words of a gap */
    const char *text; /* of the word, beginning or mark */
    struct choice *choice;
    struct step *next;
};

struct choice {
    const struct step **ways;
    int count;
    size_t size;           /* of its source, about */
    int shortcut;          /* of the sieve, from 1 */
    const uint16_t *heads; /* the sieve's: [way] the word, beginning or mark that it begins with; or none */
};

/* Marks are counted from 1 in the order of `mark_names`; what begins with a
 * digit is NUMBER_DIGITS; words and beginnings are counted from NUMBER_FIRST_WORD. */
enum { NUMBER_NONE = 0, MARK_NUMBER_DATE = 6, NUMBER_DIGITS = 9, NUMBER_FIRST_WORD };

/* A pattern, or a part of one, that was read. */
struct node {
    const struct step *steps; /* NULL: `regex` */
    const char *regex;
    size_t size; /* of its source, about */
    bool may_be_empty;
};

/* What the notation asks of the language file that it reads for. */
struct notation {
    struct arena *arena, *scratch;
    size_t number_size, date_size; /* of what "#" and "<date>" become */
    /* The list of that name; NULL when there is none, or with *failed set and err written when the list
     * itself is faulty. */
    struct choice *(*list)(void *context, const char *name, bool *failed, struct error *err);
    /* The numbers of a word and of words that begin so; both folded, in the scratch, and replaced by what
     * lasts as long as the steps. */
    uint16_t (*word)(void *context, const char **word, bool fuzzy);
    uint16_t (*beginning)(void *context, const char **beginning);
    void *context;
};

/* False with err; *offset is the byte of the pattern where the fault is, -1 when err tells the place already.
 */
bool notation_read(const struct notation *notation, const char *pattern, struct node *out, int *offset,
                   struct error *err);
/* An entry of a list: no regular expression. */
bool notation_read_part(const struct notation *notation, const char *pattern, struct node *out, int *offset,
                        struct error *err);
/* Several, any of which may match. */
struct choice *notation_choice(struct arena *arena, const struct node *nodes, int count);
