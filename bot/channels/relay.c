#include "bot/channels/relay.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"
#include "bot/channels/ssml.h"
#include <string.h>

static const struct json_limits limits = {RELAY_FRAME_MAX, 8, 512};

static const char *text_of(const json_t *object, const char *name, struct arena *arena) {
    return json_text_kept(object, name, RELAY_TEXT_MAX, arena);
}

static void read_setup(struct relay_frame *frame, const json_t *json, struct arena *arena) {
    const json_t *parameters = json_object_get(json, "customParameters");
    const char *call = text_of(json, "callSid", arena);
    if (!*call)
        call = text_of(json, "callControlId", arena); /* Telnyx' own name of it */
    if (!*call)
        call = text_of(json, "sessionId", arena);
    bool ours = text_is(text_of(parameters, "greeting", arena), "ours");
    frame->kind = RELAY_SETUP;
    frame->message = (struct message){.kind = MESSAGE_HELLO,
                                      .shop = text_or_null(text_of(parameters, "shop", arena)),
                                      .locale = text_or_null(text_of(parameters, "locale", arena)),
                                      .call = text_or_null(call),
                                      .caller = spoken_number(text_of(json, "from", arena), arena),
                                      .greeting = ours ? GREETING_OURS : GREETING_DONE};
    frame->called = spoken_number(text_of(json, "to", arena), arena);
    frame->token = text_or_null(text_of(parameters, "token", arena));
    frame->ssml = text_or_null(text_of(parameters, "ssml", arena));
    frame->engine = text_or_null(text_of(parameters, "tts_provider", arena));
    frame->unanswered = text_is(text_of(parameters, "unanswered", arena), "yes");
}

static void heard(struct relay_frame *frame, enum message_kind kind, const char *text) {
    frame->kind = RELAY_HEARD;
    frame->message = (struct message){.kind = kind, .text = text, .confidence = -1};
}

/* What is not the last is said again, longer. */
static void read_prompt(struct relay_frame *frame, const json_t *json, struct arena *arena) {
    const char *words = text_of(json, "voicePrompt", arena);
    if (words[strspn(words, " \t\r\n")])
        heard(frame, json_is_false(json_object_get(json, "last")) ? MESSAGE_TYPING : MESSAGE_SAY, words);
}

static void read_key(struct relay_frame *frame, const json_t *json, struct arena *arena) {
    const json_t *digit = json_object_get(json, "digit");
    const char *key = json_is_integer(digit)
                          ? arena_format(arena, "%lld", (long long)json_integer_value(digit))
                          : text_of(json, "digit", arena);
    if (*key && !key[1] && strchr("0123456789#*", *key))
        heard(frame, MESSAGE_KEYS, key);
}

static void read_interrupt(struct relay_frame *frame, const json_t *json, struct arena *arena) {
    heard(frame, MESSAGE_INTERRUPTED, text_of(json, "utteranceUntilInterrupt", arena));
}

static void read_error(struct relay_frame *frame, const json_t *json, struct arena *arena) {
    frame->kind = RELAY_COMPLAINT;
    frame->text = text_of(json, "description", arena);
}

static void read_info(struct relay_frame *frame, const json_t *json, struct arena *arena) {
    const char *name = text_of(json, "name", arena);
    bool on = text_is(text_of(json, "value", arena), "on");
    if (on && text_is(name, "clientSpeaking"))
        heard(frame, MESSAGE_TYPING, NULL);
    if (!text_is(name, "agentSpeaking"))
        return;
    frame->kind = RELAY_SPEAKING;
    frame->speaking = on;
}

void relay_read(struct relay_frame *frame, const char *bytes, size_t len, struct arena *arena) {
    static const struct {
        const char *type;
        void (*read)(struct relay_frame *frame, const json_t *json, struct arena *arena);
    } types[] = {{"setup", read_setup},         {"prompt", read_prompt}, {"dtmf", read_key},
                 {"interrupt", read_interrupt}, {"error", read_error},   {"info", read_info}};
    struct error err;
    *frame = (struct relay_frame){.kind = RELAY_MALFORMED, .text = ""};
    json_t *json = json_read(bytes, len, &limits, "frame", &err);
    if (json_is_object(json)) {
        const char *type = text_of(json, "type", arena);
        frame->kind = RELAY_IGNORED;
        for (size_t i = 0; i < sizeof types / sizeof *types; i++)
            if (text_is(types[i].type, type))
                types[i].read(frame, json, arena);
    }
    json_decref(json);
}

static void begin(struct json_out *out, const char *type) {
    json_open(out, NULL, '{');
    json_text(out, "type", type);
}

void relay_write_text(struct buffer *buffer, const char *text, bool marked, bool last, bool firm) {
    struct json_out out = {.buffer = buffer};
    struct buffer token;
    buffer_init(&token, buffer->max);
    if (marked)
        ssml_mark(&token, text);
    begin(&out, "text");
    json_text(&out, "token", marked ? token.bytes : text);
    buffer_clear(&token);
    json_flag(&out, "last", last);
    if (firm)
        json_flag(&out, "interruptible", false);
    json_close(&out, '}');
}

void relay_write_language(struct buffer *buffer, const char *tag) {
    struct json_out out = {.buffer = buffer};
    begin(&out, "language");
    json_text(&out, "ttsLanguage", tag);
    json_text(&out, "transcriptionLanguage", tag);
    json_close(&out, '}');
}

void relay_write_end(struct buffer *buffer, const char *handoff) {
    struct json_out out = {.buffer = buffer};
    begin(&out, "end");
    if (handoff)
        json_text(&out, "handoffData", handoff);
    json_close(&out, '}');
}

bool relay_signed(const char *token, const char *signed_text, const char *signature) {
    uint8_t hash[HASH_SHA1_SIZE];
    char expected[HASH_SHA1_SIZE * 2];
    hash_keyed_sha1(hash, token, strlen(token), signed_text, strlen(signed_text));
    size_t len = base64_encode(expected, hash, sizeof hash);
    return strlen(signature) == len && hash_equal(signature, expected, len);
}
