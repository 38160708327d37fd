#include "db/card.h"
#include "db/field.h"
#include "db/pack.h"
#include <string.h>

/* Layout: version, the order's record, number of lines and of parcels, the lines' records, the parcels'
 * records (each followed by the number of its checkpoints and their records), and a check of it all. A
 * record: how many fields it knows, a bit for each that is not empty, and those (db/pack.h). */
enum { VERSION = 1, CHECK_SIZE = 4 };

static void put_field(struct buffer *out, const void *base, const struct field *field) {
    switch (field->kind) {
    case FIELD_TEXT:
        pack_text(out, FIELD_OF(char *, base, field));
        return;
    case FIELD_MOMENT: {
        struct moment moment = FIELD_OF(struct moment, base, field);
        pack_number(out, moment.kind);
        pack_signed(out, moment.kind == MOMENT_DAY ? moment.ms / 86400000 : moment.ms);
        if (moment.kind == MOMENT_TIME)
            pack_signed(out, moment.offset);
        return;
    }
    case FIELD_STATUS:
        pack_number(out, FIELD_OF(enum status, base, field));
        return;
    case FIELD_FLAG:
        return; /* its bit says it */
    case FIELD_COUNT:
    case FIELD_INDEX:
        pack_signed(out, FIELD_OF(int, base, field));
        return;
    case FIELD_MS:
        pack_signed(out, FIELD_OF(int64_t, base, field));
        return;
    }
}

static void put_record(struct buffer *out, const void *base, const struct record *record) {
    size_t size = (size_t)(record->count + 7) / 8;
    pack_number(out, (uint64_t)record->count);
    size_t at = out->len;
    buffer_room(out, size);
    uint64_t bits = 0;
    for (int i = 0; i < record->count; i++)
        if (!field_empty(base, &record->fields[i])) {
            bits |= UINT64_C(1) << i;
            put_field(out, base, &record->fields[i]);
        }
    for (size_t i = 0; i < size && !out->full; i++, bits >>= 8)
        out->bytes[at + i] = (char)bits;
}

void card_pack(struct buffer *out, const struct order *order) {
    size_t start = out->len;
    pack_number(out, VERSION);
    put_record(out, order, &record_order);
    pack_number(out, (uint64_t)order->line_count);
    pack_number(out, (uint64_t)order->parcel_count);
    for (int i = 0; i < order->line_count; i++)
        put_record(out, &order->lines[i], &record_line);
    for (int i = 0; i < order->parcel_count; i++) {
        const struct parcel *parcel = &order->parcels[i];
        put_record(out, parcel, &record_parcel);
        pack_number(out, (uint64_t)parcel->checkpoint_count);
        for (int k = 0; k < parcel->checkpoint_count; k++)
            put_record(out, &parcel->checkpoints[k], &record_checkpoint);
    }
    uint32_t check = out->full ? 0 : pack_check(out->bytes + start, out->len - start);
    buffer_add(out, (const char *)&check, CHECK_SIZE);
}

static int64_t get_within(struct packed *in, int64_t least, int64_t most) {
    int64_t number = packed_signed(in);
    if (number < least || number > most) {
        in->bad = true;
        return least;
    }
    return number;
}

static struct moment get_moment(struct packed *in) {
    enum { LAST_DAY = 100000000 };
    uint64_t kind = packed_number(in);
    if (kind == MOMENT_DAY)
        return moment_day((int32_t)get_within(in, -LAST_DAY, LAST_DAY));
    int64_t ms = packed_signed(in);
    if (kind == MOMENT_TIME)
        return moment_at(ms, (int16_t)get_within(in, INT16_MIN, INT16_MAX));
    in->bad = true;
    return (struct moment){0};
}

static void get_field(struct packed *in, void *base, const struct field *field) {
    switch (field->kind) {
    case FIELD_TEXT:
        *FIELD_AT(const char *, base, field) = packed_text(in);
        return;
    case FIELD_MOMENT:
        *FIELD_AT(struct moment, base, field) = get_moment(in);
        return;
    case FIELD_STATUS: {
        uint64_t status = packed_number(in);
        in->bad |= status >= STATUS_COUNT;
        *FIELD_AT(enum status, base, field) = in->bad ? STATUS_UNKNOWN : (enum status)status;
        return;
    }
    case FIELD_FLAG:
        *FIELD_AT(bool, base, field) = true;
        return;
    case FIELD_COUNT:
    case FIELD_INDEX:
        *FIELD_AT(int, base, field) = (int)get_within(in, 0, INT32_MAX);
        return;
    case FIELD_MS:
        *FIELD_AT(int64_t, base, field) = packed_signed(in);
        return;
    }
}

static void get_record(struct packed *from, void *base, const struct record *record) {
    struct packed in = *from;
    memcpy(base, record->empty, record->size);
    uint64_t count = packed_number(&in), bits = 0, size = (count + 7) / 8;
    if (in.bad || count > (uint64_t)record->count || (uint64_t)(in.end - in.at) < size) {
        from->bad = true;
        return;
    }
    for (uint64_t i = 0; i < size; i++)
        bits |= (uint64_t)(uint8_t)*in.at++ << (i * 8);
    if (count < 64)
        bits &= (UINT64_C(1) << count) - 1;
    for (; bits && !in.bad; bits &= bits - 1)
        get_field(&in, base, &record->fields[__builtin_ctzll(bits)]);
    *from = in;
}

static void get_parcel(struct packed *in, struct parcel *parcel, struct arena *arena) {
    get_record(in, parcel, &record_parcel);
    parcel->checkpoint_count = packed_count(in, PARCEL_CHECKPOINTS_MAX);
    parcel->checkpoints = arena_room(arena, (size_t)parcel->checkpoint_count * sizeof *parcel->checkpoints);
    for (int i = 0; i < parcel->checkpoint_count && !in->bad; i++)
        get_record(in, &parcel->checkpoints[i], &record_checkpoint);
}

/* The strings point into the card's bytes. NULL: its parts do not fit. */
static struct order *get_order(struct packed in, struct arena *arena) {
    struct order *order = arena_room(arena, sizeof *order);
    get_record(&in, order, &record_order);
    order->line_count = packed_count(&in, ORDER_LINES_MAX);
    order->parcel_count = packed_count(&in, ORDER_PARCELS_MAX);
    order->lines = arena_room(arena, (size_t)order->line_count * sizeof *order->lines);
    order->parcels = arena_room(arena, (size_t)order->parcel_count * sizeof *order->parcels);
    for (int i = 0; i < order->line_count && !in.bad; i++) {
        get_record(&in, &order->lines[i], &record_line);
        in.bad |= order->lines[i].parcel >= order->parcel_count;
    }
    for (int i = 0; i < order->parcel_count && !in.bad; i++)
        get_parcel(&in, &order->parcels[i], arena);
    return in.bad || in.at != in.end ? NULL : order;
}

struct order *card_read(const void *bytes, size_t len, struct arena *arena, struct error *err) {
    const char *copy = arena_copy(arena, bytes, len);
    struct packed in = {copy, copy + len - CHECK_SIZE, false};
    if (packed_number(&in) != VERSION) {
        error_set(err, "the card of an order is of another version than this program's (%d)", VERSION);
        return NULL;
    }
    struct order *order = get_order(in, arena);
    if (!order)
        error_set(err, "the card of an order is damaged (its parts do not fit): import the order again");
    return order;
}

struct order *card_unpack(const void *bytes, size_t len, struct arena *arena, struct error *err) {
    uint32_t check;
    if (len < CHECK_SIZE) {
        error_set(err, "the card of an order is damaged (too short): import the order again");
        return NULL;
    }
    memcpy(&check, (const char *)bytes + len - CHECK_SIZE, CHECK_SIZE);
    if (check == pack_check(bytes, len - CHECK_SIZE))
        return card_read(bytes, len, arena, err);
    error_set(err, "the card of an order is damaged (its check differs): import the order again");
    return NULL;
}
