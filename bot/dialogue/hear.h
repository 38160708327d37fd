/* What an utterance adds to the state: claims, goals, a pick among orders, a yes or no. Reads; says nothing
 * and asks nobody. */
#pragma once
#include "bot/dialogue/dialogue.h"
#include "bot/dialogue/keys.h"

enum { PHONE4 = 4 }; /* digits of a phone that are its end: they prove, and cannot be called */

struct heard {
    const struct reading *reading; /* of nothing, where there were no words */
    enum expect expected;          /* what had been asked before these words */
    bool track;                    /* at least one tracking intent in these words */
    bool other;                    /* something for a person, an action or an information in these words */
    bool claims_changed;           /* a number or factor that was not known before */
    bool factor_changed;           /* a factor that was not known before */
    bool number_changed;
    bool named;         /* an order number or a tracking number, known or not */
    const char *yes_no; /* "yes" | "no" | NULL */
    bool half_hearted;  /* "ok": may close politely rather than accept */
    const char *act;    /* of the best social intent, or NULL */
    const struct read_intent *social;
    bool digits; /* there was a digit in it */
};

void hear(const struct dialogue *dialogue, struct state *state, const struct event *event,
          struct arena *arena, struct heard *heard);

/* Is it a parcel that was picked: "parcel_2"? */
bool pick_parcel(const char *pick);
/* Its place among several, of that or of "2"; 0 none. */
int pick_place(const char *pick);
/* Is it a state: "delivered"? */
bool pick_state(const char *pick);
/* "The delivered one": the only one of these that is so, else the only one as far on its way; -1 none. */
int pick_by_state(const char *pick, const enum status *states, int count);
/* "What else?", "and the rest?", whether of the order or of the answer, or yes to "shall I go on?"; nothing
 * besides. */
bool hear_more(const struct state *state, const struct heard *heard);
/* To be said again, and nothing besides. */
bool hear_again(const struct state *state, const struct heard *heard);

/* What keys are for while this is expected. */
enum keys_for hear_keys(enum expect expect);

/* Whether a conversation can be held in it: understood as well as spoken. */
bool dialogue_speaks(const struct dialogue *dialogue, const char *locale);

/* Adds a goal unless it is there; false when there are too many. */
bool goal_add(struct state *state, const char *intent, const char *rule, double score, int32_t asked);
void goals_clear(struct state *state);
int order_known(const struct state *state, const char *key); /* index among the proved orders, -1 none */
