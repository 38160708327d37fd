#include "bot/channels/handback.h"
#include "base/json.h"
#include "base/text.h"
#include "bot/channels/message.h"
#include <string.h>

static const struct json_limits limits = {.bytes = HANDBACK_MAX, .depth = 32, .values = 20000};

static json_t *body_read(struct handback *out, const char *bytes, size_t len, struct arena *arena) {
    struct error err;
    *out = (struct handback){
        .verb = "", .agent = "", .text = "", .conversation = "", .message = "", .fault = ""};
    json_t *body = json_read(bytes, len, &limits, "the body", &err);
    if (body && !json_is_object(body)) {
        json_decref(body);
        body = NULL;
        error_set(&err, "the body: expected an object");
    }
    if (!body)
        out->fault = arena_string(arena, err.text);
    return body;
}

/* The shop's own system. */

static const char *fault_of(const char *action, const char *agent, const char *text) {
    bool acts = *action != '\0';
    if (acts && !text_is(action, "take") && !text_is(action, "return") && !text_is(action, "close"))
        return "action: expected take, return or close.";
    if (acts && !text_empty(text))
        return "Expected either a text or an action.";
    if (!acts && message_blank(text))
        return "text: expected what the customer is to read.";
    if (strlen(text) > HANDBACK_TEXT_MAX)
        return "text: expected at most 8192 bytes.";
    if ((!acts || text_is(action, "take")) && message_blank(agent))
        return "agent: expected the name that the customer is to read.";
    return strlen(agent) >= AGENT_SIZE ? "agent: expected at most 63 bytes." : NULL;
}

enum handback_kind handback_read(struct handback *out, const char *bytes, size_t len, struct arena *arena) {
    json_t *body = body_read(out, bytes, len, arena);
    if (!body)
        return HANDBACK_MALFORMED;
    const char *action = json_text_in(body, "action"), *agent = json_text_in(body, "agent"),
               *text = json_text_in(body, "text");
    const char *fault = fault_of(action, agent, text);
    if (fault)
        out->fault = fault;
    else {
        out->verb = arena_string(arena, *action ? action : "say");
        out->agent = arena_string(arena, agent);
        out->text = arena_string(arena, text);
    }
    json_decref(body);
    return fault ? HANDBACK_REFUSED : HANDBACK_ASKS;
}

/* Chatwoot. */

static const char *number_of(const json_t *object, const char *key, struct arena *arena) {
    const json_t *number = json_object_get(object, key);
    return json_is_integer(number) ? arena_format(arena, "%lld", (long long)json_integer_value(number)) : "";
}

/* Told by one of its people to the customer: not a note, not our own transcript, not another bot. */
static bool is_for_customer(const json_t *message) {
    enum { OUTGOING = 1 };
    const json_t *type = json_object_get(message, "message_type");
    const json_t *attributes = json_object_get(message, "content_attributes");
    const char *source = json_text_in(message, "source_id");
    return (text_is(json_string_value(type), "outgoing") || json_integer_value(type) == OUTGOING) &&
           !json_is_true(json_object_get(message, "private")) && strncmp(source, "wismo-", 6) != 0 &&
           !json_object_get(attributes, "wismo") &&
           !text_is(json_text_in(json_object_get(message, "sender"), "type"), "agent_bot");
}

/* Its words, and the addresses of what is attached. */
static const char *words_of(const json_t *message, struct arena *arena) {
    const char *words = arena_string(arena, json_text_in(message, "content"));
    const json_t *attached;
    size_t at;
    json_array_foreach(json_object_get(message, "attachments"), at, attached) {
        const char *url = json_text_in(attached, "data_url");
        if (strncmp(url, "https://", 8) == 0)
            words = arena_format(arena, "%s%s%s", words, *words ? "\n" : "", url);
    }
    return words;
}

static const char *agent_of(const json_t *message, struct arena *arena) {
    const json_t *sender = json_object_get(message, "sender");
    const char *shown = json_text_in(sender, "available_name");
    char agent[AGENT_SIZE];
    text_set(agent, sizeof agent, *shown ? shown : json_text_in(sender, "name"));
    return arena_string(arena, agent);
}

enum handback_kind handback_read_chatwoot(struct handback *out, const char *bytes, size_t len,
                                          struct arena *arena) {
    json_t *body = body_read(out, bytes, len, arena);
    if (!body)
        return HANDBACK_MALFORMED;
    const char *event = json_text_in(body, "event");
    bool says = text_is(event, "message_created") && is_for_customer(body);
    bool ends =
        text_is(event, "conversation_status_changed") && text_is(json_text_in(body, "status"), "resolved");
    if (says || ends)
        out->conversation = number_of(says ? json_object_get(body, "conversation") : body, "id", arena);
    if (*out->conversation)
        out->verb = ends ? "return" : "say";
    if (*out->conversation && says) {
        out->agent = agent_of(body, arena);
        out->text = words_of(body, arena);
        out->message = number_of(body, "id", arena);
    }
    json_decref(body);
    return *out->conversation ? HANDBACK_ASKS : HANDBACK_NOTHING;
}
