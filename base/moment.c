#include "base/moment.h"
#include "base/calendar.h"
#include "base/text.h"
#include <stdio.h>
#include <string.h>

enum { DAY_MS = 86400000, MINUTE_MS = 60000, OFFSET_MAX = 14 * 60 };

/* Exactly `count` digits at *at, within a range. */
static bool take_digits(const char **at, int count, int least, int most, int *value) {
    *value = 0;
    for (int i = 0; i < count; i++, (*at)++) {
        if (**at < '0' || **at > '9')
            return false;
        *value = *value * 10 + (**at - '0');
    }
    return *value >= least && *value <= most;
}

static bool take(const char **at, const char *any) {
    if (!**at || !strchr(any, **at))
        return false;
    (*at)++;
    return true;
}

static bool take_day(const char **at, int32_t *day) {
    int year, month, day_of_month;
    if (!take_digits(at, 4, 1, 9999, &year) || !take(at, "-") || !take_digits(at, 2, 1, 12, &month) ||
        !take(at, "-") || !take_digits(at, 2, 1, 31, &day_of_month))
        return false;
    *day = calendar_day(year, month, day_of_month);
    return *day != INT32_MIN;
}

/* ":SS.fff", each part optional, as milliseconds. */
static bool take_seconds(const char **at, int *ms) {
    int seconds, digit;
    *ms = 0;
    if (!take(at, ":"))
        return true;
    if (!take_digits(at, 2, 0, 60, &seconds))
        return false;
    *ms = seconds * 1000;
    if (!take(at, ".,"))
        return true;
    if (**at < '0' || **at > '9')
        return false;
    for (int scale = 100; take_digits(at, 1, 0, 9, &digit); scale /= 10)
        *ms += digit * scale;
    return true;
}

static bool take_offset(const char **at, int *offset) {
    int hours, minutes = 0, sign = **at == '-' ? -1 : 1;
    if (take(at, "Zz")) {
        *offset = 0;
        return true;
    }
    if (!take(at, "+-") || !take_digits(at, 2, 0, 14, &hours))
        return false;
    if (**at && (take(at, ":"), !take_digits(at, 2, 0, 59, &minutes)))
        return false;
    *offset = sign * (hours * 60 + minutes);
    return hours * 60 + minutes <= OFFSET_MAX;
}

bool moment_parse(struct moment *moment, const char *string, const struct zone *zone) {
    const char *at = string;
    int32_t day;
    int hour, minute, ms, offset;
    if (!at || !take_day(&at, &day))
        return false;
    if (!*at) {
        *moment = moment_day(day);
        return true;
    }
    if (!take(&at, "Tt ") || !take_digits(&at, 2, 0, 23, &hour) || !take(&at, ":") ||
        !take_digits(&at, 2, 0, 59, &minute) || !take_seconds(&at, &ms))
        return false;
    if (!*at) {
        int64_t instant = zone_instant(zone, day, hour * 60 + minute) + ms;
        *moment = moment_at(instant, (int16_t)zone_offset(zone, instant));
        return true;
    }
    take(&at, " ");
    if (!take_offset(&at, &offset) || *at)
        return false;
    *moment = moment_at((int64_t)day * DAY_MS + (int64_t)(hour * 60 + minute - offset) * MINUTE_MS + ms,
                        (int16_t)offset);
    return true;
}

/* Of one digit or two. */
static bool take_short(const char **at, int *value) {
    return take_digits(at, (*at)[0] && (*at)[1] >= '0' && (*at)[1] <= '9' ? 2 : 1, 1, 31, value);
}

bool moment_parse_ordered(struct moment *moment, const char *string, const struct zone *zone,
                          enum moment_order order) {
    enum { MONTHS = 12 };
    char iso[MOMENT_SIZE];
    const char *at = string;
    int first, second, year;
    if (moment_parse(moment, string, zone))
        return true;
    if (!at || !take_short(&at, &first))
        return false;
    char mark[] = {*at, '\0'};
    if (!take(&at, "./-") || !take_short(&at, &second) || !take(&at, mark) ||
        !take_digits(&at, 4, 1, 9999, &year))
        return false;
    if (*mark == '.' || (order == MOMENT_ISO && first > MONTHS))
        order = MOMENT_DMY;
    else if (order == MOMENT_ISO && second > MONTHS)
        order = MOMENT_MDY;
    take(&at, ",");
    if (order == MOMENT_ISO || (*at && !take(&at, "Tt ")))
        return false;
    int len =
        snprintf(iso, sizeof iso, "%04d-%02d-%02d%s%s%s", year, order == MOMENT_DMY ? second : first,
                 order == MOMENT_DMY ? first : second, *at ? " " : "", *at && at[1] == ':' ? "0" : "", at);
    return len < (int)sizeof iso && moment_parse(moment, iso, zone);
}

/* Two digits, and what follows them. */
static char *put_two(char *out, int number, char after) {
    memcpy(out, text_pairs + 2 * number, 2);
    out[2] = after;
    return out + 3;
}

void moment_print(char out[MOMENT_SIZE], struct moment moment) {
    /* The last day of the year 9999: a larger number is no moment that moment_parse could have read. */
    enum { LAST_DAY = 2932896 };
    out[0] = '\0';
    if (moment.kind == MOMENT_NONE)
        return;
    int64_t local = moment.ms + (moment.kind == MOMENT_TIME ? (int64_t)moment.offset * MINUTE_MS : 0);
    int64_t day = local / DAY_MS - (local % DAY_MS < 0);
    if (day < -719162 || day > LAST_DAY)
        return;
    int year, month, day_of_month, rest = (int)(local - day * DAY_MS);
    calendar_split((int32_t)day, &year, &month, &day_of_month);
    put_two(out, year / 100, '0');
    out = put_two(out + 2, year % 100, '-');
    out = put_two(out, month, '-');
    out = put_two(out, day_of_month, moment.kind == MOMENT_DAY ? '\0' : 'T');
    if (moment.kind == MOMENT_DAY)
        return;
    int offset = moment.offset < 0 ? -moment.offset : moment.offset;
    char zone = (char)(!offset ? 'Z' : moment.offset < 0 ? '-' : '+');
    out = put_two(out, rest / 3600000, ':');
    out = put_two(out, rest / MINUTE_MS % 60, ':');
    out = put_two(out, rest / 1000 % 60, rest % 1000 ? '.' : zone);
    if (rest % 1000) {
        *out++ = (char)('0' + rest % 1000 / 100);
        out = put_two(out, rest % 100, zone);
    }
    if (offset) {
        out = put_two(out, offset / 60, ':');
        put_two(out, offset % 60, '\0');
    } else
        *out = '\0';
}

struct moment moment_day(int32_t day) {
    return (struct moment){.ms = (int64_t)day * DAY_MS, .kind = MOMENT_DAY};
}

struct moment moment_at(int64_t ms, int16_t offset) {
    return (struct moment){.ms = ms, .offset = offset, .kind = MOMENT_TIME};
}

static int64_t moment_instant(struct moment moment, const struct zone *zone) {
    return moment.kind == MOMENT_DAY ? zone_instant(zone, (int32_t)(moment.ms / DAY_MS), 0) : moment.ms;
}

int moment_compare(struct moment a, struct moment b, const struct zone *zone) {
    if (a.kind == MOMENT_NONE || b.kind == MOMENT_NONE)
        return (a.kind != MOMENT_NONE) - (b.kind != MOMENT_NONE);
    int64_t first = moment_instant(a, zone), second = moment_instant(b, zone);
    return (first > second) - (first < second);
}
