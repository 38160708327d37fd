/* Who waits for a person, who works on it, and what each at the desk is told.
 *
 * The hand-offs that are open lie in memory, each under the number of its last change: what a seat has not
 * heard is what has a higher number, be it one change, what a lost connection has missed, or the whole queue.
 * What is done goes to the hub that has the conversation, which decides; this room opens no socket and asks
 * no password. One thread, but for desk_place. */
#pragma once
#include "bot/channels/desk.h"
#include "bot/hub/hub.h"
#include "db/staff.h"

struct desk;
struct desk_item;

/* Somebody at the desk, over one connection. It is the caller's, lies still while it is known to the desk,
 * and starts as {.name = …, .role = …, .shop = …}. */
struct seat {
    char name[AGENT_SIZE], shop[NAME_SIZE]; /* shop "": all */
    enum staff_role role;

    struct desk *desk; /* the rest is the desk's; NULL: has not said hello */
    struct seat *prev, *next;
    int64_t heard;          /* the number of the last change that it was told */
    bool behind;            /* more is to be told: desk_more asks for it */
    char watching[ID_SIZE]; /* the conversation that it looks at, "" none */
    int64_t shown;          /* … and the last turn of it that it was shown as it opened it */
    uint64_t orders;        /* a hash of the orders that it was shown with it */
    int64_t typed_ms;
};

struct desk_options {
    const struct shop *shops;
    int shop_count;
    bool forgets;    /* the store keeps nothing */
    int64_t lost_ms; /* an agent without a connection keeps what was taken for so long; 0: for ever */
};

/* Functions of the caller, called with `context` first; none of the first three may call the desk or a hub.
 */
struct desk_world {
    void *context;
    int64_t (*now_ms)(void *context);
    int64_t (*clock_ms)(void *context); /* monotonic */
    void (*send)(void *context, struct seat *seat, const char *frame, size_t len);
    /* To the hub that has the conversation (hub_act, hub_typing, hub_place). */
    void (*act)(void *context, const struct request *request, const char *id, void *ticket);
    void (*typing)(void *context, const char *conversation, const char *agent);
    void (*place)(void *context, const char *conversation, const struct place *place);
};

/* Reads the open hand-offs. NULL + error. The store is borrowed. */
struct desk *desk_new(const struct desk_world *world, const struct desk_options *options, struct store *store,
                      struct error *err);
void desk_free(struct desk *desk);
/* After a reload; all who have said hello are told. */
void desk_use(struct desk *desk, const struct shop *shops, int count);

/* What the hub's world tells (world.h). */
void desk_happened(struct desk *desk, const struct change *change);
void desk_typing(struct desk *desk, const char *conversation);
void desk_acted(struct desk *desk, void *ticket, const char *code, const char *why);
/* On any thread, but not beside desk_look or a change with hand-offs. */
void desk_place(const struct desk *desk, const char *shop, const char *conversation, struct place *out);

/* A message but SEARCH and CANNED, which are the caller's to answer. */
void desk_hear(struct desk *desk, struct seat *seat, const struct desk_message *message);
/* The seat can take more of what it has missed. True: there is more still. */
bool desk_more(struct desk *desk, struct seat *seat);
void desk_leave(struct desk *desk, struct seat *seat);
/* May this seat see what belongs to the shop? */
bool desk_sees(const struct seat *seat, const char *shop);
/* To all who have said hello: canned answers have changed. */
void desk_tell_canned(struct desk *desk);

/* Once a second: what has become in the store of those that wait; who was erased is gone. */
void desk_look(struct desk *desk);
/* Once a second: connections that stay lost, customers who wait too long, places in the queue, orders that
 * have changed. */
void desk_tick(struct desk *desk);
