#include "bot/dialogue/token.h"
#include "base/text.h"
#include "tests/claims.h"
#include "tests/signed.h"
#include <string.h>

static const int64_t now = 1773216000000; /* 2026-03-11 */
static struct shop shop = {
    .id = "maison",
    .keys = {{"2026a", "0123456789abcdef0123456789abcdef"}, {"2025b", "fedcba9876543210fedcba9876543210"}}};

static void a_signed_token_names_its_customer_and_order(void **unused) {
    (void)unused;
    char text[TOKEN_MAX];
    struct token token;
    struct error err;
    signed_token(text, &shop, "c@example.fr", "FR1042", now + 60000);
    assert_true(token_verify(&shop, text, now, &token, &err));
    assert_string_equal(token.email, "c@example.fr");
    assert_string_equal(token.order, "FR1042");
}

static void a_change_at_any_byte_is_refused(void **unused) {
    (void)unused;
    char text[TOKEN_MAX];
    struct token token;
    struct error err;
    signed_token(text, &shop, "c@example.fr", "", now + 60000);
    for (size_t i = 0; i < strlen(text); i++) {
        char kept = text[i];
        text[i] = kept == 'A' ? 'B' : 'A';
        bool last = text[i + 1] == '\0'; /* the last character's low bits carry nothing */
        if (token_verify(&shop, text, now, &token, &err) && !last)
            fail_msg("byte %zu could be changed", i);
        text[i] = kept;
    }
}

static void a_token_ends_with_its_time(void **unused) {
    (void)unused;
    char text[TOKEN_MAX];
    struct token token;
    struct error err;
    signed_token(text, &shop, "c@example.fr", "", now);
    assert_false(token_verify(&shop, text, now, &token, &err));
    assert_non_null(strstr(err.text, "expired"));
    assert_true(token_verify(&shop, text, now - 1000, &token, &err));
}

static void the_older_key_still_opens_and_a_third_does_not(void **unused) {
    (void)unused;
    struct shop old = {.id = "maison", .keys = {{"2025b", "fedcba9876543210fedcba9876543210"}}};
    struct shop foreign = {.id = "maison", .keys = {{"2024c", "fedcba9876543210fedcba9876543210"}}};
    char text[TOKEN_MAX];
    struct token token;
    struct error err;
    signed_token(text, &old, "c@example.fr", "", now + 1000);
    assert_true(token_verify(&shop, text, now, &token, &err));
    signed_token(text, &foreign, "c@example.fr", "", now + 1000);
    assert_false(token_verify(&shop, text, now, &token, &err));
}

static void another_shops_token_is_refused(void **unused) {
    (void)unused;
    struct shop other = shop;
    char text[TOKEN_MAX];
    struct token token;
    struct error err;
    other.id = "autre";
    signed_token(text, &other, "c@example.fr", "", now + 1000);
    assert_false(token_verify(&shop, text, now, &token, &err));
    assert_non_null(strstr(err.text, "another shop"));
}

static void what_is_no_token_is_refused_with_a_reason(void **unused) {
    (void)unused;
    static const char *const texts[] = {"",           "v1",           "v1.",          "v1.2026a",
                                        "v1.2026a.x", "v2.2026a.x.y", "v1.2026a.!.!", "v1..."};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct token token;
        struct error err = {""};
        assert_false(token_verify(&shop, texts[i], now, &token, &err));
        assert_non_null(strstr(err.text, "token:"));
    }
    char huge[TOKEN_MAX + 10];
    struct token token;
    struct error err;
    memset(huge, 'a', sizeof huge - 1);
    huge[sizeof huge - 1] = '\0';
    assert_false(token_verify(&shop, huge, now, &token, &err));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signed_token_names_its_customer_and_order),
        cmocka_unit_test(a_change_at_any_byte_is_refused),
        cmocka_unit_test(a_token_ends_with_its_time),
        cmocka_unit_test(the_older_key_still_opens_and_a_third_does_not),
        cmocka_unit_test(another_shops_token_is_refused),
        cmocka_unit_test(what_is_no_token_is_refused_with_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
