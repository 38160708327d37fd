#include "bot/cli/past.h"
#include "base/text.h"

enum { PORTION = 256 };

static bool read_past(struct store *store, const char *id, struct past *past, struct arena *arena,
                      struct error *err) {
    *past = (struct past){0};
    return store_conversation(store, id, arena, &past->conversation, err) != FAILED &&
           store_turns(store, id, 0, arena, &past->turns, &past->turn_count, err) != FAILED &&
           store_notes(store, id, arena, &past->notes, &past->note_count, err) != FAILED;
}

static bool read_all(struct store *store, struct settings *settings, struct arena *ids, struct arena *arena,
                     void (*each)(const struct past *, struct store *, struct arena *, void *), void *context,
                     struct error *err) {
    const char *shop = text_empty(settings->shop_id) ? "" : settings->shop_id;
    char after[32] = "";
    for (int count = PORTION; count == PORTION;) {
        const char **list;
        arena_reset(ids);
        if (store_conversations(store, shop, settings->since_ms, after, PORTION, ids, &list, &count, err) ==
            FAILED)
            return false;
        for (int i = 0; i < count; i++) {
            struct past past;
            arena_reset(arena);
            if (!read_past(store, list[i], &past, arena, err))
                return false;
            if (past.conversation.id != NULL)
                each(&past, store, arena, context);
            store_rest(store);
            TEXT_SET(after, list[i]);
        }
    }
    return true;
}

bool past_each(struct settings *settings,
               void (*each)(const struct past *past, struct store *store, struct arena *arena, void *context),
               void *context, struct error *err) {
    struct arena ids, arena;
    struct store *store = store_open(settings->db, STORE_READ, err);
    if (!store)
        return false;
    arena_init(&ids);
    arena_init(&arena);
    bool ok = read_all(store, settings, &ids, &arena, each, context, err);
    arena_clear(&arena);
    arena_clear(&ids);
    store_close(store);
    return ok;
}
