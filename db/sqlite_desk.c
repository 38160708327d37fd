/* What the desk keeps, in the embedded database. */
#include "base/text.h"
#include "db/desk.h"
#include "db/sqlite.h"
#include "db/step.h"
#include <string.h>

static const char *or_empty(const char *text) {
    return text ? text : "";
}

bool sqlite_put_act(struct store *store, const struct act *act, struct error *err) {
    sqlite3_stmt *put =
        sqlite_statement(store,
                         "INSERT INTO acts(conversation, handoff, shop, agent, verb, text, at_ms, own)"
                         " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                         err);
    if (!put)
        return false;
    sqlite_bind(put, 1, or_empty(act->conversation));
    sqlite_bind(put, 2, or_empty(act->handoff));
    sqlite_bind(put, 3, or_empty(act->shop));
    sqlite_bind(put, 4, or_empty(act->agent));
    sqlite_bind(put, 5, or_empty(act->verb));
    sqlite_bind(put, 6, or_empty(act->text));
    sqlite_bind_number(put, 7, act->at_ms);
    sqlite_bind(put, 8, act->own);
    return sqlite_run(store, put, err);
}

bool store_act(struct store *store, const struct act *act, struct error *err) {
    if (!sqlite_write_begin(store, false, err))
        return false;
    if (sqlite_put_act(store, act, err))
        return sqlite_write_end(store, err);
    sqlite_write_undo(store);
    return false;
}

static void take_act(sqlite3_stmt *row, struct arena *arena, void *item) {
    *(struct act *)item = (struct act){.conversation = sqlite_text(arena, row, 0),
                                       .handoff = sqlite_text(arena, row, 1),
                                       .shop = sqlite_text(arena, row, 2),
                                       .agent = sqlite_text(arena, row, 3),
                                       .verb = sqlite_text(arena, row, 4),
                                       .text = sqlite_text(arena, row, 5),
                                       .at_ms = sqlite3_column_int64(row, 6)};
}

enum found store_acts(struct store *store, const char *conversation, struct arena *arena, struct act **out,
                      int *count, struct error *err) {
    sqlite3_stmt *row =
        sqlite_reading(store,
                       "SELECT conversation, handoff, shop, agent, verb, text, at_ms FROM acts"
                       " WHERE conversation = ?1 ORDER BY id",
                       err);
    struct sqlite_rows rows = {.size = sizeof **out};
    *count = 0;
    if (!row)
        return FAILED;
    sqlite_bind(row, 1, conversation);
    enum found found = sqlite_read(store, row, arena, &rows, take_act, err);
    *out = (struct act *)(void *)rows.items;
    *count = rows.count;
    return found;
}

enum found store_act_own(struct store *store, const char *conversation, const char *own, struct error *err) {
    sqlite3_stmt *row =
        sqlite_reading(store, "SELECT 1 FROM acts WHERE conversation = ?1 AND own = ?2 LIMIT 1", err);
    if (!row)
        return FAILED;
    sqlite_bind(row, 1, conversation);
    sqlite_bind(row, 2, own);
    enum found found = sqlite_step(store, row, err);
    sqlite3_reset(row);
    return found;
}

enum found store_conversation_handoffs(struct store *store, const char *conversation, struct arena *arena,
                                       struct handoff_row **out, int *count, struct error *err) {
    sqlite3_stmt *row = sqlite_reading(store,
                                       "SELECT " HANDOFF_COLUMNS " FROM handoffs h JOIN shops s"
                                       " ON s.id = h.shop WHERE h.conversation = ?1 ORDER BY opened_ms",
                                       err);
    struct sqlite_rows rows = {.size = sizeof **out};
    *count = 0;
    if (!row)
        return FAILED;
    sqlite_bind(row, 1, conversation);
    enum found found = sqlite_read(store, row, arena, &rows, sqlite_take_handoff, err);
    *out = (struct handoff_row *)(void *)rows.items;
    *count = rows.count;
    return found;
}

static void take_canned(sqlite3_stmt *row, struct arena *arena, void *item) {
    *(struct canned *)item = (struct canned){.shop = sqlite_text(arena, row, 0),
                                             .name = sqlite_text(arena, row, 1),
                                             .locale = sqlite_text(arena, row, 2),
                                             .text = sqlite_text(arena, row, 3)};
}

enum found store_canned(struct store *store, const char *shop, struct arena *arena, struct canned **out,
                        int *count, struct error *err) {
    sqlite3_stmt *row = sqlite_reading(store,
                                       "SELECT shop, name, locale, text FROM canned"
                                       " WHERE ?1 = '' OR shop = '' OR shop = ?1 ORDER BY name, locale, shop",
                                       err);
    struct sqlite_rows rows = {.size = sizeof **out};
    *count = 0;
    if (!row)
        return FAILED;
    sqlite_bind(row, 1, or_empty(shop));
    enum found found = sqlite_read(store, row, arena, &rows, take_canned, err);
    *out = (struct canned *)(void *)rows.items;
    *count = rows.count;
    return found;
}

bool store_canned_put(struct store *store, const struct canned *canned, struct error *err) {
    bool gone = text_empty(canned->text);
    sqlite3_stmt *put =
        sqlite_statement(store,
                         gone ? "DELETE FROM canned WHERE shop = ?1 AND name = ?2 AND locale = ?3"
                              : "INSERT INTO canned(shop, name, locale, text) VALUES(?1, ?2, ?3, ?4)"
                                " ON CONFLICT(shop, name, locale) DO UPDATE SET text = ?4",
                         err);
    if (!put || !sqlite_write_begin(store, false, err))
        return false;
    sqlite_bind(put, 1, or_empty(canned->shop));
    sqlite_bind(put, 2, canned->name);
    sqlite_bind(put, 3, canned->locale);
    if (!gone)
        sqlite_bind(put, 4, canned->text);
    if (sqlite_run(store, put, err))
        return sqlite_write_end(store, err);
    sqlite_write_undo(store);
    return false;
}

static void take_search(sqlite3_stmt *row, struct arena *arena, void *item) {
    *(struct search_row *)item = (struct search_row){.conversation = sqlite_text(arena, row, 0),
                                                     .shop = sqlite_text(arena, row, 1),
                                                     .locale = sqlite_text(arena, row, 2),
                                                     .handling = sqlite_text(arena, row, 3),
                                                     .channel = sqlite_text(arena, row, 4),
                                                     .handoff = sqlite_text(arena, row, 5),
                                                     .order = sqlite_text(arena, row, 6),
                                                     .queue = sqlite_text(arena, row, 7),
                                                     .reason = sqlite_text(arena, row, 8),
                                                     .agent = sqlite_text(arena, row, 9),
                                                     .text = sqlite_text(arena, row, 10),
                                                     .started_ms = sqlite3_column_int64(row, 11),
                                                     .updated_ms = sqlite3_column_int64(row, 12)};
}

/* The newest of a step's turns in which the words stand, whatever their case (of ASCII): they are text, not a
 * pattern. */
static void sql_turns_say(sqlite3_context *context, int arguments, sqlite3_value **values) {
    const char *bytes = sqlite3_value_blob(values[0]), *words = (const char *)sqlite3_value_text(values[1]);
    struct packed in = {bytes, bytes ? bytes + sqlite3_value_bytes(values[0]) : NULL, false};
    struct arena arena;
    int count;
    (void)arguments;
    arena_init(&arena);
    const struct turn *turns = step_turns(in, &arena, &count), *said = NULL;
    for (int i = 0; turns && i < count; i++)
        if (words && strcasestr(turns[i].text, words))
            said = &turns[i];
    if (said)
        sqlite3_result_text(context, said->text, -1, SQLITE_TRANSIENT);
    arena_clear(&arena);
}

bool sqlite_define_search(struct store *store, struct error *err) {
    return sqlite3_create_function(store->db, "turns_say", 2, SQLITE_UTF8, NULL, sql_turns_say, NULL, NULL) ==
               SQLITE_OK ||
           sqlite_failed(store, err);
}

enum found store_search(struct store *store, const struct search *search, struct arena *arena,
                        struct search_row **out, int *count, struct error *err) {
    /* Of each conversation the newest step in which the words stand. */
    static const char *const sql =
        "WITH said AS (SELECT conversation, max(id), turns_say(turns, ?2) AS text FROM steps"
        " WHERE turns_say(turns, ?2) IS NOT NULL GROUP BY conversation)"
        "SELECT c.id, s.name, c.locale, handling, channel, ifnull(h.id, ''), ifnull(h.\"order\", ''),"
        " ifnull(queue, ''), ifnull(reason, ''), ifnull(agent, ''), ifnull(text, ''), started_ms, p.at_ms"
        " FROM conversations c JOIN shops s ON s.id = c.shop JOIN heads ON heads.conversation = row"
        " JOIN steps p ON p.id = heads.step LEFT JOIN said ON said.conversation = row"
        " LEFT JOIN handoffs h ON h.id ="
        " (SELECT id FROM handoffs WHERE conversation = c.id ORDER BY opened_ms DESC LIMIT 1)"
        " WHERE (?1 = '' OR s.name = ?1) AND (?5 OR h.id IS NOT NULL)"
        " AND (text IS NOT NULL OR c.id = upper(?2) OR h.id = upper(?2)"
        " OR (?3 <> '' AND replace(replace(upper(ifnull(h.\"order\", '')), '-', ''), ' ', '') = ?3)"
        " OR (?4 <> '' AND order_hash = ?4)"
        " OR EXISTS (SELECT 1 FROM acts a WHERE a.conversation = c.id AND a.verb = 'note'"
        " AND instr(lower(a.text), lower(?2)) > 0))"
        " ORDER BY p.at_ms DESC LIMIT ?6";
    sqlite3_stmt *row = sqlite_reading(store, sql, err);
    struct sqlite_rows rows = {.size = sizeof **out};
    *count = 0;
    if (!row)
        return FAILED;
    sqlite_bind(row, 1, or_empty(search->shop));
    sqlite_bind(row, 2, or_empty(search->words));
    sqlite_bind(row, 3, or_empty(search->order));
    sqlite_bind(row, 4, or_empty(search->order_hash));
    sqlite_bind_number(row, 5, search->all);
    sqlite_bind_number(row, 6, search->most);
    enum found found = sqlite_read(store, row, arena, &rows, take_search, err);
    *out = (struct search_row *)(void *)rows.items;
    *count = rows.count;
    return found;
}
