#include "base/text.h"
#include "tests/claims.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void a_field_is_cut_between_code_points(void **state) {
    char field[6];
    (void)state;
    assert_true(TEXT_SET(field, "colis"));
    assert_string_equal(field, "colis");
    assert_false(TEXT_SET(field, "colis!"));
    assert_string_equal(field, "colis");
    assert_false(TEXT_SET(field, "coli\xc3\xa9"));
    assert_string_equal(field, "coli");
    assert_false(TEXT_SET(field, "co\xf0\x9f\x93\xa6"));
    assert_string_equal(field, "co");
    assert_true(TEXT_SET(field, NULL));
    assert_string_equal(field, "");
}

static void no_string_is_the_empty_string(void **state) {
    (void)state;
    assert_true(text_is(NULL, ""));
    assert_true(text_is("a", "a"));
    assert_false(text_is("a", NULL));
    assert_true(text_empty(NULL));
    assert_true(text_empty(""));
    assert_false(text_empty(" "));
}

static void well_formed_utf8_is_valid(void **state) {
    static const char *const rows[] = {"",
                                       "colis",
                                       "\xc2\x80",
                                       "\xdf\xbf",
                                       "\xe0\xa0\x80",
                                       "\xed\x9f\xbf",
                                       "\xee\x80\x80",
                                       "\xef\xbf\xbf",
                                       "\xf0\x90\x80\x80",
                                       "\xf4\x8f\xbf\xbf"};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_true(text_valid(rows[i], strlen(rows[i])));
}

static void overlong_surrogate_cut_and_stray_bytes_are_not(void **state) {
    static const char *const rows[] = {"\x80",
                                       "\xbf",
                                       "\xc0\x80",
                                       "\xc1\xbf",
                                       "\xe0\x80\x80",
                                       "\xe0\x9f\xbf",
                                       "\xf0\x80\x80\x80",
                                       "\xf0\x8f\xbf\xbf",
                                       "\xed\xa0\x80",
                                       "\xed\xbf\xbf",
                                       "\xed\xa0\xbd\xed\xb3\xa6",
                                       "\xf4\x90\x80\x80",
                                       "\xf5\x80\x80\x80",
                                       "\xff",
                                       "\xfe",
                                       "\xc3",
                                       "\xe2\x82",
                                       "\xf0\x9f\x93",
                                       "\xc3(",
                                       "\xe2\x28\xa1",
                                       "\xe2\x82\x28",
                                       "a\xc3"};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        /* A copy of the exact size, so that the sanitizer sees a read beyond it. */
        size_t len = strlen(rows[i]);
        char *exact = malloc(len);
        memcpy(exact, rows[i], len);
        if (text_valid(exact, len))
            fail_msg("row %zu is accepted", i);
        free(exact);
    }
    assert_false(text_valid("a\0b", 3));
}

static void every_code_point_is_put_and_read_back(void **state) {
    (void)state;
    for (uint32_t code_point = 1; code_point <= 0x10ffff; code_point++) {
        char bytes[5] = "";
        const char *at = bytes;
        size_t len = text_put(bytes, code_point);
        bool surrogate = code_point >= 0xd800 && code_point <= 0xdfff;
        bytes[len] = '\0';
        if (text_valid(bytes, len) == surrogate || (!surrogate && text_next(&at) != code_point) ||
            (!surrogate && at != bytes + len))
            fail_msg("U+%04X is not what it was", code_point);
    }
    const char *end = "";
    assert_int_equal(text_next(&end), 0);
    assert_string_equal(end, "");
}

static void length_counts_code_points(void **state) {
    (void)state;
    assert_int_equal(text_length(""), 0);
    assert_int_equal(text_length("o\xc3\xb9 est mon colis \xf0\x9f\x93\xa6"), 18);
}

static void holds_mask(const char *before, const char *after, size_t count) {
    size_t len = strlen(before);
    char *text = strdup(before);
    size_t masked = text_mask(text, NULL, NULL);
    if (masked != count || strcmp(text, after) != 0 || strlen(text) > len)
        fail_msg("'%s' became '%s' (%zu), expected '%s' (%zu)", before, text, masked, after, count);
    free(text);
}

static void card_numbers_are_masked_but_for_four_digits(void **state) {
    (void)state;
    holds_mask("4111111111111111", "************1111", 1);
    holds_mask("my card is 4111 1111 1111 1111, thanks", "my card is **** **** **** 1111, thanks", 1);
    holds_mask("5500-0000-0000-0004", "****-****-****-0004", 1);
    holds_mask("378282246310005", "***********0005", 1);
    holds_mask("3782 822463 10005", "**** ****** *0005", 1);
    holds_mask("4222222222222", "*********2222", 1);
    holds_mask("6304000000000000000 and 4111111111111111", "***************0000 and ************1111", 2);
    holds_mask("4111\xc2\xa0"
               "1111\xc2\xa0"
               "1111\xc2\xa0"
               "1111",
               "****\xc2\xa0****\xc2\xa0****\xc2\xa0"
               "1111",
               1);
    holds_mask("order 1024 4111 1111 1111 1111 12/27", "order 1024 **** **** **** 1111 12/27", 1);
    holds_mask("visa4111111111111111", "visa************1111", 1);
    holds_mask("\xef\xbc\x94"
               "111111111111111",
               "************1111", 1); /* a full-width 4 */
}

static void what_only_looks_like_a_card_is_left(void **state) {
    static const char *const rows[] = {"4111111111111112",         "4111 1111 1111",   "order 1024, 69003",
                                       "+33 6 12 34 56 78",        "2026-03-11 09:00", "41111111111111111111",
                                       "o\xc3\xb9 est mon colis ?"};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        holds_mask(rows[i], rows[i], 0);
}

static void parcel_numbers_are_kept_though_they_pass_luhn(void **state) {
    (void)state;
    holds_mask("15502399087749 is my parcel", "15502399087749 is my parcel", 0);
    holds_mask("00340434161094042557", "00340434161094042557", 0);
    holds_mask("8250123456785", "8250123456785", 0);
}

static void ibans_are_masked_but_for_four_characters(void **state) {
    (void)state;
    holds_mask("FR1420041010050500013M02606", "***********************2606", 1);
    holds_mask("FR14 2004 1010 0505 0001 3M02 606.", "**** **** **** **** **** ***2 606.", 1);
    holds_mask("fr14 20041 01005 0500013M026 06 merci", "**** ***** ***** *********26 06 merci", 1);
    holds_mask("GB82 WEST 1234 5698 7654 32", "**** **** **** **** **54 32", 1);
    holds_mask("de89-3704-0044-0532-0130-00", "****-****-****-****-**30-00", 1);
    holds_mask("NO9386011117947", "***********7947", 1);
}

static void what_only_looks_like_an_iban_is_left(void **state) {
    static const char *const rows[] = {"FR1420041010050500013M02607", "FR14 2004",
                                       "FR30118 pour demain 2026 merci", "GB82 where is order 1024"};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        holds_mask(rows[i], rows[i], 0);
}

static bool is_the_parcel(const char *bare, void *context) {
    return strcmp(bare, context) == 0;
}

static void a_number_that_is_known_is_rescued(void **state) {
    char digits[] = "parcel 4111 1111 1111 1111", letters[] = "JD4111111111111111",
         other[] = "4111111111111111";
    (void)state;
    assert_int_equal(text_mask(digits, is_the_parcel, "4111111111111111"), 0);
    assert_string_equal(digits, "parcel 4111 1111 1111 1111");
    assert_int_equal(text_mask(letters, is_the_parcel, "JD4111111111111111"), 0);
    assert_string_equal(letters, "JD4111111111111111");
    assert_int_equal(text_mask(other, is_the_parcel, "1024"), 1);
}

static void masking_survives_any_valid_text(void **state) {
    static const char *const pieces[] = {
        "4111",    " ",        "-", "1111",     "FR14", "a", "\xc3\xa9", "\xef\xbc\x94", "\xf0\x9f\x93\xa6",
        "3M02606", "\xc2\xa0", "0", "\xd9\xa3", "."};
    unsigned int seed = 7;
    (void)state;
    for (int round = 0; round < 20000; round++) {
        char text[256] = "";
        size_t len = 0;
        for (int i = 0; i < 30; i++) {
            seed = seed * 1103515245 + 12345;
            const char *piece = pieces[(seed >> 16) % (sizeof pieces / sizeof pieces[0])];
            memcpy(text + len, piece, strlen(piece) + 1);
            len += strlen(piece);
        }
        char *exact = strdup(text);
        text_mask(exact, NULL, NULL);
        assert_true(strlen(exact) <= len);
        assert_true(text_valid(exact, strlen(exact)));
        assert_int_equal(text_length(exact), text_length(text));
        free(exact);
    }
}

int main(void) {
    const struct CMUnitTest claims[] = {
        cmocka_unit_test(a_field_is_cut_between_code_points),
        cmocka_unit_test(no_string_is_the_empty_string),
        cmocka_unit_test(well_formed_utf8_is_valid),
        cmocka_unit_test(overlong_surrogate_cut_and_stray_bytes_are_not),
        cmocka_unit_test(every_code_point_is_put_and_read_back),
        cmocka_unit_test(length_counts_code_points),
        cmocka_unit_test(card_numbers_are_masked_but_for_four_digits),
        cmocka_unit_test(what_only_looks_like_a_card_is_left),
        cmocka_unit_test(parcel_numbers_are_kept_though_they_pass_luhn),
        cmocka_unit_test(ibans_are_masked_but_for_four_characters),
        cmocka_unit_test(what_only_looks_like_an_iban_is_left),
        cmocka_unit_test(a_number_that_is_known_is_rescued),
        cmocka_unit_test(masking_survives_any_valid_text),
    };
    return cmocka_run_group_tests_name("base/text", claims, NULL, NULL);
}
