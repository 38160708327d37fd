/* What to do: the one door out of a dialogue. Everything lives in the arena of the step. */
#pragma once
#include "base/arena.h"
#include "base/json.h"
#include "db/order.h"
#include "db/told.h"
#include <stdbool.h>
#include <stdint.h>

enum effect_kind {
    EFFECT_SAY,
    EFFECT_LOOK_UP,  /* always the last of its step; comes back as EVENT_ORDERS */
    EFFECT_HAND_OFF, /* opens, adds to, or changes a hand-off: a promise to a person */
    EFFECT_NOTE,
    EFFECT_HEARD, /* the customer's turn where no message is one: keys that make an entry */

    /* What a spoken answer ends with: one of these, at most. */
    EFFECT_LISTEN,   /* the caller is expected to say or key something */
    EFFECT_TRANSFER, /* to the person of this step's HAND_OFF, once all has been heard */
    EFFECT_END       /* the conversation is over: hang up */
};

/* What a caller is expected to say or key. */
enum listen_for { LISTEN_OPEN, LISTEN_NUMBER, LISTEN_PROOF, LISTEN_YES_NO, LISTEN_CHOICE, LISTEN_CONTACT };
const char *listen_name(enum listen_for what); /* open | number | proof | yes_no | choice | contact */

struct listen {
    enum listen_for what;
    int64_t timeout_ms; /* of silence, from the end of what was said */
    int digits;         /* keys of a whole entry, 0 not known */
};

struct say {
    const char *text, *locale;
    const char *phrase; /* the names of the phrases, joined by '+' */
    bool firm;          /* spoken: not to be interrupted */
    const char *parts;  /* shown beside the words, which say the same: the JSON array that is stored and sent
                           (docs/chat.md); NULL when there are none */
};

struct look_up {
    struct order_query query;
    int tries; /* at so many orders, that may be wrong: the hub slows tries for one order and from one
                  address, without locking anyone out; 0: nothing is to be proved */
};

enum hand_off_change {
    HAND_OFF_OPEN,
    HAND_OFF_ADD,
    HAND_OFF_CONTACT,
    HAND_OFF_TAKE,
    HAND_OFF_REQUEUE, /* waits again; queue "": where it was */
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
    const char *kind, *intent, *also, *rule, *phrase, *order; /* as struct note of db/change.h */
    const struct told_fact *told;                             /* as long as its step's facts are there */
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
        struct listen listen;
        const char *heard;
    };
};

enum { EFFECTS_MAX = 24 };

struct effects {
    struct effect list[EFFECTS_MAX];
    int count;
};
