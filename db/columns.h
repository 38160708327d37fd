/* What a CSV's columns are called, and which field of an order, a line or a parcel each holds. Private to
 * this room. */
#pragma once
#include "base/arena.h"
#include "db/cells.h"
#include "db/field.h"

enum owner {
    OF_ORDER,
    OF_LINE,
    OF_PARCEL,
    OF_FULL_NAME, /* the rest are words that need a thought before they are a field */
    OF_SHIPPING_METHOD,
    OF_PAYMENT,
    OF_CANCELLED
};

enum { ALTERNATIVES = 4, COLUMNS_MAX = 64 };

/* A field and the cells that may hold it: the first that has a value in a row. */
struct column {
    enum owner owner;
    int field;
    const char *heading; /* as the file calls it */
    int cells[ALTERNATIVES];
    int count;
    char *seen; /* its value in the order's first row */
};

struct columns {
    struct column columns[COLUMNS_MAX]; /* the number is the first */
    int count;
    int cell_count;                         /* of the header */
    bool has_lines, has_parcels, has_proof; /* has_proof: an e-mail, a phone or a postcode */
    const char *unread;                     /* the headings of the others, as "a", "b"; "" none */
};

const struct record *columns_record(enum owner owner);
/* From the header. False: no column is the order's number. The headings are kept in the arena. */
bool columns_map(struct columns *columns, const struct cells *header, struct arena *arena);
