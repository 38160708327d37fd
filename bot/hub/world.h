/* What the hub asks of the world it lives in: time, facts, a place to write, someone to tell. The server
 * answers from a store and a writer, the terminal from a store alone, a test from its fixtures.
 *
 * All functions are called on the hub's own thread with `context` first. */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "bot/channels/message.h"
#include "db/change.h"
#include "db/order.h"

struct listener;

enum answer { ANSWER_FOUND, ANSWER_MISSING, ANSWER_FAILED, ANSWER_LATER /* to a commit alone */ };

struct world {
    void *context;

    int64_t (*now_ms)(void *context);
    int64_t (*now_us)(void *context); /* monotonic, for latencies */

    /* Orders. proof: the customer tries to prove one; the time that takes must not tell whether it exists. */
    enum answer (*look_up)(void *context, const struct order_query *query, bool proof, struct arena *arena,
                           struct order_list *out, struct error *err);
    /* The customer has proved this one of those that the look-up before has found: questions about it follow.
     * NULL: that is the same to the world. */
    void (*proved)(void *context, const struct order *order);

    /* What is stored of a conversation; turns with seq > after, oldest first. */
    enum answer (*conversation)(void *context, const char *id, struct arena *arena, struct conversation *out,
                                struct error *err);
    /* The id of the newest conversation over a call. */
    enum answer (*call)(void *context, const char *call_hash, struct arena *arena, const char **out,
                        struct error *err);
    enum answer (*turns)(void *context, const char *id, int64_t after, struct arena *arena, struct turn **out,
                         int *count, struct error *err);
    /* The hand-off of the conversation that waits or is taken. */
    enum answer (*open_handoff)(void *context, const char *shop, const char *conversation,
                                struct arena *arena, struct handoff *out, struct error *err);
    /* Is there an act in the conversation that its agent names so (struct act)? NULL: there is not. */
    enum answer (*act_own)(void *context, const char *conversation, const char *own, struct error *err);

    /* Writes all of the change or nothing. FOUND: it is stored. LATER: hub_committed(hub, ticket, …) follows;
     * the change has been copied, and `kept` is the copy, which stays until hub_committed returns. MISSING:
     * no room now, nothing is stored. FAILED + error. */
    enum answer (*commit)(void *context, const struct change *change, void *ticket,
                          const struct change **kept, struct error *err);
    /* May a conversation of this id live in this hub? Never one of another that works on the same store.
     * NULL: all may. */
    bool (*owns)(void *context, const char *id);
    bool forgets; /* commit stores nothing: states come to it as "" */
    /* A request of another process that cannot be carried out. */
    void (*refuse)(void *context, int64_t request, const char *why);

    /* Tells one listener. Must not call the hub. */
    void (*deliver)(void *context, struct listener *listener, const struct delivery *delivery);

    /* Call hub_tick at this time (one time at most is outstanding; an earlier call replaces it; 0: none).
     * NULL: the clock stands still, nothing is ever delayed and no timer runs. */
    void (*wake)(void *context, int64_t at_ms);

    /* Each may be NULL; none may call the hub.
     * A change has been committed and told, so long after what led to it was heard. */
    void (*happened)(void *context, const struct change *change, int64_t took_us);
    /* A customer types; not more often than once a second. */
    void (*typing)(void *context, const char *conversation);
    /* What came of hub_act: code NULL it is done; else taken | not_taken | not_open | no_words | unknown |
     * busy | failed, and a sentence. */
    void (*acted)(void *context, void *ticket, const char *code, const char *why);
    /* Where a conversation of the shop stands in the queue, or would stand. */
    void (*place)(void *context, const char *shop, const char *conversation, struct place *out);
};
