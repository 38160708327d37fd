/* Hand-offs, and what people do with them. */
#include "tests/claims.h"

#include "base/text.h"
#include "tests/hub/room.h"

static void request(struct room *room, int64_t id, const char *verb, const char *agent, const char *text) {
    room_request(room, id, verb, agent, text, NULL);
}

static void a_hand_off_is_a_promise_and_opens_a_row(void **state) {
    struct room *room = *state;
    room_say(room, &room->anna, "m1", "person");
    const struct change *change = room->disk.changes[room->disk.change_count - 1];
    assert_true(change->promise);
    assert_int_equal(change->handoff_count, 1);
    assert_int_equal(change->handoffs[0].status, HANDOFF_WAITING);
    assert_string_equal(change->handoffs[0].queue, "returns");
    assert_string_equal(change->conversation->handling, "waiting");
    assert_int_equal(room_last(&room->anna)->kind, DELIVERY_HANDLING);
    assert_int_equal(room_last(&room->anna)->handling, HANDLING_WAITING);
}

static void what_is_added_goes_to_the_same_hand_off_also_after_a_restart(void **state) {
    struct room *room = *state;
    room_say(room, &room->anna, "m1", "person");
    char id[32];
    TEXT_SET(id, disk_handoff(&room->disk)->id);
    room_restart(room);
    room_resume(room, &room->anna, 2);
    room_say(room, &room->anna, "m2", "person");
    assert_string_equal(disk_handoff(&room->disk)->id, id);
    room_say(room, &room->anna, "m3", "never mind");
    assert_string_equal(disk_handoff(&room->disk)->id, id);
    assert_int_equal(disk_handoff(&room->disk)->status, HANDOFF_WITHDRAWN);
    room_say(room, &room->anna, "m4", "person");
    assert_string_not_equal(disk_handoff(&room->disk)->id, id);
}

static void an_agent_takes_speaks_and_gives_back(void **state) {
    struct room *room = *state;
    room_say(room, &room->anna, "m1", "person");
    request(room, 1, "take", "Lea", NULL);
    assert_int_equal(room_last(&room->anna)->handling, HANDLING_HUMAN);
    assert_string_equal(room_last(&room->anna)->agent, "Lea");
    assert_int_equal(room->disk.changes[room->disk.change_count - 1]->request, 1);
    request(room, 2, "say", "Lea", "Good day, Lea here.");
    assert_string_equal(room_last(&room->anna)->from, "agent");
    assert_string_equal(room_last(&room->anna)->text, "Good day, Lea here.");
    assert_string_equal(room_last(&room->anna)->agent, "Lea");
    room_forget(&room->anna);
    room_say(room, &room->anna, "m2",
             "thank you"); /* the bot is silent, so its own turn says that it arrived */
    assert_int_equal(room->anna.count, 1);
    assert_string_equal(room_last(&room->anna)->from, "customer");
    assert_string_equal(room_last(&room->anna)->id, "m2");
    request(room, 3, "return", "Lea", NULL);
    assert_non_null(room_heard(&room->anna, "I am back."));
    assert_int_equal(room_last(&room->anna)->handling, HANDLING_BOT);
    assert_int_equal(disk_handoff(&room->disk)->status, HANDOFF_RETURNED);
    room_say(room, &room->anna, "m3", "and now?");
    assert_string_equal(room_last(&room->anna)->text, "1: and now?");
}

static void a_request_is_carried_out_once(void **state) {
    struct room *room = *state;
    room_say(room, &room->anna, "m1", "person");
    request(room, 1, "take", "Lea", NULL);
    request(room, 2, "say", "Lea", "once");
    request(room, 2, "say", "Lea", "once");
    assert_int_equal(disk_turns(&room->disk, AUTHOR_AGENT, "once"), 1);
}

static void a_request_that_could_not_be_stored_is_carried_out_when_it_comes_again(void **state) {
    struct room *room = *state;
    room_say(room, &room->anna, "m1", "person");
    room->disk.mode = DISK_FAILS;
    request(room, 1, "take", "Lea", NULL);
    room->disk.mode = DISK_AT_ONCE;
    request(room, 1, "take", "Lea", NULL);
    assert_int_equal(disk_handoff(&room->disk)->status, HANDOFF_TAKEN);
}

static void a_request_waits_for_what_is_under_way(void **state) {
    struct room *room = *state;
    room_say(room, &room->anna, "m1", "person");
    room->disk.mode = DISK_LATER;
    room_say(room, &room->anna, "m2", "slow");
    request(room, 1, "take", "Lea", NULL);
    room->disk.mode = DISK_AT_ONCE;
    disk_settle(&room->disk, room->hub, true);
    assert_int_equal(disk_handoff(&room->disk)->status, HANDOFF_WAITING);
    request(room, 1, "take", "Lea", NULL);
    assert_int_equal(disk_handoff(&room->disk)->status, HANDOFF_TAKEN);
}

static void requests_that_make_no_sense_are_refused_with_a_reason(void **state) {
    struct room *room = *state;
    const struct {
        const char *verb, *agent, *text, *why;
    } cases[] = {
        {"take", "Tom", NULL, "somebody else has taken it"},
        {"say", "Tom", "hi", "somebody else has taken it"},
        {"return", "Tom", NULL, "somebody else has taken it"},
        {"say", "Lea", "", "there are no words to say"},
        {"say", "Lea", " \t\u00a0\u3000", "there are no words to say"},
        {"fire", "Lea", NULL, "expected take, say, return or close"},
    };
    request(room, 1, "take", "Lea", NULL);
    assert_string_equal(room->disk.why, "this hand-off is not open any more");
    room_say(room, &room->anna, "m1", "person");
    request(room, 2, "say", "Lea", "hi");
    assert_string_equal(room->disk.why, "take it first");
    request(room, 3, "take", "Lea", NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        request(room, 4 + (int64_t)i, cases[i].verb, cases[i].agent, cases[i].text);
        assert_int_equal(room->disk.refused, 4 + (int64_t)i);
        assert_string_equal(room->disk.why, cases[i].why);
    }
    hub_request(room->hub, &(struct request){.id = 50, .conversation = "nonsense", .verb = "take"});
    assert_int_equal(room->disk.refused, 50);
    hub_request(room->hub,
                &(struct request){.id = 51, .conversation = "01ARZ3NDEKTSV4RRFFQ69G5FAV", .verb = "take"});
    assert_int_equal(room->disk.refused, 51);
    assert_int_equal(hub_count(room->hub).sessions, 1);
}

#define CLAIM(name) cmocka_unit_test_setup_teardown(name, room_set_up_greeted, room_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CLAIM(a_hand_off_is_a_promise_and_opens_a_row),
        CLAIM(what_is_added_goes_to_the_same_hand_off_also_after_a_restart),
        CLAIM(an_agent_takes_speaks_and_gives_back),
        CLAIM(a_request_is_carried_out_once),
        CLAIM(a_request_that_could_not_be_stored_is_carried_out_when_it_comes_again),
        CLAIM(a_request_waits_for_what_is_under_way),
        CLAIM(requests_that_make_no_sense_are_refused_with_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
