/* An order seen from a customer's side at one moment: what is due when, what is late by how much, what has
 * gone quiet. Pure arithmetic on the order's own facts, in the shop's zone; every derived value can name the
 * facts it came from. */
#pragma once
#include "base/arena.h"
#include "bot/dialogue/shop.h"
#include "db/order.h"

/* Which fact of an order it is: of its first, second … parcel, or of the order itself. */
struct origin {
    int parcel;       /* 0: of the order */
    const char *what; /* "promise", "carrier"; "" the order or parcel itself; NULL none */
};

struct parcel_view {
    const struct parcel *parcel;
    int index, count; /* 1 of 2; count 1 for a single one */
    enum status status;
    struct moment due; /* the newest date that still lies ahead (or today): the carrier's estimate, else the
                          shop's promise */
    struct moment due_from;   /* start of that span, or none */
    int32_t due_since;        /* its first day, though it may have passed; 0: it is no span of days */
    struct due slot;          /* the hours of due, where it is a span within a day; else none */
    struct origin due_source; /* the parcel's estimate, or the order's revised promise or promise */
    bool due_promised;        /* due is the shop's word, not the carrier's estimate */
    struct moment promised;   /* what was first agreed */
    int days_late;            /* of due, or of today when no date lies ahead, against promised; 0 on time, or
                                 nothing more will come */
    int lateness;             /* the same, but told of what was delivered, too; -1: nobody can tell */
    bool early;
    const struct checkpoint *last_scan; /* the newest by a carrier, or NULL */
    int days_silent;                    /* since last_scan, when still on the way; else 0 */
    bool stalled;
    const char *link; /* the carrier's page for it, or "" */
    struct origin link_source;
};

/* What is to be expected of a parcel, or of what is in none yet. */
enum outlook {
    OUTLOOK_NONE,   /* nobody has given a date */
    OUTLOOK_DUE,    /* a date lies ahead */
    OUTLOOK_BEHIND, /* a date lies ahead, but what should have come before it has not, or something went wrong
                       since the shop gave it */
    OUTLOOK_OVERDUE, /* what was agreed has passed, and there is no new date */
    OUTLOOK_WAITS,   /* for the customer to collect it */
    OUTLOOK_KEPT,    /* it waited for that, until a day that is over: it may be going back */
    OUTLOOK_THERE,   /* delivered */
    OUTLOOK_OVER     /* nothing will come as things stand: cancelled, lost, damaged, on its way back */
};

struct prospect {
    enum outlook outlook;
    const struct parcel_view *view; /* NULL: what is in no parcel yet */
    struct moment due, due_from, promised;
    int32_t due_since; /* the first day that it may come */
    struct origin due_source;
    bool due_promised; /* due is the shop's word, not the carrier's estimate */
    bool shaky;        /* no scan for days, or something went wrong: due may not hold */
    int days_late;
    struct moment dispatch_by, available; /* OUTLOOK_BEHIND: which of them has passed or comes too late */
};

struct picture {
    const struct order *order;
    int64_t now_ms;
    int32_t today; /* the day of now_ms */
    struct parcel_view *parcels;
    int parcel_count;
    struct prospect *prospects; /* one a parcel, and one for what is in none */
    int prospect_count;
    bool outstanding;                     /* lines are not in a parcel yet */
    struct moment dispatch_by, available; /* of what is outstanding; available lies ahead, or none */
    const char *available_source;
    bool dispatch_missed; /* dispatch_by has passed */
    bool shipped;         /* anything has been handed to a carrier or made ready */
    bool final;           /* nothing more will come */
    struct moment due;    /* of the whole order before there are parcels */
    int32_t due_since;
    struct moment promised;
    int days_late;
};

/* Is its time of day known? Midnight is how many programs write a day. */
bool picture_timed(struct moment moment);
/* The last moment of a span, its start when no end is known; that of a slot until 24:00 is of its own day. */
struct moment picture_last(struct due due);
/* Is it still to come: by the moment where its time of day is known, else by the day? */
bool picture_ahead(struct moment moment, int64_t now_ms, int32_t today);
/* The newest scan of a parcel, or the newest by its carrier, that is not still to come (carriers announce
 * some); NULL: none. */
const struct checkpoint *picture_last_scan(const struct parcel *parcel, bool by_carrier, int64_t now_ms,
                                           int32_t today);
/* Has what lasts until then ended: by the moment where its time of day is known, else with its day? none: no.
 */
bool picture_over(const struct picture *picture, struct moment last, const struct zone *zone);
/* Is this line known to be in no parcel yet, though it will be? By its own state, else by the order's. */
bool picture_waits(const struct order *order, const struct line *line);
void picture_draw(struct picture *picture, const struct order *order, const struct shop *shop, int64_t now_ms,
                  struct arena *arena);
/* Leaves this parcel alone in it, 1 the first: what is asked of it is answered of nothing else. */
void picture_narrow(struct picture *picture, int parcel);
/* What is to be expected of this parcel. */
const struct prospect *picture_prospect(const struct picture *picture, const struct parcel_view *view);
