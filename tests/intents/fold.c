#include "intents/fold.h"
#include "base/text.h"
#include "intents/fold_sign.h"
#include "intents/intents.h"
#include "tests/claims.h"
#include <string.h>

static struct arena arena;

static int tidy(void **state) {
    (void)state;
    arena_reset(&arena);
    return 0;
}

static void folds_to(const char *text, const char *words) {
    assert_string_equal(fold_words(text, &arena), words);
}

static void case_accents_and_typography_do_not_count(void **state) {
    (void)state;
    folds_to("Où est ma COMMANDE ?", "ou est ma commande");
    folds_to("Straße, cœur, Łódź, Þór, ÆØ", "strasse coeur lodz thor aeo");
    folds_to("l’été n'est-il pas là…", "l ete n est il pas la");
    folds_to("e\xCC\x81te\xCC\x81", "ete");                               /* combining accents */
    folds_to("\xEF\xBC\xA6\xEF\xBC\xB2\xEF\xBC\x91\xEF\xBC\x90", "fr10"); /* full width */
    folds_to("\xD9\xA1\xD9\xA2", "12");                                   /* Arabic digits */
    folds_to("a\xC2\xA0"
             "b\xE2\x80\x8B"
             "c\xC2\xAD"
             "d",
             "a bcd"); /* no-break, zero width, soft hyphen */
    folds_to("colis 📦 svp 😡", "colis svp");
    folds_to("ГДЕ мой", "где мои");
    folds_to("\x01\x7F a\tb", "a b");
    folds_to("", "");
    folds_to("?!…", "");
}

static void one_sign_may_become_many_but_not_too_many(void **state) {
    (void)state;
    folds_to("ﬁn ½", "fin 1 2");
    folds_to("a \xEF\xB7\xBA b", "a b"); /* U+FDFA is a sentence */
}

static void what_is_written_for_machines_is_no_word(void **state) {
    (void)state;
    folds_to("@WismoHelp where is it https://t.co/aB3?d=1 #late", "where is it late");
    folds_to("hi @115830, you&amp;me @ 5, www.wismo.example/a.b", "hi you me 5");
    folds_to("https://parcels.example/?code=00340434161094 moves not", "00340434161094 moves not");
    folds_to("ann@wismo.fr or @wismo.fr", "ann wismo fr or wismo fr"); /* e-mails */
    struct utterance utterance;
    fold_utterance(&utterance, "where @a http://b?c=d; is it", &arena);
    assert_int_equal(utterance.count, 3);
    assert_false(utterance.words[1].sentence);
}

/* Of a table, too, which is there for speed. */
static void every_sign_is_what_unicode_says(void **state) {
    (void)state;
    for (uint32_t sign = 0x80; sign <= 0x10FFFF; sign++) {
        char room[FOLD_SIGN_MAX], other[FOLD_SIGN_MAX], text[8] = "";
        struct utterance utterance;
        if (sign >= 0xD800 && sign <= 0xDFFF)
            continue;
        const char *expected = fold_sign_by_unicode(sign, other);
        if (strcmp(fold_sign(sign, room), expected) != 0)
            fail_msg("U+%04X is \"%s\", not \"%s\"", (unsigned)sign, fold_sign(sign, room), expected);
        text[text_put(text, sign)] = '\0';
        fold_utterance(&utterance, text, &arena);
        assert_string_equal(utterance.plain, expected);
        arena_reset(&arena);
    }
}

static void every_sign_of_ascii_is_what_unicode_says(void **state) {
    (void)state;
    for (char sign = 1; sign < 0x7F; sign++) {
        char text[] = {sign, '\0'}, other[FOLD_SIGN_MAX];
        struct utterance utterance;
        fold_utterance(&utterance, text, &arena);
        const char *expected = sign == '\n'  ? "\n"
                               : sign == '`' ? "'"
                                             : fold_sign_by_unicode((uint32_t)sign, other);
        assert_string_equal(utterance.plain, expected);
    }
}

/* Wherever a word stands in the plain text, its first byte leads back to where it was written. */
static void every_word_knows_where_it_was_written(void **state) {
    (void)state;
    const char *text = "Où est né l’œuf n°12 à 49,90 € ?";
    static const char *const written[] = {"Où", "est", "né", "l", "œuf", "n", "12", "à", "49", "90"};
    struct utterance utterance;
    fold_utterance(&utterance, text, &arena);
    assert_int_equal(utterance.count, 10);
    for (int i = 0; i < utterance.count; i++) {
        int begin = utterance.origin[utterance.words[i].begin],
            end = utterance.origin[utterance.words[i].end];
        assert_int_equal(end - begin, (int)strlen(written[i]));
        assert_memory_equal(text + begin, written[i], strlen(written[i]));
    }
    assert_int_equal(utterance.origin[utterance.plain_len], strlen(text));
}

static void entities_keep_their_signs_in_the_plain_text(void **state) {
    (void)state;
    struct utterance utterance;
    fold_utterance(&utterance, "É@B.fr – 5 € № 3 `x´", &arena);
    assert_string_equal(utterance.plain, "e@b.fr - 5 $ n~ 3 'x'");
}

static void sentences_end_where_a_reader_would_end_them(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int sentences;
    } cases[] = {{"where is it? I want it! Now; please. ok", 5},
                 {"M. Dupont", 1},
                 {"an St. Dr. House", 1},
                 {"es ist nicht da. Wo ist es", 2},
                 {"order no. 1042", 1},
                 {"no. I want it", 2},
                 {"my parcel... is late", 1},
                 {"wheres.my.order", 1},
                 {"not here.Where is it", 2},
                 {"jo@parcels.com", 1},
                 {"parcels.com", 1},
                 {"it costs 1.5 euros", 1},
                 {"order 42. thanks", 2},
                 {"hello, you", 1},
                 {"a\nb", 1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct utterance utterance;
        int sentences = 0;
        fold_utterance(&utterance, cases[i].text, &arena);
        for (int j = 0; j < utterance.count; j++)
            sentences += utterance.words[j].sentence;
        if (sentences != cases[i].sentences)
            fail_msg("%s: %d sentences", cases[i].text, sentences);
    }
}

static void elisions_are_known_from_letters(void **state) {
    (void)state;
    struct utterance utterance;
    fold_utterance(&utterance, "it's s", &arena);
    assert_true(utterance.words[1].elided);
    assert_false(utterance.words[2].elided);
}

static void too_long_a_text_is_cut_between_signs(void **state) {
    (void)state;
    char *text = test_malloc(UTTERANCE_MAX + 64);
    struct utterance utterance;
    memset(text, 'a', UTTERANCE_MAX + 60);
    memcpy(text + UTTERANCE_MAX - 1, "é", 2);
    text[UTTERANCE_MAX + 60] = '\0';
    fold_utterance(&utterance, text, &arena);
    assert_int_equal(utterance.len, UTTERANCE_MAX - 1);
    assert_true(text_valid(utterance.plain, (size_t)utterance.plain_len));
    test_free(text);
}

int main(void) {
    const struct CMUnitTest claims[] = {
        cmocka_unit_test_setup(case_accents_and_typography_do_not_count, tidy),
        cmocka_unit_test_setup(what_is_written_for_machines_is_no_word, tidy),
        cmocka_unit_test_setup(one_sign_may_become_many_but_not_too_many, tidy),
        cmocka_unit_test_setup(every_sign_is_what_unicode_says, tidy),
        cmocka_unit_test_setup(every_sign_of_ascii_is_what_unicode_says, tidy),
        cmocka_unit_test_setup(every_word_knows_where_it_was_written, tidy),
        cmocka_unit_test_setup(entities_keep_their_signs_in_the_plain_text, tidy),
        cmocka_unit_test_setup(sentences_end_where_a_reader_would_end_them, tidy),
        cmocka_unit_test_setup(elisions_are_known_from_letters, tidy),
        cmocka_unit_test_setup(too_long_a_text_is_cut_between_signs, tidy),
    };
    arena_init(&arena);
    int failed = cmocka_run_group_tests(claims, NULL, NULL);
    arena_clear(&arena);
    return failed;
}
