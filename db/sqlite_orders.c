/* Orders in the embedded database: their rows, and their cards. */
#include "base/key.h"
#include "base/text.h"
#include "db/card.h"
#include "db/field.h"
#include "db/sqlite_rows.h"
#include <stdlib.h>
#include <string.h>

/* Putting. */

static const struct row *row_of(const struct carded *carded, int which) {
    return carded->rows ? carded->rows[which] : NULL;
}

/* What is in the orders, the first of which has the row `first` and the others those after it. */
static bool put_lines(struct store *store, int64_t first, const struct carded *orders, int count,
                      struct error *err) {
    int total = 0;
    for (int i = 0; i < count; i++)
        total += orders[i].order->line_count;
    struct rows rows = rows_begin(store, ROW_LINE, total);
    for (int i = 0; i < count; i++)
        for (int k = 0; k < orders[i].order->line_count; k++) {
            if (!rows_next(&rows, err))
                return false;
            rows_number(&rows, first + i);
            rows_number(&rows, k);
            rows_record(&rows, &orders[i].order->lines[k], row_of(&orders[i], 1 + k));
            if (!rows_end(&rows, err))
                return false;
        }
    return true;
}

static bool put_checkpoints(struct store *store, int64_t id, const struct order *order, struct error *err) {
    for (int i = 0; i < order->parcel_count; i++) {
        const struct parcel *parcel = &order->parcels[i];
        struct rows rows = rows_begin(store, ROW_CHECKPOINT, parcel->checkpoint_count);
        for (int k = 0; k < parcel->checkpoint_count; k++) {
            if (!rows_next(&rows, err))
                return false;
            rows_number(&rows, id);
            rows_number(&rows, i);
            rows_number(&rows, k);
            rows_record(&rows, &parcel->checkpoints[k], NULL);
            if (!rows_end(&rows, err))
                return false;
        }
    }
    return true;
}

static bool put_parcels(struct store *store, int64_t first, int64_t shop, const struct carded *orders,
                        int count, struct error *err) {
    int total = 0;
    for (int i = 0; i < count; i++)
        total += orders[i].order->parcel_count;
    struct rows rows = rows_begin(store, ROW_PARCEL, total);
    for (int i = 0; i < count; i++)
        for (int k = 0; k < orders[i].order->parcel_count; k++) {
            const struct parcel *parcel = &orders[i].order->parcels[k];
            if (!rows_next(&rows, err))
                return false;
            char *key = rows_scratch(&rows, KEY_SIZE);
            rows_number(&rows, first + i);
            rows_number(&rows, k);
            rows_number(&rows, shop);
            rows_text(&rows, key_number(key, parcel->tracking_number) ? key : "");
            rows_record(&rows, parcel, row_of(&orders[i], 1 + orders[i].order->line_count + k));
            if (!rows_end(&rows, err))
                return false;
        }
    for (int i = 0; i < count; i++)
        if (!put_checkpoints(store, first + i, orders[i].order, err))
            return false;
    return true;
}

static bool put_parts(struct store *store, int64_t first, int64_t shop, const struct carded *orders,
                      int count, struct error *err) {
    return put_lines(store, first, orders, count, err) && put_parcels(store, first, shop, orders, count, err);
}

static void bind_order(struct rows *rows, int64_t shop, const struct carded *carded) {
    const struct order *order = carded->order;
    char *digits = rows_scratch(rows, KEY_SIZE);
    rows_number(rows, shop);
    rows_number(rows, order->placed_at.ms);
    rows_number(rows, order->updated_ms);
    rows_bytes(rows, carded->card, carded->card_len);
    rows_text(rows, key_digits(digits, order->number) ? digits : "");
    rows_record(rows, order, row_of(carded, 0));
}

static bool delete_parts(struct store *store, int64_t id, struct error *err) {
    static const char *const deletes[] = {"DELETE FROM lines WHERE order_id = ?1",
                                          "DELETE FROM checkpoints WHERE order_id = ?1",
                                          "DELETE FROM parcels WHERE order_id = ?1"};
    for (size_t i = 0; i < sizeof deletes / sizeof deletes[0]; i++) {
        sqlite3_stmt *statement = sqlite_statement(store, deletes[i], err);
        if (!statement)
            return false;
        sqlite_bind_number(statement, 1, id);
        if (!sqlite_run(store, statement, err))
            return false;
    }
    return true;
}

static enum found find_row(struct store *store, int64_t shop, const char *key, int64_t *id,
                           struct error *err) {
    sqlite3_stmt *find = sqlite_statement(store, "SELECT id FROM orders WHERE shop = ?1 AND key = ?2", err);
    if (!find)
        return FAILED;
    sqlite_bind_number(find, 1, shop);
    sqlite_bind(find, 2, key);
    enum found found = sqlite_step(store, find, err);
    if (found == FOUND) {
        *id = sqlite3_column_int64(find, 0);
        sqlite3_reset(find);
    }
    return found;
}

/* New ones, whose rows follow each other. */
static bool add_orders(struct store *store, int64_t shop, const struct carded *orders, int count,
                       struct error *err) {
    struct rows rows = rows_begin(store, ROW_ORDER, count);
    for (int i = 0; i < count; i++) {
        if (!rows_next(&rows, err))
            return false;
        bind_order(&rows, shop, &orders[i]);
        if (!rows_end(&rows, err))
            return false;
    }
    return put_parts(store, sqlite3_last_insert_rowid(store->db) - count + 1, shop, orders, count, err);
}

static bool change_order(struct store *store, int64_t id, int64_t shop, const struct carded *carded,
                         struct error *err) {
    struct rows rows = rows_begin(store, ROW_CHANGED_ORDER, 1);
    if (!rows_next(&rows, err) || !delete_parts(store, id, err))
        return false;
    bind_order(&rows, shop, carded);
    rows_number(&rows, id);
    return rows_end(&rows, err) && put_parts(store, id, shop, carded, 1, err);
}

static bool put_order(struct store *store, const struct order *order, struct error *err) {
    struct buffer *card = &store->card;
    int64_t shop, id;
    if (!card->bytes)
        buffer_init(card, CARD_MAX);
    buffer_reset(card);
    card_pack(card, order);
    if (card->full)
        return error_set(err, "order %s: is larger than %d bytes", order->number, CARD_MAX);
    if (sqlite_shop(store, order->shop, true, &shop, err) != FOUND)
        return false;
    struct carded carded = {order, card->bytes, card->len, NULL};
    enum found found = find_row(store, shop, order->key, &id, err);
    return found == FOUND     ? change_order(store, id, shop, &carded, err)
           : found == MISSING ? add_orders(store, shop, &carded, 1, err)
                              : false;
}

bool store_put_order(struct store *store, const struct order *order, struct error *err) {
    if (store->batch)
        return put_order(store, order, err);
    if (!sqlite_write_begin(store, false, err))
        return false;
    if (put_order(store, order, err))
        return sqlite_write_end(store, err);
    sqlite_write_undo(store);
    return false;
}

bool store_add_orders(struct store *store, const struct carded *orders, int count, struct error *err) {
    int64_t shop;
    return !count || (sqlite_shop(store, orders[0].order->shop, true, &shop, err) == FOUND &&
                      add_orders(store, shop, orders, count, err));
}

/* One statement an index; each gives id, card, updated_ms, newest first. By its key the nearest order is
 * read: a number that does not exist costs what one does that exists. */
#define COLUMNS "SELECT id, card, updated_ms, key FROM orders "
#define BY_KEY COLUMNS "WHERE shop = ?1 AND key <= ?2 ORDER BY key DESC LIMIT min(1, ?3)"
static const char *const lookups[][2] = {
    [ORDER_BY_KEY] = {BY_KEY, NULL},
    /* The index leaves out orders whose number is digits only: those are found by their key. */
    [ORDER_BY_DIGITS] = {BY_KEY, COLUMNS "WHERE shop = ?1 AND digits = ?2 AND digits <> key AND digits <> '' "
                                         "ORDER BY placed_ms DESC LIMIT ?3"},
    [ORDER_BY_TRACKING] = {COLUMNS
                           "WHERE id IN (SELECT order_id FROM parcels WHERE shop = ?1 AND tracking_key = ?2 "
                           "AND tracking_key <> '') ORDER BY placed_ms DESC LIMIT ?3",
                           NULL},
    [ORDER_BY_EMAIL] = {COLUMNS
                        "WHERE shop = ?1 AND email = ?2 AND email <> '' ORDER BY placed_ms DESC LIMIT ?3",
                        NULL},
    [ORDER_BY_PHONE] = {COLUMNS
                        "WHERE shop = ?1 AND phone = ?2 AND phone <> '' ORDER BY placed_ms DESC LIMIT ?3",
                        NULL},
};

/* Whoever has many orders names one of them by its postcode. */
#define OF_POSTCODE                                                                                          \
    "ORDER BY replace(replace(upper(postcode), ' ', ''), '-', '') = ?4 DESC, placed_ms DESC LIMIT ?3"
static const char *lookup(const struct order_query *query, int k) {
    if (query->postcode && query->by == ORDER_BY_EMAIL)
        return k ? NULL : COLUMNS "WHERE shop = ?1 AND email = ?2 AND email <> '' " OF_POSTCODE;
    if (query->postcode && query->by == ORDER_BY_PHONE)
        return k ? NULL : COLUMNS "WHERE shop = ?1 AND phone = ?2 AND phone <> '' " OF_POSTCODE;
    return lookups[query->by][k];
}

struct hits {
    struct order_row *rows;
    int count, size;
};

/* key: what its key must be; NULL: any. */
static bool hits_add(struct hits *hits, sqlite3_stmt *statement, const char *shop, const char *key,
                     struct arena *arena, struct error *err) {
    int64_t id = sqlite3_column_int64(statement, 0);
    for (int i = 0; i < hits->count; i++)
        if (hits->rows[i].id == id)
            return true;
    struct order *order = card_unpack(sqlite3_column_blob(statement, 1),
                                      (size_t)sqlite3_column_bytes(statement, 1), arena, err);
    if (key && !text_is((const char *)sqlite3_column_text(statement, 3), key))
        return true; /* the nearest, not the one: its faults are not ours */
    if (!order)
        return false;
    order->shop = shop;
    order->updated_ms = sqlite3_column_int64(statement, 2);
    if (hits->count == hits->size) {
        struct order_row *more = ARENA_ARRAY(arena, struct order_row, (size_t)hits->size * 2 + 8);
        if (hits->count)
            memcpy(more, hits->rows, (size_t)hits->count * sizeof *more);
        hits->rows = more;
        hits->size = hits->size * 2 + 8;
    }
    hits->rows[hits->count++] = (struct order_row){id, order};
    return true;
}

static int newest_first(const void *a, const void *b) {
    const struct order_row *first = a, *second = b;
    int64_t x = first->order->placed_at.ms, y = second->order->placed_at.ms;
    return x != y ? (x < y) - (x > y) : (first->id < second->id) - (first->id > second->id);
}

enum found sqlite_orders(struct store *store, const struct order_query *query, int most, struct arena *arena,
                         struct order_row **out, int *count, struct error *err) {
    struct hits hits = {0};
    int64_t shop;
    *count = 0;
    if (!sqlite_read_begin(store, err))
        return FAILED;
    enum found found = sqlite_shop(store, query->shop, false, &shop, err);
    if (found != FOUND)
        return found;
    const char *name = arena_string(arena, query->shop);
    for (int i = 0; i < query->count; i++)
        for (int k = 0; k < 2 && lookup(query, k); k++) {
            sqlite3_stmt *statement = sqlite_statement(store, lookup(query, k), err);
            bool by_key = k == 0 && (query->by == ORDER_BY_KEY || query->by == ORDER_BY_DIGITS);
            if (!statement)
                return FAILED;
            sqlite_bind_number(statement, 1, shop);
            sqlite_bind(statement, 2, query->values[i]);
            sqlite_bind_number(statement, 3, most);
            if (sqlite3_bind_parameter_count(statement) > 3)
                sqlite_bind(statement, 4, query->postcode);
            while ((found = sqlite_step(store, statement, err)) == FOUND)
                if (!hits_add(&hits, statement, name, by_key ? query->values[i] : NULL, arena, err)) {
                    sqlite3_reset(statement);
                    return FAILED;
                }
            if (found == FAILED)
                return FAILED;
        }
    if (hits.count > 1)
        qsort(hits.rows, (size_t)hits.count, sizeof *hits.rows, newest_first);
    *out = hits.rows;
    *count = hits.count < most ? hits.count : most;
    return hits.count ? FOUND : MISSING;
}

enum found store_orders(struct store *store, const struct order_query *query, struct arena *arena,
                        struct order_list *out, struct error *err) {
    struct order_row *rows;
    int count;
    *out = (struct order_list){0};
    enum found found = sqlite_orders(store, query, ORDER_LIST_MAX, arena, &rows, &count, err);
    if (found != FOUND)
        return found;
    out->orders = ARENA_ARRAY(arena, struct order *, (size_t)count);
    for (int i = 0; i < count; i++)
        out->orders[out->count++] = rows[i].order;
    return FOUND;
}

const char *store_order_number(struct store *store, const char *shop, const char *number,
                               struct arena *arena) {
    char key[KEY_SIZE];
    const struct order_query query = {.shop = shop, .by = ORDER_BY_KEY, .values = {key}, .count = 1};
    struct order_list orders;
    struct error err;
    bool known = !text_empty(number) && key_number(key, number) &&
                 store_orders(store, &query, arena, &orders, &err) == FOUND;
    return known ? orders.orders[0]->number : number;
}
