#include "bot/channels/chat.h"
#include "base/json.h"
#include "base/text.h"
#include <ctype.h>
#include <string.h>

static const struct {
    const char *name, *message;
    int close; /* when the connection ends with it */
} faults[] = {
    [FAULT_MALFORMED] = {"malformed", "This frame is not a JSON object within the limits.", 1007},
    [FAULT_UNKNOWN_TYPE] = {"unknown_type", "There is no such type of message.", 1008},
    [FAULT_INVALID] = {"invalid", "A field of this message is not as it must be.", 1008},
    [FAULT_HELLO_FIRST] = {"hello_first", "The first message of a connection is hello.", 1008},
    [FAULT_HELLO_AGAIN] = {"hello_again", "This connection has said hello already.", 1008},
    [FAULT_UNKNOWN_SHOP] = {"unknown_shop", "There is no such shop.", 1008},
    [FAULT_UNKNOWN_CONVERSATION] = {"unknown_conversation",
                                    "This token opens no conversation; say hello without it.", 1008},
    [FAULT_FORBIDDEN] = {"forbidden", "This page is not one of the shop's.", 1008},
    [FAULT_SLOW_DOWN] = {"slow_down", "Too many messages; wait and send it again.", 1008},
    [FAULT_BUSY] = {"busy", "Too much to do just now; wait and send it again.", 1013},
    [FAULT_NOT_STORED] = {"not_stored",
                          "The message could not be stored and counts as not said; send it again.", 1011},
    [FAULT_FAILED] = {"failed", "Something went wrong on our side; try again.", 1011},
};

const char *fault_name(enum fault_code code) {
    return faults[code].name;
}

int chat_close_code(const struct delivery *delivery) {
    return delivery->fault ? faults[delivery->fault->code].close : 1000;
}

/* What a field of a message must be. Text is checked against its length in code points. */
enum shape { SHAPE_WORDS, SHAPE_TEXT, SHAPE_ID, SHAPE_LOCALE, SHAPE_SEQ, SHAPE_RATING, SHAPE_OBJECT };

struct field {
    const char *name; /* as faults name it: "resume.token" */
    enum shape shape;
    bool required;
    int max;
    size_t offset; /* in struct message */
};

enum {
    SHOP_MAX = 39,
    LOCALE_MAX = 15,
    TOKEN_LENGTH_MAX = 1023,
    CHOICE_MAX = 128,
    LABEL_MAX = 200,
    FIELDS_MAX = 8
};

#define FIELD(name, shape, required, max, member)                                                            \
    { name, shape, required, max, offsetof(struct message, member) }

static const struct {
    const char *type;
    enum message_kind kind;
    struct field fields[FIELDS_MAX];
} types[] = {
    {"hello",
     MESSAGE_HELLO,
     {FIELD("shop", SHAPE_TEXT, false, SHOP_MAX, shop),
      FIELD("locale", SHAPE_LOCALE, false, LOCALE_MAX, locale),
      FIELD("token", SHAPE_TEXT, false, TOKEN_LENGTH_MAX, token),
      {"resume", SHAPE_OBJECT, false, 0, 0},
      FIELD("resume.token", SHAPE_TEXT, true, TOKEN_LENGTH_MAX, resume),
      FIELD("resume.seq", SHAPE_SEQ, true, 0, seq)}},
    {"say",
     MESSAGE_SAY,
     {FIELD("id", SHAPE_ID, true, CHAT_ID_MAX, id), FIELD("text", SHAPE_WORDS, true, CHAT_TEXT_MAX, text)}},
    {"choose",
     MESSAGE_CHOOSE,
     {FIELD("id", SHAPE_ID, true, CHAT_ID_MAX, id), FIELD("choice", SHAPE_TEXT, true, CHOICE_MAX, choice),
      FIELD("text", SHAPE_TEXT, false, LABEL_MAX, text)}},
    {"rate",
     MESSAGE_RATE,
     {FIELD("rating", SHAPE_RATING, true, 0, rating), FIELD("seq", SHAPE_SEQ, false, 0, seq)}},
    {"bye", MESSAGE_BYE, {{0}}},
};
enum { TYPE_COUNT = sizeof types / sizeof *types };

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
        if (!isascii((unsigned char)*text) || (!isalnum((unsigned char)*text) && !strchr("._:-", *text)))
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

/* Spaces of any script are no words. */
static bool is_blank(const char *text) {
    for (uint32_t point; (point = text_next(&text));) {
        bool blank = point <= ' ' || point == 0x7f || point == 0xa0 || (point >= 0x2000 && point <= 0x200f) ||
                     point == 0x2028 || point == 0x2029 || point == 0x202f || point == 0x205f ||
                     point == 0x2060 || point == 0x3000 || point == 0xfeff;
        if (!blank)
            return false;
    }
    return true;
}

static const char *expectation(const struct field *field, struct arena *arena) {
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

/* Takes one field over into the message; false when it is not what it must be. */
static bool take(const struct field *field, const json_t *value, struct arena *arena,
                 struct message *message) {
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
    if (!text || !*text || text_length(text) > (size_t)field->max || !text_valid(text, strlen(text)))
        return false;
    if ((field->shape == SHAPE_ID && !is_id(text)) || (field->shape == SHAPE_LOCALE && !is_locale(text)) ||
        (field->shape == SHAPE_WORDS && is_blank(text)))
        return false;
    *(const char **)place = arena_string(arena, text);
    return true;
}

static const json_t *find(const json_t *frame, const char *name) {
    const char *dot = strchr(name, '.');
    return dot ? json_object_get(json_object_get(frame, "resume"), dot + 1) : json_object_get(frame, name);
}

/* A member that no field of the type has, or NULL. */
static const char *stranger(const struct field *fields, const json_t *object, const char *prefix,
                            struct arena *arena) {
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)object, name, value) {
        const char *path = arena_format(arena, "%s%s", prefix, shortened(name, 64, arena));
        bool known = text_is(path, "type");
        for (int i = 0; i < FIELDS_MAX && fields[i].name; i++)
            known |= text_is(fields[i].name, path);
        if (!known)
            return path;
    }
    return NULL;
}

static bool read_frame(const json_t *frame, struct arena *arena, struct message *message,
                       struct fault *fault) {
    const char *type = json_string_value(json_object_get(frame, "type"));
    const json_t *id = json_object_get(frame, "id"), *resume;
    const char *path;
    if (json_is_string(id) && json_string_length(id) <= CHAT_ID_MAX && is_id(json_string_value(id)))
        fault->id = arena_string(arena, json_string_value(id));
    if (!type)
        return blame(fault, FAULT_INVALID, "type", "hello, say, choose, rate or bye",
                     describe(json_object_get(frame, "type"), arena));
    int row = 0;
    while (row < TYPE_COUNT && strcmp(types[row].type, type) != 0)
        row++;
    if (row == TYPE_COUNT)
        return blame(fault, FAULT_UNKNOWN_TYPE, "type", "hello, say, choose, rate or bye",
                     is_id(type) ? shortened(type, 32, arena) : "something else");
    message->kind = types[row].kind;
    const struct field *fields = types[row].fields;
    resume = json_object_get(frame, "resume");
    for (int i = 0; i < FIELDS_MAX && fields[i].name; i++) {
        const json_t *value = find(frame, fields[i].name);
        bool required = fields[i].required && (!strchr(fields[i].name, '.') || resume);
        if ((value || required) && !take(&fields[i], value, arena, message))
            return blame(fault, FAULT_INVALID, fields[i].name, expectation(&fields[i], arena),
                         describe(value, arena));
    }
    path = stranger(fields, frame, "", arena);
    if (!path && resume)
        path = stranger(fields, resume, "resume.", arena);
    if (path)
        return blame(fault, FAULT_INVALID, path, "no such field", "one");
    return true;
}

bool chat_read(const char *text, size_t len, struct arena *arena, struct message *message,
               struct fault *fault) {
    struct error err;
    *message = (struct message){0};
    *fault = (struct fault){0};
    if (!text_valid(text, len))
        return blame(fault, FAULT_MALFORMED, NULL, "UTF-8", "other bytes");
    json_t *frame = json_read(text, len, &json_frame_limits, "frame", &err);
    char *near = frame ? NULL : strstr(err.text, " near '");
    if (near)
        *near = '\0'; /* behind it stands what was sent */
    if (!frame)
        return blame(fault, FAULT_MALFORMED, NULL,
                     "a JSON object of at most 16384 bytes, 8 levels and 256 values",
                     shortened(err.text, 160, arena));
    bool good = json_is_object(frame) ? read_frame(frame, arena, message, fault)
                                      : blame(fault, FAULT_MALFORMED, NULL, "a JSON object", "an array");
    json_decref(frame);
    return good;
}

/* Out. */

static void optional(struct json_out *out, const char *key, const char *value) {
    if (!text_empty(value))
        json_text(out, key, value);
}

static void write_welcome(struct json_out *out, const struct delivery *delivery) {
    json_text(out, "conversation", delivery->conversation);
    optional(out, "token", delivery->token);
    json_flag(out, "resumed", delivery->resumed);
    json_number(out, "seq", delivery->seq);
    json_text(out, "shop", delivery->shop);
    json_text(out, "name", delivery->shop_name);
    json_text(out, "locale", delivery->locale);
    json_text(out, "handling", handling_name(delivery->handling));
    optional(out, "agent", delivery->agent);
}

static void write_turn(struct json_out *out, const struct delivery *delivery) {
    json_number(out, "seq", delivery->seq);
    if (delivery->re)
        json_number(out, "re", delivery->re);
    json_text(out, "from", delivery->from);
    optional(out, "id", delivery->id);
    optional(out, "agent", delivery->agent);
    json_text(out, "text", delivery->text);
    optional(out, "locale", delivery->locale);
    if (delivery->parts)
        json_raw(out, "parts", delivery->parts);
    json_number(out, "at", delivery->at_ms);
}

static void write_typing(struct json_out *out, const struct delivery *delivery) {
    json_text(out, "from", delivery->from);
}

static void write_handling(struct json_out *out, const struct delivery *delivery) {
    json_text(out, "state", handling_name(delivery->handling));
    optional(out, "agent", delivery->agent);
}

static void write_fault(struct json_out *out, const struct delivery *delivery) {
    const struct fault *fault = delivery->fault;
    json_text(out, "code", faults[fault->code].name);
    json_text(out, "message", faults[fault->code].message);
    optional(out, "re", fault->id);
    optional(out, "field", fault->field);
    optional(out, "expected", fault->expected);
    optional(out, "found", fault->found);
    if (fault->retry_ms)
        json_number(out, "retry_ms", fault->retry_ms);
}

void chat_write(struct buffer *buffer, const struct delivery *delivery) {
    static const struct {
        const char *type;
        void (*write)(struct json_out *out, const struct delivery *delivery);
    } kinds[] = {
        [DELIVERY_WELCOME] = {"welcome", write_welcome},
        [DELIVERY_TURN] = {"say", write_turn},
        [DELIVERY_TYPING] = {"typing", write_typing},
        [DELIVERY_HANDLING] = {"handoff", write_handling},
        [DELIVERY_FAULT] = {"error", write_fault},
        [DELIVERY_LISTEN] = {NULL, NULL},
        [DELIVERY_TRANSFER] = {NULL, NULL},
        [DELIVERY_END] = {NULL, NULL},
    };
    struct json_out out = {.buffer = buffer};
    if (!kinds[delivery->kind].type)
        return;
    json_open(&out, NULL, '{');
    json_text(&out, "type", kinds[delivery->kind].type);
    kinds[delivery->kind].write(&out, delivery);
    json_close(&out, '}');
}
