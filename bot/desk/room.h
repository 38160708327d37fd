/* What lies in the desk. Private to bot/desk. */
#pragma once
#include "base/memory.h"
#include "bot/desk/desk.h"
#include <stdlib.h>
#define uthash_fatal(message) memory_exhausted()
#include <uthash.h>
#include <utlist.h>

enum {
    PORTION_ITEMS = 64, /* of a frame */
    GONE_MAX = 4096,    /* hand-offs that ended, for those who come back */
    CLAIMS = 20,        /* that the expected wait is reckoned from */
    WORDS_SIZE = 161
};

struct item {
    char conversation[ID_SIZE], handoff[ID_SIZE];
    char shop[NAME_SIZE], channel[16], locale[16], queue[64], reason[64], order[KEY_SIZE],
        contact[EMAIL_SIZE], agent[AGENT_SIZE], words[WORDS_SIZE];
    char delivery[16], trouble[160];
    enum handoff_status status;
    int64_t opened_ms, changed_ms, turn;
    int64_t said, said_ms; /* the customer's newest turn, with its words */
    int64_t change;        /* the number of its last change */
    int64_t since_ms;      /* monotonic: taken, or known, since */
    int64_t seen;          /* the last look at the store that found it, or before it came */
    int position;          /* that its customer was told last */
    bool outside;          /* taken by somebody who does not work at the desk */
    bool asked;            /* that nobody has come was told, or is not to be */
    UT_hash_handle hh;
    struct item *prev, *next; /* by change, oldest first */
};

struct gone {
    char handoff[ID_SIZE], shop[NAME_SIZE];
    int64_t change;
};

/* Somebody's name, and whether there is a connection. */
struct presence {
    char name[AGENT_SIZE];
    enum staff_role role;
    int seats;
    int64_t left_ms; /* monotonic */
    UT_hash_handle hh;
};

/* What the hub has been asked, until it has answered. */
struct asked {
    struct seat *seat; /* NULL: the desk itself, or gone */
    char id[DESK_ID_MAX + 1];
    struct asked *prev, *next;
};

struct desk {
    struct desk_world world;
    struct desk_options options;
    struct store *store;
    char epoch[ID_SIZE];
    int64_t change; /* the last number that was given */
    struct item *items, *by_change;
    struct item **line; /* those that wait, by shop and then by opening */
    int line_count, line_room;
    struct gone gone[GONE_MAX];
    int64_t gone_count; /* ever */
    struct seat *seats;
    struct presence *presences;
    struct asked *asked;
    int64_t claims[CLAIMS]; /* monotonic times of the last ones */
    int64_t claim_count;
    int64_t placed_ms, looked_ms;
    int64_t look;       /* at the store: the number of the last */
    struct arena arena; /* of one call */
    struct buffer out;
};

/* desk.c */
void seat_send(struct desk *desk, struct seat *seat); /* what desk->out holds */
int64_t desk_clock(const struct desk *desk);
struct item *desk_item(const struct desk *desk, const char *conversation);
/* Has the hub do it; the seat (NULL: nobody) hears what came of it. */
void desk_ask(struct desk *desk, struct seat *seat, const char *id, const struct request *request);

/* queue.c: what is open. */
bool queue_load(struct desk *desk, struct error *err);
void queue_happened(struct desk *desk, const struct change *change);
/* Tells what the seat has not heard, at most a portion. True: there is more. */
bool queue_tell(struct desk *desk, struct seat *seat);
bool queue_known(const struct desk *desk, const char *epoch, int64_t seq); /* can it be resumed from there? */
void queue_tick(struct desk *desk);

/* view.c: one conversation, as whoever opens it sees it. False: it may not be seen, or is not there. */
bool view_open(struct desk *desk, struct seat *seat, const char *id, const char *conversation);
void view_tick(struct desk *desk, struct seat *seat); /* its orders have changed? */
