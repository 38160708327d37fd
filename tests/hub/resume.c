/* Who comes back: what was missed is given, and to nobody else. */
#include "tests/claims.h"

#include "tests/hub/room.h"
#include <string.h>

static void resuming_gives_what_was_missed_and_no_more(void **state) {
    struct room *room = *state;
    room_say(room, &room->anna, "m1", "one");
    room_say(room, &room->anna, "m2", "two");
    room_restart(room);
    room_resume(room, &room->anna, 2);
    assert_int_equal(room->anna.heard[0].kind, DELIVERY_WELCOME);
    assert_true(room->anna.heard[0].resumed);
    assert_int_equal(room->anna.heard[0].seq, 4);
    assert_string_equal(room->anna.heard[0].token, "");
    assert_int_equal(room_turns(&room->anna), 2);
    assert_string_equal(room->anna.heard[1].text, "two");
    assert_string_equal(room->anna.heard[1].from, "customer");
    assert_string_equal(room->anna.heard[2].text, "2: two");
    assert_string_equal(room->anna.heard[2].id, "m2");
    room_say(room, &room->anna, "m3", "three");
    assert_string_equal(room_last(&room->anna)->text, "3: three");
    assert_int_equal(room_last(&room->anna)->seq, 6);
}

static void resuming_while_a_commit_is_on_its_way_loses_and_doubles_nothing(void **state) {
    struct room *room = *state;
    room->disk.mode = DISK_LATER;
    room_say(room, &room->anna, "m1", "one");
    room_resume(room, &room->other, 0);
    disk_settle(&room->disk, room->hub, true);
    assert_int_equal(room->other.heard[0].kind, DELIVERY_WELCOME);
    assert_int_equal(room_turns(&room->other), 2);
    assert_int_equal(room_turns(&room->anna), 1);
}

/* Eleven questions and answers. */
static void talk(struct room *room) {
    char id[8];
    for (int i = 0; i < 11; i++) {
        snprintf(id, sizeof id, "m%d", i);
        room_say(room, &room->anna, id, "on and on");
    }
}

static void who_missed_much_is_given_it_in_portions_and_in_order(void **state) {
    struct room *room = *state;
    talk(room);
    room->other.listener.paced = true;
    room_resume(room, &room->other, 0);
    assert_int_equal(room_turns(&room->other), 16);
    room_say(room, &room->anna, "live", "in between");
    assert_int_equal(room_turns(&room->other), 16); /* not before what came before it */
    assert_false(hub_more(room->hub, &room->other.listener));
    assert_int_equal(room_turns(&room->other), 24);
    for (int i = 1; i < room->other.count; i++)
        assert_int_equal(room->other.heard[i].seq, i);
    room_say(room, &room->anna, "later", "afterwards");
    assert_int_equal(room_last(&room->other)->seq, 26);
    assert_int_equal(room_turns(&room->other), 26);
    assert_false(hub_more(room->hub, &room->other.listener));
}

static void a_read_that_is_older_than_the_last_commit_loses_nothing(void **state) {
    struct room *room = *state;
    room_say(room, &room->anna, "m1", "one");
    room->disk.reads_to = room->disk.change_count;
    room_say(room, &room->anna, "m2", "two");
    room_resume(room, &room->other, 0);
    assert_int_equal(room_turns(&room->other), 2);
    room_say(room, &room->anna, "m3", "three");
    assert_true(hub_more(room->hub, &room->other.listener));
    room->disk.reads_to = 0;
    assert_false(hub_more(room->hub, &room->other.listener));
    assert_int_equal(room_turns(&room->other), 6);
    assert_int_equal(room_last(&room->other)->seq, 6);
}

static void who_cannot_be_given_what_was_missed_is_hung_up(void **state) {
    struct room *room = *state;
    talk(room);
    room->other.listener.paced = true;
    room_resume(room, &room->other, 0);
    room->disk.turns_fail = true;
    assert_false(hub_more(room->hub, &room->other.listener));
    assert_int_equal(room_last(&room->other)->kind, DELIVERY_END);
    struct customer third = {.listener = {.channel = "chat"}};
    room_resume(room, &third, 0);
    assert_int_equal(room_last(&third)->kind, DELIVERY_END);
    hub_leave(room->hub, &third.listener);
}

static void a_forged_token_opens_nothing(void **state) {
    struct room *room = *state;
    for (size_t i = 0; i < strlen(room->token); i++) {
        struct room forged = *room;
        struct customer thief = {.listener = {.channel = "chat"}};
        forged.token[i] = forged.token[i] == 'A' ? 'B' : 'A';
        room_resume(&forged, &thief, 0);
        assert_int_equal(room_last(&thief)->code, FAULT_UNKNOWN_CONVERSATION);
    }
    struct customer thief = {.listener = {.channel = "chat"}};
    hub_hear(room->hub, &thief.listener,
             &(struct message){.kind = MESSAGE_HELLO, .resume = room->conversation});
    assert_int_equal(room_last(&thief)->code, FAULT_UNKNOWN_CONVERSATION);
}

static void a_seq_from_the_future_is_named(void **state) {
    struct room *room = *state;
    room_resume(room, &room->other, 5);
    assert_int_equal(room_last(&room->other)->code, FAULT_INVALID);
    assert_string_equal(room_last(&room->other)->field, "resume.seq");
    room_resume(room, &room->other, 0);
    assert_int_equal(room_last(&room->other)->kind, DELIVERY_WELCOME);
}

#define CLAIM(name) cmocka_unit_test_setup_teardown(name, room_set_up_greeted, room_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CLAIM(resuming_gives_what_was_missed_and_no_more),
        CLAIM(resuming_while_a_commit_is_on_its_way_loses_and_doubles_nothing),
        CLAIM(who_missed_much_is_given_it_in_portions_and_in_order),
        CLAIM(a_read_that_is_older_than_the_last_commit_loses_nothing),
        CLAIM(who_cannot_be_given_what_was_missed_is_hung_up),
        CLAIM(a_forged_token_opens_nothing),
        CLAIM(a_seq_from_the_future_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
