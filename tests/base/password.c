#include "base/password.h"
#include "tests/claims.h"
#include <string.h>

static void a_password_is_known_again_and_no_other(void **state) {
    (void)state;
    char kept[PASSWORD_TEXT_SIZE];
    password_keep(kept, "correct horse battery");
    assert_true(password_matches(kept, "correct horse battery"));
    assert_false(password_matches(kept, "correct horse batterz"));
    assert_false(password_matches(kept, ""));
}

static void the_same_password_is_kept_differently_each_time_and_never_as_it_is(void **state) {
    (void)state;
    char one[PASSWORD_TEXT_SIZE], other[PASSWORD_TEXT_SIZE];
    password_keep(one, "correct horse battery");
    password_keep(other, "correct horse battery");
    assert_string_not_equal(one, other);
    assert_null(strstr(one, "horse"));
    assert_int_equal(strncmp(one, "scrypt$15$", 10), 0);
}

static void what_was_not_kept_by_us_matches_nothing(void **state) {
    (void)state;
    static const char *const texts[] = {
        NULL, "", "scrypt$", "scrypt$15$AAAA$BBBB", "plain text", "scrypt$99$AAAAAAAAAAAAAAAAAAAAAA$x"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_false(password_matches(texts[i], "plain text"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_password_is_known_again_and_no_other),
        cmocka_unit_test(the_same_password_is_kept_differently_each_time_and_never_as_it_is),
        cmocka_unit_test(what_was_not_kept_by_us_matches_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
