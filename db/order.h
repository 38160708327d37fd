/* An order as plain facts: what the shop and its carriers have told us, and when. No behaviour but the status
 * list.
 *
 * Strings are UTF-8, never NULL ("" is unknown), and live as long as the arena (or the static table) they
 * came from. */
#pragma once
#include "base/moment.h"

/* The one canonical list; names, what they mean for a promise, and the crosswalk from other systems' words
 * stand in db/status.c. */
enum status {
    STATUS_UNKNOWN,
    STATUS_PLACED,
    STATUS_CONFIRMED,
    STATUS_ON_HOLD,
    STATUS_BACKORDER,
    STATUS_PREPARING,
    STATUS_INFO_RECEIVED, /* label made, not scanned by the carrier */
    STATUS_IN_TRANSIT,
    STATUS_CUSTOMS,
    STATUS_OUT_FOR_DELIVERY,
    STATUS_ATTEMPT_FAILED,
    STATUS_READY_FOR_PICKUP,
    STATUS_DELIVERED,
    STATUS_EXCEPTION,
    STATUS_RETURNING,
    STATUS_RETURNED,
    STATUS_LOST,
    STATUS_DAMAGED,
    STATUS_CANCELLED,
    STATUS_EXPIRED, /* the carrier has said nothing for 30 days */
    STATUS_COUNT
};

const char *status_name(enum status status); /* "in_transit" */
enum status status_named(const char *name);  /* STATUS_UNKNOWN when there is no such name */
/* Also the words of other systems, in any case and punctuation: "InTransit", "OUT_FOR_DELIVERY", "MD2". A
 * word such as "pending" means one thing of an order and another of a parcel. STATUS_UNKNOWN when nobody is
 * known to say so. */
enum status_subject { STATUS_OF_ORDER = 1, STATUS_OF_PARCEL = 2 };
enum status status_read(const char *word, enum status_subject subject);
/* Why an order is in the state that this word tells, as a hold_reason: "payment", "refunded"; "" it does not
 * say. */
const char *status_reason(const char *word);
bool status_final(enum status status); /* nothing more will come: delivered, returned, lost, cancelled */
bool status_with_carrier(enum status status); /* the carrier has scanned it at least once */

/* A span in which something is due; from may be none. */
struct due {
    struct moment from, to;
};

struct checkpoint {
    struct moment at; /* the event's own time */
    enum status status;
    int64_t received_ms; /* when we learnt of it */
    const char *code;    /* the carrier's raw code */
    const char *label, *place, *source;
};

struct pickup {
    const char *name, *address, *hours, *code;
    struct moment deadline;
};

struct proof_of_delivery {
    struct moment at;
    const char *where; /* letterbox | neighbour | locker | safe_place | reception | door | pickup_point |
                          hand, or the carrier's own words */
    const char *to;    /* who signed or took it */
    bool signed_for;
};

struct parcel {
    const char *id; /* stable within the order */
    const char *carrier, *tracking_number, *tracking_url;
    enum status status;      /* by the newest checkpoint of its own time; else as imported */
    struct moment status_at; /* when it became so */
    const char *reason; /* attempt_failed and exception: nobody_home | no_access | wrong_address | refused |
                           weather | damaged | customs_fee | …  or own words */
    struct due estimate, first_estimate; /* the carrier's */
    struct moment next_attempt;
    struct pickup pickup;
    struct proof_of_delivery proof;
    struct checkpoint *checkpoints; /* by their own time, oldest first, duplicates removed */
    int checkpoint_count;
};

struct line {
    const char *sku, *title;
    int quantity;
    enum status state;       /* STATUS_UNKNOWN: as its parcel, or as the order */
    int parcel;              /* index into parcels; -1 not in one yet, or not told */
    struct moment available; /* pre-order or back-order date of this line */
};

struct order {
    const char *shop;
    const char *number; /* as printed */
    const char *key;    /* key_number(number) */
    const char *external_id;
    struct moment placed_at;
    enum status state;
    const char *option; /* same_day | standard | express | locker | pickup_point | click_collect | "" */
    struct due promise; /* what was first agreed with the customer */
    const char *promise_origin; /* shop | carrier | rule */
    struct due revised;         /* what the shop has promised since; none when the first stands */
    struct moment dispatch_by;  /* when it is to leave the shop */
    const char *hold_reason;    /* payment | stock | address | fraud_check | preorder | …; of a cancelled
                                  one: refunded */
    struct moment hold_until;   /* expected end of hold, or back-order or pre-order date */
    bool cancellable;
    const char *email;    /* key_email form */
    const char *phone;    /* E.164 */
    const char *postcode; /* as printed */
    const char *country, *locale, *first_name;
    int64_t updated_ms;
    struct line *lines;
    int line_count;
    struct parcel *parcels; /* in the order in which they were made */
    int parcel_count;
};

/* The order's state as its parcels tell it: that of the least advanced parcel that is still on its way, else
 * what became of them; cancelled when every line is and no parcel says otherwise. STATUS_UNKNOWN when they
 * say nothing. */
enum status order_derive(const struct order *order);

struct order_list {
    struct order **orders; /* newest placed first */
    int count;
    const void *near[2]; /* where the one was found that is kept (kept.h), to be fetched from memory before it
                            is asked for again; it may have gone by then. NULL: nowhere */
};

/* How orders are asked for. Values are normalised keys (base/key.h). */
enum order_by {
    ORDER_BY_KEY,      /* key_number, exact */
    ORDER_BY_DIGITS,   /* key_digits of the whole number: prefix or dashes missing, or keyed on a phone */
    ORDER_BY_TRACKING, /* key_number of a tracking number */
    ORDER_BY_EMAIL,
    ORDER_BY_PHONE /* E.164 */
};
enum { ORDER_QUERY_VALUES = 16, ORDER_LIST_MAX = 8 };

struct order_query {
    const char *shop;
    enum order_by by;
    const char *values[ORDER_QUERY_VALUES]; /* any of these */
    int count;
    const char *postcode; /* of one e-mail's or phone's orders, those of this come first; NULL: the newest */
};
