#include "tests/intents/reading.h"

static void a_message_of_some_words_tells_its_language(void **state) {
    static const struct {
        const char *prior, *text, *locale;
    } cases[] = {{"fr", "where is my order and when will it be here", "en"},
                 {"en", "où est ma commande elle n'est toujours pas là", "fr"},
                 {"en", "Ich habe noch nicht mein Paket, wo ist es", "de"},
                 {NULL, "wo ist mein paket", "de"},
                 {NULL, "bonjour", "fr"},
                 {"fr-CA", "où est mon colis", "fr"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct room *room = *state;
        room->options.locale = cases[i].prior;
        const struct reading *reading = hear(room, cases[i].text);
        if (strcmp(reading->locale, cases[i].locale) != 0)
            fail_msg("%s: %s", cases[i].text, reading->locale);
    }
}

static void a_clear_message_may_switch_the_conversation(void **state) {
    struct room *room = *state;
    room->options.locale = "fr";
    assert_true(hear(room, "where is my order and when will it be here")->locale_score >= .8);
}

static void short_messages_never_do(void **state) {
    static const char *const texts[] = {"ok",      "merci",      "hello", "84512", "yes", "no",
                                        "LS6 2QT", "the second", "",      "...",   "oui", "thanks"};
    struct room *room = *state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        for (int english = 0; english < 2; english++) {
            room->options.locale = english ? "en" : "fr";
            const struct reading *reading = hear(room, texts[i]);
            if (strcmp(reading->locale, room->options.locale) != 0)
                fail_msg("%s turns %s into %s", texts[i], room->options.locale, reading->locale);
            assert_true(reading->locale_score < .8);
        }
}

static void one_word_decides_where_the_prior_is_a_guess(void **state) {
    static const struct {
        const char *prior, *text, *locale;
    } cases[] = {{"en", "bonjour", "fr"},
                 {"fr", "hello", "en"},
                 {"en", "84512", "en"},
                 {"en", "FR-1042 69003", "en"},
                 {"fr", "it-1042 is@on.example", "fr"},
                 {"fr", "84512", "fr"},
                 {"en", "...", "en"},
                 {"en", "hello bonjour", "en"},
                 {"fr", "LS6 2QT", "fr"},
                 {"fr", "seven", "fr"},
                 {"fr", "two three four", "fr"},
                 {"en", "vingt et un", "en"}};
    struct room *room = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        room->options.locale = cases[i].prior;
        room->options.guessed = true;
        const struct reading *reading = hear(room, cases[i].text);
        if (strcmp(reading->locale, cases[i].locale) != 0)
            fail_msg("%s at the beginning turns %s into %s", cases[i].text, cases[i].prior, reading->locale);
    }
}

static void without_prior_or_words_the_first_language_serves(void **state) {
    struct room *room = *state;
    room->options.locale = NULL;
    assert_string_equal(hear(room, "...")->locale, "de");
    room->options.locale = "sv";
    assert_string_equal(hear(room, "where is my order")->locale, "en");
}

static void letters_of_one_language_count(void **state) {
    struct room *room = *state;
    room->options.locale = NULL;
    assert_string_equal(hear(room, "Größe")->locale, "de");
    assert_string_equal(hear(room, "PRÉVENUE")->locale, "fr");
}

static void the_catalogue_tells_what_it_speaks(void **state) {
    struct room *room = *state;
    assert_true(catalogue_speaks(room->catalogue, "fr"));
    assert_true(catalogue_speaks(room->catalogue, "fr-CA"));
    assert_true(catalogue_speaks(room->catalogue, "en_GB"));
    assert_false(catalogue_speaks(room->catalogue, "fro"));
    assert_false(catalogue_speaks(room->catalogue, "sv"));
    assert_false(catalogue_speaks(room->catalogue, NULL));
}

int main(void) {
    const struct CMUnitTest claims[] = {
        CLAIM(a_message_of_some_words_tells_its_language),
        CLAIM(a_clear_message_may_switch_the_conversation),
        CLAIM(short_messages_never_do),
        CLAIM(one_word_decides_where_the_prior_is_a_guess),
        CLAIM(without_prior_or_words_the_first_language_serves),
        CLAIM(letters_of_one_language_count),
        CLAIM(the_catalogue_tells_what_it_speaks),
    };
    return cmocka_run_group_tests(claims, room_open, room_close);
}
