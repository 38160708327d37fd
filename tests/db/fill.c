/* A database that an import makes: the same as one that was there before, whole or not at all. */
#include "base/text.h"
#include "tests/db/faulty.h"
#include "tests/db/own_room.h"
#include "tests/db/whole.h"
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OPERATIONS_MAX = 1000 };

/* The second and the first come back: with another line, with another date. */
static const char orders[] =
    "number,email,phone,postcode,promised_to,line_sku,line_title,tracking_number,carrier\n"
    "A-1,anne@mail.example,+33612345678,69003,2026-03-12,S1,Lampe,6A01,Colissimo\n"
    "B-2,bob@mail.example,,75011,2026-03-13,S2,Tasse,,\n"
    "C-3,anne@mail.example,,69003,2026-03-14,S3,Bol,6A03,Colissimo\n"
    "B-2,bob@mail.example,,75011,2026-03-13,S4,Verre,,\n"
    "D-4,bad,,69003,2026-03-14,S3,Bol,,\n"
    "A-1,anne@mail.example,+33612345678,69003,2026-03-15,S1,Lampe,6A04,Colissimo\n";

static const char *aside(void) {
    return arena_format(&room.arena, "%s/filled.db", room.folder);
}

static bool there(const char *path) {
    struct stat info;
    return stat(path, &info) == 0;
}

static bool fill(const char *path, const char *text, struct import_summary *summary, struct error *err) {
    const struct import_options options = {
        .shop = "demo", .zone = room.zone, .label = "file", .now_ms = NOW_MS};
    struct store *store = store_fill(path, err);
    FILE *in = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
    bool ok = store && import_run(store, in, &options, summary, err) && store_fill_end(store, err);
    fclose(in);
    store_close(store);
    return ok;
}

static void a_filled_database_is_as_one_that_was_there_before(void **state) {
    static const struct {
        enum order_by by;
        const char *value;
        int count;
    } queries[] = {{ORDER_BY_KEY, "A1", 1},        {ORDER_BY_KEY, "B2", 1},
                   {ORDER_BY_KEY, "C3", 1},        {ORDER_BY_DIGITS, "2", 1},
                   {ORDER_BY_TRACKING, "6A04", 1}, {ORDER_BY_EMAIL, "anne@mail.example", 2},
                   {ORDER_BY_KEY, "D4", 0},        {ORDER_BY_PHONE, "+33612345678", 1}};
    struct order_list before, after;
    struct import_summary summary;
    struct error err = {""};
    (void)state;
    struct import_summary ordinary = IMPORT(&room, orders);
    if (!fill(aside(), orders, &summary, &err))
        fail_msg("%s", err.text);
    assert_memory_equal(&summary, &ordinary, sizeof summary);
    struct store *store = room.store, *filled = store_open(aside(), STORE_WRITE, &err);
    if (!filled)
        fail_msg("%s", err.text);
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        room.store = store;
        assert_int_equal(room_find(&room, queries[i].by, queries[i].value, &before) == FOUND,
                         queries[i].count > 0);
        room.store = filled;
        room_find(&room, queries[i].by, queries[i].value, &after);
        assert_int_equal(before.count, queries[i].count);
        assert_int_equal(after.count, queries[i].count);
        for (int k = 0; k < after.count; k++)
            assert_same_order(before.orders[k], after.orders[k]);
    }
    ordinary = IMPORT(&room, orders); /* and it is written to as any other */
    assert_int_equal(ordinary.added, 0);
    store_close(filled);
    room.store = store;
}

/* Orders with from no to 40 lines, parcels and checkpoints; every seventh comes back. */
static const char *many_orders(void) {
    struct buffer text;
    buffer_init(&text, 1 << 22);
    for (int i = 0; i < 400; i++) {
        int number = i % 7 ? i : i / 2, lines = i % 11 ? i % 4 : 40;
        buffer_format(&text, "{\"number\": \"N-%d\", \"first_name\": \"%s\", \"lines\": [", number,
                      i % 3 ? "" : "Anne");
        for (int k = 0; k < lines; k++)
            buffer_format(&text, "%s{\"sku\": \"S%d\", \"title\": \"%s\"}", k ? ", " : "", k,
                          i % 2 ? "" : "Lampe");
        buffer_string(&text, "], \"parcels\": [");
        for (int k = 0; k < i % 3; k++) {
            buffer_format(&text, "%s{\"tracking_number\": \"T%d-%d\", \"checkpoints\": [", k ? ", " : "",
                          number, k);
            for (int j = 0; j < (i % 13 ? k : 40); j++)
                buffer_format(&text, "%s{\"at\": \"2026-03-10T%02d:%02d:00Z\", \"status\": \"in_transit\"}",
                              j ? ", " : "", j / 60, j % 60);
            buffer_string(&text, "]}");
        }
        buffer_string(&text, "]}\n");
    }
    const char *copy = arena_copy(&room.arena, text.bytes, text.len);
    buffer_clear(&text);
    return copy;
}

static int64_t number_of(sqlite3 *db, const char *sql) {
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

static void a_filled_database_has_the_same_rows_in_all_tables(void **state) {
    static const char *const tables[] = {"shops", "orders", "lines", "parcels", "checkpoints"};
    const char *text = many_orders();
    struct import_summary summary;
    struct error err = {""};
    sqlite3 *db;
    (void)state;
    room_import(&room, text, strlen(text));
    if (!fill(aside(), text, &summary, &err))
        fail_msg("%s", err.text);
    assert_int_equal(sqlite3_open(room.path, &db), SQLITE_OK);
    const char *attach = arena_format(&room.arena, "ATTACH '%s' AS filled", aside());
    assert_int_equal(sqlite3_exec(db, attach, NULL, NULL, NULL), SQLITE_OK);
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        const char *name = tables[i];
        assert_true(number_of(db, arena_format(&room.arena, "SELECT count(*) FROM main.%s", name)) > 0);
        assert_int_equal(number_of(db, arena_format(&room.arena, "SELECT count(*) FROM main.%s", name)),
                         number_of(db, arena_format(&room.arena, "SELECT count(*) FROM filled.%s", name)));
        assert_int_equal(
            number_of(db, arena_format(&room.arena,
                                       "SELECT count(*) FROM (SELECT * FROM main.%s EXCEPT SELECT "
                                       "* FROM filled.%s)",
                                       name, name)),
            0);
    }
    sqlite3_close(db);
}

static void until_its_end_a_fill_has_no_name_and_then_leaves_nothing(void **state) {
    struct error err = {""};
    const char *half = arena_format(&room.arena, "%s.new", aside());
    (void)state;
    struct store *store = store_fill(aside(), &err);
    assert_non_null(store);
    assert_true(there(half));
    assert_false(there(aside()));
    store_close(store);
    assert_false(there(half));
    assert_false(there(aside()));
}

static void what_a_killed_fill_left_is_begun_anew(void **state) {
    struct import_summary summary;
    struct error err = {""};
    (void)state;
    FILE *left = fopen(arena_format(&room.arena, "%s.new", aside()), "w");
    fputs("half a database", left);
    fclose(left);
    if (!fill(aside(), orders, &summary, &err))
        fail_msg("%s", err.text);
    assert_int_equal(summary.added, 3);
}

static void one_database_is_made_by_one_fill_and_what_another_made_is_kept(void **state) {
    struct error err = {""};
    (void)state;
    struct store *first = store_fill(aside(), &err);
    assert_non_null(first);
    assert_null(store_fill(aside(), &err));
    assert_non_null(strstr(err.text, "another import"));
    struct store *other = store_open(aside(), STORE_CREATE, &err);
    assert_non_null(other);
    assert_false(store_fill_end(first, &err));
    assert_non_null(strstr(err.text, "meanwhile"));
    store_close(first);
    assert_true(store_put_order(other, whole_order(&room.arena), &err));
    store_close(other);
}

static void a_disk_that_fails_leaves_no_database_or_a_whole_one(void **state) {
    struct faulty disk;
    struct import_summary summary;
    bool filled = false;
    int at = 1;
    (void)state;
    faulty_install(&disk);
    disk.code = SQLITE_FULL;
    for (; !filled && at < OPERATIONS_MAX; at++) {
        struct error err = {""};
        disk.at = at;
        disk.count = disk.failed = 0;
        disk.stays = true;
        filled = fill(aside(), orders, &summary, &err);
        if (!filled && (there(aside()) || text_empty(err.text)))
            fail_msg("operation %d: %s", at, text_empty(err.text) ? "no reason is given" : "half is there");
    }
    disk.at = 0;
    faulty_remove(&disk);
    assert_true(at > 10);
    assert_true(filled);
    sqlite3 *db;
    assert_int_equal(sqlite3_open(aside(), &db), SQLITE_OK);
    assert_int_equal(number_of(db, "SELECT count(*) FROM orders"), 3);
    sqlite3_close(db);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CLAIM(a_filled_database_is_as_one_that_was_there_before),
        CLAIM(a_filled_database_has_the_same_rows_in_all_tables),
        CLAIM(until_its_end_a_fill_has_no_name_and_then_leaves_nothing),
        CLAIM(what_a_killed_fill_left_is_begun_anew),
        CLAIM(one_database_is_made_by_one_fill_and_what_another_made_is_kept),
        CLAIM(a_disk_that_fails_leaves_no_database_or_a_whole_one),
    };
    return cmocka_run_group_tests_name("db/fill", tests, NULL, NULL);
}
