#include "db/sqlite_rows.h"
#include "base/memory.h"
#include <stdlib.h>

/* The columns of each kind before those of its fields. */
static const struct {
    const char *table, *columns;
    int column_count;
    const struct record *record;
} kinds[] = {
    [ROW_ORDER] = {"orders", "shop, placed_ms, updated_ms, card, digits", 5, &record_order},
    [ROW_CHANGED_ORDER] = {"orders", "shop, placed_ms, updated_ms, card, digits", 5, &record_order},
    [ROW_LINE] = {"lines", "order_id, position", 2, &record_line},
    [ROW_PARCEL] = {"parcels", "order_id, position, shop, tracking_key", 4, &record_parcel},
    [ROW_CHECKPOINT] = {"checkpoints", "order_id, parcel, position", 3, &record_checkpoint},
};

struct sqlite_put {
    struct buffer sql;
    sqlite3_stmt *statement;
    int rows;
    uint64_t blank[ROWS_AT_ONCE]; /* of each row: which fields are bound as empty ones, a bit for each */
    struct arena scratch;         /* what has no text of its own until the statement has run */
};

static void add_values(struct buffer *sql, int count, int *number) {
    for (int i = 0; i < count; i++)
        buffer_format(sql, "%s?%d", i ? ", " : "(", ++*number);
    buffer_string(sql, ")");
}

/* "INSERT INTO lines (order_id, …) VALUES (?1, …), …"; of an order that is there "UPDATE orders SET (…) = (…)
 * WHERE id = ?27". */
static void spell(struct buffer *sql, enum row_kind kind, int rows) {
    const struct record *record = kinds[kind].record;
    int count = kinds[kind].column_count + record->count, number = 0;
    bool change = kind == ROW_CHANGED_ORDER;
    buffer_format(sql, change ? "UPDATE %s SET (%s" : "INSERT INTO %s (%s", kinds[kind].table,
                  kinds[kind].columns);
    for (int i = 0; i < record->count; i++)
        buffer_format(sql, ", %s", record->fields[i].name);
    buffer_string(sql, change ? ") = " : ") VALUES ");
    for (int i = 0; i < rows; i++) {
        buffer_string(sql, i ? ", " : "");
        add_values(sql, count, &number);
    }
    if (change)
        buffer_format(sql, " WHERE id = ?%d", ++number);
}

static struct sqlite_put *put_of(struct store *store, enum row_kind kind, int rows) {
    struct sqlite_put **place = &store->puts[kind][rows > 1];
    if (*place)
        return *place;
    struct sqlite_put *put = *place = calloc(1, sizeof *put);
    if (!put)
        memory_exhausted();
    put->rows = rows;
    buffer_init(&put->sql, 1 << 16);
    arena_init(&put->scratch);
    spell(&put->sql, kind, rows);
    return put;
}

struct rows rows_begin(struct store *store, enum row_kind kind, int count) {
    return (struct rows){.store = store, .kind = kind, .left = count};
}

bool rows_next(struct rows *rows, struct error *err) {
    if (rows->put)
        return true;
    rows->put = put_of(rows->store, rows->kind, rows->left < ROWS_AT_ONCE ? 1 : ROWS_AT_ONCE);
    rows->at = 1;
    rows->row = 0;
    arena_reset(&rows->put->scratch);
    return rows->put->statement ||
           (rows->put->statement = sqlite_statement(rows->store, rows->put->sql.bytes, err));
}

void rows_number(struct rows *rows, int64_t number) {
    sqlite_bind_number(rows->put->statement, rows->at++, number);
}

void rows_text(struct rows *rows, const char *text) {
    sqlite_bind(rows->put->statement, rows->at++, text);
}

void rows_bytes(struct rows *rows, const char *bytes, size_t len) {
    sqlite3_bind_blob(rows->put->statement, rows->at++, bytes, (int)len, SQLITE_STATIC);
}

char *rows_scratch(struct rows *rows, size_t size) {
    return arena_room(&rows->put->scratch, size);
}

static void bind_value(sqlite3_stmt *statement, int at, struct row_value value) {
    if (value.text)
        sqlite3_bind_text(statement, at, value.text, (int)value.number, SQLITE_STATIC);
    else
        sqlite_bind_number(statement, at, value.number);
}

static void bind_empty(sqlite3_stmt *statement, int at, enum field_kind kind) {
    static const struct row_value text = {"", 0}, number = {NULL, 0};
    if (kind == FIELD_MOMENT || kind == FIELD_INDEX)
        sqlite_bind(statement, at, NULL);
    else
        bind_value(statement, at, kind == FIELD_TEXT || kind == FIELD_STATUS ? text : number);
}

void rows_record(struct rows *rows, const void *base, const struct row *made) {
    struct sqlite_put *put = rows->put;
    const struct record *record = kinds[rows->kind].record;
    const struct row *row = made ? made : row_make(base, record, &put->scratch);
    const struct row_value *value = row->values;
    uint64_t all = ~UINT64_C(0) >> (64 - record->count), *blank = &put->blank[rows->row];
    for (uint64_t left = row->filled | (all & ~*blank); left; left &= left - 1) {
        int i = __builtin_ctzll(left);
        if (row->filled >> i & 1)
            bind_value(put->statement, rows->at + i, *value++);
        else
            bind_empty(put->statement, rows->at + i, record->fields[i].kind);
    }
    *blank = all & ~row->filled;
    rows->at += record->count;
}

bool rows_end(struct rows *rows, struct error *err) {
    struct sqlite_put *put = rows->put;
    rows->left--;
    if (++rows->row < put->rows)
        return true;
    rows->put = NULL;
    return sqlite_run(rows->store, put->statement, err);
}

void sqlite_puts_clear(struct store *store) {
    struct sqlite_put **puts = &store->puts[0][0];
    for (size_t i = 0; i < sizeof store->puts / sizeof *puts; i++) {
        if (!puts[i])
            continue;
        buffer_clear(&puts[i]->sql);
        arena_clear(&puts[i]->scratch);
        free(puts[i]);
        puts[i] = NULL;
    }
}
