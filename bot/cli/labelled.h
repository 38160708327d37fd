/* A file of messages that people have labelled: a header, then a row a line, between tabs; no quoting, since
 * a text may contain any quote. */
#pragma once
#include "base/arena.h"
#include "base/error.h"

enum column {
    COLUMN_TEXT,
    COLUMN_LABEL,
    COLUMN_FINE,
    COLUMN_LANG,
    COLUMN_CHANNEL,
    COLUMN_AMBIGUOUS,
    COLUMNS
};

struct labelled {
    const char *cells[COLUMNS]; /* "" where the file has no such column */
    bool tracking, mixed;
};

struct labelled_table {
    struct arena *arena;
    const char *path;
    struct labelled *rows;
    int count, size, ambiguous;
    int places[COLUMNS]; /* which cell of a line; -1: the file has no such column */
};

/* From table->path, "-" is standard input; the rows are the caller's to free. */
bool labelled_read(struct labelled_table *table, struct error *err);
