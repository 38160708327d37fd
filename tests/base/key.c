#include "base/key.h"
#include "tests/claims.h"
#include <string.h>

struct row {
    const char *written, *key; /* key NULL: refused */
};

#define HOLD(rows, function)                                                                                 \
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {                                              \
        char key[EMAIL_SIZE];                                                                                \
        bool good = function(key, rows[i].written);                                                          \
        if (good != (rows[i].key != NULL) || (good && strcmp(key, rows[i].key) != 0))                        \
            fail_msg("'%s' gives '%s', expected '%s'", rows[i].written, good ? key : "nothing",              \
                     rows[i].key ? rows[i].key : "nothing");                                                 \
    }

static void all_spellings_of_an_order_number_are_one_key(void **state) {
    static const struct row rows[] = {
        {"FR-30118", "FR30118"},
        {"fr30118", "FR30118"},
        {"#FR 30-118", "FR30118"},
        {" FR\xe2\x80\x91"
         "30118 ",
         "FR30118"}, /* non-breaking hyphen */
        {"\xef\xbc\xa6\xef\xbc\xb2\xef\xbc\x8d\xef\xbc\x93\xef\xbc\x90\xef\xbc\x91\xef\xbc\x91\xef\xbc\x98",
         "FR30118"},
        {"FR\xd9\xa3\xd9\xa0\xd9\xa1\xd9\xa1\xd9\xa8", "FR30118"}, /* Arabic digits */
        {"N\xc2\xba 1024", "NO1024"},
        {"R\xc3\xa9"
         "f7",
         "REF7"},
        {"---", NULL},
        {"", NULL},
        {NULL, NULL},
        {"\xff\xfe", NULL},
    };
    (void)state;
    HOLD(rows, key_number)
}

static void a_key_that_does_not_fit_is_refused(void **state) {
    char long_number[KEY_SIZE + 1], key[KEY_SIZE];
    (void)state;
    memset(long_number, '1', sizeof long_number);
    long_number[KEY_SIZE - 1] = '\0';
    assert_true(key_number(key, long_number));
    long_number[KEY_SIZE - 1] = '1';
    long_number[KEY_SIZE] = '\0';
    assert_false(key_number(key, long_number));
    char huge[5000];
    memset(huge, '1', sizeof huge - 1);
    huge[sizeof huge - 1] = '\0';
    assert_false(key_digits(key, huge));
    assert_false(key_phone(key, huge, "FR"));
}

static void digits_leave_the_prefix_out(void **state) {
    static const struct row rows[] = {
        {"FR-30118", "30118"}, {"1 024", "1024"}, {"FR", NULL}, {"\xe0\xa5\xa7\xe0\xa5\xa8", "12"}};
    (void)state;
    HOLD(rows, key_digits)
}

static void two_spellings_of_a_postcode_are_one_place(void **state) {
    static const struct row rows[] = {{"LS6 2QT", "LS62QT"}, {"ls62qt", "LS62QT"},  {"69 003", "69003"},
                                      {"1010 AB", "1010AB"}, {"F-69003", "F69003"}, {" ", NULL}};
    (void)state;
    HOLD(rows, key_postcode)
}

static void an_email_is_trimmed_and_lower_case(void **state) {
    static const struct row rows[] = {
        {" Camille.Roux+wismo@Example.FR\n", "camille.roux+wismo@example.fr"},
        {"\xc2\xa0"
         "a@b.co\xe2\x80\xaf",
         "a@b.co"},
        {"\xef\xbd\x81\xef\xbc\xa0\xef\xbd\x82\xef\xbc\x8e\xef\xbd\x83\xef\xbd\x8f",
         "a@b.co"}, /* full width */
        {"\xc3\x89lise@caf\xc3\x89.fr", "\xc3\xa9lise@caf\xc3\xa9.fr"},
        {"E\xcc\x81lise@b.fr", "\xc3\xa9lise@b.fr"}, /* composed */
        {"a@b", NULL},
        {"a@@b.fr", NULL},
        {"a b@c.fr", NULL},
        {"@b.fr", NULL},
        {"a@.fr", NULL},
        {"a@b.", NULL},
        {"a@b..fr", NULL},
        {"a", NULL},
        {"", NULL},
        {NULL, NULL},
    };
    char huge[600], none[EMAIL_SIZE];
    (void)state;
    HOLD(rows, key_email)
    memset(huge, 'a', sizeof huge);
    memcpy(huge + 300, "@b.fr", 6);
    assert_false(key_email(none, huge));
    assert_string_equal(none, "");
}

static void a_phone_is_one_number_in_all_its_writings(void **state) {
    static const struct {
        const char *written, *country, *key;
    } rows[] = {
        {"06 12 34 56 78", "FR", "+33612345678"},
        {"0612345678", "FR", "+33612345678"},
        {"+33 6 12 34 56 78", "FR", "+33612345678"},
        {"+33 (0)6 12 34 56 78", "GB", "+33612345678"},
        {"0033 6.12.34.56.78", "FR", "+33612345678"},
        {"33612345678", "FR", "+33612345678"},
        {"6 12 34 56 78", "FR", "+33612345678"},
        {"\xe2\x80\xaa+33\xc2\xa0"
         "6\xe2\x80\x91"
         "12 34 56 78\xe2\x80\xac",
         "", "+33612345678"}, /* as copied from a telephone */
        {"\xef\xbc\x90\xef\xbc\x96 12 34 56 78", "FR", "+33612345678"},
        {"07700 900123", "GB", "+447700900123"},
        {"(0113) 496 0123", "GB", "+441134960123"},
        {"(212) 555-0123", "US", "+12125550123"},
        {"1-212-555-0123", "US", "+12125550123"},
        {"011 33 6 12 34 56 78", "US", "+33612345678"},
        {"0171 1234567", "DE", "+491711234567"},
        {"06 12345678", "IT", "+390612345678"}, /* Italy keeps its zero */
        {"+39 06 1234 5678", "FR", "+390612345678"},
        {"612 34 56 78", "ES", "+34612345678"},
        {"0470 12 34 56", "BE", "+32470123456"},
        {"06 30 123 4567", "HU", "+36301234567"},
        {"8 912 345-67-89", "RU", "+79123456789"},
        {"+679 345 6789", "FR", "+6793456789"}, /* Fiji: no plan of ours, still a number */
        {"06 12 34 56 7", "FR", NULL},
        {"06 12 34 56 78 9", "FR", NULL},
        {"+33 6 12 34 56", "FR", NULL},
        {"0612345678", "", NULL},
        {"0612345678", "ZZ", NULL},
        {"+0612345678", "FR", NULL},
        {"+33 (00)6 12 34 56 8", "FR", NULL},
        {"121 255 0123", "US", NULL},
        {"8 800 555 35 35", "RU", "+78005553535"},
        {"800 555 35 35", "RU", "+78005553535"},
        {"call 0612345678", "FR", NULL},
        {"1+33612345678", "FR", NULL},
        {"+1234567890123456", "FR", NULL},
        {"12", "FR", NULL},
        {"", "FR", NULL},
        {NULL, "FR", NULL},
        {"0612345678", NULL, NULL},
    };
    char key[KEY_SIZE];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool good = key_phone(key, rows[i].written, rows[i].country);
        if (good != (rows[i].key != NULL) || (good && strcmp(key, rows[i].key) != 0))
            fail_msg("'%s' gives '%s', expected '%s'", rows[i].written, good ? key : "nothing",
                     rows[i].key ? rows[i].key : "nothing");
    }
}

int main(void) {
    const struct CMUnitTest claims[] = {
        cmocka_unit_test(all_spellings_of_an_order_number_are_one_key),
        cmocka_unit_test(a_key_that_does_not_fit_is_refused),
        cmocka_unit_test(digits_leave_the_prefix_out),
        cmocka_unit_test(two_spellings_of_a_postcode_are_one_place),
        cmocka_unit_test(an_email_is_trimmed_and_lower_case),
        cmocka_unit_test(a_phone_is_one_number_in_all_its_writings),
    };
    return cmocka_run_group_tests_name("base/key", claims, NULL, NULL);
}
