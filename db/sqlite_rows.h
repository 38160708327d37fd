/* Rows of the tables that are made from the tables of fields (db/field.h), put one a statement or, where many
 * are to go in, ROWS_AT_ONCE a statement: so the database seeks once for all of them. Private to sqlite_*.c.
 */
#pragma once
#include "db/row.h"
#include "db/sqlite.h"

enum row_kind { ROW_ORDER, ROW_CHANGED_ORDER, ROW_LINE, ROW_PARCEL, ROW_CHECKPOINT };
enum { ROWS_AT_ONCE = 32 };

/* Rows that are being put. What is bound is borrowed until the row's statement has run. */
struct rows {
    struct store *store;
    enum row_kind kind;
    int left;               /* rows to come, the current one included */
    struct sqlite_put *put; /* the statement that is being bound; NULL between two of them */
    int at;                 /* the next value of it */
    int row;                /* of its rows */
};

struct rows rows_begin(struct store *store, enum row_kind kind, int count);
/* Before the values of each row, which follow in the order of its columns. */
bool rows_next(struct rows *rows, struct error *err);
void rows_number(struct rows *rows, int64_t number);
void rows_text(struct rows *rows, const char *text);
void rows_bytes(struct rows *rows, const char *bytes, size_t len);
/* made: of this record, before; NULL: it is made now. */
void rows_record(struct rows *rows, const void *base, const struct row *made);
char *rows_scratch(struct rows *rows, size_t size); /* lives until the row's statement has run */
/* After the values of each row: runs the statement when it has all its rows. */
bool rows_end(struct rows *rows, struct error *err);

void sqlite_puts_clear(struct store *store);
