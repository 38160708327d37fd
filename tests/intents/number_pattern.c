#include "intents/number_pattern.h"
#include "tests/claims.h"
#include <string.h>

static void separators_and_case_are_ignored(void **state) {
    static const struct {
        const char *pattern, *bare;
        bool takes;
    } cases[] = {
        {"FR-\\d{4,6}", "FR30118", true},
        {"FR-\\d{4,6}", "fr30118", true},
        {"FR-\\d{4,6}", "FR301", false},
        {"FR-\\d{4,6}", "XFR30118", false},
        {"FR-\\d{4,6}", "FR30118X", false},
        {"FR-?\\d+", "FR1", true},
        {"FR[- /]?\\d+", "FR1", true},
        {"FR\\-{1,2}\\d+", "FR1", true},
        {"#\\d{4}", "1042", true},
        {"\\d{4}-[A-D]", "4410B", true},
        {"[A-Z]{9}", "XKBKNABJK", true},
        {"[^]a]\\.?b", "cb", true},
        {"A|B", "B", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error err;
        struct number_pattern *pattern = number_pattern_new(cases[i].pattern, &err);
        if (!pattern)
            fail_msg("%s", err.text);
        if (number_pattern_takes(pattern, cases[i].bare) != cases[i].takes)
            fail_msg("%s on %s: expected %d", cases[i].pattern, cases[i].bare, cases[i].takes);
        number_pattern_free(pattern);
    }
}

static void no_pattern_takes_nothing_of_its_own(void **state) {
    struct error err;
    struct number_pattern *pattern = number_pattern_new("", &err);
    (void)state;
    assert_non_null(pattern);
    assert_false(number_pattern_given(pattern));
    assert_false(number_pattern_takes(pattern, "1042"));
    assert_false(number_pattern_takes(NULL, "1042"));
    number_pattern_free(pattern);
}

static void a_faulty_pattern_is_refused_with_the_reason(void **state) {
    static const char *const faulty[] = {"(", "[a", "a{2,1}", "\\"};
    (void)state;
    for (size_t i = 0; i < sizeof faulty / sizeof faulty[0]; i++) {
        struct error err;
        assert_null(number_pattern_new(faulty[i], &err));
        assert_non_null(strstr(err.text, "is no regular expression"));
    }
}

static void a_pattern_that_explodes_takes_nothing(void **state) {
    struct error err;
    struct number_pattern *pattern = number_pattern_new("(A+)+(A+)+(A+)+B", &err);
    (void)state;
    assert_non_null(pattern);
    assert_false(number_pattern_takes(pattern, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAC"));
    number_pattern_free(pattern);
}

int main(void) {
    const struct CMUnitTest claims[] = {
        cmocka_unit_test(separators_and_case_are_ignored),
        cmocka_unit_test(no_pattern_takes_nothing_of_its_own),
        cmocka_unit_test(a_faulty_pattern_is_refused_with_the_reason),
        cmocka_unit_test(a_pattern_that_explodes_takes_nothing),
    };
    return cmocka_run_group_tests(claims, NULL, NULL);
}
