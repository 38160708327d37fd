/* /chat: wismo.chat.v1 (docs/chat.md). */
#include "bot/channels/chat.h"
#include "base/log.h"
#include "base/text.h"
#include "bot/server/endpoints.h"
#include "bot/server/far.h"
#include "bot/server/loops.h"
#include "bot/server/refusal.h"
#include <string.h>

/* A socket's own. */
struct way {
    struct far *far; /* NULL: the conversation is this loop's */
};

/* The page's origin must be one of this very shop's, not only of some shop's of ours. */
static bool origin_fault(const struct loop *loop, const char *origin, const struct message *message,
                         struct fault *fault) {
    const struct brain *brain = &loop->brain;
    if (message->kind != MESSAGE_HELLO || !origin[0] || message->resume)
        return false;
    for (int i = 0; i < brain->shop_count; i++)
        if (text_empty(message->shop) || text_is(message->shop, brain->shops[i].id)) {
            *fault = (struct fault){.code = FAULT_FORBIDDEN,
                                    .field = "shop",
                                    .expected = "a shop that this page belongs to",
                                    .found = brain->shops[i].id};
            return !loop_origin_allowed(loop, &brain->shops[i], origin);
        }
    return false;
}

struct loop *chat_hear(struct loop *loop, struct ear *ear, const char *origin, const char *frame,
                       size_t len) {
    struct message message;
    struct fault fault;
    arena_reset(&loop->arena);
    if (!chat_read(frame, len, &loop->arena, &message, &fault) ||
        origin_fault(loop, origin, &message, &fault)) {
        hub_fault(loop->hub, &ear->listener, &fault);
        return NULL;
    }
    if (message.kind == MESSAGE_HELLO && message.resume && !hub_conversation(&ear->listener)) {
        struct loop *owner = loop_owner(loop, message.resume);
        if (owner != loop)
            return owner;
    }
    hub_hear(loop->hub, &ear->listener, &message);
    return NULL;
}

bool chat_frame(struct loop *loop, const struct delivery *delivery) {
    struct buffer *out = &loop->out;
    buffer_reset(out);
    chat_write(out, delivery);
    if (out->full)
        log_line(LOG_ERROR, "server", "a frame of more than %zu bytes was not sent", out->max);
    return !out->full;
}

/* The loop whose conversation it asks for; NULL: it asks for none. */
static struct loop *asked_for(struct loop *loop, const char *frame, size_t len) {
    struct message message;
    struct fault fault;
    arena_reset(&loop->arena);
    bool resumes = chat_read(frame, len, &loop->arena, &message, &fault) && message.kind == MESSAGE_HELLO &&
                   message.resume;
    return resumes ? loop_owner(loop, message.resume) : NULL;
}

static void heard(struct socket *socket, const char *frame, size_t len) {
    struct way *way = socket->own;
    struct loop *owner = NULL;
    if (way->far && !far_known(way->far) && (owner = asked_for(socket->loop, frame, len))) {
        far_leave(way->far);
        way->far = NULL;
    }
    if (!way->far)
        owner = chat_hear(socket->loop, &socket->ear, socket->origin, frame, len);
    if (!way->far && owner)
        way->far = far_join(socket, owner);
    if (way->far)
        far_hear(way->far, frame, len);
}

/* No such shop, or none of this page's: what the page shows does not say so. */
static void log_fault(struct socket *socket, const struct fault *fault) {
    bool unknown = fault->code == FAULT_UNKNOWN_SHOP;
    if (!unknown && fault->code != FAULT_FORBIDDEN)
        return;
    const char *why =
        arena_format(&socket->loop->arena, "%s \"%s\" in wismo.conf",
                     unknown ? "there is no shop" : "it is none of the origins of the shop", fault->found);
    refusal_log(socket->loop, socket->origin, why, strlen(why));
}

static void deliver(struct ear *ear, const struct delivery *delivery) {
    struct socket *socket = (struct socket *)ear;
    const struct buffer *out = &socket->loop->out;
    if (delivery->kind == DELIVERY_FAULT)
        log_fault(socket, delivery->fault);
    if (delivery->kind == DELIVERY_END)
        socket_end(socket, chat_close_code(delivery));
    else if (chat_frame(socket->loop, delivery))
        socket_send(socket, out->bytes, out->len);
}

static void opened(struct socket *socket, struct http_request *request) {
    (void)request;
    socket->ear = (struct ear){
        .listener = {.address = socket->address, .channel = "chat", .voice = VOICE_WRITTEN, .paced = true},
        .deliver = deliver};
}

static bool known(const struct socket *socket) {
    const struct way *way = socket->own;
    return way->far ? far_known(way->far) : hub_conversation(&socket->ear.listener) != NULL;
}

static bool more(struct socket *socket) {
    const struct way *way = socket->own;
    if (!way->far)
        return hub_more(socket->loop->hub, &socket->ear.listener);
    far_more(way->far);
    return false; /* what comes asks to be written */
}

static void closed(struct socket *socket) {
    const struct way *way = socket->own;
    if (way->far)
        far_leave(way->far);
    else
        hub_leave(socket->loop->hub, &socket->ear.listener);
}

const struct endpoint chat_endpoint = {.path = "/chat",
                                       .protocol = CHAT_PROTOCOL,
                                       .frame_max = CHAT_FRAME_MAX,
                                       .own_size = sizeof(struct way),
                                       .pages = true,
                                       .opened = opened,
                                       .heard = heard,
                                       .known = known,
                                       .more = more,
                                       .closed = closed};
