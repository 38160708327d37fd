#include "base/calendar.h"
#include "tests/claims.h"
#include <string.h>

static const int64_t HOUR_MS = 3600000;

static struct zone *opened(const char *name) {
    struct error err;
    struct zone *zone = zone_open(name, &err);
    if (!zone)
        fail_msg("%s", err.text);
    return zone;
}

static int64_t utc(int year, int month, int day, int hour, int minute) {
    return ((int64_t)calendar_day(year, month, day) * 1440 + hour * 60 + minute) * 60000;
}

static void paris_is_an_hour_ahead_in_winter_and_two_in_summer(void **state) {
    struct zone *paris = opened("Europe/Paris");
    (void)state;
    assert_string_equal(zone_name(paris), "Europe/Paris");
    assert_int_equal(zone_offset(paris, utc(2026, 3, 29, 0, 59)), 60);
    assert_int_equal(zone_offset(paris, utc(2026, 3, 29, 1, 0)), 120);
    assert_int_equal(zone_offset(paris, utc(2026, 10, 25, 0, 59)), 120);
    assert_int_equal(zone_offset(paris, utc(2026, 10, 25, 1, 0)), 60);
    assert_int_equal(zone_offset(paris, utc(2071, 7, 1, 12, 0)), 120);
    assert_int_equal(zone_day(paris, utc(2026, 3, 10, 23, 0)), calendar_day(2026, 3, 11));
    assert_int_equal(zone_minute(paris, utc(2026, 3, 10, 23, 7)), 7);
    zone_close(paris);
    zone_close(NULL);
}

static void a_time_in_the_gap_is_moved_on(void **state) {
    struct zone *paris = opened("Europe/Paris");
    int32_t day = calendar_day(2026, 3, 29);
    (void)state;
    assert_int_equal(zone_instant(paris, day, 119), utc(2026, 3, 29, 0, 59));
    assert_int_equal(zone_instant(paris, day, 150), utc(2026, 3, 29, 1, 30)); /* 02:30 is told as 03:30 */
    assert_int_equal(zone_minute(paris, zone_instant(paris, day, 150)), 210);
    assert_int_equal(zone_instant(paris, day, 180), utc(2026, 3, 29, 1, 0));
    assert_int_equal(zone_instant(paris, day + 1, 0) - zone_instant(paris, day, 0), 23 * HOUR_MS);
    zone_close(paris);
}

static void a_time_that_comes_twice_is_the_first(void **state) {
    struct zone *paris = opened("Europe/Paris");
    int32_t day = calendar_day(2026, 10, 25);
    (void)state;
    assert_int_equal(zone_instant(paris, day, 119), utc(2026, 10, 24, 23, 59));
    assert_int_equal(zone_instant(paris, day, 150), utc(2026, 10, 25, 0, 30));
    assert_int_equal(zone_instant(paris, day, 180), utc(2026, 10, 25, 2, 0));
    assert_int_equal(zone_instant(paris, day + 1, 0) - zone_instant(paris, day, 0), 25 * HOUR_MS);
    zone_close(paris);
}

static void every_hour_of_forty_years_comes_back_from_its_local_time(void **state) {
    static const char *const names[] = {
        "Europe/Paris", "America/New_York",  "Australia/Lord_Howe", "America/St_Johns",
        "Asia/Kolkata", "Africa/Casablanca", "Pacific/Kiritimati",  "UTC"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct zone *zone = opened(names[i]);
        for (int64_t ms = utc(2000, 1, 1, 0, 0); ms < utc(2040, 1, 1, 0, 0); ms += HOUR_MS) {
            int64_t back = zone_instant(zone, zone_day(zone, ms), zone_minute(zone, ms));
            /* The second time around of an overlap is the only exception. */
            if (back != ms &&
                !(back < ms && zone_offset(zone, back) > zone_offset(zone, ms) && ms - back <= 2 * HOUR_MS))
                fail_msg("%s: %lld came back as %lld", names[i], (long long)ms, (long long)back);
        }
        zone_close(zone);
    }
}

static void midnight_may_be_missing(void **state) {
    struct zone *beirut = opened("Asia/Beirut"); /* clocks go from 00:00 to 01:00 */
    int32_t day = calendar_day(2022, 3, 27);
    (void)state;
    assert_int_equal(zone_day(beirut, zone_instant(beirut, day, 0)), day);
    assert_int_equal(zone_minute(beirut, zone_instant(beirut, day, 0)), 60);
    zone_close(beirut);
}

static void a_day_may_be_missing(void **state) {
    struct zone *apia = opened("Pacific/Apia"); /* 30 December 2011 was left out */
    int32_t day = calendar_day(2011, 12, 30);
    (void)state;
    assert_int_equal(zone_instant(apia, day, 600), zone_instant(apia, day + 1, 600));
    zone_close(apia);
}

static void an_unknown_zone_is_refused_with_its_name(void **state) {
    struct error err;
    (void)state;
    assert_null(zone_open("Europe/Atlantis", &err));
    assert_non_null(strstr(err.text, "Europe/Atlantis"));
    assert_null(zone_open("", &err));
    assert_null(zone_open(NULL, &err));
    assert_null(zone_open("Europe/\xff", &err));
    assert_null(zone_open("a-name-that-is-far-too-long-to-be-the-name-of-any-time-zone-on-this-earth", NULL));
}

static void no_zone_is_utc(void **state) {
    (void)state;
    assert_int_equal(zone_offset(NULL, utc(2026, 7, 1, 0, 0)), 0);
    assert_int_equal(zone_instant(NULL, calendar_day(2026, 7, 1), 90), utc(2026, 7, 1, 1, 30));
    assert_int_equal(zone_day(NULL, -1), -1);
    assert_int_equal(zone_minute(NULL, -1), 1439);
}

static void a_moment_of_either_kind_has_its_day(void **state) {
    struct zone *paris = opened("Europe/Paris");
    int32_t day = calendar_day(2026, 3, 11);
    (void)state;
    assert_int_equal(zone_moment_day(paris, moment_day(day)), day);
    assert_int_equal(zone_moment_day(paris, moment_at(utc(2026, 3, 10, 23, 30), 0)), day);
    assert_int_equal(zone_moment_day(NULL, moment_at(utc(2026, 3, 10, 23, 30), 60)), day - 1);
    assert_int_equal(zone_moment_day(paris, (struct moment){0}), INT32_MIN);
    zone_close(paris);
}

static void every_day_of_the_calendar_splits_and_joins(void **state) {
    int year, month, day;
    int32_t first = calendar_day(1, 1, 1), last = calendar_day(9999, 12, 31);
    (void)state;
    assert_int_equal(first, -719162);
    assert_int_equal(calendar_day(1970, 1, 1), 0);
    for (int32_t at = first; at <= last; at++) {
        calendar_split(at, &year, &month, &day);
        if (calendar_day(year, month, day) != at)
            fail_msg("day %d splits into %d-%d-%d", at, year, month, day);
    }
    calendar_split(last, &year, &month, &day);
    assert_int_equal(year * 10000 + month * 100 + day, 99991231);
}

static void days_that_do_not_exist_are_refused(void **state) {
    static const int none[][3] = {{2026, 2, 29}, {2026, 2, 30}, {2100, 2, 29}, {2026, 4, 31}, {2026, 13, 1},
                                  {2026, 0, 1},  {2026, 1, 0},  {2026, 1, 32}, {0, 1, 1},     {10000, 1, 1}};
    (void)state;
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        assert_int_equal(calendar_day(none[i][0], none[i][1], none[i][2]), INT32_MIN);
    assert_int_not_equal(calendar_day(2024, 2, 29), INT32_MIN);
    assert_int_not_equal(calendar_day(2000, 2, 29), INT32_MIN);
}

static void weeks_begin_on_monday(void **state) {
    (void)state;
    assert_int_equal(calendar_weekday(calendar_day(1970, 1, 1)), 4);
    assert_int_equal(calendar_weekday(calendar_day(2026, 3, 11)), 3);
    assert_int_equal(calendar_weekday(calendar_day(2026, 3, 15)), 7);
    assert_int_equal(calendar_weekday(calendar_day(2026, 3, 16)), 1);
    assert_int_equal(calendar_weekday(calendar_day(1969, 12, 29)), 1);
    assert_int_equal(calendar_weekday(INT32_MIN), calendar_weekday(INT32_MIN + 7));
}

static void easter_falls_when_the_church_says(void **state) {
    static const int easters[][3] = {{1818, 3, 22}, {1943, 4, 25}, {1981, 4, 19}, {2000, 4, 23},
                                     {2008, 3, 23}, {2024, 3, 31}, {2025, 4, 20}, {2026, 4, 5},
                                     {2027, 3, 28}, {2038, 4, 25}, {2049, 4, 18}, {2076, 4, 19},
                                     {2285, 3, 22}};
    (void)state;
    for (size_t i = 0; i < sizeof easters / sizeof easters[0]; i++)
        assert_int_equal(calendar_easter(easters[i][0]),
                         calendar_day(easters[i][0], easters[i][1], easters[i][2]));
}

int main(void) {
    const struct CMUnitTest claims[] = {
        cmocka_unit_test(paris_is_an_hour_ahead_in_winter_and_two_in_summer),
        cmocka_unit_test(a_time_in_the_gap_is_moved_on),
        cmocka_unit_test(a_time_that_comes_twice_is_the_first),
        cmocka_unit_test(every_hour_of_forty_years_comes_back_from_its_local_time),
        cmocka_unit_test(midnight_may_be_missing),
        cmocka_unit_test(a_day_may_be_missing),
        cmocka_unit_test(an_unknown_zone_is_refused_with_its_name),
        cmocka_unit_test(no_zone_is_utc),
        cmocka_unit_test(a_moment_of_either_kind_has_its_day),
        cmocka_unit_test(every_day_of_the_calendar_splits_and_joins),
        cmocka_unit_test(days_that_do_not_exist_are_refused),
        cmocka_unit_test(weeks_begin_on_monday),
        cmocka_unit_test(easter_falls_when_the_church_says),
    };
    return cmocka_run_group_tests_name("base/calendar", claims, NULL, NULL);
}
