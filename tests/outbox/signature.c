#include "bot/outbox/signature.h"
#include "tests/claims.h"
#include <stdio.h>
#include <string.h>

/* Made with the reference library. */
static const char SECRET[] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", ID[] = "msg_p5jXN8AQM9LWM0D4loKWxJek",
                  BODY[] = "{\"test\": 2432232314}",
                  SIGNED[] = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", SECONDS[] = "1614265330";
enum { AT = 1614265330 };
static const int64_t NOW = AT * INT64_C(1000);

static bool good(const char *signatures, const char *id, const char *seconds, const char *body, int64_t now) {
    return signature_good(signatures, SECRET, id, seconds, body, strlen(body), now);
}

static void it_is_that_of_standard_webhooks(void **state) {
    (void)state;
    char signature[SIGNATURE_SIZE];
    assert_true(signature_make(signature, SECRET, ID, AT, BODY, strlen(BODY)));
    assert_string_equal(signature, SIGNED);
    assert_true(good(SIGNED, ID, SECONDS, BODY, NOW));
}

static void a_changed_byte_anywhere_spoils_it(void **state) {
    (void)state;
    char copy[64];
    for (size_t i = 0; i < strlen(SIGNED); i++) {
        snprintf(copy, sizeof copy, "%s", SIGNED);
        copy[i] ^= 1;
        assert_false(good(copy, ID, SECONDS, BODY, NOW));
    }
    for (size_t i = 0; i < strlen(BODY); i++) {
        snprintf(copy, sizeof copy, "%s", BODY);
        copy[i] ^= 1;
        assert_false(good(SIGNED, ID, SECONDS, copy, NOW));
    }
    assert_false(good(SIGNED, "msg_p5jXN8AQM9LWM0D4loKWxJel", SECONDS, BODY, NOW));
    assert_false(good(SIGNED, ID, "1614265331", BODY, NOW));
    assert_false(good(SIGNED, ID, SECONDS, "{\"test\": 2432232314}\n", NOW));
    assert_false(signature_good(SIGNED, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSx", ID, SECONDS, BODY,
                                strlen(BODY), NOW));
}

static void one_of_several_is_enough_and_other_versions_are_none(void **state) {
    (void)state;
    char several[160];
    snprintf(several, sizeof several, "v1,AAAA v1a,xyz  %s", SIGNED);
    assert_true(good(several, ID, SECONDS, BODY, NOW));
    assert_false(good("v1,AAAA", ID, SECONDS, BODY, NOW));
    assert_false(good(SIGNED + 3, ID, SECONDS, BODY, NOW));
    assert_false(good("", ID, SECONDS, BODY, NOW));
    assert_false(good(NULL, ID, SECONDS, BODY, NOW));
}

static void five_minutes_are_the_limit_on_both_sides(void **state) {
    (void)state;
    assert_true(good(SIGNED, ID, SECONDS, BODY, NOW + 300 * 1000));
    assert_true(good(SIGNED, ID, SECONDS, BODY, NOW - 300 * 1000));
    assert_false(good(SIGNED, ID, SECONDS, BODY, NOW + 301 * 1000));
    assert_false(good(SIGNED, ID, SECONDS, BODY, NOW - 301 * 1000));
    assert_false(good(SIGNED, ID, "", BODY, NOW));
    assert_false(good(SIGNED, ID, "1614265330 ", BODY, NOW));
    assert_false(good(SIGNED, ID, "99999999999999999999", BODY, NOW));
}

static void a_secret_that_is_none_signs_nothing(void **state) {
    (void)state;
    char signature[SIGNATURE_SIZE];
    assert_false(signature_make(signature, "", ID, AT, BODY, strlen(BODY)));
    assert_false(signature_make(signature, "whsec_not base64", ID, AT, BODY, strlen(BODY)));
    assert_false(signature_make(signature, "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", ID, AT, BODY, strlen(BODY)));
}

static void chatwoots_is_its_own(void **state) {
    (void)state;
    static const char signature[] = "sha256=0407316bc963158ac121a3db7e045793eb45238b880b915ae1819831b351c249";
    assert_true(signature_good_chatwoot(signature, "chat secret", SECONDS, "{\"a\":1}", 7, NOW));
    assert_false(signature_good_chatwoot(signature, "chat secret", SECONDS, "{\"a\":2}", 7, NOW));
    assert_false(signature_good_chatwoot(signature, "chat secres", SECONDS, "{\"a\":1}", 7, NOW));
    assert_false(signature_good_chatwoot(signature, "", SECONDS, "{\"a\":1}", 7, NOW));
    assert_false(signature_good_chatwoot(signature + 7, "chat secret", SECONDS, "{\"a\":1}", 7, NOW));
    assert_false(
        signature_good_chatwoot(signature, "chat secret", SECONDS, "{\"a\":1}", 7, NOW + 301 * 1000));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_that_of_standard_webhooks),
        cmocka_unit_test(a_changed_byte_anywhere_spoils_it),
        cmocka_unit_test(one_of_several_is_enough_and_other_versions_are_none),
        cmocka_unit_test(five_minutes_are_the_limit_on_both_sides),
        cmocka_unit_test(a_secret_that_is_none_signs_nothing),
        cmocka_unit_test(chatwoots_is_its_own),
    };
    return cmocka_run_group_tests_name("outbox/signature", tests, NULL, NULL);
}
