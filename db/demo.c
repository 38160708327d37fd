/* The demo orders (demo.jsonl): ordinary JSON lines, but for moments that are written from T on ("@-2d
 * 14:02", "@+1d",
 * "@-3h") and for "shows", which is for people. */
#include "base/data.h"
#include "base/json.h"
#include "base/text.h"
#include "db/import.h"
#include <stdlib.h>
#include <string.h>

enum { EXPANDED_MAX = 1 << 20, HOUR_MS = 3600 * 1000 };

extern const struct data_file demo_files[];

/* Two for a first look: one in each language, told apart by what happens to them. */
static const char *const headlines[] = {"FR-1042", "UK-2087"};

struct clock {
    const struct zone *zone;
    int64_t now_ms;
};

/* "@-2d": that many days from T's. "@-2d 14:02": local time of that day. "@-3h": T's full hour, and so many
 * before. */
static bool expand_moment(const char *text, const struct clock *clock, char out[MOMENT_SIZE]) {
    char *end;
    long count = strtol(text + 1, &end, 10);
    if (end == text + 1 || (*end != 'd' && *end != 'h'))
        return false;
    int64_t ms = clock->now_ms - clock->now_ms % HOUR_MS + count * HOUR_MS;
    struct moment moment = moment_at(ms, (int16_t)zone_offset(clock->zone, ms));
    if (*end == 'd') {
        int32_t day = zone_day(clock->zone, clock->now_ms) + (int32_t)count;
        moment = moment_day(day);
        if (end[1] == ' ') {
            char time[MOMENT_SIZE];
            moment_print(time, moment);
            /* The day with its time, read as any import reads it. */
            size_t len = strlen(time);
            if (!text_set(time + len, sizeof time - len, end + 1) ||
                !moment_parse(&moment, time, clock->zone))
                return false;
        } else if (end[1])
            return false;
    } else if (end[1])
        return false;
    moment_print(out, moment);
    return true;
}

static bool expand(json_t *value, const struct clock *clock) {
    const char *name;
    json_t *item;
    size_t index;
    char moment[MOMENT_SIZE];
    if (json_is_string(value) && json_string_value(value)[0] == '@')
        return expand_moment(json_string_value(value), clock, moment) && json_string_set(value, moment) == 0;
    json_object_foreach(value, name, item) if (!expand(item, clock)) return false;
    json_array_foreach(value, index, item) if (!expand(item, clock)) return false;
    return true;
}

/* Each line as JSON; false from `take` ends it. */
static bool each_line(bool (*take)(json_t *order, void *context), void *context, struct error *err) {
    const struct data data = {demo_files, NULL};
    struct arena arena;
    size_t len;
    int line = 0;
    arena_init(&arena);
    const char *text = data_read(&data, "demo.jsonl", &arena, &len, err);
    bool ok = text != NULL;
    while (ok && *text) {
        size_t end = strcspn(text, "\n");
        json_t *order = json_read(text, end, &json_file_limits, "demo.jsonl", err);
        line++;
        if (!order)
            ok = error_prefix(err, "line %d", line);
        else if (!take(order, context))
            ok =
                error_set(err, "(built in) demo.jsonl:%d: a moment cannot be read, or memory is short", line);
        json_decref(order);
        text += end + (text[end] == '\n');
    }
    arena_clear(&arena);
    return ok;
}

struct printing {
    struct clock clock;
    struct buffer *out;
};

static bool print_order(json_t *order, void *context) {
    struct printing *printing = context;
    json_object_del(order, "shows");
    char *text = expand(order, &printing->clock) ? json_dumps(order, JSON_COMPACT) : NULL;
    if (text) {
        buffer_string(printing->out, text);
        buffer_string(printing->out, "\n");
    }
    free(text);
    return text && !printing->out->full;
}

static bool print_all(struct buffer *out, const struct zone *zone, int64_t now_ms, struct error *err) {
    struct printing printing = {{zone, now_ms}, out};
    buffer_init(out, EXPANDED_MAX);
    return each_line(print_order, &printing, err);
}

bool demo_print(FILE *out, const struct zone *zone, int64_t now_ms, struct error *err) {
    struct buffer text;
    bool ok = print_all(&text, zone, now_ms, err);
    if (ok && (fwrite(text.bytes, 1, text.len, out) != text.len || fflush(out) != 0))
        ok = error_set(err, "the demo orders cannot be written");
    buffer_clear(&text);
    return ok;
}

static void keep_complaint(const char *message, void *context) {
    error_set(context, "%s", message);
}

bool demo_load(struct store *store, const char *shop, const struct zone *zone, int64_t now_ms,
               struct import_summary *out, struct error *err) {
    struct buffer text;
    struct error complaint = {""};
    struct import_options options = {.shop = shop,
                                     .zone = zone,
                                     .country = "",
                                     .format = IMPORT_JSONL,
                                     .label = "demo.jsonl",
                                     .reject = keep_complaint,
                                     .context = &complaint,
                                     .now_ms = now_ms};
    bool ok = print_all(&text, zone, now_ms, err);
    FILE *in = ok ? fmemopen(text.bytes, text.len, "r") : NULL;
    if (ok && !in)
        ok = error_set(err, "the demo orders cannot be read: out of memory");
    ok = ok && import_run(store, in, &options, out, err);
    if (ok && out->rejected)
        ok = error_set(err, "%s", complaint.text);
    if (in)
        fclose(in);
    buffer_clear(&text);
    return ok;
}

struct listing {
    struct arena *arena;
    struct demo_order *orders;
    int count, room;
};

static bool is_headline(const char *number) {
    for (size_t i = 0; i < sizeof headlines / sizeof headlines[0]; i++)
        if (text_is(headlines[i], number))
            return true;
    return false;
}

static bool list_order(json_t *order, void *context) {
    struct listing *listing = context;
    const char *names[] = {"number", "email", "postcode", "locale", "shows"};
    const char *values[5];
    for (int i = 0; i < 5; i++)
        if (!(values[i] = arena_string(listing->arena, json_string_value(json_object_get(order, names[i])))))
            return false;
    if (listing->count == listing->room) {
        struct demo_order *more =
            ARENA_ARRAY(listing->arena, struct demo_order, (size_t)listing->room * 2 + 32);
        if (listing->count)
            memcpy(more, listing->orders, sizeof *more * (size_t)listing->count);
        listing->orders = more;
        listing->room = listing->room * 2 + 32;
    }
    listing->orders[listing->count++] =
        (struct demo_order){values[0], values[1], values[2], values[3], values[4]};
    return true;
}

struct demo_order *demo_orders(struct arena *arena, int *count, struct error *err) {
    struct listing listing = {.arena = arena};
    *count = 0;
    if (!each_line(list_order, &listing, err))
        return NULL;
    /* The headlines first, in their order; the file has them first already, but need not. */
    int front = 0;
    for (int i = 0; i < listing.count; i++)
        if (is_headline(listing.orders[i].number)) {
            struct demo_order swapped = listing.orders[front];
            listing.orders[front++] = listing.orders[i];
            listing.orders[i] = swapped;
        }
    *count = listing.count;
    return listing.orders;
}
