#include "base/text.h"
#include "db/outgoing.h"
#include "tests/db/own_room.h"
#include <string.h>

enum { UNTIL = 60000 };

/* A hand-off of a conversation, with so many things to tell of it. */
static void hand_off(const char *conversation, const char *handoff, int64_t at_ms, int rows) {
    struct error err = {""};
    struct conversation row = {
        .id = conversation, .shop = "demo", .started_ms = NOW_MS, .updated_ms = NOW_MS};
    struct handoff opened = {.id = handoff, .queue = "claims", .opened_ms = at_ms, .changed_ms = at_ms};
    struct outgoing outgoing[8];
    for (int i = 0; i < rows; i++)
        outgoing[i] = (struct outgoing){.handoff = handoff,
                                        .target = "webhook",
                                        .kind = i ? "message" : "opened",
                                        .seq = i + 1,
                                        .at_ms = at_ms};
    struct change change = {.conversation = &row,
                            .handoffs = &opened,
                            .handoff_count = 1,
                            .outgoing = outgoing,
                            .outgoing_count = rows,
                            .promise = true};
    const struct change *changes[] = {&change};
    if (!store_commit(room.store, changes, 1, &err))
        fail_msg("%s", err.text);
}

static enum found take(int64_t now_ms, struct outgoing *out) {
    struct error err = {""};
    enum found found =
        store_outgoing_take(room.store, "demo", now_ms, now_ms + UNTIL, &room.arena, out, &err);
    if (found == FAILED)
        fail_msg("%s", err.text);
    return found;
}

static struct outgoing_count counts(void) {
    struct error err = {""};
    struct outgoing_count *rows = NULL;
    int count;
    if (store_outgoing_counts(room.store, &room.arena, &rows, &count, &err) == FAILED)
        fail_msg("%s", err.text);
    store_rest(room.store);
    return count ? rows[0] : (struct outgoing_count){.target = ""};
}

static void a_hand_off_is_told_in_order_and_others_meanwhile(void **state) {
    (void)state;
    struct error err = {""};
    struct outgoing first, other, next;
    hand_off("C1", "H1", NOW_MS, 2);
    hand_off("C2", "H2", NOW_MS + 1, 1);
    assert_int_equal(take(NOW_MS + 5, &first), FOUND);
    assert_string_equal(first.handoff, "H1");
    assert_string_equal(first.kind, "opened");
    assert_string_equal(first.conversation, "C1");
    assert_int_equal(first.attempts, 1);
    assert_int_equal(take(NOW_MS + 5, &other), FOUND);
    assert_string_equal(other.handoff, "H2");
    assert_int_equal(take(NOW_MS + 5, &next), MISSING); /* the message waits for its hand-off */
    assert_true(store_outgoing_sent(room.store, &first, true, &err));
    assert_int_equal(take(NOW_MS + 5, &next), FOUND);
    assert_string_equal(next.kind, "message");
    assert_int_equal(next.seq, 2);
    assert_int_equal(counts().pending, 2);
}

static void what_was_under_way_when_the_process_died_is_tried_again(void **state) {
    (void)state;
    struct error err = {""};
    struct outgoing row;
    hand_off("C1", "H1", NOW_MS, 1);
    assert_int_equal(take(NOW_MS, &row), FOUND);
    assert_int_equal(take(NOW_MS + UNTIL - 1, &row), MISSING);
    assert_true(store_outgoing_wake(room.store, NOW_MS + 10, &err));
    assert_int_equal(take(NOW_MS + 10, &row), FOUND);
    assert_int_equal(row.attempts, 2); /* it knows that it is not the first */
}

static void what_is_put_off_waits_and_says_why(void **state) {
    (void)state;
    struct error err = {""};
    struct outgoing row;
    struct handoff_row *rows = NULL;
    int count;
    hand_off("C1", "H1", NOW_MS, 1);
    assert_int_equal(take(NOW_MS, &row), FOUND);
    assert_true(store_outgoing_put_off(room.store, row.id, NOW_MS + 500, "refused", &err));
    assert_int_equal(take(NOW_MS + 499, &row), MISSING);
    assert_int_equal(take(NOW_MS + 500, &row), FOUND);
    assert_int_equal(store_handoffs(room.store, NULL, -1, &room.arena, &rows, &count, &err), FOUND);
    assert_string_equal(rows[0].delivery, "pending");
    assert_string_equal(rows[0].trouble, "refused");
}

static void what_is_given_up_stands_with_its_hand_off_until_it_is_tried_again(void **state) {
    (void)state;
    struct error err = {""};
    struct outgoing row;
    struct handoff_row found;
    int count = 0;
    hand_off("C1", "H1", NOW_MS, 1);
    assert_int_equal(take(NOW_MS, &row), FOUND);
    assert_true(store_outgoing_give_up(room.store, row.id, "gone", &err));
    assert_int_equal(take(NOW_MS + UNTIL, &row), MISSING);
    assert_int_equal(store_handoff(room.store, "H1", &room.arena, &found, &err), FOUND);
    assert_string_equal(found.delivery, "failed");
    assert_string_equal(found.trouble, "gone");
    store_rest(room.store);
    assert_int_equal(counts().failed, 1);
    assert_true(store_outgoing_again(room.store, "H1", NOW_MS + UNTIL, &count, &err));
    assert_int_equal(count, 1);
    assert_int_equal(take(NOW_MS + UNTIL, &row), FOUND);
    assert_true(store_outgoing_sent(room.store, &row, true, &err));
    assert_int_equal(store_handoff(room.store, "H1", &room.arena, &found, &err), FOUND);
    assert_string_equal(found.delivery, "");
}

static void what_covers_the_past_takes_what_was_given_up_with_it(void **state) {
    (void)state;
    struct error err = {""};
    struct outgoing row;
    hand_off("C1", "H1", NOW_MS, 3);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(take(NOW_MS, &row), FOUND);
        assert_true(store_outgoing_give_up(room.store, row.id, "gone", &err));
    }
    assert_int_equal(take(NOW_MS, &row), FOUND);
    assert_true(store_outgoing_sent(room.store, &row, false, &err));
    assert_int_equal(counts().failed, 2);
    hand_off("C1", "H1", NOW_MS, 1);
    assert_int_equal(take(NOW_MS, &row), FOUND);
    assert_true(store_outgoing_sent(room.store, &row, true, &err));
    assert_int_equal(counts().failed, 0);
}

static void what_is_too_old_is_given_up_even_if_nobody_takes_it(void **state) {
    (void)state;
    struct error err = {""};
    struct outgoing row;
    int count;
    hand_off("C1", "H1", NOW_MS, 2);
    hand_off("C2", "H2", NOW_MS + 100, 1);
    assert_true(store_outgoing_expire(room.store, NOW_MS, &count, &err));
    assert_int_equal(count, 0);
    assert_int_equal(counts().oldest_ms, NOW_MS);
    assert_true(store_outgoing_expire(room.store, NOW_MS + 50, &count, &err));
    assert_int_equal(count, 2);
    assert_int_equal(take(NOW_MS + 200, &row), FOUND);
    assert_string_equal(row.handoff, "H2");
    assert_int_equal(counts().oldest_ms, NOW_MS + 100);
}

static void what_the_other_system_calls_it_is_found_both_ways(void **state) {
    (void)state;
    struct error err = {""};
    struct handoff_row found;
    const char *value;
    hand_off("C1", "H1", NOW_MS, 1);
    hand_off("C2", "H2", NOW_MS, 1);
    assert_int_equal(store_mark(room.store, "H1", "conversation", &room.arena, &value, &err), MISSING);
    assert_string_equal(value, "");
    assert_true(store_mark_set(room.store, "H1", "conversation", "17", &err));
    assert_true(store_mark_set(room.store, "H2", "conversation", "18", &err));
    assert_true(store_mark_set(room.store, "H2", "conversation", "19", &err));
    assert_int_equal(store_mark(room.store, "H2", "conversation", &room.arena, &value, &err), FOUND);
    assert_string_equal(value, "19");
    assert_int_equal(store_marked(room.store, "demo", "conversation", "17", &room.arena, &found, &err),
                     FOUND);
    assert_string_equal(found.handoff.id, "H1");
    assert_string_equal(found.conversation, "C1");
    assert_int_equal(store_marked(room.store, "demo", "conversation", "18", &room.arena, &found, &err),
                     MISSING);
    assert_int_equal(store_marked(room.store, "other", "conversation", "17", &room.arena, &found, &err),
                     MISSING);
}

static void it_goes_with_its_hand_off(void **state) {
    (void)state;
    struct error err = {""};
    struct outgoing row;
    const char *value;
    bool more;
    struct handoff closed = {.id = "H1", .status = HANDOFF_CLOSED, .changed_ms = NOW_MS};
    struct conversation conversation = {
        .id = "C1", .shop = "demo", .started_ms = NOW_MS, .updated_ms = NOW_MS};
    struct change change = {.conversation = &conversation, .handoffs = &closed, .handoff_count = 1};
    const struct change *changes[] = {&change};
    hand_off("C1", "H1", NOW_MS, 1);
    assert_true(store_mark_set(room.store, "H1", "conversation", "17", &err));
    assert_true(store_commit(room.store, changes, 1, &err));
    assert_true(store_retain(room.store, &(struct retention){.handoffs = 1}, NOW_MS + 2 * 86400000LL, 10,
                             &more, &err));
    assert_int_equal(take(NOW_MS, &row), MISSING);
    assert_int_equal(store_mark(room.store, "H1", "conversation", &room.arena, &value, &err), MISSING);
    assert_false(store_mark_set(room.store, "H1", "conversation", "17", &err)); /* nothing is left to mark */
}

static void the_same_from_the_other_system_is_one_request(void **state) {
    (void)state;
    struct error err = {""};
    int64_t first, again, other;
    struct request *requests;
    int count;
    struct request request = {.conversation = "C1",
                              .handoff = "H1",
                              .verb = "say",
                              .agent = "Kim",
                              .text = "Hello",
                              .at_ms = NOW_MS,
                              .remote = "webhook 1"};
    struct change change = {.asks = &request, .ask_count = 1};
    const struct change *changes[] = {&change};
    assert_true(store_request(room.store, &request, &first, &err));
    assert_true(store_request(room.store, &request, &again, &err));
    assert_int_equal(first, again);
    assert_true(store_commit(room.store, changes, 1, &err));
    request.remote = NULL;
    assert_true(store_request(room.store, &request, &other, &err));
    assert_true(store_request(room.store, &request, &other, &err));
    assert_int_equal(store_requests(room.store, &room.arena, &requests, &count, &err), FOUND);
    assert_int_equal(count, 3);
    assert_string_equal(requests[0].remote, "webhook 1");
    assert_null(requests[1].remote);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CLAIM(a_hand_off_is_told_in_order_and_others_meanwhile),
        CLAIM(what_was_under_way_when_the_process_died_is_tried_again),
        CLAIM(what_is_put_off_waits_and_says_why),
        CLAIM(what_is_given_up_stands_with_its_hand_off_until_it_is_tried_again),
        CLAIM(what_covers_the_past_takes_what_was_given_up_with_it),
        CLAIM(what_is_too_old_is_given_up_even_if_nobody_takes_it),
        CLAIM(what_the_other_system_calls_it_is_found_both_ways),
        CLAIM(it_goes_with_its_hand_off),
        CLAIM(the_same_from_the_other_system_is_one_request),
    };
    return cmocka_run_group_tests_name("db/outbox", tests, NULL, NULL);
}
