/* What happened: the one door into a dialogue. Strings are borrowed for the step. */
#pragma once
#include "db/order.h"
#include <stdbool.h>
#include <stdint.h>

enum event_kind {
    EVENT_HELLO,  /* a conversation begins or is joined; locale, token (may be empty) */
    EVENT_SAID,   /* the customer said text */
    EVENT_CHOSE,  /* the customer pressed a choice: text is its id */
    EVENT_RATED,  /* rating: 1 good, -1 bad, or 1..5 */
    EVENT_ORDERS, /* the answer to the look-up: found, orders */
    EVENT_AGENT,  /* a person acts: text is take | say | return | close | transfer | release |
                     assign | lost | nobody; agent; words (transfer: the queue) */
    EVENT_TIMER,  /* the time of state.wake_ms has come */
    EVENT_BYE,    /* the customer leaves */

    /* From the phone. */
    EVENT_KEYS,        /* the caller pressed text; whole: that is all of it */
    EVENT_SILENCE,     /* nothing was heard for as long as we listened */
    EVENT_INTERRUPTED, /* text: what was heard of our last answer */
    EVENT_UNANSWERED   /* nobody took the call that was transferred */
};

/* Who says the first words of a call, which tell that a machine answers. */
enum greeting {
    GREETING_OURS, /* we do, at once */
    GREETING_DONE, /* the platform has said them */
    GREETING_LATER /* we do, with our first answer: the caller's words follow the hello at once */
};

/* Where a conversation stands among those that wait for a person. */
struct place {
    int position; /* from 1; 0 not known */
    int wait_s;   /* how long it will probably be; 0 not known */
};

struct event {
    enum event_kind kind;
    int64_t now_ms;
    int64_t seq;        /* of the customer's or agent's turn, 0 none: what answers refer to */
    const char *text;   /* masked, valid UTF-8 */
    const char *locale; /* HELLO: the page's language, a prior */
    const char *token;  /* HELLO: signed by the shop, or NULL */
    const char *caller; /* HELLO: E.164, a hint; NULL none */
    enum greeting greeting;
    bool resumed;      /* HELLO: the conversation goes on */
    bool whole;        /* KEYS */
    double confidence; /* SAID: 0..1; 0 not told */
    const char *agent, *words;
    struct place place;
    int rating;
    int found; /* ORDERS: enum found of db/store.h: 0 found, 1 missing, 2 failed */
    const struct order_list *orders;
};
