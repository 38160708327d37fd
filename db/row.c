#include "db/row.h"
#include <string.h>

static struct row_value value_of(const void *base, const struct field *field, struct arena *arena) {
    struct row_value value = {NULL, 0};
    switch (field->kind) {
    case FIELD_TEXT:
    case FIELD_STATUS:
        value.text = field_text(base, field, NULL);
        break;
    case FIELD_MOMENT:
        value.text = field_text(base, field, arena_room(arena, MOMENT_SIZE));
        break;
    case FIELD_FLAG:
        value.number = FIELD_OF(bool, base, field);
        break;
    case FIELD_COUNT:
    case FIELD_INDEX:
        value.number = FIELD_OF(int, base, field);
        break;
    case FIELD_MS:
        value.number = FIELD_OF(int64_t, base, field);
        break;
    }
    if (value.text)
        value.number = (int64_t)strlen(value.text);
    return value;
}

struct row *row_make(const void *base, const struct record *record, struct arena *arena) {
    uint64_t filled = 0;
    for (int i = 0; i < record->count; i++)
        filled |= (uint64_t)!field_empty(base, &record->fields[i]) << i;
    struct row *row =
        arena_room(arena, sizeof *row + (size_t)__builtin_popcountll(filled) * sizeof *row->values);
    row->filled = filled;
    for (struct row_value *value = row->values; filled; filled &= filled - 1)
        *value++ = value_of(base, &record->fields[__builtin_ctzll(filled)], arena);
    return row;
}
