#include "tests/claims.h"

#include "bot/hub/timer.h"
#include <stdlib.h>

enum { MANY = 500 };

static void the_first_is_always_the_earliest(void **state) {
    (void)state;
    struct timers timers = {0};
    struct timer list[MANY] = {0};
    unsigned chance = 1;
    for (int i = 0; i < MANY; i++) {
        chance = chance * 1103515245 + 12345;
        timers_set(&timers, &list[i], 1 + (int64_t)(chance >> 16) % 1000);
    }
    for (int i = 0; i < MANY; i += 3) /* some are moved, some given up */
        timers_set(&timers, &list[i], i % 2 ? 0 : 2000 - i);
    int64_t before = 0;
    int count = 0;
    for (struct timer *first; (first = timers_first(&timers)); count++) {
        assert_true(first->at_ms >= before);
        before = first->at_ms;
        timers_set(&timers, first, 0);
    }
    assert_int_equal(count, MANY - (MANY + 3) / 6);
    timers_clear(&timers);
}

static void what_is_not_waited_for_can_be_given_up(void **state) {
    (void)state;
    struct timers timers = {0};
    struct timer timer = {0};
    timers_set(&timers, &timer, 0);
    assert_null(timers_first(&timers));
    timers_set(&timers, &timer, 5);
    assert_ptr_equal(timers_first(&timers), &timer);
    timers_set(&timers, &timer, 0);
    assert_null(timers_first(&timers));
    timers_clear(&timers);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_is_always_the_earliest),
        cmocka_unit_test(what_is_not_waited_for_can_be_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
