/* What other systems are still to be told, in the embedded database. */
#include "base/text.h"
#include "db/outgoing.h"
#include "db/sqlite.h"

bool sqlite_put_outgoing(struct store *store, const char *conversation, int64_t shop,
                         const struct outgoing *outgoing, struct error *err) {
    sqlite3_stmt *put =
        sqlite_statement(store,
                         "INSERT INTO outbox(handoff, conversation, shop, target, kind, seq, at_ms, due_ms)"
                         " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
                         err);
    if (!put)
        return false;
    sqlite_bind(put, 1, outgoing->handoff);
    sqlite_bind(put, 2, conversation);
    sqlite_bind_number(put, 3, shop);
    sqlite_bind(put, 4, outgoing->target);
    sqlite_bind(put, 5, outgoing->kind);
    sqlite_bind_number(put, 6, outgoing->seq);
    sqlite_bind_number(put, 7, outgoing->at_ms);
    return sqlite_run(store, put, err);
}

/* Runs a bound statement in a transaction of its own. *count (may be NULL): rows that it changed. */
static bool write_one(struct store *store, sqlite3_stmt *statement, int *count, struct error *err) {
    if (!sqlite_write_begin(store, false, err))
        return false;
    if (!sqlite_run(store, statement, err)) {
        sqlite_write_undo(store);
        return false;
    }
    if (count)
        *count = sqlite3_changes(store->db);
    return sqlite_write_end(store, err);
}

enum found store_outgoing_take(struct store *store, const char *shop, int64_t now_ms, int64_t until_ms,
                               struct arena *arena, struct outgoing *out, struct error *err) {
    store_rest(store); /* another connection has written since */
    sqlite3_stmt *row = sqlite_reading(
        store,
        "SELECT o.id, handoff, conversation, s.name, target, kind, seq, at_ms, attempts FROM outbox o"
        " JOIN shops s ON s.id = o.shop WHERE s.name = ?1 AND status = 'pending' AND due_ms <= ?2"
        " AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.handoff = o.handoff AND e.status = 'pending'"
        " AND e.id < o.id) ORDER BY due_ms, o.id LIMIT 1",
        err);
    sqlite3_stmt *take =
        sqlite_statement(store, "UPDATE outbox SET attempts = attempts + 1, due_ms = ?2 WHERE id = ?1", err);
    if (!row || !take)
        return FAILED;
    sqlite_bind(row, 1, shop);
    sqlite_bind_number(row, 2, now_ms);
    enum found found = sqlite_step(store, row, err);
    if (found == FOUND) {
        *out = (struct outgoing){.id = sqlite3_column_int64(row, 0),
                                 .handoff = sqlite_text(arena, row, 1),
                                 .conversation = sqlite_text(arena, row, 2),
                                 .shop = sqlite_text(arena, row, 3),
                                 .target = sqlite_text(arena, row, 4),
                                 .kind = sqlite_text(arena, row, 5),
                                 .seq = sqlite3_column_int64(row, 6),
                                 .at_ms = sqlite3_column_int64(row, 7),
                                 .attempts = sqlite3_column_int(row, 8) + 1};
        sqlite3_reset(row);
        sqlite_bind_number(take, 1, out->id);
        sqlite_bind_number(take, 2, until_ms);
        found = write_one(store, take, NULL, err) ? FOUND : FAILED;
    }
    store_rest(store);
    return found;
}

bool store_outgoing_sent(struct store *store, const struct outgoing *sent, bool covers, struct error *err) {
    sqlite3_stmt *delete = sqlite_statement(store,
                                            "DELETE FROM outbox WHERE handoff = ?1 AND"
                                            " (id = ?2 OR (?3 AND id < ?2 AND status = 'failed'))",
                                            err);
    if (!delete)
        return false;
    sqlite_bind(delete, 1, sent->handoff);
    sqlite_bind_number(delete, 2, sent->id);
    sqlite_bind_number(delete, 3, covers);
    return write_one(store, delete, NULL, err);
}

bool store_outgoing_put_off(struct store *store, int64_t id, int64_t due_ms, const char *why,
                            struct error *err) {
    sqlite3_stmt *update =
        sqlite_statement(store, "UPDATE outbox SET due_ms = ?2, why = ?3 WHERE id = ?1", err);
    if (!update)
        return false;
    sqlite_bind_number(update, 1, id);
    sqlite_bind_number(update, 2, due_ms);
    sqlite_bind(update, 3, why);
    return write_one(store, update, NULL, err);
}

bool store_outgoing_give_up(struct store *store, int64_t id, const char *why, struct error *err) {
    sqlite3_stmt *update =
        sqlite_statement(store, "UPDATE outbox SET status = 'failed', why = ?2 WHERE id = ?1", err);
    if (!update)
        return false;
    sqlite_bind_number(update, 1, id);
    sqlite_bind(update, 2, why);
    return write_one(store, update, NULL, err);
}

bool store_outgoing_expire(struct store *store, int64_t before_ms, int *count, struct error *err) {
    store_rest(store);
    sqlite3_stmt *any =
        sqlite_reading(store, "SELECT 1 FROM outbox WHERE status = 'pending' AND at_ms < ?1 LIMIT 1", err);
    sqlite3_stmt *update = sqlite_statement(
        store, "UPDATE outbox SET status = 'failed' WHERE status = 'pending' AND at_ms < ?1", err);
    *count = 0;
    if (!any || !update)
        return false;
    sqlite_bind_number(any, 1, before_ms);
    enum found found = sqlite_step(store, any, err);
    if (found == FOUND) {
        sqlite3_reset(any);
        sqlite_bind_number(update, 1, before_ms);
        if (!write_one(store, update, count, err))
            return false;
    }
    store_rest(store);
    return found != FAILED;
}

bool store_outgoing_wake(struct store *store, int64_t now_ms, struct error *err) {
    sqlite3_stmt *update =
        sqlite_statement(store, "UPDATE outbox SET due_ms = ?1 WHERE status = 'pending'", err);
    if (!update)
        return false;
    sqlite_bind_number(update, 1, now_ms);
    return write_one(store, update, NULL, err);
}

bool store_outgoing_again(struct store *store, const char *handoff, int64_t now_ms, int *count,
                          struct error *err) {
    sqlite3_stmt *update = sqlite_statement(store,
                                            "UPDATE outbox SET status = 'pending', at_ms = ?2, due_ms = ?2"
                                            " WHERE handoff = ?1 AND status = 'failed'",
                                            err);
    if (!update)
        return false;
    sqlite_bind(update, 1, handoff);
    sqlite_bind_number(update, 2, now_ms);
    return write_one(store, update, count, err);
}

enum found store_mark(struct store *store, const char *handoff, const char *name, struct arena *arena,
                      const char **value, struct error *err) {
    sqlite3_stmt *row =
        sqlite_reading(store, "SELECT value FROM outbox_marks WHERE handoff = ?1 AND name = ?2", err);
    *value = "";
    if (!row)
        return FAILED;
    sqlite_bind(row, 1, handoff);
    sqlite_bind(row, 2, name);
    enum found found = sqlite_step(store, row, err);
    if (found == FOUND) {
        *value = sqlite_text(arena, row, 0);
        sqlite3_reset(row);
    }
    store_rest(store);
    return found;
}

bool store_mark_set(struct store *store, const char *handoff, const char *name, const char *value,
                    struct error *err) {
    sqlite3_stmt *put = sqlite_statement(store,
                                         "INSERT INTO outbox_marks(handoff, name, value) VALUES(?1, ?2, ?3)"
                                         " ON CONFLICT(handoff, name) DO UPDATE SET value = ?3",
                                         err);
    if (!put)
        return false;
    sqlite_bind(put, 1, handoff);
    sqlite_bind(put, 2, name);
    sqlite_bind(put, 3, value);
    return write_one(store, put, NULL, err);
}

enum found store_marked(struct store *store, const char *shop, const char *name, const char *value,
                        struct arena *arena, struct handoff_row *out, struct error *err) {
    sqlite3_stmt *row = sqlite_reading(store,
                                       "SELECT " HANDOFF_COLUMNS " FROM outbox_marks m"
                                       " JOIN handoffs h ON h.id = m.handoff JOIN shops s ON s.id = h.shop"
                                       " WHERE m.name = ?2 AND m.value = ?3 AND s.name = ?1"
                                       " ORDER BY opened_ms DESC LIMIT 1",
                                       err);
    if (!row)
        return FAILED;
    sqlite_bind(row, 1, shop);
    sqlite_bind(row, 2, name);
    sqlite_bind(row, 3, value);
    enum found found = sqlite_step(store, row, err);
    if (found == FOUND) {
        sqlite_take_handoff(row, arena, out);
        sqlite3_reset(row);
    }
    return found;
}

static void take_count(sqlite3_stmt *row, struct arena *arena, void *item) {
    *(struct outgoing_count *)item = (struct outgoing_count){.target = sqlite_text(arena, row, 0),
                                                             .pending = sqlite3_column_int64(row, 1),
                                                             .failed = sqlite3_column_int64(row, 2),
                                                             .oldest_ms = sqlite3_column_int64(row, 3)};
}

enum found store_outgoing_counts(struct store *store, struct arena *arena, struct outgoing_count **out,
                                 int *count, struct error *err) {
    sqlite3_stmt *rows = sqlite_reading(
        store,
        "SELECT target, sum(status = 'pending'), sum(status = 'failed'),"
        " ifnull(min(CASE status WHEN 'pending' THEN at_ms END), 0) FROM outbox GROUP BY target",
        err);
    struct sqlite_rows array = {.size = sizeof **out};
    *count = 0;
    if (!rows)
        return FAILED;
    enum found found = sqlite_read(store, rows, arena, &array, take_count, err);
    *out = (struct outgoing_count *)(void *)array.items;
    *count = array.count;
    return found;
}
