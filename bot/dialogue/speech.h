/* One reply in the making: phrases with their values become sentences, the values that went into them become
 * facts, and at the end there is one EFFECT_SAY and one EFFECT_NOTE. */
#pragma once
#include "bot/dialogue/dialogue.h"

enum { SPEECH_SENTENCES = 24, SPEECH_PARTS = 10, VALUES_MAX = 40 };

/* Where a fact comes from: "order 1042 promise", "order 1042 parcel 1 carrier", "queue". Printed only for
 * what went into the words. */
struct source {
    const char *order; /* its number; NULL: what says it all */
    int parcel;        /* 1 the first, 0 of the whole order */
    const char *what;  /* "": the order itself; NULL: not a fact of an order */
};
static const struct source source_none = {NULL, 0, NULL};

static inline struct source source_named(const char *what) {
    return (struct source){.what = what};
}

/* Named values for a phrase. Absent facts may be added; they stay absent. */
struct values {
    int count;
    struct value list[VALUES_MAX];
    struct source sources[VALUES_MAX];
};

static inline void values_init(struct values *values) {
    values->count = 0;
}

void values_text(struct values *values, const char *name, const char *text, struct source source);
void values_link(struct values *values, const char *name, const char *url, struct source source);
void values_moment(struct values *values, const char *name, struct moment moment, struct source source);
void values_number(struct values *values, const char *name, int64_t number, struct source source);

void values_drop(struct values *values, const char *name); /* takes it for absent */

struct speech {
    const struct dialogue *dialogue;
    struct state *state;
    struct arena *arena;
    int64_t now_ms;
    const char *sentences[SPEECH_SENTENCES];
    const char *phrases[SPEECH_SENTENCES];
    int sentence_count;
    struct part parts[SPEECH_PARTS];
    int part_count;
    struct buffer facts; /* JSON array in the making; speech_clear frees */
    struct json_out facts_out;
};

void speech_init(struct speech *speech, const struct dialogue *dialogue, struct state *state,
                 struct arena *arena, int64_t now_ms);
void speech_clear(struct speech *speech);

/* Adds a phrase to the reply; the next variant when it was said before. values may be NULL. */
void speech_phrase(struct speech *speech, const char *phrase, const struct values *values);
/* Words that are there already, under the names of their phrases. */
void speech_text(struct speech *speech, const char *text, const char *phrases);
/* The words alone, for use inside another phrase; their facts count. */
const char *speech_words(struct speech *speech, const char *phrase, const struct values *values);
bool speech_has(const struct speech *speech, const char *phrase);  /* in this reply already */
bool speech_said(const struct speech *speech, const char *phrase); /* in an earlier one */
bool speech_said_alike(const struct speech *speech, const char *phrase,
                       const struct values *values); /* in an earlier one, with the same facts */
struct part *speech_part(struct speech *speech, enum part_kind kind); /* NULL when there are too many */
void speech_choice(struct speech *speech, struct part *part, const char *id, const char *label);

/* The reply as an effect, opened by the disclosure when it is the conversation's first; nothing when nothing
 * was said. */
const char *speech_end(struct speech *speech, struct effects *effects); /* the phrases joined, or "" */
const char *speech_facts(struct speech *speech);                        /* the JSON array, in the arena */

struct effect *effects_add(struct effects *effects, enum effect_kind kind);
