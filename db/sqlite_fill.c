/* A database that an import makes. Its rows go in without a journal, and only the index by which orders are
 * found while it is filled is kept up: the others are made of sorted rows in the end. */
#include "base/memory.h"
#include "db/sqlite.h"
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { INDEXES_MAX = 8 };

struct fill {
    struct arena arena;
    const char *path, *unnamed; /* as it will be called, as it is called until then */
    int file;                   /* holds the lock of `unnamed` */
    const char *indexes[INDEXES_MAX];
    int index_count;
};

/* The file, locked and empty; another import that makes the same database keeps it. */
static bool take_file(struct fill *fill, struct error *err) {
    struct stat mine, named;
    fill->file = open(fill->unnamed, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fill->file < 0)
        return error_set(err, "%s: cannot be made: %s", fill->unnamed, strerror(errno));
    if (flock(fill->file, LOCK_EX | LOCK_NB) != 0 || fstat(fill->file, &mine) != 0 ||
        stat(fill->unnamed, &named) != 0 || mine.st_ino != named.st_ino || mine.st_dev != named.st_dev)
        return error_set(err, "%s: another import is making this database; try again when it is done",
                         fill->path);
    return ftruncate(fill->file, 0) == 0 ||
           error_set(err, "%s: cannot be emptied: %s", fill->unnamed, strerror(errno));
}

static bool set_indexes_aside(struct store *store, struct error *err) {
    struct fill *fill = store->fill;
    const char *names[INDEXES_MAX];
    sqlite3_stmt *rows = sqlite_statement(
        store,
        "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name IN ('orders', 'parcels')"
        " AND sql IS NOT NULL AND name <> 'orders_by_key'",
        err);
    enum found found = rows ? FOUND : FAILED;
    while (found == FOUND && (found = sqlite_step(store, rows, err)) == FOUND) {
        if (fill->index_count == INDEXES_MAX) {
            sqlite3_reset(rows);
            return error_set(err, "%s: more than %d indexes", store->path, INDEXES_MAX);
        }
        names[fill->index_count] = sqlite_text(&fill->arena, rows, 0);
        fill->indexes[fill->index_count++] = sqlite_text(&fill->arena, rows, 1);
    }
    for (int i = 0; found == MISSING && i < fill->index_count; i++)
        if (!sqlite_exec(store, arena_format(&fill->arena, "DROP INDEX %s", names[i]), err))
            found = FAILED;
    return found == MISSING;
}

struct store *store_fill(const char *path, struct error *err) {
    struct fill *fill = calloc(1, sizeof *fill);
    if (!fill)
        memory_exhausted();
    arena_init(&fill->arena);
    fill->path = arena_string(&fill->arena, path);
    fill->unnamed = arena_format(&fill->arena, "%s.new", path);
    struct store *store = take_file(fill, err) ? sqlite_open(fill->unnamed, STORE_FILL, err) : NULL;
    if (!store) {
        if (fill->file >= 0)
            close(fill->file);
        arena_clear(&fill->arena);
        free(fill);
        return NULL;
    }
    store->fill = fill;
    if (set_indexes_aside(store, err) &&
        sqlite_exec(store,
                    "PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF; PRAGMA secure_delete=OFF;"
                    "PRAGMA temp_store=FILE; PRAGMA cache_size=-65536; PRAGMA threads=1",
                    err) &&
        store_batch(store, err))
        return store;
    store_close(store);
    return NULL;
}

bool store_filling(const struct store *store) {
    return store->mode == STORE_FILL;
}

static bool sync_folder(const char *path, struct error *err) {
    struct arena arena;
    arena_init(&arena);
    int folder = open(dirname(arena_string(&arena, path)), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = folder >= 0 && fsync(folder) == 0;
    if (!ok)
        error_set(err, "%s: its folder cannot be written: %s", path, strerror(errno));
    if (folder >= 0)
        close(folder);
    arena_clear(&arena);
    return ok;
}

static void *write_back(void *file) {
    sync_file_range(*(int *)file, 0, 0, SYNC_FILE_RANGE_WRITE);
    return NULL;
}

/* Mapped: an index is made of one reading of its table, which is larger than the cache. Meanwhile the rows
 * are on their way to the disk. */
static bool make_indexes(struct store *store, struct fill *fill, struct error *err) {
    pthread_t thread;
    bool ok = sqlite_exec(store, "PRAGMA mmap_size=2147418112", err),
         beside = pthread_create(&thread, NULL, write_back, &fill->file) == 0;
    for (int i = 0; ok && i < fill->index_count; i++)
        ok = sqlite_exec(store, fill->indexes[i], err);
    if (beside)
        pthread_join(thread, NULL);
    return ok;
}

bool store_fill_end(struct store *store, struct error *err) {
    struct fill *fill = store->fill;
    store->batch = false;
    bool ok = sqlite_write_end(store, err) && make_indexes(store, fill, err);
    if (!ok || !sqlite_exec(store, "PRAGMA journal_mode=WAL", err) || !sqlite_close(store, err))
        return false;
    if (fsync(fill->file) != 0)
        return error_set(err, "%s: cannot be written: %s", fill->unnamed, strerror(errno));
    if (link(fill->unnamed, fill->path) != 0)
        return error_set(err,
                         errno == EEXIST ? "%s: was made by another program meanwhile; import again"
                                         : "%s: cannot be made; is its disk one that knows hard links?",
                         fill->path);
    return sync_folder(fill->path, err);
}

void sqlite_fill_drop(struct store *store) {
    struct fill *fill = store->fill;
    if (!fill)
        return;
    unlink(fill->unnamed);
    close(fill->file);
    arena_clear(&fill->arena);
    free(fill);
}
