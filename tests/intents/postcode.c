#include "intents/postcode.h"
#include "tests/claims.h"
#include <string.h>

static void each_country_writes_its_own_way(void **state) {
    static const struct {
        const char *key, *country, *value;
        int dash;
        bool local, distinct;
    } cases[] = {
        {"69003", "FR", "69003", 0, true, false},       {"10115", "DE", "10115", 0, true, false},
        {"28013", "ES", "28013", 0, true, false},       {"00184", "IT", "00184", 0, true, false},
        {"02139", "US", "02139", 0, true, false},       {"021391234", "US", "02139-1234", 5, true, true},
        {"1050", "BE", "1050", 0, true, false},         {"1201", "CH", "1201", 0, true, false},
        {"1212", "LU", "1212", 0, true, false},         {"1010", "AT", "1010", 0, true, false},
        {"1012AB", "NL", "1012 AB", 0, true, true},     {"1100148", "PT", "1100-148", 4, true, true},
        {"LS62QT", "GB", "LS6 2QT", 0, true, true},     {"M11AE", "GB", "M1 1AE", 0, true, true},
        {"M601NW", "GB", "M60 1NW", 0, true, true},     {"CR26XH", "GB", "CR2 6XH", 0, true, true},
        {"DN551PT", "GB", "DN55 1PT", 0, true, true},   {"W1A0AX", "GB", "W1A 0AX", 0, true, true},
        {"EC1A1BB", "GB", "EC1A 1BB", 0, true, true},   {"K1A0B1", "CA", "K1A 0B1", 0, true, true},
        {"D02AF30", "IE", "D02 AF30", 0, true, true},   {"D6WXH00", "IE", "D6W XH00", 0, true, true},
        {"L1212", "LU", "1212", 1, true, true},         {"CH1201", "CH", "1201", 2, true, true},
        {"69003", "BE", "69003", 0, false, false},      {"LS62QT", "FR", "LS6 2QT", 3, false, true},
        {"69003", "", "69003", 0, true, false},         {"1150201", "PT", "1150-201", 0, true, false},
        {"01310100", "BR", "01310-100", 5, true, true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct postcode postcode;
        if (!postcode_read(cases[i].key, cases[i].dash, cases[i].country, &postcode))
            fail_msg("%s is none", cases[i].key);
        if (strcmp(postcode.value, cases[i].value) != 0 || postcode.local != cases[i].local ||
            postcode.distinct != cases[i].distinct)
            fail_msg("%s in %s: %s, local %d, distinct %d", cases[i].key, cases[i].country, postcode.value,
                     postcode.local, postcode.distinct);
    }
}

static void other_numbers_are_none(void **state) {
    static const struct {
        const char *key;
        int dash;
    } cases[] = {{"", 0},          {"123", 0},     {"123456", 0},  {"118033", 4},
                 {"021391234", 0}, {"1100148", 0}, {"FR30118", 2}, {"LS62Q", 0}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct postcode postcode;
        if (postcode_read(cases[i].key, cases[i].dash, "FR", &postcode))
            fail_msg("%s is %s", cases[i].key, postcode.value);
    }
}

static void o_and_zero_i_and_one_are_heard_for_each_other(void **state) {
    static const struct {
        const char *key, *value;
    } cases[] = {{"Y0105DD", "YO10 5DD"}, {"0X108ED", "OX10 8ED"}, {"N1OAA", "N1 0AA"}, {"PO1IBD", "PO1 1BD"},
                 {"LS62QT", ""},          {"101201", ""},          {"FR3011", ""},      {"Y2105DD", ""}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct postcode postcode = {.value = ""};
        if (postcode_hear(cases[i].key, "GB", &postcode) != (cases[i].value[0] != '\0') ||
            (cases[i].value[0] && strcmp(postcode.value, cases[i].value) != 0))
            fail_msg("%s: %s", cases[i].key, postcode.value);
    }
}

int main(void) {
    const struct CMUnitTest claims[] = {cmocka_unit_test(each_country_writes_its_own_way),
                                        cmocka_unit_test(other_numbers_are_none),
                                        cmocka_unit_test(o_and_zero_i_and_one_are_heard_for_each_other)};
    return cmocka_run_group_tests(claims, NULL, NULL);
}
