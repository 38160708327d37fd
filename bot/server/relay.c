/* /voice/twilio: a conversation relay, Twilio's or Telnyx' (docs/phone-twilio.md). */
#include "bot/channels/relay.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "bot/server/caller.h"
#include "bot/server/endpoints.h"
#include "bot/server/twilio.h"
#include <stdlib.h>
#include <string.h>

enum { HEARD_MARGIN_MS = 500 };

struct relay {
    struct caller caller; /* first */
    bool trusted;         /* it has shown who it is */
    char *held;           /* what was said last: the next frame, or the last one of this answer */
    bool held_firm;
    char *end;               /* the frame that ends it, once all has been heard */
    bool speaking;           /* since the last text, the platform has begun to say it */
    int64_t spoken_until_ms; /* as we guess */
};

static void send_out(struct socket *socket) {
    struct buffer *out = &socket->loop->out;
    if (out->full)
        log_line(LOG_ERROR, "server", "a frame of more than %zu bytes was not sent", out->max);
    else
        socket_send(socket, out->bytes, out->len);
}

static void send_held(struct socket *socket, bool last, bool firm) {
    struct relay *relay = socket->own;
    int64_t now = socket_now_ms(socket);
    if (!relay->held)
        return;
    buffer_reset(&socket->loop->out);
    relay_write_text(&socket->loop->out, relay->held, relay->caller.marked, last, firm || relay->held_firm);
    send_out(socket);
    if (relay->spoken_until_ms < now)
        relay->spoken_until_ms = now;
    relay->spoken_until_ms += spoken_ms(relay->held);
    relay->speaking = false;
    free(relay->held);
    relay->held = NULL;
}

static void language(struct socket *socket, const char *tag) {
    send_held(socket, false, false);
    buffer_reset(&socket->loop->out);
    relay_write_language(&socket->loop->out, tag);
    send_out(socket);
}

static void say(struct socket *socket, const char *text, bool firm) {
    struct relay *relay = socket->own;
    send_held(socket, false, false);
    relay->held = strdup(text);
    if (!relay->held)
        memory_exhausted();
    relay->held_firm = firm;
}

static void listen_on(struct socket *socket, const struct delivery *delivery) {
    (void)delivery;
    send_held(socket, true, false);
}

/* Ends our part of the call once what was said has been heard; `handoff` is a JSON text or NULL. */
static void end(struct socket *socket, const char *handoff) {
    struct relay *relay = socket->own;
    struct buffer frame;
    send_held(socket, true, true);
    relay->caller.over = true;
    buffer_init(&frame, socket->loop->out.max);
    relay_write_end(&frame, handoff);
    free(relay->end);
    relay->end = frame.bytes;
    int64_t wait = relay->spoken_until_ms - socket_now_ms(socket);
    socket_wake(socket, wait > 0 ? wait + HEARD_MARGIN_MS : 1);
}

static void woken(struct socket *socket) {
    struct relay *relay = socket->own;
    if (!relay->end)
        return;
    socket_send(socket, relay->end, strlen(relay->end));
    free(relay->end);
    relay->end = NULL;
}

static void transfer(struct socket *socket, const struct delivery *delivery) {
    struct buffer handoff;
    buffer_init(&handoff, socket->loop->out.max);
    spoken_handoff(&handoff, delivery, ((const struct caller *)socket->own)->shop);
    end(socket, handoff.bytes);
    buffer_clear(&handoff);
}

static void hang_up(struct socket *socket) {
    end(socket, NULL);
}

static void trouble(struct socket *socket) {
    struct arena *arena = &socket->loop->arena;
    say(socket, caller_line(socket, LINE_TROUBLE, NULL, arena), true);
    end(socket,
        arena_format(arena, "{\"reasonCode\":\"failed\",\"shop\":\"%s\"}", caller_shop_of(socket)->id));
}

static const struct platform platform = {.own_silence = true,
                                         .names_engine = true,
                                         .language = language,
                                         .say = say,
                                         .listen = listen_on,
                                         .transfer = transfer,
                                         .hang_up = hang_up,
                                         .trouble = trouble};

static void set_up(struct socket *socket, struct relay_frame *frame) {
    struct relay *relay = socket->own;
    if (relay->caller.id[0])
        return;
    if (!relay->trusted && !caller_secret(socket->loop->voice.relay_token, frame->token)) {
        socket_end(socket, 1008);
        return;
    }
    relay->trusted = true;
    caller_begin(socket, &frame->message, frame->called, frame->ssml, frame->engine, NULL);
    if (frame->unanswered)
        hub_hear(socket->loop->hub, &socket->ear.listener, &(struct message){.kind = MESSAGE_UNANSWERED});
}

static void heard(struct socket *socket, const char *bytes, size_t len) {
    struct relay *relay = socket->own;
    struct relay_frame frame;
    arena_reset(&socket->loop->arena);
    relay_read(&frame, bytes, len, &socket->loop->arena);
    switch (frame.kind) {
    case RELAY_SETUP:
        set_up(socket, &frame);
        break;
    case RELAY_HEARD:
        if (!relay->trusted || relay->caller.over)
            break;
        if (frame.message.kind == MESSAGE_INTERRUPTED)
            relay->spoken_until_ms = 0;
        hub_hear(socket->loop->hub, &socket->ear.listener, &frame.message);
        break;
    case RELAY_SPEAKING:
        if (relay->speaking && !frame.speaking) {
            relay->spoken_until_ms = 0;
            if (relay->end)
                socket_wake(socket, 1);
        }
        relay->speaking = frame.speaking;
        break;
    case RELAY_COMPLAINT:
        log_line(LOG_WARNING, "relay", "the platform says: %.200s", frame.text);
        break;
    case RELAY_MALFORMED:
    case RELAY_IGNORED:
        break;
    }
}

static bool admit(struct http_request *request, struct http_reply *reply) {
    if (twilio_signed(request, NULL, 0) || twilio_token_shown(request) ||
        (request->loop->voice.relay_token[0] && !http_header(request, TWILIO_SIGNATURE)))
        return true; /* the last may still show its token, as a parameter of the call */
    twilio_refuse(reply);
    return false;
}

static void opened(struct socket *socket, struct http_request *request) {
    struct relay *relay = socket->own;
    relay->trusted = twilio_signed(request, NULL, 0) || twilio_token_shown(request);
    caller_open(socket, &platform);
}

static void closed(struct socket *socket) {
    struct relay *relay = socket->own;
    hub_leave(socket->loop->hub, &socket->ear.listener);
    free(relay->held);
    free(relay->end);
}

const struct endpoint relay_endpoint = {.path = "/voice/twilio",
                                        .frame_max = RELAY_FRAME_MAX,
                                        .own_size = sizeof(struct relay),
                                        .admit = admit,
                                        .opened = opened,
                                        .heard = heard,
                                        .known = caller_known,
                                        .woken = woken,
                                        .closed = closed};
