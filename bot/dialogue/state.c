#include "bot/dialogue/state.h"
#include "base/json.h"
#include "base/text.h"
#include <stddef.h>
#include <string.h>

enum { STATE_VERSION = 1 };

enum field_type { FIELD_INT, FIELD_BOOL, FIELD_DECIMAL, FIELD_TEXT, FIELD_DAY, FIELD_BITS, FIELD_TIME };

/* One row a field, or a column of an array of structs: count places, stride apart. */
struct field {
    const char *name;
    enum field_type type;
    size_t offset, size;
    int count;
    size_t stride;
};

#define SIZE_OF(member) sizeof(((struct state *)0)->member)
#define ONE(name, type, member)                                                                              \
    { name, type, offsetof(struct state, member), SIZE_OF(member), 1, 0 }
#define MANY(name, type, member, places)                                                                     \
    { name, type, offsetof(struct state, member[0]), SIZE_OF(member[0]), places, SIZE_OF(member[0]) }
#define COLUMN(name, type, array, member, places)                                                            \
    {                                                                                                        \
        name, type, offsetof(struct state, array[0].member), SIZE_OF(array[0].member), places,               \
            SIZE_OF(array[0])                                                                                \
    }

static const struct field fields[] = {
    ONE("version", FIELD_INT, version),
    ONE("shop", FIELD_TEXT, shop),
    ONE("locale", FIELD_TEXT, locale),
    ONE("voice", FIELD_INT, voice),
    ONE("handling", FIELD_INT, handling),
    ONE("expect", FIELD_INT, expect),
    ONE("expect_before", FIELD_INT, expect_before),
    ONE("disclosed", FIELD_BOOL, disclosed),
    ONE("wake", FIELD_TIME, wake_ms),
    MANY("numbers", FIELD_TEXT, claims.numbers, STATE_NUMBERS),
    ONE("number", FIELD_TEXT, claims.number),
    ONE("tracking", FIELD_TEXT, claims.tracking),
    ONE("email", FIELD_TEXT, claims.email),
    ONE("postcode", FIELD_TEXT, claims.postcode),
    ONE("phone", FIELD_TEXT, claims.phone),
    ONE("phone4", FIELD_TEXT, claims.phone4),
    ONE("claimed_caller", FIELD_TEXT, claims.caller),
    ONE("same_token", FIELD_BOOL, claims.same_token),
    ONE("token_email", FIELD_TEXT, token.email),
    ONE("token_order", FIELD_TEXT, token.numbers[0]),
    ONE("wrong_proofs", FIELD_INT, wrong_proofs),
    ONE("locked", FIELD_BOOL, locked),
    ONE("carried", FIELD_BOOL, carried),
    ONE("tried", FIELD_TEXT, tried),
    MANY("orders", FIELD_TEXT, orders, STATE_ORDERS),
    MANY("factors", FIELD_INT, factors, STATE_ORDERS),
    MANY("tiers", FIELD_INT, tiers, STATE_ORDERS),
    ONE("focus", FIELD_TEXT, focus),
    ONE("told", FIELD_TEXT, told),
    ONE("pick", FIELD_TEXT, pick),
    ONE("pick_day", FIELD_DAY, pick_day),
    ONE("opening", FIELD_TEXT, opening),
    ONE("checked", FIELD_BOOL, checked),
    COLUMN("goal_intents", FIELD_TEXT, goals, intent, STATE_GOALS),
    COLUMN("goal_rules", FIELD_TEXT, goals, rule, STATE_GOALS),
    COLUMN("goal_scores", FIELD_DECIMAL, goals, score, STATE_GOALS),
    COLUMN("goal_days", FIELD_DAY, goals, asked, STATE_GOALS),
    ONE("look_up", FIELD_INT, look_up),
    ONE("misses", FIELD_INT, misses),
    ONE("asks", FIELD_INT, asks),
    COLUMN("said", FIELD_TEXT, said, phrase, STATE_SAID),
    COLUMN("said_counts", FIELD_INT, said, count, STATE_SAID),
    COLUMN("said_facts", FIELD_BITS, said, facts, STATE_SAID),
    MANY("topics", FIELD_TEXT, topics, STATE_TOPICS),
    ONE("reference", FIELD_TEXT, reference),
    ONE("offer", FIELD_TEXT, offer),
    ONE("caller", FIELD_TEXT, call.caller),
    ONE("caller_seen", FIELD_BOOL, call.caller_seen),
    ONE("spoke", FIELD_BOOL, call.spoke),
    ONE("done", FIELD_BOOL, call.done),
    ONE("patient", FIELD_BOOL, call.patient),
    ONE("slow", FIELD_BOOL, call.slow),
    ONE("transferred", FIELD_BOOL, call.transferred),
    ONE("heard_at", FIELD_TIME, call.heard_ms),
    ONE("silence_at", FIELD_TIME, call.silence_ms),
    ONE("keys", FIELD_TEXT, call.keys),
    ONE("key_at", FIELD_TIME, call.key_ms),
    ONE("keyed_at", FIELD_TIME, call.keyed_ms),
    ONE("question", FIELD_INT, call.question),
    ONE("silences", FIELD_INT, call.silences),
    ONE("unclear", FIELD_INT, call.misses),
    ONE("troubles", FIELD_INT, call.troubles),
    ONE("confirm", FIELD_TEXT, call.confirm),
    ONE("confirm_number", FIELD_BOOL, call.confirm_number),
    ONE("spoken", FIELD_TEXT, call.spoken),
    ONE("rest", FIELD_TEXT, call.rest),
    ONE("cut", FIELD_INT, call.cut),
    ONE("resolved", FIELD_TEXT, resolved),
};
enum { FIELD_COUNT = sizeof fields / sizeof *fields };

static const char *const handling_names[] = {"bot", "waiting", "human", "closed"};

const char *handling_name(enum handling handling) {
    return handling_names[handling];
}

void state_init(struct state *state, const char *shop, const char *locale, enum voice voice) {
    memset(state, 0, sizeof *state);
    state->version = STATE_VERSION;
    TEXT_SET(state->shop, shop);
    TEXT_SET(state->locale, locale);
    state->voice = voice;
}

static bool field_default(const struct field *field, const char *at) {
    if (field->type == FIELD_TEXT)
        return *at == '\0';
    int64_t wide;
    int32_t narrow;
    if (field->size == sizeof wide) {
        memcpy(&wide, at, sizeof wide);
        return wide == 0;
    }
    if (field->size == sizeof narrow) {
        memcpy(&narrow, at, sizeof narrow);
        return narrow == 0;
    }
    return *(const bool *)at == false;
}

static void field_print(const struct field *field, const char *at, const char *key, struct json_out *out) {
    switch (field->type) {
    case FIELD_TEXT:
        json_text(out, key, at);
        break;
    case FIELD_BOOL:
        json_flag(out, key, *(const bool *)at);
        break;
    case FIELD_DECIMAL:
        json_decimal(out, key, *(const double *)at);
        break;
    case FIELD_BITS:
        json_number(out, key, *(const uint32_t *)at);
        break;
    case FIELD_TIME:
        json_number(out, key, *(const int64_t *)at);
        break;
    case FIELD_INT:
    case FIELD_DAY:
        json_number(out, key, *(const int32_t *)at);
        break;
    }
}

void state_print(const struct state *state, struct buffer *buffer) {
    struct json_out out = {.buffer = buffer};
    json_open(&out, NULL, '{');
    for (const struct field *field = fields; field < fields + FIELD_COUNT; field++) {
        const char *base = (const char *)state + field->offset;
        int used = 0;
        for (int i = 0; i < field->count; i++)
            if (!field_default(field, base + (size_t)i * field->stride))
                used = i + 1;
        if (used == 0)
            continue;
        if (field->count == 1) {
            field_print(field, base, field->name, &out);
            continue;
        }
        json_open(&out, field->name, '[');
        for (int i = 0; i < used; i++)
            field_print(field, base + (size_t)i * field->stride, NULL, &out);
        json_close(&out, ']');
    }
    json_close(&out, '}');
}

static bool field_parse(const struct field *field, char *at, const json_t *value) {
    switch (field->type) {
    case FIELD_TEXT:
        return json_is_string(value) && text_set(at, field->size, json_string_value(value));
    case FIELD_BOOL:
        *(bool *)at = json_is_true(value);
        return json_is_boolean(value);
    case FIELD_DECIMAL:
        *(double *)at = json_number_value(value);
        return json_is_number(value);
    case FIELD_BITS:
        *(uint32_t *)at = (uint32_t)json_integer_value(value);
        return json_is_integer(value);
    case FIELD_TIME:
        *(int64_t *)at = json_integer_value(value);
        return json_is_integer(value);
    case FIELD_INT:
    case FIELD_DAY:
        *(int32_t *)at = (int32_t)json_integer_value(value);
        return json_is_integer(value);
    }
    return false;
}

static bool fields_parse(struct state *state, json_t *object, struct error *err) {
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value) {
        const struct field *field = fields;
        while (field < fields + FIELD_COUNT && !text_is(field->name, key))
            field++;
        if (field == fields + FIELD_COUNT)
            return error_set(err, "state: unknown field \"%s\"", key);
        char *base = (char *)state + field->offset;
        if (field->count == 1) {
            if (!field_parse(field, base, value))
                return error_set(err, "state: field \"%s\" has the wrong type or length", key);
            continue;
        }
        if (!json_is_array(value) || json_array_size(value) > (size_t)field->count)
            return error_set(err, "state: field \"%s\" is not an array of at most %d", key, field->count);
        for (size_t i = 0; i < json_array_size(value); i++)
            if (!field_parse(field, base + i * field->stride, json_array_get(value, i)))
                return error_set(err, "state: field \"%s\" has the wrong type or length", key);
    }
    return true;
}

/* Enums index tables: a state from outside must not reach past them. */
static bool ranges_hold(const struct state *state, struct error *err) {
    bool ok = state->voice <= VOICE_SPOKEN && state->handling <= HANDLING_CLOSED &&
              state->expect < EXPECT_COUNT && state->expect_before < EXPECT_COUNT &&
              state->call.question < EXPECT_COUNT && state->call.question >= 0 && state->call.cut >= 0 &&
              state->call.cut <= CALL_SPOKEN && state->call.silences >= 0 && state->call.misses >= 0;
    return ok ? true : error_set(err, "state: voice, handling or expect is out of range");
}

bool state_parse(struct state *state, const char *text, struct error *err) {
    json_t *object = json_read(text, strlen(text), &json_file_limits, "state", err);
    if (object == NULL)
        return false;
    memset(state, 0, sizeof *state);
    int version = (int)json_integer_value(json_object_get(object, "version"));
    bool ok = version == STATE_VERSION
                  ? fields_parse(state, object, err) && ranges_hold(state, err)
                  : error_set(err, "state: version %d, this program reads %d", version, STATE_VERSION);
    json_decref(object);
    return ok;
}
