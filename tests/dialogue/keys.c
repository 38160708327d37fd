/* What keys make of a call: entries, a person, nothing. The clock is a number. */
#include "bot/dialogue/keys.h"
#include "base/text.h"
#include "bot/dialogue/pace.h"
#include "tests/claims.h"
#include <string.h>

static struct calling call;
static struct shop shop;
static char entry[CALL_KEYS];
static const int64_t NOON = 1773226800000;

static int begin(void **unused) {
    (void)unused;
    memset(&call, 0, sizeof call);
    shop = (struct shop){0};
    entry[0] = '\0';
    return 0;
}

static int end(void **unused) {
    (void)unused;
    number_pattern_free((struct number_pattern *)shop.number);
    return 0;
}

static void own_numbers(const char *pattern) {
    struct error err;
    shop.number = number_pattern_new(pattern, &err);
    assert_non_null(shop.number);
}

static enum keys_found press(const char *keys, int64_t after_ms) {
    keys_press(&call, keys, NOON + after_ms);
    return keys_take(&call, &shop, KEYS_FOR_NUMBER, false, NOON + after_ms, entry);
}

static enum keys_found wait(int64_t until_ms) {
    return keys_take(&call, &shop, KEYS_FOR_NUMBER, false, NOON + until_ms, entry);
}

static void a_hash_ends_an_entry(void **unused) {
    (void)unused;
    assert_int_equal(press("1", 0), KEYS_OPEN);
    assert_int_equal(press("0", 400), KEYS_OPEN);
    assert_int_equal(press("#", 800), KEYS_ENTRY);
    assert_string_equal(entry, "10");
    assert_int_equal(keys_due(&call, &shop), 0);
}

static void three_seconds_without_a_key_end_an_entry(void **unused) {
    (void)unused;
    press("1042", 0);
    assert_int_equal(keys_due(&call, &shop), NOON + 3000);
    assert_int_equal(wait(2999), KEYS_OPEN);
    assert_int_equal(wait(3000), KEYS_ENTRY);
    assert_string_equal(entry, "1042");
}

static void a_whole_number_does_not_wait_as_long(void **unused) {
    (void)unused;
    own_numbers("WM-\\d{5}");
    static const char *const prefixes[] = {"WM-", NULL};
    shop.number_prefixes = prefixes;
    press("1004", 0);
    assert_int_equal(keys_due(&call, &shop), NOON + 3000);
    press("2", 400);
    assert_int_equal(keys_due(&call, &shop), NOON + 400 + KEYS_WHOLE_MS);
    assert_int_equal(keys_digits(&shop), 5);
}

static void numbers_of_several_lengths_have_no_length(void **unused) {
    (void)unused;
    own_numbers("\\d{4,6}");
    press("1004", 0);
    assert_int_equal(keys_due(&call, &shop), NOON + 3000);
    assert_int_equal(keys_digits(&shop), 0);
}

static void a_star_begins_again(void **unused) {
    (void)unused;
    press("109", 0);
    assert_int_equal(press("*", 400), KEYS_CLEARED);
    assert_int_equal(press("7804#", 800), KEYS_ENTRY);
    assert_string_equal(entry, "7804");
}

static void zero_alone_is_a_person_after_two_seconds_or_a_hash(void **unused) {
    (void)unused;
    assert_int_equal(press("0", 0), KEYS_OPEN);
    assert_int_equal(wait(1999), KEYS_OPEN);
    assert_int_equal(wait(2000), KEYS_PERSON);
    assert_int_equal(press("0#", 5000), KEYS_PERSON);
}

static void zero_at_the_head_of_a_number_is_a_digit(void **unused) {
    (void)unused;
    press("0", 0);
    press("2", 400);
    assert_int_equal(press("139#", 800), KEYS_ENTRY);
    assert_string_equal(entry, "02139");
}

static void a_hash_that_comes_late_belongs_to_the_entry_before(void **unused) {
    (void)unused;
    press("1042", 0);
    assert_int_equal(wait(3000), KEYS_ENTRY);
    assert_int_equal(press("#", 4900), KEYS_LATE);
    press("1042", 10000);
    assert_int_equal(wait(13000), KEYS_ENTRY);
    assert_int_equal(press("#", 15001), KEYS_EMPTY);
    press("1#", 20000);
    assert_int_equal(press("#", 20100), KEYS_EMPTY);
}

static void keys_ahead_wait_for_their_question(void **unused) {
    (void)unused;
    assert_int_equal(press("10042#31500#", 0), KEYS_ENTRY);
    assert_string_equal(entry, "10042");
    assert_int_equal(keys_due(&call, &shop), NOON);
    assert_int_equal(wait(0), KEYS_ENTRY);
    assert_string_equal(entry, "31500");
    assert_int_equal(wait(0), KEYS_OPEN);
}

static void what_a_platform_has_collected_is_whole(void **unused) {
    (void)unused;
    keys_press(&call, "10042", NOON);
    assert_int_equal(keys_take(&call, &shop, KEYS_FOR_NUMBER, true, NOON, entry), KEYS_ENTRY);
    keys_press(&call, "0", NOON);
    assert_int_equal(keys_take(&call, &shop, KEYS_FOR_NUMBER, true, NOON, entry), KEYS_PERSON);
}

static void one_key_is_a_choice(void **unused) {
    (void)unused;
    keys_press(&call, "2", NOON);
    assert_int_equal(keys_take(&call, &shop, KEYS_FOR_CHOICE, false, NOON, entry), KEYS_ENTRY);
    assert_string_equal(entry, "2");
    keys_press(&call, "0", NOON);
    assert_int_equal(keys_take(&call, &shop, KEYS_FOR_CHOICE, false, NOON, entry), KEYS_PERSON);
}

static void what_is_no_key_is_left_out_and_too_many_are_not_kept(void **unused) {
    (void)unused;
    keys_press(&call, "1a 2\"", NOON);
    assert_string_equal(call.keys, "12");
    for (int i = 0; i < 100; i++)
        keys_press(&call, "7", NOON);
    assert_int_equal(strlen(call.keys), CALL_KEYS - 1);
}

static void a_voice_takes_its_time(void **unused) {
    (void)unused;
    assert_int_equal(pace_ms("Bye."), 400 + 4 * 65);
    assert_int_equal(pace_ms("été"), 400 + 3 * 65);
}

static void sentences_are_found_again(void **unused) {
    (void)unused;
    const char *text = "One is here. Two is late! Is that all?";
    assert_string_equal(text + pace_last_sentence(text), "Is that all?");
    assert_string_equal(text + pace_sentence(text, 15), "Two is late! Is that all?");
    assert_int_equal(pace_sentence(text, 3), 0);
}

static void slowly_there_is_a_pause_after_each_digit_and_letters_are_spelled(void **unused) {
    (void)unused;
    struct arena arena;
    arena_init(&arena);
    struct error err;
    struct data data = {.embedded = responses_embedded};
    struct phrasebook *book = phrasebook_load(&data, &err);
    assert_string_equal(pace_slow("Order 1 0 0, 4 2 with D P D. A box is late.", book, "en", &arena),
                        "Order 1, 0, 0, 4, 2 with D, P, D. A box is late.");
    assert_string_equal(pace_slow("Order F R, 1 0 5, please.", book, "en-GB", &arena),
                        "Order F as in Foxtrot, R, 1, 0, 5, please.");
    phrasebook_free(book);
    arena_clear(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_hash_ends_an_entry, begin, end),
        cmocka_unit_test_setup_teardown(three_seconds_without_a_key_end_an_entry, begin, end),
        cmocka_unit_test_setup_teardown(a_whole_number_does_not_wait_as_long, begin, end),
        cmocka_unit_test_setup_teardown(numbers_of_several_lengths_have_no_length, begin, end),
        cmocka_unit_test_setup_teardown(a_star_begins_again, begin, end),
        cmocka_unit_test_setup_teardown(zero_alone_is_a_person_after_two_seconds_or_a_hash, begin, end),
        cmocka_unit_test_setup_teardown(zero_at_the_head_of_a_number_is_a_digit, begin, end),
        cmocka_unit_test_setup_teardown(a_hash_that_comes_late_belongs_to_the_entry_before, begin, end),
        cmocka_unit_test_setup_teardown(keys_ahead_wait_for_their_question, begin, end),
        cmocka_unit_test_setup_teardown(what_a_platform_has_collected_is_whole, begin, end),
        cmocka_unit_test_setup_teardown(one_key_is_a_choice, begin, end),
        cmocka_unit_test_setup_teardown(what_is_no_key_is_left_out_and_too_many_are_not_kept, begin, end),
        cmocka_unit_test(a_voice_takes_its_time),
        cmocka_unit_test(sentences_are_found_again),
        cmocka_unit_test(slowly_there_is_a_pause_after_each_digit_and_letters_are_spelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
