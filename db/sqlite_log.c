/* The write-ahead log, written a commit at a time. SQLite writes each frame with two calls, its header and
 * its page; here they are gathered, and written with the last page of the commit: nothing is acknowledged,
 * and no other connection is told of it, before that. What a kill leaves of a commit is what it always left:
 * frames without the last one, which count for nothing (https://sqlite.org/walformat.html). */
#include "base/memory.h"
#include "db/sqlite.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { LOG_HEADER = 32, FRAME_HEADER = 24, COMMIT_AT = 4 };
enum { GATHERED_MAX = 120 * 1024 }; /* SQLite's own way to files takes less than 128 KiB at once */

struct log {
    sqlite3_io_methods methods; /* the file's, but for these */
    const sqlite3_io_methods *real;
    sqlite3_int64 at;  /* where in the file what is gathered begins */
    sqlite3_int64 end; /* up to where it has been written, what is gathered too */
    int frame;         /* the size of one */
    int len;
    bool last; /* the frame that was begun last ends a commit */
    char bytes[GATHERED_MAX];
};

static struct log *log_of(sqlite3_file *file) {
    return (struct log *)((char *)(uintptr_t)file->pMethods - offsetof(struct log, methods));
}

static int flush(sqlite3_file *file) {
    struct log *log = log_of(file);
    int len = log->len;
    log->len = 0;
    return len ? log->real->xWrite(file, log->bytes, len, log->at) : SQLITE_OK;
}

static int write_log(sqlite3_file *file, const void *bytes, int len, sqlite3_int64 at) {
    struct log *log = log_of(file);
    bool header = len == FRAME_HEADER && at > 0 && (at - LOG_HEADER) % log->frame == 0;
    bool appended = at == log->at + log->len, fits = log->len + len <= GATHERED_MAX;
    int code = log->len && (!appended || !fits) ? flush(file) : SQLITE_OK;
    if (code != SQLITE_OK)
        return code;
    /* What stands before the end is a header whose sum is put right: no page follows. */
    bool gathers = len <= GATHERED_MAX && (log->len || (header && at >= log->end));
    log->end = at + len > log->end || at == 0 ? at + len : log->end;
    if (!gathers)
        return log->real->xWrite(file, bytes, len, at);
    static const char none[4];
    if (header)
        log->last = memcmp((const char *)bytes + COMMIT_AT, none, sizeof none) != 0;
    if (!log->len)
        log->at = at;
    memcpy(log->bytes + log->len, bytes, (size_t)len);
    log->len += len;
    return log->last && !header ? flush(file) : SQLITE_OK;
}

static int read_log(sqlite3_file *file, void *bytes, int len, sqlite3_int64 at) {
    int code = flush(file);
    return code == SQLITE_OK ? log_of(file)->real->xRead(file, bytes, len, at) : code;
}

static int truncate_log(sqlite3_file *file, sqlite3_int64 size) {
    int code = flush(file);
    log_of(file)->end = 0;
    return code == SQLITE_OK ? log_of(file)->real->xTruncate(file, size) : code;
}

static int sync_log(sqlite3_file *file, int flags) {
    int code = flush(file);
    return code == SQLITE_OK ? log_of(file)->real->xSync(file, flags) : code;
}

static int size_log(sqlite3_file *file, sqlite3_int64 *size) {
    int code = flush(file);
    return code == SQLITE_OK ? log_of(file)->real->xFileSize(file, size) : code;
}

static int close_log(sqlite3_file *file) {
    struct log *log = log_of(file);
    flush(file);
    file->pMethods = log->real;
    free(log);
    return file->pMethods->xClose(file);
}

void sqlite_gather_log(struct store *store, int page_size) {
    sqlite3_file *file = NULL;
    if (sqlite3_file_control(store->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file) != SQLITE_OK || !file ||
        !file->pMethods)
        return;
    struct log *log = calloc(1, sizeof *log);
    if (!log)
        memory_exhausted();
    log->real = file->pMethods;
    log->methods = *log->real;
    log->frame = FRAME_HEADER + page_size;
    log->methods.xWrite = write_log;
    log->methods.xRead = read_log;
    log->methods.xTruncate = truncate_log;
    log->methods.xSync = sync_log;
    log->methods.xFileSize = size_log;
    log->methods.xClose = close_log;
    file->pMethods = &log->methods;
}
