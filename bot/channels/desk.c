#include "bot/channels/desk.h"
#include "base/text.h"
#include "bot/channels/frame.h"

enum { NAME_MAX_LEN = 40, QUEUE_MAX_LEN = 40, SEARCH_MAX = 200, EPOCH_MAX = 32, LOCALE_MAX_LEN = 15 };

const char *const desk_reasons[] = {"answered", "refunded",  "replaced", "carrier", "cancelled",
                                    "no_reply", "duplicate", "other",    NULL};

#define FIELD(name, shape, required, max, member)                                                            \
    { name, shape, required, max, offsetof(struct desk_message, member) }
#define OWN_ID FIELD("id", SHAPE_ID, true, DESK_ID_MAX, id)
#define WHERE FIELD("conversation", SHAPE_ID, true, DESK_ID_MAX, conversation)

static const struct frame_type types[] = {
    {"hello",
     DESK_HELLO,
     {FIELD("epoch", SHAPE_ID, false, EPOCH_MAX, epoch), FIELD("seq", SHAPE_SEQ, false, 0, seq)}},
    {"open", DESK_OPEN, {OWN_ID, WHERE}},
    {"leave", DESK_LEAVE, {{0}}},
    {"typing", DESK_TYPING, {WHERE}},
    {"ping", DESK_PING, {OWN_ID}},
    {"claim", DESK_CLAIM, {OWN_ID, WHERE}},
    {"say", DESK_SAY, {OWN_ID, WHERE, FIELD("text", SHAPE_WORDS, true, DESK_TEXT_MAX, text)}},
    {"note", DESK_NOTE, {OWN_ID, WHERE, FIELD("text", SHAPE_WORDS, true, DESK_TEXT_MAX, text)}},
    {"transfer", DESK_TRANSFER, {OWN_ID, WHERE, FIELD("queue", SHAPE_WORDS, true, QUEUE_MAX_LEN, queue)}},
    {"release", DESK_RELEASE, {OWN_ID, WHERE}},
    {"return", DESK_RETURN, {OWN_ID, WHERE}},
    {"resolve", DESK_RESOLVE, {OWN_ID, WHERE, FIELD("reason", SHAPE_ID, true, NAME_MAX_LEN, reason)}},
    {"assign", DESK_ASSIGN, {OWN_ID, WHERE, FIELD("agent", SHAPE_WORDS, true, NAME_MAX_LEN, agent)}},
    {"search", DESK_SEARCH, {OWN_ID, FIELD("text", SHAPE_WORDS, true, SEARCH_MAX, text)}},
    {"canned",
     DESK_CANNED,
     {OWN_ID, FIELD("name", SHAPE_WORDS, true, NAME_MAX_LEN, name),
      FIELD("locale", SHAPE_LOCALE, true, LOCALE_MAX_LEN, locale),
      FIELD("text", SHAPE_WORDS, false, DESK_TEXT_MAX, text)}},
};
static const struct frame_language language = {
    types,
    sizeof types / sizeof *types,
    "hello, open, leave, typing, ping, claim, say, note, transfer, release, return, resolve, assign, search "
    "or "
    "canned",
    DESK_ID_MAX,
    &json_frame_limits,
    "a JSON object of at most 16384 bytes, 8 levels and 256 values"};

bool desk_read(const char *frame, size_t len, struct arena *arena, struct desk_message *message,
               struct fault *fault) {
    int kind = 0;
    *message = (struct desk_message){0};
    if (!frame_read(&language, frame, len, arena, message, &kind, fault))
        return false;
    message->kind = (enum desk_kind)kind;
    return true;
}

/* Out. */

void desk_write_item(struct json_out *out, const char *key, const struct desk_item *item) {
    json_open(out, key, '{');
    json_text(out, "handoff", item->handoff);
    json_text(out, "conversation", item->conversation);
    json_text(out, "shop", item->shop);
    json_text(out, "status", handoff_status_name(item->status));
    json_text(out, "queue", item->queue);
    json_text(out, "reason", item->reason);
    json_text(out, "locale", item->locale);
    json_maybe(out, "channel", item->channel);
    json_maybe(out, "order", item->order);
    json_maybe(out, "contact", item->contact);
    json_maybe(out, "agent", item->agent);
    json_number(out, "opened", item->opened_ms);
    json_number(out, "changed", item->changed_ms);
    json_number(out, "turn", item->turn);
    if (item->said) {
        json_open(out, "last", '{');
        json_number(out, "turn", item->said);
        json_text(out, "text", item->words);
        json_number(out, "at", item->said_ms);
        json_close(out, '}');
    }
    json_maybe(out, "delivery", item->delivery);
    json_maybe(out, "trouble", item->trouble);
    json_close(out, '}');
}

void desk_write_turn(struct json_out *out, const struct turn *turn) {
    json_open(out, NULL, '{');
    json_number(out, "seq", turn->seq);
    if (turn->re)
        json_number(out, "re", turn->re);
    json_text(out, "from", author_name(turn->author));
    json_maybe(out, "agent", turn->who);
    json_text(out, "text", turn->text);
    json_maybe(out, "phrase", turn->phrase);
    if (!text_empty(turn->parts))
        json_raw(out, "parts", turn->parts);
    json_number(out, "at", turn->at_ms);
    json_close(out, '}');
}

void desk_write_note(struct json_out *out, const struct note *note) {
    json_open(out, NULL, '{');
    json_number(out, "seq", note->seq);
    json_text(out, "kind", note->kind);
    json_maybe(out, "intent", note->intent);
    json_maybe(out, "rule", note->rule);
    if (note->score != 0)
        json_decimal(out, "score", note->score);
    json_maybe(out, "phrase", note->phrase);
    told_print(out, "facts", note->facts, note->order);
    json_maybe(out, "order", note->order);
    json_number(out, "at", note->at_ms);
    json_close(out, '}');
}

void desk_write_act(struct json_out *out, const struct act *act) {
    json_open(out, NULL, '{');
    json_text(out, "agent", act->agent);
    json_text(out, "verb", act->verb);
    json_maybe(out, "text", act->text);
    json_number(out, "at", act->at_ms);
    json_close(out, '}');
}

static void begin(struct json_out *out, const char *type) {
    json_open(out, NULL, '{');
    json_text(out, "type", type);
}

void desk_write_news(struct buffer *buffer, const struct change *change) {
    struct json_out out = {.buffer = buffer};
    begin(&out, "news");
    json_text(&out, "conversation", change->conversation->id);
    json_text(&out, "handling", change->conversation->handling);
    json_open(&out, "turns", '[');
    for (int i = 0; i < change->turn_count; i++)
        desk_write_turn(&out, &change->turns[i]);
    json_close(&out, ']');
    json_open(&out, "notes", '[');
    for (int i = 0; i < change->note_count; i++)
        desk_write_note(&out, &change->notes[i]);
    json_close(&out, ']');
    json_open(&out, "acts", '[');
    if (change->act)
        desk_write_act(&out, change->act);
    json_close(&out, ']');
    json_close(&out, '}');
}

void desk_write_typing(struct buffer *buffer, const char *conversation, const char *from, const char *agent) {
    struct json_out out = {.buffer = buffer};
    begin(&out, "typing");
    json_text(&out, "conversation", conversation);
    json_text(&out, "from", from);
    json_maybe(&out, "agent", agent);
    json_close(&out, '}');
}

void desk_write_done(struct buffer *buffer, const char *id) {
    struct json_out out = {.buffer = buffer};
    begin(&out, "done");
    json_text(&out, "re", id);
    json_close(&out, '}');
}

void desk_write_error(struct buffer *buffer, const char *id, const char *code, const char *message) {
    struct json_out out = {.buffer = buffer};
    begin(&out, "error");
    json_text(&out, "code", code);
    json_text(&out, "message", message);
    json_maybe(&out, "re", id);
    json_close(&out, '}');
}

void desk_write_fault(struct buffer *buffer, const struct fault *fault) {
    struct json_out out = {.buffer = buffer};
    begin(&out, "error");
    json_text(&out, "code", fault_name(fault->code));
    json_text(&out, "message", "This frame is not as it must be.");
    json_maybe(&out, "re", fault->id);
    json_maybe(&out, "field", fault->field);
    json_maybe(&out, "expected", fault->expected);
    json_maybe(&out, "found", fault->found);
    json_close(&out, '}');
}
