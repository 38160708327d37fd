/* Who works at the desk, in the embedded database. */
#include "base/text.h"
#include "db/sqlite.h"
#include "db/staff.h"

static const char *const roles[] = {[STAFF_AGENT] = "agent", [STAFF_MANAGER] = "manager"};

const char *staff_role_name(enum staff_role role) {
    return roles[role];
}

bool staff_role_named(const char *name, enum staff_role *role) {
    for (*role = STAFF_AGENT; *role <= STAFF_MANAGER; ++*role)
        if (text_is(roles[*role], name))
            return true;
    return false;
}

#define STAFF_COLUMNS "s.name, role, shop, password, added_ms"

static void take_staff(sqlite3_stmt *row, struct arena *arena, void *item) {
    struct staff *staff = item;
    *staff = (struct staff){.name = sqlite_text(arena, row, 0),
                            .shop = sqlite_text(arena, row, 2),
                            .password = sqlite_text(arena, row, 3),
                            .added_ms = sqlite3_column_int64(row, 4)};
    if (!staff_role_named((const char *)sqlite3_column_text(row, 1), &staff->role))
        staff->role = STAFF_AGENT;
}

static enum found read_one(struct store *store, sqlite3_stmt *row, struct arena *arena, struct staff *out,
                           struct error *err) {
    enum found found = sqlite_step(store, row, err);
    if (found == FOUND) {
        take_staff(row, arena, out);
        sqlite3_reset(row);
    }
    return found;
}

enum found store_staff(struct store *store, const char *name, struct arena *arena, struct staff *out,
                       struct error *err) {
    sqlite3_stmt *row = sqlite_reading(store, "SELECT " STAFF_COLUMNS " FROM staff s WHERE s.name = ?1", err);
    if (!row)
        return FAILED;
    sqlite_bind(row, 1, name);
    return read_one(store, row, arena, out, err);
}

enum found store_staff_all(struct store *store, struct arena *arena, struct staff **out, int *count,
                           struct error *err) {
    sqlite3_stmt *row = sqlite_reading(store, "SELECT " STAFF_COLUMNS " FROM staff s ORDER BY s.name", err);
    struct sqlite_rows rows = {.size = sizeof **out};
    *count = 0;
    if (!row)
        return FAILED;
    enum found found = sqlite_read(store, row, arena, &rows, take_staff, err);
    *out = (struct staff *)(void *)rows.items;
    *count = rows.count;
    return found;
}

/* One bound statement as a transaction; true when it changed something (*changed) or nothing. */
static bool write_one(struct store *store, sqlite3_stmt *statement, bool *changed, struct error *err) {
    if (!sqlite_write_begin(store, true, err))
        return false;
    if (!sqlite_run(store, statement, err)) {
        sqlite_write_undo(store);
        return false;
    }
    if (changed)
        *changed = sqlite3_changes(store->db) > 0;
    return sqlite_write_end(store, err);
}

bool store_staff_add(struct store *store, const struct staff *staff, struct error *err) {
    sqlite3_stmt *put = sqlite_statement(store,
                                         "INSERT INTO staff(name, role, shop, password, added_ms)"
                                         " VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT(name) DO NOTHING",
                                         err);
    bool added = false;
    if (!put)
        return false;
    sqlite_bind(put, 1, staff->name);
    sqlite_bind(put, 2, staff_role_name(staff->role));
    sqlite_bind(put, 3, staff->shop ? staff->shop : "");
    sqlite_bind(put, 4, staff->password);
    sqlite_bind_number(put, 5, staff->added_ms);
    return write_one(store, put, &added, err) &&
           (added ||
            error_set(err, "%s is there already; 'wismo staff password' changes the password", staff->name));
}

static bool end_sessions(struct store *store, const char *name, struct error *err) {
    sqlite3_stmt *end = sqlite_statement(store, "DELETE FROM staff_sessions WHERE name = ?1", err);
    if (!end)
        return false;
    sqlite_bind(end, 1, name);
    return sqlite_run(store, end, err);
}

/* A bound change of one staff's row, and the end of the sessions. */
static enum found change_staff(struct store *store, sqlite3_stmt *change, const char *name,
                               struct error *err) {
    if (!change || !sqlite_write_begin(store, true, err))
        return FAILED;
    bool done = sqlite_run(store, change, err);
    bool changed = done && sqlite3_changes(store->db) > 0;
    if (done && end_sessions(store, name, err))
        return sqlite_write_end(store, err) ? (changed ? FOUND : MISSING) : FAILED;
    sqlite_write_undo(store);
    return FAILED;
}

enum found store_staff_password(struct store *store, const char *name, const char *password,
                                struct error *err) {
    sqlite3_stmt *change = sqlite_statement(store, "UPDATE staff SET password = ?2 WHERE name = ?1", err);
    if (change) {
        sqlite_bind(change, 1, name);
        sqlite_bind(change, 2, password);
    }
    return change_staff(store, change, name, err);
}

enum found store_staff_remove(struct store *store, const char *name, struct error *err) {
    sqlite3_stmt *change = sqlite_statement(store, "DELETE FROM staff WHERE name = ?1", err);
    if (change)
        sqlite_bind(change, 1, name);
    return change_staff(store, change, name, err);
}

bool store_session_begin(struct store *store, const char *hash, const char *name, int64_t now_ms,
                         int64_t expires_ms, struct error *err) {
    sqlite3_stmt *over = sqlite_statement(store, "DELETE FROM staff_sessions WHERE expires_ms <= ?1", err);
    sqlite3_stmt *put =
        sqlite_statement(store, "INSERT INTO staff_sessions(hash, name, expires_ms) VALUES(?1, ?2, ?3)", err);
    if (!over || !put || !sqlite_write_begin(store, false, err))
        return false;
    sqlite_bind_number(over, 1, now_ms);
    sqlite_bind(put, 1, hash);
    sqlite_bind(put, 2, name);
    sqlite_bind_number(put, 3, expires_ms);
    if (sqlite_run(store, over, err) && sqlite_run(store, put, err))
        return sqlite_write_end(store, err);
    sqlite_write_undo(store);
    return false;
}

enum found store_session(struct store *store, const char *hash, int64_t now_ms, struct arena *arena,
                         struct staff *out, struct error *err) {
    sqlite3_stmt *row =
        sqlite_reading(store,
                       "SELECT " STAFF_COLUMNS " FROM staff_sessions t JOIN staff s ON s.name = t.name"
                       " WHERE t.hash = ?1 AND t.expires_ms > ?2",
                       err);
    if (!row)
        return FAILED;
    sqlite_bind(row, 1, hash);
    sqlite_bind_number(row, 2, now_ms);
    return read_one(store, row, arena, out, err);
}

bool store_session_end(struct store *store, const char *hash, struct error *err) {
    sqlite3_stmt *end = sqlite_statement(store, "DELETE FROM staff_sessions WHERE hash = ?1", err);
    if (!end)
        return false;
    sqlite_bind(end, 1, hash);
    return write_one(store, end, NULL, err);
}
