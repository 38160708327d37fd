/* A record (db/field.h) as the values of its columns: an import makes them on one thread, and another puts
 * them into the database. Private to this room. */
#pragma once
#include "base/arena.h"
#include "db/field.h"

struct row_value {
    const char *text; /* NULL: a number */
    int64_t number;   /* of a text: its length */
};

struct row {
    uint64_t filled;           /* a bit for each field that is not empty */
    struct row_value values[]; /* of these, one after the other */
};

/* Borrows the texts of the record. */
struct row *row_make(const void *base, const struct record *record, struct arena *arena);
