/* Erasure in the embedded database. */
#include "base/text.h"
#include "db/sqlite_trace.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A deletion with one text, or the shop, as its parameter. */
static sqlite3_stmt *deletion(struct store *store, const char *sql, const char *value,
                              const struct trace *trace, struct error *err) {
    sqlite3_stmt *statement = sqlite_statement(store, sql, err);
    if (statement && value)
        sqlite_bind(statement, 1, value);
    else if (statement)
        sqlite_bind_number(statement, 1, trace->shop);
    return statement;
}

static bool erase(struct store *store, const char *sql, const char *value, const struct trace *trace,
                  int *count, struct error *err) {
    sqlite3_stmt *statement = deletion(store, sql, value, trace, err);
    if (!statement || !sqlite_run(store, statement, err))
        return false;
    if (count)
        *count += sqlite3_changes(store->db);
    return true;
}

/* Of what holds several turns and notes in a row: the deletion returns how many. */
static bool erase_packed(struct store *store, const char *sql, const char *value, const struct trace *trace,
                         struct erased *out, struct error *err) {
    sqlite3_stmt *statement = deletion(store, sql, value, trace, err);
    enum found found = statement ? FOUND : FAILED;
    while (found == FOUND && (found = sqlite_step(store, statement, err)) == FOUND) {
        out->turns += sqlite3_column_int(statement, 0);
        out->notes += sqlite3_column_int(statement, 1);
    }
    return found == MISSING;
}

static bool erase_orders(struct store *store, const struct trace *trace, struct erased *out,
                         struct error *err) {
    sqlite3_stmt *statement = sqlite_statement(store, "DELETE FROM orders WHERE id = ?1", err);
    for (int i = 0; statement && i < trace->order_count; i++) {
        sqlite_bind_number(statement, 1, trace->orders[i].id);
        if (!sqlite_run(store, statement, err))
            return false;
        out->orders++;
    }
    return statement != NULL;
}

static bool erase_conversation(struct store *store, const char *id, const struct trace *trace,
                               struct erased *out, struct error *err) {
    return erase(store, "DELETE FROM requests WHERE conversation = ?1", id, trace, NULL, err) &&
           erase(store, "DELETE FROM acts WHERE conversation = ?1", id, trace, NULL, err) &&
           erase(store, "DELETE FROM handoffs WHERE conversation = ?1", id, trace, &out->handoffs, err) &&
           erase_packed(store,
                        "DELETE FROM steps WHERE id IN (" STEPS_OF(
                            "?1", "true") "SELECT id FROM chain)"
                                          " RETURNING how_many(turns), how_many(notes)",
                        id, trace, out, err) &&
           erase_packed(
               store,
               "DELETE FROM reasons WHERE conversation = (SELECT row FROM conversations WHERE id = ?1)"
               " RETURNING 0, how_many(notes)",
               id, trace, out, err) &&
           erase(store, "DELETE FROM conversations WHERE id = ?1", id, trace, &out->conversations, err);
}

static bool erase_conversations(struct store *store, const struct list *ids, const struct trace *trace,
                                struct erased *out, struct error *err) {
    for (int i = 0; i < ids->count; i++)
        if (!erase_conversation(store, ids->items[i], trace, out, err))
            return false;
    return true;
}

static bool erase_all(struct store *store, const struct trace *trace, struct erased *out, struct error *err) {
    return erase_conversations(store, &trace->conversations, trace, out, err) &&
           erase_conversations(store, &trace->gone, trace, out, err) &&
           /* What outlived its conversation without a hand-off, and what stands in another's. */
           erase_packed(
               store,
               "DELETE FROM reasons WHERE shop = ?1 AND notes_are_theirs(notes) RETURNING 0, how_many(notes)",
               NULL, trace, out, err) &&
           erase(
               store,
               "DELETE FROM acts WHERE holds_person(text) AND shop = (SELECT name FROM shops WHERE id = ?1)",
               NULL, trace, NULL, err) &&
           erase_orders(store, trace, out, err);
}

/* Empties the log; the busy handler waits for readers of other connections. */
static bool empty_log(struct store *store, struct error *err) {
    int code = sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    if (code == SQLITE_OK)
        return true;
    if ((code & 0xff) != SQLITE_BUSY && (code & 0xff) != SQLITE_LOCKED)
        return sqlite_failed(store, err);
    return error_set(
        err, "%s: erased, but another process keeps the log from being emptied; stop it and try again",
        store->path);
}

/* Is one of these still to be read in the bytes of the file? Deleted rows are overwritten, but pages that
 * were split or merged earlier may hold a stale copy. */
static bool file_holds(const char *path, const struct list *names) {
    enum { CHUNK = 1 << 20, OVERLAP = 256 };
    FILE *file = names->count ? fopen(path, "rb") : NULL;
    char *chunk = file ? malloc(CHUNK + OVERLAP) : NULL;
    size_t kept = 0, len;
    bool found = names->count && !chunk; /* cannot be looked at: think the worse of it */
    while (chunk && !found && (len = fread(chunk + kept, 1, CHUNK, file)) > 0) {
        len += kept;
        for (int i = 0; i < names->count && !found; i++)
            found = memmem(chunk, len, names->items[i], strlen(names->items[i])) != NULL;
        kept = len < OVERLAP ? len : OVERLAP;
        memmove(chunk, chunk + len - kept, kept);
    }
    free(chunk);
    if (file)
        fclose(file);
    return found;
}

static bool run(struct store *store, const char *sql, struct error *err) {
    sqlite3_stmt *statement = sqlite_statement(store, sql, err);
    return statement && sqlite_run(store, statement, err);
}

/* Something was erased, now or by a try that was broken off, and traces of it have not been looked for. */
static enum found traces_due(struct store *store, struct error *err) {
    sqlite3_stmt *due = sqlite_statement(store, "SELECT 1 FROM meta WHERE name = 'traces'", err);
    enum found found = due ? sqlite_step(store, due, err) : FAILED;
    if (due)
        sqlite3_reset(due);
    return found;
}

static bool leave_no_trace(struct store *store, const struct trace *trace, struct error *err) {
    bool named = trace->emails.count || trace->phones.count; /* else nothing tells what to look for */
    if (!empty_log(store, err))
        return false;
    enum found due = traces_due(store, err);
    bool clean = named ? !file_holds(store->path, &trace->emails) && !file_holds(store->path, &trace->phones)
                       : due == MISSING;
    return due != FAILED && (clean || (run(store, "VACUUM", err) && empty_log(store, err))) &&
           (due == MISSING || run(store, "DELETE FROM meta WHERE name = 'traces'", err));
}

bool store_forget(struct store *store, const struct order_query *who, struct erased *out, struct error *err) {
    struct arena arena;
    struct trace trace = {.arena = &arena};
    *out = (struct erased){0};
    arena_init(&arena);
    bool ok = sqlite_write_begin(store, true, err);
    int before = sqlite3_total_changes(store->db);
    if (ok) {
        enum found found = sqlite_shop(store, who->shop, false, &trace.shop, err);
        ok = found == MISSING ||
             (found == FOUND && trace_begin(&trace, store, who, err) && erase_all(store, &trace, out, err) &&
              (sqlite3_total_changes(store->db) == before ||
               run(store, "INSERT OR REPLACE INTO meta(name, value) VALUES('traces', x'')", err)));
        if (ok)
            ok = sqlite_write_end(store, err);
        else
            sqlite_write_undo(store);
        trace_end(store);
        ok = ok && leave_no_trace(store, &trace, err);
    }
    if (!ok)
        *out = (struct erased){0};
    arena_clear(&arena);
    return ok;
}
