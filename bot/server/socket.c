#include "bot/server/socket.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "bot/server/loops.h"
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

enum {
    AT_ONCE_MAX = 4096,     /* bytes that are written without the queue */
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

int64_t socket_now_ms(const struct socket *socket) {
    return (int64_t)uv_now(&socket->loop->uv);
}

/* Closed outside of any callback: whoever calls may be in the midst of the hub. */
static void cut(struct socket *socket) {
    socket->cut = true;
    lws_set_timeout(socket->wsi, PENDING_TIMEOUT_CLOSE_SEND, LWS_TO_KILL_ASYNC);
}

static int hang_up(struct socket *socket, int code, const char *why) {
    sockets_serve(socket->loop); /* what came and was said before goes before */
    lws_close_reason(socket->wsi, (enum lws_close_status)code, (unsigned char *)why, why ? strlen(why) : 0);
    return -1;
}

/* Out. */

/* What comes in one turn of the loop is read together, heard together and written together, some at a time:
 * each of the three takes code of the library and the kernel that does not fit into the processor's first
 * cache beside the other two. */

static bool batch_fits(const struct batch *batch, size_t len) {
    return batch->count < BATCH_FRAMES && LWS_PRE + len <= sizeof batch->bytes - batch->used;
}

static void batch_add(struct batch *batch, struct socket *socket, const char *bytes, size_t len) {
    enum { ALIGNED = 16 };
    unsigned char *at = batch->bytes + batch->used + LWS_PRE;
    memcpy(at, bytes, len);
    batch->frames[batch->count].socket = socket;
    batch->frames[batch->count].bytes = at;
    batch->frames[batch->count++].len = len;
    batch->used += (LWS_PRE + len + ALIGNED - 1) & ~(size_t)(ALIGNED - 1);
}

static void batch_clear(struct batch *batch) {
    batch->count = 0;
    batch->used = 0;
}

static void enqueue(struct socket *socket, const void *bytes, size_t len) {
    struct frame *frame = malloc(sizeof *frame + LWS_PRE + len);
    if (!frame)
        memory_exhausted();
    frame->len = len;
    memcpy(frame->bytes + LWS_PRE, bytes, len);
    if (!socket->queue)
        socket->moved_ms = socket_now_ms(socket);
    DL_APPEND(socket->queue, frame);
    socket->queued += len;
    lws_callback_on_writable(socket->wsi);
}

static bool is_free(const struct socket *socket) {
    return !socket->queue && !lws_partial_buffered(socket->wsi);
}

/* Without waiting to be called back when the socket is writable: two system calls an answer instead of eight.
 * Only when nothing waits, or order would be lost; what the kernel does not take the library keeps. */
static void flush(struct loop *loop) {
    struct batch *out = &loop->frames_out;
    for (int i = 0; i < out->count; i++) {
        struct socket *socket = out->frames[i].socket;
        if (socket->cut || socket->gone)
            continue;
        if (!is_free(socket)) {
            enqueue(socket, out->frames[i].bytes, out->frames[i].len);
            continue;
        }
        if (lws_write(socket->wsi, out->frames[i].bytes, out->frames[i].len, LWS_WRITE_TEXT) < 0)
            cut(socket);
        else
            socket->moved_ms = socket_now_ms(socket);
        if (socket->ear.listener.behind)
            lws_callback_on_writable(socket->wsi); /* for what it has missed */
    }
    batch_clear(out);
}

void socket_send(struct socket *socket, const char *bytes, size_t len) {
    struct batch *out = &socket->loop->frames_out;
    if (socket->close_code || socket->cut || socket->gone)
        return;
    if (socket->queued + len > QUEUE_MAX) {
        log_line(LOG_INFO, "server", "a reader that is too slow is cut");
        cut(socket);
        return;
    }
    bool at_once = len <= AT_ONCE_MAX && is_free(socket);
    if (!at_once || !batch_fits(out, len))
        flush(socket->loop);
    if (at_once)
        batch_add(out, socket, bytes, len);
    else
        enqueue(socket, bytes, len);
}

static void queue_clear(struct socket *socket) {
    for (struct frame *frame; (frame = socket->queue);) {
        DL_DELETE(socket->queue, frame);
        free(frame);
    }
    socket->queued = 0;
}

/* The library's own timers are only looked at after it has served a socket; ours must not wait for that. */
static void wake_due(uv_timer_t *timer);

static void wake_arm(struct loop *loop, int64_t at_ms) {
    if (loop->next_wake_ms && loop->next_wake_ms <= at_ms)
        return;
    int64_t wait = at_ms - (int64_t)uv_now(&loop->uv);
    loop->next_wake_ms = at_ms;
    uv_timer_start(&loop->wakes, wake_due, wait > 0 ? (uint64_t)wait : 0, 0);
}

static void wake_due(uv_timer_t *timer) {
    struct loop *loop = timer->data;
    struct socket *socket, *next;
    int64_t now = (int64_t)uv_now(&loop->uv);
    loop->next_wake_ms = 0;
    DL_FOREACH_SAFE(loop->sockets, socket, next) {
        if (socket->wake_ms && socket->wake_ms <= now) {
            socket->wake_ms = 0;
            if (!socket->close_code && !socket->cut)
                socket->endpoint->woken(socket);
        }
        if (socket->wake_ms)
            wake_arm(loop, socket->wake_ms);
    }
}

void socket_wake(struct socket *socket, int64_t ms) {
    socket->wake_ms = ms ? socket_now_ms(socket) + ms : 0;
    if (socket->wake_ms)
        wake_arm(socket->loop, socket->wake_ms);
}

void socket_end(struct socket *socket, int code) {
    if (socket->gone)
        return;
    if (!socket->close_code)
        socket->close_code = code;
    lws_callback_on_writable(socket->wsi);
}

/* Of one byte: the library keeps an empty pong to itself. */
static int write_ping(struct socket *socket) {
    unsigned char bytes[LWS_PRE + 1] = {0};
    socket->ping = false;
    return lws_write(socket->wsi, bytes + LWS_PRE, 1, LWS_WRITE_PING) < 0 ? -1 : 0;
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
        socket->moved_ms = socket_now_ms(socket);
    }
    bool more =
        !socket->queue && !socket->close_code && socket->endpoint->more && socket->endpoint->more(socket);
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

static int too_long(struct socket *socket) {
    char why[40];
    snprintf(why, sizeof why, "at most %zu bytes", socket->endpoint->frame_max);
    return hang_up(socket, 1009, why);
}

static int no_text(struct socket *socket) {
    return hang_up(socket, 1007, "not UTF-8");
}

/* UTF-8, as the protocol has it: NUL too, which no message of ours may have. The library would look at each
 * byte by itself. */
static bool is_text(const char *bytes, size_t len) {
    const char *nul;
    while (!text_valid(bytes, len)) {
        size_t before = (nul = memchr(bytes, '\0', len)) ? (size_t)(nul - bytes) : len;
        if (before == len || !text_valid(bytes, before))
            return false;
        bytes += before + 1;
        len -= before + 1;
    }
    return true;
}

/* How many bytes at the end are the beginning of a code point whose rest has not come. */
static size_t unfinished(const char *bytes, size_t len) {
    for (size_t back = 1; back <= 3 && back <= len; back++) {
        unsigned char byte = (unsigned char)bytes[len - back];
        if ((byte & 0xc0) != 0x80)
            return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1) ? back : 0;
    }
    return 0;
}

/* As far as it has come: what cannot become text is not waited for. */
static bool partial_is_text(struct socket *socket, bool final) {
    size_t from = socket->partial_valid;
    socket->partial_valid =
        socket->partial_len - (final ? 0 : unfinished(socket->partial + from, socket->partial_len - from));
    return is_text(socket->partial + from, socket->partial_valid - from);
}

static void hear(struct socket *socket, const char *bytes, size_t len) {
    if (socket->close_code || socket->cut)
        return; /* we have hung up */
    socket->endpoint->heard(socket, bytes, len);
    loop_served(socket->loop);
}

void sockets_serve(struct loop *loop) {
    struct batch *in = &loop->frames_in;
    if (in->count)
        hub_fetch(&in->frames[0].socket->ear.listener);
    for (int i = 0; i < in->count; i++) {
        if (i + 1 < in->count)
            hub_fetch(&in->frames[i + 1].socket->ear.listener);
        hear(in->frames[i].socket, (const char *)in->frames[i].bytes, in->frames[i].len);
    }
    batch_clear(in);
    flush(loop);
}

/* Who speaks has not been heard for long where there are many. While the kernel hands out what comes next,
 * his conversation is fetched from memory, and what the one before points to, which has come by now. */
static void fetch(const struct socket *socket) {
    const struct batch *in = &socket->loop->frames_in;
    if (in->count)
        hub_fetch(&in->frames[in->count - 1].socket->ear.listener);
    hub_fetch_first(&socket->ear.listener);
    __builtin_prefetch(socket->own);
}

static int receive(struct socket *socket, const char *bytes, size_t len) {
    struct lws *wsi = socket->wsi;
    if (socket->close_code || socket->cut)
        return 0; /* we have hung up */
    bool final = lws_is_final_fragment(wsi) && !lws_remaining_packet_payload(wsi);
    socket->heard_ms = socket_now_ms(socket);
    if (lws_frame_is_binary(wsi))
        return hang_up(socket, 1003, "text frames only");
    size_t most = socket->endpoint->frame_max;
    if (socket->partial_len + len > most || ++socket->pieces > PIECES_MAX)
        return too_long(socket);
    if (final && !socket->partial_len) {
        if (!is_text(bytes, len))
            return no_text(socket);
        if (!batch_fits(&socket->loop->frames_in, len))
            sockets_serve(socket->loop);
        fetch(socket);
        batch_add(&socket->loop->frames_in, socket, bytes, len);
        socket->pieces = 0;
        return 0;
    }
    if (!socket->partial && !(socket->partial = malloc(most)))
        memory_exhausted();
    if (len)
        memcpy(socket->partial + socket->partial_len, bytes, len);
    socket->partial_len += len;
    if (!partial_is_text(socket, final))
        return no_text(socket);
    if (!final)
        return 0;
    sockets_serve(socket->loop);
    hear(socket, socket->partial, socket->partial_len);
    free(socket->partial);
    socket->partial = NULL;
    socket->partial_len = socket->partial_valid = 0;
    socket->pieces = 0;
    return 0;
}

/* Coming and going. */

static int opened(struct lws *wsi) {
    char path[128] = "";
    struct http_request request;
    lws_hdr_copy(wsi, path, sizeof path, WSI_TOKEN_GET_URI);
    const struct endpoint *endpoint = endpoint_find(path);
    struct socket *socket = endpoint ? calloc(1, sizeof *socket + endpoint->own_size) : NULL;
    if (!socket)
        return -1;
    socket->connection.socket = socket;
    lws_set_wsi_user(wsi, &socket->connection);
    socket->wsi = wsi;
    socket->loop = loop_of(wsi);
    socket->endpoint = endpoint;
    socket->own = socket + 1;
    http_request_init(&request, wsi, path);
    memcpy(socket->address, request.address, sizeof socket->address);
    visitors_enter(socket->loop->loops->visitors, socket->address);
    TEXT_SET(socket->origin, http_header(&request, "origin"));
    socket->opened_ms = socket->heard_ms = socket_now_ms(socket);
    socket->ping_ms = socket->opened_ms + PING_MS;
    DL_APPEND(socket->loop->sockets, socket);
    socket->loop->socket_count++;
    endpoint->opened(socket, &request);
    http_request_clear(&request);
    return 0;
}

static void closed(struct socket *socket) {
    if (!socket)
        return; /* it never opened: the handshake broke off behind the choice of the protocol */
    lws_set_wsi_user(socket->wsi, NULL);
    socket->gone = true;
    sockets_serve(socket->loop);
    if (socket->endpoint->closed)
        socket->endpoint->closed(socket);
    visitors_leave(socket->loop->loops->visitors, socket->address);
    DL_DELETE(socket->loop->sockets, socket);
    socket->loop->socket_count--;
    queue_clear(socket);
    free(socket->partial);
    free(socket);
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
        else if (socket->endpoint->known && !socket->endpoint->known(socket) &&
                 now - socket->opened_ms >= HELLO_MS)
            socket_end(socket, 1008);
        else {
            socket->ping = true;
            lws_callback_on_writable(socket->wsi);
        }
    }
}

void sockets_close(struct loop *loop, int code) {
    struct socket *socket;
    DL_FOREACH(loop->sockets, socket) {
        socket_end(socket, code);
    }
}

int socket_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len) {
    if (reason == LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS) { /* the one way to the context */
        loop_of(wsi)->tls = user;
        return 0;
    }
    struct connection *connection = user;
    struct socket *socket = connection ? connection->socket : NULL;
    switch (reason) {
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
        return upgrade_ask(wsi, in);
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
        return upgrade_choice(wsi);
    case LWS_CALLBACK_ESTABLISHED:
        return opened(wsi);
    case LWS_CALLBACK_RECEIVE:
        return receive(socket, in, len);
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE: /* a code of two bytes, and the reason */
        sockets_serve(socket->loop);
        return len > 2 && !is_text((const char *)in + 2, len - 2) ? no_text(socket) : 0;
    case LWS_CALLBACK_RECEIVE_PONG:
        socket->heard_ms = socket_now_ms(socket);
        return 0;
    case LWS_CALLBACK_TIMER:
        if (!socket)
            break;
        return hang_up(socket, socket->close_code, socket->close_code == 1012 ? "restarting" : NULL);
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return writable(socket);
    case LWS_CALLBACK_CLOSED:
        closed(socket);
        return 0;
    default:
        break;
    }
    return http_callback(wsi, reason, connection, in, len);
}
