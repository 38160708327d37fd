#include "intents/automaton.h"
#include "tests/claims.h"
#include <string.h>

static uint64_t scan(const char *const *literals, const int *owners, int count, const char *text) {
    struct error err;
    uint64_t found[2] = {0, 0};
    struct automaton *automaton = automaton_new(literals, owners, count, &err);
    assert_non_null(automaton);
    automaton_scan(automaton, text, strlen(text), found);
    automaton_free(automaton);
    assert_int_equal(found[1], 0);
    return found[0];
}

static void every_literal_in_the_text_is_found(void **state) {
    static const char *const literals[] = {"he", "she", "his", "hers", "e", " the ", "he"};
    static const int owners[] = {0, 1, 2, 3, 4, 5, 6};
    (void)state;
    assert_int_equal(scan(literals, owners, 7, "ushers"), 0x5B);     /* he she hers e he */
    assert_int_equal(scan(literals, owners, 7, "ahishers"), 0x5F);   /* his too */
    assert_int_equal(scan(literals, owners, 7, "in the sea"), 0x71); /* the, e, he */
    assert_int_equal(scan(literals, owners, 7, "xyz\xFF"), 0);
    assert_int_equal(scan(literals, owners, 7, ""), 0);
    assert_int_equal(scan(literals, owners, 0, "he"), 0);
}

/* Against the naive search, on random texts over few letters. */
static void it_finds_what_a_naive_search_finds(void **state) {
    enum { LITERALS = 40 };
    char texts[LITERALS][6], text[64];
    const char *literals[LITERALS];
    int owners[LITERALS];
    uint32_t seed = 7;
    (void)state;
    for (int round = 0; round < 200; round++) {
        uint64_t expected = 0;
        for (int i = 0; i < LITERALS; i++) {
            int len = 1 + (int)((seed = seed * 1664525 + 1013904223) >> 28) % 5;
            for (int j = 0; j < len; j++)
                texts[i][j] = (char)('a' + ((seed = seed * 1664525 + 1013904223) >> 24) % 3);
            texts[i][len] = '\0';
            literals[i] = texts[i];
            owners[i] = i;
        }
        for (size_t j = 0; j < sizeof text - 1; j++)
            text[j] = (char)('a' + ((seed = seed * 1664525 + 1013904223) >> 24) % 4);
        text[sizeof text - 1] = '\0';
        for (int i = 0; i < LITERALS; i++)
            expected |= strstr(text, literals[i]) ? UINT64_C(1) << i : 0;
        assert_int_equal(scan(literals, owners, LITERALS, text), expected);
    }
}

int main(void) {
    const struct CMUnitTest claims[] = {cmocka_unit_test(every_literal_in_the_text_is_found),
                                        cmocka_unit_test(it_finds_what_a_naive_search_finds)};
    return cmocka_run_group_tests(claims, NULL, NULL);
}
