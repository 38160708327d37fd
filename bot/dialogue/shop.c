#include "bot/dialogue/shop.h"

enum { MINUTE_MS = 60000, DAYS_AHEAD = 14 };

bool shop_open(const struct shop *shop, int64_t now_ms) {
    if (shop->always_open)
        return true;
    int minute = zone_minute(shop->zone, now_ms);
    const struct hours *today = &shop->hours[calendar_weekday(zone_day(shop->zone, now_ms))];
    return minute >= today->open && minute < today->close;
}

int64_t shop_opens_at(const struct shop *shop, int64_t now_ms) {
    int32_t today = zone_day(shop->zone, now_ms);
    for (int32_t day = today; day < today + DAYS_AHEAD; day++) {
        const struct hours *hours = &shop->hours[calendar_weekday(day)];
        int64_t at = zone_instant(shop->zone, day, hours->open);
        if (hours->open < hours->close && at > now_ms)
            return at;
    }
    return 0;
}
