#include "bot/channels/frame.h"
#include "base/text.h"
#include <ctype.h>
#include <string.h>

bool message_blank(const char *text) {
    for (uint32_t point; text && (point = text_next(&text));) {
        bool blank = point <= ' ' || point == 0x7f || point == 0xa0 || (point >= 0x2000 && point <= 0x200f) ||
                     point == 0x2028 || point == 0x2029 || point == 0x202f || point == 0x205f ||
                     point == 0x2060 || point == 0x3000 || point == 0xfeff;
        if (!blank)
            return false;
    }
    return true;
}

static bool blame(struct fault *fault, enum fault_code code, const char *field, const char *expected,
                  const char *found) {
    fault->code = code;
    fault->field = field;
    fault->expected = expected;
    fault->found = found;
    return false;
}

/* The first `max` bytes, whole code points only. */
static const char *shortened(const char *text, size_t max, struct arena *arena) {
    char *copy = arena_string(arena, text);
    text_set(copy, max < strlen(copy) ? max + 1 : strlen(copy) + 1, text);
    return copy;
}

/* What stands there, short enough to be sent back; never the words themselves. */
static const char *describe(const json_t *value, struct arena *arena) {
    switch (value ? json_typeof(value) : JSON_NULL) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "an array";
    case JSON_STRING:
        return arena_format(arena, "text of %zu characters", text_length(json_string_value(value)));
    case JSON_INTEGER:
        return arena_format(arena, "%lld", (long long)json_integer_value(value));
    case JSON_REAL:
        return "a number with a fraction";
    case JSON_TRUE:
        return "true";
    case JSON_FALSE:
        return "false";
    case JSON_NULL:
        break;
    }
    return value ? "null" : "nothing";
}

static bool is_id(const char *text) {
    for (; *text; text++)
        if (!isascii((unsigned char)*text) ||
            (!isalnum((unsigned char)*text) && *text != '.' && *text != '_' && *text != ':' && *text != '-'))
            return false;
    return true;
}

/* "fr", "fr-CA", "zh-Hant-TW": the shape of BCP 47, letters and digits in parts. */
static bool is_locale(const char *text) {
    size_t part = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
    if (part < 2 || part > 3)
        return false;
    for (text += part; *text == '-' || *text == '_'; text += part)
        for (part = 0, text++; isascii((unsigned char)text[part]) && isalnum((unsigned char)text[part]);)
            part++;
    return !*text && part > 0;
}

static const char *expectation(const struct frame_field *field, struct arena *arena) {
    switch (field->shape) {
    case SHAPE_WORDS:
    case SHAPE_TEXT:
        return arena_format(arena, "text of 1 to %d characters", field->max);
    case SHAPE_ID:
        return arena_format(arena, "1 to %d letters, digits, '.', '_', ':' or '-'", field->max);
    case SHAPE_LOCALE:
        return "a language tag such as fr or en-GB";
    case SHAPE_SEQ:
        return "a whole number from 0";
    case SHAPE_RATING:
        return "1 or -1";
    case SHAPE_OBJECT:
        break;
    }
    return "an object";
}

static bool text_fits(const struct frame_field *field, const char *text, size_t len) {
    if (len == 0 || (len > (size_t)field->max && text_length(text) > (size_t)field->max))
        return false;
    switch (field->shape) {
    case SHAPE_WORDS:
        return !message_blank(text);
    case SHAPE_TEXT:
        return true;
    case SHAPE_ID:
        return is_id(text);
    case SHAPE_LOCALE:
        return is_locale(text);
    default:
        return false;
    }
}

/* Takes one field over into the message; false when it is not what it must be. */
static bool take(const struct frame_field *field, const json_t *value, struct arena *arena, void *message) {
    void *place = (char *)message + field->offset;
    const char *text = json_string_value(value);
    switch (field->shape) {
    case SHAPE_OBJECT:
        return json_is_object(value);
    case SHAPE_SEQ:
        if (!json_is_integer(value) || json_integer_value(value) < 0)
            return false;
        *(int64_t *)place = json_integer_value(value);
        return true;
    case SHAPE_RATING:
        if (!json_is_integer(value) || (json_integer_value(value) != 1 && json_integer_value(value) != -1))
            return false;
        *(int *)place = (int)json_integer_value(value);
        return true;
    default:
        break;
    }
    if (!text || !text_valid(text, strlen(text)) || !text_fits(field, text, strlen(text)))
        return false;
    *(const char **)place = arena_string(arena, text);
    return true;
}

static const json_t *find_member(const json_t *frame, const char *name, struct arena *arena) {
    const char *dot = strchr(name, '.');
    if (!dot)
        return json_object_get(frame, name);
    return json_object_get(json_object_get(frame, arena_copy(arena, name, (size_t)(dot - name))), dot + 1);
}

/* A member that no field of the type has, or NULL. */
static const char *stranger(const struct frame_field *fields, const json_t *object, const char *prefix,
                            struct arena *arena) {
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)object, name, value) {
        const char *path = arena_format(arena, "%s%s", prefix, shortened(name, 64, arena));
        bool known = text_is(path, "type");
        for (int i = 0; i < FRAME_FIELDS_MAX && fields[i].name; i++)
            known |= text_is(fields[i].name, path);
        if (!known)
            return path;
    }
    return NULL;
}

/* … of the frame or of one of the objects in it. */
static const char *any_stranger(const struct frame_field *fields, const json_t *frame, struct arena *arena) {
    const char *path = stranger(fields, frame, "", arena);
    for (int i = 0; i < FRAME_FIELDS_MAX && fields[i].name && !path; i++) {
        const json_t *object =
            fields[i].shape == SHAPE_OBJECT ? json_object_get(frame, fields[i].name) : NULL;
        if (object)
            path = stranger(fields, object, arena_format(arena, "%s.", fields[i].name), arena);
    }
    return path;
}

static bool read_frame(const struct frame_language *language, const json_t *frame, struct arena *arena,
                       void *message, int *kind, struct fault *fault) {
    const char *type = json_string_value(json_object_get(frame, "type"));
    const json_t *id = json_object_get(frame, "id");
    if (json_is_string(id) && json_string_length(id) <= (size_t)language->id_max &&
        is_id(json_string_value(id)))
        fault->id = arena_string(arena, json_string_value(id));
    if (!type)
        return blame(fault, FAULT_INVALID, "type", language->names,
                     describe(json_object_get(frame, "type"), arena));
    int row = 0;
    while (row < language->count && strcmp(language->types[row].name, type) != 0)
        row++;
    if (row == language->count)
        return blame(fault, FAULT_UNKNOWN_TYPE, "type", language->names,
                     is_id(type) ? shortened(type, 32, arena) : "something else");
    const struct frame_field *fields = language->types[row].fields;
    *kind = language->types[row].kind;
    for (int i = 0; i < FRAME_FIELDS_MAX && fields[i].name; i++) {
        const json_t *value = find_member(frame, fields[i].name, arena);
        const char *dot = strchr(fields[i].name, '.');
        bool asked =
            !dot || json_object_get(frame, arena_copy(arena, fields[i].name, (size_t)(dot - fields[i].name)));
        if ((value || (fields[i].required && asked)) && !take(&fields[i], value, arena, message))
            return blame(fault, FAULT_INVALID, fields[i].name, expectation(&fields[i], arena),
                         describe(value, arena));
    }
    const char *path = any_stranger(fields, frame, arena);
    return !path || blame(fault, FAULT_INVALID, path, "no such field", "one");
}

/* What nearly every frame is: an object of a few texts without escapes, each a field of its type. It is read
 * where it stands; whatever is different in any way is left to the parser, which also knows what is wrong. */

struct member {
    const char *name, *text;
    size_t name_len, len;
};

static const char *past_blanks(const char *at, const char *end) {
    while (at < end && *at == ' ')
        at++;
    return at;
}

/* The string at `at`; behind its closing quote, NULL for none that stands for itself. */
static const char *plain_string(const char *at, const char *end, const char **text, size_t *len) {
    const char *close = at < end && *at == '"' ? memchr(at + 1, '"', (size_t)(end - at - 1)) : NULL;
    if (!close)
        return NULL;
    *text = at + 1;
    *len = (size_t)(close - *text);
    return close + 1;
}

/* No escapes in it, and no control characters, not even those that may stand between strings. */
static bool is_plain(const char *text, size_t len) {
    unsigned char special = 0;
    for (size_t i = 0; i < len; i++)
        special |= (unsigned char)((unsigned char)text[i] < ' ') | (unsigned char)(text[i] == '\\');
    return !special;
}

static int plain_members(const char *text, size_t len, struct member members[FRAME_FIELDS_MAX]) {
    const char *end = text + len, *at = past_blanks(text, end);
    int count = 0;
    if (at == end || *at != '{')
        return 0;
    do {
        struct member *member = &members[count++];
        at = plain_string(past_blanks(at + 1, end), end, &member->name, &member->name_len);
        at = at ? past_blanks(at, end) : end;
        if (at == end || *at != ':')
            return 0;
        at = plain_string(past_blanks(at + 1, end), end, &member->text, &member->len);
        at = at ? past_blanks(at, end) : end;
    } while (at < end && *at == ',' && count < FRAME_FIELDS_MAX);
    return at < end && *at == '}' && past_blanks(at + 1, end) == end ? count : 0;
}

static const struct member *member_named(const struct member *members, int count, const char *name) {
    size_t len = strlen(name);
    for (int i = 0; i < count; i++)
        if (members[i].name_len == len && memcmp(members[i].name, name, len) == 0)
            return &members[i];
    return NULL;
}

static bool read_plain(const struct frame_language *language, const char *text, size_t len,
                       struct arena *arena, void *message, int *kind, struct fault *fault) {
    struct member members[FRAME_FIELDS_MAX];
    const char *values[FRAME_FIELDS_MAX] = {NULL}, *id = NULL;
    if (len > language->limits->bytes || !is_plain(text, len))
        return false;
    int count = plain_members(text, len, members), row = 0, taken = 1;
    const struct member *type = member_named(members, count, "type");
    if (!type)
        return false;
    while (row < language->count && (strlen(language->types[row].name) != type->len ||
                                     memcmp(language->types[row].name, type->text, type->len) != 0))
        row++;
    if (row == language->count)
        return false;
    const struct frame_field *fields = language->types[row].fields;
    for (int i = 0; i < FRAME_FIELDS_MAX && fields[i].name; i++) {
        const struct member *member = member_named(members, count, fields[i].name);
        if (!member && !fields[i].required)
            continue;
        bool nested = strchr(fields[i].name, '.') != NULL; /* asked for only where its object is there */
        if (!member && nested)
            continue;
        values[i] = member ? arena_copy(arena, member->text, member->len) : NULL;
        if (!values[i] || nested || !text_fits(&fields[i], values[i], member->len))
            return false;
        taken++;
        if (fields[i].shape == SHAPE_ID && text_is(fields[i].name, "id") &&
            member->len <= (size_t)language->id_max)
            id = values[i];
    }
    if (taken != count)
        return false; /* one is unknown, or there twice */
    for (int i = 0; i < FRAME_FIELDS_MAX && fields[i].name; i++)
        if (values[i])
            *(const char **)((char *)message + fields[i].offset) = values[i];
    fault->id = id;
    *kind = language->types[row].kind;
    return true;
}

bool frame_read(const struct frame_language *language, const char *text, size_t len, struct arena *arena,
                void *message, int *kind, struct fault *fault) {
    struct error err;
    *fault = (struct fault){0};
    if (!text_valid(text, len))
        return blame(fault, FAULT_MALFORMED, NULL, "UTF-8", "other bytes");
    if (read_plain(language, text, len, arena, message, kind, fault))
        return true;
    json_t *frame = json_read(text, len, language->limits, "frame", &err);
    char *near = frame ? NULL : strstr(err.text, " near '");
    if (near)
        *near = '\0'; /* behind it stands what was sent */
    if (!frame)
        return blame(fault, FAULT_MALFORMED, NULL, language->expected, shortened(err.text, 160, arena));
    bool good = json_is_object(frame) ? read_frame(language, frame, arena, message, kind, fault)
                                      : blame(fault, FAULT_MALFORMED, NULL, "a JSON object", "an array");
    json_decref(frame);
    return good;
}
