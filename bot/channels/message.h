/* What passes between a conversation and whoever listens to it, in no channel's spelling: messages come in,
 * deliveries go out, faults say what was wrong with a message. A codec (chat.h) turns them into bytes and
 * back; the terminal uses them as they are. Plain data; strings are borrowed for the call. */
#pragma once
#include "bot/dialogue/effect.h"
#include "bot/dialogue/event.h"
#include "bot/dialogue/state.h"
#include <stdbool.h>
#include <stdint.h>

enum message_kind {
    MESSAGE_HELLO,
    MESSAGE_SAY,
    MESSAGE_CHOOSE,
    MESSAGE_RATE,
    MESSAGE_BYE,
    MESSAGE_TYPING, /* nothing is said yet, but will be: typing, or speaking */

    /* From the phone only. */
    MESSAGE_KEYS,        /* text: keys pressed, one or several: "1", "10042#", "*", "0" */
    MESSAGE_SILENCE,     /* the platform heard nothing until the timeout_ms of our LISTEN was over */
    MESSAGE_INTERRUPTED, /* text: what was really heard of our last reply; may be "" */
    MESSAGE_UNANSWERED   /* nobody took the TRANSFER, and the caller is with us again */
};

struct message {
    enum message_kind kind;
    const char *id;     /* SAY, CHOOSE: the customer's own id of it, answered once; NULL: none */
    const char *text;   /* SAY: the words. CHOOSE: the words on the button, NULL: the choice itself */
    const char *choice; /* CHOOSE */
    const char *shop;   /* HELLO; NULL: the only or first one */
    const char *locale; /* HELLO; NULL: the shop's */
    const char *token;  /* HELLO: signed by the shop (bot/dialogue/token.h), or NULL */
    const char *resume; /* HELLO: the token of an earlier welcome, or NULL: a new conversation */
    int64_t seq;        /* HELLO: the last turn that was heard; RATE: the turn that is rated, 0 the last */
    int rating;         /* RATE: 1 good, -1 bad */

    /* HELLO of the phone. The platform's id of the call, the same when it connects again: a call that is
     * still open, or has ended or dropped less than a minute ago, goes on with its conversation. NULL: a chat
     */
    const char *call;
    const char *caller; /* E.164, or NULL: a hint, never proof */
    enum greeting greeting;

    double confidence; /* SAY of the phone: 0..1 of what was heard; negative, or 0 outright: not told */
};

/* Are there no words in it? Spaces of any script are none. The text must be valid; NULL is blank. */
bool message_blank(const char *text);

enum fault_code {
    FAULT_MALFORMED,    /* not a JSON object within the limits */
    FAULT_UNKNOWN_TYPE, /* no such type of message */
    FAULT_INVALID,      /* a field is missing, of the wrong type or out of bounds */
    FAULT_HELLO_FIRST,  /* anything before hello */
    FAULT_HELLO_AGAIN,  /* a second hello */
    FAULT_UNKNOWN_SHOP,
    FAULT_UNKNOWN_CONVERSATION, /* the resume token opens none */
    FAULT_FORBIDDEN,            /* this origin is not one of the shop's */
    FAULT_SLOW_DOWN,            /* too many messages; retry_ms */
    FAULT_BUSY,                 /* we cannot keep up; retry_ms */
    FAULT_NOT_STORED,           /* the message could not be written and counts as not said: send it again */
    FAULT_FAILED,               /* our own failure; the log knows more */
    FAULT_COUNT
};
const char *fault_name(enum fault_code code); /* "unknown_type" */

struct fault {
    enum fault_code code;
    const char *id;                       /* of the message that is meant, or NULL */
    const char *field, *expected, *found; /* each may be NULL */
    int64_t retry_ms;                     /* 0: no sense in waiting */
};

enum delivery_kind {
    DELIVERY_WELCOME,  /* the answer to hello; the turns that were missed follow */
    DELIVERY_TURN,     /* somebody said something */
    DELIVERY_TYPING,   /* an answer is on its way */
    DELIVERY_HANDLING, /* who answers has changed */
    DELIVERY_FAULT,

    /* What a spoken answer ends with: TURN*, then exactly one of LISTEN, TRANSFER and END. */
    DELIVERY_LISTEN,   /* the caller is expected to say or key something */
    DELIVERY_TRANSFER, /* to a person, as soon as what was said has been heard */

    DELIVERY_END /* the conversation goes no further here: hang up */
};

struct delivery {
    enum delivery_kind kind;

    const char *conversation, *shop, *shop_name; /* WELCOME */
    const char *token; /* WELCOME of a new conversation: what resumes it; NULL when it was resumed */
    bool resumed;

    int64_t seq;            /* WELCOME: the newest turn. TURN: its own */
    enum handling handling; /* WELCOME, HANDLING */
    struct place place;     /* HANDLING while it waits, and somebody is there */
    bool away;              /* WELCOME, HANDLING while it waits: nobody is there … */
    struct moment opens;    /* … before this; nothing: not at all */
    const char *agent; /* WELCOME, HANDLING: who took it; TURN of an agent: who speaks; NULL or "" nobody */

    int64_t re;         /* TURN: the turn that it answers, 0 none */
    const char *from;   /* TURN, TYPING: customer | bot | agent | system */
    const char *id;     /* TURN: the customer's id of this turn, or of the turn that it answers; NULL none */
    const char *text;   /* TURN */
    const char *locale; /* WELCOME, TURN, LISTEN, TRANSFER */
    const char *parts;  /* TURN: JSON array, or NULL */
    const char *phrase; /* TURN of the bot: the names of its phrases; not sent, for the terminal */
    int64_t at_ms;      /* TURN */
    bool firm;          /* TURN: must be heard to its end: not to be interrupted */

    const char *expects; /* LISTEN: open | number | proof | yes_no | choice | contact (listen_name) */
    int64_t timeout_ms;  /* LISTEN: how long a silence is one, counted from the end of what was said */
    int digits;          /* LISTEN: how many keys make the whole entry, 0 when that is not known */

    const char *queue, *reason, *order; /* TRANSFER; order "" none */
    const char *handoff;                /* TRANSFER: the id of the hand-off */
    const char *summary;                /* TRANSFER: JSON object */

    const struct fault *fault; /* FAULT, END (why; may be NULL) */
};
