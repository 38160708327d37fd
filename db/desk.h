/* What the desk keeps: the record of what people do, the answers that lie ready, and the search. */
#pragma once
#include "db/store.h"

/* An act that belongs to no change of a conversation: signing in, editing an answer. */
bool store_act(struct store *store, const struct act *act, struct error *err);
/* Of one conversation, oldest first. */
enum found store_acts(struct store *store, const char *conversation, struct arena *arena, struct act **out,
                      int *count, struct error *err);
/* Has the conversation an act that its agent names so? */
enum found store_act_own(struct store *store, const char *conversation, const char *own, struct error *err);

/* All hand-offs of one conversation, oldest first. */
enum found store_conversation_handoffs(struct store *store, const char *conversation, struct arena *arena,
                                       struct handoff_row **out, int *count, struct error *err);

struct canned {
    const char *shop; /* "" all */
    const char *name, *locale, *text;
};
/* Those of the shop and those of all shops; shop "": every one. */
enum found store_canned(struct store *store, const char *shop, struct arena *arena, struct canned **out,
                        int *count, struct error *err);
bool store_canned_put(struct store *store, const struct canned *canned,
                      struct error *err); /* no text: gone */

/* Conversations that were handed over at some time (`all`: every one), newest first. */
struct search {
    const char *shop;  /* "" all */
    const char *words; /* stands in a turn, in a private note, or is the id of a hand-off or conversation */
    const char *order; /* key_number of the words, "" none: the number of an order */
    const char *order_hash; /* … and its hash, "" none */
    bool all;
    int most;
};
struct search_row {
    const char *conversation, *shop, *locale, *handling, *channel;
    const char *handoff, *order, *queue, *reason, *agent; /* of the last hand-off; "" none */
    const char *text;                                     /* the turn in which the words stand, or "" */
    int64_t started_ms, updated_ms;
};
enum found store_search(struct store *store, const struct search *search, struct arena *arena,
                        struct search_row **out, int *count, struct error *err);
