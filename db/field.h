/* The members of an order's structs as tables: one name each for JSON lines, CSV columns and SQL columns.
 * Private to this room.
 *
 * Cards on disk are read by position: new fields go to the end of their table, and none is ever taken out. */
#pragma once
#include "db/order.h"
#include <stddef.h>

enum field_kind {
    FIELD_TEXT,   /* const char * */
    FIELD_MOMENT, /* struct moment */
    FIELD_STATUS, /* enum status */
    FIELD_FLAG,   /* bool */
    FIELD_COUNT,  /* int, not negative */
    FIELD_INDEX,  /* int, -1 is none */
    FIELD_MS      /* int64_t */
};

/* What a text from outside must look like. */
enum field_check {
    CHECK_ANY,
    CHECK_NUMBER, /* something to key the order by */
    CHECK_KEY,    /* made by us, never given */
    CHECK_EMAIL,
    CHECK_PHONE,
    CHECK_URL,
    CHECK_COUNTRY,
    CHECK_LOCALE,
    CHECK_OPTION,
    CHECK_ORIGIN
};

struct field {
    const char *name;
    enum field_kind kind;
    size_t offset;
    int max; /* TEXT: code points */
    enum field_check check;
};

struct record {
    const char *name; /* "line": what messages call it */
    const struct field *fields;
    int count; /* at most 63: a draft knows by a bit which were given */
    enum status_subject subject;
    const void *empty; /* one with nothing in it: texts are "" */
    size_t size;
};

/* More of them is a mistake in the data, not an order. */
enum { ORDER_LINES_MAX = 1000, ORDER_PARCELS_MAX = 200, PARCEL_CHECKPOINTS_MAX = 1000 };

extern const struct record record_order, record_line, record_parcel, record_checkpoint;

/* Which order fields need a name in the code. */
int field_find(const struct record *record, const char *name); /* -1: no such field */

#define FIELD_AT(type, base, field) ((type *)((char *)(base) + (field)->offset))
#define FIELD_OF(type, base, field) (*(const type *)((const char *)(base) + (field)->offset))

bool field_empty(const void *base, const struct field *field);
void field_copy(void *to, const void *from, const struct field *field);
/* As text: what SQL columns and JSON hold. `scratch` serves those that are not text already. */
const char *field_text(const void *base, const struct field *field, char scratch[MOMENT_SIZE]);
