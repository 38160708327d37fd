#include "db/card.h"
#include "db/field.h"
#include <string.h>

/* Layout: version, the order's record, number of lines and of parcels, the lines' records, the parcels'
 * records (each followed by the number of its checkpoints and their records), and a check of it all. A
 * record: how many fields it knows, a bit for each that is not empty, and those. Numbers are LEB128, zigzag
 * where they may be negative; text is its length, its bytes, and a NUL, so that it can be used where it
 * stands. */
enum { VERSION = 1, CHECK_SIZE = 4 };

static uint32_t check_of(const char *bytes, size_t len) {
    uint64_t hash = 0x9e3779b97f4a7c15u ^ len;
    for (; len >= 8; bytes += 8, len -= 8) {
        uint64_t word;
        memcpy(&word, bytes, 8);
        hash = (hash ^ word) * 0xff51afd7ed558ccdu;
        hash ^= hash >> 32;
    }
    uint64_t rest = 0;
    memcpy(&rest, bytes, len);
    hash = (hash ^ rest) * 0xff51afd7ed558ccdu;
    return (uint32_t)(hash ^ hash >> 32);
}

static size_t number_size(uint64_t number) {
    size_t size = 1;
    for (; number >= 0x80; number >>= 7)
        size++;
    return size;
}

static char *write_number(char *to, uint64_t number) {
    for (; number >= 0x80; number >>= 7)
        *to++ = (char)(number | 0x80);
    *to++ = (char)number;
    return to;
}

static void put_number(struct buffer *out, uint64_t number) {
    char *room = buffer_room(out, number_size(number));
    if (room)
        write_number(room, number);
}

static void put_text(struct buffer *out, const char *text) {
    size_t len = strlen(text);
    char *room = buffer_room(out, number_size(len) + len + 1);
    if (room)
        memcpy(write_number(room, len), text, len + 1);
}

static void put_signed(struct buffer *out, int64_t number) {
    put_number(out, (uint64_t)number << 1 ^ (uint64_t)(number >> 63));
}

static void put_field(struct buffer *out, const void *base, const struct field *field) {
    switch (field->kind) {
    case FIELD_TEXT:
        put_text(out, FIELD_OF(char *, base, field));
        return;
    case FIELD_MOMENT: {
        struct moment moment = FIELD_OF(struct moment, base, field);
        put_number(out, moment.kind);
        put_signed(out, moment.kind == MOMENT_DAY ? moment.ms / 86400000 : moment.ms);
        if (moment.kind == MOMENT_TIME)
            put_signed(out, moment.offset);
        return;
    }
    case FIELD_STATUS:
        put_number(out, FIELD_OF(enum status, base, field));
        return;
    case FIELD_FLAG:
        return; /* its bit says it */
    case FIELD_COUNT:
    case FIELD_INDEX:
        put_signed(out, FIELD_OF(int, base, field));
        return;
    case FIELD_MS:
        put_signed(out, FIELD_OF(int64_t, base, field));
        return;
    }
}

static void put_record(struct buffer *out, const void *base, const struct record *record) {
    size_t size = (size_t)(record->count + 7) / 8;
    put_number(out, (uint64_t)record->count);
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
    put_number(out, VERSION);
    put_record(out, order, &record_order);
    put_number(out, (uint64_t)order->line_count);
    put_number(out, (uint64_t)order->parcel_count);
    for (int i = 0; i < order->line_count; i++)
        put_record(out, &order->lines[i], &record_line);
    for (int i = 0; i < order->parcel_count; i++) {
        const struct parcel *parcel = &order->parcels[i];
        put_record(out, parcel, &record_parcel);
        put_number(out, (uint64_t)parcel->checkpoint_count);
        for (int k = 0; k < parcel->checkpoint_count; k++)
            put_record(out, &parcel->checkpoints[k], &record_checkpoint);
    }
    uint32_t check = out->full ? 0 : check_of(out->bytes + start, out->len - start);
    buffer_add(out, (const char *)&check, CHECK_SIZE);
}

struct reader {
    const char *at, *end;
    bool bad;
};

static uint64_t get_number(struct reader *in) {
    uint64_t number = 0;
    for (int shift = 0; shift < 64 && in->at < in->end; shift += 7) {
        uint8_t byte = (uint8_t)*in->at++;
        number |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return number;
    }
    in->bad = true;
    return 0;
}

static int64_t get_signed(struct reader *in) {
    uint64_t number = get_number(in);
    return (int64_t)(number >> 1 ^ (0 - (number & 1)));
}

static int64_t get_within(struct reader *in, int64_t least, int64_t most) {
    int64_t number = get_signed(in);
    if (number < least || number > most) {
        in->bad = true;
        return least;
    }
    return number;
}

/* A count of things that take at least a byte each. */
static int get_count(struct reader *in, uint64_t most) {
    uint64_t count = get_number(in);
    if (count > most || count > (uint64_t)(in->end - in->at)) {
        in->bad = true;
        return 0;
    }
    return (int)count;
}

static const char *get_text(struct reader *in) {
    size_t len = (size_t)get_count(in, CARD_MAX);
    if (in->bad || (size_t)(in->end - in->at) <= len || in->at[len] != '\0') {
        in->bad = true;
        return "";
    }
    const char *text = in->at;
    in->at += len + 1;
    return text;
}

static struct moment get_moment(struct reader *in) {
    enum { LAST_DAY = 100000000 };
    uint64_t kind = get_number(in);
    if (kind == MOMENT_DAY)
        return moment_day((int32_t)get_within(in, -LAST_DAY, LAST_DAY));
    int64_t ms = get_signed(in);
    if (kind == MOMENT_TIME)
        return moment_at(ms, (int16_t)get_within(in, INT16_MIN, INT16_MAX));
    in->bad = true;
    return (struct moment){0};
}

static void get_field(struct reader *in, void *base, const struct field *field) {
    switch (field->kind) {
    case FIELD_TEXT:
        *FIELD_AT(const char *, base, field) = get_text(in);
        return;
    case FIELD_MOMENT:
        *FIELD_AT(struct moment, base, field) = get_moment(in);
        return;
    case FIELD_STATUS: {
        uint64_t status = get_number(in);
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
        *FIELD_AT(int64_t, base, field) = get_signed(in);
        return;
    }
}

static void set_empty(void *base, const struct record *record) {
    for (int i = 0; i < record->count; i++)
        if (record->fields[i].kind == FIELD_TEXT)
            *FIELD_AT(const char *, base, &record->fields[i]) = "";
        else if (record->fields[i].kind == FIELD_INDEX)
            *FIELD_AT(int, base, &record->fields[i]) = -1;
}

static void get_record(struct reader *in, void *base, const struct record *record) {
    set_empty(base, record);
    uint64_t count = get_number(in);
    const char *bits = in->at;
    if (in->bad || count > (uint64_t)record->count || (uint64_t)(in->end - in->at) < (count + 7) / 8) {
        in->bad = true;
        return;
    }
    in->at += (count + 7) / 8;
    for (uint64_t i = 0; i < count && !in->bad; i++)
        if ((uint8_t)bits[i / 8] >> i % 8 & 1)
            get_field(in, base, &record->fields[i]);
}

static void get_parcel(struct reader *in, struct parcel *parcel, struct arena *arena) {
    get_record(in, parcel, &record_parcel);
    parcel->checkpoint_count = get_count(in, PARCEL_CHECKPOINTS_MAX);
    parcel->checkpoints = ARENA_ARRAY(arena, struct checkpoint, (size_t)parcel->checkpoint_count);
    for (int i = 0; i < parcel->checkpoint_count && !in->bad; i++)
        get_record(in, &parcel->checkpoints[i], &record_checkpoint);
}

struct order *card_unpack(const void *bytes, size_t len, struct arena *arena, struct error *err) {
    uint32_t check;
    if (len < CHECK_SIZE) {
        error_set(err, "the card of an order is damaged (too short): import the order again");
        return NULL;
    }
    const char *copy = arena_copy(arena, bytes, len);
    struct reader in = {copy, copy + len - CHECK_SIZE, false};
    memcpy(&check, in.end, CHECK_SIZE);
    if (check != check_of(copy, len - CHECK_SIZE)) {
        error_set(err, "the card of an order is damaged (its check differs): import the order again");
        return NULL;
    }
    if (get_number(&in) != VERSION) {
        error_set(err, "the card of an order is of another version than this program's (%d)", VERSION);
        return NULL;
    }
    struct order *order = ARENA_NEW(arena, struct order);
    order->shop = "";
    get_record(&in, order, &record_order);
    order->line_count = get_count(&in, ORDER_LINES_MAX);
    order->parcel_count = get_count(&in, ORDER_PARCELS_MAX);
    order->lines = ARENA_ARRAY(arena, struct line, (size_t)order->line_count);
    order->parcels = ARENA_ARRAY(arena, struct parcel, (size_t)order->parcel_count);
    for (int i = 0; i < order->line_count && !in.bad; i++) {
        get_record(&in, &order->lines[i], &record_line);
        in.bad |= order->lines[i].parcel >= order->parcel_count;
    }
    for (int i = 0; i < order->parcel_count && !in.bad; i++)
        get_parcel(&in, &order->parcels[i], arena);
    if (in.bad || in.at != in.end) {
        error_set(err, "the card of an order is damaged (its parts do not fit): import the order again");
        return NULL;
    }
    return order;
}
