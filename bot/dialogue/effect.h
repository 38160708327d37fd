/* What to do: the one door out of a dialogue. Everything lives in the arena of the step. */
#pragma once
#include "base/arena.h"
#include "base/json.h"
#include "db/order.h"
#include <stdbool.h>
#include <stdint.h>

enum effect_kind {
    EFFECT_SAY,
    EFFECT_LOOK_UP,  /* always the last of its step; comes back as EVENT_ORDERS */
    EFFECT_HAND_OFF, /* opens, adds to, or changes a hand-off: a promise to a person */
    EFFECT_NOTE,
    EFFECT_TIMER, /* wake me at at_ms (0: never mind) */
    EFFECT_END    /* the conversation is over (voice: hang up) */
};

/* Shown beside the words; channels that cannot show leave them out, for the words say the same. */
enum part_kind { PART_CHOICES, PART_LINK, PART_TIMELINE, PART_PICKUP };

struct choice {
    const char *id, *label;
};

struct step {
    const char *name; /* placed | preparing | shipped | out_for_delivery | delivered, or the exception that
                         stands in its place */
    struct moment at;
    bool done, current;
};

struct part {
    enum part_kind kind;
    struct choice *choices;
    int choice_count;
    const char *url, *label;
    const char *order, *carrier, *tracking; /* TIMELINE */
    int index, count;                       /* parcel 1 of 2 */
    const char *status;                     /* status_name */
    struct step *steps;
    int step_count;
    struct moment promised, due;
    int days_late;
    const struct pickup *pickup; /* PICKUP; code and address only where the proof allows */
};

struct say {
    const char *text, *locale;
    const char *phrase; /* the names of the phrases, joined by '+' */
    struct part *parts;
    int part_count;
};

struct look_up {
    struct order_query query;
    bool proof; /* a try that may be wrong: the hub slows tries for one order and from one address, without
                   locking anyone out */
};

enum hand_off_change {
    HAND_OFF_OPEN,
    HAND_OFF_ADD,
    HAND_OFF_CONTACT,
    HAND_OFF_TAKE,
    HAND_OFF_RETURN,
    HAND_OFF_CLOSE,
    HAND_OFF_WITHDRAW
};

struct hand_off {
    enum hand_off_change change;
    const char *queue, *reason, *order, *locale, *contact, *agent;
    const char *summary; /* JSON object: topics, references, what was told */
};

struct effect_note {
    const char *kind, *intent, *also, *rule, *phrase, *facts, *order; /* as struct note of db/change.h */
    const char *customer; /* e-mail or phone key that was proved, for the keyed hash; "" */
    double score;
};

struct effect {
    enum effect_kind kind;
    union {
        struct say say;
        struct look_up look_up;
        struct hand_off hand_off;
        struct effect_note note;
        int64_t at_ms;
    };
};

enum { EFFECTS_MAX = 24 };

struct effects {
    struct effect list[EFFECTS_MAX];
    int count;
};

/* The parts of a reply as the JSON array that is stored and sent (docs/chat.md). NULL when there are none. */
const char *parts_json(const struct say *say, struct arena *arena);
