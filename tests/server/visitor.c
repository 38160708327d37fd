#include "tests/claims.h"

#include "bot/server/visitor.h"

static void a_network_of_64_bits_is_one_visitor(void **state) {
    static const char *const pairs[][2] = {{"198.51.100.7", "198.51.100.7"},
                                           {"::ffff:198.51.100.7", "198.51.100.7"},
                                           {"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"},
                                           {"2001:DB8:1:2::9", "2001:db8:1:2::"},
                                           {"::1", "::"}};
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        char out[VISITOR_MAX];
        visitor_behind(out, pairs[i][0], "", "");
        assert_string_equal(out, pairs[i][1]);
    }
}

static void what_is_no_address_is_none(void **state) {
    static const char *const wrong[] = {"", "unknown", "198.51.100", "198.51.100.7:80", "_hidden", "[::1]"};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char out[VISITOR_MAX] = "x";
        visitor_behind(out, wrong[i], "", "");
        assert_string_equal(out, "");
    }
}

static void only_a_named_proxy_is_believed(void **state) {
    static const struct {
        const char *peer, *proxies, *forwarded, *expected;
    } rows[] = {
        {"203.0.113.5", "", "198.51.100.7", "203.0.113.5"},
        {"203.0.113.5", "127.0.0.1", "198.51.100.7", "203.0.113.5"},
        {"127.0.0.1", "127.0.0.1", "198.51.100.7", "198.51.100.7"},
        {"127.0.0.1", "127.0.0.1", "", "127.0.0.1"},
        {"127.0.0.1", "127.0.0.1", "rubbish", "127.0.0.1"},
        /* What strangers said stands before what the proxy added. */
        {"127.0.0.1", "127.0.0.1", "10.1.1.1, 198.51.100.7", "198.51.100.7"},
        {"127.0.0.1", "127.0.0.1 10.0.0.2", "1.1.1.1, 198.51.100.7, 10.0.0.2", "198.51.100.7"},
        {"127.0.0.1", "127.0.0.1", "127.0.0.1", "127.0.0.1"},
        {"::1", "127.0.0.1 ::1", "2001:db8:1:2:3::1", "2001:db8:1:2::"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char out[VISITOR_MAX];
        visitor_behind(out, rows[i].peer, rows[i].proxies, rows[i].forwarded);
        assert_string_equal(out, rows[i].expected);
    }
}

static void chats_are_counted_by_address(void **state) {
    struct visitors *visitors = visitors_new();
    (void)state;
    assert_int_equal(visitors_count(visitors, "198.51.100.7"), 0);
    visitors_enter(visitors, "198.51.100.7");
    visitors_enter(visitors, "198.51.100.7");
    visitors_enter(visitors, "203.0.113.5");
    assert_int_equal(visitors_count(visitors, "198.51.100.7"), 2);
    visitors_leave(visitors, "198.51.100.7");
    visitors_leave(visitors, "203.0.113.5");
    visitors_leave(visitors, "203.0.113.5");
    assert_int_equal(visitors_count(visitors, "198.51.100.7"), 1);
    assert_int_equal(visitors_count(visitors, "203.0.113.5"), 0);
    visitors_free(visitors);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_network_of_64_bits_is_one_visitor),
        cmocka_unit_test(what_is_no_address_is_none),
        cmocka_unit_test(only_a_named_proxy_is_believed),
        cmocka_unit_test(chats_are_counted_by_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
