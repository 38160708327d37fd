#include "db/sqlite.h"
#include "tests/db/own_room.h"
#include <stdio.h>
#include <string.h>

enum { CHATS = 700, STEPS = 3, TOGETHER = 70 };

struct chat {
    char id[24];
    struct conversation row;
    struct turn turns[STEPS];
    struct change changes[STEPS];
};

static void talk(struct chat *chat, int number) {
    snprintf(chat->id, sizeof chat->id, "chat %d", number);
    chat->row = (struct conversation){.id = chat->id, .shop = "demo", .state = "s", .updated_ms = NOW_MS};
    for (int i = 0; i < STEPS; i++) {
        chat->turns[i] = (struct turn){.seq = i + 1, .text = chat->id, .at_ms = NOW_MS + i};
        chat->changes[i] = (struct change){
            .conversation = &chat->row, .turns = &chat->turns[i], .turn_count = 1, .goes_on = i > 0};
    }
}

static bool crowded(const char *id) {
    return pack_check(id, strlen(id)) % KNOWN_SETS == 0;
}

/* So many that they take more than one statement; and every tenth pushes another one out of what the writer
 * remembers, while steps of that one still wait to be written. */
static void one_commit_keeps_every_step_of_many_conversations(void **state) {
    static struct chat chats[CHATS];
    static const struct change *changes[CHATS * STEPS];
    struct error err = {""};
    (void)state;
    for (int i = 0, number = 0; i < CHATS; i++) {
        do
            talk(&chats[i], number++);
        while (i % 10 == 0 && !crowded(chats[i].id));
        for (int k = 0; k < STEPS; k++)
            changes[i / TOGETHER * TOGETHER * STEPS + k * TOGETHER + i % TOGETHER] = &chats[i].changes[k];
    }
    if (!store_commit(room.store, changes, CHATS * STEPS, &err))
        fail_msg("%s", err.text);
    for (int i = 0; i < CHATS; i++) {
        struct turn *turns;
        struct conversation stored;
        int count;
        assert_int_equal(store_turns(room.store, chats[i].id, 0, &room.arena, &turns, &count, &err), FOUND);
        assert_int_equal(count, STEPS);
        for (int k = 0; k < STEPS; k++) {
            assert_string_equal(turns[k].text, chats[i].id);
            assert_int_equal(turns[k].seq, k + 1);
            assert_int_equal(turns[k].at_ms, NOW_MS + k);
        }
        assert_int_equal(store_conversation(room.store, chats[i].id, &room.arena, &stored, &err), FOUND);
        assert_int_equal(stored.seq, STEPS);
    }
}

/* The connection remembers conversations; another one erases them. */
static void what_another_process_erased_is_not_written_again(void **state) {
    struct error err = {""};
    struct chat chat, other;
    struct conversation stored;
    struct erased erased;
    const struct note note = {.seq = 1, .kind = "answer", .order = "FR-1042"};
    (void)state;
    IMPORT(&room, "{\"number\": \"FR-1042\", \"customer\": {\"email\": \"ana@mail.example\"}}\n");
    talk(&chat, 1);
    talk(&other, 2);
    chat.turns[0].text = "ana@mail.example";
    chat.changes[0].notes = &note;
    chat.changes[0].note_count = 1;
    const struct change *const begun[] = {&chat.changes[0], &other.changes[0]};
    if (!store_commit(room.store, begun, 2, &err))
        fail_msg("%s", err.text);
    struct store *store = store_open(room.path, STORE_WRITE, &err);
    const struct order_query who = {"demo", ORDER_BY_EMAIL, {"ana@mail.example"}, 1, NULL};
    assert_non_null(store);
    if (!store_forget(store, &who, &erased, &err))
        fail_msg("%s", err.text);
    store_close(store);
    assert_int_equal(erased.conversations, 1);
    const struct change *const goes_on = &chat.changes[1], *const stays = &other.changes[1];
    assert_false(store_commit(room.store, &goes_on, 1, &err));
    assert_string_equal(err.text, "the conversation has been erased");
    assert_int_equal(store_conversation(room.store, chat.id, &room.arena, &stored, &err), MISSING);
    assert_true(store_commit(room.store, &stays, 1, &err));
    assert_int_equal(store_conversation(room.store, other.id, &room.arena, &stored, &err), FOUND);
    assert_int_equal(stored.seq, 2);
}

static void expect_row(const char *handling, const char *customer, const char *order) {
    struct error err = {""};
    struct conversation stored;
    assert_int_equal(store_conversation(room.store, "c1", &room.arena, &stored, &err), FOUND);
    assert_string_equal(stored.handling, handling);
    assert_string_equal(stored.customer_hash, customer);
    assert_string_equal(stored.order_hash, order);
    store_rest(room.store);
}

/* Both for the connection that wrote it and for one that has to look. */
static void a_hash_that_a_change_does_not_know_stays(void **state) {
    static const struct {
        const char *handling, *customer, *order;
        const char *stored_customer, *stored_order;
    } rows[] = {{"bot", NULL, "o1", "", "o1"},
                {"bot", "c1", NULL, "c1", "o1"},
                {"waiting", NULL, NULL, "c1", "o1"},
                {"waiting", "c2", "", "c2", "o1"},
                {"bot", "", "o2", "c2", "o2"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct error err = {""};
        struct conversation row = {.id = "c1",
                                   .shop = "demo",
                                   .handling = rows[i].handling,
                                   .customer_hash = rows[i].customer,
                                   .order_hash = rows[i].order};
        const struct change change = {.conversation = &row, .goes_on = i > 0};
        struct store *other = store_open(room.path, STORE_WRITE, &err);
        assert_non_null(other);
        assert_true(
            store_commit(i % 2 ? other : room.store, (const struct change *const[]){&change}, 1, &err));
        expect_row(rows[i].handling, rows[i].stored_customer, rows[i].stored_order);
        assert_true(store_commit(
            i % 2 ? room.store : other,
            (const struct change *const[]){&(struct change){
                .conversation =
                    &(struct conversation){.id = "c1", .shop = "demo", .handling = rows[i].handling},
                .goes_on = true}},
            1, &err));
        expect_row(rows[i].handling, rows[i].stored_customer, rows[i].stored_order);
        store_close(other);
    }
}

static void hashes_and_moments_come_back_as_they_were_written(void **state) {
    static const char *const hashes[] = {"00112233445566778899aabbccddeeff0123456789abcdef0123456789abcdef",
                                         "",
                                         "00112233445566778899AABBCCDDEEFF0123456789ABCDEF0123456789ABCDEF",
                                         "short",
                                         "00112233445566778899aabbccddeeff0123456789abcdef0123456789abcdeg",
                                         "00112233445566778899aabbccddeeff0123456789abcdef0123456789abcdef0"};
    static const int64_t moments[] = {NOW_MS, INT64_MAX, INT64_MIN, 0, -1, NOW_MS};
    enum { COUNT = sizeof hashes / sizeof *hashes };
    struct note notes[COUNT], *stored;
    struct error err = {""};
    int count;
    (void)state;
    for (int i = 0; i < COUNT; i++)
        notes[i] = (struct note){.seq = 1, .kind = "answer", .customer_hash = hashes[i], .at_ms = moments[i]};
    const struct conversation row = {.id = "c1", .shop = "demo"};
    const struct change change = {.conversation = &row, .notes = notes, .note_count = COUNT};
    if (!store_commit(room.store, (const struct change *const[]){&change}, 1, &err))
        fail_msg("%s", err.text);
    assert_int_equal(store_notes(room.store, "c1", &room.arena, &stored, &count, &err), FOUND);
    assert_int_equal(count, COUNT);
    for (int i = 0; i < COUNT; i++) {
        assert_string_equal(stored[i].customer_hash, hashes[i]);
        assert_true(stored[i].at_ms == moments[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CLAIM(one_commit_keeps_every_step_of_many_conversations),
        CLAIM(what_another_process_erased_is_not_written_again),
        CLAIM(a_hash_that_a_change_does_not_know_stays),
        CLAIM(hashes_and_moments_come_back_as_they_were_written),
    };
    return cmocka_run_group_tests_name("db/steps", tests, NULL, NULL);
}
