/* A conversation for tests: the brain with the embedded catalogues, over orders in memory, at a stopped
 * clock. */
#pragma once
#include "bot/dialogue/dialogue.h"

enum { TALK_ORDERS = 16 };

struct talk {
    struct catalogue *catalogue;
    struct phrasebook *book;
    struct reader *reader;
    struct shop shop;
    struct zone *zone;
    struct dialogue dialogue;
    struct state state;
    struct arena arena; /* reset at each talk_* call */
    int64_t now_ms;
    const struct order *orders[TALK_ORDERS];
    int order_count;
    bool store_fails;
    /* of the last call */
    struct effects effects[4]; /* one a step */
    int step_count;
    int look_ups;
    const char *text;   /* what was said, "" nothing */
    const char *phrase; /* names joined by '+' */
    const char *facts;  /* of the last note */
    const struct say *say;
    const struct hand_off *hand_off;
};

void talk_open(struct talk *talk, const char *locale,
               const char *now); /* fails the test when the catalogues are not sound */
void talk_close(struct talk *talk);
void talk_begin(struct talk *talk, const char *locale, enum voice voice); /* a fresh conversation */
const char *talk_say(struct talk *talk, const char *text);
const char *talk_choose(struct talk *talk, const char *id);
const char *talk_event(struct talk *talk, const struct event *event);
void talk_restart(struct talk *talk);                        /* the state through its text form */
bool talk_said(const struct talk *talk, const char *phrase); /* among the phrases of the last reply */

/* An order with nothing but a number, a placed day and the customer c@example.fr / 69003 / +33612345678. Fill
 * in the rest. */
void talk_order(struct order *order, const char *number);
/* On its way since 10 March, due on the 12th, without a number. */
void talk_parcel(struct parcel *parcel, const char *carrier);
struct moment at(const char *iso);
