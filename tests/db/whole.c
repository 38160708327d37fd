#include "tests/db/whole.h"
#include "db/field.h"
#include "tests/claims.h"

/* Each field gets the next number, in its own kind. */
static void fill(void *base, const struct record *record, int *next, struct arena *arena) {
    for (int i = 0; i < record->count; i++) {
        const struct field *field = &record->fields[i];
        int number = ++*next;
        switch (field->kind) {
        case FIELD_TEXT:
            *FIELD_AT(const char *, base, field) = arena_format(arena, "%s é %d", field->name, number);
            break;
        case FIELD_MOMENT:
            *FIELD_AT(struct moment, base, field) =
                number % 2 ? moment_day(20000 + number)
                           : moment_at(1773216000123 + number * 60000LL, (int16_t)(number % 3 * 60 - 60));
            break;
        case FIELD_STATUS:
            *FIELD_AT(enum status, base, field) = (enum status)(1 + number % (STATUS_COUNT - 1));
            break;
        case FIELD_FLAG:
            *FIELD_AT(bool, base, field) = true;
            break;
        case FIELD_COUNT:
            *FIELD_AT(int, base, field) = number;
            break;
        case FIELD_INDEX:
            *FIELD_AT(int, base, field) = number % 3 - 1;
            break;
        case FIELD_MS:
            *FIELD_AT(int64_t, base, field) = 1773216000000 + number;
            break;
        }
    }
}

struct order *whole_order(struct arena *arena) {
    enum { LINES = 4, PARCELS = 2, CHECKPOINTS = 3 };
    int next = 0;
    struct order *order = ARENA_NEW(arena, struct order);
    fill(order, &record_order, &next, arena);
    order->shop = "demo";
    order->number = "FR-1042";
    order->key = "FR1042";
    order->updated_ms = 1773216000000;
    order->line_count = LINES;
    order->lines = ARENA_ARRAY(arena, struct line, LINES);
    for (int i = 0; i < LINES; i++)
        fill(&order->lines[i], &record_line, &next, arena);
    order->parcel_count = PARCELS;
    order->parcels = ARENA_ARRAY(arena, struct parcel, PARCELS);
    for (int i = 0; i < PARCELS; i++) {
        fill(&order->parcels[i], &record_parcel, &next, arena);
        order->parcels[i].checkpoint_count = CHECKPOINTS;
        order->parcels[i].checkpoints = ARENA_ARRAY(arena, struct checkpoint, CHECKPOINTS);
        for (int k = 0; k < CHECKPOINTS; k++)
            fill(&order->parcels[i].checkpoints[k], &record_checkpoint, &next, arena);
    }
    return order;
}

static void assert_same(const void *a, const void *b, const struct record *record) {
    for (int i = 0; i < record->count; i++) {
        const struct field *field = &record->fields[i];
        switch (field->kind) {
        case FIELD_TEXT:
            assert_string_equal(FIELD_OF(char *, a, field), FIELD_OF(char *, b, field));
            break;
        case FIELD_MOMENT:
            assert_int_equal(FIELD_OF(struct moment, a, field).ms, FIELD_OF(struct moment, b, field).ms);
            assert_int_equal(FIELD_OF(struct moment, a, field).offset,
                             FIELD_OF(struct moment, b, field).offset);
            assert_int_equal(FIELD_OF(struct moment, a, field).kind, FIELD_OF(struct moment, b, field).kind);
            break;
        case FIELD_STATUS:
            assert_int_equal(FIELD_OF(enum status, a, field), FIELD_OF(enum status, b, field));
            break;
        case FIELD_FLAG:
            assert_int_equal(FIELD_OF(bool, a, field), FIELD_OF(bool, b, field));
            break;
        case FIELD_COUNT:
        case FIELD_INDEX:
            assert_int_equal(FIELD_OF(int, a, field), FIELD_OF(int, b, field));
            break;
        case FIELD_MS:
            assert_int_equal(FIELD_OF(int64_t, a, field), FIELD_OF(int64_t, b, field));
            break;
        }
    }
}

void assert_same_order(const struct order *a, const struct order *b) {
    assert_same(a, b, &record_order);
    assert_int_equal(a->line_count, b->line_count);
    assert_int_equal(a->parcel_count, b->parcel_count);
    for (int i = 0; i < a->line_count; i++)
        assert_same(&a->lines[i], &b->lines[i], &record_line);
    for (int i = 0; i < a->parcel_count; i++) {
        assert_same(&a->parcels[i], &b->parcels[i], &record_parcel);
        assert_int_equal(a->parcels[i].checkpoint_count, b->parcels[i].checkpoint_count);
        for (int k = 0; k < a->parcels[i].checkpoint_count; k++)
            assert_same(&a->parcels[i].checkpoints[k], &b->parcels[i].checkpoints[k], &record_checkpoint);
    }
}
