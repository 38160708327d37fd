/* One reply in the making: phrases with their values become sentences, the values that went into them become
 * facts, and at the end there is one EFFECT_SAY and one EFFECT_NOTE. */
#pragma once
#include "bot/dialogue/dialogue.h"
#include "bot/dialogue/picture.h"

enum { SPEECH_SENTENCES = 24, SPEECH_PARTS = 10, VALUES_MAX = 40 };

/* Where a fact comes from: "order 1042 promise", "order 1042 parcel 1 carrier", "queue". Printed only for
 * what went into the words. */
struct source {
    const char *order;             /* its number; NULL: what says it all */
    struct origin origin;          /* in the order */
    const struct checkpoint *scan; /* of a checkpoint; else NULL */
};
static const struct source source_none = {NULL, {0, NULL}, NULL};

static inline struct source source_named(const char *what) {
    return (struct source){.origin = {0, what}};
}

/* What a phrase is given. */
struct values {
    int count;
    uint32_t hash; /* of all, 0: not looked for yet */
    struct value list[VALUES_MAX];
    struct source sources[VALUES_MAX];
};

static inline void values_init(struct values *values) {
    values->count = 0;
    values->hash = 0;
}

/* What is absent ("", NULL, none, not above 0) is not added. */
void values_text(struct values *values, enum fact fact, const char *text, struct source source);
void values_link(struct values *values, enum fact fact, const char *url, struct source source);
void values_moment(struct values *values, enum fact fact, struct moment moment, struct source source);
void values_count(struct values *values, enum fact fact, int64_t count, struct source source);
/* Not known when it is 0, as other values when they are empty. */
void values_number(struct values *values, enum fact fact, int64_t number, struct source source);

bool values_has(const struct values *values, enum fact fact);

struct choice {
    const char *id, *label;
};

struct speech {
    const struct dialogue *dialogue;
    struct state *state;
    struct arena *arena;
    int64_t now_ms;
    struct tongue tongue;
    const char *sentences[SPEECH_SENTENCES];
    const char *phrases[SPEECH_SENTENCES];
    int sentence_count;
    const struct told_fact *told, **told_last;
    struct buffer parts; /* a JSON array in the making */
    struct json_out parts_out;
    int part_count;
};

void speech_init(struct speech *speech, const struct dialogue *dialogue, struct state *state,
                 struct arena *arena, int64_t now_ms);

/* Adds a phrase to the reply; the next variant when it was said before. Its name lasts as long as the arena;
 * values may be NULL. */
void speech_phrase(struct speech *speech, const char *phrase, struct values *values);
/* Words that are there already, under the names of their phrases. */
void speech_text(struct speech *speech, const char *text, const char *phrases);
/* The words alone, for use inside another phrase; their facts count. */
const char *speech_words(struct speech *speech, const char *phrase, const struct values *values);
bool speech_has(const struct speech *speech, const char *phrase);  /* in this reply already */
bool speech_said(const struct speech *speech, const char *phrase); /* in an earlier one */
bool speech_said_alike(const struct speech *speech, const char *phrase,
                       struct values *values); /* in an earlier one, with the same facts */

/* Something shown beside the words: an object opened, which the caller fills and closes. NULL: there are too
 * many. */
struct json_out *speech_part(struct speech *speech, const char *kind);
void speech_choices(struct speech *speech, const struct choice *choices, int count);

/* The reply as an effect, opened by the disclosure when it is the conversation's first; nothing when nothing
 * was said. */
const char *speech_end(struct speech *speech, struct effects *effects); /* the phrases joined, or "" */

struct effect *effects_add(struct effects *effects, enum effect_kind kind);
