#include "db/kept.h"
#include "base/text.h"
#include "db/sqlite.h"
#include "db/writer.h"
#include "tests/db/own_room.h"
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A service's two connections; the room's own is another process to them. */
struct server {
    struct writer *writer;
    struct store *reader;
    int64_t seq;
    sem_t done;
};

static int opened(void **state) {
    struct error err = {""};
    struct server *server = calloc(1, sizeof *server);
    own_room_begin(state);
    server->writer = writer_open(room.path, NULL, &err);
    server->reader = store_open(room.path, STORE_READ, &err);
    if (!server->writer || !server->reader)
        fail_msg("%s", err.text);
    sem_init(&server->done, 0, 0);
    store_keep(server->reader, writer_quiet(server->writer));
    *state = server;
    return 0;
}

static int closed(void **state) {
    struct server *server = *state;
    store_close(server->reader);
    writer_close(server->writer);
    sem_destroy(&server->done);
    free(server);
    return own_room_end(state);
}

static void import_postcode(int postcode) {
    char *text = arena_format(&room.arena, "number,postcode,placed_at\nA-1,%05d,2026-03-01\n", postcode);
    assert_int_equal(room_import(&room, text, strlen(text)).rejected, 0);
}

static void told(void *context, bool ok, const struct error *err) {
    (void)err;
    assert_true(ok);
    sem_post(context);
}

static void put_turn(struct server *server) {
    const struct conversation conversation = {
        .id = "c1", .shop = "demo", .seq = ++server->seq, .started_ms = NOW_MS, .updated_ms = NOW_MS};
    const struct turn turn = {.seq = server->seq, .text = "hello", .at_ms = NOW_MS};
    const struct change change = {.conversation = &conversation, .turns = &turn, .turn_count = 1};
    assert_true(writer_add(server->writer, change_pack(&room.arena, &change), told, &server->done));
    writer_wake(server->writer);
}

static void say(struct server *server) {
    put_turn(server);
    sem_wait(&server->done);
}

static const struct order_query query = {.shop = "demo", .by = ORDER_BY_KEY, .values = {"A1"}, .count = 1};

/* As a service looks an order up; whether the database was asked. */
static bool asked_of(struct server *server, const struct order_query *wanted, int *postcode) {
    struct error err = {""};
    struct order_list list;
    store_rest(server->reader);
    enum found found = store_orders_kept(server->reader, wanted, &room.arena, &list, &err);
    *postcode = found == FOUND ? (int)strtol(list.orders[0]->postcode, NULL, 10) : 0;
    if (found == FAILED)
        fail_msg("%s", err.text);
    return !sqlite3_get_autocommit(server->reader->db);
}

static bool asked(struct server *server, int *postcode) {
    return asked_of(server, &query, postcode);
}

/* The order, as a customer's try at proof finds it. */
static const struct order *tried(struct server *server) {
    struct error err = {""};
    struct order_list list;
    assert_int_equal(store_orders_tried(server->reader, &query, &room.arena, &list, &err), FOUND);
    return list.orders[0];
}

static void an_order_asked_about_again_is_not_read_again(void **state) {
    struct server *server = *state;
    int postcode;
    import_postcode(69003);
    assert_true(asked(server, &postcode));
    assert_int_equal(postcode, 69003);
    assert_false(asked(server, &postcode));
    assert_int_equal(postcode, 69003);
    for (int i = 0; i < 50; i++) {
        say(server); /* conversations change no order */
        asked(server, &postcode);
    }
    assert_false(asked(server, &postcode));
    assert_int_equal(postcode, 69003);
}

static void an_order_that_was_proved_is_not_read_again(void **state) {
    struct server *server = *state;
    int postcode;
    import_postcode(69003);
    tried(server);
    assert_true(asked(server, &postcode)); /* a try alone leaves no trace */
    import_postcode(69004);
    store_order_proved(server->reader, tried(server));
    assert_false(asked(server, &postcode));
    assert_int_equal(postcode, 69004);
    store_rest(server->reader);
    tried(server);
    assert_false(sqlite3_get_autocommit(server->reader->db)); /* a try is always read */
}

static void what_was_proved_before_a_change_is_not_kept(void **state) {
    struct server *server = *state;
    int postcode;
    import_postcode(69003);
    const struct order *order = tried(server);
    import_postcode(69004);
    store_order_proved(server->reader, order);
    assert_true(asked(server, &postcode));
    assert_int_equal(postcode, 69004);
}

static void what_is_kept_outlives_commits_that_run_beside_the_question(void **state) {
    enum { ROUNDS = 300 };
    struct server *server = *state;
    int postcode, round = 0, asks = 0;
    import_postcode(69003);
    asked(server, &postcode);
    for (bool waiting = false; round < ROUNDS; asks++) {
        if (!waiting)
            put_turn(server);
        assert_false(asked(server, &postcode)); /* never in the midst of a commit, nor right after it */
        waiting = sem_trywait(&server->done) != 0;
        round += !waiting;
    }
    assert_true(asks >= ROUNDS);
}

static void many_orders_are_kept_at_once(void **state) {
    enum { MANY = 3000 };
    struct server *server = *state;
    struct buffer csv;
    buffer_init(&csv, 1 << 20);
    buffer_string(&csv, "number,postcode,placed_at\n");
    for (int i = 0; i < MANY; i++)
        buffer_format(&csv, "M-%d,%05d,2026-03-01\n", i, 10000 + i);
    assert_int_equal(room_import(&room, csv.bytes, csv.len).rejected, 0);
    buffer_clear(&csv);
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < MANY; i++) {
            const struct order_query wanted = {.shop = "demo",
                                               .by = ORDER_BY_KEY,
                                               .values = {arena_format(&room.arena, "M%d", i)},
                                               .count = 1};
            int postcode;
            assert_int_equal(asked_of(server, &wanted, &postcode), round == 0);
            assert_int_equal(postcode, 10000 + i);
        }
}

static void what_others_write_is_told_at_once(void **state) {
    struct server *server = *state;
    uint32_t seed = 7;
    int postcode, kept = 0;
    for (int round = 0; round < 600; round++) {
        uint32_t chance = room_random(&seed);
        if (chance % 3 == 0)
            import_postcode(10000 + round);
        for (uint32_t i = 0; i < chance / 3 % 3; i++)
            say(server);
        kept += !asked(server, &postcode);
        struct order *order = room_order(&room, "A1");
        assert_int_equal(postcode, order ? (int)strtol(order->postcode, NULL, 10) : 0);
        store_rest(room.store);
    }
    assert_true(kept > 50);
}

static void an_order_that_is_deleted_is_gone(void **state) {
    struct server *server = *state;
    struct error err = {""};
    struct erased erased;
    int postcode;
    import_postcode(69003);
    asked(server, &postcode);
    assert_false(asked(server, &postcode));
    store_rest(server->reader);
    assert_true(store_forget(room.store, &query, &erased, &err));
    assert_int_equal(erased.orders, 1);
    assert_true(asked(server, &postcode));
    assert_int_equal(postcode, 0);
}

int main(void) {
#define SERVED(name) cmocka_unit_test_setup_teardown(name, opened, closed)
    const struct CMUnitTest tests[] = {
        SERVED(an_order_asked_about_again_is_not_read_again),
        SERVED(an_order_that_was_proved_is_not_read_again),
        SERVED(what_was_proved_before_a_change_is_not_kept),
        SERVED(what_is_kept_outlives_commits_that_run_beside_the_question),
        SERVED(many_orders_are_kept_at_once),
        SERVED(what_others_write_is_told_at_once),
        SERVED(an_order_that_is_deleted_is_gone),
    };
    return cmocka_run_group_tests_name("db/kept", tests, NULL, NULL);
}
