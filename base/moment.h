/* A moment as a shop's data know it: a day ("promised Tuesday"), or a point in time with the zone it was
 * written in.
 *
 * All instants in the program are int64_t milliseconds since 1970-01-01T00:00Z ("_ms"); 0 is "none". Days are
 * int32_t days since 1970-01-01 in the proleptic Gregorian calendar, of the shop's zone where nothing else is
 * said. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum moment_kind { MOMENT_NONE, MOMENT_DAY, MOMENT_TIME };

struct moment {
    int64_t ms;     /* TIME: the instant. DAY: midnight UTC of that calendar day */
    int16_t offset; /* TIME: minutes east of UTC as it was written */
    uint8_t kind;   /* enum moment_kind; a zeroed struct is none */
};

enum { MOMENT_SIZE = 32 };

static inline bool moment_known(struct moment moment) {
    return moment.kind != MOMENT_NONE;
}

/* ISO 8601 / RFC 3339: "2026-03-11", "2026-03-11T09:00:00+01:00", "2026-03-11 09:00", with Z, +0100, seconds
 * and fractions optional; Shopify's "2026-03-11 09:00:00 +0100". A time without offset is in `zone`
 * (base/calendar.h; NULL: UTC). False on anything else, impossible days included. The empty string is not a
 * moment. */
struct zone;
bool moment_parse(struct moment *moment, const char *string, const struct zone *zone);

/* Also as shops' own exports write it: "1/3/2026", "01-03-2026 9:05", "01.03.2026, 09:05". With dots, or
 * where a number is above twelve, it is plain which is the day; else `order` says so, and MOMENT_ISO is
 * false. */
enum moment_order { MOMENT_ISO, MOMENT_DMY, MOMENT_MDY };
bool moment_parse_ordered(struct moment *moment, const char *string, const struct zone *zone,
                          enum moment_order order);

/* Back to the shortest of those forms: "2026-03-11" or "2026-03-11T09:00:00+01:00". "" for none. */
void moment_print(char out[MOMENT_SIZE], struct moment moment);

struct moment moment_day(int32_t day);
struct moment moment_at(int64_t ms, int16_t offset);
int moment_compare(struct moment a, struct moment b,
                   const struct zone *zone); /* none sorts first; a day is its midnight in zone */
