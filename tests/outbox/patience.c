#include "bot/outbox/patience.h"
#include "tests/claims.h"

static void the_wait_doubles_up_to_ten_minutes_and_half_of_it_is_chance(void **state) {
    (void)state;
    int64_t whole = 1000;
    for (int attempts = 1; attempts < 40; attempts++) {
        assert_int_equal(patience_wait(attempts, 0), whole / 2);
        assert_int_equal(patience_wait(attempts, UINT32_MAX), whole);
        assert_in_range(patience_wait(attempts, UINT32_MAX / 2), whole / 2, whole * 3 / 4);
        whole = whole * 2 < 600000 ? whole * 2 : 600000;
    }
    assert_int_equal(patience_wait(1000000, UINT32_MAX), 600000);
}

static void five_failures_in_a_row_give_it_a_rest(void **state) {
    (void)state;
    struct breaker breaker = {0};
    for (int i = 0; i < 4; i++)
        breaker_done(&breaker, false, 0);
    assert_true(breaker_lets(&breaker, 0, 2));
    breaker_done(&breaker, true, 0);
    for (int i = 0; i < 4; i++)
        breaker_done(&breaker, false, 0);
    assert_true(breaker_lets(&breaker, 0, 2));
    breaker_done(&breaker, false, 1000);
    assert_false(breaker_lets(&breaker, 1000, 0));
    assert_false(breaker_lets(&breaker, 15999, 0));
}

static void after_the_rest_one_attempt_tells_whether_it_is_back(void **state) {
    (void)state;
    struct breaker breaker = {0};
    for (int i = 0; i < 5; i++)
        breaker_done(&breaker, false, 0);
    assert_true(breaker_lets(&breaker, 15000, 0));
    assert_false(breaker_lets(&breaker, 15000, 1)); /* while it is under way nothing else is tried */
    breaker_done(&breaker, false, 15000);
    assert_false(breaker_lets(&breaker, 15000 + 29999, 0)); /* the rest doubles */
    assert_true(breaker_lets(&breaker, 15000 + 30000, 0));
    breaker_done(&breaker, true, 45000);
    assert_true(breaker_lets(&breaker, 45000, 3));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_wait_doubles_up_to_ten_minutes_and_half_of_it_is_chance),
        cmocka_unit_test(five_failures_in_a_row_give_it_a_rest),
        cmocka_unit_test(after_the_rest_one_attempt_tells_whether_it_is_back),
    };
    return cmocka_run_group_tests_name("outbox/patience", tests, NULL, NULL);
}
