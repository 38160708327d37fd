/* The database, made longer at once when the log is moved into it: SQLite adds page after page, and of what
 * is added by so little at a time the system keeps (and writes) each page by itself. The log holds all of it
 * until it has been moved, and says how long the database is: zeros that a kill leaves at its end are as good
 * as the pages that it would have left there. (SQLITE_FCNTL_CHUNK_SIZE costs more than it saves: where SQLite
 * was built without fallocate, as Debian's is, it writes a byte into each page.) */
#include "base/memory.h"
#include "db/sqlite.h"
#include <stddef.h>
#include <stdlib.h>

enum { AT_ONCE = 64 * 1024 };

struct grown {
    sqlite3_io_methods methods; /* the file's, but for these */
    const sqlite3_io_methods *real;
    char zeros[AT_ONCE];
};

static struct grown *grown_of(sqlite3_file *file) {
    return (struct grown *)((char *)(uintptr_t)file->pMethods - offsetof(struct grown, methods));
}

/* Nobody else writes there meanwhile: the log is locked for moving it. Where there is no room for zeros,
 * SQLite will be told so when it writes its pages. */
static void grow(sqlite3_file *file, sqlite3_int64 wanted) {
    struct grown *grown = grown_of(file);
    sqlite3_int64 at;
    int code = grown->real->xFileSize(file, &at);
    for (int len; code == SQLITE_OK && at < wanted; at += len) {
        len = wanted - at < AT_ONCE ? (int)(wanted - at) : AT_ONCE;
        code = grown->real->xWrite(file, grown->zeros, len, at);
    }
}

static int control_file(sqlite3_file *file, int what, void *argument) {
    if (what == SQLITE_FCNTL_SIZE_HINT)
        grow(file, *(sqlite3_int64 *)argument);
    return grown_of(file)->real->xFileControl(file, what, argument);
}

static int close_file(sqlite3_file *file) {
    struct grown *grown = grown_of(file);
    file->pMethods = grown->real;
    free(grown);
    return file->pMethods->xClose(file);
}

void sqlite_grow_at_once(sqlite3_file *file) {
    if (file->pMethods->xClose == close_file)
        return;
    struct grown *grown = calloc(1, sizeof *grown);
    if (!grown)
        memory_exhausted();
    grown->real = file->pMethods;
    grown->methods = *grown->real;
    grown->methods.xFileControl = control_file;
    grown->methods.xClose = close_file;
    file->pMethods = &grown->methods;
}
