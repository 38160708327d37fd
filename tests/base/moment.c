#include "base/moment.h"
#include "base/calendar.h"
#include "tests/claims.h"
#include <string.h>

static struct zone *paris;

static int open_paris(void **state) {
    (void)state;
    struct error err;
    paris = zone_open("Europe/Paris", &err);
    return paris ? 0 : -1;
}

static int close_paris(void **state) {
    (void)state;
    zone_close(paris);
    return 0;
}

static void every_accepted_writing_is_read(void **state) {
    static const struct {
        const char *written, *printed;
    } rows[] = {
        {"2026-03-11", "2026-03-11"},
        {"2024-02-29", "2024-02-29"},
        {"2026-03-11T09:00:00+01:00", "2026-03-11T09:00:00+01:00"},
        {"2026-03-11T09:00:00Z", "2026-03-11T09:00:00Z"},
        {"2026-03-11t09:00:00z", "2026-03-11T09:00:00Z"},
        {"2026-03-11T09:00:00+00:00", "2026-03-11T09:00:00Z"},
        {"2026-03-11T09:00+0100", "2026-03-11T09:00:00+01:00"},
        {"2026-03-11T09:00+01", "2026-03-11T09:00:00+01:00"},
        {"2026-03-11 09:00:00 +0100", "2026-03-11T09:00:00+01:00"},
        {"2026-03-11 09:00", "2026-03-11T09:00:00+01:00"}, /* in the shop's zone */
        {"2026-07-11 09:00:30", "2026-07-11T09:00:30+02:00"},
        {"2026-03-11T09:00:00.5-03:30", "2026-03-11T09:00:00.500-03:30"},
        {"2026-03-11T09:00:00,123456789Z", "2026-03-11T09:00:00.123Z"},
        {"2026-03-29 02:30", "2026-03-29T03:30:00+02:00"}, /* a gap is moved on */
        {"2026-10-25 02:30", "2026-10-25T02:30:00+02:00"}, /* an overlap is the first */
        {"2026-01-01T00:30:00+14:00", "2026-01-01T00:30:00+14:00"},
        {"1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"},
        {"0001-01-01", "0001-01-01"},
        {"9999-12-31", "9999-12-31"},
        {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"}, /* a leap second */
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct moment moment;
        char printed[MOMENT_SIZE];
        if (!moment_parse(&moment, rows[i].written, paris))
            fail_msg("%s is refused", rows[i].written);
        moment_print(printed, moment);
        assert_string_equal(printed, rows[i].printed);
        struct moment again;
        assert_true(moment_parse(&again, printed, NULL));
        assert_int_equal(again.ms, moment.ms);
        assert_int_equal(again.offset, moment.offset);
        assert_int_equal(again.kind, moment.kind);
    }
}

static void what_is_no_moment_is_refused(void **state) {
    static const char *const rows[] = {"",
                                       " ",
                                       "2026-02-29",
                                       "2026-02-30",
                                       "2026-04-31",
                                       "2026-13-01",
                                       "2026-00-10",
                                       "2026-01-00",
                                       "0000-01-01",
                                       "2026-1-1",
                                       "26-01-01",
                                       "20260311",
                                       "2026/03/11",
                                       "11-03-2026",
                                       "2026-03-11T",
                                       "2026-03-11 ",
                                       " 2026-03-11",
                                       "2026-03-11T9:00",
                                       "2026-03-11T24:00",
                                       "2026-03-11T09:60",
                                       "2026-03-11T09:00:61",
                                       "2026-03-11T09:00:",
                                       "2026-03-11T09:00:00.",
                                       "2026-03-11T09:00:00.Z",
                                       "2026-03-11T09:00:00+",
                                       "2026-03-11T09:00:00+1",
                                       "2026-03-11T09:00:00+01:",
                                       "2026-03-11T09:00:00+01:0",
                                       "2026-03-11T09:00:00+01:60",
                                       "2026-03-11T09:00:00+15:00",
                                       "2026-03-11T09:00:00+14:01",
                                       "2026-03-11T09:00:00+01:00x",
                                       "2026-03-11T09:00:00  +0100",
                                       "2026-03-11T09:00:00 ",
                                       "2026-03-11T09:00:00 UTC",
                                       "tomorrow",
                                       "1773216000"};
    struct moment moment;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (moment_parse(&moment, rows[i], paris))
            fail_msg("'%s' is accepted", rows[i]);
    assert_false(moment_parse(&moment, NULL, paris));
}

static void an_instant_is_the_same_in_every_offset(void **state) {
    struct moment here, there;
    (void)state;
    assert_true(moment_parse(&here, "2026-03-11T09:00:00+01:00", NULL));
    assert_true(moment_parse(&there, "2026-03-11T03:00:00-05:00", NULL));
    assert_int_equal(here.ms, there.ms);
    assert_int_equal(here.ms, INT64_C(1773216000000));
    assert_int_equal(moment_compare(here, there, paris), 0);
}

static void none_sorts_before_all_and_a_day_at_its_midnight(void **state) {
    struct moment none = {0}, day = moment_day(calendar_day(2026, 3, 11)), before, midnight;
    char printed[MOMENT_SIZE];
    (void)state;
    assert_true(moment_parse(&before, "2026-03-10T23:59:59+01:00", NULL));
    assert_true(moment_parse(&midnight, "2026-03-11T00:00:00+01:00", NULL));
    assert_int_equal(moment_compare(none, none, paris), 0);
    assert_true(moment_compare(none, before, paris) < 0);
    assert_true(moment_compare(day, none, paris) > 0);
    assert_true(moment_compare(before, day, paris) < 0);
    assert_true(moment_compare(day, before, paris) > 0);
    assert_int_equal(moment_compare(day, midnight, paris), 0);
    assert_true(moment_compare(midnight, day, NULL) < 0); /* 23:00 UTC of the day before */
    moment_print(printed, none);
    assert_string_equal(printed, "");
}

static void a_day_before_its_month_is_told_from_one_behind_it(void **state) {
    (void)state;
    static const struct {
        const char *text, *iso, *dmy, *mdy;
    } moments[] = {
        {"01/03/2026", "", "2026-03-01", "2026-01-03"},
        {"1-3-2026 9:05", "", "2026-03-01T09:05:00+01:00", "2026-01-03T09:05:00+01:00"},
        {"13/03/2026 12:33", "2026-03-13T12:33:00+01:00", "2026-03-13T12:33:00+01:00", ""},
        {"03/13/2026", "2026-03-13", "", "2026-03-13"},
        {"01.03.2026, 09:05", "2026-03-01T09:05:00+01:00", "2026-03-01T09:05:00+01:00",
         "2026-03-01T09:05:00+01:00"},
        {"2026-03-01", "2026-03-01", "2026-03-01", "2026-03-01"},
        {"30/02/2026", "", "", ""},
        {"01/03-2026", "", "", ""},
        {"01/03/26", "", "", ""},
        {"01/03/2026x", "", "", ""},
        {"001/03/2026", "", "", ""},
        {"01/03/2026 12:33:00.0000000000000000000000000000000000", "", "", ""},
        {"", "", "", ""},
    };
    for (size_t i = 0; i < sizeof moments / sizeof moments[0]; i++) {
        const char *expected[] = {moments[i].iso, moments[i].dmy, moments[i].mdy};
        for (enum moment_order order = MOMENT_ISO; order <= MOMENT_MDY; order++) {
            struct moment moment = {0};
            char text[MOMENT_SIZE];
            if (!moment_parse_ordered(&moment, moments[i].text, paris, order))
                moment = (struct moment){0};
            moment_print(text, moment);
            assert_string_equal(text, expected[order]);
        }
    }
    assert_false(moment_parse_ordered(&(struct moment){0}, NULL, NULL, MOMENT_DMY));
}

static void a_moment_out_of_the_calendar_prints_as_none(void **state) {
    static const int64_t far[] = {INT64_MIN / 2, INT64_MAX / 2, INT64_C(253402300800000)};
    char printed[MOMENT_SIZE];
    (void)state;
    for (size_t i = 0; i < sizeof far / sizeof far[0]; i++) {
        moment_print(printed, moment_at(far[i], 0));
        assert_string_equal(printed, "");
    }
}

int main(void) {
    const struct CMUnitTest claims[] = {
        cmocka_unit_test(every_accepted_writing_is_read),
        cmocka_unit_test(what_is_no_moment_is_refused),
        cmocka_unit_test(an_instant_is_the_same_in_every_offset),
        cmocka_unit_test(none_sorts_before_all_and_a_day_at_its_midnight),
        cmocka_unit_test(a_day_before_its_month_is_told_from_one_behind_it),
        cmocka_unit_test(a_moment_out_of_the_calendar_prints_as_none),
    };
    return cmocka_run_group_tests_name("base/moment", claims, open_paris, close_paris);
}
