/* Conversations that are stored, one after the other. Private to bot/cli. */
#pragma once
#include "bot/settings/settings.h"
#include "db/store.h"

struct past {
    struct conversation conversation;
    struct turn *turns;
    struct note *notes;
    int turn_count, note_count;
};

/* Calls `each` for every conversation that has begun since settings->since_ms, of settings->shop_id when one
 * was named. What is in `past` lives in the arena until `each` returns. False + error: the database cannot be
 * read. */
bool past_each(struct settings *settings,
               void (*each)(const struct past *past, struct store *store, struct arena *arena, void *context),
               void *context, struct error *err);
