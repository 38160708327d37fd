/* /chat: wismo.chat.v1 (docs/chat.md). */
#include "bot/channels/chat.h"
#include "base/log.h"
#include "base/text.h"
#include "bot/server/endpoints.h"

/* The page's origin must be one of this very shop's, not only of some shop's of ours. */
static bool origin_fault(const struct socket *socket, const struct message *message, struct fault *fault) {
    const struct brain *brain = &socket->loop->brain;
    if (message->kind != MESSAGE_HELLO || !socket->origin[0] || message->resume)
        return false;
    for (int i = 0; i < brain->shop_count; i++)
        if (text_empty(message->shop) || text_is(message->shop, brain->shops[i].id)) {
            *fault = (struct fault){.code = FAULT_FORBIDDEN,
                                    .field = "shop",
                                    .expected = "a shop that this page belongs to",
                                    .found = brain->shops[i].id};
            return !loop_origin_allowed(socket->loop, &brain->shops[i], socket->origin);
        }
    return false;
}

static void heard(struct socket *socket, const char *frame, size_t len) {
    struct loop *loop = socket->loop;
    struct message message;
    struct fault fault;
    arena_reset(&loop->arena);
    if (!chat_read(frame, len, &loop->arena, &message, &fault) || origin_fault(socket, &message, &fault))
        hub_fault(loop->hub, &socket->ear.listener, &fault);
    else
        hub_hear(loop->hub, &socket->ear.listener, &message);
}

static void deliver(struct ear *ear, const struct delivery *delivery) {
    struct socket *socket = (struct socket *)ear;
    struct buffer *out = &socket->loop->out;
    if (delivery->kind == DELIVERY_END) {
        socket_end(socket, chat_close_code(delivery));
        return;
    }
    buffer_reset(out);
    chat_write(out, delivery);
    if (out->full)
        log_line(LOG_ERROR, "server", "a frame of more than %zu bytes was not sent", out->max);
    else
        socket_send(socket, out->bytes, out->len);
}

static void opened(struct socket *socket, struct http_request *request) {
    (void)request;
    socket->ear = (struct ear){
        .listener = {.address = socket->address, .channel = "chat", .voice = VOICE_WRITTEN, .paced = true},
        .deliver = deliver};
}

static bool known(const struct socket *socket) {
    return hub_conversation(&socket->ear.listener) != NULL;
}

static bool more(struct socket *socket) {
    return hub_more(socket->loop->hub, &socket->ear.listener);
}

static void closed(struct socket *socket) {
    hub_leave(socket->loop->hub, &socket->ear.listener);
}

const struct endpoint chat_endpoint = {.path = "/chat",
                                       .protocol = CHAT_PROTOCOL,
                                       .frame_max = CHAT_FRAME_MAX,
                                       .pages = true,
                                       .opened = opened,
                                       .heard = heard,
                                       .known = known,
                                       .more = more,
                                       .closed = closed};
