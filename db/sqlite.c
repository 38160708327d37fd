#include "base/data.h"
#include "base/hash.h"
#include "base/text.h"
#include "db/schema.h"
#include "db/sqlite_rows.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    APPLICATION_ID = 0x57534d4f, /* "WSMO" */
    SCHEMA = 12, /* the version of db/schema (user_version): goes up with every change of it */
    BUSY_MS = 5000,
    BUSY_STEP_US = 500,
    CHECKPOINT_PAGES = 8000 /* of the log, 32 MiB: what changes often is copied seldom */
};

/* Statements. */

bool sqlite_failed(struct store *store, struct error *err) {
    static const struct {
        int code;
        const char *text;
    } remedies[] = {
        {SQLITE_BUSY,
         "another process has been writing for more than five seconds; try again when it is done"},
        {SQLITE_READONLY, "the file or its folder may not be written; change its owner or permissions"},
        {SQLITE_FULL, "the disk is full; nothing of this change was kept: make room and try again"},
        {SQLITE_IOERR, "the disk reports an error; nothing of this change was kept: check the disk"},
        {SQLITE_CORRUPT, "the file is damaged; restore a backup, or import the orders into a new file"},
        {SQLITE_NOTADB, "this is not a WISMO database (nor any SQLite file); give the right one with --db"},
        {SQLITE_CANTOPEN, "cannot be opened; check that the folder exists and may be read and written"},
        {SQLITE_PERM, "no permission; change the file's owner or permissions"},
    };
    int code = sqlite3_errcode(store->db) & 0xff;
    for (size_t i = 0; i < sizeof remedies / sizeof remedies[0]; i++)
        if (remedies[i].code == code)
            return error_set(err, "%s: %s", store->path, remedies[i].text);
    return error_set(err, "%s: %s", store->path, sqlite3_errmsg(store->db));
}

sqlite3_stmt *sqlite_statement(struct store *store, const char *sql, struct error *err) {
    for (int i = 0; i < store->statement_count; i++)
        if (store->statements[i].sql == sql)
            return store->statements[i].statement;
    if (store->statement_count == STATEMENTS_MAX) {
        error_set(err, "%s: more than %d kinds of statement", store->path, STATEMENTS_MAX);
        return NULL;
    }
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK) {
        sqlite_failed(store, err);
        return NULL;
    }
    store->statements[store->statement_count].sql = sql;
    store->statements[store->statement_count++].statement = statement;
    return statement;
}

enum found sqlite_step(struct store *store, sqlite3_stmt *statement, struct error *err) {
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        return FOUND;
    if (code != SQLITE_DONE)
        sqlite_failed(store, err);
    sqlite3_reset(statement);
    return code == SQLITE_DONE ? MISSING : FAILED;
}

bool sqlite_run(struct store *store, sqlite3_stmt *statement, struct error *err) {
    enum found found = sqlite_step(store, statement, err);
    if (found == FOUND)
        sqlite3_reset(statement);
    return found != FAILED;
}

static bool run(struct store *store, const char *sql, struct error *err) {
    sqlite3_stmt *statement = sqlite_statement(store, sql, err);
    return statement && sqlite_run(store, statement, err);
}

void sqlite_bind(sqlite3_stmt *statement, int at, const char *text) {
    if (text)
        sqlite3_bind_text(statement, at, text, -1, SQLITE_STATIC);
    else
        sqlite3_bind_null(statement, at);
}

void sqlite_bind_number(sqlite3_stmt *statement, int at, int64_t number) {
    sqlite3_bind_int64(statement, at, number);
}

const char *sqlite_text(struct arena *arena, sqlite3_stmt *statement, int column) {
    const char *text = (const char *)sqlite3_column_text(statement, column);
    return text ? arena_copy(arena, text, (size_t)sqlite3_column_bytes(statement, column)) : NULL;
}

struct packed sqlite_packed(struct arena *arena, sqlite3_stmt *statement, int column) {
    const void *bytes = sqlite3_column_blob(statement, column);
    size_t len = (size_t)sqlite3_column_bytes(statement, column);
    const char *copy = arena_copy(arena, bytes ? bytes : "", len);
    return (struct packed){copy, copy + len, false};
}

void *sqlite_row(struct sqlite_rows *rows, struct arena *arena) {
    if (rows->count == rows->room) {
        int room = rows->room ? rows->room * 2 : 16;
        char *items = arena_alloc(arena, rows->size * (size_t)room);
        if (rows->count)
            memcpy(items, rows->items, rows->size * (size_t)rows->count);
        rows->items = items;
        rows->room = room;
    }
    return rows->items + rows->size * (size_t)rows->count++;
}

enum found sqlite_read(struct store *store, sqlite3_stmt *statement, struct arena *arena,
                       struct sqlite_rows *rows,
                       void (*take)(sqlite3_stmt *statement, struct arena *arena, void *item),
                       struct error *err) {
    enum found found;
    while ((found = sqlite_step(store, statement, err)) == FOUND)
        take(statement, arena, sqlite_row(rows, arena));
    return found == FAILED ? FAILED : rows->count ? FOUND : MISSING;
}

sqlite3_stmt *sqlite_reading(struct store *store, const char *sql, struct error *err) {
    sqlite3_stmt *statement = sqlite_statement(store, sql, err);
    return statement && sqlite_read_begin(store, err) ? statement : NULL;
}

/* Transactions. */

bool sqlite_read_begin(struct store *store, struct error *err) {
    return !sqlite3_get_autocommit(store->db) || run(store, "BEGIN", err);
}

void store_rest(struct store *store) {
    if (!store->batch && !sqlite3_get_autocommit(store->db))
        run(store, "COMMIT", NULL);
}

bool sqlite_write_begin(struct store *store, bool full, struct error *err) {
    store_rest(store);
    if (store->mode == STORE_READ)
        return error_set(err, "%s: is open for reading only", store->path);
    if (full != store->full &&
        !run(store, full ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL", err))
        return false;
    store->full = full;
    return run(store, "BEGIN IMMEDIATE", err);
}

void sqlite_write_undo(struct store *store) {
    /* Some failures (a full disk) have rolled back already. */
    if (!sqlite3_get_autocommit(store->db))
        run(store, "ROLLBACK", NULL);
    store->shop.name[0] = '\0';
    memset(store->known_rows, 0, sizeof store->known_rows);
}

bool sqlite_write_end(struct store *store, struct error *err) {
    if (run(store, "COMMIT", err))
        return true;
    sqlite_write_undo(store);
    return false;
}

bool store_batch(struct store *store, struct error *err) {
    if (store->mode == STORE_FILL && store->batch)
        return true; /* one from beginning to end */
    return store->batch = sqlite_write_begin(store, false, err);
}

bool store_batch_end(struct store *store, struct error *err) {
    if (store->mode == STORE_FILL)
        return true;
    store->batch = false;
    return sqlite_write_end(store, err);
}

void store_batch_undo(struct store *store) {
    store->batch = false;
    sqlite_write_undo(store);
}

bool store_log_long(const struct store *store) {
    return store->log_pages >= CHECKPOINT_PAGES;
}

static bool move_log(struct store *store, struct error *err) {
    int code = sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    return code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED || sqlite_failed(store, err);
}

bool store_checkpoint(struct store *store, struct error *err) {
    if (!store_log_long(store))
        return true;
    store->log_pages = 0;
    return move_log(store, err);
}

/* SQLite syncs the database only when it has come to the log's end, which moves away while others write. */
bool store_backfill(struct store *store, struct error *err) {
    sqlite3_file *file = NULL;
    bool good = sqlite3_file_control(store->db, "main", SQLITE_FCNTL_FILE_POINTER, &file) == SQLITE_OK;
    if (good)
        sqlite_grow_at_once(file);
    if (!move_log(store, err))
        return false;
    good = good && file->pMethods->xSync(file, SQLITE_SYNC_NORMAL) == SQLITE_OK;
    return good || error_set(err, "%s: the disk reports an error", store->path);
}

bool store_changed(struct store *store) {
    store_rest(store);
    sqlite3_stmt *statement = sqlite_statement(store, "PRAGMA data_version", NULL);
    if (!statement || sqlite_step(store, statement, NULL) != FOUND)
        return false;
    int64_t version = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    bool changed = version != store->data_version;
    store->data_version = version;
    return changed;
}

/* Opening. */

static int remember_log(void *context, sqlite3 *db, const char *name, int pages) {
    (void)db, (void)name;
    ((struct store *)context)->log_pages = pages;
    ((struct store *)context)->wrote = true;
    return SQLITE_OK;
}

/* SQLite's own waits grow to 100 ms; ours stay short, so that a writer gets in between two batches of an
 * import. */
static int wait_busy(void *context, int times) {
    (void)context;
    if (times >= BUSY_MS * 1000 / BUSY_STEP_US)
        return 0;
    usleep(BUSY_STEP_US);
    return 1;
}

bool sqlite_exec(struct store *store, const char *sql, struct error *err) {
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK || sqlite_failed(store, err);
}

static bool pragma_number(struct store *store, const char *sql, int64_t *number, struct error *err) {
    sqlite3_stmt *statement;
    bool ok = sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) == SQLITE_OK &&
              sqlite3_step(statement) == SQLITE_ROW;
    if (ok)
        *number = sqlite3_column_int64(statement, 0);
    else
        sqlite_failed(store, err);
    sqlite3_finalize(statement);
    return ok;
}

static bool make_secret(struct store *store, struct error *err) {
    uint8_t secret[HASH_SIZE];
    sqlite3_stmt *statement;
    hash_random(secret, sizeof secret);
    if (sqlite3_prepare_v2(store->db, "INSERT INTO meta(name, value) VALUES('secret', ?1)", -1, &statement,
                           NULL) != SQLITE_OK)
        return sqlite_failed(store, err);
    sqlite3_bind_blob(statement, 1, secret, sizeof secret, SQLITE_STATIC);
    bool ok = sqlite3_step(statement) == SQLITE_DONE || sqlite_failed(store, err);
    sqlite3_finalize(statement);
    return ok;
}

static bool apply(const char *name, void *context, struct error *err) {
    const struct data data = {schema_files, NULL};
    struct arena arena;
    arena_init(&arena);
    const char *sql = data_read(&data, name, &arena, NULL, err);
    bool ok = sql && (sqlite_exec(context, sql, err) || error_prefix(err, "%s", name));
    arena_clear(&arena);
    return ok;
}

static bool make_schema(struct store *store, struct error *err) {
    const struct data data = {schema_files, NULL};
    int64_t version = 0;
    char sql[96];
    const char *journal =
        store->mode == STORE_FILL
            ? "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE"
            : "PRAGMA journal_mode=WAL";
    if (!sqlite_exec(store, journal, err) || !sqlite_exec(store, "BEGIN IMMEDIATE", err))
        return false;
    /* Read under the lock: another process may have made it meanwhile. */
    bool ok = pragma_number(store, "PRAGMA user_version", &version, err) &&
              (version || (data_each(&data, ".sql", apply, store, err) && make_secret(store, err)));
    snprintf(sql, sizeof sql, "PRAGMA user_version=%d; PRAGMA application_id=%d; COMMIT",
             version ? (int)version : SCHEMA, APPLICATION_ID);
    if (ok && sqlite_exec(store, sql, err))
        return true;
    if (!sqlite3_get_autocommit(store->db))
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    return false;
}

static bool check_schema(struct store *store, struct error *err) {
    int64_t application, version, tables;
    if (!pragma_number(store, "PRAGMA application_id", &application, err) ||
        !pragma_number(store, "PRAGMA user_version", &version, err) ||
        !pragma_number(store, "SELECT count(*) FROM sqlite_schema", &tables, err))
        return false;
    bool blank = application == 0 && version == 0 && tables == 0;
    if (application != APPLICATION_ID && !blank)
        return error_set(err, "%s: is a database of another program; give WISMO's with --db", store->path);
    if (version > SCHEMA)
        return error_set(
            err, "%s: has schema %lld, this program knows up to %d; use the newer WISMO that wrote it",
            store->path, (long long)version, SCHEMA);
    if (version == SCHEMA)
        return true;
    if (!blank)
        return error_set(err,
                         "%s: has schema %lld, of a WISMO from before the first release, and this one needs "
                         "%d; 'wismo import' the orders into a new file",
                         store->path, (long long)version, SCHEMA);
    if (store->mode == STORE_READ || store->mode == STORE_WRITE)
        return error_set(err,
                         "%s: is empty; 'wismo demo --db %s' makes one with demo orders, 'wismo import' "
                         "fills one",
                         store->path, store->path);
    return make_schema(store, err);
}

static bool set_up(struct store *store, struct error *err) {
    sqlite3_busy_handler(store->db, wait_busy, NULL);
    sqlite3_extended_result_codes(store->db, 1);
    if (store->mode != STORE_READ && sqlite3_db_readonly(store->db, "main") == 1)
        return error_set(err, "%s: may not be written; change its owner or permissions", store->path);
    if (!check_schema(store, err) || !sqlite_define_search(store, err) ||
        !sqlite_exec(store,
                     "PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;"
                     "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-4000; PRAGMA wal_autocheckpoint=0",
                     err))
        return false;
    sqlite3_wal_hook(store->db, remember_log, store);
    if (store->mode == STORE_READ && !sqlite_exec(store, "PRAGMA query_only=ON", err))
        return false;
    store_changed(store);
    int64_t page_size;
    if (store->mode == STORE_READ)
        return true;
    if (!sqlite_steps_open(store, err))
        return false;
    if (store->mode == STORE_FILL)
        return true;
    if (!pragma_number(store, "PRAGMA page_size", &page_size, err))
        return false;
    sqlite_gather_log(store, (int)page_size);
    return true;
}

struct store *store_open(const char *path, enum store_mode mode, struct error *err) {
    struct stat info;
    if (mode == STORE_CREATE) {
        /* Orders are nobody else's business: SQLite gives the log and the index of the log the same
         * permissions. */
        int file = open(path, O_CREAT | O_EXCL | O_CLOEXEC | O_WRONLY, 0600);
        if (file >= 0)
            close(file);
        else if (errno != EEXIST) {
            error_set(err, "%s: cannot be made: %s", path, strerror(errno));
            return NULL;
        }
    } else if (stat(path, &info) != 0) {
        if (errno == ENOENT)
            error_set(err,
                      "%s: there is no such database; 'wismo demo --db %s' makes one with demo orders, "
                      "'wismo import --db %s FILE' fills one",
                      path, path, path);
        else
            error_set(err, "%s: cannot be opened: %s", path, strerror(errno));
        return NULL;
    }
    return sqlite_open(path, mode, err);
}

struct store *sqlite_open(const char *path, enum store_mode mode, struct error *err) {
    struct store *store = calloc(1, sizeof *store);
    if (!store || !(store->path = strdup(path))) {
        free(store);
        error_set(err, "%s: out of memory", path);
        return NULL;
    }
    store->mode = mode;
    int code = sqlite3_open_v2(path, &store->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (code == SQLITE_OK ? set_up(store, err) : sqlite_failed(store, err))
        return store;
    store_close(store);
    return NULL;
}

bool sqlite_close(struct store *store, struct error *err) {
    for (int i = 0; i < store->statement_count; i++)
        sqlite3_finalize(store->statements[i].statement);
    sqlite_puts_clear(store);
    buffer_clear(&store->card);
    sqlite_kept_free(store->kept);
    store->kept = NULL;
    sqlite_steps_free(store);
    store->statement_count = 0;
    if (sqlite3_close(store->db) != SQLITE_OK)
        return sqlite_failed(store, err);
    store->db = NULL;
    return true;
}

void store_close(struct store *store) {
    if (!store)
        return;
    sqlite_close(store, NULL);
    sqlite_fill_drop(store);
    free(store->path);
    free(store);
}

/* What all tables share. */

enum found sqlite_shop(struct store *store, const char *name, bool make, int64_t *id, struct error *err) {
    if (store->shop.name[0] && text_is(store->shop.name, name)) {
        *id = store->shop.id;
        return FOUND;
    }
    sqlite3_stmt *find = sqlite_statement(store, "SELECT id FROM shops WHERE name = ?1", err);
    if (!find)
        return FAILED;
    sqlite_bind(find, 1, name);
    enum found found = sqlite_step(store, find, err);
    if (found == FOUND) {
        *id = sqlite3_column_int64(find, 0);
        sqlite3_reset(find);
    } else if (found == MISSING && make) {
        sqlite3_stmt *insert = sqlite_statement(store, "INSERT INTO shops(name) VALUES(?1)", err);
        if (!insert)
            return FAILED;
        sqlite_bind(insert, 1, name);
        if (!sqlite_run(store, insert, err))
            return FAILED;
        *id = sqlite3_last_insert_rowid(store->db);
        found = FOUND;
    }
    if (found == FOUND && TEXT_SET(store->shop.name, name))
        store->shop.id = *id;
    else
        store->shop.name[0] = '\0';
    return found;
}

bool store_secret(struct store *store, uint8_t out[32], struct error *err) {
    sqlite3_stmt *statement = sqlite_statement(store, "SELECT value FROM meta WHERE name = 'secret'", err);
    if (!statement || !sqlite_read_begin(store, err) || sqlite_step(store, statement, err) == FAILED)
        return false;
    bool ok = sqlite3_column_bytes(statement, 0) == HASH_SIZE;
    if (ok)
        memcpy(out, sqlite3_column_blob(statement, 0), HASH_SIZE);
    sqlite3_reset(statement);
    return ok || error_set(err, "%s: its secret is missing; restore a backup", store->path);
}
