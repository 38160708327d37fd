#include "db/told.h"
#include "base/text.h"
#include "db/pack.h"

enum { FACTS_MAX = 16384, DAY_MS = 24 * 60 * 60 * 1000 };

/* What there is of a fact. */
enum { MOMENT = 1, TEXT = 2, ORDER = 4, OWN_ORDER = 8, PARCEL = 16, SCAN = 32 };

static void pack_moment(struct buffer *out, struct moment moment) {
    bool day = moment.kind == MOMENT_DAY;
    pack_number(out, moment.kind);
    pack_signed(out, day ? moment.ms / DAY_MS : moment.ms);
    if (!day)
        pack_signed(out, moment.offset);
}

static struct moment packed_moment(struct packed *in) {
    bool day = packed_number(in) == MOMENT_DAY;
    int64_t since = packed_signed(in);
    return day ? moment_day((int32_t)since) : moment_at(since, (int16_t)packed_signed(in));
}

static void pack(struct buffer *out, const struct told_fact *told, const char *order) {
    int kind = moment_known(told->moment) ? MOMENT : told->text ? TEXT : 0;
    if (told->order)
        kind |= text_is(told->order, order) ? OWN_ORDER : ORDER;
    kind |= (told->parcel ? PARCEL : 0) | (told->scanner ? SCAN : 0);
    buffer_byte(out, (char)kind);
    pack_string(out, told->name);
    if (kind & MOMENT)
        pack_moment(out, told->moment);
    else if (kind & TEXT)
        pack_string(out, told->text);
    else
        pack_signed(out, told->number);
    if (kind & ORDER)
        pack_string(out, told->order);
    if (kind & PARCEL)
        pack_signed(out, told->parcel);
    pack_string(out, told->what);
    if (kind & SCAN) {
        pack_moment(out, told->scanned);
        pack_string(out, told->scanner);
    }
}

struct facts told_pack(struct arena *arena, const struct told_fact *told, const char *order) {
    struct buffer out;
    if (!told)
        return (struct facts){0};
    buffer_init_in(&out, arena, FACTS_MAX);
    for (; told; told = told->next)
        pack(&out, told, order);
    size_t len = out.full ? 0 : out.len;
    return (struct facts){buffer_text(&out), len};
}

bool told_next(struct facts *left, const char *order, struct told_fact *told) {
    struct packed in = {left->bytes, left->bytes + left->len, false};
    if (!left->len)
        return false;
    int kind = *in.at++;
    *told = (struct told_fact){.name = packed_string(&in)};
    if (kind & MOMENT)
        told->moment = packed_moment(&in);
    else if (kind & TEXT)
        told->text = packed_string(&in);
    else
        told->number = packed_signed(&in);
    if (kind & (ORDER | OWN_ORDER))
        told->order = kind & ORDER ? packed_string(&in) : order;
    told->parcel = kind & PARCEL ? (int)packed_signed(&in) : 0;
    told->what = packed_string(&in);
    if (kind & SCAN) {
        told->scanned = packed_moment(&in);
        told->scanner = packed_string(&in);
    }
    *left = (struct facts){in.at, (size_t)(in.end - in.at)};
    return !in.bad;
}

const char *told_value(const struct told_fact *told, struct arena *arena) {
    char *text = arena_room(arena, MOMENT_SIZE);
    if (moment_known(told->moment))
        moment_print(text, told->moment);
    else if (told->text)
        return told->text;
    else
        text[text_number(text, told->number)] = '\0';
    return text;
}

const char *told_source(const struct told_fact *told, struct arena *arena) {
    char scanned[MOMENT_SIZE];
    if (!told->order)
        return told->what;
    moment_print(scanned, told->scanned);
    const char *parcel = told->parcel ? arena_format(arena, " parcel %d", told->parcel) : "";
    const char *scan = told->scanner ? arena_format(arena, "%s %s", scanned, told->scanner) : "";
    return arena_format(arena, "order %s%s%s%s%s", told->order, parcel, *told->what ? " " : "", told->what,
                        scan);
}

void told_print(struct json_out *out, const char *key, struct facts facts, const char *order) {
    struct arena arena;
    arena_init(&arena);
    json_open(out, key, '[');
    for (struct told_fact told; told_next(&facts, order, &told);) {
        json_open(out, NULL, '{');
        json_text(out, "name", told.name);
        if (moment_known(told.moment) || told.text)
            json_text(out, "value", told_value(&told, &arena));
        else
            json_number(out, "value", told.number);
        json_text(out, "source", told_source(&told, &arena));
        json_close(out, '}');
    }
    json_close(out, ']');
    arena_clear(&arena);
}
