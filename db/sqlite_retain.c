/* Retention in the embedded database: what is past its time goes, in small steps. */
#include "db/sqlite.h"
#include <stddef.h>

/* Steps stand in the order in which they happened, so that what is past its time is in front. The newest of a
 * conversation stays with it, for its state. */
#define OLDEST_STEPS                                                                                         \
    "(SELECT id FROM steps s WHERE id IS NOT (SELECT step FROM heads h WHERE h.conversation = "              \
    "s.conversation)"                                                                                        \
    " ORDER BY id LIMIT ?2) AND at_ms < ?1"

static const struct {
    size_t days; /* of struct retention */
    const char *sql;
} steps[] = {
    {offsetof(struct retention, turns), "INSERT INTO reasons(conversation, shop, at_ms, notes) SELECT "
                                        "conversation, shop, at_ms, notes FROM steps"
                                        " WHERE id IN " OLDEST_STEPS " AND notes IS NOT NULL"},
    {offsetof(struct retention, turns), "DELETE FROM steps WHERE id IN " OLDEST_STEPS},
    {offsetof(struct retention, turns),
     "UPDATE steps SET turns = NULL WHERE id IN (SELECT id FROM steps ORDER BY id LIMIT ?2)"
     " AND at_ms < ?1 AND turns IS NOT NULL"},
    {offsetof(struct retention, turns),
     "DELETE FROM conversations WHERE row IN (SELECT row FROM conversations c"
     " JOIN heads h ON h.conversation = row JOIN steps s ON s.id = h.step"
     " WHERE started_ms < ?1 AND s.at_ms < ?1 AND NOT EXISTS (SELECT 1 FROM steps b WHERE b.id = s.before)"
     " AND NOT EXISTS (SELECT 1 FROM handoffs h WHERE h.conversation = c.id AND h.status IN ('waiting', "
     "'taken'))"
     " LIMIT ?2)"},
    {offsetof(struct retention, turns), "DELETE FROM requests WHERE id IN (SELECT id FROM requests WHERE "
                                        "outcome IS NOT NULL AND at_ms < ?1 LIMIT ?2)"},
    {offsetof(struct retention, notes),
     "DELETE FROM reasons WHERE id IN (SELECT id FROM reasons ORDER BY id LIMIT ?2) AND at_ms < ?1"},
    {offsetof(struct retention, notes),
     "UPDATE steps SET notes = NULL WHERE id IN (SELECT id FROM steps WHERE notes IS NOT NULL AND id <"
     " ifnull((SELECT id FROM steps WHERE at_ms >= ?1 ORDER BY id LIMIT 1), 0x7fffffffffffffff)"
     " ORDER BY id LIMIT ?2)"},
    {offsetof(struct retention, handoffs),
     "DELETE FROM handoffs WHERE id IN (SELECT id FROM handoffs WHERE changed_ms < ?1"
     " AND status NOT IN ('waiting', 'taken') LIMIT ?2)"},
    {offsetof(struct retention, handoffs),
     "DELETE FROM acts WHERE id IN (SELECT id FROM acts WHERE at_ms < ?1 ORDER BY at_ms LIMIT ?2)"},
};

static int64_t cutoff(int days, int64_t now_ms) {
    return now_ms - (int64_t)days * 86400 * 1000;
}

/* Orders have no index by age: a step looks at the next `most` rows, and remembers how far it came. */
static bool retain_orders(struct store *store, int64_t before, int most, bool *more, struct error *err) {
    sqlite3_stmt *last = sqlite_statement(
        store, "SELECT max(id) FROM (SELECT id FROM orders WHERE id > ?1 ORDER BY id LIMIT ?2)", err);
    sqlite3_stmt *delete = sqlite_statement(
        store, "DELETE FROM orders WHERE id > ?1 AND id <= ?2 AND placed_ms < ?3 AND updated_ms < ?3", err);
    if (!last || !delete)
        return false;
    sqlite_bind_number(last, 1, store->retain_after);
    sqlite_bind_number(last, 2, most);
    if (sqlite_step(store, last, err) != FOUND)
        return false;
    int64_t up_to = sqlite3_column_int64(last, 0); /* 0 when NULL: the end */
    sqlite3_reset(last);
    sqlite_bind_number(delete, 1, store->retain_after);
    sqlite_bind_number(delete, 2, up_to);
    sqlite_bind_number(delete, 3, before);
    store->retain_after = up_to;
    *more |= up_to > 0;
    return up_to == 0 || sqlite_run(store, delete, err);
}

bool store_retain(struct store *store, const struct retention *retention, int64_t now_ms, int most,
                  bool *more, struct error *err) {
    *more = false;
    if (!sqlite_write_begin(store, false, err))
        return false;
    bool ok = true;
    for (size_t i = 0; ok && i < sizeof steps / sizeof steps[0]; i++) {
        int days = *(const int *)((const char *)retention + steps[i].days);
        sqlite3_stmt *statement = days > 0 ? sqlite_statement(store, steps[i].sql, err) : NULL;
        if (days <= 0)
            continue;
        if ((ok = statement != NULL)) {
            sqlite_bind_number(statement, 1, cutoff(days, now_ms));
            sqlite_bind_number(statement, 2, most);
            ok = sqlite_run(store, statement, err);
            *more |= ok && sqlite3_changes(store->db) >= most;
        }
    }
    if (ok && retention->orders > 0)
        ok = retain_orders(store, cutoff(retention->orders, now_ms), most, more, err);
    if (ok)
        return sqlite_write_end(store, err);
    sqlite_write_undo(store);
    return false;
}
