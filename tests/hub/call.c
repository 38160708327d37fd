/* Silences, calls and keys. */
#include "tests/claims.h"

#include "base/text.h"
#include "tests/hub/room.h"
#include <string.h>

static void a_timer_of_the_dialogue_is_an_event(void **state) {
    struct room *room = *state;
    room->anna.listener.own_silence = true;
    room_say(room, &room->anna, "m1", "wake me");
    room->disk.now_ms += 4999;
    hub_tick(room->hub);
    assert_null(room_heard(&room->anna, "Still there?"));
    room->disk.now_ms += 1;
    hub_tick(room->hub);
    assert_non_null(room_heard(&room->anna, "Still there?"));
}

static void whoever_speaks_is_not_silent_though_the_words_are_not_known_yet(void **state) {
    struct room *room = *state;
    room->anna.listener.own_silence = true;
    room_say(room, &room->anna, "m1", "wake me");
    room->disk.now_ms += 4000;
    hub_hear(room->hub, &room->anna.listener, &(struct message){.kind = MESSAGE_TYPING});
    room->disk.now_ms += 9999;
    hub_tick(room->hub);
    assert_null(room_heard(&room->anna, "Still there?"));
    room->disk.now_ms += 1;
    hub_tick(room->hub);
    assert_non_null(room_heard(&room->anna, "Still there?"));
}

static void a_channel_that_tells_silences_itself_is_not_woken(void **state) {
    struct room *room = *state;
    room_say(room, &room->anna, "m1", "wake me");
    assert_int_equal(room->disk.wake_ms - room->disk.now_ms < 5000, 0);
    room->disk.now_ms += 5000;
    hub_tick(room->hub);
    assert_null(room_heard(&room->anna, "Still there?"));
}

static struct customer caller(void) {
    return (struct customer){.listener = {.channel = "phone", .voice = VOICE_SPOKEN, .own_silence = true}};
}

static void calls(struct room *room, struct customer *customer, const char *call) {
    hub_hear(room->hub, &customer->listener, &(struct message){.kind = MESSAGE_HELLO, .call = call});
}

static void a_call_that_comes_back_within_a_minute_goes_on(void **state) {
    struct room *room = *state;
    struct customer first = caller(), again = caller(), late = caller();
    char conversation[32];
    calls(room, &first, "CA1");
    TEXT_SET(conversation, room_last(&first)->conversation);
    assert_string_not_equal(conversation, room->conversation);
    room_say(room, &first, NULL, "one");
    hub_leave(room->hub, &first.listener);
    room->disk.now_ms += 59000;
    calls(room, &again, "CA1");
    assert_string_equal(again.heard[0].conversation, conversation);
    assert_true(again.heard[0].resumed);
    assert_int_equal(room_turns(&again), 0);
    hub_leave(room->hub, &again.listener);
    room->disk.now_ms += 61000;
    calls(room, &late, "CA1");
    assert_string_not_equal(late.heard[0].conversation, conversation);
    hub_leave(room->hub, &late.listener);
}

static void a_call_goes_on_in_another_process(void **state) {
    struct room *room = *state;
    struct customer first = caller(), again = caller(), other = caller();
    char conversation[32];
    calls(room, &first, "CA1");
    TEXT_SET(conversation, room_last(&first)->conversation);
    room_restart(room);
    room->disk.now_ms += 30000;
    calls(room, &again, "CA1");
    calls(room, &other, "CA2");
    assert_string_equal(again.heard[0].conversation, conversation);
    assert_string_not_equal(other.heard[0].conversation, conversation);
    assert_null(strstr(disk_row(&room->disk, conversation)->call_hash, "CA1"));
    assert_int_equal(strlen(disk_row(&room->disk, conversation)->call_hash), 64);
    hub_leave(room->hub, &again.listener);
    hub_leave(room->hub, &other.listener);
}

static void the_same_call_of_another_shop_is_another(void **state) {
    struct room *room = *state;
    struct customer first = caller(), other = caller();
    calls(room, &first, "CA1");
    hub_hear(room->hub, &other.listener,
             &(struct message){.kind = MESSAGE_HELLO, .call = "CA1", .shop = "second"});
    assert_string_not_equal(other.heard[0].conversation, first.heard[0].conversation);
    hub_leave(room->hub, &first.listener);
    hub_leave(room->hub, &other.listener);
}

static void two_hellos_of_one_call_at_once_are_one_conversation(void **state) {
    struct room *room = *state;
    struct customer first = caller(), other = caller();
    room->disk.mode = DISK_LATER;
    calls(room, &first, "CA1");
    calls(room, &other, "CA1");
    disk_settle(&room->disk, room->hub, true);
    if (room->disk.ticket)
        disk_settle(&room->disk, room->hub, true);
    assert_int_equal(first.heard[0].kind, DELIVERY_WELCOME);
    assert_string_equal(first.heard[0].conversation, other.heard[0].conversation);
    hub_leave(room->hub, &first.listener);
    hub_leave(room->hub, &other.listener);
}

static void what_a_caller_does_next_follows_what_was_said(void **state) {
    struct room *room = *state;
    struct customer first = caller();
    calls(room, &first, "CA1");
    room_say(room, &first, NULL, "listen");
    assert_string_equal(first.heard[first.count - 2].text, "I listen.");
    assert_int_equal(room_last(&first)->kind, DELIVERY_LISTEN);
    assert_string_equal(room_last(&first)->text, "number");
    room_say(room, &first, NULL, "put me through");
    assert_int_equal(first.heard[first.count - 2].kind, DELIVERY_HANDLING);
    assert_int_equal(room_last(&first)->kind, DELIVERY_TRANSFER);
    assert_string_equal(room_last(&first)->text, disk_handoff(&room->disk)->id);
    hub_leave(room->hub, &first.listener);
}

static void keys_are_a_turn_when_the_dialogue_has_heard_an_entry(void **state) {
    struct room *room = *state;
    struct customer first = caller();
    calls(room, &first, "CA1");
    hub_hear(room->hub, &first.listener, &(struct message){.kind = MESSAGE_KEYS, .text = "1"});
    assert_int_equal(disk_turns(&room->disk, AUTHOR_CUSTOMER, "1"), 0);
    hub_hear(room->hub, &first.listener, &(struct message){.kind = MESSAGE_KEYS, .text = "#"});
    assert_int_equal(disk_turns(&room->disk, AUTHOR_CUSTOMER, "10042"), 1);
    assert_string_equal(room_last(&first)->text, "keyed");
    hub_leave(room->hub, &first.listener);
}

#define CLAIM(name) cmocka_unit_test_setup_teardown(name, room_set_up_greeted, room_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CLAIM(a_timer_of_the_dialogue_is_an_event),
        CLAIM(whoever_speaks_is_not_silent_though_the_words_are_not_known_yet),
        CLAIM(a_channel_that_tells_silences_itself_is_not_woken),
        CLAIM(a_call_that_comes_back_within_a_minute_goes_on),
        CLAIM(a_call_goes_on_in_another_process),
        CLAIM(the_same_call_of_another_shop_is_another),
        CLAIM(two_hellos_of_one_call_at_once_are_one_conversation),
        CLAIM(what_a_caller_does_next_follows_what_was_said),
        CLAIM(keys_are_a_turn_when_the_dialogue_has_heard_an_entry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
