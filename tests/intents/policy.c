/* What README.md says of the policy. */
#include "tests/intents/reading.h"

static void one_matching_pattern_is_enough(void **state) {
    read_as(*state, "Where is my order?", "track.where");
    read_as(*state, "so where is the parcel then", "track.where");
    read_as(*state, "I like trains", "");
    read_as(*state, "", "");
    assert_int_equal(((struct room *)*state)->reading.kind, KIND_UNKNOWN);
}

static void misspelled_words_that_carry_meaning_are_understood(void **state) {
    read_as(*state, "wheres my pakage", "track.where");
    read_as(*state, "where is my oder", "track.where");
    read_as(*state, "where is my packagge", "track.where");
    read_as(*state, "where is my orderrrrr", "track.where");
    read_as(*state, "where is my border", "");
    read_as(*state, "where is my older", "");
    read_as(*state, "where is my stuf", ""); /* stuff has no tilde */
}

static void words_run_together_or_torn_apart_are_understood(void **state) {
    struct room *room = *state;
    read_as(room, "wheremy order", "track.where");
    read_as(room, "#wheremyorder", "track.where");
    read_as(room, "where is my par cel", "track.where");
    assert_string_equal(hear(room, "wheremyorder 84512")->folded, " where my order <order_number,postcode> ");
    assert_string_equal(best(&room->reading, SLOT_ORDER_NUMBER), "84512");
    assert_string_equal(hear(room, "mail wheremy@order.example")->folded, " mail <email> ");
    assert_string_equal(hear(room, "wheremyorders")->folded, " wheremyorders "); /* not all of it is words */
}

static void a_known_word_is_never_corrected(void **state) {
    assert_string_equal(hear(*state, "my passel and my pasel")->folded, " my passel and my pasel ");
    assert_string_equal(hear(*state, "my parcle and sooooo")->folded, " my parcel and so ");
}

static void a_hard_negative_strikes_in_its_own_sentence(void **state) {
    read_as(*state, "where is my order refund", "human.refund");
    read_as(*state, "Where is my order? I want a refund", "track.where human.refund");
    read_as(*state, "where is my order also i want a refund", "track.where human.refund");
    read_as(*state, "i want my money back where is my order", "human.refund");
    read_as(*state, "i want my money back also where is my order", "track.where human.refund"); /* over two */
    read_as(*state, "nobody cares where is my order", "");
    read_as(*state, "Nobody cares. Where is my order?", "track.where");
}

static void of_two_halves_neither_forbids_the_other(void **state) {
    read_as(*state, "where is my order and i want a refund", "track.where human.refund");
    read_as(*state, "where is my order, i want a refund", "track.where human.refund");
    read_as(*state, "refund, but where is my order", "track.where human.refund");
    read_as(*state, "cancel my order, where is the refund for my order", "action.cancel human.refund");
}

static void within_a_clause_or_unaccounted_for_a_hard_negative_strikes(void **state) {
    read_as(*state, "where is my order and refund", "human.refund");     /* one clause */
    read_as(*state, "my refund for where is my order", "human.refund");  /* no comma, no "and" */
    read_as(*state, "where is my order, i guess nobody cares", "");      /* no matter of a person */
    read_as(*state, "nobody cares, i cancel my order", "action.cancel"); /* it forbids tracking alone */
    read_as(*state, "where is my order, i just got a refund", "");       /* struck in its own clause */
}

static void gaps_and_sequences_stay_in_a_sentence(void **state) {
    read_as(*state, "it is my order. late", "");
    read_as(*state, "it is my order late", "track.late");
}

static void weak_patterns_speak_only_where_no_strong_one_does(void **state) {
    struct room *room = *state;
    read_as(room, "my order please", "track.where");
    assert_true(room->reading.intents[0].score < .8);
    read_as(room, "cancel my order 84512", "action.cancel");
    read_as(room, "hello, 84512", "track.where social.greeting");
}

static void tracking_and_a_person_s_matter_are_both_returned(void **state) {
    struct room *room = *state;
    read_as(room, "cancel my order, where is my order anyway, money back",
            "track.where action.cancel human.refund");
    assert_int_equal(room->reading.kind, KIND_TRACK);
    read_as(room, "money back. where is my parcel?", "track.where human.refund");
    read_as(room, "this is a disgrace", "human.complaint");
    assert_int_equal(room->reading.kind, KIND_HUMAN);
}

static void the_longer_match_explains_its_words(void **state) {
    read_as(*state, "did you pass on the refund", "social.sent");
    read_as(*state, "my parcel 84512 is very late", "track.late");
}

static void small_talk_comes_last(void **state) {
    struct room *room = *state;
    read_as(room, "hello where is my order thanks", "track.where social.thanks social.greeting");
    assert_true(room->reading.intents[1].score < room->reading.intents[0].score);
    read_as(room, "hello", "social.greeting");
    assert_int_equal(room->reading.kind, KIND_SOCIAL);
}

static void scores_fall_and_every_intent_names_its_rule(void **state) {
    struct room *room = *state;
    hear(room, "hello, where is my order 84512? when will my order arrive? how much is delivery? money back, "
               "thanks");
    assert_int_equal(room->reading.count, READING_INTENTS);
    for (int i = 0; i < room->reading.count; i++) {
        assert_non_null(strstr(room->reading.intents[i].rule, "en.json:"));
        assert_true(room->reading.intents[i].score > 0 && room->reading.intents[i].score < 1);
        assert_true(i == 0 || room->reading.intents[i].score <= room->reading.intents[i - 1].score);
    }
    hear(room, "track your order, track my order");
    assert_string_equal(room->reading.intents[0].rule, "en.json:track.where/2");
}

static void entities_take_part_in_patterns(void **state) {
    read_as(*state, "delivery over 50 €?", "info.price");
    read_as(*state, "do you open at 14h30", "info.price");
    read_as(*state, "will it come by 14/03", "track.arrival");
    read_as(*state, "will it come by tomorrow", "track.arrival");
    read_as(*state, "will it come by car", "");
    read_as(*state, "in two days", "track.arrival");
    read_as(*state, "parcel 14/03 nothing", "track.late");
}

static void another_language_may_understand_what_the_first_does_not(void **state) {
    struct room *room = *state;
    room->options.locale = "fr";
    read_as(room, "cancel it", "action.cancel");
    assert_string_equal(room->reading.locale, "fr");
    read_as(room, "le a la merci", "social.thanks");
    room->options.locale = "en";
    read_as(room, "is it merci", ""); /* one known word is not enough against the words of its own language */
    room->options.locale = NULL;
    read_as(room, "où est mon colis", "track.where");
    assert_string_equal(room->reading.locale, "fr");
}

int main(void) {
    const struct CMUnitTest claims[] = {
        CLAIM(one_matching_pattern_is_enough),
        CLAIM(misspelled_words_that_carry_meaning_are_understood),
        CLAIM(words_run_together_or_torn_apart_are_understood),
        CLAIM(a_known_word_is_never_corrected),
        CLAIM(a_hard_negative_strikes_in_its_own_sentence),
        CLAIM(of_two_halves_neither_forbids_the_other),
        CLAIM(within_a_clause_or_unaccounted_for_a_hard_negative_strikes),
        CLAIM(gaps_and_sequences_stay_in_a_sentence),
        CLAIM(weak_patterns_speak_only_where_no_strong_one_does),
        CLAIM(tracking_and_a_person_s_matter_are_both_returned),
        CLAIM(the_longer_match_explains_its_words),
        CLAIM(small_talk_comes_last),
        CLAIM(scores_fall_and_every_intent_names_its_rule),
        CLAIM(entities_take_part_in_patterns),
        CLAIM(another_language_may_understand_what_the_first_does_not),
    };
    return cmocka_run_group_tests(claims, room_open, room_close);
}
