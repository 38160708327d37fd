#include "bot/channels/turn.h"
#include "base/json.h"
#include "base/text.h"
#include "bot/channels/ssml.h"
#include <ctype.h>
#include <string.h>

/* In. */

static bool blame(const char **fault, const char *sentence) {
    *fault = sentence;
    return false;
}

static bool is_word(const char *text, size_t max) {
    size_t len = 0;
    for (; text[len]; len++)
        if (!isascii((unsigned char)text[len]) ||
            (!isalnum((unsigned char)text[len]) && !strchr("._:@+-/", text[len])))
            return false;
    return len > 0 && len <= max;
}

/* A string of letters, digits and ._:@+-/; absent is fine unless it is required. */
static bool take_word(const json_t *json, const char *name, size_t max, bool required, struct arena *arena,
                      const char **out, const char **fault) {
    const json_t *value = json_object_get(json, name);
    const char *text = json_string_value(value);
    *out = NULL;
    if (!value && !required)
        return true;
    if (!text || !is_word(text, max))
        return blame(fault,
                     arena_format(arena, "%s: expected 1 to %zu letters, digits or ._:@+-/", name, max));
    *out = arena_string(arena, text);
    return true;
}

static bool only(const json_t *json, const char *const *names, const char *where, struct arena *arena,
                 const char **fault) {
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)json, name, value) {
        const char *const *known = names;
        while (*known && !text_is(*known, name))
            known++;
        if (!*known) {
            char found[41];
            TEXT_SET(found, name);
            return blame(fault, arena_format(arena, "%s%s: there is no such field", where, found));
        }
    }
    return true;
}

static bool read_text(struct message *message, const json_t *value, struct arena *arena, const char **fault) {
    const char *text = json_string_value(value);
    if (!text || !text[strspn(text, " \t\r\n")] || !text_valid(text, strlen(text)) ||
        text_length(text) > TURN_TEXT_MAX)
        return blame(fault, "input.text: expected 1 to 2000 characters");
    message->kind = MESSAGE_SAY;
    message->text = arena_string(arena, text);
    return true;
}

static bool read_digits(struct message *message, const json_t *value, struct arena *arena,
                        const char **fault) {
    const char *keys = json_string_value(value);
    size_t len = keys ? strspn(keys, "0123456789*#") : 0;
    if (!len || keys[len] || len > 40)
        return blame(fault, "input.digits: expected 1 to 40 of 0-9 * # as a string");
    message->kind = MESSAGE_KEYS;
    message->text = arena_string(arena, keys);
    return true;
}

static bool read_flag(struct message *message, const json_t *value, struct arena *arena, const char **fault) {
    (void)message, (void)arena;
    return json_is_true(value) || blame(fault, "input: expected true for noinput, unanswered and bye");
}

static bool read_input(struct turn_request *request, const json_t *input, struct arena *arena,
                       const char **fault) {
    static const char *const names[] = {"text", "digits", "noinput", "unanswered", "bye", "confidence", NULL};
    static const struct {
        const char *name;
        enum message_kind kind;
        bool (*read)(struct message *message, const json_t *value, struct arena *arena, const char **fault);
    } kinds[] = {{"text", MESSAGE_SAY, read_text},
                 {"digits", MESSAGE_KEYS, read_digits},
                 {"noinput", MESSAGE_SILENCE, read_flag},
                 {"unanswered", MESSAGE_UNANSWERED, read_flag},
                 {"bye", MESSAGE_BYE, read_flag}};
    const json_t *confidence = json_object_get(input, "confidence");
    int found = 0;
    request->message.confidence = -1;
    if (!input)
        return request->greeting = true;
    if (!json_is_object(input))
        return blame(fault, "input: expected an object");
    if (!only(input, names, "input.", arena, fault))
        return false;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const json_t *value = json_object_get(input, kinds[i].name);
        if (!value)
            continue;
        request->message.kind = kinds[i].kind;
        found++;
        if (!kinds[i].read(&request->message, value, arena, fault))
            return false;
    }
    if (found > 1)
        return blame(fault, "input: expected one of text, digits, noinput, unanswered and bye");
    request->greeting = found == 0;
    if (confidence && (!json_is_number(confidence) || json_number_value(confidence) < 0 ||
                       json_number_value(confidence) > 1))
        return blame(fault, "input.confidence: expected a number from 0 to 1");
    if (confidence)
        request->message.confidence = json_number_value(confidence);
    return true;
}

static bool read_request(struct turn_request *request, const json_t *json, struct arena *arena,
                         const char **fault) {
    static const char *const names[] = {"session", "shop",  "locale", "channel", "caller",
                                        "called",  "input", "ssml",   NULL};
    enum { SHOP_MAX = 39, LOCALE_MAX = 15, CHANNEL_MAX = 15, NUMBER_MAX = 64, SSML_MAX = 6 };
    const char *channel, *caller, *called;
    struct message *hello = &request->hello;
    if (!json_is_object(json))
        return blame(fault, "expected a JSON object");
    if (!only(json, names, "", arena, fault) ||
        !take_word(json, "session", TURN_SESSION_MAX, true, arena, &request->session, fault) ||
        !take_word(json, "shop", SHOP_MAX, false, arena, &hello->shop, fault) ||
        !take_word(json, "locale", LOCALE_MAX, false, arena, &hello->locale, fault) ||
        !take_word(json, "channel", CHANNEL_MAX, false, arena, &channel, fault) ||
        !take_word(json, "caller", NUMBER_MAX, false, arena, &caller, fault) ||
        !take_word(json, "called", NUMBER_MAX, false, arena, &called, fault) ||
        !take_word(json, "ssml", SSML_MAX, false, arena, &request->ssml, fault) ||
        !read_input(request, json_object_get(json, "input"), arena, fault))
        return false;
    if (request->ssml && !text_is(request->ssml, SSML_SAY_AS) && !text_is(request->ssml, "none"))
        return blame(fault, "ssml: expected none or say-as");
    request->channel = channel ? channel : "phone";
    request->called = spoken_number(called, arena);
    hello->kind = MESSAGE_HELLO;
    hello->caller = spoken_number(caller, arena);
    hello->greeting = request->greeting ? GREETING_OURS : GREETING_LATER;
    hello->call = arena_format(arena, "turn:%s:%s", hello->shop ? hello->shop : "", request->session);
    return true;
}

bool turn_read(struct turn_request *request, const char *body, size_t len, struct arena *arena,
               const char **fault) {
    struct error err;
    *request = (struct turn_request){0};
    json_t *json = json_read(body, len, &json_frame_limits, "body", &err);
    if (!json)
        return blame(fault, arena_string(arena, err.text));
    bool good = read_request(request, json, arena, fault);
    json_decref(json);
    return good;
}

/* Out. */

static void write_listen(struct json_out *out, const struct delivery *listen) {
    json_open(out, "listen", '{');
    json_text(out, "expects", listen->expects);
    json_number(out, "timeout_ms", listen->timeout_ms);
    json_number(out, "digits", listen->digits);
    json_close(out, '}');
}

static void write_ssml(struct json_out *out, const char *say) {
    struct buffer ssml;
    buffer_init(&ssml, out->buffer->max);
    buffer_string(&ssml, "<speak>");
    ssml_mark(&ssml, say);
    buffer_string(&ssml, "</speak>");
    json_text(out, "ssml", ssml.bytes);
    buffer_clear(&ssml);
}

static void write_handoff(struct json_out *out, const struct delivery *delivery,
                          const struct transfer *transfer) {
    static const char *const kinds[] = {
        [TRANSFER_DIAL] = "dial",       [TRANSFER_SIP] = "sip",   [TRANSFER_REFER] = "refer",
        [TRANSFER_ENQUEUE] = "enqueue", [TRANSFER_TASK] = "task", [TRANSFER_REDIRECT] = "redirect"};
    json_open(out, "handoff", '{');
    json_text(out, "id", delivery->handoff);
    json_text(out, "queue", delivery->queue);
    json_text(out, "reason", delivery->reason);
    json_maybe(out, "order", delivery->order);
    if (!text_empty(delivery->summary))
        json_raw(out, "summary", delivery->summary);
    if (transfer) {
        json_open(out, "transfer", '{');
        json_text(out, "how", kinds[transfer->kind]);
        json_text(out, "to", transfer->target);
        json_close(out, '}');
    }
    json_close(out, '}');
}

void turn_write(struct buffer *buffer, const char *session, const char *say, bool marked, const char *tag,
                bool firm, const struct delivery *closing, const struct transfer *transfer) {
    struct json_out out = {.buffer = buffer};
    json_open(&out, NULL, '{');
    json_text(&out, "session", session);
    json_text(&out, "say", say);
    if (marked)
        write_ssml(&out, say);
    json_text(&out, "locale", tag);
    json_flag(&out, "interruptible", !firm);
    if (closing->kind == DELIVERY_LISTEN)
        write_listen(&out, closing);
    if (closing->kind == DELIVERY_TRANSFER)
        write_handoff(&out, closing, transfer);
    json_flag(&out, "end", closing->kind == DELIVERY_END);
    json_close(&out, '}');
    buffer_string(buffer, "\n");
}
