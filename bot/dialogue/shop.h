/* A shop as the dialogue sees it: policy, as plain data. Filled by bot/settings from the configuration,
 * immutable while a turn runs. */
#pragma once
#include "base/calendar.h"
#include "intents/intents.h"
#include <stdbool.h>
#include <stdint.h>

/* What a customer can show; sets are bit masks. */
enum factor {
    FACTOR_NUMBER = 1, /* the order's or one of its tracking numbers */
    FACTOR_EMAIL = 2,
    FACTOR_POSTCODE = 4,
    FACTOR_PHONE = 8,     /* the whole number */
    FACTOR_PHONE4 = 16,   /* its last four */
    FACTOR_CALLER = 32,   /* the phone that calls: as the whole number, but only beside a postcode */
    FACTOR_REACHABLE = 64 /* no factor, but kept with those of a proved order: it has an e-mail or a phone */
};

enum { SHOP_TIER1_SETS = 8, SHOP_KEYS = 2 };

struct hours {
    int open, close; /* minutes of the local day; open == close: closed */
};

struct signing_key {
    const char *id;     /* "2026a" */
    const char *secret; /* bytes as configured, at least 32 */
};

/* What the shop calls one of our queues. */
struct queue_name {
    const char *queue, *name;
};

/* Where a carrier shows a parcel, for parcels that come without a link: "https://carrier.example/{number}".
 */
struct carrier_link {
    const char *carrier, *link;
};

/* A number that the shop's customers call. */
struct called_number {
    const char *number; /* "+33123456789" */
    const char *locale; /* NULL: the shop's */
};

/* Where a call goes that a person must take. */
enum transfer_kind {
    TRANSFER_DIAL,     /* a number */
    TRANSFER_SIP,      /* a SIP address, called */
    TRANSFER_REFER,    /* a SIP address, that the caller's own line is sent to */
    TRANSFER_ENQUEUE,  /* a queue of the platform */
    TRANSFER_REDIRECT, /* an application of the platform, by its address */
    TRANSFER_TASK      /* a workflow of Twilio's TaskRouter */
};
struct transfer {
    const char *queue; /* "*": all others */
    enum transfer_kind kind;
    const char *target;
};

/* Where hand-offs go besides the desk's queue. */
enum target_kind { TARGET_DESK, TARGET_WEBHOOK, TARGET_MAIL, TARGET_CHATWOOT };
const char *target_name(enum target_kind kind); /* desk | webhook | mail | chatwoot */

struct target {
    enum target_kind kind;
    const char *address;         /* a URL, of mail an address */
    const char *account, *inbox; /* chatwoot: numbers */
    const char *secret;          /* webhook: "whsec_…"; chatwoot: the token of its API */
    const char *door;            /* chatwoot: the secret end of the address that it calls; "" none */
    const char *signs;           /* chatwoot: what it signs its calls with; "" nothing */
};

struct shop {
    const char *id;   /* "default" */
    const char *name; /* as customers read it */
    const char *locale;
    const char *country; /* ISO 3166 alpha-2 or "" */
    const struct zone *zone;
    const struct number_pattern *number; /* NULL: any plausible shape */
    const char *const *number_prefixes;  /* NULL-terminated: "FR-" may be left out by customers */
    const char *const *origins;          /* exact, NULL-terminated: "https://shop.example" */
    struct hours
        hours[8]; /* by calendar_weekday: 1..7; all closed: there is no human desk, contacts are taken */
    bool always_open;
    unsigned tier1[SHOP_TIER1_SETS]; /* each a set of factors that is enough; 0 ends */
    int tier2_factors;      /* how many distinct factors make the second tier; 0: only a signed token */
    int wrong_proofs;       /* this many lock the conversation */
    int stalled_days;       /* no scan for so many days is worth saying */
    int answer_within;      /* seconds; nobody has come after so long: a contact is taken; 0: never */
    int inquiry_days;       /* working days until a person answers on an inquiry */
    const char *info_link;  /* page on delivery prices and delays, or "" */
    const char *disclosure; /* the shop's own first sentence, or "" for the catalogue's */
    struct signing_key keys[SHOP_KEYS];  /* of tokens; id NULL: none */
    const struct queue_name *queues;     /* the last has no queue; NULL: all keep their names */
    const struct carrier_link *carriers; /* the last has no carrier; NULL: none is known */
    bool ssml;                           /* what is spoken is marked for the engine, where it takes marks */
    const char *engine;                  /* that speaks at Twilio, "" not told */
    const struct called_number *calls;   /* the last has no number; NULL: none */
    const struct transfer *transfers;    /* the last has no queue; NULL: none */
    struct target handoff_to;
};

/* Of these the one with the id, NULL none. */
const struct shop *shop_find(const struct shop *shops, int count, const char *id);

bool shop_open(const struct shop *shop, int64_t now_ms);
/* When a person is next there, by the shop's clock; nothing when never. */
struct moment shop_opening(const struct shop *shop, int64_t now_ms);

const char *shop_queue(const struct shop *shop, const char *queue);
/* In the arena; "" when the carrier is none that the shop knows, or the number is not plain letters and
 * digits. */
const char *shop_link(const struct shop *shop, const char *carrier, const char *number, struct arena *arena);

/* NULL: it is none of the shop's numbers. */
const struct called_number *shop_called(const struct shop *shop, const char *number);
/* NULL: nobody takes calls of this queue. */
const struct transfer *shop_transfer(const struct shop *shop, const char *queue);
