/* Hand-offs, and what is asked of the owner of the conversations, in the embedded database. */
#include "base/text.h"
#include "db/sqlite.h"

static const char *or_empty(const char *text) {
    return text ? text : "";
}

/* Writing. */

bool sqlite_put_handoff(struct store *store, const char *conversation, int64_t shop,
                        const struct handoff *handoff, struct error *err) {
    sqlite3_stmt *put = sqlite_statement(
        store,
        "INSERT INTO handoffs(id, conversation, shop, queue, reason, \"order\", locale, summary, contact, "
        "agent,"
        " status, opened_ms, changed_ms) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
        " ON CONFLICT(id) DO UPDATE SET queue = ifnull(nullif(?4, ''), queue),"
        " reason = ifnull(nullif(?5, ''), reason), \"order\" = ifnull(nullif(?6, ''), \"order\"),"
        " locale = ifnull(nullif(?7, ''), locale), summary = ifnull(nullif(?8, ''), summary),"
        " contact = ifnull(nullif(?9, ''), contact),"
        " agent = CASE ?11 WHEN 'waiting' THEN '' ELSE ifnull(nullif(?10, ''), agent) END,"
        " status = ?11, changed_ms = ?13",
        err);
    if (!put)
        return false;
    sqlite_bind(put, 1, handoff->id);
    sqlite_bind(put, 2, conversation);
    sqlite_bind_number(put, 3, shop);
    sqlite_bind(put, 4, or_empty(handoff->queue));
    sqlite_bind(put, 5, or_empty(handoff->reason));
    sqlite_bind(put, 6, or_empty(handoff->order));
    sqlite_bind(put, 7, or_empty(handoff->locale));
    sqlite_bind(put, 8, handoff->summary);
    sqlite_bind(put, 9, or_empty(handoff->contact));
    sqlite_bind(put, 10, or_empty(handoff->agent));
    sqlite_bind(put, 11, handoff_status_name(handoff->status));
    sqlite_bind_number(put, 12, handoff->opened_ms);
    sqlite_bind_number(put, 13, handoff->changed_ms);
    return sqlite_run(store, put, err);
}

bool sqlite_end_request(struct store *store, int64_t id, const char *outcome, struct error *err) {
    sqlite3_stmt *put =
        sqlite_statement(store, "UPDATE requests SET outcome = ?2 WHERE id = ?1 AND outcome IS NULL", err);
    if (!put)
        return false;
    sqlite_bind_number(put, 1, id);
    sqlite_bind(put, 2, outcome);
    return sqlite_run(store, put, err);
}

bool sqlite_put_request(struct store *store, const struct request *request, int64_t *id, struct error *err) {
    sqlite3_stmt *put =
        sqlite_statement(store,
                         "INSERT INTO requests(conversation, handoff, verb, agent, text, at_ms, remote)"
                         " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"
                         " ON CONFLICT(remote) WHERE remote IS NOT NULL DO UPDATE SET remote = remote"
                         " RETURNING id",
                         err);
    if (!put)
        return false;
    sqlite_bind(put, 1, or_empty(request->conversation));
    sqlite_bind(put, 2, or_empty(request->handoff));
    sqlite_bind(put, 3, or_empty(request->verb));
    sqlite_bind(put, 4, or_empty(request->agent));
    sqlite_bind(put, 5, or_empty(request->text));
    sqlite_bind_number(put, 6, request->at_ms);
    sqlite_bind(put, 7, request->remote);
    if (sqlite_step(store, put, err) != FOUND)
        return false;
    *id = sqlite3_column_int64(put, 0);
    sqlite3_reset(put);
    return true;
}

bool store_request(struct store *store, const struct request *request, int64_t *id, struct error *err) {
    /* A person's order to the program: as durable as a promise. */
    if (!sqlite_write_begin(store, true, err))
        return false;
    if (!sqlite_put_request(store, request, id, err)) {
        sqlite_write_undo(store);
        return false;
    }
    return sqlite_write_end(store, err);
}

bool store_request_refuse(struct store *store, int64_t id, const char *why, struct error *err) {
    if (!sqlite_write_begin(store, false, err))
        return false;
    if (sqlite_end_request(store, id, text_empty(why) ? "refused" : why, err))
        return sqlite_write_end(store, err);
    sqlite_write_undo(store);
    return false;
}

/* Reading. */

void sqlite_take_handoff(sqlite3_stmt *row, struct arena *arena, void *item) {
    struct handoff_row *handoff = item;
    const char *status = (const char *)sqlite3_column_text(row, 8);
    *handoff = (struct handoff_row){{.id = sqlite_text(arena, row, 0),
                                     .queue = sqlite_text(arena, row, 1),
                                     .reason = sqlite_text(arena, row, 2),
                                     .order = sqlite_text(arena, row, 3),
                                     .locale = sqlite_text(arena, row, 4),
                                     .summary = sqlite_text(arena, row, 5),
                                     .contact = sqlite_text(arena, row, 6),
                                     .agent = sqlite_text(arena, row, 7),
                                     .status = HANDOFF_WAITING,
                                     .opened_ms = sqlite3_column_int64(row, 9),
                                     .changed_ms = sqlite3_column_int64(row, 10)},
                                    .conversation = sqlite_text(arena, row, 11),
                                    .shop = sqlite_text(arena, row, 12),
                                    .delivery = or_empty(sqlite_text(arena, row, 13)),
                                    .trouble = or_empty(sqlite_text(arena, row, 14))};
    for (enum handoff_status known = HANDOFF_WAITING; known <= HANDOFF_WITHDRAWN; known++)
        if (text_is(handoff_status_name(known), status))
            handoff->handoff.status = known;
}

#define HANDOFF_ROWS "SELECT " HANDOFF_COLUMNS " FROM handoffs h JOIN shops s ON s.id = h.shop"

enum found store_handoffs(struct store *store, const char *shop, int status, struct arena *arena,
                          struct handoff_row **out, int *count, struct error *err) {
    sqlite3_stmt *rows =
        sqlite_reading(store,
                       HANDOFF_ROWS " WHERE (?1 IS NULL OR s.name = ?1)"
                                    " AND (?2 IS NULL OR h.status = ?2) ORDER BY opened_ms, h.id",
                       err);
    struct sqlite_rows array = {.size = sizeof **out};
    *count = 0;
    if (!rows)
        return FAILED;
    sqlite_bind(rows, 1, text_empty(shop) ? NULL : shop);
    sqlite_bind(rows, 2, status < 0 ? NULL : handoff_status_name((enum handoff_status)status));
    enum found found = sqlite_read(store, rows, arena, &array, sqlite_take_handoff, err);
    *out = (struct handoff_row *)(void *)array.items;
    *count = array.count;
    return found;
}

enum found store_handoff(struct store *store, const char *id, struct arena *arena, struct handoff_row *out,
                         struct error *err) {
    sqlite3_stmt *row = sqlite_reading(store, HANDOFF_ROWS " WHERE h.id = ?1", err);
    if (!row)
        return FAILED;
    sqlite_bind(row, 1, id);
    enum found found = sqlite_step(store, row, err);
    if (found == FOUND) {
        sqlite_take_handoff(row, arena, out);
        sqlite3_reset(row);
    }
    return found;
}

bool store_waiting(struct store *store, int64_t *count, int64_t *oldest_ms, struct error *err) {
    sqlite3_stmt *row = sqlite_reading(
        store, "SELECT count(*), ifnull(min(opened_ms), 0) FROM handoffs WHERE status = 'waiting'", err);
    if (!row || sqlite_step(store, row, err) != FOUND)
        return false;
    *count = sqlite3_column_int64(row, 0);
    *oldest_ms = sqlite3_column_int64(row, 1);
    sqlite3_reset(row);
    return true;
}

enum found store_open_handoff(struct store *store, const char *shop, const char *conversation,
                              struct arena *arena, struct handoff *out, struct error *err) {
    sqlite3_stmt *row =
        sqlite_reading(store,
                       HANDOFF_ROWS " WHERE h.conversation = ?2 AND s.name = ?1"
                                    " AND h.status IN (?3, ?4) ORDER BY opened_ms DESC LIMIT 1",
                       err);
    struct handoff_row found_row;
    if (!row)
        return FAILED;
    sqlite_bind(row, 1, shop);
    sqlite_bind(row, 2, conversation);
    sqlite_bind(row, 3, handoff_status_name(HANDOFF_WAITING));
    sqlite_bind(row, 4, handoff_status_name(HANDOFF_TAKEN));
    enum found found = sqlite_step(store, row, err);
    if (found == FOUND) {
        sqlite_take_handoff(row, arena, &found_row);
        *out = found_row.handoff;
        sqlite3_reset(row);
    }
    return found;
}

static void take_request(sqlite3_stmt *row, struct arena *arena, void *item) {
    *(struct request *)item = (struct request){.id = sqlite3_column_int64(row, 0),
                                               .conversation = sqlite_text(arena, row, 1),
                                               .handoff = sqlite_text(arena, row, 2),
                                               .verb = sqlite_text(arena, row, 3),
                                               .agent = sqlite_text(arena, row, 4),
                                               .text = sqlite_text(arena, row, 5),
                                               .at_ms = sqlite3_column_int64(row, 6),
                                               .remote = sqlite_text(arena, row, 7)};
}

enum found store_requests(struct store *store, struct arena *arena, struct request **out, int *count,
                          struct error *err) {
    sqlite3_stmt *rows =
        sqlite_reading(store,
                       "SELECT id, conversation, handoff, verb, agent, text, at_ms, remote FROM requests"
                       " WHERE outcome IS NULL ORDER BY id",
                       err);
    struct sqlite_rows array = {.size = sizeof **out};
    *count = 0;
    if (!rows)
        return FAILED;
    enum found found = sqlite_read(store, rows, arena, &array, take_request, err);
    *out = (struct request *)(void *)array.items;
    *count = array.count;
    return found;
}

enum found store_request_done(struct store *store, int64_t id, struct arena *arena, const char **outcome,
                              struct error *err) {
    /* Each look is at what is there now: whoever waits for an outcome asks again and again. */
    store_rest(store);
    sqlite3_stmt *row =
        sqlite_reading(store, "SELECT outcome FROM requests WHERE id = ?1 AND outcome IS NOT NULL", err);
    if (!row)
        return FAILED;
    sqlite_bind_number(row, 1, id);
    enum found found = sqlite_step(store, row, err);
    if (found == FOUND) {
        *outcome = sqlite_text(arena, row, 0);
        sqlite3_reset(row);
    }
    store_rest(store);
    return found;
}
