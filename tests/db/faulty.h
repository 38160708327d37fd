/* A disk that fails: SQLite's own way to files, but for the write, sync or truncation that is told to go
 * wrong. A write that fails leaves its first half behind. Syncs are not passed on: no test pulls the plug. */
#pragma once
#include <sqlite3.h>
#include <stdbool.h>

struct faulty {
    sqlite3_vfs vfs, *real;
    int code;   /* SQLITE_IOERR or SQLITE_FULL */
    int at;     /* the operation that fails, from 1; 0 none */
    bool stays; /* … and all that follow */
    int count;  /* operations until now */
    int failed; /* … of which failed */
};

void faulty_install(struct faulty *faulty); /* what is opened from now on passes through it */
void faulty_remove(struct faulty *faulty);
