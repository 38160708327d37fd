/* A CSV file's rows, cell by cell (RFC 4180, the delimiter found in the header). What libcsv is not needed
 * for, a row without quotes, is cut where it stands. Private to this room. */
#pragma once
#include "base/error.h"
#include "db/lines.h"
#include <csv.h>

enum { CELLS_MAX = 256 };

struct cells {
    struct lines *lines;
    struct csv_parser parser;
    char delimiter;
    struct buffer text; /* the cells one after the other, NUL-terminated */
    size_t starts[CELLS_MAX];
    int count; /* may be more than CELLS_MAX: those are not kept */
    bool row_ended;
    struct buffer raw; /* the row as it came, with its end */
    int64_t line;      /* where it began */
};

void cells_init(struct cells *cells, struct lines *lines);
void cells_clear(struct cells *cells);

/* Before the first row. False: nothing but blank lines is there. */
bool cells_begin(struct cells *cells);
enum row_read { ROW_GOOD, ROW_BAD, ROW_NONE };
/* ROW_BAD: the first line of what was read is given up, and why; what followed it is read again. */
enum row_read cells_next(struct cells *cells, struct error *why);
/* A cell of a row that could not be read, by the naked delimiters, which is right more often than not. */
size_t cells_guess(const struct cells *cells, int index, const char **bytes);

static inline const char *cells_at(const struct cells *cells, int index) {
    return cells->text.bytes + cells->starts[index];
}
