#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"
#include "db/desk.h"
#include "tests/db/room.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct room room;
static uint8_t secret[HASH_SIZE];
static char filler[1201];

static int begin(void **state) {
    struct error err = {""};
    (void)state;
    room_open(&room);
    memset(filler, 'x', sizeof filler - 1);
    return store_secret(room.store, secret, &err) ? 0 : -1;
}

static int end(void **state) {
    (void)state;
    room_close(&room);
    return 0;
}

static const char *hash(const char *kind, const char *value) {
    char *out = arena_alloc(&room.arena, HASH_HEX_SIZE);
    struct hash_key *key = hash_key_new(secret, HASH_SIZE);
    customer_hash(key, "demo", kind, value, out);
    hash_key_free(key);
    return out;
}

struct talk {
    const char *id, *text, *state, *customer, *order; /* customer, order: hashes */
    const char *contact, *fact, *note_customer, *note_order, *handoff_order, *act;
    int64_t at_ms;
};

static void talk(const struct talk *talk) {
    struct error err = {""};
    int64_t at = talk->at_ms ? talk->at_ms : NOW_MS;
    struct conversation conversation = {.id = talk->id,
                                        .shop = "demo",
                                        .state = talk->state,
                                        .customer_hash = talk->customer,
                                        .order_hash = talk->order,
                                        .seq = 1,
                                        .started_ms = at,
                                        .updated_ms = at};
    struct turn turn = {.seq = 1, .text = talk->text, .at_ms = at};
    struct told_fact fact = {.name = "contact", .text = talk->fact, .what = "the customer"};
    struct note note = {.seq = 1,
                        .kind = "answer",
                        .facts = told_pack(&room.arena, talk->fact ? &fact : NULL, ""),
                        .order = talk->note_order,
                        .customer_hash = talk->note_customer,
                        .at_ms = at};
    struct handoff handoff = {.id = arena_format(&room.arena, "h-%s", talk->id),
                              .contact = talk->contact,
                              .order = talk->handoff_order,
                              .status = HANDOFF_CLOSED,
                              .opened_ms = at,
                              .changed_ms = at};
    struct act act = {.conversation = talk->id,
                      .handoff = handoff.id,
                      .shop = "demo",
                      .agent = "Lea",
                      .verb = "note",
                      .text = talk->act,
                      .at_ms = at};
    struct change change = {.conversation = &conversation,
                            .turns = &turn,
                            .turn_count = 1,
                            .notes = &note,
                            .note_count = 1,
                            .handoffs = &handoff,
                            .handoff_count = 1};
    if (talk->act && !store_act(room.store, &act, &err))
        fail_msg("%s", err.text);
    if (!store_commit(room.store, (const struct change *const[]){&change}, 1, &err))
        fail_msg("%s", err.text);
}

static struct erased forget(enum order_by by, const char *value) {
    struct error err = {""};
    struct erased erased;
    struct order_query who = {"demo", by, {value}, 1, NULL};
    if (!store_forget(room.store, &who, &erased, &err))
        fail_msg("%s", err.text);
    return erased;
}

static bool there(const char *id) {
    struct error err = {""};
    struct conversation stored;
    bool found = store_conversation(room.store, id, &room.arena, &stored, &err) == FOUND;
    store_rest(room.store);
    return found;
}

static void holds(const char *needle, bool expected) {
    const char *const suffixes[] = {"", "-wal"};
    bool found = false;
    for (size_t i = 0; i < 2; i++) {
        size_t len;
        const char *bytes =
            room_bytes(&room, arena_format(&room.arena, "%s%s", room.path, suffixes[i]), &len);
        found |= memmem(bytes, len, needle, strlen(needle)) != NULL;
    }
    if (found != expected)
        fail_msg("%s is %s the files", needle, found ? "in" : "not in");
}

static void add_people(void) {
    struct import_summary summary = IMPORT(
        &room, "number,email,phone,first_name,title\nFR-1001,anne@example.fr,+33639980001,Annelise,Chair\n"
               "FR-1002,anne@example.fr,+33639980009,Annelise,Table\nFR-2001,bob@example.fr,+33639980002,"
               "Bobby,Lamp\n"
               "FR-2002,cy@example.fr,+33639980009,Cyrus,Lamp\n");
    assert_int_equal(summary.added, 4);
}

static void a_phone_is_found_as_it_is_written_at_home(void **state) {
    static const struct {
        const char *phone, *text;
    } cases[] = {{"+33639980001", "appelez le 06 39 98 00 01 merci"},
                 {"+3221234567", "mon fixe: 02 123 45 67"},
                 {"+4520123456", "ring 20 12 34 56"},
                 {"+4681234567", "ring 08-123 45 67"},
                 {"+393331234567", "il mio numero: 333 123 4567"},
                 {"+85512345678", "call 012 345 678"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *id = arena_format(&room.arena, "home-%zu", i);
        talk(&(struct talk){.id = id, .text = cases[i].text});
        forget(ORDER_BY_PHONE, cases[i].phone);
        if (there(id))
            fail_msg("%s is still there", cases[i].text);
    }
    talk(&(struct talk){.id = "other", .text = "02 123 45 68"});
    forget(ORDER_BY_PHONE, "+3221234567");
    assert_true(there("other"));
}

static void everything_of_a_customer_goes_and_nothing_of_others(void **state) {
    (void)state;
    struct error err = {""};
    int64_t id;
    add_people();
    talk(&(struct talk){.id = "by-email-hash", .text = "hi", .customer = hash("email", "anne@example.fr")});
    talk(&(struct talk){.id = "by-order-hash", .text = "hi", .order = hash("order", "FR1002")});
    talk(&(struct talk){.id = "by-phone-hash", .text = "hi", .customer = hash("phone", "+33639980001")});
    talk(&(struct talk){.id = "by-text", .text = "my mail is Anne@Example.fr ok?"});
    talk(&(struct talk){.id = "by-phone-text", .text = "appelez le 06 39 98 00 01 merci"});
    talk(&(struct talk){.id = "by-number-text", .text = "où est fr 1001 ?"});
    talk(&(struct talk){.id = "by-state", .text = "x", .state = "email anne@example.fr"});
    talk(&(struct talk){.id = "by-contact", .text = "x", .contact = "anne@example.fr"});
    talk(&(struct talk){.id = "by-facts", .text = "x", .fact = "anne@example.fr"});
    talk(&(struct talk){.id = "by-note", .text = "x", .note_customer = hash("email", "anne@example.fr")});
    talk(&(struct talk){.id = "by-note-order", .text = "x", .note_order = "fr 1002"});
    talk(&(struct talk){.id = "by-request", .text = "x"});
    assert_true(store_request(
        room.store,
        &(struct request){.conversation = "by-request", .verb = "say", .text = "to anne@example.fr"}, &id,
        &err));
    talk(&(struct talk){
        .id = "bob", .text = "I am bob@example.fr", .customer = hash("email", "bob@example.fr")});
    talk(&(struct talk){
        .id = "cy", .text = "hi", .customer = hash("phone", "+33639980009"), .note_order = "FR-2002"});
    talk(&(struct talk){.id = "other-number", .text = "FR-10011 or 1001"});
    talk(&(struct talk){.id = "bob-asks", .text = "is FR-1001 mine?", .order = hash("order", "FR2001")});
    holds("anne@example.fr", true);
    struct erased erased = forget(ORDER_BY_EMAIL, "anne@example.fr");
    assert_int_equal(erased.orders, 2);
    assert_int_equal(erased.conversations, 12);
    assert_int_equal(erased.turns, 12);
    assert_int_equal(erased.notes, 12);
    assert_int_equal(erased.handoffs, 12);
    assert_null(room_order(&room, "FR1001"));
    assert_non_null(room_order(&room, "FR2001"));
    assert_true(there("bob"));
    assert_true(there("cy")); /* that phone is on another customer's order as well */
    assert_true(there("other-number"));
    assert_true(there("bob-asks"));
    holds("anne@example.fr", false);
    holds("Anne@Example.fr", false);
    holds("Annelise", false);
    holds("+33639980001", false);
    holds("bob@example.fr", true);
}

static void an_order_names_its_customer(void **state) {
    (void)state;
    add_people();
    assert_int_equal(forget(ORDER_BY_KEY, "FR1001").orders, 2);
    assert_int_equal(forget(ORDER_BY_KEY, "FR1001").orders, 0);
    assert_int_equal(forget(ORDER_BY_PHONE, "+33639980002").orders, 1);
    assert_non_null(room_order(&room, "FR2002"));
    assert_int_equal(forget(ORDER_BY_EMAIL, "nobody@example.fr").orders, 0);
}

static void who_is_not_known_costs_no_rewriting(void **state) {
    (void)state;
    size_t before_len, after_len;
    add_people();
    assert_int_equal(forget(ORDER_BY_KEY, "FR1001").orders, 2);
    assert_int_equal(forget(ORDER_BY_KEY, "FR9999").orders, 0); /* and what was in the log is in the file */
    const char *before = room_bytes(&room, room.path, &before_len);
    assert_int_equal(forget(ORDER_BY_KEY, "FR9999").orders, 0);
    const char *after = room_bytes(&room, room.path, &after_len);
    assert_int_equal(after_len, before_len);
    assert_memory_equal(after, before, before_len);
}

static void of_many_orders_no_trace_is_left(void **state) {
    (void)state;
    char *text;
    size_t len;
    FILE *out = open_memstream(&text, &len);
    fputs("number,email,first_name,postcode,sku,title,tracking_number\n", out);
    for (int i = 0; i < 4000; i++)
        fprintf(out, "A-%d,%s%d@example.fr,Name%d,69003,S,Title of this,T%d\n", i * 7919 % 4000,
                i % 40 == 0 ? "target" : "p", i % 40 == 0 ? 0 : i, i, i);
    fclose(out);
    assert_int_equal(room_import(&room, text, len).added, 4000);
    free(text);
    for (int i = 0; i < 300; i++)
        talk(&(struct talk){.id = arena_format(&room.arena, "c%d", i),
                            .text = i % 10 ? "nothing of interest in this text" : "I am target0@example.fr"});
    holds("target0@example.fr", true);
    struct erased erased = forget(ORDER_BY_EMAIL, "target0@example.fr");
    assert_int_equal(erased.orders, 100);
    assert_int_equal(erased.conversations, 30);
    holds("target0@example.fr", false);
    holds("p39@example.fr", true);
}

/* Orders that grow and shrink split and merge pages, and those keep stale copies that no deletion overwrites.
 */
static void after_much_change_no_trace_is_left_either(void **state) {
    (void)state;
    enum { ORDERS = 2000, ROUNDS = 3 };
    uint32_t seed = 5;
    for (int round = 0; round < ROUNDS; round++) {
        char *text;
        size_t len;
        FILE *out = open_memstream(&text, &len);
        fputs("number,email,tracking_url,tracking_number\n", out);
        for (int i = 0; i < ORDERS; i++) {
            int number = (int)(room_random(&seed) % ORDERS);
            fprintf(out, "A-%d,%s%d@example.fr,https://x.fr/%.*s,T\n", number,
                    number % 40 == 0 ? "target" : "p", number % 40 == 0 ? 0 : number,
                    (int)(room_random(&seed) % 1200), filler);
        }
        fclose(out);
        assert_int_equal(room_import(&room, text, len).rejected, 0);
        free(text);
    }
    assert_true(forget(ORDER_BY_EMAIL, "target0@example.fr").orders > 10);
    holds("target0@example.fr", false);
    holds("p39@example.fr", true);
}

static void of_orders_that_name_nobody_no_trace_is_left_either(void **state) {
    (void)state;
    enum { ORDERS = 400, ROUNDS = 5 };
    for (int round = 0; round < ROUNDS; round++) {
        char *text;
        size_t len;
        FILE *out = open_memstream(&text, &len);
        fputs("number,first_name,sku,title,delivered_to,tracking_number\n", out);
        for (int i = 0; i < ORDERS; i++)
            fprintf(out, "A-%d,Name%dx,S,Title %d of %.*s,Recipient%dx,T%d\n", i, i, i,
                    (i * 37 + round * 101) % 150, filler, i, i);
        fclose(out);
        assert_int_equal(room_import(&room, text, len).rejected, 0);
        free(text);
    }
    for (int i = 0; i < ORDERS; i += 7)
        assert_int_equal(forget(ORDER_BY_KEY, arena_format(&room.arena, "A%d", i)).orders, 1);
    for (int i = 0; i < ORDERS; i += 7) {
        holds(arena_format(&room.arena, "Name%dx", i), false);
        holds(arena_format(&room.arena, "Title %d of", i), false);
        holds(arena_format(&room.arena, "Recipient%dx", i), false);
    }
    holds("Name1x", true);
}

static void a_reader_that_stays_delays_the_end_of_the_log(void **state) {
    (void)state;
    struct error err = {""};
    struct erased erased;
    struct order_list list;
    add_people();
    struct store *reader = store_open(room.path, STORE_READ, &err);
    struct order_query query = {"demo", ORDER_BY_KEY, {"FR2001"}, 1, NULL},
                       who = {"demo", ORDER_BY_EMAIL, {"anne@example.fr"}, 1, NULL};
    assert_int_equal(store_orders(reader, &query, &room.arena, &list, &err), FOUND); /* and no store_rest */
    assert_false(store_forget(room.store, &who, &erased, &err));
    assert_non_null(strstr(err.text, "keeps the log from being emptied"));
    store_close(reader);
    forget(ORDER_BY_EMAIL, "anne@example.fr");
    holds("anne@example.fr", false);
}

static void another_shop_keeps_its_own(void **state) {
    (void)state;
    struct error err = {""};
    struct erased erased;
    add_people();
    struct order_query who = {"other", ORDER_BY_EMAIL, {"anne@example.fr"}, 1, NULL};
    assert_true(store_forget(room.store, &who, &erased, &err));
    assert_int_equal(erased.orders, 0);
    assert_non_null(room_order(&room, "FR1001"));
    struct order_query wrong = {"demo", ORDER_BY_TRACKING, {"T1"}, 1, NULL};
    assert_false(store_forget(room.store, &wrong, &erased, &err));
}

static json_t *export(enum order_by by, const char *value) {
    struct error err = {""};
    struct order_query who = {"demo", by, {value}, 1, NULL};
    struct buffer out;
    buffer_init(&out, 1 << 20);
    if (!store_export(room.store, &who, &out, &err))
        fail_msg("%s", err.text);
    json_t *json = json_read(out.bytes, out.len, &json_file_limits, "export", &err);
    if (!json)
        fail_msg("%s", err.text);
    buffer_clear(&out);
    return json;
}

static void an_export_has_all_that_forget_would_erase(void **state) {
    (void)state;
    add_people();
    talk(&(struct talk){
        .id = "c1", .text = "bonjour", .customer = hash("email", "anne@example.fr"), .fact = "Zoé"});
    talk(&(struct talk){.id = "c2", .text = "hello", .customer = hash("email", "bob@example.fr")});
    talk(&(struct talk){.id = "c3",
                        .text = "gone",
                        .note_customer = hash("email", "anne@example.fr"),
                        .contact = "anne@example.fr",
                        .at_ms = 1000});
    struct error err = {""};
    bool more;
    assert_true(store_retain(room.store, &(struct retention){.turns = 30}, NOW_MS, 100, &more, &err));
    json_t *json = export(ORDER_BY_EMAIL, "anne@example.fr");
    json_t *conversations = json_object_get(json, "conversations");
    assert_int_equal(json_array_size(json_object_get(json, "orders")), 2);
    assert_int_equal(json_array_size(conversations), 1);
    json_t *first = json_array_get(conversations, 0);
    assert_string_equal(json_string_value(json_object_get(first, "id")), "c1");
    assert_int_equal(json_array_size(json_object_get(first, "turns")), 1);
    assert_int_equal(json_array_size(json_object_get(first, "notes")), 1);
    assert_int_equal(json_array_size(json_object_get(first, "handoffs")), 1);
    assert_int_equal(json_array_size(json_object_get(json, "notes")), 1); /* of c3, which is gone */
    assert_int_equal(json_array_size(json_object_get(json, "handoffs")), 1);
    json_decref(json);
    forget(ORDER_BY_EMAIL, "anne@example.fr");
    json = export(ORDER_BY_EMAIL, "anne@example.fr");
    assert_int_equal(json_array_size(json_object_get(json, "orders")), 0);
    assert_int_equal(json_array_size(json_object_get(json, "notes")), 0);
    assert_int_equal(json_array_size(json_object_get(json, "handoffs")), 0);
    json_decref(json);
}

/* An order may stand in a hand-off as its key, and the desk's notes name nobody. */
static void what_the_desk_keeps_goes_with_the_hand_off_that_outlived_its_conversation(void **state) {
    (void)state;
    struct error err = {""};
    bool more;
    add_people();
    talk(&(struct talk){
        .id = "a", .text = "x", .handoff_order = "FR1001", .act = "quite upset", .at_ms = 1000});
    talk(&(struct talk){
        .id = "b", .text = "x", .handoff_order = "FR-2001", .act = "all is well", .at_ms = 1000});
    assert_true(store_retain(room.store, &(struct retention){.turns = 30}, NOW_MS, 100, &more, &err));
    json_t *json = export(ORDER_BY_EMAIL, "anne@example.fr"), *acts = json_object_get(json, "acts");
    assert_int_equal(json_array_size(json_object_get(json, "handoffs")), 1);
    assert_int_equal(json_array_size(acts), 1);
    assert_string_equal(json_string_value(json_object_get(json_array_get(acts, 0), "text")), "quite upset");
    json_decref(json);
    assert_int_equal(forget(ORDER_BY_EMAIL, "anne@example.fr").handoffs, 1);
    holds("quite upset", false);
    holds("all is well", true);
}

static void an_export_that_does_not_fit_is_refused(void **state) {
    (void)state;
    struct error err = {""};
    struct buffer out;
    add_people();
    buffer_init(&out, 64);
    struct order_query who = {"demo", ORDER_BY_EMAIL, {"anne@example.fr"}, 1, NULL};
    assert_false(store_export(room.store, &who, &out, &err));
    assert_non_null(strstr(err.text, "more than 64 bytes"));
    buffer_clear(&out);
}

/* Retention. */

enum { DAY_MS = 86400 * 1000 };

static int retain(const struct retention *retention, int most) {
    struct error err = {""};
    bool more = true;
    int rounds = 0;
    for (; more; rounds++)
        if (!store_retain(room.store, retention, NOW_MS, most, &more, &err))
            fail_msg("%s", err.text);
    return rounds;
}

static int notes_of(const char *id) {
    struct error err = {""};
    struct note *notes;
    int count;
    store_notes(room.store, id, &room.arena, &notes, &count, &err);
    store_rest(room.store);
    return count;
}

static void what_is_past_its_time_goes_and_the_rest_stays(void **state) {
    (void)state;
    for (int i = 0; i < 50; i++)
        talk(&(struct talk){
            .id = arena_format(&room.arena, "old%d", i), .text = "x", .at_ms = NOW_MS - 40LL * DAY_MS});
    talk(&(struct talk){.id = "new", .text = "x", .at_ms = NOW_MS - 20LL * DAY_MS});
    retain(&(struct retention){0}, 10);
    assert_true(there("old1"));
    assert_true(retain(&(struct retention){.notes = 30}, 10) >= 5);
    assert_int_equal(notes_of("old1"), 0);
    assert_int_equal(notes_of("new"), 1);
    assert_true(there("old1"));
    retain(&(struct retention){.turns = 30, .handoffs = 30}, 10);
    assert_false(there("old1"));
    assert_false(there("old49"));
    assert_true(there("new"));
    struct error err = {""};
    struct handoff_row *rows;
    int count;
    assert_int_equal(store_handoffs(room.store, "demo", -1, &room.arena, &rows, &count, &err), FOUND);
    assert_int_equal(count, 1);
}

/* One more step of the conversation that talk() began. */
static void talk_on(const char *id, int64_t seq, int64_t at_ms) {
    struct error err = {""};
    const struct conversation conversation = {
        .id = id, .shop = "demo", .state = "state", .seq = seq, .started_ms = at_ms, .updated_ms = at_ms};
    const struct turn turn = {.seq = seq, .text = "and?", .at_ms = at_ms};
    const struct note note = {
        .seq = seq, .kind = "answer", .customer_hash = hash("email", "anne@example.fr"), .at_ms = at_ms};
    const struct change change = {.conversation = &conversation,
                                  .turns = &turn,
                                  .turn_count = 1,
                                  .notes = &note,
                                  .note_count = 1,
                                  .goes_on = true};
    if (!store_commit(room.store, (const struct change *const[]){&change}, 1, &err))
        fail_msg("%s", err.text);
}

static void reasons_outlive_what_was_said(void **state) {
    (void)state;
    struct error err = {""};
    struct turn *turns;
    struct note *notes;
    struct conversation stored;
    int count;
    add_people();
    talk(&(struct talk){.id = "long", .text = "I am anne@example.fr", .at_ms = NOW_MS - 50LL * DAY_MS});
    talk_on("long", 2, NOW_MS - 40LL * DAY_MS);
    talk_on("long", 3, NOW_MS - 10LL * DAY_MS);
    retain(&(struct retention){.turns = 30, .notes = 400}, 10);
    assert_int_equal(store_turns(room.store, "long", 0, &room.arena, &turns, &count, &err), FOUND);
    assert_int_equal(count, 1);
    assert_int_equal(turns[0].seq, 3);
    assert_int_equal(store_notes(room.store, "long", &room.arena, &notes, &count, &err), FOUND);
    assert_int_equal(count, 3);
    for (int i = 0; i < count; i++)
        assert_int_equal(notes[i].seq, i + 1);
    assert_int_equal(store_conversation(room.store, "long", &room.arena, &stored, &err), FOUND);
    assert_string_equal(stored.state, "state");
    store_rest(room.store);
    retain(&(struct retention){.turns = 5}, 10); /* now all of it is past its time */
    assert_false(there("long"));
    struct erased erased = forget(ORDER_BY_EMAIL, "anne@example.fr");
    assert_int_equal(erased.turns, 0);
    assert_int_equal(erased.notes, 2); /* those that name her; nothing tells whose the first is */
}

static void a_conversation_with_an_open_handoff_stays(void **state) {
    (void)state;
    struct error err = {""};
    struct conversation conversation = {
        .id = "waits", .shop = "demo", .state = "where it stands", .started_ms = 1, .updated_ms = 1};
    struct handoff handoff = {.id = "h", .status = HANDOFF_WAITING, .opened_ms = 1, .changed_ms = 1};
    struct change change = {.conversation = &conversation, .handoffs = &handoff, .handoff_count = 1};
    assert_true(store_commit(room.store, (const struct change *const[]){&change}, 1, &err));
    retain(&(struct retention){.turns = 30, .handoffs = 30}, 10);
    assert_true(there("waits"));
    struct conversation stored;
    assert_int_equal(store_conversation(room.store, "waits", &room.arena, &stored, &err), FOUND);
    assert_string_equal(stored.state, "where it stands");
}

static void old_orders_go_in_steps(void **state) {
    (void)state;
    char *text;
    size_t len;
    FILE *out = open_memstream(&text, &len);
    fputs("number,placed_at\n", out);
    for (int i = 0; i < 95; i++)
        fprintf(out, "A-%d,%s\n", i, i % 2 ? "2020-01-01" : "2026-03-01");
    fclose(out);
    room_import(&room, text, len);
    free(text);
    /* They were imported now: young as far as retention goes. */
    assert_true(retain(&(struct retention){.orders = 365}, 10) >= 10);
    assert_non_null(room_order(&room, "A1"));
    struct order *order = room_order(&room, "A1");
    struct error err = {""};
    order->updated_ms = 1000;
    assert_true(store_put_order(room.store, order, &err));
    retain(&(struct retention){.orders = 365}, 10);
    assert_null(room_order(&room, "A1"));
    assert_non_null(room_order(&room, "A0"));
    assert_non_null(room_order(&room, "A3"));
}

int main(void) {
#define CLAIM(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        CLAIM(everything_of_a_customer_goes_and_nothing_of_others),
        CLAIM(a_phone_is_found_as_it_is_written_at_home),
        CLAIM(an_order_names_its_customer),
        CLAIM(who_is_not_known_costs_no_rewriting),
        CLAIM(of_many_orders_no_trace_is_left),
        CLAIM(after_much_change_no_trace_is_left_either),
        CLAIM(of_orders_that_name_nobody_no_trace_is_left_either),
        CLAIM(a_reader_that_stays_delays_the_end_of_the_log),
        CLAIM(another_shop_keeps_its_own),
        CLAIM(an_export_has_all_that_forget_would_erase),
        CLAIM(what_the_desk_keeps_goes_with_the_hand_off_that_outlived_its_conversation),
        CLAIM(an_export_that_does_not_fit_is_refused),
        CLAIM(what_is_past_its_time_goes_and_the_rest_stays),
        CLAIM(reasons_outlive_what_was_said),
        CLAIM(a_conversation_with_an_open_handoff_stays),
        CLAIM(old_orders_go_in_steps),
    };
    return cmocka_run_group_tests_name("db/erase", tests, NULL, NULL);
}
