/* A conversation: hello, what is said, what is stored and told. */
#include "tests/claims.h"

#include "tests/hub/room.h"
#include <string.h>

static void hello_is_answered_with_a_welcome_and_a_token(void **state) {
    struct room *room = *state;
    const struct heard *welcome = &room->anna.heard[0];
    assert_int_equal(room->anna.count, 1);
    assert_int_equal(welcome->kind, DELIVERY_WELCOME);
    assert_false(welcome->resumed);
    assert_int_equal(strlen(welcome->token), 26 + 1 + 22);
    assert_string_equal(hub_conversation(&room->anna.listener), welcome->conversation);
}

static void the_token_is_stored_only_as_a_hash(void **state) {
    struct room *room = *state;
    const struct conversation *row = disk_row(&room->disk, room->conversation);
    assert_int_equal(strlen(row->token_hash), 64);
    assert_null(strstr(row->token_hash, room->token + 27));
    assert_string_equal(row->channel, "chat");
    assert_string_equal(row->shop, "default");
}

static void an_unknown_shop_is_refused(void **state) {
    struct room *room = *state;
    hub_hear(room->hub, &room->other.listener, &(struct message){.kind = MESSAGE_HELLO, .shop = "nowhere"});
    assert_int_equal(room_last(&room->other)->code, FAULT_UNKNOWN_SHOP);
    assert_null(hub_conversation(&room->other.listener));
}

static void a_named_shop_and_its_locale_are_taken(void **state) {
    struct room *room = *state;
    hub_hear(room->hub, &room->other.listener, &(struct message){.kind = MESSAGE_HELLO, .shop = "second"});
    const struct conversation *row = disk_row(&room->disk, room_last(&room->other)->conversation);
    assert_string_equal(row->shop, "second");
    assert_string_equal(row->locale, "en");
}

static void a_turn_its_answer_and_its_note_are_one_change(void **state) {
    struct room *room = *state;
    room_say(room, &room->anna, "m1", "good day");
    const struct change *change = room->disk.changes[room->disk.change_count - 1];
    assert_int_equal(change->turn_count, 2);
    assert_int_equal(change->turns[0].seq, 1);
    assert_string_equal(change->turns[0].client_id, "m1");
    assert_int_equal(change->turns[1].seq, 2);
    assert_int_equal(change->turns[1].re, 1);
    assert_string_equal(change->turns[1].phrase, "script");
    assert_int_equal(change->note_count, 1);
    assert_int_equal(change->notes[0].seq, 1);
    assert_int_equal(strlen(change->notes[0].customer_hash), 64);
    assert_int_equal(strlen(change->conversation->order_hash), 64);
    assert_int_equal(change->conversation->seq, 2);
    assert_false(change->promise);
    assert_string_equal(room_last(&room->anna)->text, "1: good day");
    assert_string_equal(room_last(&room->anna)->id, "m1");
}

static void nothing_is_told_before_it_is_stored(void **state) {
    struct room *room = *state;
    room->disk.mode = DISK_LATER;
    room_say(room, &room->anna, "m1", "good day");
    assert_int_equal(room_turns(&room->anna), 0);
    disk_settle(&room->disk, room->hub, true);
    assert_non_null(room_heard(&room->anna, "1: good day"));
}

static void a_failed_commit_is_told_and_leaves_the_conversation_where_it_was(void **state) {
    struct room *room = *state;
    room->disk.mode = DISK_FAILS;
    room_say(room, &room->anna, "m1", "good day");
    assert_int_equal(room_last(&room->anna)->kind, DELIVERY_FAULT);
    assert_int_equal(room_last(&room->anna)->code, FAULT_NOT_STORED);
    assert_string_equal(room_last(&room->anna)->id, "m1");
    assert_int_equal(room_turns(&room->anna), 0);
    room->disk.mode = DISK_AT_ONCE;
    room_say(room, &room->anna, "m1", "good day"); /* the same id: it does not count as said */
    const struct heard *answer = room_heard(&room->anna, "1: good day");
    assert_non_null(answer);
    assert_int_equal(answer->seq, 2);
}

static void a_full_writer_is_told_as_busy(void **state) {
    struct room *room = *state;
    room->disk.mode = DISK_FULL;
    room_say(room, &room->anna, "m1", "good day");
    assert_int_equal(room_last(&room->anna)->code, FAULT_BUSY);
}

static void a_hello_that_cannot_be_stored_leaves_no_conversation(void **state) {
    struct room *room = *state;
    room->disk.mode = DISK_LATER;
    room_greet(room, &room->other);
    room_say(room, &room->other, "m1", "too early");
    disk_settle(&room->disk, room->hub, false);
    assert_int_equal(room->other.heard[0].code, FAULT_NOT_STORED);
    assert_int_equal(room->other.heard[1].code, FAULT_HELLO_FIRST);
    assert_null(hub_conversation(&room->other.listener));
    assert_int_equal(hub_count(room->hub).sessions, 1);
    room->disk.mode = DISK_AT_ONCE;
    room_greet(room, &room->other);
    assert_int_equal(room_last(&room->other)->kind, DELIVERY_WELCOME);
}

static void what_is_said_while_hello_is_under_way_is_answered_after_the_welcome(void **state) {
    struct room *room = *state;
    room->disk.mode = DISK_LATER;
    room_greet(room, &room->other);
    room_say(room, &room->other, "m1", "one");
    room_say(room, &room->other, "m2", "two");
    for (int i = 0; i < 3; i++)
        disk_settle(&room->disk, room->hub, true);
    assert_int_equal(room->other.heard[0].kind, DELIVERY_WELCOME);
    assert_string_equal(room->other.heard[1].text, "1: one");
    assert_string_equal(room->other.heard[2].text, "2: two");
}

static void messages_that_pile_up_are_refused_not_lost_silently(void **state) {
    struct room *room = *state;
    char id[8];
    room->disk.mode = DISK_LATER;
    for (int i = 0; i < 12; i++) {
        snprintf(id, sizeof id, "m%d", i);
        room_say(room, &room->anna, id, "again");
    }
    assert_int_equal(room_last(&room->anna)->code, FAULT_BUSY);
    assert_string_equal(room_last(&room->anna)->id, "m11");
}

static void the_same_id_twice_is_answered_once(void **state) {
    struct room *room = *state;
    room_say(room, &room->anna, "m1", "good day");
    room_say(room, &room->anna, "m1", "good day");
    assert_int_equal(room_turns(&room->anna), 1);
    assert_int_equal(disk_turns(&room->disk, AUTHOR_CUSTOMER, "good day"), 1);
}

static void the_same_id_is_answered_once_even_across_a_restart(void **state) {
    struct room *room = *state;
    room_say(room, &room->anna, "m1", "good day");
    room_restart(room);
    room_resume(room, &room->anna, 0);
    room_say(room, &room->anna, "m1", "good day");
    assert_int_equal(disk_turns(&room->disk, AUTHOR_CUSTOMER, "good day"), 1);
    assert_int_equal(room_turns(&room->anna), 2); /* its own turn and the answer, replayed */
}

static void an_erased_conversation_is_not_written_again(void **state) {
    struct room *room = *state;
    room_say(room, &room->anna, "m1", "one");
    room_resume(room, &room->other, 0);
    room->disk.change_count = 0;
    room_say(room, &room->anna, "m2", "two");
    assert_int_equal(room_last(&room->anna)->code, FAULT_NOT_STORED);
    room_say(room, &room->anna, "m2", "two");
    assert_int_equal(room_last(&room->anna)->code, FAULT_UNKNOWN_CONVERSATION);
    assert_int_equal(room_last(&room->other)->code, FAULT_UNKNOWN_CONVERSATION);
    assert_int_equal(room->disk.change_count, 0);
    assert_null(hub_conversation(&room->anna.listener));
    room_greet(room, &room->anna);
    assert_int_equal(room_last(&room->anna)->kind, DELIVERY_WELCOME);
    assert_string_not_equal(room_last(&room->anna)->conversation, room->conversation);
    room_say(room, &room->anna, "m2", "two");
    assert_string_equal(room_last(&room->anna)->text, "1: two");
}

static void messages_without_id_are_each_answered(void **state) {
    struct room *room = *state;
    room_say(room, &room->anna, NULL, "one");
    room_say(room, &room->anna, NULL, "one");
    assert_int_equal(room_turns(&room->anna), 2);
}

static void nothing_is_heard_before_hello_and_hello_only_once(void **state) {
    struct room *room = *state;
    room_say(room, &room->other, "m1", "knock");
    assert_int_equal(room_last(&room->other)->code, FAULT_HELLO_FIRST);
    room_greet(room, &room->anna);
    assert_int_equal(room_last(&room->anna)->code, FAULT_HELLO_AGAIN);
}

static void two_listeners_of_one_conversation_hear_the_same_turns(void **state) {
    struct room *room = *state;
    room_resume(room, &room->other, 0);
    room_say(room, &room->anna, "m1", "good day");
    const struct heard *echo = room_heard(&room->other, "good day");
    assert_non_null(echo);
    assert_string_equal(echo->from, "customer");
    assert_string_equal(echo->id, "m1");
    assert_non_null(room_heard(&room->other, "1: good day"));
    assert_null(room_heard(&room->anna, "good day")); /* the answer says that it arrived */
    assert_non_null(room_heard(&room->anna, "1: good day"));
}

static void card_numbers_are_masked_before_they_are_stored(void **state) {
    struct room *room = *state;
    room_say(room, &room->anna, "m1", "my card is 4111 1111 1111 1111");
    assert_int_equal(disk_turns(&room->disk, AUTHOR_CUSTOMER, "my card is 4111 1111 1111 1111"), 0);
    assert_int_equal(disk_turns(&room->disk, AUTHOR_CUSTOMER, "my card is **** **** **** 1111"), 1);
    assert_string_equal(room_last(&room->anna)->text,
                        "1: my card is **** **** **** ****"); /* as it was read */
    for (int i = 0; i < room->disk.change_count; i++)
        for (int t = 0; t < room->disk.changes[i]->turn_count; t++)
            assert_null(strstr(room->disk.changes[i]->turns[t].text, "4111 1111"));
}

static void a_choice_is_stored_as_its_words_and_read_as_its_id(void **state) {
    struct room *room = *state;
    hub_hear(room->hub, &room->anna.listener,
             &(struct message){.kind = MESSAGE_CHOOSE, .id = "c1", .choice = "yes", .text = "Yes, please"});
    assert_int_equal(disk_turns(&room->disk, AUTHOR_CUSTOMER, "Yes, please"), 1);
    assert_string_equal(room_last(&room->anna)->text, "chose yes");
    hub_hear(room->hub, &room->anna.listener,
             &(struct message){.kind = MESSAGE_CHOOSE, .id = "c2", .choice = "no"});
    assert_int_equal(disk_turns(&room->disk, AUTHOR_CUSTOMER, "no"), 1);
}

static void a_rating_is_a_note_on_the_turn(void **state) {
    struct room *room = *state;
    room_say(room, &room->anna, "m1", "good day");
    hub_hear(room->hub, &room->anna.listener, &(struct message){.kind = MESSAGE_RATE, .rating = -1});
    const struct change *change = room->disk.changes[room->disk.change_count - 1];
    assert_int_equal(change->turn_count, 0);
    assert_int_equal(change->note_count, 1);
    assert_string_equal(change->notes[0].kind, "rating");
    assert_int_equal(change->notes[0].seq, 2);
    assert_true(change->notes[0].score == -1);
}

static void bye_hangs_up_and_the_conversation_stays(void **state) {
    struct room *room = *state;
    room_say(room, &room->anna, "m1", "good day");
    hub_hear(room->hub, &room->anna.listener, &(struct message){.kind = MESSAGE_BYE});
    assert_int_equal(room_last(&room->anna)->kind, DELIVERY_END);
    hub_leave(room->hub, &room->anna.listener);
    room_resume(room, &room->other, 0);
    assert_int_equal(room_turns(&room->other), 2);
}

static void the_end_of_a_dialogue_hangs_everyone_up(void **state) {
    struct room *room = *state;
    room_resume(room, &room->other, 0);
    room_say(room, &room->anna, "m1", "end");
    assert_int_equal(room_last(&room->anna)->kind, DELIVERY_END);
    assert_int_equal(room_last(&room->other)->kind, DELIVERY_END);
}

static void a_token_of_the_shop_is_read_on_hello(void **state) {
    struct room *room = *state;
    hub_hear(room->hub, &room->other.listener, &(struct message){.kind = MESSAGE_HELLO, .token = "signed"});
    assert_int_equal(room->other.heard[0].kind, DELIVERY_WELCOME);
    assert_string_equal(room_last(&room->other)->text, "I know you.");
}

static void a_flood_is_told_to_slow_down_and_in_the_end_hung_up(void **state) {
    struct room *room = *state;
    for (int i = 0; i < 19; i++)
        room_say(room, &room->anna, NULL, "x");
    room_forget(&room->anna);
    room_say(room, &room->anna, "late", "x");
    assert_int_equal(room_last(&room->anna)->kind, DELIVERY_TURN);
    room_say(room, &room->anna, "later", "x");
    assert_int_equal(room_last(&room->anna)->code, FAULT_SLOW_DOWN);
    assert_string_equal(room_last(&room->anna)->id, "later");
    for (int i = 0; i < 200; i++) {
        room->anna.count %= HEARD_MAX;
        room_say(room, &room->anna, NULL, "x");
    }
    bool hung_up = false;
    for (int i = 0; i < HEARD_MAX; i++)
        hung_up |= room->anna.heard[i].kind == DELIVERY_END;
    assert_true(hung_up);
    room->disk.now_ms += 60000;
    room_say(room, &room->anna, "patient", "x");
    assert_string_equal(room_last(&room->anna)->id, "patient");
    assert_int_equal(room_last(&room->anna)->kind, DELIVERY_TURN);
}

static void an_address_is_limited_over_all_its_conversations(void **state) {
    struct room *room = *state;
    int refused = 0;
    for (int i = 0; i < 400; i++) {
        struct customer many = {.listener = {.address = "192.0.2.9", .channel = "chat"}};
        hub_fault(room->hub, &many.listener, &(struct fault){.code = FAULT_MALFORMED});
        refused += room_last(&many)->code == FAULT_SLOW_DOWN;
    }
    assert_int_equal(refused, 100);
    hub_fault(room->hub, &room->other.listener, &(struct fault){.code = FAULT_MALFORMED});
    assert_int_equal(room_last(&room->other)->code, FAULT_MALFORMED);
}

static void idle_conversations_leave_memory_and_come_back(void **state) {
    struct room *room = *state;
    room_say(room, &room->anna, "m1", "one");
    assert_int_equal(hub_count(room->hub).resident, 1);
    for (int i = 0; i < 10 && room->disk.wake_ms; i++)
        room_wait(room);
    assert_int_equal(hub_count(room->hub).resident, 0);
    assert_int_equal(hub_count(room->hub).sessions, 1); /* somebody listens still */
    assert_int_equal(room->disk.wake_ms, 0);
    room_say(room, &room->anna, "m2", "two");
    assert_string_equal(room_last(&room->anna)->text, "2: two");
    room_say(room, &room->anna, "m1", "one"); /* known still */
    assert_int_equal(disk_turns(&room->disk, AUTHOR_CUSTOMER, "one"), 1);
    hub_leave(room->hub, &room->anna.listener);
    for (int i = 0; i < 10 && room->disk.wake_ms; i++)
        room_wait(room);
    assert_int_equal(hub_count(room->hub).sessions, 0);
}

static void a_row_that_cannot_be_read_is_told(void **state) {
    struct room *room = *state;
    room_restart(room);
    room->disk.reads_fail = true;
    room_resume(room, &room->anna, 0);
    assert_int_equal(room_last(&room->anna)->code, FAULT_FAILED);
    room->disk.reads_fail = false;
    room_resume(room, &room->anna, 0);
    assert_int_equal(room_last(&room->anna)->kind, DELIVERY_WELCOME);
}

static void a_listener_that_leaves_in_the_middle_loses_nothing(void **state) {
    struct room *room = *state;
    room->disk.mode = DISK_LATER;
    room_say(room, &room->anna, "m1", "one");
    room_say(room, &room->anna, "m2", "two");
    hub_leave(room->hub, &room->anna.listener);
    disk_settle(&room->disk, room->hub, true);
    disk_settle(&room->disk, room->hub, true);
    room->disk.mode = DISK_AT_ONCE;
    assert_int_equal(room_turns(&room->anna), 0);
    room_resume(room, &room->other, 0);
    assert_int_equal(room_turns(&room->other), 4);
}

static void a_hub_can_be_freed_with_everything_under_way(void **state) {
    struct room *room = *state;
    room->disk.mode = DISK_LATER;
    room_say(room, &room->anna, "m1", "one");
    room_say(room, &room->anna, "m2", "two");
    room_greet(room, &room->other);
    room_restart(room);
    room_resume(room, &room->anna, 0);
    assert_non_null(room->disk.ticket);
}

static void a_hub_needs_a_secret_and_a_shop(void **state) {
    struct room *room = *state;
    struct error err;
    struct hub_options options = hub_defaults;
    assert_null(hub_new(&room->disk.world, &options, &err));
    assert_non_null(strstr(err.text, "secret"));
}

#define CLAIM(name) cmocka_unit_test_setup_teardown(name, room_set_up_greeted, room_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CLAIM(hello_is_answered_with_a_welcome_and_a_token),
        CLAIM(the_token_is_stored_only_as_a_hash),
        CLAIM(an_unknown_shop_is_refused),
        CLAIM(a_named_shop_and_its_locale_are_taken),
        CLAIM(a_turn_its_answer_and_its_note_are_one_change),
        CLAIM(nothing_is_told_before_it_is_stored),
        CLAIM(a_failed_commit_is_told_and_leaves_the_conversation_where_it_was),
        CLAIM(a_full_writer_is_told_as_busy),
        CLAIM(a_hello_that_cannot_be_stored_leaves_no_conversation),
        CLAIM(what_is_said_while_hello_is_under_way_is_answered_after_the_welcome),
        CLAIM(messages_that_pile_up_are_refused_not_lost_silently),
        CLAIM(the_same_id_twice_is_answered_once),
        CLAIM(the_same_id_is_answered_once_even_across_a_restart),
        CLAIM(messages_without_id_are_each_answered),
        CLAIM(an_erased_conversation_is_not_written_again),
        CLAIM(nothing_is_heard_before_hello_and_hello_only_once),
        CLAIM(two_listeners_of_one_conversation_hear_the_same_turns),
        CLAIM(card_numbers_are_masked_before_they_are_stored),
        CLAIM(a_choice_is_stored_as_its_words_and_read_as_its_id),
        CLAIM(a_rating_is_a_note_on_the_turn),
        CLAIM(bye_hangs_up_and_the_conversation_stays),
        CLAIM(the_end_of_a_dialogue_hangs_everyone_up),
        CLAIM(a_token_of_the_shop_is_read_on_hello),
        CLAIM(a_flood_is_told_to_slow_down_and_in_the_end_hung_up),
        CLAIM(an_address_is_limited_over_all_its_conversations),
        CLAIM(idle_conversations_leave_memory_and_come_back),
        CLAIM(a_row_that_cannot_be_read_is_told),
        CLAIM(a_listener_that_leaves_in_the_middle_loses_nothing),
        CLAIM(a_hub_can_be_freed_with_everything_under_way),
        CLAIM(a_hub_needs_a_secret_and_a_shop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
