/* JSON lines: one order a line, fields named as in db/field.c, with lines, parcels and checkpoints. */
#include "base/json.h"
#include "base/text.h"
#include "db/intake.h"
#include <string.h>

static const struct json_limits limits = {LINES_MAX, 8, 100000};

static const char *kind_name(const json_t *value) {
    static const char *const names[] = {"an object", "an array", "a string", "a number",
                                        "a number",  "true",     "false",    "null"};
    return names[json_typeof(value)];
}

static bool set_field(void *base, uint64_t *given, const struct record *record, int index, json_t *value,
                      struct intake *intake, struct error *err) {
    const struct field *field = &record->fields[index];
    *given |= UINT64_C(1) << index;
    if (json_is_null(value))
        return draft_set(base, given, record, index, arena_string(&intake->filling->arena, ""),
                         &intake->draft_options, &intake->filling->arena, err);
    switch (field->kind) {
    case FIELD_FLAG:
        if (!json_is_boolean(value))
            return error_set(err, "%s: expected true or false, found %s", field->name, kind_name(value));
        *FIELD_AT(bool, base, field) = json_is_true(value);
        return true;
    case FIELD_COUNT:
        if (!json_is_integer(value) || json_integer_value(value) < 0 || json_integer_value(value) > 1000000)
            return error_set(err, "%s: expected a whole number from 0 to 1000000", field->name);
        *FIELD_AT(int, base, field) = (int)json_integer_value(value);
        return true;
    case FIELD_MS:
        if (!json_is_integer(value) || json_integer_value(value) <= 0)
            return error_set(err, "%s: expected milliseconds since 1970", field->name);
        *FIELD_AT(int64_t, base, field) = json_integer_value(value);
        return true;
    default:
        if (!json_is_string(value))
            return error_set(err, "%s: expected a string, found %s", field->name, kind_name(value));
        return draft_set(base, given, record, index,
                         arena_string(&intake->filling->arena, json_string_value(value)),
                         &intake->draft_options, &intake->filling->arena, err);
    }
}

/* What a record has besides fields. */
typedef bool special(void *context, const char *name, json_t *value, bool *known, struct intake *intake,
                     struct error *err);

static bool read_object(json_t *object, void *base, uint64_t *given, const struct record *record,
                        special *other, void *context, struct intake *intake, struct error *err) {
    const char *name;
    json_t *value;
    if (!json_is_object(object))
        return error_set(err, "expected an object, found %s", kind_name(object));
    json_object_foreach(object, name, value) {
        bool known = false;
        if (other && !other(context, name, value, &known, intake, err))
            return false;
        int field = known ? -1 : field_find(record, name);
        if (!known && (field < 0 || record->fields[field].check == CHECK_KEY))
            return error_set(err, "%.60s: there is no such field of %s (docs/orders.md)", name, record->name);
        if (!known && !set_field(base, given, record, field, value, intake, err))
            return false;
    }
    return true;
}

/* An array or null; each item is read by `read`, and its errors begin with where it stands. */
static bool read_array(json_t *array, const char *name, int most, int *count,
                       bool (*read)(json_t *item, int index, void *context, struct intake *intake,
                                    struct error *err),
                       void *context, struct intake *intake, struct error *err) {
    *count = 0;
    if (json_is_null(array))
        return true;
    if (!json_is_array(array))
        return error_set(err, "%s: expected an array, found %s", name, kind_name(array));
    if (json_array_size(array) > (size_t)most)
        return error_set(err, "%s: at most %d are read, found %zu", name, most, json_array_size(array));
    for (; *count < (int)json_array_size(array); ++*count)
        if (!read(json_array_get(array, (size_t)*count), *count, context, intake, err))
            return error_prefix(err, "%s/%d", name, *count), false;
    return true;
}

static bool read_checkpoint(json_t *item, int index, void *context, struct intake *intake,
                            struct error *err) {
    struct checkpoint *checkpoint = &((struct parcel *)context)->checkpoints[index];
    uint64_t given = 0;
    draft_empty(checkpoint, &record_checkpoint);
    if (!read_object(item, checkpoint, &given, &record_checkpoint, NULL, NULL, intake, err))
        return false;
    if (checkpoint->at.kind == MOMENT_NONE)
        return error_set(err, "at: is missing; a checkpoint has a time of its own");
    /* Without a status the carrier's code says it, as far as the crosswalk knows it. */
    if (checkpoint->status == STATUS_UNKNOWN)
        checkpoint->status = status_read(checkpoint->code, STATUS_OF_PARCEL);
    return true;
}

static bool parcel_special(void *context, const char *name, json_t *value, bool *known, struct intake *intake,
                           struct error *err) {
    struct draft_parcel *draft = context;
    if (!(*known = strcmp(name, "checkpoints") == 0))
        return true;
    draft->parcel.checkpoints =
        ARENA_ARRAY(&intake->filling->arena, struct checkpoint, json_array_size(value));
    return read_array(value, name, PARCEL_CHECKPOINTS_MAX, &draft->parcel.checkpoint_count, read_checkpoint,
                      &draft->parcel, intake, err);
}

static bool read_parcel(json_t *item, int index, void *context, struct intake *intake, struct error *err) {
    struct draft_parcel *draft = &((struct draft *)context)->parcels[index];
    draft_empty(&draft->parcel, &record_parcel);
    return read_object(item, &draft->parcel, &draft->given, &record_parcel, parcel_special, draft, intake,
                       err);
}

static bool line_special(void *context, const char *name, json_t *value, bool *known, struct intake *intake,
                         struct error *err) {
    struct draft_line *draft = context;
    if (!(*known = strcmp(name, "parcel") == 0))
        return true;
    if (!json_is_string(value) && !json_is_null(value))
        return error_set(err, "parcel: expected the id or tracking number of a parcel, found %s",
                         kind_name(value));
    draft->parcel =
        json_is_null(value) ? "" : arena_string(&intake->filling->arena, json_string_value(value));
    draft->given |= UINT64_C(1) << field_find(&record_line, "parcel");
    return true;
}

static bool read_line(json_t *item, int index, void *context, struct intake *intake, struct error *err) {
    struct draft_line *draft = &((struct draft *)context)->lines[index];
    draft_empty(&draft->line, &record_line);
    draft->parcel = "";
    return read_object(item, &draft->line, &draft->given, &record_line, line_special, draft, intake, err);
}

static bool order_special(void *context, const char *name, json_t *value, bool *known, struct intake *intake,
                          struct error *err) {
    struct draft *draft = context;
    bool lines = strcmp(name, "lines") == 0;
    if (!(*known = lines || strcmp(name, "parcels") == 0))
        return true;
    size_t room = json_array_size(value);
    if (lines) {
        draft->lines_given = true;
        draft->lines = ARENA_ARRAY(&intake->filling->arena, struct draft_line, room);
        return read_array(value, name, ORDER_LINES_MAX, &draft->line_count, read_line, draft, intake, err);
    }
    draft->parcels_given = true;
    draft->parcels = ARENA_ARRAY(&intake->filling->arena, struct draft_parcel, room);
    return read_array(value, name, ORDER_PARCELS_MAX, &draft->parcel_count, read_parcel, draft, intake, err);
}

static struct draft *read_order(struct intake *intake, const char *text, size_t len, struct error *err) {
    if (intake->lines.over) {
        error_set(err, "a line may have %d bytes", LINES_MAX);
        return NULL;
    }
    if (!intake_text_valid(text, len, err))
        return NULL;
    json_t *json = json_read(text, len, &limits, "", err);
    if (!json) {
        struct error place = *err; /* ":1:COLUMN: …", and the line is ours to say */
        error_set(err, "column %s", place.text + strlen(":1:"));
        return NULL;
    }
    struct draft *draft = intake_draft(intake);
    bool ok =
        read_object(json, &draft->order, &draft->given, &record_order, order_special, draft, intake, err);
    json_decref(json);
    return ok ? draft : NULL;
}

bool import_jsonl(struct intake *intake, struct error *err) {
    struct lines *lines = &intake->lines;
    while (lines_next(lines)) {
        const char *text = lines->line.bytes;
        struct error why;
        bool failed = false;
        if (text[strspn(text, " \t\r\n")] == '\0' && strlen(text) == lines->line.len)
            continue;
        intake->summary->read++;
        intake->line = lines->number;
        struct draft *draft = read_order(intake, text, lines->line.len, &why);
        if (draft && intake_take(intake, draft, &failed, &why))
            continue;
        if (failed)
            return error_set(err, "%s", why.text);
        intake->summary->rejected++;
        intake_complain(intake, lines->number, &why);
        intake_rejected(intake, text, lines->line.len);
    }
    return true;
}
