#include "db/store.h"
#include "base/data.h"
#include "base/text.h"
#include "tests/db/own_room.h"
#include "tests/db/whole.h"
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void refused(const char *path, enum store_mode mode, const char *part) {
    struct error err = {""};
    struct store *store = store_open(path, mode, &err);
    assert_null(store);
    if (!strstr(err.text, part))
        fail_msg("\"%s\" is not in: %s", part, err.text);
}

static char *beside(const char *name) {
    return arena_format(&room.arena, "%s/%s", room.folder, name);
}

static void write_file(const char *path, const char *bytes, size_t len) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fwrite(bytes, 1, len, file);
    fclose(file);
}

static void sql(const char *path, const char *text) {
    sqlite3 *db;
    char *message = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, text, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s", message);
    sqlite3_close(db);
}

static void put(const struct order *order) {
    struct error err = {""};
    if (!store_put_order(room.store, order, &err))
        fail_msg("%s", err.text);
}

static struct order *simple_order(const char *number, const char *key) {
    struct order *order = whole_order(&room.arena);
    order->number = number;
    order->key = key;
    order->email = "anne@example.fr";
    order->phone = "+33639980001";
    order->line_count = 0;
    order->parcel_count = 1;
    order->parcels[0].tracking_number = "6A 123";
    return order;
}

/* Opening. */

static void a_missing_file_is_named_with_what_makes_one(void **state) {
    (void)state;
    refused(beside("none.db"), STORE_READ, "'wismo demo --db ");
    refused(beside("none.db"), STORE_WRITE, "there is no such database");
    refused(beside("no/folder.db"), STORE_CREATE, "cannot be made: No such file or directory");
    refused(room.folder, STORE_READ, "cannot be opened");
}

static void what_is_no_wismo_database_is_refused(void **state) {
    (void)state;
    char *path = beside("other.db");
    static const char text[] =
        "this is a text file, and longer than the header of a database, if it were one of those "
        "that begin with one hundred bytes of header";
    write_file(path, text, sizeof text - 1);
    refused(path, STORE_READ, "this is not a WISMO database");
    unlink(path);
    sql(path, "CREATE TABLE t(x); PRAGMA application_id=77");
    refused(path, STORE_CREATE, "is a database of another program");
    unlink(path);
    write_file(path, "", 0);
    refused(path, STORE_READ, "is empty; 'wismo demo --db");
}

static void a_newer_schema_is_refused(void **state) {
    (void)state;
    store_close(room.store);
    room.store = NULL;
    sql(room.path, "PRAGMA user_version=99");
    refused(room.path, STORE_CREATE, "has schema 99, this program knows up to");
}

static void an_older_schema_is_refused_and_left_as_it_is(void **state) {
    (void)state;
    size_t before, after;
    put(simple_order("A-1", "A1"));
    store_close(room.store);
    room.store = NULL;
    sql(room.path, "PRAGMA user_version=6");
    const char *bytes = room_bytes(&room, room.path, &before);
    for (enum store_mode mode = STORE_READ; mode <= STORE_CREATE; mode++)
        refused(room.path, mode, "has schema 6, of a WISMO from before the first release");
    assert_memory_equal(bytes, room_bytes(&room, room.path, &after), before);
    assert_int_equal(before, after);
}

static void a_database_is_nobody_elses_business(void **state) {
    (void)state;
    struct stat info;
    assert_int_equal(stat(room.path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
}

static void a_reader_cannot_write(void **state) {
    (void)state;
    struct error err = {""};
    struct store *store = store_open(room.path, STORE_READ, &err);
    assert_non_null(store);
    assert_false(store_put_order(store, whole_order(&room.arena), &err));
    assert_non_null(strstr(err.text, "is open for reading only"));
    store_close(store);
}

static void a_file_that_may_not_be_written_is_named(void **state) {
    (void)state;
    if (geteuid() == 0) { /* root may write everything: as nobody */
        pid_t child = fork();
        if (child == 0) {
            struct error err = {""};
            chmod(room.folder, 0755);
            chmod(room.path, 0644);
            store_close(room.store);
            if (setuid(65534) != 0)
                _exit(2);
            bool ok =
                store_open(room.path, STORE_WRITE, &err) == NULL && strstr(err.text, "may not be written");
            _exit(ok ? 0 : 1);
        }
        int status;
        waitpid(child, &status, 0);
        assert_int_equal(WEXITSTATUS(status), 0);
        return;
    }
    chmod(room.path, 0400);
    refused(room.path, STORE_WRITE, "may not be written");
}

static void a_full_disk_loses_nothing_that_was_there(void **state) {
    (void)state;
    struct error err = {""};
    put(simple_order("A-1", "A1"));
    struct rlimit old, small;
    struct stat info;
    assert_int_equal(stat(arena_format(&room.arena, "%s-wal", room.path), &info), 0);
    getrlimit(RLIMIT_FSIZE, &old);
    small = old;
    small.rlim_cur = (rlim_t)info.st_size + 4096;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    struct order *order = simple_order("A-2", "A2");
    char *title = arena_alloc(&room.arena, 20001);
    memset(title, 'x', 20000);
    order->first_name = title;
    bool stored = store_put_order(room.store, order, &err);
    setrlimit(RLIMIT_FSIZE, &old);
    assert_false(stored);
    assert_non_null(strstr(err.text, "nothing of this change was kept"));
    assert_non_null(room_order(&room, "A1"));
    assert_null(room_order(&room, "A2"));
    put(order);
    assert_non_null(room_order(&room, "A2"));
}

static void a_damaged_file_is_said_to_be_damaged(void **state) {
    (void)state;
    struct error err = {""};
    for (int i = 0; i < 200; i++)
        put(simple_order(arena_format(&room.arena, "B-%d", i), arena_format(&room.arena, "B%d", i)));
    store_close(room.store);
    room.store = NULL;
    size_t len;
    char *bytes = (char *)(uintptr_t)room_bytes(&room, room.path, &len);
    memset(bytes + 8192, 0xa5, len - 8192);
    write_file(room.path, bytes, len);
    struct store *store = store_open(room.path, STORE_READ, &err);
    bool failed = !store;
    if (store) {
        struct order_query query = {"demo", ORDER_BY_KEY, {"B7"}, 1, NULL};
        struct order_list list;
        failed = store_orders(store, &query, &room.arena, &list, &err) == FAILED;
    }
    store_close(store);
    assert_true(failed);
    assert_non_null(strstr(err.text, "the file is damaged; restore a backup"));
}

static void a_damaged_card_fails_its_order_only(void **state) {
    (void)state;
    struct error err = {""};
    struct order_list list;
    put(simple_order("A-1", "A1"));
    put(simple_order("A-2", "A2"));
    sql(room.path, "UPDATE orders SET card = zeroblob(100) WHERE key = 'A1'");
    struct order_query query = {"demo", ORDER_BY_KEY, {"A1"}, 1, NULL};
    assert_int_equal(store_orders(room.store, &query, &room.arena, &list, &err), FAILED);
    assert_non_null(strstr(err.text, "card of an order is damaged"));
    assert_non_null(room_order(&room, "A2"));
}

/* Orders. */

static void a_whole_order_survives_the_database(void **state) {
    (void)state;
    struct order *order = whole_order(&room.arena);
    put(order);
    struct order *stored = room_order(&room, "FR1042");
    assert_non_null(stored);
    assert_same_order(stored, order);
    assert_string_equal(stored->shop, "demo");
    assert_int_equal(stored->updated_ms, order->updated_ms);
}

static void an_order_put_again_is_replaced_whole(void **state) {
    (void)state;
    put(whole_order(&room.arena));
    put(simple_order("FR-1042", "FR1042"));
    struct order *stored = room_order(&room, "FR1042");
    assert_int_equal(stored->line_count, 0);
    assert_int_equal(stored->parcel_count, 1);
    store_rest(room.store);
    sqlite3 *db;
    sqlite3_stmt *rows;
    assert_int_equal(sqlite3_open(room.path, &db), SQLITE_OK);
    sqlite3_prepare_v2(
        db,
        "SELECT (SELECT count(*) FROM orders), (SELECT count(*) FROM lines), (SELECT count(*) FROM parcels)",
        -1, &rows, NULL);
    assert_int_equal(sqlite3_step(rows), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(rows, 0), 1);
    assert_int_equal(sqlite3_column_int(rows, 1), 0);
    assert_int_equal(sqlite3_column_int(rows, 2), 1);
    sqlite3_finalize(rows);
    sqlite3_close(db);
}

static void an_order_is_found_by_each_of_its_names(void **state) {
    (void)state;
    struct order_list list;
    put(simple_order("FR-1042", "FR1042"));
    assert_int_equal(room_find(&room, ORDER_BY_KEY, "FR1042", &list), FOUND);
    assert_int_equal(room_find(&room, ORDER_BY_DIGITS, "1042", &list), FOUND);
    assert_int_equal(room_find(&room, ORDER_BY_TRACKING, "6A123", &list), FOUND);
    assert_int_equal(room_find(&room, ORDER_BY_EMAIL, "anne@example.fr", &list), FOUND);
    assert_int_equal(room_find(&room, ORDER_BY_PHONE, "+33639980001", &list), FOUND);
    assert_int_equal(list.count, 1);
    assert_int_equal(room_find(&room, ORDER_BY_KEY, "1042", &list), MISSING);
    assert_int_equal(room_find(&room, ORDER_BY_EMAIL, "", &list), MISSING);
    assert_int_equal(room_find(&room, ORDER_BY_TRACKING, "", &list), MISSING);
    put(simple_order("1042", "1042"));
    assert_int_equal(room_find(&room, ORDER_BY_DIGITS, "1042", &list), FOUND);
    assert_int_equal(list.count, 2);
}

static void shops_do_not_see_each_others_orders(void **state) {
    (void)state;
    struct error err = {""};
    struct order_list list;
    struct order *order = simple_order("FR-1042", "FR1042");
    order->shop = "other";
    put(order);
    assert_null(room_order(&room, "FR1042"));
    put(simple_order("FR-1042", "FR1042"));
    struct order_query query = {"other", ORDER_BY_EMAIL, {"anne@example.fr"}, 1, NULL};
    assert_int_equal(store_orders(room.store, &query, &room.arena, &list, &err), FOUND);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.orders[0]->shop, "other");
}

static void of_many_orders_the_newest_come_first(void **state) {
    (void)state;
    struct order_list list;
    for (int i = 0; i < 20; i++) {
        struct order *order =
            simple_order(arena_format(&room.arena, "A-%d", i), arena_format(&room.arena, "A%d", i));
        order->placed_at = moment_day(20000 + i * 7 % 20);
        put(order);
    }
    assert_int_equal(room_find(&room, ORDER_BY_EMAIL, "anne@example.fr", &list), FOUND);
    assert_int_equal(list.count, ORDER_LIST_MAX);
    for (int i = 0; i < list.count; i++)
        assert_int_equal(list.orders[i]->placed_at.ms, (20019 - i) * 86400000LL);
}

static void of_many_orders_those_of_the_postcode_come_along(void **state) {
    (void)state;
    struct error err = {""};
    struct order_list list;
    for (int i = 0; i < 20; i++) {
        struct order *order =
            simple_order(arena_format(&room.arena, "A-%d", i), arena_format(&room.arena, "A%d", i));
        order->placed_at = moment_day(20000 + i);
        order->postcode = i < 2 ? "ls6 2qt" : "M1 4BT";
        put(order);
    }
    struct order_query query = {"demo", ORDER_BY_EMAIL, {"anne@example.fr"}, 1, "LS62QT"};
    assert_int_equal(store_orders(room.store, &query, &room.arena, &list, &err), FOUND);
    assert_int_equal(list.count, ORDER_LIST_MAX);
    assert_string_equal(list.orders[ORDER_LIST_MAX - 2]->key, "A1");
    assert_string_equal(list.orders[ORDER_LIST_MAX - 1]->key, "A0");
}

static void several_values_find_an_order_once(void **state) {
    (void)state;
    struct error err = {""};
    struct order_list list;
    put(simple_order("A-1", "A1"));
    put(simple_order("A-2", "A2"));
    struct order_query query = {"demo", ORDER_BY_KEY, {"A1", "A1", "A9", "A2"}, 4, NULL};
    assert_int_equal(store_orders(room.store, &query, &room.arena, &list, &err), FOUND);
    assert_int_equal(list.count, 2);
}

static void a_batch_undone_leaves_nothing(void **state) {
    (void)state;
    struct error err = {""};
    assert_true(store_batch(room.store, &err));
    put(simple_order("A-1", "A1"));
    store_batch_undo(room.store);
    assert_null(room_order(&room, "A1"));
    put(simple_order("A-1", "A1")); /* the shop's row went with the batch, too */
    assert_non_null(room_order(&room, "A1"));
}

static void reads_between_two_rests_see_one_moment(void **state) {
    (void)state;
    struct error err = {""};
    struct order_list list;
    struct order_query query = {"demo", ORDER_BY_KEY, {"A1"}, 1, NULL};
    struct store *other = store_open(room.path, STORE_WRITE, &err);
    put(simple_order("A-0", "A0"));
    store_changed(room.store);
    assert_int_equal(store_orders(room.store, &query, &room.arena, &list, &err), MISSING);
    assert_true(store_put_order(other, simple_order("A-1", "A1"), &err));
    assert_int_equal(store_orders(room.store, &query, &room.arena, &list, &err), MISSING);
    store_rest(room.store);
    assert_int_equal(store_orders(room.store, &query, &room.arena, &list, &err), FOUND);
    assert_true(store_changed(room.store));
    assert_false(store_changed(room.store));
    store_close(other);
}

/* The rows come through a pipe, a hundred orders at a time: between two of them the other process looks. */
static void one_process_reads_while_another_imports(void **state) {
    (void)state;
    enum { ORDERS = 3000, AT_ONCE = 100 };
    struct error err = {""};
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        close(ends[1]);
        struct store *store = store_open(room.path, STORE_WRITE, &err);
        struct import_summary summary = {0};
        struct import_options options = {.shop = "demo", .country = "", .label = "-", .now_ms = NOW_MS};
        FILE *in = fdopen(ends[0], "r");
        bool ok = store && import_run(store, in, &options, &summary, &err) && summary.added == ORDERS;
        store_close(store);
        _exit(ok ? 0 : 1);
    }
    close(ends[0]);
    FILE *out = fdopen(ends[1], "w");
    int status = -1;
    fputs("number,email,sku\n", out);
    for (int i = 0; i < ORDERS; i++) {
        fprintf(out, "A-%d,a@example.fr,S1\nA-%d,,S2\n", i, i);
        if (i % AT_ONCE)
            continue;
        fflush(out);
        for (int look = 0; look <= i; look += AT_ONCE / 2 + 1) {
            struct order *order = room_order(&room, arena_format(&room.arena, "A%d", look));
            if (order)
                assert_int_equal(order->line_count, 2); /* never half an order */
            arena_reset(&room.arena);
        }
    }
    fclose(out);
    waitpid(child, &status, 0);
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_non_null(room_order(&room, "A2999"));
}

/* Conversations. */

static const struct conversation conversation = {.id = "c1",
                                                 .shop = "demo",
                                                 .channel = "chat",
                                                 .locale = "fr",
                                                 .token_hash = "t",
                                                 .state = "state 1",
                                                 .handling = "bot",
                                                 .customer_hash = "ch",
                                                 .order_hash = "oh",
                                                 .seq = 4,
                                                 .started_ms = NOW_MS,
                                                 .updated_ms = NOW_MS + 1};

static bool commit(const struct change *change, struct error *err) {
    return store_commit(room.store, (const struct change *const[]){change}, 1, err);
}

static void a_conversation_is_kept_with_its_turns_notes_and_handoffs(void **state) {
    (void)state;
    struct error err = {""};
    const struct turn turns[] = {
        {.seq = 1, .author = AUTHOR_CUSTOMER, .client_id = "m1", .text = "où ?", .at_ms = NOW_MS},
        {.seq = 2,
         .re = 1,
         .author = AUTHOR_BOT,
         .text = "là",
         .phrase = "p",
         .parts = "[]",
         .at_ms = NOW_MS},
        {.seq = 3, .author = AUTHOR_AGENT, .who = "Léa", .text = "oui", .at_ms = NOW_MS},
        {.seq = 4, .author = AUTHOR_SYSTEM, .text = "", .at_ms = NOW_MS}};
    const struct moment due = moment_day(20524), scanned = moment_at(1773147720000, 60);
    const struct told_fact facts[] = {
        {.name = "order", .text = "FR-1042", .order = "FR-1042", .what = "", .next = &facts[1]},
        {.name = "due",
         .moment = due,
         .order = "FR-1042",
         .parcel = 2,
         .what = "estimate",
         .next = &facts[2]},
        {.name = "last_scan",
         .moment = scanned,
         .order = "FR-7",
         .parcel = 1,
         .what = "checkpoint ",
         .scanned = scanned,
         .scanner = "colissimo",
         .next = &facts[3]},
        {.name = "days", .number = 70000, .what = "today"}};
    struct buffer printed;
    buffer_init(&printed, 4096);
    const struct note note = {.seq = 1,
                              .kind = "answer",
                              .intent = "track.where",
                              .also = "[\"x\"]",
                              .rule = "fr.json:track.where/3",
                              .score = 0.75,
                              .phrase = "status.in_transit",
                              .facts = told_pack(&room.arena, &facts[0], "FR-1042"),
                              .order = "FR-1042",
                              .customer_hash = "ch",
                              .latency_us = 42,
                              .at_ms = NOW_MS};
    const struct handoff handoff = {.id = "h1",
                                    .queue = "refunds",
                                    .reason = "refund",
                                    .order = "FR-1042",
                                    .locale = "fr",
                                    .summary = "{}",
                                    .contact = "",
                                    .agent = "",
                                    .status = HANDOFF_WAITING,
                                    .opened_ms = NOW_MS,
                                    .changed_ms = NOW_MS};
    const struct change change = {.conversation = &conversation,
                                  .turns = turns,
                                  .turn_count = 4,
                                  .notes = &note,
                                  .note_count = 1,
                                  .handoffs = &handoff,
                                  .handoff_count = 1,
                                  .promise = true};
    struct conversation stored;
    struct turn *got_turns;
    struct note *got_notes;
    struct handoff_row *rows;
    int count;
    if (!commit(&change, &err))
        fail_msg("%s", err.text);
    assert_int_equal(store_conversation(room.store, "c1", &room.arena, &stored, &err), FOUND);
    assert_string_equal(stored.shop, "demo");
    assert_string_equal(stored.state, "state 1");
    assert_string_equal(stored.token_hash, "t");
    assert_int_equal(stored.seq, 4);
    assert_int_equal(stored.updated_ms, NOW_MS + 1);
    assert_int_equal(store_turns(room.store, "c1", 0, &room.arena, &got_turns, &count, &err), FOUND);
    assert_int_equal(count, 4);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(got_turns[i].author, turns[i].author);
        assert_string_equal(got_turns[i].text, turns[i].text);
        assert_true(text_is(got_turns[i].who, turns[i].who));
        assert_true(text_is(got_turns[i].client_id, turns[i].client_id));
        assert_true(text_is(got_turns[i].parts, turns[i].parts));
    }
    assert_int_equal(got_turns[1].re, 1);
    assert_int_equal(store_turns(room.store, "c1", 3, &room.arena, &got_turns, &count, &err), FOUND);
    assert_int_equal(count, 1);
    assert_int_equal(store_turns(room.store, "c1", 9, &room.arena, &got_turns, &count, &err), MISSING);
    assert_int_equal(store_notes(room.store, "c1", &room.arena, &got_notes, &count, &err), FOUND);
    assert_string_equal(got_notes[0].rule, note.rule);
    told_print(&(struct json_out){.buffer = &printed}, NULL, got_notes[0].facts, got_notes[0].order);
    assert_string_equal(
        printed.bytes,
        "[{\"name\":\"order\",\"value\":\"FR-1042\",\"source\":\"order FR-1042\"},"
        "{\"name\":\"due\",\"value\":\"2026-03-12\",\"source\":\"order FR-1042 parcel 2 estimate\"},"
        "{\"name\":\"last_scan\",\"value\":\"2026-03-10T14:02:00+01:00\",\"source\":\"order FR-7 parcel 1 "
        "checkpoint 2026-03-10T14:02:00+01:00 colissimo\"},"
        "{\"name\":\"days\",\"value\":70000,\"source\":\"today\"}]");
    buffer_clear(&printed);
    assert_true(got_notes[0].score == note.score);
    assert_int_equal(got_notes[0].latency_us, 42);
    assert_int_equal(store_handoffs(room.store, "demo", HANDOFF_WAITING, &room.arena, &rows, &count, &err),
                     FOUND);
    assert_int_equal(count, 1);
    assert_string_equal(rows[0].conversation, "c1");
    assert_string_equal(rows[0].shop, "demo");
    assert_string_equal(rows[0].handoff.summary, "{}");
    assert_int_equal(store_handoffs(room.store, "demo", HANDOFF_TAKEN, &room.arena, &rows, &count, &err),
                     MISSING);
    assert_int_equal(store_handoffs(room.store, "other", -1, &room.arena, &rows, &count, &err), MISSING);
    struct handoff open;
    assert_int_equal(store_open_handoff(room.store, "demo", "c1", &room.arena, &open, &err), FOUND);
    assert_string_equal(open.id, handoff.id);
    assert_int_equal(store_open_handoff(room.store, "other", "c1", &room.arena, &open, &err), MISSING);
    assert_int_equal(store_open_handoff(room.store, "demo", "c2", &room.arena, &open, &err), MISSING);
    assert_int_equal(store_handoffs(room.store, NULL, -1, &room.arena, &rows, &count, &err), FOUND);
    const char **ids;
    int64_t waiting, oldest_ms;
    assert_int_equal(store_conversations(room.store, "", 0, "", 9, &room.arena, &ids, &count, &err), FOUND);
    assert_int_equal(count, 1);
    assert_true(store_waiting(room.store, &waiting, &oldest_ms, &err));
    assert_int_equal(waiting, 1);
    assert_int_equal(store_conversation(room.store, "c2", &room.arena, &stored, &err), MISSING);
}

static void a_call_finds_its_newest_conversation(void **state) {
    (void)state;
    struct error err = {""};
    struct conversation chat = conversation, first = conversation, second = conversation, stored;
    const char *id = "";
    first.id = "c2";
    second.id = "c3";
    first.call_hash = second.call_hash = "ab12";
    second.started_ms = first.started_ms + 1;
    assert_true(commit(&(struct change){.conversation = &second}, &err));
    assert_true(commit(&(struct change){.conversation = &first}, &err));
    assert_true(commit(&(struct change){.conversation = &chat}, &err));
    assert_int_equal(store_call(room.store, "ab12", &room.arena, &id, &err), FOUND);
    assert_string_equal(id, "c3");
    assert_int_equal(store_call(room.store, "ab13", &room.arena, &id, &err), MISSING);
    assert_int_equal(store_call(room.store, "", &room.arena, &id, &err), MISSING);
    assert_int_equal(store_conversation(room.store, "c3", &room.arena, &stored, &err), FOUND);
    assert_string_equal(stored.call_hash, "ab12");
}

static void a_later_change_updates_conversation_and_handoff(void **state) {
    (void)state;
    struct error err = {""};
    struct conversation later = conversation, stored;
    struct handoff handoff = {.id = "h1", .queue = "q", .reason = "r", .opened_ms = 5, .changed_ms = 5};
    struct change change = {.conversation = &later, .handoffs = &handoff, .handoff_count = 1};
    struct handoff_row *rows;
    int count;
    assert_true(commit(&change, &err));
    later.state = "state 2";
    later.seq = 7;
    later.started_ms = 1;                /* when it began does not change */
    handoff.queue = handoff.reason = ""; /* nothing new of these */
    handoff.status = HANDOFF_TAKEN;
    handoff.agent = "Léa";
    handoff.changed_ms = 9;
    assert_true(commit(&change, &err));
    assert_int_equal(store_conversation(room.store, "c1", &room.arena, &stored, &err), FOUND);
    assert_string_equal(stored.state, "state 2");
    assert_int_equal(stored.started_ms, NOW_MS);
    assert_int_equal(store_handoffs(room.store, "demo", -1, &room.arena, &rows, &count, &err), FOUND);
    assert_int_equal(count, 1);
    assert_int_equal(rows[0].handoff.status, HANDOFF_TAKEN);
    assert_string_equal(rows[0].handoff.queue, "q");
    assert_string_equal(rows[0].handoff.reason, "r");
    assert_string_equal(rows[0].handoff.agent, "Léa");
    assert_int_equal(rows[0].handoff.opened_ms, 5);
    struct handoff open;
    assert_int_equal(store_open_handoff(room.store, "demo", "c1", &room.arena, &open, &err), FOUND);
    assert_string_equal(open.agent, "Léa");
    handoff.status = HANDOFF_CLOSED;
    assert_true(commit(&change, &err));
    assert_int_equal(store_open_handoff(room.store, "demo", "c1", &room.arena, &open, &err), MISSING);
}

static void a_conversation_that_was_erased_is_not_written_again(void **state) {
    (void)state;
    struct error err = {""};
    struct turn turn = {.seq = 9, .text = "nine", .at_ms = NOW_MS};
    struct change change = {.conversation = &conversation, .turns = &turn, .turn_count = 1, .goes_on = true};
    struct conversation stored;
    assert_false(commit(&change, &err));
    assert_string_equal(err.text, "the conversation has been erased");
    assert_int_equal(store_conversation(room.store, "c1", &room.arena, &stored, &err), MISSING);
    change.goes_on = false;
    assert_true(commit(&change, &err));
    turn.seq = 10;
    change.goes_on = true;
    assert_true(commit(&change, &err));
}

static void a_change_that_fails_leaves_nothing_of_itself(void **state) {
    (void)state;
    struct error err = {""};
    struct conversation stored;
    const struct turn turns[] = {{.seq = 1, .text = "a"}, {.seq = 1, .text = "b"}};
    const struct change change = {.conversation = &conversation, .turns = turns, .turn_count = 2};
    assert_false(commit(&change, &err)); /* one number is one turn */
    assert_string_equal(err.text, "turn 1 of conversation c1 is there already");
    assert_int_equal(store_conversation(room.store, "c1", &room.arena, &stored, &err), MISSING);
    const struct change nobody = {.turns = turns, .turn_count = 1};
    assert_false(commit(&nobody, &err));
    assert_non_null(strstr(err.text, "no conversation"));
}

static void a_damaged_step_is_named(void **state) {
    (void)state;
    struct error err = {""};
    const struct turn turn = {.seq = 5, .text = "five", .at_ms = NOW_MS};
    struct turn *turns;
    int count;
    assert_true(
        commit(&(struct change){.conversation = &conversation, .turns = &turn, .turn_count = 1}, &err));
    sql(room.path, "UPDATE steps SET turns = substr(turns, 1, length(turns) - 3)");
    assert_int_equal(store_turns(room.store, "c1", 0, &room.arena, &turns, &count, &err), FAILED);
    assert_non_null(strstr(err.text, "a step of conversation c1 is damaged"));
}

static void a_request_is_answered_once(void **state) {
    (void)state;
    struct error err = {""};
    struct request *requests;
    const char *outcome = NULL;
    int64_t first, second;
    int count;
    const struct request ask = {.conversation = "c1",
                                .handoff = "h1",
                                .verb = "say",
                                .agent = "Léa",
                                .text = "bonjour",
                                .at_ms = NOW_MS};
    assert_true(store_request(room.store, &ask, &first, &err));
    assert_true(store_request(room.store, &ask, &second, &err));
    assert_int_equal(store_requests(room.store, &room.arena, &requests, &count, &err), FOUND);
    assert_int_equal(count, 2);
    assert_int_equal(requests[0].id, first);
    assert_string_equal(requests[0].verb, "say");
    assert_string_equal(requests[0].text, "bonjour");
    assert_int_equal(store_request_done(room.store, first, &room.arena, &outcome, &err), MISSING);
    const struct change change = {.conversation = &conversation, .request = first};
    assert_true(commit(&change, &err));
    assert_int_equal(store_request_done(room.store, first, &room.arena, &outcome, &err), FOUND);
    assert_string_equal(outcome, "");
    assert_true(store_request_refuse(room.store, second, "someone else has it", &err));
    assert_true(store_request_refuse(room.store, second, "again", &err));
    assert_int_equal(store_request_done(room.store, second, &room.arena, &outcome, &err), FOUND);
    assert_string_equal(outcome, "someone else has it");
    assert_int_equal(store_requests(room.store, &room.arena, &requests, &count, &err), MISSING);
}

static void a_secret_is_made_with_the_database_and_stays(void **state) {
    (void)state;
    struct error err = {""};
    uint8_t first[32], again[32], zero[32] = {0};
    assert_true(store_secret(room.store, first, &err));
    assert_memory_not_equal(first, zero, 32);
    struct store *other = store_open(room.path, STORE_READ, &err);
    assert_true(store_secret(other, again, &err));
    assert_memory_equal(first, again, 32);
    store_close(other);
}

static void one_process_holds_the_lease(void **state) {
    (void)state;
    struct error err = {""};
    struct store_lease *lease = store_lease_take(room.path, &err);
    assert_non_null(lease);
    assert_null(store_lease_take(room.path, &err));
    char holder[64];
    snprintf(holder, sizeof holder, "process %ld serves this database already", (long)getpid());
    assert_non_null(strstr(err.text, holder));
    store_lease_drop(lease);
    lease = store_lease_take(room.path, &err);
    assert_non_null(lease);
    store_lease_drop(lease);
    store_lease_drop(NULL);
    assert_null(store_lease_take(beside("no/folder"), &err));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CLAIM(a_missing_file_is_named_with_what_makes_one),
        CLAIM(what_is_no_wismo_database_is_refused),
        CLAIM(a_newer_schema_is_refused),
        CLAIM(an_older_schema_is_refused_and_left_as_it_is),
        CLAIM(a_database_is_nobody_elses_business),
        CLAIM(a_reader_cannot_write),
        CLAIM(a_file_that_may_not_be_written_is_named),
        CLAIM(a_full_disk_loses_nothing_that_was_there),
        CLAIM(a_damaged_file_is_said_to_be_damaged),
        CLAIM(a_damaged_card_fails_its_order_only),
        CLAIM(a_whole_order_survives_the_database),
        CLAIM(an_order_put_again_is_replaced_whole),
        CLAIM(an_order_is_found_by_each_of_its_names),
        CLAIM(shops_do_not_see_each_others_orders),
        CLAIM(of_many_orders_the_newest_come_first),
        CLAIM(of_many_orders_those_of_the_postcode_come_along),
        CLAIM(several_values_find_an_order_once),
        CLAIM(a_batch_undone_leaves_nothing),
        CLAIM(reads_between_two_rests_see_one_moment),
        CLAIM(one_process_reads_while_another_imports),
        CLAIM(a_conversation_is_kept_with_its_turns_notes_and_handoffs),
        CLAIM(a_call_finds_its_newest_conversation),
        CLAIM(a_later_change_updates_conversation_and_handoff),
        CLAIM(a_conversation_that_was_erased_is_not_written_again),
        CLAIM(a_change_that_fails_leaves_nothing_of_itself),
        CLAIM(a_damaged_step_is_named),
        CLAIM(a_request_is_answered_once),
        CLAIM(a_secret_is_made_with_the_database_and_stays),
        CLAIM(one_process_holds_the_lease),
    };
    return cmocka_run_group_tests_name("db/store", tests, NULL, NULL);
}
