/* Numbers as callers say them and recognisers write them. */
#include "base/buffer.h"
#include "tests/intents/reading.h"

struct said {
    const char *locale, *text, *value; /* the best candidate */
};

static void check_best(struct room *room, const struct said *cases, size_t count, enum slot slot) {
    room->options.voice = true;
    for (size_t i = 0; i < count; i++) {
        room->options.locale = cases[i].locale;
        const char *value = best(hear(room, cases[i].text), slot);
        if (strcmp(value, cases[i].value) != 0)
            fail_msg("%s: \"%s\", expected %s", cases[i].text, value, cases[i].value);
    }
}

static void digits_tens_and_hundreds_are_one_number(void **state) {
    static const struct said cases[] = {
        {"en", "Four seven two nine zero one three eight.", "47290138"},
        {"en", "order one double-oh, 42.", "10042"},
        {"en", "double five seven two oh nine", "557209"},
        {"en", "triple two one", "2221"},
        {"en", "fifty seven twelve", "5712"},
        {"en", "four seventy nine", "479"},
        {"en", "ten oh forty two", "10042"},
        {"en", "ten thousand and forty two", "10042"},
        {"en", "one hundred forty two", "142"},
        {"en", "one hundred and forty two eighteen", "14218"},
        {"en", "nineteen ninety five six", "19956"},
        {"en", "my order is um one er zero zero dash four two", "10042"},
        {"en", "order one zero zero for two", "10042"},
        {"en", "four seven to nine", "4729"},
        {"en", "barter to zero eight seven", "2087"},
        {"en", "it belongs to one zero four two", "1042"},
        {"en", "nine niner nought won two", "99012"},
        {"en", "400 79", "40079"},
        {"en", "1 2 three 4", "1234"},
        {"fr", "quatre-vingt-dix-sept douze", "9712"},
        {"fr", "quatre vingt dix sept zéro un", "9701"},
        {"fr", "soixante et onze quarante", "7140"},
        {"fr", "septante deux nonante", "7290"},
        {"fr", "huitante et un vingt", "8120"},
        {"fr", "soixante-quinze zéro onze", "75011"},
        {"fr", "cent quarante-deux", "142"},
        {"fr", "trois cent quatre deux", "3042"},
        {"fr", "dix zéro quatre deux", "10042"},
        {"fr", "trente cinq mille", "35000"},
        {"fr", "mille quarante deux", "1042"},
        {"fr", "vingt et un vingt-deux", "2122"},
        {"fr", "double zéro sept un", "0071"},
        {"fr", "euh c'est huit quatre cinq euh un deux", "84512"},
        {"de", "einundzwanzig zweiundvierzig", "2142"},
        {"de", "bestellung eins null vier zwei", "1042"},
        {"de", "vierhundertzwölf sechzehn", "41216"},
        {"de", "tausendsechzig", "1060"},
    };
    check_best(*state, cases, sizeof cases / sizeof cases[0], SLOT_ORDER_NUMBER);
}

static void letters_are_read_by_name_alphabet_and_example(void **state) {
    static const struct said cases[] = {
        {"en", "it's W M one zero zero four two", "WM10042"},
        {"en", "bravo tango for four seven", "BT447"},
        {"en", "b as in bob one zero four two", "B1042"},
        {"en", "f for freddie one two three four", "F1234"},
        {"en", "bee see one two three", "BC123"},
        {"en", "double u one two three four", "W1234"},
        {"en", "five five double two and you people wait", "5522"},
        {"en", "are you one two three four",
         "1234"}, /* ordinary words are letters only where nothing else fits */
        {"fr", "m comme marcel deux zéro quatre un", "M2041"},
        {"fr", "double v un deux trois quatre", "W1234"},
        {"fr", "f r trois zéro un un huit", "FR30118"},
    };
    check_best(*state, cases, sizeof cases / sizeof cases[0], SLOT_ORDER_NUMBER);
}

static void postcodes_are_spoken_too(void **state) {
    struct room *room = *state;
    static const struct said cases[] = {{"en", "b s three four e a", "BS3 4EA"},
                                        {"en", "oh two one three nine", "02139"},
                                        {"fr", "trente cinq mille", "35000"},
                                        {"fr", "soixante neuf zéro zéro trois", "69003"},
                                        {"en", "ten fifty", "1050"}};
    room->options.expected = SLOT_POSTCODE;
    check_best(room, cases, sizeof cases / sizeof cases[0], SLOT_POSTCODE);
}

static void letters_that_were_written_as_one_word_are_taken_apart(void **state) {
    struct room *room = *state;
    room->options.voice = true;
    room->options.expected = SLOT_POSTCODE;
    room->options.country = "GB";
    assert_string_equal(best(hear(room, "ls six two q t"), SLOT_POSTCODE), "LS6 2QT");
    assert_string_equal(best(hear(room, "it is six two three nine one"), SLOT_POSTCODE), "62391");
}

static void number_and_postcode_come_in_one_breath(void **state) {
    struct room *room = *state;
    static const char *const texts[] = {"where is 50712, b s three four e a",
                                        "where is five oh seven one two b s three four e a",
                                        "50712 and b s three four e a"};
    room->options.voice = true;
    room->options.country = "GB";
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const struct reading *reading = hear(room, texts[i]);
        assert_string_equal(best(reading, SLOT_ORDER_NUMBER), "50712");
        assert_string_equal(best(reading, SLOT_POSTCODE), "BS3 4EA");
    }
    assert_string_equal(best(hear(room, "b s one zero four two"), SLOT_ORDER_NUMBER), "BS1042");
}

static void an_accented_letter_alone_is_a_word(void **state) {
    struct room *room = *state;
    room->options.voice = true;
    room->options.expected = SLOT_ORDER_NUMBER;
    room->options.locale = "fr";
    assert_string_equal(best(hear(room, "è deux trois quatre cinq"), SLOT_ORDER_NUMBER), "2345");
    assert_string_equal(best(hear(room, "e deux trois quatre cinq"), SLOT_ORDER_NUMBER), "E2345");
}

static void phones_are_spoken_in_pairs(void **state) {
    struct room *room = *state;
    static const struct said cases[] = {
        {"fr", "zéro six douze trente-quatre cinquante-six soixante-dix-huit", "+33612345678"},
        {"fr", "mon téléphone c'est zéro six double un vingt deux trente trois quarante quatre",
         "+33611223344"}};
    room->options.country = "FR";
    check_best(room, cases, sizeof cases / sizeof cases[0], SLOT_PHONE);
}

/* What may have been meant instead is there as well, to be tried against the orders. */
static void other_ways_to_hear_it_are_candidates(void **state) {
    struct room *room = *state;
    static const struct {
        const char *locale, *text, *value;
    } cases[] = {{"en", "fifty seven twelve", "50712"},
                 {"en", "my order numbers for seventy nine one three", "47913"},
                 {"en", "my order numbers for seventy nine one three", "7913"},
                 {"fr", "cent quarante deux", "10042"},
                 {"fr", "quatre vingt dix sept douze", "8010712"},
                 {"fr", "trente cinq mille", "351000"},
                 {"en", "m o one two three four", "M01234"},
                 {"en", "m o one two three four", "MO1234"},
                 {"en", "a b one two three four", "AB1234"}, /* "a" may be an article */
                 {"en", "b one two three four", "D1234"},    /* letters that sound alike */
                 {"en", "n one two three four", "M1234"}};
    room->options.voice = true;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        room->options.locale = cases[i].locale;
        if (score_of(hear(room, cases[i].text), SLOT_ORDER_NUMBER, cases[i].value) == 0)
            fail_msg("%s: %s is no candidate", cases[i].text, cases[i].value);
        assert_true(room->reading.slots[SLOT_ORDER_NUMBER].count <= SLOT_CANDIDATES);
    }
}

static void the_shops_pattern_chooses_between_letter_and_digit(void **state) {
    struct room *room = *state;
    struct error err;
    struct number_pattern *pattern = number_pattern_new("[A-Z]{2}\\d{4}", &err);
    room->options.voice = true;
    room->options.number = pattern;
    assert_string_equal(best(hear(room, "m o one oh four two"), SLOT_ORDER_NUMBER), "MO1042");
    number_pattern_free(pattern);
}

static void number_words_count_in_chat_too_but_letters_do_not(void **state) {
    struct room *room = *state;
    assert_string_equal(best(hear(room, "it is double five seven two oh nine"), SLOT_ORDER_NUMBER), "557209");
    assert_string_equal(best(hear(room, "b one two three four"), SLOT_ORDER_NUMBER), "1234");
}

static void ordinary_sentences_have_no_number_in_them(void **state) {
    struct room *room = *state;
    static const char *const texts[] = {"I want two parcels for one friend",
                                        "are you there",
                                        "you see why I ask",
                                        "one of the two is here",
                                        "between ten and twelve",
                                        "ten and twelve",
                                        "for you to see",
                                        "a man and a dog",
                                        "one hundred pounds",
                                        "it is number forty two not twenty four"};
    for (int voice = 0; voice < 2; voice++)
        for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
            room->options.voice = voice;
            const struct reading *reading = hear(room, texts[i]);
            if (score_of(reading, SLOT_ORDER_NUMBER, best(reading, SLOT_ORDER_NUMBER)) >= .4)
                fail_msg("%s: read as order %s", texts[i], best(reading, SLOT_ORDER_NUMBER));
        }
}

static void endless_dictation_is_no_number_and_costs_little(void **state) {
    struct room *room = *state;
    struct buffer text;
    buffer_init(&text, 8000);
    room->options.voice = true;
    for (int i = 0; i < 700; i++)
        buffer_string(&text, "twenty two ");
    assert_false(text.full);
    assert_int_equal(hear(room, text.bytes)->slots[SLOT_ORDER_NUMBER].count, 0);
    buffer_clear(&text);
}

int main(void) {
    const struct CMUnitTest claims[] = {
        CLAIM(digits_tens_and_hundreds_are_one_number),
        CLAIM(letters_are_read_by_name_alphabet_and_example),
        CLAIM(postcodes_are_spoken_too),
        CLAIM(letters_that_were_written_as_one_word_are_taken_apart),
        CLAIM(number_and_postcode_come_in_one_breath),
        CLAIM(an_accented_letter_alone_is_a_word),
        CLAIM(phones_are_spoken_in_pairs),
        CLAIM(other_ways_to_hear_it_are_candidates),
        CLAIM(the_shops_pattern_chooses_between_letter_and_digit),
        CLAIM(number_words_count_in_chat_too_but_letters_do_not),
        CLAIM(ordinary_sentences_have_no_number_in_them),
        CLAIM(endless_dictation_is_no_number_and_costs_little),
    };
    return cmocka_run_group_tests(claims, room_open, room_close);
}
