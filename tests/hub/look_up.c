/* Questions to the store, and how long whoever guesses waits for their answers. */
#include "tests/claims.h"

#include "tests/hub/room.h"

enum { EVEN_MS = 20 }; /* after so long a try that opened nothing is told */

static void a_look_up_is_answered_in_the_same_change(void **state) {
    struct room *room = *state;
    int before = room->disk.change_count;
    room_say(room, &room->anna, "m1", "find RIGHT");
    assert_int_equal(room->disk.change_count, before + 1);
    assert_string_equal(room_last(&room->anna)->text, "found");
    room_say(room, &room->anna, "m2", "find WRONG");
    room_wait(room);
    assert_string_equal(room_last(&room->anna)->text, "missing");
    room->disk.reads_fail = true;
    room_say(room, &room->anna, "m3", "find RIGHT");
    room_wait(room);
    assert_string_equal(room_last(&room->anna)->text, "failed");
}

static void what_opened_nothing_is_told_at_the_same_time_however_long_it_took(void **state) {
    struct room *room = *state;
    for (int took = 0; took < EVEN_MS + 10; took += 5) {
        char id[16];
        snprintf(id, sizeof id, "t%d", took);
        room->disk.look_up_ms = took;
        int before = room_turns(&room->anna);
        room_say(room, &room->anna, id, "find WRONG");
        assert_true((room_turns(&room->anna) == before) == (took < EVEN_MS));
        if (took < EVEN_MS)
            assert_int_equal(room_wait(room), EVEN_MS - took);
        assert_string_equal(room_last(&room->anna)->text, "missing");
    }
}

static void a_dialogue_that_never_stops_asking_is_stopped(void **state) {
    struct room *room = *state;
    room->disk.world.wake = NULL;
    room_restart(room);
    room_resume(room, &room->anna, 0);
    room_say(room, &room->anna, "m1", "for ever");
    assert_int_equal(room->disk.look_ups, 12);
    room_say(room, &room->anna, "m2", "good day");
    assert_string_equal(room_last(&room->anna)->text, "1: good day");
}

static int64_t time_of_try(struct room *room, int number, const char *text) {
    char id[16];
    int64_t waited = 0;
    int before = room_turns(&room->anna);
    snprintf(id, sizeof id, "t%d", number);
    room_say(room, &room->anna, id, text);
    while (room_turns(&room->anna) == before)
        waited += room_wait(room);
    return waited;
}

static void wrong_proofs_are_slowed_more_and_more_and_never_locked(void **state) {
    struct room *room = *state;
    int64_t waited = 0;
    for (int i = 0; i < 6; i++)
        assert_int_equal(time_of_try(room, i, "find WRONG"), EVEN_MS);
    for (int i = 6; i < 16; i++) {
        room_forget(&room->anna);
        waited = time_of_try(room, i, "find WRONG");
        assert_in_range(waited, 500 + EVEN_MS, 8000 + EVEN_MS);
    }
    assert_int_equal(waited, 8000 + EVEN_MS);
}

static void right_proofs_are_not_slowed(void **state) {
    struct room *room = *state;
    for (int i = 0; i < 18; i++)
        assert_int_equal(time_of_try(room, i, "find RIGHT"), 0);
}

static void a_try_at_three_orders_is_three_of_its_address(void **state) {
    struct room *room = *state;
    char text[40];
    for (int i = 0; i < 11; i++) {
        snprintf(text, sizeof text, "find A%d B%d C%d", i, i, i);
        assert_int_equal(time_of_try(room, i, text) > EVEN_MS, i == 10);
    }
}

static void each_try_of_a_message_counts_however_many_look_ups_it_makes(void **state) {
    struct room *room = *state;
    assert_int_equal(
        time_of_try(room, 1, "find A B C D E F; G H I J K L; M N O P Q R; S T U V W X; Y Z 1 2 3 4"),
        EVEN_MS);
    assert_true(time_of_try(room, 2, "find 5") > EVEN_MS);
}

static void the_answer_is_held_back_whether_right_or_wrong(void **state) {
    struct room *room = *state;
    for (int i = 0; i < 7; i++)
        time_of_try(room, i, "find WRONG");
    int before = room->disk.look_ups;
    room_forget(&room->anna);
    room_say(room, &room->anna, "again", "find WRONG");
    assert_int_equal(room->disk.look_ups, before); /* nothing has been read yet */
    assert_int_equal(room_last(&room->anna)->kind, DELIVERY_TYPING);
}

static void a_clock_that_stands_still_delays_nothing(void **state) {
    struct room *room = *state;
    room->disk.world.wake = NULL;
    room_restart(room);
    room->anna.listener.address = NULL;
    room_resume(room, &room->anna, 0);
    for (int i = 0; i < 30; i++) {
        room_forget(&room->anna);
        room_say(room, &room->anna, NULL, "find WRONG");
        assert_string_equal(room_last(&room->anna)->text, "missing");
    }
}

#define CLAIM(name) cmocka_unit_test_setup_teardown(name, room_set_up_greeted, room_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CLAIM(a_look_up_is_answered_in_the_same_change),
        CLAIM(what_opened_nothing_is_told_at_the_same_time_however_long_it_took),
        CLAIM(a_dialogue_that_never_stops_asking_is_stopped),
        CLAIM(wrong_proofs_are_slowed_more_and_more_and_never_locked),
        CLAIM(right_proofs_are_not_slowed),
        CLAIM(a_try_at_three_orders_is_three_of_its_address),
        CLAIM(each_try_of_a_message_counts_however_many_look_ups_it_makes),
        CLAIM(the_answer_is_held_back_whether_right_or_wrong),
        CLAIM(a_clock_that_stands_still_delays_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
