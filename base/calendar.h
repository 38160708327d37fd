/* Time zones and days. A zone is immutable once opened (its transitions are read from ICU and kept), so any
 * thread may use it. */
#pragma once
#include "base/error.h"
#include "base/moment.h"

struct zone;

struct zone *zone_open(const char *name, struct error *err); /* IANA: "Europe/Paris" */
void zone_close(struct zone *zone);
const char *zone_name(const struct zone *zone);

int zone_offset(const struct zone *zone, int64_t ms);  /* minutes east of UTC then */
int32_t zone_day(const struct zone *zone, int64_t ms); /* the local calendar day */
int zone_minute(const struct zone *zone, int64_t ms);  /* 0..1439 of that local day */
int64_t zone_instant(const struct zone *zone, int32_t day,
                     int minute); /* a gap's time is moved on, an overlap is the first */
int32_t zone_moment_day(const struct zone *zone,
                        struct moment moment); /* the local day of a moment of either kind */

int calendar_weekday(int32_t day);                  /* ISO: 1 Monday … 7 Sunday */
int32_t calendar_day(int year, int month, int day); /* INT32_MIN when there is no such day */
void calendar_split(int32_t day, int *year, int *month, int *day_of_month);
int32_t calendar_easter(int year); /* western Easter Sunday, for feasts that customers name */
