#include "tests/claims.h"

#include "base/text.h"
#include "bot/hub/hub.h"
#include "tests/hub/room.h"
#include <string.h>

static void hello(struct room *room, struct customer *customer) {
    hub_hear(room->hub, &customer->listener, &(struct message){.kind = MESSAGE_HELLO});
}

static const struct heard *last(const struct customer *customer) {
    static const struct heard nothing = {.kind = (enum delivery_kind) - 1};
    return customer->count ? &customer->heard[customer->count - 1] : &nothing;
}

static const struct heard *heard(const struct customer *customer, const char *text) {
    for (int i = 0; i < customer->count; i++)
        if (customer->heard[i].kind == DELIVERY_TURN && text_is(customer->heard[i].text, text))
            return &customer->heard[i];
    return NULL;
}

static int turns_heard(const struct customer *customer) {
    int count = 0;
    for (int i = 0; i < customer->count; i++)
        count += customer->heard[i].kind == DELIVERY_TURN;
    return count;
}

static void forget_heard(struct customer *customer) {
    customer->count = 0;
}

static void request(struct room *room, int64_t id, const char *verb, const char *agent, const char *text) {
    room_request(room, id, verb, agent, text, NULL);
}

static int set_up(void **state) {
    room_set_up(state);
    room_hello(*state, NULL);
    return 0;
}

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
    assert_int_equal(last(&room->other)->code, FAULT_UNKNOWN_SHOP);
    assert_null(hub_conversation(&room->other.listener));
}

static void a_named_shop_and_its_locale_are_taken(void **state) {
    struct room *room = *state;
    hub_hear(room->hub, &room->other.listener, &(struct message){.kind = MESSAGE_HELLO, .shop = "second"});
    const struct conversation *row = disk_row(&room->disk, last(&room->other)->conversation);
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
    assert_int_equal(strlen(change->notes[0].order_hash), 64);
    assert_string_equal(change->conversation->order_hash, change->notes[0].order_hash);
    assert_int_equal(change->conversation->seq, 2);
    assert_false(change->promise);
    assert_string_equal(last(&room->anna)->text, "1: good day");
    assert_string_equal(last(&room->anna)->id, "m1");
}

static void nothing_is_told_before_it_is_stored(void **state) {
    struct room *room = *state;
    room->disk.mode = DISK_LATER;
    room_say(room, &room->anna, "m1", "good day");
    assert_int_equal(turns_heard(&room->anna), 0);
    disk_settle(&room->disk, room->hub, true);
    assert_non_null(heard(&room->anna, "1: good day"));
}

static void a_failed_commit_is_told_and_leaves_the_conversation_where_it_was(void **state) {
    struct room *room = *state;
    room->disk.mode = DISK_FAILS;
    room_say(room, &room->anna, "m1", "good day");
    assert_int_equal(last(&room->anna)->kind, DELIVERY_FAULT);
    assert_int_equal(last(&room->anna)->code, FAULT_NOT_STORED);
    assert_string_equal(last(&room->anna)->id, "m1");
    assert_int_equal(turns_heard(&room->anna), 0);
    room->disk.mode = DISK_AT_ONCE;
    room_say(room, &room->anna, "m1", "good day"); /* the same id: it does not count as said */
    const struct heard *answer = heard(&room->anna, "1: good day");
    assert_non_null(answer);
    assert_int_equal(answer->seq, 2);
}

static void a_full_writer_is_told_as_busy(void **state) {
    struct room *room = *state;
    room->disk.mode = DISK_FULL;
    room_say(room, &room->anna, "m1", "good day");
    assert_int_equal(last(&room->anna)->code, FAULT_BUSY);
}

static void a_hello_that_cannot_be_stored_leaves_no_conversation(void **state) {
    struct room *room = *state;
    room->disk.mode = DISK_LATER;
    hello(room, &room->other);
    room_say(room, &room->other, "m1", "too early");
    disk_settle(&room->disk, room->hub, false);
    assert_int_equal(room->other.heard[0].code, FAULT_NOT_STORED);
    assert_int_equal(room->other.heard[1].code, FAULT_HELLO_FIRST);
    assert_null(hub_conversation(&room->other.listener));
    assert_int_equal(hub_count(room->hub).sessions, 1);
    room->disk.mode = DISK_AT_ONCE;
    hello(room, &room->other);
    assert_int_equal(last(&room->other)->kind, DELIVERY_WELCOME);
}

static void what_is_said_while_hello_is_under_way_is_answered_after_the_welcome(void **state) {
    struct room *room = *state;
    room->disk.mode = DISK_LATER;
    hello(room, &room->other);
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
    assert_int_equal(last(&room->anna)->code, FAULT_BUSY);
    assert_string_equal(last(&room->anna)->id, "m11");
}

static void the_same_id_twice_is_answered_once(void **state) {
    struct room *room = *state;
    room_say(room, &room->anna, "m1", "good day");
    room_say(room, &room->anna, "m1", "good day");
    assert_int_equal(turns_heard(&room->anna), 1);
    assert_int_equal(disk_turns(&room->disk, AUTHOR_CUSTOMER, "good day"), 1);
}

static void the_same_id_is_answered_once_even_across_a_restart(void **state) {
    struct room *room = *state;
    room_say(room, &room->anna, "m1", "good day");
    room_restart(room);
    room_resume(room, &room->anna, 0);
    room_say(room, &room->anna, "m1", "good day");
    assert_int_equal(disk_turns(&room->disk, AUTHOR_CUSTOMER, "good day"), 1);
    assert_int_equal(turns_heard(&room->anna), 2); /* its own turn and the answer, replayed */
}

static void an_erased_conversation_is_not_written_again(void **state) {
    struct room *room = *state;
    room_say(room, &room->anna, "m1", "one");
    room_resume(room, &room->other, 0);
    room->disk.change_count = 0;
    room_say(room, &room->anna, "m2", "two");
    assert_int_equal(last(&room->anna)->code, FAULT_NOT_STORED);
    room_say(room, &room->anna, "m2", "two");
    assert_int_equal(last(&room->anna)->code, FAULT_UNKNOWN_CONVERSATION);
    assert_int_equal(last(&room->other)->code, FAULT_UNKNOWN_CONVERSATION);
    assert_int_equal(room->disk.change_count, 0);
    assert_null(hub_conversation(&room->anna.listener));
    hello(room, &room->anna);
    assert_int_equal(last(&room->anna)->kind, DELIVERY_WELCOME);
    assert_string_not_equal(last(&room->anna)->conversation, room->conversation);
    room_say(room, &room->anna, "m2", "two");
    assert_string_equal(last(&room->anna)->text, "1: two");
}

static void messages_without_id_are_each_answered(void **state) {
    struct room *room = *state;
    room_say(room, &room->anna, NULL, "one");
    room_say(room, &room->anna, NULL, "one");
    assert_int_equal(turns_heard(&room->anna), 2);
}

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
    assert_int_equal(turns_heard(&room->anna), 2);
    assert_string_equal(room->anna.heard[1].text, "two");
    assert_string_equal(room->anna.heard[1].from, "customer");
    assert_string_equal(room->anna.heard[2].text, "2: two");
    assert_string_equal(room->anna.heard[2].id, "m2");
    room_say(room, &room->anna, "m3", "three");
    assert_string_equal(last(&room->anna)->text, "3: three");
    assert_int_equal(last(&room->anna)->seq, 6);
}

static void resuming_while_a_commit_is_on_its_way_loses_and_doubles_nothing(void **state) {
    struct room *room = *state;
    room->disk.mode = DISK_LATER;
    room_say(room, &room->anna, "m1", "one");
    room_resume(room, &room->other, 0);
    disk_settle(&room->disk, room->hub, true);
    assert_int_equal(room->other.heard[0].kind, DELIVERY_WELCOME);
    assert_int_equal(turns_heard(&room->other), 2);
    assert_int_equal(turns_heard(&room->anna), 1);
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
    assert_int_equal(turns_heard(&room->other), 16);
    room_say(room, &room->anna, "live", "in between");
    assert_int_equal(turns_heard(&room->other), 16); /* not before what came before it */
    assert_false(hub_more(room->hub, &room->other.listener));
    assert_int_equal(turns_heard(&room->other), 24);
    for (int i = 1; i < room->other.count; i++)
        assert_int_equal(room->other.heard[i].seq, i);
    room_say(room, &room->anna, "later", "afterwards");
    assert_int_equal(last(&room->other)->seq, 26);
    assert_int_equal(turns_heard(&room->other), 26);
    assert_false(hub_more(room->hub, &room->other.listener));
}

static void a_read_that_is_older_than_the_last_commit_loses_nothing(void **state) {
    struct room *room = *state;
    room_say(room, &room->anna, "m1", "one");
    room->disk.reads_to = room->disk.change_count;
    room_say(room, &room->anna, "m2", "two");
    room_resume(room, &room->other, 0);
    assert_int_equal(turns_heard(&room->other), 2);
    room_say(room, &room->anna, "m3", "three");
    assert_true(hub_more(room->hub, &room->other.listener));
    room->disk.reads_to = 0;
    assert_false(hub_more(room->hub, &room->other.listener));
    assert_int_equal(turns_heard(&room->other), 6);
    assert_int_equal(last(&room->other)->seq, 6);
}

static void who_cannot_be_given_what_was_missed_is_hung_up(void **state) {
    struct room *room = *state;
    talk(room);
    room->other.listener.paced = true;
    room_resume(room, &room->other, 0);
    room->disk.turns_fail = true;
    assert_false(hub_more(room->hub, &room->other.listener));
    assert_int_equal(last(&room->other)->kind, DELIVERY_END);
    struct customer third = {.listener = {.channel = "chat"}};
    room_resume(room, &third, 0);
    assert_int_equal(last(&third)->kind, DELIVERY_END);
    hub_leave(room->hub, &third.listener);
}

static void a_forged_token_opens_nothing(void **state) {
    struct room *room = *state;
    for (size_t i = 0; i < strlen(room->token); i++) {
        struct room forged = *room;
        struct customer thief = {.listener = {.channel = "chat"}};
        forged.token[i] = forged.token[i] == 'A' ? 'B' : 'A';
        room_resume(&forged, &thief, 0);
        assert_int_equal(last(&thief)->code, FAULT_UNKNOWN_CONVERSATION);
    }
    struct customer thief = {.listener = {.channel = "chat"}};
    hub_hear(room->hub, &thief.listener,
             &(struct message){.kind = MESSAGE_HELLO, .resume = room->conversation});
    assert_int_equal(last(&thief)->code, FAULT_UNKNOWN_CONVERSATION);
}

static void a_seq_from_the_future_is_named(void **state) {
    struct room *room = *state;
    room_resume(room, &room->other, 5);
    assert_int_equal(last(&room->other)->code, FAULT_INVALID);
    assert_string_equal(last(&room->other)->field, "resume.seq");
    room_resume(room, &room->other, 0);
    assert_int_equal(last(&room->other)->kind, DELIVERY_WELCOME);
}

static void nothing_is_heard_before_hello_and_hello_only_once(void **state) {
    struct room *room = *state;
    room_say(room, &room->other, "m1", "knock");
    assert_int_equal(last(&room->other)->code, FAULT_HELLO_FIRST);
    hello(room, &room->anna);
    assert_int_equal(last(&room->anna)->code, FAULT_HELLO_AGAIN);
}

static void two_listeners_of_one_conversation_hear_the_same_turns(void **state) {
    struct room *room = *state;
    room_resume(room, &room->other, 0);
    room_say(room, &room->anna, "m1", "good day");
    const struct heard *echo = heard(&room->other, "good day");
    assert_non_null(echo);
    assert_string_equal(echo->from, "customer");
    assert_string_equal(echo->id, "m1");
    assert_non_null(heard(&room->other, "1: good day"));
    assert_null(heard(&room->anna, "good day")); /* the answer says that it arrived */
    assert_non_null(heard(&room->anna, "1: good day"));
}

static void card_numbers_are_masked_before_they_are_stored(void **state) {
    struct room *room = *state;
    room_say(room, &room->anna, "m1", "my card is 4111 1111 1111 1111");
    assert_int_equal(disk_turns(&room->disk, AUTHOR_CUSTOMER, "my card is 4111 1111 1111 1111"), 0);
    assert_int_equal(disk_turns(&room->disk, AUTHOR_CUSTOMER, "my card is **** **** **** 1111"), 1);
    assert_string_equal(last(&room->anna)->text, "1: my card is **** **** **** ****"); /* as it was read */
    for (int i = 0; i < room->disk.change_count; i++)
        for (int t = 0; t < room->disk.changes[i]->turn_count; t++)
            assert_null(strstr(room->disk.changes[i]->turns[t].text, "4111 1111"));
}

static void a_choice_is_stored_as_its_words_and_read_as_its_id(void **state) {
    struct room *room = *state;
    hub_hear(room->hub, &room->anna.listener,
             &(struct message){.kind = MESSAGE_CHOOSE, .id = "c1", .choice = "yes", .text = "Yes, please"});
    assert_int_equal(disk_turns(&room->disk, AUTHOR_CUSTOMER, "Yes, please"), 1);
    assert_string_equal(last(&room->anna)->text, "chose yes");
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
    assert_int_equal(last(&room->anna)->kind, DELIVERY_END);
    hub_leave(room->hub, &room->anna.listener);
    room_resume(room, &room->other, 0);
    assert_int_equal(turns_heard(&room->other), 2);
}

static void the_end_of_a_dialogue_hangs_everyone_up(void **state) {
    struct room *room = *state;
    room_resume(room, &room->other, 0);
    room_say(room, &room->anna, "m1", "end");
    assert_int_equal(last(&room->anna)->kind, DELIVERY_END);
    assert_int_equal(last(&room->other)->kind, DELIVERY_END);
}

static void a_token_of_the_shop_is_read_on_hello(void **state) {
    struct room *room = *state;
    hub_hear(room->hub, &room->other.listener, &(struct message){.kind = MESSAGE_HELLO, .token = "signed"});
    assert_int_equal(room->other.heard[0].kind, DELIVERY_WELCOME);
    assert_string_equal(last(&room->other)->text, "I know you.");
}

/* Look-ups. */

/* Runs the clock to where the hub wants to be woken; how long that was. */
static int64_t wait_for_wake(struct room *room) {
    int64_t waited = room->disk.wake_ms - room->disk.now_ms;
    assert_true(room->disk.wake_ms > 0);
    room->disk.now_ms = room->disk.wake_ms;
    room->disk.wake_ms = 0; /* it has rung */
    hub_tick(room->hub);
    return waited;
}

enum { EVEN_MS = 20 }; /* after so long a try that opened nothing is told */

static void a_look_up_is_answered_in_the_same_change(void **state) {
    struct room *room = *state;
    int before = room->disk.change_count;
    room_say(room, &room->anna, "m1", "find RIGHT");
    assert_int_equal(room->disk.change_count, before + 1);
    assert_string_equal(last(&room->anna)->text, "found");
    room_say(room, &room->anna, "m2", "find WRONG");
    wait_for_wake(room);
    assert_string_equal(last(&room->anna)->text, "missing");
    room->disk.reads_fail = true;
    room_say(room, &room->anna, "m3", "find RIGHT");
    wait_for_wake(room);
    assert_string_equal(last(&room->anna)->text, "failed");
}

static void what_opened_nothing_is_told_at_the_same_time_however_long_it_took(void **state) {
    struct room *room = *state;
    for (int took = 0; took < EVEN_MS + 10; took += 5) {
        char id[16];
        snprintf(id, sizeof id, "t%d", took);
        room->disk.look_up_later = true;
        room_say(room, &room->anna, id, "find WRONG");
        room->disk.now_ms += took;
        int before = turns_heard(&room->anna);
        hub_orders(room->hub, room->disk.order_ticket, ANSWER_MISSING, &(struct order_list){0});
        assert_true((turns_heard(&room->anna) == before) == (took < EVEN_MS));
        if (took < EVEN_MS)
            assert_int_equal(wait_for_wake(room), EVEN_MS - took);
        assert_string_equal(last(&room->anna)->text, "missing");
    }
}

static void a_slow_look_up_is_waited_for_with_a_sign_of_life(void **state) {
    struct room *room = *state;
    struct order order = {0};
    struct order *orders[] = {&order};
    room->disk.look_up_later = true;
    room_say(room, &room->anna, "m1", "find RIGHT");
    assert_int_equal(last(&room->anna)->kind, DELIVERY_TYPING);
    hub_orders(room->hub, room->disk.order_ticket, ANSWER_FOUND, &(struct order_list){orders, 1});
    assert_string_equal(last(&room->anna)->text, "found");
}

static void a_dialogue_that_never_stops_asking_is_stopped(void **state) {
    struct room *room = *state;
    room->disk.world.wake = NULL;
    room_restart(room);
    room_resume(room, &room->anna, 0);
    room_say(room, &room->anna, "m1", "for ever");
    assert_int_equal(room->disk.look_ups, 12);
    room_say(room, &room->anna, "m2", "good day");
    assert_string_equal(last(&room->anna)->text, "1: good day");
}

static int64_t time_of_try(struct room *room, int number, const char *text) {
    char id[16];
    int64_t waited = 0;
    int before = turns_heard(&room->anna);
    snprintf(id, sizeof id, "t%d", number);
    room_say(room, &room->anna, id, text);
    while (turns_heard(&room->anna) == before)
        waited += wait_for_wake(room);
    return waited;
}

static void wrong_proofs_are_slowed_more_and_more_and_never_locked(void **state) {
    struct room *room = *state;
    int64_t waited = 0;
    for (int i = 0; i < 6; i++)
        assert_int_equal(time_of_try(room, i, "find WRONG"), EVEN_MS);
    for (int i = 6; i < 16; i++) {
        forget_heard(&room->anna);
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

static void the_answer_is_held_back_whether_right_or_wrong(void **state) {
    struct room *room = *state;
    for (int i = 0; i < 7; i++)
        time_of_try(room, i, "find WRONG");
    int before = room->disk.look_ups;
    forget_heard(&room->anna);
    room_say(room, &room->anna, "again", "find WRONG");
    assert_int_equal(room->disk.look_ups, before); /* nothing has been read yet */
    assert_int_equal(last(&room->anna)->kind, DELIVERY_TYPING);
}

static void a_clock_that_stands_still_delays_nothing(void **state) {
    struct room *room = *state;
    room->disk.world.wake = NULL;
    room_restart(room);
    room->anna.listener.address = NULL;
    room_resume(room, &room->anna, 0);
    for (int i = 0; i < 30; i++) {
        forget_heard(&room->anna);
        room_say(room, &room->anna, NULL, "find WRONG");
        assert_string_equal(last(&room->anna)->text, "missing");
    }
}

/* People. */

static void a_hand_off_is_a_promise_and_opens_a_row(void **state) {
    struct room *room = *state;
    room_say(room, &room->anna, "m1", "person");
    const struct change *change = room->disk.changes[room->disk.change_count - 1];
    assert_true(change->promise);
    assert_int_equal(change->handoff_count, 1);
    assert_int_equal(change->handoffs[0].status, HANDOFF_WAITING);
    assert_string_equal(change->handoffs[0].queue, "returns");
    assert_string_equal(change->conversation->handling, "waiting");
    assert_int_equal(last(&room->anna)->kind, DELIVERY_HANDLING);
    assert_int_equal(last(&room->anna)->handling, HANDLING_WAITING);
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
    assert_int_equal(last(&room->anna)->handling, HANDLING_HUMAN);
    assert_string_equal(last(&room->anna)->agent, "Lea");
    assert_int_equal(room->disk.changes[room->disk.change_count - 1]->request, 1);
    request(room, 2, "say", "Lea", "Good day, Lea here.");
    assert_string_equal(last(&room->anna)->from, "agent");
    assert_string_equal(last(&room->anna)->text, "Good day, Lea here.");
    assert_string_equal(last(&room->anna)->agent, "Lea");
    forget_heard(&room->anna);
    room_say(room, &room->anna, "m2",
             "thank you"); /* the bot is silent, so its own turn says that it arrived */
    assert_int_equal(room->anna.count, 1);
    assert_string_equal(last(&room->anna)->from, "customer");
    assert_string_equal(last(&room->anna)->id, "m2");
    request(room, 3, "return", "Lea", NULL);
    assert_non_null(heard(&room->anna, "I am back."));
    assert_int_equal(last(&room->anna)->handling, HANDLING_BOT);
    assert_int_equal(disk_handoff(&room->disk)->status, HANDOFF_RETURNED);
    room_say(room, &room->anna, "m3", "and now?");
    assert_string_equal(last(&room->anna)->text, "1: and now?");
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

/* Limits and memory. */

static void a_flood_is_told_to_slow_down_and_in_the_end_hung_up(void **state) {
    struct room *room = *state;
    for (int i = 0; i < 19; i++)
        room_say(room, &room->anna, NULL, "x");
    forget_heard(&room->anna);
    room_say(room, &room->anna, "late", "x");
    assert_int_equal(last(&room->anna)->kind, DELIVERY_TURN);
    room_say(room, &room->anna, "later", "x");
    assert_int_equal(last(&room->anna)->code, FAULT_SLOW_DOWN);
    assert_string_equal(last(&room->anna)->id, "later");
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
    assert_string_equal(last(&room->anna)->id, "patient");
    assert_int_equal(last(&room->anna)->kind, DELIVERY_TURN);
}

static void an_address_is_limited_over_all_its_conversations(void **state) {
    struct room *room = *state;
    int refused = 0;
    for (int i = 0; i < 400; i++) {
        struct customer many = {.listener = {.address = "192.0.2.9", .channel = "chat"}};
        hub_fault(room->hub, &many.listener, &(struct fault){.code = FAULT_MALFORMED});
        refused += last(&many)->code == FAULT_SLOW_DOWN;
    }
    assert_int_equal(refused, 100);
    hub_fault(room->hub, &room->other.listener, &(struct fault){.code = FAULT_MALFORMED});
    assert_int_equal(last(&room->other)->code, FAULT_MALFORMED);
}

static void idle_conversations_leave_memory_and_come_back(void **state) {
    struct room *room = *state;
    room_say(room, &room->anna, "m1", "one");
    assert_int_equal(hub_count(room->hub).resident, 1);
    for (int i = 0; i < 10 && room->disk.wake_ms; i++)
        wait_for_wake(room);
    assert_int_equal(hub_count(room->hub).resident, 0);
    assert_int_equal(hub_count(room->hub).sessions, 1); /* somebody listens still */
    assert_int_equal(room->disk.wake_ms, 0);
    room_say(room, &room->anna, "m2", "two");
    assert_string_equal(last(&room->anna)->text, "2: two");
    room_say(room, &room->anna, "m1", "one"); /* known still */
    assert_int_equal(disk_turns(&room->disk, AUTHOR_CUSTOMER, "one"), 1);
    hub_leave(room->hub, &room->anna.listener);
    for (int i = 0; i < 10 && room->disk.wake_ms; i++)
        wait_for_wake(room);
    assert_int_equal(hub_count(room->hub).sessions, 0);
}

static void a_row_that_cannot_be_read_is_told(void **state) {
    struct room *room = *state;
    room_restart(room);
    room->disk.reads_fail = true;
    room_resume(room, &room->anna, 0);
    assert_int_equal(last(&room->anna)->code, FAULT_FAILED);
    room->disk.reads_fail = false;
    room_resume(room, &room->anna, 0);
    assert_int_equal(last(&room->anna)->kind, DELIVERY_WELCOME);
}

static void a_timer_of_the_dialogue_is_an_event(void **state) {
    struct room *room = *state;
    room->anna.listener.own_silence = true;
    room_say(room, &room->anna, "m1", "wake me");
    room->disk.now_ms += 4999;
    hub_tick(room->hub);
    assert_null(heard(&room->anna, "Still there?"));
    room->disk.now_ms += 1;
    hub_tick(room->hub);
    assert_non_null(heard(&room->anna, "Still there?"));
}

static void whoever_speaks_is_not_silent_though_the_words_are_not_known_yet(void **state) {
    struct room *room = *state;
    room->anna.listener.own_silence = true;
    room_say(room, &room->anna, "m1", "wake me");
    room->disk.now_ms += 4000;
    hub_hear(room->hub, &room->anna.listener, &(struct message){.kind = MESSAGE_TYPING});
    room->disk.now_ms += 9999;
    hub_tick(room->hub);
    assert_null(heard(&room->anna, "Still there?"));
    room->disk.now_ms += 1;
    hub_tick(room->hub);
    assert_non_null(heard(&room->anna, "Still there?"));
}

static void a_channel_that_tells_silences_itself_is_not_woken(void **state) {
    struct room *room = *state;
    room_say(room, &room->anna, "m1", "wake me");
    assert_int_equal(room->disk.wake_ms - room->disk.now_ms < 5000, 0);
    room->disk.now_ms += 5000;
    hub_tick(room->hub);
    assert_null(heard(&room->anna, "Still there?"));
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
    TEXT_SET(conversation, last(&first)->conversation);
    assert_string_not_equal(conversation, room->conversation);
    room_say(room, &first, NULL, "one");
    hub_leave(room->hub, &first.listener);
    room->disk.now_ms += 59000;
    calls(room, &again, "CA1");
    assert_string_equal(again.heard[0].conversation, conversation);
    assert_true(again.heard[0].resumed);
    assert_int_equal(turns_heard(&again), 0);
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
    TEXT_SET(conversation, last(&first)->conversation);
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
    assert_int_equal(last(&first)->kind, DELIVERY_LISTEN);
    assert_string_equal(last(&first)->text, "number");
    room_say(room, &first, NULL, "put me through");
    assert_int_equal(first.heard[first.count - 2].kind, DELIVERY_HANDLING);
    assert_int_equal(last(&first)->kind, DELIVERY_TRANSFER);
    assert_string_equal(last(&first)->text, disk_handoff(&room->disk)->id);
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
    assert_string_equal(last(&first)->text, "keyed");
    hub_leave(room->hub, &first.listener);
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
    assert_int_equal(turns_heard(&room->anna), 0);
    room_resume(room, &room->other, 0);
    assert_int_equal(turns_heard(&room->other), 4);
}

static void a_hub_can_be_freed_with_everything_under_way(void **state) {
    struct room *room = *state;
    room->disk.mode = DISK_LATER;
    room_say(room, &room->anna, "m1", "one");
    room_say(room, &room->anna, "m2", "two");
    hello(room, &room->other);
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

#define CLAIM(name) cmocka_unit_test_setup_teardown(name, set_up, room_tear_down)

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
        CLAIM(resuming_gives_what_was_missed_and_no_more),
        CLAIM(resuming_while_a_commit_is_on_its_way_loses_and_doubles_nothing),
        CLAIM(who_missed_much_is_given_it_in_portions_and_in_order),
        CLAIM(a_read_that_is_older_than_the_last_commit_loses_nothing),
        CLAIM(who_cannot_be_given_what_was_missed_is_hung_up),
        CLAIM(a_forged_token_opens_nothing),
        CLAIM(a_seq_from_the_future_is_named),
        CLAIM(nothing_is_heard_before_hello_and_hello_only_once),
        CLAIM(two_listeners_of_one_conversation_hear_the_same_turns),
        CLAIM(card_numbers_are_masked_before_they_are_stored),
        CLAIM(a_choice_is_stored_as_its_words_and_read_as_its_id),
        CLAIM(a_rating_is_a_note_on_the_turn),
        CLAIM(bye_hangs_up_and_the_conversation_stays),
        CLAIM(the_end_of_a_dialogue_hangs_everyone_up),
        CLAIM(a_token_of_the_shop_is_read_on_hello),
        CLAIM(a_look_up_is_answered_in_the_same_change),
        CLAIM(what_opened_nothing_is_told_at_the_same_time_however_long_it_took),
        CLAIM(a_slow_look_up_is_waited_for_with_a_sign_of_life),
        CLAIM(a_dialogue_that_never_stops_asking_is_stopped),
        CLAIM(wrong_proofs_are_slowed_more_and_more_and_never_locked),
        CLAIM(right_proofs_are_not_slowed),
        CLAIM(the_answer_is_held_back_whether_right_or_wrong),
        CLAIM(a_clock_that_stands_still_delays_nothing),
        CLAIM(a_hand_off_is_a_promise_and_opens_a_row),
        CLAIM(what_is_added_goes_to_the_same_hand_off_also_after_a_restart),
        CLAIM(an_agent_takes_speaks_and_gives_back),
        CLAIM(a_request_is_carried_out_once),
        CLAIM(a_request_that_could_not_be_stored_is_carried_out_when_it_comes_again),
        CLAIM(a_request_waits_for_what_is_under_way),
        CLAIM(requests_that_make_no_sense_are_refused_with_a_reason),
        CLAIM(a_flood_is_told_to_slow_down_and_in_the_end_hung_up),
        CLAIM(an_address_is_limited_over_all_its_conversations),
        CLAIM(idle_conversations_leave_memory_and_come_back),
        CLAIM(a_row_that_cannot_be_read_is_told),
        CLAIM(a_timer_of_the_dialogue_is_an_event),
        CLAIM(whoever_speaks_is_not_silent_though_the_words_are_not_known_yet),
        CLAIM(a_channel_that_tells_silences_itself_is_not_woken),
        CLAIM(a_call_that_comes_back_within_a_minute_goes_on),
        CLAIM(a_call_goes_on_in_another_process),
        CLAIM(the_same_call_of_another_shop_is_another),
        CLAIM(two_hellos_of_one_call_at_once_are_one_conversation),
        CLAIM(what_a_caller_does_next_follows_what_was_said),
        CLAIM(keys_are_a_turn_when_the_dialogue_has_heard_an_entry),
        CLAIM(a_listener_that_leaves_in_the_middle_loses_nothing),
        CLAIM(a_hub_can_be_freed_with_everything_under_way),
        CLAIM(a_hub_needs_a_secret_and_a_shop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
