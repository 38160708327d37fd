/* What a shop's own system is to be told stands in the change that it tells of. */
#include "tests/claims.h"

#include "base/text.h"
#include "tests/hub/room.h"
#include <string.h>

static void say(struct room *room, const char *text) {
    room_say(room, &room->anna, NULL, text);
}

/* The rows of the newest change: "opened 2, message 3". */
static const char *told(struct room *room) {
    const struct change *change = room->disk.changes[room->disk.change_count - 1];
    const char *all = "";
    for (int i = 0; i < change->outgoing_count; i++) {
        const struct outgoing *row = &change->outgoing[i];
        assert_string_equal(row->target, "webhook");
        assert_string_equal(row->handoff, disk_handoff(&room->disk)->id);
        assert_int_equal(row->at_ms, room->disk.now_ms);
        all = arena_format(&room->disk.arena, "%s%s%s %lld", all, *all ? ", " : "", row->kind,
                           (long long)row->seq);
    }
    return all;
}

static void a_hand_off_and_all_that_is_said_while_it_is_open_are_told(void **state) {
    struct room *room = *state;
    room_hello(room, "third");
    say(room, "hello");
    assert_string_equal(told(room), "");
    say(room, "person"); /* turns 3 and 4 */
    assert_string_equal(told(room), "opened 4");
    say(room, "still there?");
    assert_string_equal(told(room), "message 5, message 6");
    say(room, "person");
    assert_string_equal(told(room), "message 7, message 8, updated 8");
    say(room, "never mind");
    assert_string_equal(told(room), "message 9, withdrawn 9");
    say(room, "hello");
    assert_string_equal(told(room), "");
}

static void after_a_restart_it_is_the_same_hand_off(void **state) {
    struct room *room = *state;
    room_hello(room, "third");
    say(room, "person");
    room_restart(room);
    room_resume(room, &room->anna, 2);
    say(room, "hello");
    assert_string_equal(told(room), "message 3, message 4");
}

static void what_staff_do_is_told_too(void **state) {
    struct room *room = *state;
    room_hello(room, "third");
    say(room, "person");
    room_request(room, 1, "take", "Lea", NULL, NULL);
    assert_string_equal(told(room), "taken 2");
    room_request(room, 2, "say", "Lea", "Good day", NULL);
    assert_string_equal(told(room), "message 3");
    room_request(room, 3, "return", "Lea", NULL, NULL);
    assert_string_equal(told(room), "message 4, returned 4");
}

static void what_the_shops_own_system_does_is_no_news_to_it(void **state) {
    struct room *room = *state;
    room_hello(room, "third");
    say(room, "person");
    room_request(room, 1, "say", "Kim", "Good day", "webhook 1");
    assert_string_equal(told(room), "");
    say(room, "hello");
    assert_string_equal(told(room), "message 4, message 5");
    room_request(room, 2, "return", "Kim", NULL, "webhook 2");
    assert_string_equal(told(room), "");
    assert_int_equal(disk_handoff(&room->disk)->status, HANDOFF_RETURNED);
}

static void its_people_speak_without_taking_and_after_each_other(void **state) {
    struct room *room = *state;
    room_hello(room, "third");
    say(room, "person");
    room_request(room, 1, "say", "Kim", "Good day", "webhook 1");
    room_request(room, 2, "say", "Lou", "I take over", "webhook 2");
    assert_int_equal(disk_turns(&room->disk, AUTHOR_AGENT, "Good day"), 1);
    assert_int_equal(disk_turns(&room->disk, AUTHOR_AGENT, "I take over"), 1);
    assert_int_equal(room->disk.refused, 0);
}

static void a_shop_with_a_desk_alone_tells_nobody(void **state) {
    struct room *room = *state;
    room_hello(room, "second");
    say(room, "person");
    assert_int_equal(disk_handoff(&room->disk)->status, HANDOFF_WAITING);
    assert_string_equal(told(room), "");
    say(room, "hello");
    assert_string_equal(told(room), "");
}

int main(void) {
#define CLAIM(name) cmocka_unit_test_setup_teardown(name, room_set_up, room_tear_down)
    const struct CMUnitTest tests[] = {
        CLAIM(a_hand_off_and_all_that_is_said_while_it_is_open_are_told),
        CLAIM(after_a_restart_it_is_the_same_hand_off),
        CLAIM(what_staff_do_is_told_too),
        CLAIM(what_the_shops_own_system_does_is_no_news_to_it),
        CLAIM(its_people_speak_without_taking_and_after_each_other),
        CLAIM(a_shop_with_a_desk_alone_tells_nobody),
    };
    return cmocka_run_group_tests_name("hub/outside", tests, NULL, NULL);
}
