#include "bot/dialogue/proof.h"
#include "base/text.h"
#include "tests/claims.h"
#include <string.h>

static struct shop shop = {.tier1 = {FACTOR_NUMBER | FACTOR_EMAIL, FACTOR_NUMBER | FACTOR_POSTCODE,
                                     FACTOR_NUMBER | FACTOR_PHONE4, FACTOR_EMAIL | FACTOR_POSTCODE,
                                     FACTOR_PHONE | FACTOR_POSTCODE},
                           .tier2_factors = 3};
static struct parcel parcels[] = {{.tracking_number = "6A 4471 9823 305"}};
static struct order order = {.number = "FR-30-118",
                             .key = "FR30118",
                             .email = "c@example.fr",
                             .phone = "+33612345678",
                             .postcode = "69 003",
                             .parcels = parcels,
                             .parcel_count = 1};

/* number, tracking, email, postcode, phone, phone4 */
static struct claims claims_of(const char *number, const char *tracking, const char *email,
                               const char *postcode, const char *phone, const char *phone4) {
    struct claims claims = {0};
    TEXT_SET(claims.numbers[0], number);
    TEXT_SET(claims.tracking, tracking);
    TEXT_SET(claims.email, email);
    TEXT_SET(claims.postcode, postcode);
    TEXT_SET(claims.phone, phone);
    TEXT_SET(claims.phone4, phone4);
    return claims;
}

static int tier(const struct shop *policy, const struct claims *claims, const struct claims *token,
                const struct order *of) {
    return proof_tier(policy, proof_matched(policy, claims, of), token, of);
}

static void each_pair_of_factors_opens_what_it_should(void **unused) {
    (void)unused;
    static const struct {
        const char *number, *tracking, *email, *postcode, *phone, *phone4;
        int tier;
    } cases[] = {
        {"FR30118", "", "", "", "", "", 0},
        {"FR30118", "", "c@example.fr", "", "", "", 1},
        {"FR30118", "", "", "69003", "", "", 1},
        {"FR30118", "", "", "", "", "5678", 1},
        {"FR30118", "", "", "", "+33612345678", "", 1},
        {"30118", "", "", "69003", "", "", 1},         /* prefix left out */
        {"", "6A44719823305", "", "69003", "", "", 1}, /* tracking number in place of the order's */
        {"", "", "c@example.fr", "69003", "", "", 1},
        {"", "", "", "69003", "+33612345678", "", 1},
        {"", "", "", "69003", "", "5678", 0},                /* four digits and a postcode name nobody */
        {"", "", "c@example.fr", "", "+33612345678", "", 0}, /* not a listed pair */
        {"FR30118", "", "c@example.fr", "69003", "", "", 2},
        {"FR30118", "", "", "69003", "", "5678", 2},
        {"", "", "c@example.fr", "69003", "+33612345678", "", 2},
        {"FR30118", "", "", "", "+33612345678", "5678", 1}, /* the phone twice is one factor */
        {"FR30118", "", "x@example.fr", "", "", "", 0},
        {"FR30118", "", "x@example.fr", "69003", "", "", 1}, /* a wrong one more takes nothing away */
        {"FR30119", "", "c@example.fr", "", "", "", 0},
        {"0118", "", "c@example.fr", "", "", "", 0}, /* some of the digits are not the number */
        {"FR30118", "", "", "69004", "", "", 0},
        {"FR30118", "", "", "", "", "5679", 0},
    };
    struct claims none = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct claims claims = claims_of(cases[i].number, cases[i].tracking, cases[i].email,
                                         cases[i].postcode, cases[i].phone, cases[i].phone4);
        int found = tier(&shop, &claims, &none, &order);
        if (found != cases[i].tier)
            fail_msg("case %zu: tier %d, expected %d", i, found, cases[i].tier);
    }
}

static void one_word_does_not_prove_two_things(void **unused) {
    (void)unused;
    struct order same = order;
    same.number = same.key = "69003";
    struct claims claims = claims_of("69003", "", "", "69003", "", ""), none = {0};
    claims.same_token = true;
    assert_int_equal(tier(&shop, &claims, &none, &same), 0);
    TEXT_SET(claims.email, "c@example.fr");
    assert_int_equal(tier(&shop, &claims, &none, &same), 1);
}

static void a_token_is_the_second_tier_of_what_it_names_only(void **unused) {
    (void)unused;
    struct claims none = {0}, by_order = claims_of("FR30118", "", "", "", "", ""),
                  by_email = claims_of("", "", "c@example.fr", "", "", "");
    struct claims other = claims_of("FR30119", "", "", "", "", "");
    assert_int_equal(tier(&shop, &none, &by_order, &order), 2);
    assert_int_equal(tier(&shop, &none, &by_email, &order), 2);
    assert_int_equal(tier(&shop, &none, &other, &order), 0);
}

static void a_shop_can_be_stricter(void **unused) {
    (void)unused;
    struct shop strict = {.tier1 = {FACTOR_NUMBER | FACTOR_EMAIL}, .tier2_factors = 0};
    struct claims none = {0}, postcode = claims_of("FR30118", "", "", "69003", "", ""),
                  all = claims_of("FR30118", "", "c@example.fr", "69003", "+33612345678", "");
    assert_int_equal(tier(&strict, &postcode, &none, &order), 0);
    assert_false(proof_enough(&strict, &postcode));
    assert_int_equal(tier(&strict, &all, &none, &order), 1);
}

static void an_order_without_facts_is_opened_by_nothing(void **unused) {
    (void)unused;
    struct order bare = {.number = "7", .key = "7", .email = "", .phone = "", .postcode = ""};
    struct claims claims = claims_of("7", "", "", "", "", ""), none = {0};
    assert_int_equal(tier(&shop, &claims, &none, &bare), 0);
}

static void the_second_factor_asked_for_is_one_that_is_missing(void **unused) {
    (void)unused;
    struct claims number_postcode = claims_of("A1", "", "", "69003", "", ""),
                  number_email = claims_of("A1", "", "a@b.fr", "", "", ""),
                  number_phone = claims_of("A1", "", "", "", "", "5678"),
                  email_postcode = claims_of("", "", "a@b.fr", "69003", "", "");
    assert_string_equal(proof_missing(&number_postcode), "email");
    assert_string_equal(proof_missing(&number_email), "postcode");
    assert_string_equal(proof_missing(&number_phone), "any");
    assert_string_equal(proof_missing(&email_postcode), "phone");
}

static void the_same_claims_have_the_same_fingerprint(void **unused) {
    (void)unused;
    struct claims a = claims_of("A1", "", "a@b.fr", "", "", ""),
                  b = claims_of("A1", "", "a@b.fr", "", "", ""),
                  c = claims_of("A1", "", "a@b.de", "", "", "");
    char fa[65], fb[65], fc[65];
    proof_fingerprint(&a, fa);
    proof_fingerprint(&b, fb);
    proof_fingerprint(&c, fc);
    assert_string_equal(fa, fb);
    assert_string_not_equal(fa, fc);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_pair_of_factors_opens_what_it_should),
        cmocka_unit_test(one_word_does_not_prove_two_things),
        cmocka_unit_test(a_token_is_the_second_tier_of_what_it_names_only),
        cmocka_unit_test(a_shop_can_be_stricter),
        cmocka_unit_test(an_order_without_facts_is_opened_by_nothing),
        cmocka_unit_test(the_second_factor_asked_for_is_one_that_is_missing),
        cmocka_unit_test(the_same_claims_have_the_same_fingerprint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
