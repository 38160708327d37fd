#include "tests/responses/small.h"

static struct arena arena;

static int open_arena(void **state) {
    (void)state;
    arena_init(&arena);
    return 0;
}

static int clear_arena(void **state) {
    (void)state;
    arena_clear(&arena);
    return 0;
}

static const char *spell(const char *reference, const char *sentence) {
    struct value order = {.fact = FACT_ORDER, .text = reference};
    return small_say_as(sentence, VOICE_SPOKEN, &order, 1, &arena, NULL);
}

static const char *aloud(const char *text) {
    struct value agent = {.fact = FACT_AGENT, .text = text};
    return small_say_as("a[ {agent}] b", VOICE_SPOKEN, &agent, 1, &arena, NULL);
}

static void a_reference_is_spelled_in_groups_of_three(void **state) {
    (void)state;
    assert_string_equal(spell("10042", "{order}"), "1 0 0, 4 2");
    assert_string_equal(spell("123456", "{order}"), "1 2 3, 4 5 6");
    assert_string_equal(spell("7", "{order, digits}"), "7");
}

static void a_last_group_never_has_one_digit(void **state) {
    (void)state;
    assert_string_equal(spell("7804", "{order}"), "7 8 0 4");
    assert_string_equal(spell("1234567", "{order}"), "1 2 3, 4 5 6 7");
}

static void letters_are_upper_case_and_groups_of_their_own(void **state) {
    (void)state;
    assert_string_equal(spell("a7k", "{order}"), "A, 7, K");
    assert_string_equal(spell("fr-30118", "{order}"), "F R, 3 0 1, 1 8");
    assert_string_equal(spell("#4410 - B.", "{order}"), "4 4 1 0, B");
}

static void a_long_reference_is_its_last_four(void **state) {
    (void)state;
    assert_string_equal(spell("123456789012", "{order}"), "1 2 3, 4 5 6, 7 8 9, 0 1 2");
    assert_string_equal(spell("6A44719823305", "{order}"), "3 3 0 5");
    assert_string_equal(spell("RR 123 456 785 FR", "{order}"), "8 5, F R");
    assert_string_equal(spell("12-3 4-5", "{order, last4}"), "2, 3, 4, 5");
    assert_string_equal(spell("12", "{order, last4}"), "1 2");
}

static void a_reference_without_letters_or_digits_is_absent(void **state) {
    (void)state;
    assert_string_equal(spell("--", "none[ {order}]"), "none");
    assert_string_equal(spell("", "none[ {order, last4}]"), "none");
}

static void last4_is_written_as_it_stands(void **state) {
    (void)state;
    struct value order = {.fact = FACT_ORDER, .text = "6A44719823305"};
    assert_string_equal(small_say_as("{order, last4}", VOICE_WRITTEN, &order, 1, &arena, NULL), "3305");
    order.text = "305";
    assert_string_equal(small_say_as("{order, last4}", VOICE_WRITTEN, &order, 1, &arena, NULL), "305");
}

static void symbols_and_links_are_not_spoken(void **state) {
    (void)state;
    assert_string_equal(aloud("Table <oak> & *chairs* #2_b (x)"), "a Table oak chairs 2 b x b");
    assert_string_equal(aloud("see https://example.org/a now"), "a see now b");
    assert_string_equal(aloud("www.example.org"), "a b");
    assert_string_equal(aloud("lamp \xF0\x9F\x92\xA1 ok"), "a lamp ok b");
    assert_string_equal(aloud("***"), "a b");
    assert_string_equal(aloud("Mme Lefèvre, 3 rue d'Ys."), "a Mme Lefèvre, 3 rue d'Ys b");
}

static void words_of_the_table_are_said_as_it_has_them(void **state) {
    (void)state;
    assert_string_equal(aloud("DPD"), "a D P D b");
    assert_string_equal(aloud("by  DPD today"), "a by D P D today b");
    assert_string_equal(aloud("DPDX"), "a DPDX b");
}

static void counts_are_spoken_in_words(void **state) {
    (void)state;
    struct value count = {.fact = FACT_COUNT, .number = 21, .present = true};
    assert_string_equal(
        small_say_as("{count} {count, plural, other {# days}}, the {count, ordinal}, {count, words}",
                     VOICE_SPOKEN, &count, 1, &arena, NULL),
        "twenty-one twenty-one days, the twenty-first, twenty-one");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reference_is_spelled_in_groups_of_three),
        cmocka_unit_test(a_last_group_never_has_one_digit),
        cmocka_unit_test(letters_are_upper_case_and_groups_of_their_own),
        cmocka_unit_test(a_long_reference_is_its_last_four),
        cmocka_unit_test(a_reference_without_letters_or_digits_is_absent),
        cmocka_unit_test(last4_is_written_as_it_stands),
        cmocka_unit_test(symbols_and_links_are_not_spoken),
        cmocka_unit_test(words_of_the_table_are_said_as_it_has_them),
        cmocka_unit_test(counts_are_spoken_in_words),
    };
    return cmocka_run_group_tests(tests, open_arena, clear_arena);
}
