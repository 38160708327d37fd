/* Orders in the embedded database: tables made from the fields' tables, and cards. */
#include "base/key.h"
#include "base/text.h"
#include "db/card.h"
#include "db/field.h"
#include "db/sqlite.h"
#include <stdlib.h>
#include <string.h>

/* Statements that are made from the tables of fields once a connection. */
enum generated { PUT_ORDER, CHANGE_ORDER, PUT_LINE, PUT_PARCEL, PUT_CHECKPOINT, SCRATCH_CARD };

static sqlite3_stmt *insert_of(struct store *store, enum generated which, const char *table,
                               const char *columns, int column_count, const struct record *record,
                               struct error *err) {
    struct buffer *sql = &store->generated[which];
    if (!sql->bytes) {
        buffer_init(sql, 8192);
        buffer_format(sql, "INSERT INTO %s(%s", table, columns);
        for (int i = 0; i < record->count; i++)
            buffer_format(sql, ", %s", record->fields[i].name);
        buffer_string(sql, ") VALUES(");
        for (int i = 0; i < column_count + record->count; i++)
            buffer_format(sql, "%s?%d", i ? ", " : "", i + 1);
        buffer_string(sql, ")");
    }
    return sqlite_statement(store, sql->bytes, err);
}

static sqlite3_stmt *update_order(struct store *store, struct error *err) {
    struct buffer *sql = &store->generated[CHANGE_ORDER];
    if (!sql->bytes) {
        buffer_init(sql, 8192);
        buffer_string(sql,
                      "UPDATE orders SET shop = ?1, placed_ms = ?2, updated_ms = ?3, card = ?4, digits = ?5");
        for (int i = 0; i < record_order.count; i++)
            buffer_format(sql, ", %s = ?%d", record_order.fields[i].name, i + 6);
        buffer_format(sql, " WHERE id = ?%d", record_order.count + 6);
    }
    return sqlite_statement(store, sql->bytes, err);
}

/* `scratch` holds what has no text of its own until the statement has run. `blank`: of which fields the
 * statement holds the empty value from its last run, a bit for each. */
static void bind_record(sqlite3_stmt *statement, int at, const void *base, const struct record *record,
                        char scratch[][MOMENT_SIZE], uint64_t *blank) {
    for (int i = 0; i < record->count; i++, at++) {
        const struct field *field = &record->fields[i];
        uint64_t bit = UINT64_C(1) << i;
        if (!field_empty(base, field))
            *blank &= ~bit;
        else if (*blank & bit)
            continue;
        else
            *blank |= bit;
        switch (field->kind) {
        case FIELD_TEXT:
        case FIELD_STATUS:
            sqlite_bind(statement, at, field_text(base, field, scratch[i]));
            break;
        case FIELD_MOMENT:
            sqlite_bind(statement, at, field_empty(base, field) ? NULL : field_text(base, field, scratch[i]));
            break;
        case FIELD_FLAG:
            sqlite_bind_number(statement, at, FIELD_OF(bool, base, field));
            break;
        case FIELD_COUNT:
            sqlite_bind_number(statement, at, FIELD_OF(int, base, field));
            break;
        case FIELD_INDEX:
            if (field_empty(base, field))
                sqlite_bind(statement, at, NULL);
            else
                sqlite_bind_number(statement, at, FIELD_OF(int, base, field));
            break;
        case FIELD_MS:
            sqlite_bind_number(statement, at, FIELD_OF(int64_t, base, field));
            break;
        }
    }
}

enum { FIELDS = 64 };

static bool put_parts(struct store *store, int64_t id, int64_t shop, const struct order *order,
                      struct error *err) {
    char scratch[FIELDS][MOMENT_SIZE], key[KEY_SIZE];
    sqlite3_stmt *put = insert_of(store, PUT_LINE, "lines", "order_id, position", 2, &record_line, err);
    for (int i = 0; put && i < order->line_count; i++) {
        sqlite_bind_number(put, 1, id);
        sqlite_bind_number(put, 2, i);
        bind_record(put, 3, &order->lines[i], &record_line, scratch, &store->blank[PUT_LINE]);
        if (!sqlite_run(store, put, err))
            return false;
    }
    sqlite3_stmt *put_parcel = insert_of(store, PUT_PARCEL, "parcels",
                                         "order_id, position, shop, tracking_key", 4, &record_parcel, err);
    sqlite3_stmt *put_checkpoint = insert_of(store, PUT_CHECKPOINT, "checkpoints",
                                             "order_id, parcel, position", 3, &record_checkpoint, err);
    if (!put || !put_parcel || !put_checkpoint)
        return false;
    for (int i = 0; i < order->parcel_count; i++) {
        const struct parcel *parcel = &order->parcels[i];
        sqlite_bind_number(put_parcel, 1, id);
        sqlite_bind_number(put_parcel, 2, i);
        sqlite_bind_number(put_parcel, 3, shop);
        sqlite_bind(put_parcel, 4, key_number(key, parcel->tracking_number) ? key : "");
        bind_record(put_parcel, 5, parcel, &record_parcel, scratch, &store->blank[PUT_PARCEL]);
        if (!sqlite_run(store, put_parcel, err))
            return false;
        for (int k = 0; k < parcel->checkpoint_count; k++) {
            sqlite_bind_number(put_checkpoint, 1, id);
            sqlite_bind_number(put_checkpoint, 2, i);
            sqlite_bind_number(put_checkpoint, 3, k);
            bind_record(put_checkpoint, 4, &parcel->checkpoints[k], &record_checkpoint, scratch,
                        &store->blank[PUT_CHECKPOINT]);
            if (!sqlite_run(store, put_checkpoint, err))
                return false;
        }
    }
    return true;
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

static bool put_row(struct store *store, int64_t shop, const struct order *order, const struct buffer *card,
                    bool known_new, struct error *err) {
    char scratch[FIELDS][MOMENT_SIZE], digits[KEY_SIZE];
    int64_t id = 0;
    enum found found = known_new ? MISSING : find_row(store, shop, order->key, &id, err);
    if (found == FAILED)
        return false;
    sqlite3_stmt *put = found == FOUND
                            ? update_order(store, err)
                            : insert_of(store, PUT_ORDER, "orders",
                                        "shop, placed_ms, updated_ms, card, digits", 5, &record_order, err);
    if (!put || (found == FOUND && !delete_parts(store, id, err)))
        return false;
    sqlite_bind_number(put, 1, shop);
    sqlite_bind_number(put, 2, order->placed_at.ms);
    sqlite_bind_number(put, 3, order->updated_ms);
    sqlite3_bind_blob(put, 4, card->bytes, (int)card->len, SQLITE_STATIC);
    sqlite_bind(put, 5, key_digits(digits, order->number) ? digits : "");
    bind_record(put, 6, order, &record_order, scratch,
                &store->blank[found == FOUND ? CHANGE_ORDER : PUT_ORDER]);
    if (found == FOUND)
        sqlite_bind_number(put, record_order.count + 6, id);
    if (!sqlite_run(store, put, err))
        return false;
    if (found == MISSING)
        id = sqlite3_last_insert_rowid(store->db);
    return put_parts(store, id, shop, order, err);
}

static bool put_order(struct store *store, const struct order *order, struct error *err) {
    struct buffer *card = &store->generated[SCRATCH_CARD];
    int64_t shop;
    if (!card->bytes)
        buffer_init(card, CARD_MAX);
    buffer_reset(card);
    card_pack(card, order);
    if (card->full)
        return error_set(err, "order %s: is larger than %d bytes", order->number, CARD_MAX);
    return sqlite_shop(store, order->shop, true, &shop, err) == FOUND &&
           put_row(store, shop, order, card, false, err);
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

bool store_add_order(struct store *store, const struct order *order, const struct buffer *card,
                     struct error *err) {
    int64_t shop;
    return sqlite_shop(store, order->shop, true, &shop, err) == FOUND &&
           put_row(store, shop, order, card, true, err);
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

struct rows {
    struct order_row *rows;
    int count, size;
};

/* key: what its key must be; NULL: any. */
static bool rows_add(struct rows *rows, sqlite3_stmt *statement, const char *shop, const char *key,
                     struct arena *arena, struct error *err) {
    int64_t id = sqlite3_column_int64(statement, 0);
    for (int i = 0; i < rows->count; i++)
        if (rows->rows[i].id == id)
            return true;
    struct order *order = card_unpack(sqlite3_column_blob(statement, 1),
                                      (size_t)sqlite3_column_bytes(statement, 1), arena, err);
    if (key && !text_is((const char *)sqlite3_column_text(statement, 3), key))
        return true; /* the nearest, not the one: its faults are not ours */
    if (!order)
        return false;
    order->shop = shop;
    order->updated_ms = sqlite3_column_int64(statement, 2);
    if (rows->count == rows->size) {
        struct order_row *more = ARENA_ARRAY(arena, struct order_row, (size_t)rows->size * 2 + 8);
        if (rows->count)
            memcpy(more, rows->rows, (size_t)rows->count * sizeof *more);
        rows->rows = more;
        rows->size = rows->size * 2 + 8;
    }
    rows->rows[rows->count++] = (struct order_row){id, order};
    return true;
}

static int newest_first(const void *a, const void *b) {
    const struct order_row *first = a, *second = b;
    int64_t x = first->order->placed_at.ms, y = second->order->placed_at.ms;
    return x != y ? (x < y) - (x > y) : (first->id < second->id) - (first->id > second->id);
}

enum found sqlite_orders(struct store *store, const struct order_query *query, int most, struct arena *arena,
                         struct order_row **out, int *count, struct error *err) {
    struct rows rows = {0};
    int64_t shop;
    *count = 0;
    if (!sqlite_read_begin(store, err))
        return FAILED;
    enum found found = sqlite_shop(store, query->shop, false, &shop, err);
    if (found != FOUND)
        return found;
    const char *name = arena_string(arena, query->shop);
    for (int i = 0; i < query->count; i++)
        for (int k = 0; k < 2 && lookups[query->by][k]; k++) {
            sqlite3_stmt *statement = sqlite_statement(store, lookups[query->by][k], err);
            bool by_key = k == 0 && (query->by == ORDER_BY_KEY || query->by == ORDER_BY_DIGITS);
            if (!statement)
                return FAILED;
            sqlite_bind_number(statement, 1, shop);
            sqlite_bind(statement, 2, query->values[i]);
            sqlite_bind_number(statement, 3, most);
            while ((found = sqlite_step(store, statement, err)) == FOUND)
                if (!rows_add(&rows, statement, name, by_key ? query->values[i] : NULL, arena, err)) {
                    sqlite3_reset(statement);
                    return FAILED;
                }
            if (found == FAILED)
                return FAILED;
        }
    if (rows.count > 1)
        qsort(rows.rows, (size_t)rows.count, sizeof *rows.rows, newest_first);
    *out = rows.rows;
    *count = rows.count < most ? rows.count : most;
    return rows.count ? FOUND : MISSING;
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
