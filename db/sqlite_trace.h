/* What is one customer's: their orders, what they are known by, and their conversations. Of erasure and
 * access alone. */
#pragma once
#include "db/sqlite.h"

struct list {
    const char **items;
    int count, room;
};
bool list_has(const struct list *list, const char *item);

struct trace {
    struct arena *arena;
    int64_t shop;
    struct order_row *orders;
    int order_count;
    struct list emails, phones, keys;
    struct list hashes; /* keyed, of all of them */
    struct list conversations;
    struct list gone; /* conversations that a hand-off has outlived */
};

/* Within a transaction; then statements may ask whether texts, hashes and packed steps are theirs (is_theirs,
 * holds_person, turns_hold_person …) until trace_end. */
bool trace_begin(struct trace *trace, struct store *store, const struct order_query *who, struct error *err);
void trace_end(struct store *store);
