#include "bot/channels/twiml.h"
#include "base/text.h"
#include <string.h>

static void escaped(struct buffer *out, const char *text, bool quoted) {
    for (; *text; text++) {
        switch (*text) {
        case '&':
            buffer_string(out, "&amp;");
            break;
        case '<':
            buffer_string(out, "&lt;");
            break;
        case '>':
            buffer_string(out, "&gt;");
            break;
        case '"':
            buffer_string(out, quoted ? "&quot;" : "\"");
            break;
        default:
            if ((unsigned char)*text >= ' ') /* others may not stand in XML */
                buffer_add(out, text, 1);
        }
    }
}

static void attribute(struct buffer *out, const char *name, const char *value) {
    if (text_empty(value))
        return;
    buffer_format(out, " %s=\"", name);
    escaped(out, value, true);
    buffer_string(out, "\"");
}

static void element(struct buffer *out, const char *name, const char *text) {
    buffer_format(out, "<%s>", name);
    escaped(out, text, false);
    buffer_format(out, "</%s>", name);
}

void twiml_open(struct buffer *out) {
    buffer_string(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>");
}

void twiml_close(struct buffer *out) {
    buffer_string(out, "</Response>");
}

void twiml_say(struct buffer *out, const char *text, const char *language) {
    buffer_string(out, "<Say");
    attribute(out, "language", language);
    buffer_string(out, ">");
    escaped(out, text, false);
    buffer_string(out, "</Say>");
}

void twiml_relay(struct buffer *out, const struct twiml_relay *relay) {
    buffer_string(out, "<Connect");
    attribute(out, "action", relay->action);
    buffer_string(out, "><ConversationRelay");
    attribute(out, "url", relay->socket);
    attribute(out, "language", relay->language);
    attribute(out, "ttsProvider", relay->engine);
    attribute(out, "interruptible", "any");
    attribute(out, "reportInputDuringAgentSpeech", "any");
    attribute(out, "dtmfDetection", "true");
    attribute(out, "events", "speaker-events");
    attribute(out, "hints", relay->hints);
    buffer_string(out, ">");
    for (int i = 0; i < TWIML_LANGUAGES && relay->languages[i]; i++) {
        buffer_string(out, "<Language");
        attribute(out, "code", relay->languages[i]);
        buffer_string(out, "/>");
    }
    for (int i = 0; i < TWIML_PARAMETERS && relay->parameters[i].name; i++) {
        if (text_empty(relay->parameters[i].value))
            continue;
        buffer_string(out, "<Parameter");
        attribute(out, "name", relay->parameters[i].name);
        attribute(out, "value", relay->parameters[i].value);
        buffer_string(out, "/>");
    }
    buffer_string(out, "</ConversationRelay></Connect>");
}

static void dial(struct buffer *out, const char *noun, const char *target, const char *id,
                 const char *action) {
    buffer_string(out, "<Dial");
    attribute(out, "action", action);
    buffer_format(out, "><%s>", noun);
    escaped(out, target, false);
    if (!text_empty(id)) /* parameters of a SIP address become headers of the call */
        buffer_format(out, "%sX-Wismo-Handoff=%s", strchr(target, '?') ? "&amp;" : "?", id);
    buffer_format(out, "</%s></Dial>", noun);
}

void twiml_transfer(struct buffer *out, const struct transfer *transfer, const char *id, const char *handoff,
                    const char *action) {
    switch (transfer->kind) {
    case TRANSFER_DIAL:
        dial(out, "Number", transfer->target, NULL, action);
        break;
    case TRANSFER_SIP:
        dial(out, "Sip", transfer->target, id, action);
        break;
    case TRANSFER_REFER:
        buffer_string(out, "<Refer>");
        element(out, "Sip", transfer->target);
        buffer_string(out, "</Refer>");
        break;
    case TRANSFER_ENQUEUE:
        element(out, "Enqueue", transfer->target);
        break;
    case TRANSFER_TASK:
        buffer_string(out, "<Enqueue");
        attribute(out, "workflowSid", transfer->target);
        buffer_string(out, ">");
        element(out, "Task", handoff);
        buffer_string(out, "</Enqueue>");
        break;
    case TRANSFER_REDIRECT:
        element(out, "Redirect", transfer->target);
        break;
    }
}

void twiml_hang_up(struct buffer *out) {
    buffer_string(out, "<Hangup/>");
}
