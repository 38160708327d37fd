/* A template, compiled once into a tree. Its notation stands in phrasebook.h. Knows the names and kinds of
 * values and where their words go; what they say in a language is the reader's. */
#pragma once
#include "base/buffer.h"
#include "responses/phrasebook.h"

/* The values that a template may name, by name. */
struct vocabulary_entry {
    const char *name;
    enum value_kind kind;
};
struct vocabulary {
    const struct vocabulary_entry *entries; /* sorted by name */
    int count;
};
extern const struct vocabulary fact_vocabulary;                             /* of phrases: enum fact */
int vocabulary_find(const struct vocabulary *vocabulary, const char *name); /* -1: there is none */

enum style {
    STYLE_NONE,
    STYLE_ITSELF, /* # */
    STYLE_DATE,
    STYLE_DAY,
    STYLE_ON,
    STYLE_TIME,
    STYLE_AT,
    STYLE_DIGITS,
    STYLE_LAST4,
    STYLE_WORDS,
    STYLE_FEMININE,
    STYLE_ORDINAL,
    STYLE_YEAR,
    STYLE_TWO
};

enum segment_kind {
    SEGMENT_TEXT,
    SEGMENT_VALUE,
    SEGMENT_PLURAL,
    SEGMENT_SELECT,
    SEGMENT_PART,    /* the first branch that has all its values, or nothing */
    SEGMENT_SENTENCE /* its one branch; left out, and noted, when a value is absent */
};

struct segment {
    enum segment_kind kind;
    size_t at; /* byte offset in the source */
    const char *text;
    size_t len;
    int value; /* index into the vocabulary */
    enum style style;
    const struct branch *branches;
    struct segment *next;
};

struct branch {
    const char *name; /* of PLURAL and SELECT: "one", "=1", "nobody_home", "other" */
    struct segment *first;
    struct branch *next;
};

struct template {
    struct segment *first;
};

/* NULL + error (a sentence without a place) and *at, the byte offset where it is wrong. The tree lives in the
 * arena and does not keep the source. current: the index of the value that # stands for at the top, or -1. */
struct template *template_compile(const char *source, const struct vocabulary *vocabulary, int current,
                                  struct arena *arena, size_t *at, struct error *err);
/* Makes each sentence of the top level a part of its own, which can be left out without a hole. */
void template_split(struct template *template, struct arena *arena);

/* Who has the values. Each function returns false or NULL when the value is absent. */
struct template_reader {
    void *context;
    bool (*print)(void *context, int value, enum style style, struct buffer *out);
    bool (*number)(void *context, int value, int64_t *number);
    const char *(*plural)(void *context, int64_t number); /* "one", "other" … */
    const char *(*code)(void *context, int value);
    uint64_t used; /* set by the functions; what a left-out part has set is taken back */
    int missing;   /* the value that left a sentence out, -1 when none did */
};

/* Adds to out. False when a value outside of every part and sentence is absent: then nothing is added. */
bool template_render(const struct template *template, struct template_reader *reader, struct buffer *out);
