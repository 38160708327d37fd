#include "tests/claims.h"

#include "bot/hub/limiter.h"
#include <malloc.h>
#include <stdio.h>

static void a_bucket_gives_its_burst_and_then_its_rate(void **state) {
    (void)state;
    struct bucket bucket = {0};
    for (int i = 0; i < 5; i++)
        assert_int_equal(bucket_take(&bucket, 2, 5, 1000), 0);
    assert_int_equal(bucket_take(&bucket, 2, 5, 1000), 500);
    assert_int_equal(bucket_take(&bucket, 2, 5, 1250), 250);
    assert_int_equal(bucket_take(&bucket, 2, 5, 1500), 0);
    assert_true(bucket_take(&bucket, 2, 5, 1500) > 0);
}

static void a_bucket_never_holds_more_than_its_burst(void **state) {
    (void)state;
    struct bucket bucket = {0};
    assert_int_equal(bucket_take(&bucket, 1, 2, 1000), 0);
    for (int i = 0; i < 2; i++)
        assert_int_equal(bucket_take(&bucket, 1, 2, 1000 * 3600), 0);
    assert_true(bucket_take(&bucket, 1, 2, 1000 * 3600) > 0);
}

static void a_rate_of_zero_is_no_limit(void **state) {
    (void)state;
    struct bucket bucket = {0};
    for (int i = 0; i < 1000; i++)
        assert_int_equal(bucket_take(&bucket, 0, 0, 1), 0);
}

static void keys_are_limited_apart(void **state) {
    (void)state;
    struct limiter *limiter = limiter_new(10);
    assert_int_equal(limiter_take(limiter, "a", 1, 1, 1000), 0);
    assert_true(limiter_take(limiter, "a", 1, 1, 1000) > 0);
    assert_int_equal(limiter_take(limiter, "b", 1, 1, 1000), 0);
    limiter_free(limiter);
}

static void the_key_used_longest_ago_is_forgotten_first(void **state) {
    (void)state;
    struct limiter *limiter = limiter_new(2);
    limiter_take(limiter, "old", 1, 1, 1000);
    limiter_take(limiter, "kept", 1, 1, 1000);
    limiter_take(limiter, "old", 1, 1, 1000); /* used again */
    limiter_take(limiter, "new", 1, 1, 1000); /* kept goes */
    assert_true(limiter_take(limiter, "old", 1, 1, 1000) > 0);
    assert_int_equal(limiter_take(limiter, "kept", 1, 1, 1000), 0);
    limiter_free(limiter);
}

static void tries_are_free_then_slowed_ever_more_but_never_locked(void **state) {
    (void)state;
    struct limiter *limiter = limiter_new(10);
    for (int i = 0; i < 3; i++)
        assert_int_equal(limiter_try(limiter, "order", 3, 1000), 0);
    assert_int_equal(limiter_try(limiter, "order", 3, 1000), 500);
    assert_int_equal(limiter_try(limiter, "order", 3, 1000), 1000);
    for (int i = 0; i < 1000; i++)
        assert_true(limiter_try(limiter, "order", 3, 1000) <= 8000);
    limiter_free(limiter);
}

static void tries_are_forgotten_with_time(void **state) {
    (void)state;
    struct limiter *limiter = limiter_new(10);
    for (int i = 0; i < 8; i++)
        limiter_try(limiter, "order", 3, 1000);
    assert_true(limiter_try(limiter, "order", 3, 1000) > 0);
    assert_int_equal(limiter_try(limiter, "order", 3, 1000 + 60 * 60 * 1000), 0);
    limiter_free(limiter);
}

static void a_right_try_does_not_count(void **state) {
    (void)state;
    struct limiter *limiter = limiter_new(10);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(limiter_try(limiter, "call centre", 3, 1000), 0);
        limiter_pardon(limiter, "call centre");
    }
    limiter_free(limiter);
}

/* The sanitizers' malloc is not libc's, and counts for itself. */
size_t __sanitizer_get_current_allocated_bytes(void) __attribute__((weak));

static size_t allocated(void) {
    return __sanitizer_get_current_allocated_bytes ? __sanitizer_get_current_allocated_bytes()
                                                   : mallinfo2().uordblks;
}

static void who_has_gone_long_ago_takes_no_memory(void **state) {
    (void)state;
    enum { KEYS = 10000 };
    struct limiter *limiter = limiter_new(2 * KEYS);
    size_t before = allocated();
    char key[8];
    for (int i = 0; i < KEYS; i++) {
        snprintf(key, sizeof key, "k%d", i);
        limiter_take(limiter, key, 1, 20, 1000);
        limiter_try(limiter, key, 3, 1000);
    }
    size_t all = allocated();
    limiter_take(limiter, "later", 1, 20, 1000 + 9 * 60 * 1000); /* the buckets are full, the tries count */
    assert_true(allocated() >= all);
    for (int i = 0; i < KEYS; i++)
        limiter_take(limiter, "new", 1, 20, 1000 + 11 * 60 * 1000);
    assert_true(allocated() - before < (all - before) / 10);
    limiter_free(limiter);
}

static void what_still_counts_is_kept(void **state) {
    (void)state;
    struct limiter *limiter = limiter_new(1000);
    for (int i = 0; i < 30; i++)
        limiter_try(limiter, "order", 3, 1000);
    for (int i = 0; i < 60; i++)
        limiter_take(limiter, "slow", 0.01, 60, 1000);
    limiter_take(limiter, "new", 1, 20, 20 * 60 * 1000);
    assert_true(limiter_take(limiter, "slow", 0.01, 60, 1000) > 0);
    assert_true(limiter_try(limiter, "order", 3, 20 * 60 * 1000) > 2000); /* a quarter of thirty */
    limiter_free(limiter);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bucket_gives_its_burst_and_then_its_rate),
        cmocka_unit_test(a_bucket_never_holds_more_than_its_burst),
        cmocka_unit_test(a_rate_of_zero_is_no_limit),
        cmocka_unit_test(keys_are_limited_apart),
        cmocka_unit_test(the_key_used_longest_ago_is_forgotten_first),
        cmocka_unit_test(tries_are_free_then_slowed_ever_more_but_never_locked),
        cmocka_unit_test(tries_are_forgotten_with_time),
        cmocka_unit_test(a_right_try_does_not_count),
        cmocka_unit_test(who_has_gone_long_ago_takes_no_memory),
        cmocka_unit_test(what_still_counts_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
