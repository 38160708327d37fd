/* Who is talking: conversations by id, what happens to them one after the other, and the effects that follow,
 * carried out over a struct world.
 *
 * A hub belongs to one thread. It never blocks, opens nothing and knows no channel's spelling. What a
 * customer hears has been committed before; a commit that fails leaves the conversation where it was.
 * Conversations are in memory while something happens to them and in their row otherwise.
 *
 *     hub_hear(hub, &listener, &message) → dialogue_step … → world.commit → world.deliver(listener, …)
 */
#pragma once
#include "bot/dialogue/dialogue.h"
#include "bot/hub/world.h"

struct hub;
struct session;
struct limiter;

/* Someone who hears a conversation: a socket, a terminal, later a desk. It is the caller's, lies still while
 * it is known to the hub, and starts as {.address = …, .channel = …}. */
struct listener {
    const char *address; /* whom to slow: an address; NULL: nobody */
    const char *channel; /* "chat" | "terminal" | "phone" … */
    bool paced;          /* what was missed comes in portions: hub_more asks for the next */
    enum voice voice;
    bool own_silence; /* by phone, one key at a time and no word of silences: the hub tells the time */

    struct session *session; /* the rest is the hub's */
    struct listener *prev, *next;
    int64_t seq;   /* the last turn that was delivered */
    bool behind;   /* turns after it are still to be read from the store */
    bool greeting; /* its hello is under way */
    int refused;   /* messages in a row that were too many */
};

/* All that answers are made of; immutable, swapped whole on reload. The reader is the hub's thread's own. */
struct brain {
    const struct catalogue *catalogue;
    struct reader *reader;
    const struct phrasebook *book;
    const struct shop *shops;
    int shop_count;
};

/* Token buckets: `rate` a second, `burst` at once; rate 0: no limit. */
struct hub_rate {
    double rate, burst;
};

struct hub_options {
    struct brain brain;
    const uint8_t *secret; /* 32 bytes (store_secret): keyed hashes of customers, orders and resume tokens */
    struct hub_rate per_conversation, per_address; /* messages */
    int64_t idle_ms;         /* a conversation leaves memory after so long without an event */
    struct limiter *limiter; /* borrowed, of several hubs (limiter_share); NULL: its own */
};
/* 1 message a second and 20 at once of a conversation, 30 and 300 of an address, a minute in memory. */
extern const struct hub_options hub_defaults;

struct hub *hub_new(const struct world *world, const struct hub_options *options, struct error *err);
void hub_free(struct hub *hub); /* listeners that are still known are forgotten; nothing is delivered */

/* Answers are made of this from the next event on. What was used before may be freed. */
void hub_use(struct hub *hub, const struct brain *brain);

/* A message of this listener is soon to be heard: what is kept of its conversation is fetched from memory
 * meanwhile, for a thousand others may have spoken since. First where it is kept, a little later the rest. */
void hub_fetch_first(const struct listener *listener);
void hub_fetch(const struct listener *listener);
/* A message of a customer. Whatever comes of it reaches listeners as deliveries, at once or later. */
void hub_hear(struct hub *hub, struct listener *listener, const struct message *message);
/* A message that could not even be read: counts against the limits and is answered with the fault. */
void hub_fault(struct hub *hub, struct listener *listener, const struct fault *fault);
/* A paced listener can take more of what it missed. True: there is more still; ask again on another turn of
 * the loop. */
bool hub_more(struct hub *hub, struct listener *listener);
/* The listener is gone. The conversation is not. */
void hub_leave(struct hub *hub, struct listener *listener);
/* What another process asks (store_requests). The same request may be given again until it is done. */
void hub_request(struct hub *hub, const struct request *request);

/* What somebody does at the desk, or the desk itself: take | say | return | close (text: why) | transfer
 * (text: the queue) | release | assign (agent: to whom; text: by whom) | lost (the agent's connection) |
 * nobody (has come so far) | note (text, private). One after the other, as everything in a conversation: of
 * two who take it one hears that it is taken. `id` is the agent's own; the same twice is said or
 * noted once (a note: as long as the conversation stays in memory); NULL none. world.acted follows. */
void hub_act(struct hub *hub, const struct request *request, const char *id, void *ticket);
/* An agent types; the conversation waits at this place. Only those who listen are told. */
void hub_typing(struct hub *hub, const char *conversation, const char *agent);
void hub_place(struct hub *hub, const char *conversation, const struct place *place);

/* The answer to a commit that came LATER. */
void hub_committed(struct hub *hub, void *ticket, bool ok, const struct error *err);
/* The time that world.wake asked for has come. */
void hub_tick(struct hub *hub);

/* The conversation that the listener hears; NULL: none yet. */
const char *hub_conversation(const struct listener *listener);

struct hub_counts {
    int sessions,   /* conversations that are known */
        resident,   /* … with their state in memory */
        working;    /* … with an event under way */
    int64_t slowed, /* messages that were too many, since the start */
        held_back;  /* tries at proof whose answer was held back */
};
struct hub_counts hub_count(const struct hub *hub);
