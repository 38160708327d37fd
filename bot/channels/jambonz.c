#include "bot/channels/jambonz.h"
#include "base/json.h"
#include "base/text.h"
#include "bot/channels/ssml.h"
#include <string.h>

enum { DIAL_SECONDS = 30, KEY_SECONDS = 3, KEYS_MAX = 24, HEADER_MAX = 64, HINTS_MAX = 16 };

static const struct json_limits limits = {JAMBONZ_FRAME_MAX, 12, 2048};
static const char TURN_HOOK[] = "/wismo/turn", TRANSFER_HOOK[] = "/wismo/transfer";

/* In. */

static const char *text_of(const json_t *object, const char *name, struct arena *arena) {
    return json_text_kept(object, name, JAMBONZ_TEXT_MAX, arena);
}

static void read_hello(struct jambonz_frame *frame, const json_t *json, const json_t *data,
                       struct arena *arena) {
    const json_t *variables = json_object_get(data, "env_vars");
    const char *call = text_of(json, "call_sid", arena);
    if (!*call)
        call = text_of(data, "call_sid", arena);
    frame->hello = (struct message){.kind = MESSAGE_HELLO,
                                    .shop = text_or_null(text_of(variables, "shop", arena)),
                                    .locale = text_or_null(text_of(variables, "locale", arena)),
                                    .call = text_or_null(call),
                                    .caller = spoken_number(text_of(data, "from", arena), arena)};
    frame->called = spoken_number(text_of(data, "to", arena), arena);
    frame->ssml = text_or_null(text_of(variables, "ssml", arena));
}

static void heard(struct jambonz_frame *frame, enum message_kind kind, const char *text) {
    frame->kind = JAMBONZ_HEARD;
    frame->hello.greeting = GREETING_LATER;
    frame->message = (struct message){.kind = kind, .text = text, .confidence = -1};
}

/* Vendors put the words in two places; a confidence that is missing or 0 is not a low one. */
static void read_speech(struct jambonz_frame *frame, const json_t *data, struct arena *arena) {
    const json_t *speech = json_object_get(data, "speech");
    const json_t *best = json_array_get(json_object_get(speech, "alternatives"), 0);
    if (!best) {
        const json_t *transcript = json_array_get(json_object_get(speech, "transcripts"), 0);
        best = json_array_get(json_object_get(transcript, "alternatives"), 0);
    }
    const char *words = text_of(best, "transcript", arena);
    double confidence = json_number_value(json_object_get(best, "confidence"));
    if (!words[strspn(words, " \t\r\n")]) {
        heard(frame, MESSAGE_SILENCE, NULL);
        return;
    }
    heard(frame, MESSAGE_SAY, words);
    frame->message.confidence = confidence > 0 && confidence <= 1 ? confidence : -1;
}

static void read_turn(struct jambonz_frame *frame, const json_t *data, struct arena *arena) {
    const char *keys = text_of(data, "digits", arena);
    if (text_is(text_of(data, "reason", arena), "dtmfDetected") && *keys &&
        !keys[strspn(keys, "0123456789*#")])
        heard(frame, MESSAGE_KEYS, keys);
    else
        read_speech(frame, data, arena); /* nothing heard, and a recogniser that failed, are silences */
}

/* How a dial, a refer or a queue went. */
static void read_transfer(struct jambonz_frame *frame, const json_t *data, struct arena *arena) {
    const char *queue = text_of(data, "queue_result", arena);
    json_int_t refer = json_integer_value(json_object_get(data, "final_referred_call_status"));
    if (!refer)
        refer = json_integer_value(json_object_get(data, "refer_status"));
    if (text_is(text_of(data, "dial_call_status", arena), "completed") || text_is(queue, "bridged") ||
        text_is(queue, "hangup") || (refer >= 200 && refer < 300))
        frame->kind = JAMBONZ_TAKEN;
    else
        heard(frame, MESSAGE_UNANSWERED, NULL);
}

static void read_session(struct jambonz_frame *frame, const json_t *data, struct arena *arena) {
    const json_t *defaults = json_object_get(data, "defaults");
    frame->kind = JAMBONZ_SESSION;
    frame->speaks = text_of(json_object_get(defaults, "synthesizer"), "language", arena);
    frame->message = frame->hello;
}

static void read_hook(struct jambonz_frame *frame, const json_t *data, struct arena *arena) {
    if (text_is(frame->text, TURN_HOOK))
        read_turn(frame, data, arena);
    else if (text_is(frame->text, TRANSFER_HOOK))
        read_transfer(frame, data, arena);
}

/* Of our own leg: the one that a dial has made tells of itself, too. */
static void read_status(struct jambonz_frame *frame, const json_t *data, struct arena *arena) {
    static const char *const last[] = {"completed", "failed", "busy", "no-answer"};
    for (size_t i = 0; i < sizeof last / sizeof *last; i++)
        if (text_is(text_of(data, "call_status", arena), last[i]) &&
            !text_is(text_of(data, "direction", arena), "outbound"))
            frame->kind = JAMBONZ_OVER;
}

static void read_error(struct jambonz_frame *frame, const json_t *data, struct arena *arena) {
    frame->kind = JAMBONZ_COMPLAINT;
    frame->text = text_of(data, "msg", arena);
}

void jambonz_read(struct jambonz_frame *frame, const char *bytes, size_t len, struct arena *arena) {
    static const struct {
        const char *type;
        void (*read)(struct jambonz_frame *frame, const json_t *data, struct arena *arena);
        bool acked;
    } types[] = {
        {"session:new", read_session, true},       {"session:redirect", read_session, true},
        {"session:reconnect", read_session, true}, {"verb:hook", read_hook, true},
        {"session:adulting", NULL, true},          {"dial:confirm", NULL, true},
        {"call:status", read_status, false},       {"jambonz:error", read_error, false},
    };
    struct error err;
    *frame = (struct jambonz_frame){.kind = JAMBONZ_MALFORMED, .text = ""};
    json_t *json = json_read(bytes, len, &limits, "frame", &err);
    if (json_is_object(json)) {
        const json_t *data = json_object_get(json, "data");
        const char *type = text_of(json, "type", arena), *msgid = text_of(json, "msgid", arena);
        frame->kind = JAMBONZ_IGNORED;
        frame->text = text_of(json, "hook", arena);
        read_hello(frame, json, data, arena);
        for (size_t i = 0; i < sizeof types / sizeof *types; i++)
            if (text_is(types[i].type, type)) {
                frame->msgid = types[i].acked && *msgid ? msgid : NULL;
                if (types[i].read)
                    types[i].read(frame, data, arena);
            }
    }
    json_decref(json);
}

/* Out. */

void jambonz_answer_init(struct jambonz_answer *answer) {
    answer->marked = false;
    buffer_init(&answer->verbs, JAMBONZ_VERBS_MAX);
    buffer_init(&answer->text, JAMBONZ_VERBS_MAX);
}

void jambonz_answer_clear(struct jambonz_answer *answer) {
    buffer_clear(&answer->verbs);
    buffer_clear(&answer->text);
}

void jambonz_answer_reset(struct jambonz_answer *answer) {
    buffer_reset(&answer->verbs);
    buffer_reset(&answer->text);
}

static struct json_out verb_open(struct jambonz_answer *answer, const char *verb) {
    struct json_out out = {.buffer = &answer->verbs, .comma = answer->verbs.len > 0};
    json_open(&out, NULL, '{');
    json_text(&out, "verb", verb);
    return out;
}

static void verb_close(struct json_out *out) {
    json_close(out, '}');
}

/* What is said of it: as it is, or in a <speak>. */
static void print_piece(struct buffer *out, const struct jambonz_answer *answer, const char *text,
                        size_t len) {
    char piece[JAMBONZ_SAY_MAX + 1];
    while (len && text[len - 1] == ' ')
        len--;
    memcpy(piece, text, len);
    piece[len] = '\0';
    buffer_reset(out);
    buffer_string(out, answer->marked ? "<speak>" : piece);
    if (answer->marked) {
        ssml_mark(out, piece);
        buffer_string(out, "</speak>");
    }
}

/* The first piece that fits, marks and all; its length in the text. */
static size_t next_piece(struct buffer *out, const struct jambonz_answer *answer, const char *text) {
    size_t len = spoken_piece(text, JAMBONZ_SAY_MAX);
    for (print_piece(out, answer, text, len); out->len > JAMBONZ_SAY_MAX && len > 1;
         print_piece(out, answer, text, len))
        len = spoken_piece(text, len * 3 / 4);
    return len;
}

/* Says all but the last piece, which is left in `piece`, "" when there is none. */
static void say_pieces(struct jambonz_answer *answer, struct buffer *piece) {
    buffer_init(piece, JAMBONZ_VERBS_MAX);
    for (const char *text = answer->text.bytes; *text;) {
        text += next_piece(piece, answer, text);
        if (!*text)
            break;
        struct json_out out = verb_open(answer, "say");
        json_text(&out, "text", piece->bytes);
        verb_close(&out);
    }
    buffer_reset(&answer->text);
}

static void say_rest(struct jambonz_answer *answer) {
    struct buffer piece;
    say_pieces(answer, &piece);
    if (piece.len) {
        struct json_out out = verb_open(answer, "say");
        json_text(&out, "text", piece.bytes);
        verb_close(&out);
    }
    buffer_clear(&piece);
}

/* Whose words go into a gather can be interrupted; a verb of its own cannot. */
void jambonz_say(struct jambonz_answer *answer, const char *text, bool firm) {
    if (answer->text.len)
        buffer_string(&answer->text, " ");
    buffer_string(&answer->text, text);
    if (firm)
        say_rest(answer);
}

static void voice(struct json_out *out, const char *key, const char *tag) {
    json_open(out, key, '{');
    json_text(out, "vendor", "default");
    json_text(out, "language", tag);
}

void jambonz_language(struct jambonz_answer *answer, const char *tag) {
    say_rest(answer);
    struct json_out out = verb_open(answer, "config");
    voice(&out, "synthesizer", tag);
    json_close(&out, '}');
    voice(&out, "recognizer", tag);
    json_close(&out, '}');
    verb_close(&out);
}

static void write_hints(struct json_out *out, const char *hints) {
    json_open(out, "hints", '[');
    for (int i = 0; *hints && i < HINTS_MAX; i++) {
        char hint[HEADER_MAX];
        size_t len = strcspn(hints, ",");
        snprintf(hint, sizeof hint, "%.*s", (int)len, hints);
        if (len < sizeof hint)
            json_text(out, NULL, hint);
        hints += len;
        hints += strspn(hints, ", ");
    }
    json_close(out, ']');
}

void jambonz_listen(struct jambonz_answer *answer, const struct delivery *listen, const char *tag,
                    const char *hints) {
    struct buffer piece;
    say_pieces(answer, &piece);
    bool one = text_is(listen->expects, "yes_no") || text_is(listen->expects, "choice");
    struct json_out out = verb_open(answer, "gather");
    json_raw(&out, "input", "[\"speech\",\"digits\"]");
    json_text(&out, "actionHook", TURN_HOOK);
    json_number(&out, "timeout", listen->timeout_ms > 1000 ? (listen->timeout_ms + 999) / 1000 : 1);
    json_flag(&out, "bargein", true);
    json_flag(&out, "dtmfBargein", true);
    json_number(&out, "minBargeinWordCount", 1);
    json_text(&out, "finishOnKey", "#");
    json_number(&out, "interDigitTimeout", KEY_SECONDS);
    json_number(&out, "maxDigits", one ? 1 : listen->digits ? listen->digits : KEYS_MAX);
    voice(&out, "recognizer", tag);
    write_hints(&out, hints);
    json_close(&out, '}');
    if (piece.len) {
        json_open(&out, "say", '{');
        json_text(&out, "text", piece.bytes);
        json_close(&out, '}');
    }
    verb_close(&out);
    buffer_clear(&piece);
}

static void header(struct json_out *out, const char *name, const char *value) {
    char plain[HEADER_MAX];
    size_t len = 0;
    for (; value && *value && len < sizeof plain - 1; value++)
        if (*value > ' ' && *value < 0x7f)
            plain[len++] = *value;
    plain[len] = '\0';
    if (len)
        json_text(out, name, plain);
}

static void headers(struct json_out *out, const struct delivery *delivery) {
    json_open(out, "headers", '{');
    header(out, "X-Wismo-Handoff", delivery->handoff);
    header(out, "X-Wismo-Queue", delivery->queue);
    header(out, "X-Wismo-Reason", delivery->reason);
    header(out, "X-Wismo-Order", delivery->order);
    json_close(out, '}');
}

static void tag_call(struct jambonz_answer *answer, const struct delivery *delivery) {
    struct json_out out = verb_open(answer, "tag");
    json_open(&out, "data", '{');
    json_text(&out, "handoff", delivery->handoff ? delivery->handoff : "");
    json_text(&out, "queue", delivery->queue ? delivery->queue : "");
    json_text(&out, "reason", delivery->reason ? delivery->reason : "");
    json_text(&out, "order", delivery->order ? delivery->order : "");
    json_close(&out, '}');
    verb_close(&out);
}

static void dial(struct jambonz_answer *answer, const struct transfer *transfer,
                 const struct delivery *delivery) {
    bool phone = transfer->kind == TRANSFER_DIAL;
    struct json_out out = verb_open(answer, "dial");
    json_open(&out, "target", '[');
    json_open(&out, NULL, '{');
    json_text(&out, "type", phone ? "phone" : "sip");
    json_text(&out, phone ? "number" : "sipUri", transfer->target);
    json_close(&out, '}');
    json_close(&out, ']');
    headers(&out, delivery);
    json_flag(&out, "answerOnBridge", true);
    json_number(&out, "timeout", DIAL_SECONDS);
    json_text(&out, "actionHook", TRANSFER_HOOK);
    verb_close(&out);
}

static void refer(struct jambonz_answer *answer, const struct transfer *transfer,
                  const struct delivery *delivery) {
    struct json_out out = verb_open(answer, "sip:refer");
    json_text(&out, "referTo", transfer->target);
    headers(&out, delivery);
    json_text(&out, "actionHook", TRANSFER_HOOK);
    verb_close(&out);
}

static void enqueue(struct jambonz_answer *answer, const struct transfer *transfer,
                    const struct delivery *delivery) {
    (void)delivery;
    struct json_out out = verb_open(answer, "enqueue");
    json_text(&out, "name", transfer->target);
    json_text(&out, "actionHook", TRANSFER_HOOK);
    verb_close(&out);
}

static void redirect(struct jambonz_answer *answer, const struct transfer *transfer,
                     const struct delivery *delivery) {
    (void)delivery;
    struct json_out out = verb_open(answer, "redirect");
    json_text(&out, "actionHook", transfer->target);
    verb_close(&out);
}

bool jambonz_transfer(struct jambonz_answer *answer, const struct transfer *transfer,
                      const struct delivery *delivery, const char *nobody) {
    static void (*const kinds[])(struct jambonz_answer * answer, const struct transfer *transfer,
                                 const struct delivery *delivery) = {
        [TRANSFER_DIAL] = dial,       [TRANSFER_SIP] = dial,          [TRANSFER_REFER] = refer,
        [TRANSFER_ENQUEUE] = enqueue, [TRANSFER_REDIRECT] = redirect, [TRANSFER_TASK] = NULL};
    if (!kinds[transfer->kind])
        return false;
    say_rest(answer);
    tag_call(answer, delivery);
    kinds[transfer->kind](answer, transfer, delivery);
    if (transfer->kind == TRANSFER_REDIRECT)
        return true; /* another application has it */
    jambonz_say(answer, nobody, true);
    jambonz_hang_up(answer);
    return true;
}

void jambonz_hang_up(struct jambonz_answer *answer) {
    say_rest(answer);
    struct json_out out = verb_open(answer, "hangup");
    verb_close(&out);
}

static void write_list(struct json_out *out, const struct jambonz_answer *answer) {
    json_open(out, "data", '[');
    buffer_add(out->buffer, answer->verbs.bytes, answer->verbs.len);
    json_close(out, ']');
}

void jambonz_write(struct buffer *buffer, const char *msgid, const struct jambonz_answer *answer) {
    struct json_out out = {.buffer = buffer};
    json_open(&out, NULL, '{');
    json_text(&out, "type", msgid ? "ack" : "command");
    if (msgid)
        json_text(&out, "msgid", msgid);
    else {
        json_text(&out, "command", "redirect");
        json_flag(&out, "queueCommand", false);
    }
    write_list(&out, answer);
    json_close(&out, '}');
}

void jambonz_write_empty(struct buffer *buffer, const char *msgid) {
    struct json_out out = {.buffer = buffer};
    json_open(&out, NULL, '{');
    json_text(&out, "type", "ack");
    json_text(&out, "msgid", msgid);
    json_close(&out, '}');
}
