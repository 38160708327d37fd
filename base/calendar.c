#include "base/calendar.h"
#include "base/memory.h"
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucal.h>
#include <unicode/ustring.h>

enum { DAY_MS = 86400000, MINUTE_MS = 60000, NAME_SIZE = 64 };

struct transition {
    int64_t ms;
    int before, after; /* minutes east of UTC */
};

struct zone {
    char name[NAME_SIZE];
    int offset; /* before the first transition */
    size_t count;
    _Atomic(size_t) recent; /* how many transitions were past when last asked: mostly the answer again */
    struct transition transitions[];
};

static int64_t floor_divide(int64_t a, int64_t b) {
    return a / b - (a % b < 0);
}

static int calendar_offset(UCalendar *calendar, UErrorCode *code) {
    return (ucal_get(calendar, UCAL_ZONE_OFFSET, code) + ucal_get(calendar, UCAL_DST_OFFSET, code)) /
           MINUTE_MS;
}

/* The transitions of 1970 to 2100; a zone has at most a few hundred (Morocco's Ramadan makes the most). */
static struct zone *zone_read(UCalendar *calendar, UErrorCode *code) {
    int64_t end = (int64_t)calendar_day(2101, 1, 1) * DAY_MS;
    size_t size = 320;
    struct zone *zone = malloc(sizeof *zone + size * sizeof zone->transitions[0]);
    if (!zone)
        memory_exhausted();
    *zone = (struct zone){0};
    ucal_setMillis(calendar, 0, code);
    zone->offset = calendar_offset(calendar, code);
    int offset = zone->offset;
    UDate next;
    while (U_SUCCESS(*code) &&
           ucal_getTimeZoneTransitionDate(calendar, UCAL_TZ_TRANSITION_NEXT, &next, code) &&
           next < (double)end) {
        ucal_setMillis(calendar, next, code);
        int after = calendar_offset(calendar, code);
        if (after == offset)
            continue;
        if (zone->count == size) {
            size *= 2;
            zone = realloc(zone, sizeof *zone + size * sizeof zone->transitions[0]);
            if (!zone)
                memory_exhausted();
        }
        zone->transitions[zone->count++] = (struct transition){(int64_t)next, offset, after};
        offset = after;
    }
    return zone;
}

struct zone *zone_open(const char *name, struct error *err) {
    UErrorCode code = U_ZERO_ERROR;
    UChar wide[NAME_SIZE], canonical[NAME_SIZE];
    if (!name || !name[0] || strlen(name) >= NAME_SIZE) {
        error_set(err, "a time zone has a name such as Europe/Paris, found '%.80s'", name ? name : "");
        return NULL;
    }
    u_strFromUTF8(wide, NAME_SIZE, NULL, name, -1, &code);
    ucal_getCanonicalTimeZoneID(wide, -1, canonical, NAME_SIZE, NULL, &code);
    UCalendar *calendar = U_SUCCESS(code) ? ucal_open(wide, -1, "en", UCAL_GREGORIAN, &code) : NULL;
    struct zone *zone = U_SUCCESS(code) ? zone_read(calendar, &code) : NULL;
    if (calendar)
        ucal_close(calendar);
    if (U_FAILURE(code)) {
        error_set(err, "no time zone is called '%s'; a name is written as in Europe/Paris", name);
        free(zone);
        return NULL;
    }
    memcpy(zone->name, name, strlen(name) + 1);
    return zone;
}

void zone_close(struct zone *zone) {
    free(zone);
}

const char *zone_name(const struct zone *zone) {
    return zone ? zone->name : "UTC";
}

int zone_offset(const struct zone *zone, int64_t ms) {
    size_t low = 0, high = zone ? zone->count : 0;
    size_t recent = zone ? atomic_load_explicit(&zone->recent, memory_order_relaxed) : 0;
    if (recent > 0 && zone->transitions[recent - 1].ms <= ms &&
        (recent == high || ms < zone->transitions[recent].ms))
        return zone->transitions[recent - 1].after;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (zone->transitions[middle].ms <= ms)
            low = middle + 1;
        else
            high = middle;
    }
    if (!zone)
        return 0;
    atomic_store_explicit(&((struct zone *)zone)->recent, low, memory_order_relaxed); /* made here */
    return low ? zone->transitions[low - 1].after : zone->offset;
}

int32_t zone_day(const struct zone *zone, int64_t ms) {
    return (int32_t)floor_divide(ms + (int64_t)zone_offset(zone, ms) * MINUTE_MS, DAY_MS);
}

int zone_minute(const struct zone *zone, int64_t ms) {
    int64_t local = ms + (int64_t)zone_offset(zone, ms) * MINUTE_MS;
    return (int)((local - floor_divide(local, DAY_MS) * DAY_MS) / MINUTE_MS);
}

int64_t zone_instant(const struct zone *zone, int32_t day, int minute) {
    /* A transition is behind us once both its clocks are: so the clock before it still rules in a gap, which
     * moves the time on, and in an overlap, which takes the first. */
    int64_t local = (int64_t)day * DAY_MS + (int64_t)minute * MINUTE_MS;
    size_t low = 0, high = zone ? zone->count : 0;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct transition *at = &zone->transitions[middle];
        int later = at->before > at->after ? at->before : at->after;
        if (at->ms + (int64_t)later * MINUTE_MS <= local)
            low = middle + 1;
        else
            high = middle;
    }
    int offset = !zone ? 0 : low ? zone->transitions[low - 1].after : zone->offset;
    return local - (int64_t)offset * MINUTE_MS;
}

int32_t zone_moment_day(const struct zone *zone, struct moment moment) {
    switch (moment.kind) {
    case MOMENT_DAY:
        return (int32_t)floor_divide(moment.ms, DAY_MS);
    case MOMENT_TIME:
        return zone_day(zone, moment.ms);
    default:
        return INT32_MIN;
    }
}

int calendar_weekday(int32_t day) {
    return (int)(((int64_t)day + 3) % 7 + 7) % 7 + 1; /* 1970-01-01 was a Thursday */
}

/* Days of whole 400-year eras that begin on 1 March, after Howard Hinnant's "chrono-compatible low-level date
 * algorithms". */
static int32_t days_from(int year, int month, int day) {
    year -= month <= 2;
    int era = (year >= 0 ? year : year - 399) / 400;
    int year_of_era = year - era * 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

int32_t calendar_day(int year, int month, int day) {
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1)
        return INT32_MIN;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (day > lengths[month - 1] + (month == 2 && leap))
        return INT32_MIN;
    return days_from(year, month, day);
}

/* After Cassio Neri and Lorenz Schneider, "Euclidean affine functions and their application to calendar
 * algorithms": years from 1 March, in eras so far back that no day is negative. */
void calendar_split(int32_t day, int *year, int *month, int *day_of_month) {
    enum { ERAS = 14702, ERA_DAYS = 146097, YEAR_STEP = 2939745, MONTH_STEP = 2141, JANUARY = 306 };
    uint64_t quarters = 4 * (uint64_t)((int64_t)day + 719468 + (int64_t)ERAS * ERA_DAYS) + 3;
    uint32_t century = (uint32_t)(quarters / ERA_DAYS);
    uint64_t years = (uint64_t)YEAR_STEP * ((uint32_t)(quarters % ERA_DAYS) | 3);
    uint32_t day_of_year = (uint32_t)years / YEAR_STEP / 4;
    uint32_t months = MONTH_STEP * day_of_year + 197913;
    bool next = day_of_year >= JANUARY;
    *day_of_month = (int)((months & 0xffff) / MONTH_STEP) + 1;
    *month = (int)(months >> 16) - (next ? 12 : 0);
    *year = (int)(100 * century + (uint32_t)(years >> 32)) - ERAS * 400 + next;
}

int32_t calendar_easter(int year) {
    /* Meeus, Jones and Butcher: Astronomical Algorithms, chapter 8. */
    int a = year % 19, b = year / 100, c = year % 100, d = b / 4, e = b % 4, f = (b + 8) / 25;
    int g = (b - f + 1) / 3, h = (19 * a + b - d - g + 15) % 30, i = c / 4, k = c % 4;
    int l = (32 + 2 * e + 2 * i - h - k) % 7, m = (a + 11 * h + 22 * l) / 451;
    return calendar_day(year, (h + l - 7 * m + 114) / 31, (h + l - 7 * m + 114) % 31 + 1);
}
