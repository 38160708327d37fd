/* What is said about one order: every situation, and every aspect that a customer may ask of it. Reads the
 * picture, speaks phrases, and tells the dialogue what follows from it (a hand-off, an offer, a missing
 * proof). Decides nothing about who may know: that is `tier`. */
#pragma once
#include "bot/dialogue/picture.h"
#include "bot/dialogue/speech.h"

struct answer {
    struct speech *speech;
    const struct picture *picture;
    int tier;
    const struct goal *goal;
    bool checked; /* the customer has looked for the delivered parcel already */
    int parcel;   /* the parcel that was picked, 1 the first; the picture shows it alone. 0: none was */
    int lead;  /* by phone: 1 + how many parcels are there, still to be told with the first of the others */
    bool told; /* this reply tells the state already */
    /* what follows */
    const char *topic; /* must go to a person, or NULL */
    const char *offer; /* a person is offered for this topic, or NULL */
    bool needs_factor; /* asked for the second factor: the goal stays open */
    bool check;        /* the customer was asked to look for the parcel */
    bool more;         /* the second factor would tell where to collect it, and with which code */
};

/* Is what is told of a parcel to begin with its name? */
bool answer_names(const struct answer *answer);
/* Answers goal with this aspect ("status", "carrier" …; an unknown one is told the status). */
void answer_aspect(struct answer *answer, const char *aspect);
/* The state that an order is listed with. */
enum status answer_state(const struct picture *picture);
/* The values that describe an order in a list: number, date, state. */
void answer_listed(struct speech *speech, const struct picture *picture, struct values *values);
