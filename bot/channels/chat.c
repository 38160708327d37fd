#include "bot/channels/chat.h"
#include "base/text.h"
#include "bot/channels/frame.h"

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

enum { SHOP_MAX = 39, LOCALE_MAX = 15, TOKEN_LENGTH_MAX = 1023, CHOICE_MAX = 128, LABEL_MAX = 200 };

#define FIELD(name, shape, required, max, member)                                                            \
    { name, shape, required, max, offsetof(struct message, member) }

static const struct frame_type types[] = {
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
    {"typing", MESSAGE_TYPING, {{0}}},
};
static const struct frame_language language = {
    types,
    sizeof types / sizeof *types,
    "hello, say, choose, rate, typing or bye",
    CHAT_ID_MAX,
    &json_frame_limits,
    "a JSON object of at most 16384 bytes, 8 levels and 256 values"};

bool chat_read(const char *text, size_t len, struct arena *arena, struct message *message,
               struct fault *fault) {
    int kind = 0;
    *message = (struct message){0};
    bool good = frame_read(&language, text, len, arena, message, &kind, fault);
    message->kind = (enum message_kind)kind;
    return good;
}

/* Out. */

/* When people are back, for who waits for them out of hours. */
static void write_opens(struct json_out *out, const struct delivery *delivery) {
    char opens[MOMENT_SIZE];
    if (!delivery->away)
        return;
    moment_print(opens, delivery->opens);
    if (opens[0])
        json_text(out, "opens", opens);
    else
        json_raw(out, "opens", "null");
}

static void write_handling(struct json_out *out, const char *key, const struct delivery *delivery) {
    json_text(out, key, handling_name(delivery->handling));
    json_maybe(out, "agent", delivery->agent);
    if (delivery->place.position)
        json_number(out, "position", delivery->place.position);
    if (delivery->place.wait_s)
        json_number(out, "wait_s", delivery->place.wait_s);
    write_opens(out, delivery);
}

static void write_welcome(struct json_out *out, const struct delivery *delivery) {
    json_text(out, "conversation", delivery->conversation);
    json_maybe(out, "token", delivery->token);
    json_flag(out, "resumed", delivery->resumed);
    json_number(out, "seq", delivery->seq);
    json_text(out, "shop", delivery->shop);
    json_text(out, "name", delivery->shop_name);
    json_text(out, "locale", delivery->locale);
    write_handling(out, "handling", delivery);
}

static void write_turn(struct json_out *out, const struct delivery *delivery) {
    json_number(out, "seq", delivery->seq);
    if (delivery->re)
        json_number(out, "re", delivery->re);
    json_word(out, "from", delivery->from);
    json_maybe(out, "id", delivery->id);
    json_maybe(out, "agent", delivery->agent);
    json_text(out, "text", delivery->text);
    json_maybe(out, "locale", delivery->locale);
    if (delivery->parts)
        json_raw(out, "parts", delivery->parts);
    json_number(out, "at", delivery->at_ms);
}

static void write_typing(struct json_out *out, const struct delivery *delivery) {
    json_word(out, "from", delivery->from);
}

static void write_handoff(struct json_out *out, const struct delivery *delivery) {
    write_handling(out, "state", delivery);
}

static void write_fault(struct json_out *out, const struct delivery *delivery) {
    const struct fault *fault = delivery->fault;
    json_text(out, "code", faults[fault->code].name);
    json_text(out, "message", faults[fault->code].message);
    json_maybe(out, "re", fault->id);
    json_maybe(out, "field", fault->field);
    json_maybe(out, "expected", fault->expected);
    json_maybe(out, "found", fault->found);
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
        [DELIVERY_HANDLING] = {"handoff", write_handoff},
        [DELIVERY_FAULT] = {"error", write_fault},
        [DELIVERY_LISTEN] = {NULL, NULL},
        [DELIVERY_TRANSFER] = {NULL, NULL},
        [DELIVERY_END] = {NULL, NULL},
    };
    struct json_out out = {.buffer = buffer};
    if (!kinds[delivery->kind].type)
        return;
    json_open(&out, NULL, '{');
    json_word(&out, "type", kinds[delivery->kind].type);
    kinds[delivery->kind].write(&out, delivery);
    json_close(&out, '}');
}
