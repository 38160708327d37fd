/* A template, compiled once into a list of steps. Its notation stands in phrasebook.h. Knows the names and
 * kinds of values and where their words go; what they say in a language is the reader's. */
#pragma once
#include "base/buffer.h"
#include "responses/phrasebook.h"
#include <stdint.h>

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

/* A template is a list of steps, taken one after the other. What may be left out is opened and closed; where
 * a value in it is absent it is taken back, and `to` says where to go on. */
enum step_kind {
    STEP_END,
    STEP_TEXT,
    STEP_VALUE,
    STEP_PLURAL, /* by a number, and STEP_SELECT by a code: one of the branches that follow */
    STEP_SELECT,
    STEP_BRANCH,   /* text: its name, "one", "=1", "nobody_home", "other"; to: the next one, 0 none */
    STEP_PART,     /* opens an alternative; to: the next one, or behind the last */
    STEP_SENTENCE, /* opens; left out, and noted, when a value is absent */
    STEP_CLOSE,    /* of what was opened last; to: behind all of it */
    STEP_JUMP      /* from the end of a branch behind the last one */
};

struct step {
    uint8_t kind, style; /* enum step_kind, enum style */
    int16_t value;       /* index into the vocabulary, -1 none */
    uint32_t at;         /* byte offset in the source */
    uint32_t len, to;
    const char *text;
};

struct template {
    const struct step *steps;
};

/* NULL + error (a sentence without a place) and *at, the byte offset where it is wrong. The steps live in the
 * arena and do not keep the source. current: the index of the value that # stands for at the top, or -1.
 * sentences: each of the top level can be left out without a hole. */
struct template *template_compile(const char *source, const struct vocabulary *vocabulary, int current,
                                  bool sentences, struct arena *arena, size_t *at, struct error *err);

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
