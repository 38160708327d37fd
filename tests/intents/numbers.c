/* Numbers as customers write them, through the whole reader. */
#include "intents/entities.h"
#include "tests/intents/reading.h"

static void order_numbers_are_read_however_they_are_written(void **state) {
    static const struct {
        const char *text, *value;
    } cases[] = {
        {"84512", "84512"},
        {"my order is 84512", "84512"},
        {"order no. 84512.", "84512"},
        {"n° 84512", "84512"},
        {"n°84512", "84512"},
        {"№ 84512", "84512"},
        {"#42", "42"},
        {"# 1042", "1042"},
        {"order#1042", "1042"},
        {"it's 1180-33, thanks", "1180-33"},
        {"4410-b", "4410-B"},
        {"fr-30118", "FR-30118"},
        {"FR-30 118 ", "30118"}, /* the prefix is missing, as when customers leave it out */
        {"order (10042)", "10042"},
        {"10,042", "10042"},
        {"10.042", "10042"},
        {"1-0-0-4-2", "10042"},
        {"1 0 0 4 2", "10042"},
        {"400 79", "40079"},
        {"1042/2026", "1042/2026"},
        {"order_1042", "1042"},
        {"order: １０４２", "1042"},
        {"orders 20931 and 20957", "20931"},
        {"XY12345", "XY12345"},
        {"order84512", "84512"},
        {"order number84512", "84512"},
        {"where is ORDER-12", "12"},
        {"order number is 123", "123"},
        {"it is 84512, £20", "84512"},
        {"order 84512 £20", "84512"},
        {"I paid 42 € 84512", "84512"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *value = best(hear(*state, cases[i].text), SLOT_ORDER_NUMBER);
        if (strcmp(value, cases[i].value) != 0)
            fail_msg("%s: \"%s\", expected %s", cases[i].text, value, cases[i].value);
    }
}

static void what_is_no_order_number_is_not_read_as_one(void **state) {
    static const char *const texts[] = {"2 parcels",
                                        "it costs 49,90 €",
                                        "$1200 is much",
                                        "at 14:30",
                                        "at 14h30",
                                        "5pm",
                                        "on 14/03/2026",
                                        "on 2026-03-14",
                                        "24/7",
                                        "12",
                                        "1500 items",
                                        "1 200 euros",
                                        "iphone 15",
                                        "call 06 12 34 56 78",
                                        "ps5",
                                        "1200 GBP",
                                        "20eur",
                                        "49€90",
                                        "in 2025",
                                        "in march 2026",
                                        "EUR 49.90",
                                        "CHF 1200",
                                        "£1500",
                                        "a@b2024.com",
                                        "1500 pounds",
                                        "at 5 pm",
                                        "",
                                        "? ! ...",
                                        "12:30",
                                        "call +44 7911 123456"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const struct reading *reading = hear(*state, texts[i]);
        if (reading->slots[SLOT_ORDER_NUMBER].count > 0 &&
            reading->slots[SLOT_ORDER_NUMBER].candidates[0].score >= .4)
            fail_msg("%s: read as order %s", texts[i], best(reading, SLOT_ORDER_NUMBER));
    }
}

static void the_place_of_a_number_is_told(void **state) {
    const struct reading *reading = hear(*state, "où est né : n° 84512 ?");
    assert_int_equal(reading->slots[SLOT_ORDER_NUMBER].candidates[0].begin, strlen("où est né : n° "));
    assert_int_equal(reading->slots[SLOT_ORDER_NUMBER].candidates[0].end, strlen("où est né : n° 84512"));
    reading = hear(*state, "é");
    assert_int_equal(reading->slots[SLOT_ORDER_NUMBER].count, 0);
}

static void the_shops_pattern_comes_before_other_shapes(void **state) {
    struct room *room = *state;
    struct error err;
    struct number_pattern *pattern = number_pattern_new("FR-\\d{4,6}", &err);
    assert_non_null(pattern);
    room->options.number = pattern;
    static const struct {
        const char *text, *value;
    } cases[] = {{"7755123 FR-30118", "FR-30118"}, {"fr 30118", "FR30118"},          {"fr 30 118", "FR30118"},
                 {"fr30118", "FR30118"},           {"my order FR30118.", "FR30118"}, {"30118", "30118"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *value = best(hear(room, cases[i].text), SLOT_ORDER_NUMBER);
        if (strcmp(value, cases[i].value) != 0)
            fail_msg("%s: %s, expected %s", cases[i].text, value, cases[i].value);
    }
    number_pattern_free(pattern);
    room->options.number = pattern = number_pattern_new("\\d{4}-[A-D]", &err);
    assert_string_equal(best(hear(room, "its 4410 b i think"), SLOT_ORDER_NUMBER), "4410B");
    number_pattern_free(pattern);
}

static void numbers_of_letters_alone_need_capitals_a_cue_or_the_question(void **state) {
    struct room *room = *state;
    struct error err;
    struct number_pattern *pattern = number_pattern_new("[A-Z]{9}", &err);
    room->options.number = pattern;
    assert_string_equal(best(hear(room, "it is XKBKNABJK"), SLOT_ORDER_NUMBER), "XKBKNABJK");
    assert_string_equal(best(hear(room, "order xkbknabjk"), SLOT_ORDER_NUMBER), "XKBKNABJK");
    assert_string_equal(best(hear(room, "something is wrong"), SLOT_ORDER_NUMBER), "");
    assert_string_equal(best(hear(room, "xkbknabjk"), SLOT_ORDER_NUMBER), "");
    room->options.expected = SLOT_ORDER_NUMBER;
    assert_string_equal(best(hear(room, "xkbknabjk"), SLOT_ORDER_NUMBER), "XKBKNABJK");
    number_pattern_free(pattern);
}

static void what_was_asked_for_comes_first(void **state) {
    struct room *room = *state;
    room->options.expected = SLOT_POSTCODE;
    const struct reading *reading = hear(room, "1050");
    assert_string_equal(best(reading, SLOT_POSTCODE), "1050");
    double as_order = score_of(reading, SLOT_ORDER_NUMBER, "1050");
    assert_true(as_order > 0 && as_order < score_of(reading, SLOT_POSTCODE, "1050"));
    room->options.expected = SLOT_ORDER_NUMBER;
    reading = hear(room, "1050");
    assert_true(score_of(reading, SLOT_ORDER_NUMBER, "1050") > score_of(reading, SLOT_POSTCODE, "1050"));
    assert_string_equal(best(hear(room, "42"), SLOT_ORDER_NUMBER), "42");
    room->options.expected = SLOT_PHONE;
    assert_string_equal(best(hear(room, "it ends in 5678"), SLOT_PHONE), "5678");
    room->options.expected = SLOT_TRACKING_NUMBER;
    assert_string_equal(best(hear(room, "4471982330"), SLOT_TRACKING_NUMBER), "4471982330");
    room->options.expected = SLOT_CHOICE;
    assert_string_equal(best(hear(room, "2"), SLOT_CHOICE), "2");
}

static void postcodes_are_known_by_shape_cue_and_country(void **state) {
    struct room *room = *state;
    static const struct {
        const char *text, *country, *value;
    } cases[] = {{"LS6 2QT", "GB", "LS6 2QT"},
                 {"ls62qt", "GB", "LS6 2QT"},
                 {"my postcode is 69003", "FR", "69003"},
                 {"1012 AB", "NL", "1012 AB"},
                 {"zip 02139-1234", "US", "02139-1234"},
                 {"zip 02139", "US", "02139"},
                 {"K1A 0B1", "CA", "K1A 0B1"},
                 {"D02 AF30", "IE", "D02 AF30"},
                 {"1100-148", "PT", "1100-148"},
                 {"postcode 1050", "BE", "1050"},
                 {"L-1212", "LU", "1212"},
                 {"ba1 5lr please", "GB", "BA1 5LR"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        room->options.country = cases[i].country;
        const char *value = best(hear(room, cases[i].text), SLOT_POSTCODE);
        if (strcmp(value, cases[i].value) != 0)
            fail_msg("%s: %s, expected %s", cases[i].text, value, cases[i].value);
        assert_true(score_of(&room->reading, SLOT_POSTCODE, value) >= .7);
    }
    room->options.country = "FR";
    const struct reading *reading = hear(room, "order 84512, postcode 69003");
    assert_string_equal(best(reading, SLOT_ORDER_NUMBER), "84512");
    assert_string_equal(best(reading, SLOT_POSTCODE), "69003");
    reading = hear(room, "1180-33, 44000");
    assert_string_equal(best(reading, SLOT_ORDER_NUMBER), "1180-33");
    assert_string_equal(best(reading, SLOT_POSTCODE), "44000");
    hear(room, "1042 is late");
    assert_int_equal(score_of(&room->reading, SLOT_POSTCODE, "1042 IS") * 100, 0);
}

static void phones_are_international_when_the_country_is_known(void **state) {
    struct room *room = *state;
    static const struct {
        const char *text, *country, *value;
    } cases[] = {{"06 12 34 56 78", "FR", "+33612345678"},        {"0612345678", "FR", "+33612345678"},
                 {"06.12.34.56.78", "FR", "+33612345678"},        {"+33 6 12 34 56 78", "", "+33612345678"},
                 {"0033612345678", "FR", "+33612345678"},         {"07911 123456", "GB", "+447911123456"},
                 {"(617) 555-0123", "US", "+16175550123"},        {"06 12 34 56 78", "", "0612345678"},
                 {"my phone is 612345678", "ES", "+34612345678"}, {"phone 5678", "FR", "5678"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        room->options.country = cases[i].country;
        const char *value = best(hear(room, cases[i].text), SLOT_PHONE);
        if (strcmp(value, cases[i].value) != 0)
            fail_msg("%s: %s, expected %s", cases[i].text, value, cases[i].value);
    }
}

static void what_follows_a_number_in_one_breath_is_its_proof(void **state) {
    struct room *room = *state;
    static const struct {
        const char *text, *number, *phone, *postcode;
    } cases[] = {
        {"FR-1053 0012", "FR-1053", "0012", ""},
        {"FR1053, 0012", "FR1053", "0012", ""},
        {"84512 7501", "84512", "7501", ""},
        {"FR-1053 38000", "FR-1053", "", "38000"},
        {"FR-1053 06 12 34 56 78", "FR-1053", "+33612345678", ""},
        {"1053 1054", "1053", "", ""}, /* two orders */
        {"FR-1053 2026", "FR-1053", "", ""},
    };
    struct error err;
    struct number_pattern *pattern = number_pattern_new("FR-\\d{4,}", &err);
    room->options.country = "FR";
    for (int own = 0; own < 2; own++) {
        room->options.number = own ? pattern : NULL;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
            const struct reading *reading = hear(room, cases[i].text);
            const char *number = best(reading, SLOT_ORDER_NUMBER), *phone = best(reading, SLOT_PHONE);
            if (strcmp(number, cases[i].number) != 0 || strcmp(phone, cases[i].phone) != 0)
                fail_msg("%s: %s, %s", cases[i].text, number, phone);
            if (cases[i].postcode[0])
                assert_string_equal(best(reading, SLOT_POSTCODE), cases[i].postcode);
        }
    }
    number_pattern_free(pattern);
}

static void tracking_numbers_are_read_in_groups_and_by_their_cue(void **state) {
    static const struct {
        const char *text, *value;
    } cases[] = {{"1Z999AA10123456784", "1Z999AA10123456784"},
                 {"1z 999 aa1 01 2345 6784", "1Z999AA10123456784"},
                 {"RR 473 124 829 GB is stuck", "RR473124829GB"},
                 {"6A18987970674", "6A18987970674"},
                 {"tracking number 44719823", "44719823"},
                 {"tracking AB44719823X", "AB44719823X"},
                 {"JVGL1234567890123", "JVGL1234567890123"},
                 {"BE68539007547034", ""}, /* an account's */
                 {"order AB1234567890123", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *value = best(hear(*state, cases[i].text), SLOT_TRACKING_NUMBER);
        if (strcmp(value, cases[i].value) != 0)
            fail_msg("%s: %s, expected %s", cases[i].text, value, cases[i].value);
        if (value[0] && strcmp(best(&((struct room *)*state)->reading, SLOT_ORDER_NUMBER), value) == 0 &&
            score_of(&((struct room *)*state)->reading, SLOT_ORDER_NUMBER, value) >
                score_of(&((struct room *)*state)->reading, SLOT_TRACKING_NUMBER, value))
            fail_msg("%s is rather an order number", cases[i].text);
    }
}

static void no_number_swallows_a_word(void **state) {
    struct room *room = *state;
    static const char *const texts[] = {"FR-1042 69003 où est-il, quel transporteur",
                                        "FR-1042 69003 je veux le voir", "FR-1042 69003 OÙ EST-IL"};
    room->options.locale = "fr";
    room->options.country = "FR";
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const struct reading *reading = hear(room, texts[i]);
        assert_string_equal(best(reading, SLOT_ORDER_NUMBER), "FR-1042");
        assert_string_equal(best(reading, SLOT_POSTCODE), "69003");
        if (reading->slots[SLOT_TRACKING_NUMBER].count > 0)
            fail_msg("%s: %s", texts[i], best(reading, SLOT_TRACKING_NUMBER));
    }
    assert_string_equal(best(hear(room, "RR 473 124 829 LE"), SLOT_TRACKING_NUMBER), "RR473124829LE");
}

static void what_is_called_a_postcode_is_no_end_of_a_phone_number(void **state) {
    struct room *room = *state;
    room->options.country = "FR";
    for (int asked = 0; asked < 2; asked++) {
        room->options.expected = asked ? SLOT_PHONE : -1;
        assert_int_equal(hear(room, "my postcode is 6900")->slots[SLOT_PHONE].count, 0);
    }
    assert_true(score_of(&room->reading, SLOT_POSTCODE, "6900") <
                score_of(hear(room, "my postcode is 69003"), SLOT_POSTCODE, "69003"));
}

static void the_patterns_see_marks_in_place_of_entities(void **state) {
    static const struct {
        const char *text, *seen;
    } cases[] = {{"where is my order 7751234?", " where is my order <order_number> "},
                 {"mail a.b@c.com. ok", " mail <email> . ok "},
                 {"over 49,90 € at 14:30 on 14/03", " over <amount> at <time> on <date> "},
                 {"2 parcels in 48h", " 2 parcels in 48h "},
                 {"1Z 999 AA1 01 2345 6784 late", " <tracking_number> late "}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(hear(*state, cases[i].text)->folded, cases[i].seen);
}

static void a_correction_takes_the_place_of_what_was_said_before(void **state) {
    struct room *room = *state;
    const struct reading *reading = hear(room, "order 84512, sorry, I mean 84521");
    assert_true(reading->corrected);
    assert_string_equal(best(reading, SLOT_ORDER_NUMBER), "84521");
    assert_int_equal(reading->slots[SLOT_ORDER_NUMBER].count, 1);
    reading = hear(room, "no, 84521");
    assert_true(reading->corrected);
    assert_false(hear(room, "no")->corrected);
    assert_false(hear(room, "84512, sorry")->corrected);
    assert_string_equal(best(&room->reading, SLOT_ORDER_NUMBER), "84512");
    assert_string_equal(best(hear(room, "order 84512, sorry to insist, 33000"), SLOT_ORDER_NUMBER), "84512");
    assert_string_equal(best(hear(room, "84512? sorry, I have 4 kids and 3000 things"), SLOT_ORDER_NUMBER),
                        "84512");
    assert_false(room->reading.corrected);
}

static void no_more_candidates_than_fit_are_kept_and_the_best_stay(void **state) {
    char text[2000] = "";
    for (int i = 0; i < 40; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%d; ", 770000 + i);
    snprintf(text + strlen(text), sizeof text - strlen(text), "order 7812345");
    const struct reading *reading = hear(*state, text);
    assert_int_equal(reading->slots[SLOT_ORDER_NUMBER].count, SLOT_CANDIDATES);
    assert_string_equal(best(reading, SLOT_ORDER_NUMBER), "7812345");
    for (int i = 1; i < SLOT_CANDIDATES; i++)
        assert_true(reading->slots[SLOT_ORDER_NUMBER].candidates[i].score <=
                    reading->slots[SLOT_ORDER_NUMBER].candidates[i - 1].score);
}

int main(void) {
    const struct CMUnitTest claims[] = {
        CLAIM(order_numbers_are_read_however_they_are_written),
        CLAIM(what_is_no_order_number_is_not_read_as_one),
        CLAIM(the_place_of_a_number_is_told),
        CLAIM(the_shops_pattern_comes_before_other_shapes),
        CLAIM(numbers_of_letters_alone_need_capitals_a_cue_or_the_question),
        CLAIM(what_was_asked_for_comes_first),
        CLAIM(postcodes_are_known_by_shape_cue_and_country),
        CLAIM(phones_are_international_when_the_country_is_known),
        CLAIM(what_follows_a_number_in_one_breath_is_its_proof),
        CLAIM(tracking_numbers_are_read_in_groups_and_by_their_cue),
        CLAIM(no_number_swallows_a_word),
        CLAIM(what_is_called_a_postcode_is_no_end_of_a_phone_number),
        CLAIM(the_patterns_see_marks_in_place_of_entities),
        CLAIM(a_correction_takes_the_place_of_what_was_said_before),
        CLAIM(no_more_candidates_than_fit_are_kept_and_the_best_stay),
    };
    return cmocka_run_group_tests(claims, room_open, room_close);
}
