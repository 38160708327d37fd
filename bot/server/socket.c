/* One chat socket: pieces become frames, frames become messages; deliveries wait in a bounded queue until the
 * socket takes them. */
#include "base/log.h"
#include "base/text.h"
#include "bot/channels/chat.h"
#include "bot/server/loop.h"
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

enum {
    PIECES_MAX = 1024,      /* of one frame, empty ones too */
    QUEUE_MAX = 512 * 1024, /* bytes that wait for a reader */
    PING_MS = 30 * 1000,    /* silence after which we ask */
    SILENT_MS = 75 * 1000,  /* silence after which it is cut */
    HELLO_MS = 30 * 1000,   /* time until hello */
    STUCK_MS = 30 * 1000    /* a queue that does not move */
};

struct frame {
    struct frame *prev, *next;
    size_t len;
    unsigned char bytes[]; /* LWS_PRE, then the frame */
};

struct socket {
    struct listener listener; /* first: deliveries find the socket through it */
    struct lws *wsi;
    struct loop *loop;
    char address[VISITOR_MAX];
    char origin[96]; /* "" none: no browser */
    char *partial;   /* pieces of a frame */
    size_t partial_len;
    int pieces;
    struct frame *queue;
    size_t queued; /* bytes */
    int close_code;
    bool ping, hung_up, cut;
    int64_t opened_ms, heard_ms, moved_ms, ping_ms;
    struct socket *prev, *next;
};

size_t socket_size(void) {
    return sizeof(struct socket);
}

static int64_t clock_ms(const struct socket *socket) {
    return (int64_t)uv_now(&socket->loop->uv);
}

/* Closed outside of any callback: whoever calls may be in the midst of the hub. */
static void cut(struct socket *socket) {
    socket->cut = true;
    lws_set_timeout(socket->wsi, PENDING_TIMEOUT_CLOSE_SEND, LWS_TO_KILL_ASYNC);
}

static int hang_up(struct socket *socket, int code, const char *why) {
    lws_close_reason(socket->wsi, (enum lws_close_status)code, (unsigned char *)why, why ? strlen(why) : 0);
    return -1;
}

/* Out. */

static void queue_add(struct socket *socket, const char *bytes, size_t len) {
    if (socket->queued + len > QUEUE_MAX) {
        log_line(LOG_INFO, "server", "a reader that is too slow is cut");
        cut(socket);
        return;
    }
    struct frame *frame = malloc(sizeof *frame + LWS_PRE + len);
    if (!frame)
        abort();
    frame->len = len;
    memcpy(frame->bytes + LWS_PRE, bytes, len);
    if (!socket->queue)
        socket->moved_ms = clock_ms(socket);
    DL_APPEND(socket->queue, frame);
    socket->queued += len;
    lws_callback_on_writable(socket->wsi);
}

static void queue_clear(struct socket *socket) {
    for (struct frame *frame; (frame = socket->queue);) {
        DL_DELETE(socket->queue, frame);
        free(frame);
    }
    socket->queued = 0;
}

void socket_deliver(void *context, struct listener *listener, const struct delivery *delivery) {
    struct loop *loop = context;
    struct socket *socket = (struct socket *)listener;
    if (socket->close_code || socket->cut)
        return;
    if (delivery->kind == DELIVERY_END) {
        socket->close_code = chat_close_code(delivery);
        lws_callback_on_writable(socket->wsi);
        return;
    }
    buffer_reset(&loop->out);
    chat_write(&loop->out, delivery);
    if (loop->out.full)
        log_line(LOG_ERROR, "server", "a frame of more than %zu bytes was not sent", loop->out.max);
    else
        queue_add(socket, loop->out.bytes, loop->out.len);
}

static int write_ping(struct socket *socket) {
    unsigned char bytes[LWS_PRE + 1];
    socket->ping = false;
    return lws_write(socket->wsi, bytes + LWS_PRE, 0, LWS_WRITE_PING) < 0 ? -1 : 0;
}

static int writable(struct socket *socket) {
    if (socket->ping && write_ping(socket) < 0)
        return -1;
    while (socket->queue && !lws_partial_buffered(socket->wsi) && !lws_send_pipe_choked(socket->wsi)) {
        struct frame *frame = socket->queue;
        DL_DELETE(socket->queue, frame);
        socket->queued -= frame->len;
        int written = lws_write(socket->wsi, frame->bytes + LWS_PRE, frame->len, LWS_WRITE_TEXT);
        free(frame);
        if (written < 0)
            return -1;
        socket->moved_ms = clock_ms(socket);
    }
    bool more = !socket->queue && !socket->close_code && hub_more(socket->loop->hub, &socket->listener);
    if (socket->queue || more)
        lws_callback_on_writable(socket->wsi);
    else if (socket->close_code && !socket->hung_up) {
        socket->hung_up = true;
        lws_set_timer_usecs(socket->wsi,
                            1); /* who is closed while writing counts as broken and hears no reason */
    }
    return 0;
}

/* In. */

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

static void hear(struct socket *socket, const char *bytes, size_t len) {
    struct loop *loop = socket->loop;
    struct message message;
    struct fault fault;
    arena_reset(&loop->arena);
    if (!chat_read(bytes, len, &loop->arena, &message, &fault) || origin_fault(socket, &message, &fault))
        hub_fault(loop->hub, &socket->listener, &fault);
    else
        hub_hear(loop->hub, &socket->listener, &message);
}

static int receive(struct socket *socket, const char *bytes, size_t len) {
    struct lws *wsi = socket->wsi;
    if (socket->close_code || socket->cut)
        return 0; /* we have hung up */
    bool final = lws_is_final_fragment(wsi) && !lws_remaining_packet_payload(wsi);
    socket->heard_ms = clock_ms(socket);
    if (lws_frame_is_binary(wsi))
        return hang_up(socket, 1003, "text frames only");
    if (socket->partial_len + len > CHAT_FRAME_MAX || ++socket->pieces > PIECES_MAX)
        return hang_up(socket, 1009, "at most 16384 bytes");
    if (final && !socket->partial_len) {
        hear(socket, bytes, len);
        socket->pieces = 0;
        return 0;
    }
    if (!socket->partial && !(socket->partial = malloc(CHAT_FRAME_MAX)))
        abort();
    if (len)
        memcpy(socket->partial + socket->partial_len, bytes, len);
    socket->partial_len += len;
    if (!final)
        return 0;
    hear(socket, socket->partial, socket->partial_len);
    free(socket->partial);
    socket->partial = NULL;
    socket->partial_len = 0;
    socket->pieces = 0;
    return 0;
}

/* Coming and going. */

static void opened(struct lws *wsi, struct socket *socket) {
    memset(socket, 0, sizeof *socket);
    socket->wsi = wsi;
    socket->loop = loop_of(wsi);
    loop_visitor(wsi, socket->address);
    visitors_enter(socket->loop->visitors, socket->address);
    lws_hdr_copy(wsi, socket->origin, sizeof socket->origin, WSI_TOKEN_ORIGIN);
    socket->listener = (struct listener){
        .address = socket->address, .channel = "chat", .voice = VOICE_WRITTEN, .paced = true};
    socket->opened_ms = socket->heard_ms = clock_ms(socket);
    socket->ping_ms = socket->opened_ms + PING_MS;
    DL_APPEND(socket->loop->sockets, socket);
    socket->loop->socket_count++;
}

static void closed(struct socket *socket) {
    if (!socket->wsi)
        return; /* it never opened: the handshake broke off behind the choice of the protocol */
    hub_leave(socket->loop->hub, &socket->listener);
    visitors_leave(socket->loop->visitors, socket->address);
    DL_DELETE(socket->loop->sockets, socket);
    socket->loop->socket_count--;
    queue_clear(socket);
    free(socket->partial);
    socket->wsi = NULL;
}

void sockets_ping(struct loop *loop) {
    int64_t now = (int64_t)uv_now(&loop->uv);
    for (int left = loop->socket_count; left; left--) {
        struct socket *socket = loop->sockets;
        if (socket->ping_ms > now)
            return; /* the others come later still */
        DL_DELETE(loop->sockets, socket);
        socket->ping_ms = now + PING_MS;
        DL_APPEND(loop->sockets, socket);
        if (now - socket->heard_ms > SILENT_MS || (socket->queue && now - socket->moved_ms > STUCK_MS))
            cut(socket);
        else if (!hub_conversation(&socket->listener) && now - socket->opened_ms >= HELLO_MS) {
            socket->close_code = 1008;
            lws_callback_on_writable(socket->wsi);
        } else {
            socket->ping = true;
            lws_callback_on_writable(socket->wsi);
        }
    }
}

void sockets_close(struct loop *loop, int code) {
    struct socket *socket;
    DL_FOREACH(loop->sockets, socket) {
        if (!socket->close_code)
            socket->close_code = code;
        lws_callback_on_writable(socket->wsi);
    }
}

int socket_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len) {
    struct socket *socket = user;
    switch (reason) {
    case LWS_CALLBACK_ESTABLISHED:
        opened(wsi, socket);
        return 0;
    case LWS_CALLBACK_RECEIVE:
        return receive(socket, in, len);
    case LWS_CALLBACK_RECEIVE_PONG:
        socket->heard_ms = clock_ms(socket);
        return 0;
    case LWS_CALLBACK_TIMER:
        return hang_up(socket, socket->close_code, socket->close_code == 1012 ? "restarting" : NULL);
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return writable(socket);
    case LWS_CALLBACK_CLOSED:
        closed(socket);
        return 0;
    default:
        /* What concerns HTTP, the upgrade and the life of a socket is the same for all protocols. */
        return http_callback(wsi, reason, user, in, len);
    }
}
