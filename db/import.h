/* Orders from a file: CSV (header names through a table with aliases) or JSON lines
 * (db/schema/order.schema.json). Streaming, idempotent; a bad row never leaves half an order. */
#pragma once
#include "base/calendar.h"
#include "db/store.h"
#include <stdio.h>

enum import_format { IMPORT_GUESS, IMPORT_CSV, IMPORT_JSONL };

struct import_options {
    const char *shop;
    const struct zone *zone; /* of times without offset; NULL: UTC */
    const char *country;     /* of phone numbers and postcodes without one; "" none */
    enum import_format format;
    enum moment_order dates; /* of those such as 01/03/2026; MOMENT_ISO: it is not told */
    const char *label;       /* how messages name the input: "orders.csv", "-" */
    FILE *rejects;           /* gets the rejected rows as they came; NULL: nowhere */
    void (*reject)(
        const char *message,
        void *context); /* "orders.csv:12: promised_to: expected a date such as 2026-03-11, found \"soon\"" */
    void (*progress)(int64_t rows, void *context); /* now and then; may be NULL */
    void *context;
    int64_t now_ms;
};

struct import_summary {
    int64_t read, added, changed, same,
        rejected; /* orders; rejected counts orders that were left out whole */
};

bool import_run(struct store *store, FILE *in, const struct import_options *options,
                struct import_summary *out, struct error *err);

/* The demo orders, every situation once, dated from now_ms; imported as JSON lines. */
bool demo_load(struct store *store, const char *shop, const struct zone *zone, int64_t now_ms,
               struct import_summary *out, struct error *err);
/* The JSON lines that demo_load imports, with their dates worked out. */
bool demo_print(FILE *out, const struct zone *zone, int64_t now_ms, struct error *err);

/* What to try: one row a demo order, the two for a first look (one in French, one in English) first. */
struct demo_order {
    const char *number, *email, *postcode, *locale;
    const char *shows; /* "in transit, two days late" */
};
struct demo_order *demo_orders(struct arena *arena, int *count, struct error *err); /* NULL + error */
