#include "intents/tracking.h"
#include "tests/claims.h"
#include <string.h>

/* Numbers published as examples by the carriers or in the tests of open libraries, but for those marked
 * "made". */
static const struct {
    const char *number, *carrier;
} genuine[] = {
    {"RR473124829GB", "postal"},        {"1Z999AA10123456784", "ups"}, {"1Z5R89390357567127", "ups"},
    {"6A18987970674", "colissimo"},     {"568838414941", "fedex"},     {"041441760228964", "fedex"},
    {"9261292700768711948021", "usps"}, {"3318810025", "dhl"},         {"8487135506", "dhl"},
    {"00340434161094027318", "dhl"},
};

static void a_genuine_number_is_of_its_carrier(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof genuine / sizeof genuine[0]; i++) {
        struct tracking_match match = tracking_match(genuine[i].number);
        if (!match.carrier || strcmp(match.carrier, genuine[i].carrier) != 0 || !match.checked)
            fail_msg("%s: %s, check digit %s", genuine[i].number,
                     match.carrier ? match.carrier : "no carrier", match.checked ? "right" : "wrong");
    }
}

/* Every single wrong digit is found where the formula promises it: all of these weigh each digit. */
static void a_wrong_check_digit_is_found(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof genuine / sizeof genuine[0]; i++) {
        char wrong[40];
        size_t len = strlen(genuine[i].number), at = len - 1;
        memcpy(wrong, genuine[i].number, len + 1);
        while (wrong[at] > '9')
            at--;
        wrong[at] = wrong[at] == '9' ? '0' : (char)(wrong[at] + 1);
        struct tracking_match match = tracking_match(wrong);
        if (match.carrier && strcmp(match.carrier, genuine[i].carrier) == 0 && match.checked)
            fail_msg("%s passes as %s", wrong, match.carrier);
    }
}

/* ISO 7064 has no example of DPD's in the open: exactly one of the 36 signs closes a number. */
static void one_sign_alone_closes_a_dpd_number(void **state) {
    int closing = 0;
    (void)state;
    for (const char *sign = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"; *sign; sign++) {
        char number[16] = "01550123456789";
        number[14] = *sign;
        struct tracking_match match = tracking_match(number);
        bool fits =
            match.checked && (strcmp(match.carrier, "dpd") == 0 || strcmp(match.carrier, "chronopost") == 0);
        closing += fits;
    }
    assert_int_equal(closing, 1);
}

static void one_digit_alone_closes_a_gls_number_and_an_identcode(void **state) {
    static const char *const carriers[] = {"gls", "dhl"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        int closing = 0;
        for (char digit = '0'; digit <= '9'; digit++) {
            char number[13] = "56310243031";
            number[11] = digit;
            struct tracking_match match = tracking_match(number);
            closing += match.checked;
            (void)carriers;
        }
        assert_in_range(closing, 1, 3); /* DHL, FedEx and GLS share the length */
    }
    assert_true(tracking_match("563102430313").checked); /* Deutsche Post's own example of an Identcode */
}

static void letters_make_a_number_distinct(void **state) {
    (void)state;
    assert_true(tracking_match("RR473124820GB").distinct);
    assert_true(tracking_match("TBA123456789012").distinct);
    assert_false(tracking_match("012345678983").distinct);
}

static void other_shapes_are_of_no_carrier(void **state) {
    static const char *const others[] = {"",      "1042",         "FR30118",
                                         "1Z999", "RR47312482GB", "1Z999AA1012345678X4"};
    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_null(tracking_match(others[i]).carrier);
}

int main(void) {
    const struct CMUnitTest claims[] = {
        cmocka_unit_test(a_genuine_number_is_of_its_carrier),
        cmocka_unit_test(a_wrong_check_digit_is_found),
        cmocka_unit_test(one_sign_alone_closes_a_dpd_number),
        cmocka_unit_test(one_digit_alone_closes_a_gls_number_and_an_identcode),
        cmocka_unit_test(letters_make_a_number_distinct),
        cmocka_unit_test(other_shapes_are_of_no_carrier),
    };
    return cmocka_run_group_tests(claims, NULL, NULL);
}
