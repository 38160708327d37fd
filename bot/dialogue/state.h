/* The state of a conversation: plain data, no pointers, no indexes into catalogues. It is stored as text in
 * its row (state_print), so that it can be resumed by another process, replayed and compared. */
#pragma once
#include "base/buffer.h"
#include "base/error.h"
#include "base/key.h"
#include "responses/phrasebook.h"
#include <stdint.h>

/* What the next words of the customer are most likely an answer to. */
enum expect {
    EXPECT_NOTHING,
    EXPECT_NUMBER,
    EXPECT_PROOF,
    EXPECT_SECOND_FACTOR,
    EXPECT_WHICH_ORDER,
    EXPECT_OFFER,   /* yes or no: shall a person take it on? */
    EXPECT_CONTACT, /* e-mail or phone, out of hours */
    EXPECT_CHECKED, /* delivered but not received: did you look? */
    EXPECT_CLARIFICATION,

    /* By phone only. */
    EXPECT_CONFIRM,   /* yes or no: was that heard rightly? */
    EXPECT_CALL_BACK, /* yes or no: shall the number that calls be called back? */
    EXPECT_MESSAGE,   /* words for a person, out of hours */
    EXPECT_REST,      /* yes or no: shall what was left out be said? */
    EXPECT_DECLINED,  /* an offer was declined: a yes takes it all the same */
    EXPECT_COUNT
};

/* Who answers. */
enum handling {
    HANDLING_BOT,
    HANDLING_WAITING /* for a person; the bot goes on with tracking */,
    HANDLING_HUMAN,
    HANDLING_CLOSED
};
const char *handling_name(enum handling handling); /* bot | waiting | human | closed */

enum {
    NAME_SIZE = 40,
    STATE_GOALS = 5,
    STATE_NUMBERS = 6,
    STATE_OTHERS = 2,
    STATE_POSTCODES = 3,
    STATE_ORDERS = 8,
    STATE_SAID = 8,
    STATE_TOPICS = 12,
    STATE_HANDED = 8,
    STATE_PARCELS = 200, /* so many an order has at most */
    CALL_KEYS = 40,
    CALL_SPOKEN = 1024,
    CALL_REST = 512
};

/* Something that the customer wants and that has not been answered yet. */
struct goal {
    char intent[NAME_SIZE];
    char rule[64];
    double score;
    int32_t asked; /* a day that was named with it ("before Saturday"), 0 none */
};

/* What the customer has shown so far; keys (base/key.h). */
struct claims {
    char numbers[STATE_NUMBERS][KEY_SIZE]; /* candidates of one order number, best first; then the others */
    char number[KEY_SIZE];                 /* as it was written, to repeat it */
    char others[STATE_OTHERS][KEY_SIZE];   /* further orders named in the same words, likewise */
    char tracking[KEY_SIZE];
    char email[EMAIL_SIZE];
    char postcode[KEY_SIZE];
    char postcodes[STATE_POSTCODES][KEY_SIZE]; /* what else was heard in those words, best first */
    char phone[KEY_SIZE];                      /* E.164 */
    char caller[KEY_SIZE]; /* the phone that calls, which has an order: finds it, and proves nothing alone */
    char phone4[8];
    bool same_token; /* number and postcode are one and the same word: they count once */
    bool either;     /* the postcode, said beside a parcel's number, may be the order's number */
};

struct said {
    char phrase[NAME_SIZE];
    int count;
    uint32_t facts; /* a hash of the values it was said with */
};

/* A conversation by phone. Times are of the clock; 0 is none. */
struct calling {
    char caller[KEY_SIZE]; /* E.164, as the network says: a hint, never proof */
    bool caller_seen;      /* its orders have been looked for */
    bool spoke;            /* the caller has said or keyed something */
    bool done;             /* something was answered or noted: a silence now may be the end */
    bool patient;          /* the caller has asked us to wait */
    bool slow;             /* … to speak slowly */
    bool transferred;      /* put through to a person */

    int64_t heard_ms;   /* when our last answer has been heard to its end, by its length */
    int64_t silence_ms; /* when nothing heard is a silence */

    char keys[CALL_KEYS]; /* pressed, and not yet an entry */
    int64_t key_ms;       /* the last of them */
    int64_t keyed_ms;     /* when the last entry was whole: a '#' that comes late belongs to it */

    int question;           /* enum expect: what these are counted of */
    int silences, misses;   /* not heard, not understood */
    int troubles;           /* both, since something was last answered */
    char confirm[KEY_SIZE]; /* what was read back, and waits for a yes */
    bool confirm_number;    /* … as the order's number; else a proof */

    char spoken[CALL_SPOKEN]; /* our last answer, to say it again */
    char rest[CALL_REST];     /* what was left out of it, for whoever asks for more */
    int cut;                  /* 1 + where in it the caller cut in, 0 nowhere */
};

/* What every step reads comes first, in as few lines of the cache as can be. */
struct state {
    int version;
    char shop[NAME_SIZE];
    char locale[16];
    enum voice voice;
    enum handling handling;
    enum expect expect;
    enum expect expect_before; /* what these words answered, until the store has been asked */
    bool disclosed;            /* that a machine answers has been said */
    int64_t wake_ms;           /* when EVENT_TIMER is due, 0 never */

    int wrong_proofs;
    bool locked;
    bool untested; /* a factor was named since an order was last asked about */
    bool carried;  /* a new number is tried with what proved another order */
    int foreign;   /* enum factor: not of the order in focus; another one is looked for by them, 0 none */
    int parcel;    /* that was picked when an order was told last, 0 none */
    bool checked;  /* the customer has looked for the delivered parcel */
    int look_up;   /* which question to the store is open, 0 none (dialogue.c) */
    int rest;      /* so many parcels of the order told, or of all orders, and others are left; 0 none are */
    bool rest_orders;
    int misses; /* not understood, in a row */
    int asks;   /* asked for number or proof, in a row */

    char focus[KEY_SIZE]; /* the order that is talked about */
    char told[KEY_SIZE];  /* the order whose state was told last */
    int told_parcel;      /* … of this parcel alone, 0 of all */
    char pick[NAME_SIZE]; /* "the other one", "all": which of the proved orders, until they are looked up */
    int listed;           /* bits of the proved orders that were told last to pick among, 0 all */
    int32_t pick_day;     /* "the one of 3 March", likewise; 0 none */
    char opening[NAME_SIZE]; /* a phrase to open the reply with, once the store has been asked */
    struct goal goals[STATE_GOALS];
    struct said said[STATE_SAID];

    int factors[STATE_ORDERS]; /* enum factor: what has been shown of each of these orders, ever */
    int tiers[STATE_ORDERS];
    char orders[STATE_ORDERS][KEY_SIZE]; /* proved, newest first */

    struct claims claims;
    struct claims token; /* from a signed token: proof of the second tier */
    char tried[65];      /* hash of the claims that failed last: the same again is no new try */

    char topics[STATE_TOPICS][NAME_SIZE]; /* what was handed over */
    char handed[STATE_HANDED][KEY_SIZE];  /* … and of which orders, by their numbers as printed */
    char shown[KEY_SIZE];                 /* the number, as printed, of the order that was told last */
    char reference[KEY_SIZE];             /* a reference the customer named with it: RMA-22018 */
    char offer[NAME_SIZE];                /* the topic that a yes would hand over */
    char resolved[NAME_SIZE];             /* the topic that a person has closed last */

    struct calling call;
};

void state_init(struct state *state, const char *shop, const char *locale, enum voice voice);
/* Soon to be stepped: what a step reads of it is fetched from memory meanwhile (fetch.c). */
void state_fetch(const struct state *state);
/* … and what state_print looks at besides; asked for all at once, both would wait for each other. */
void state_fetch_rest(const struct state *state);

/* A line a field, "sh=default"; fields at their default are left out. The names stand in state.c. */
void state_print(const struct state *state, struct buffer *out);
/* False + error: not a state, or of a newer version. Unknown fields of the same version are an error. */
bool state_parse(struct state *state, const char *text, struct error *err);
