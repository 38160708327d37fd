/* Today is Wednesday 11 March 2026. */
#include "tests/intents/reading.h"

static void days_are_named_from_today(void **state) {
    struct room *room = *state;
    static const struct {
        const char *locale, *text, *value;
    } cases[] = {
        {"en", "today", "2026-03-11"},
        {"en", "will it come tomorrow?", "2026-03-12"},
        {"en", "the day after tomorrow", "2026-03-13"},
        {"en", "since yesterday", "2026-03-10"},
        {"en", "before saturday", "2026-03-14"},
        {"en", "wednesday", "2026-03-11"},
        {"en", "next wednesday", "2026-03-18"},
        {"en", "next friday", "2026-03-13"},
        {"en", "last friday", "2026-03-06"},
        {"en", "last wednesday", "2026-03-04"},
        {"en", "sat", "2026-03-14"},
        {"en", "friday 13", "2026-03-13"},
        {"en", "Friday 20 March", "2026-03-20"},
        {"en", "my daughter's birthday is Friday", "2026-03-13"},
        {"en", "by the 14th", "2026-03-14"},
        {"en", "by the 10th", "2026-04-10"},
        {"en", "by Wednesday the 18th", "2026-03-18"},
        {"en", "last Wednesday, the 4th", "2026-03-04"},
        {"en", "the one of the 10th", "2026-03-10"},
        {"en", "the 31st", "2026-03-31"},
        {"en", "the first", "2026-04-01"},
        {"en", "in 3 days", "2026-03-14"},
        {"en", "in two days", "2026-03-13"},
        {"en", "10 days ago", "2026-03-01"},
        {"en", "14 march", "2026-03-14"},
        {"en", "March 14th", "2026-03-14"},
        {"en", "the 14th of march 2027", "2027-03-14"},
        {"en", "3 Mar", "2026-03-03"},
        {"en", "the 14th of march of 2025", "2025-03-14"},
        {"en", "the third of march", "2026-03-03"},
        {"en", "march twenty first", "2026-03-21"},
        {"en", "the one of 3 december", "2025-12-03"},
        {"en", "5 january", "2026-01-05"},
        {"en", "ordered on 20 march", "2025-03-20"},
        {"en", "christmas", "2026-12-25"},
        {"en", "last christmas", "2025-12-25"},
        {"en", "easter", "2026-04-05"},
        {"en", "easter monday", "2026-04-06"},
        {"en", "mother's day", "2026-05-10"},
        {"en", "memorial day", "2026-05-25"},
        {"en", "14/03", "2026-03-14"},
        {"en", "14/03/2026", "2026-03-14"},
        {"en", "14/3/26", "2026-03-14"},
        {"en", "14.03.2026", "2026-03-14"},
        {"en", "14.3. please", "2026-03-14"},
        {"en", "2026-03-14", "2026-03-14"},
        {"en", "14-03-2026", "2026-03-14"},
        {"en", "03/25", "2026-03-25"},
        {"fr", "demain", "2026-03-12"},
        {"fr", "avant-hier", "2026-03-09"},
        {"fr", "avant vendredi", "2026-03-13"},
        {"fr", "vendredi dernier", "2026-03-06"},
        {"fr", "ce week-end", "2026-03-14"},
        {"fr", "pour Noël", "2026-12-25"},
        {"fr", "le 14", "2026-03-14"},
        {"fr", "pour mercredi le 18", "2026-03-18"},
        {"fr", "le 1er avril", "2026-04-01"},
        {"fr", "celle du 3 mars", "2026-03-03"},
        {"fr", "la commande du 3 mrs", "2026-03-03"},
        {"fr", "15 août", "2026-08-15"},
        {"fr", "dans dix jours", "2026-03-21"},
        {"fr", "il y a 2 jours", "2026-03-09"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        room->options.locale = cases[i].locale;
        const char *value = best(hear(room, cases[i].text), SLOT_DATE);
        if (strcmp(value, cases[i].value) != 0)
            fail_msg("%s: %s, expected %s", cases[i].text, value, cases[i].value);
    }
}

static void spoken_days_of_a_month_are_read(void **state) {
    struct room *room = *state;
    room->options.voice = true;
    assert_string_equal(best(hear(room, "it was due on march three"), SLOT_DATE), "2026-03-03");
    assert_string_equal(best(hear(room, "the twenty five of march"), SLOT_DATE), "2026-03-25");
    room->options.locale = "fr";
    assert_string_equal(best(hear(room, "le trois mars"), SLOT_DATE), "2026-03-03");
}

static void a_day_that_has_just_been_is_not_next_years(void **state) {
    struct room *room = *state;
    const struct reading *reading = hear(room, "I need it before 10 March");
    assert_int_equal(reading->slots[SLOT_DATE].count, 1);
    assert_string_equal(best(reading, SLOT_DATE), "2026-03-10");
    assert_string_equal(best(hear(room, "for 12 March"), SLOT_DATE), "2026-03-12");
    reading = hear(room, "for 20 December"); /* long past: it may also be the coming one */
    assert_int_equal(reading->slots[SLOT_DATE].count, 2);
    assert_true(score_of(reading, SLOT_DATE, "2026-12-20") > 0);
}

static void the_country_says_which_number_is_the_month(void **state) {
    struct room *room = *state;
    assert_string_equal(best(hear(room, "3/4"), SLOT_DATE), "2026-04-03");
    assert_true(score_of(&room->reading, SLOT_DATE, "2026-03-04") > 0);
    room->options.country = "US";
    assert_string_equal(best(hear(room, "3/4"), SLOT_DATE), "2026-03-04");
    assert_string_equal(best(hear(room, "3/4/2026"), SLOT_DATE), "2026-03-04");
}

static void no_day_is_made_up(void **state) {
    static const char *const texts[] = {
        "31/02/2026",  "99/99",       "24/7",       "it sat there for a while",
        "may I ask",   "march",       "1/2 days",   "1.5",
        "30/118",      "in 999 days", "2026-13-01", "the 99th",
        "version 1.2", "I moved on",  "32 march"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (strcmp(best(hear(*state, texts[i]), SLOT_DATE), "") != 0)
            fail_msg("%s: %s", texts[i], best(&((struct room *)*state)->reading, SLOT_DATE));
}

static void an_asked_for_date_is_surer(void **state) {
    struct room *room = *state;
    double score = score_of(hear(room, "saturday"), SLOT_DATE, "2026-03-14");
    room->options.expected = SLOT_DATE;
    assert_true(score_of(hear(room, "saturday"), SLOT_DATE, "2026-03-14") > score);
}

static void yes_no_and_choices_are_read(void **state) {
    struct room *room = *state;
    static const struct {
        const char *text;
        enum slot slot;
        const char *value;
        int expected;
    } cases[] = {{"Yes!", SLOT_YES_NO, "yes", -1},
                 {"\U0001F44D", SLOT_YES_NO, "yes", -1},
                 {"\U0001F44D\U0001F3FD\U0001F44D", SLOT_YES_NO, "yes", -1},
                 {"\U0001F44E", SLOT_YES_NO, "no", SLOT_YES_NO},
                 {"great\U0001F44C", SLOT_YES_NO, "yes", SLOT_YES_NO},
                 {"yes please", SLOT_YES_NO, "yes", -1},
                 {"no thanks", SLOT_YES_NO, "no", -1},
                 {"yes it is the blue one", SLOT_YES_NO, "yes", SLOT_YES_NO},
                 {"well yes", SLOT_YES_NO, "yes", SLOT_YES_NO},
                 {"well yes", SLOT_YES_NO, "", -1},
                 {"the second", SLOT_CHOICE, "2", -1},
                 {"both", SLOT_CHOICE, "both", -1},
                 {"and the other", SLOT_CHOICE, "other", SLOT_CHOICE},
                 {"3", SLOT_CHOICE, "3", SLOT_CHOICE},
                 {"3", SLOT_CHOICE, "", -1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        room->options.expected = cases[i].expected;
        const char *value = best(hear(room, cases[i].text), cases[i].slot);
        if (strcmp(value, cases[i].value) != 0)
            fail_msg("%s: %s, expected %s", cases[i].text, value, cases[i].value);
    }
}

int main(void) {
    const struct CMUnitTest claims[] = {
        CLAIM(days_are_named_from_today),
        CLAIM(spoken_days_of_a_month_are_read),
        CLAIM(a_day_that_has_just_been_is_not_next_years),
        CLAIM(the_country_says_which_number_is_the_month),
        CLAIM(no_day_is_made_up),
        CLAIM(an_asked_for_date_is_surer),
        CLAIM(yes_no_and_choices_are_read),
    };
    return cmocka_run_group_tests(claims, room_open, room_close);
}
