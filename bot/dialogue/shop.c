#include "bot/dialogue/shop.h"
#include "base/text.h"
#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { MINUTE_MS = 60000, DAYS_AHEAD = 14 };

const char *target_name(enum target_kind kind) {
    static const char *const names[] = {"desk", "webhook", "mail", "chatwoot"};
    return names[kind];
}

const struct shop *shop_find(const struct shop *shops, int count, const char *id) {
    for (int i = 0; i < count; i++)
        if (text_is(shops[i].id, id))
            return &shops[i];
    return NULL;
}

bool shop_open(const struct shop *shop, int64_t now_ms) {
    if (shop->always_open)
        return true;
    int minute = zone_minute(shop->zone, now_ms);
    const struct hours *today = &shop->hours[calendar_weekday(zone_day(shop->zone, now_ms))];
    return minute >= today->open && minute < today->close;
}

static int64_t opens_at(const struct shop *shop, int64_t now_ms) {
    int32_t today = zone_day(shop->zone, now_ms);
    for (int32_t day = today; day < today + DAYS_AHEAD; day++) {
        const struct hours *hours = &shop->hours[calendar_weekday(day)];
        int64_t at = zone_instant(shop->zone, day, hours->open);
        if (hours->open < hours->close && at > now_ms)
            return at;
    }
    return 0;
}

struct moment shop_opening(const struct shop *shop, int64_t now_ms) {
    int64_t at = opens_at(shop, now_ms);
    return at == 0 ? (struct moment){0} : moment_at(at, (int16_t)zone_offset(shop->zone, at));
}

const char *shop_queue(const struct shop *shop, const char *queue) {
    for (const struct queue_name *row = shop->queues; row && row->queue; row++)
        if (text_is(row->queue, queue))
            return row->name;
    return queue;
}

/* Letters, digits and '-': nothing that a link would have to escape. */
static bool plain(const char *number) {
    for (; *number; number++)
        if (!isascii((unsigned char)*number) || (!isalnum((unsigned char)*number) && *number != '-'))
            return false;
    return true;
}

const char *shop_link(const struct shop *shop, const char *carrier, const char *number, struct arena *arena) {
    static const char place[] = "{number}";
    if (text_empty(number))
        return "";
    for (const struct carrier_link *row = shop->carriers; row && row->carrier; row++) {
        const char *at = strcasecmp(row->carrier, carrier) == 0 ? strstr(row->link, place) : NULL;
        if (at && plain(number))
            return arena_format(arena, "%.*s%s%s", (int)(at - row->link), row->link, number,
                                at + sizeof place - 1);
    }
    return "";
}

const struct called_number *shop_called(const struct shop *shop, const char *number) {
    for (const struct called_number *row = shop->calls; row && row->number; row++)
        if (text_is(row->number, number))
            return row;
    return NULL;
}

const struct transfer *shop_transfer(const struct shop *shop, const char *queue) {
    const struct transfer *others = NULL;
    for (const struct transfer *row = shop->transfers; row && row->queue; row++) {
        if (text_is(row->queue, queue))
            return row;
        if (!others && text_is(row->queue, "*"))
            others = row;
    }
    return others;
}
