/* One step in the making, and what the parts of the brain share of it. Private to bot/dialogue. */
#pragma once
#include "bot/dialogue/answer.h"
#include "bot/dialogue/hear.h"

/* Questions to the store; state.look_up keeps the open one. The claims are tried one after the other, in this
 * order, and the order does not depend on what exists, so that "no such order" and "wrong proof" take the
 * same. */
enum question {
    ASK_NOTHING,
    ASK_CALLER, /* has the number that calls an open order? */
    ASK_FOCUS,  /* fresh facts of the order that is talked about */
    ASK_FACTOR, /* the same, to see whether a new factor lifts it to the second tier */
    ASK_PROVED, /* all proved orders, to pick among them */
    ASK_TOKEN_ORDER,
    ASK_TOKEN_EMAIL,
    ASK_KEY,
    ASK_DIGITS,
    ASK_TRACKING,
    ASK_EMAIL,
    ASK_PHONE,
    ASK_END
};

/* One step in the making. */
struct reply {
    const struct dialogue *dialogue;
    struct state *state;
    const struct event *event;
    struct arena *arena;
    struct effects *effects;
    struct heard heard; /* SAID and CHOSE only */
    const char *note;   /* kind of the note, NULL: none */
    const char *intent, *rule, *order;
    const char *proof;    /* proof_ok | proof_failed | locked: noted apart from the answer */
    const char *customer; /* e-mail or phone of an order that this step's claims show, with it; NULL none */
    double score;
    const struct intent *asked; /* the intent that was looked for last */
    const char *queue;          /* that this step has handed to */
    bool looking;               /* the answer has to wait for the store */

    /* By phone. */
    bool listen;         /* the caller goes on, though nothing was said */
    bool listening;      /* the caller goes on with what was asked before */
    bool transfer;       /* to a person, once all has been heard */
    const char *message; /* for the person that a hand-off waits for; NULL none */
    const char *spoken;  /* what to say when it is to be said again; NULL: all of it */

    struct speech speech; /* last: it starts by itself (speech_init) */
};

/* reply.c */
const struct intent *reply_intent(struct reply *reply, const char *name);
void reply_noted(struct reply *reply, const char *kind);
void reply_note_goal(struct reply *reply, const struct goal *goal);
bool reply_is_kind(struct reply *reply, const struct goal *goal, enum kind kind);
bool reply_wants_order(struct reply *reply);
bool reply_wants_other(struct reply *reply);
bool reply_wants_aspect(struct reply *reply, const char *aspect);
bool reply_wants_delivered(struct reply *reply);
int reply_proved(const struct state *state);

/* handoff.c */
bool handoff_has(const struct state *state, const char *topic);
/* Is anything wanted that has not been passed on yet? */
bool handoff_wants_more(const struct state *state);
void handoff_forget(struct state *state); /* … and its orders and reference, when it is over */
struct hand_off *handoff_effect(struct reply *reply, enum hand_off_change change);
/* Can a person reply when the customer is gone: by what stands on the order, else by what the customer has
 * named, which is noted with the hand-off and put into values? */
bool handoff_reachable(struct reply *reply, struct values *values);
void handoff_confirm(struct reply *reply);
/* phrase: what announces it; NULL takes the words made for every topic. */
void handoff_open(struct reply *reply, const char *topic, const char *phrase);
/* Whoever is to come is told that the order named to him has been proved. */
void handoff_proved(struct reply *reply, const struct order_list *orders);
void handoff_offer(struct reply *reply, const char *topic);
void handoff_declined(struct reply *reply);
/* Orders stay closed in this conversation: a person is to come. */
void handoff_locked(struct reply *reply);
void handoff_give_up(struct reply *reply, const char *topic, const char *phrase);
/* Nothing else was understood behind what a person has closed: true, it is open again. */
bool handoff_reopen(struct reply *reply);
bool handoff_contact(struct reply *reply);
void handoff_agent(struct reply *reply);
struct moment handoff_opening(struct reply *reply); /* when a person is next there */

/* wish.c */
/* Meets what is not tracking, and forgets it; the tracking goals stay. */
void wish_meet_others(struct reply *reply, const struct picture *picture);

/* identify.c */
void identify_ask(struct reply *reply);
void identify_factor(struct reply *reply);
/* The same as an offer: nobody has asked for the details yet. */
void identify_offer_details(struct reply *reply);
/* Asks the first question after `last` that the claims allow; false when there is none left. */
bool identify_further(struct reply *reply, enum question last, enum question end);
void identify_focus(struct reply *reply, enum question question);
/* Whether asking for the order talked about is a try to lift it to the second tier. */
bool identify_tries(const struct state *state);
bool identify_picks(const struct state *state);
/* A tracking goal is open: find its order, or ask for what is missing. */
void identify_order(struct reply *reply);

/* track.c */
/* Meets what is asked of this order. */
void track_meet(struct reply *reply, const struct order *order, int tier);

/* found.c */
void found_orders(struct reply *reply);
/* Counts a proof that was wrong for so many orders. True when it was the last: the conversation is locked,
 * and a person comes. */
bool found_wrong_proof(struct reply *reply, int tries);
void found_ask_proof(struct reply *reply, const char *phrase);

/* several.c */
/* Answers for those that the claims prove, fresh: some for the first time. The one that is meant, each that
 * was named, or asks which. */
void several_proved(struct reply *reply, const struct order_list *orders, bool fresh);
/* Picks among all that are proved, as the customer has said. */
void several_pick(struct reply *reply, const struct order_list *orders);

/* smalltalk.c */
void smalltalk_answer(struct reply *reply);
/* Not understood: choices, a second way, a person; while a number or proof is awaited, the question in other
 * words. */
void smalltalk_clarify(struct reply *reply);
