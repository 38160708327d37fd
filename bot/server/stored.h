/* The world's questions to what is stored, answered inline by one connection: look-ups, conversations, turns,
 * hand-offs; commits at once, without a writer. `wismo ask` needs no more; the server replaces commit and
 * adds time.
 *
 * struct world.context must point at a struct stored (or at a struct that begins with one). */
#pragma once
#include "bot/hub/world.h"
#include "db/store.h"

struct stored {
    struct store *store; /* the caller's; STORE_WRITE where stored_commit is used */
    int64_t failed;      /* questions that could not be answered: a damaged file, a disk that gives errors */
};

/* Sets look_up, proved, conversation, turns, open_handoff, act_own, commit and refuse; the rest is the
 * caller's. */
void stored_world(struct world *world);
