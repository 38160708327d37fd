#include "intents/typo.h"
#include "tests/claims.h"
#include <string.h>

static const char *meant_by(const char *word, int edits) {
    struct typo typo = {0};
    static const char *const words[] = {"order", "package", "livraison", "cmd", "tracking"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        typo_add(&typo, words[i]);
    struct arena arena;
    arena_init(&arena);
    typo_settle(&typo, &arena);
    const char *found = typo_correct(&typo, word, (int)strlen(word), edits);
    arena_clear(&arena);
    return found ? found : "";
}

static const char *meant(const char *word) {
    return meant_by(word, 2);
}

static void one_edit_is_a_letter_more_less_other_or_swapped(void **state) {
    static const char *const near[] = {"order",  "oder",  "orde",  "ordeer",
                                       "orders", "ordar", "odrer", "roder"};
    static const char *const far[] = {"odrar", "rder", "ode", "ordeerr", "ordxx", "redro", "ordabcdef"};
    (void)state;
    for (size_t i = 0; i < sizeof near / sizeof near[0]; i++)
        assert_string_equal(meant(near[i]), "order");
    for (size_t i = 0; i < sizeof far / sizeof far[0]; i++)
        assert_string_equal(meant(far[i]), "");
}

static void short_words_forgive_one_edit_and_long_ones_two(void **state) {
    (void)state;
    assert_string_equal(meant("oder"), "order");
    assert_string_equal(meant("ordrer"), "order");
    assert_string_equal(meant("oderr"), "");
    assert_string_equal(meant("pakage"), "package");
    assert_string_equal(meant("livrsion"), "livraison");
    assert_string_equal(meant("livrzixon"), "livraison");
    assert_string_equal(meant("livrzixxn"), "");
    assert_string_equal(meant("traking"), "tracking");
}

static void the_first_letter_is_right_or_swapped(void **state) {
    (void)state;
    assert_string_equal(meant("border"), "");
    assert_string_equal(meant("rder"), "");
    assert_string_equal(meant("roder"), "order");
}

static void words_of_three_letters_are_never_corrected_to(void **state) {
    (void)state;
    assert_string_equal(meant("cmf"), "");
}

static void very_long_words_are_left_alone(void **state) {
    (void)state;
    assert_string_equal(meant("ordeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeer"), "");
    assert_string_equal(meant("livraisonlivraisonlivraisonlivra"), "");
}

static void no_more_edits_than_are_allowed(void **state) {
    (void)state;
    assert_string_equal(meant_by("livrasion", 2), "livraison");
    assert_string_equal(meant_by("livraisno", 1), "livraison");
    assert_string_equal(meant_by("livrasionn", 1), "");
}

int main(void) {
    const struct CMUnitTest claims[] = {
        cmocka_unit_test(one_edit_is_a_letter_more_less_other_or_swapped),
        cmocka_unit_test(short_words_forgive_one_edit_and_long_ones_two),
        cmocka_unit_test(the_first_letter_is_right_or_swapped),
        cmocka_unit_test(words_of_three_letters_are_never_corrected_to),
        cmocka_unit_test(no_more_edits_than_are_allowed),
        cmocka_unit_test(very_long_words_are_left_alone),
    };
    return cmocka_run_group_tests(claims, NULL, NULL);
}
