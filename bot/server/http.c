/* Plain HTTP: the pages that are built in, /healthz, and who may upgrade to the chat. */
#include "base/json.h"
#include "base/text.h"
#include "bot/channels/chat.h"
#include "bot/server/loop.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { HEAD_MAX = 2048, HEADER_MAX = 512 };

struct page {
    const char *path, *file, *type;
};

static const struct page pages[] = {
    {"/", "demo.html", "text/html; charset=utf-8"},
    {"/demo.js", "demo.js", "text/javascript; charset=utf-8"},
    {"/demo.css", "demo.css", "text/css; charset=utf-8"},
    {"/demo.svg", "demo.svg", "image/svg+xml; charset=utf-8"},
};

static const char *const headers[][2] = {
    {"content-security-policy:", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src "
                                 "'self'; img-src 'self'; base-uri 'none'; "
                                 "form-action 'none'; frame-ancestors 'none'"},
    {"x-content-type-options:", "nosniff"},
    {"referrer-policy:", "no-referrer"},
    {"cross-origin-opener-policy:", "same-origin"},
    {"cross-origin-resource-policy:", "same-origin"},
    {"cache-control:", "no-cache"},
};

/* A request between its head and its body. */
struct answer_body {
    const char *bytes;
    size_t len;
    char *own; /* to be freed */
    bool hang_up;
};

size_t http_size(void) {
    return sizeof(struct answer_body);
}

static bool add(struct lws *wsi, const char *name, const char *value, unsigned char **at,
                unsigned char *end) {
    return lws_add_http_header_by_name(wsi, (const unsigned char *)name, (const unsigned char *)value,
                                       (int)strlen(value), at, end) == 0;
}

/* The head at once, the body when the socket takes it. */
static int respond(struct lws *wsi, struct answer_body *body, unsigned status, const char *type,
                   const char *bytes, size_t len, bool head_only) {
    unsigned char head[LWS_PRE + HEAD_MAX], *start = head + LWS_PRE, *at = start,
                                            *end = head + sizeof head - 1;
    bool good = lws_add_http_common_headers(wsi, status, type, len, &at, end) == 0;
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        good = good && add(wsi, headers[i][0], headers[i][1], &at, end);
    if (status == 405)
        good = good && add(wsi, "allow:", "GET, HEAD", &at, end);
    if (status == 426)
        good = good && add(wsi, "upgrade:", "websocket", &at, end);
    if (!good || lws_finalize_write_http_header(wsi, start, &at, end))
        return -1;
    body->hang_up = status >= 400;
    if (head_only || !len)
        return body->hang_up || lws_http_transaction_completed(wsi) ? -1 : 0;
    body->own = malloc(LWS_PRE + len);
    if (!body->own)
        return -1;
    memcpy(body->own + LWS_PRE, bytes, len);
    body->bytes = body->own + LWS_PRE;
    body->len = len;
    lws_callback_on_writable(wsi);
    return 0;
}

static int write_body(struct lws *wsi, struct answer_body *body) {
    if (!body || !body->own)
        return 0;
    int written = lws_write(wsi, (unsigned char *)body->own + LWS_PRE, body->len, LWS_WRITE_HTTP_FINAL);
    free(body->own);
    body->own = NULL;
    return written < 0 || body->hang_up || lws_http_transaction_completed(wsi) ? -1 : 0;
}

static int refuse(struct lws *wsi, struct answer_body *body, unsigned status, const char *sentence) {
    return respond(wsi, body, status, "text/plain; charset=utf-8", sentence, strlen(sentence), false);
}

static int health(struct lws *wsi, struct answer_body *body, bool head_only) {
    struct loop *loop = loop_of(wsi);
    struct json_out out = {.buffer = &loop->out};
    struct hub_counts counts = hub_count(loop->hub);
    struct conversation none;
    struct error err;
    arena_reset(&loop->arena);
    bool readable = store_conversation(loop->stored.store, "00000000000000000000000000", &loop->arena, &none,
                                       &err) != FAILED;
    buffer_reset(&loop->out);
    json_open(&out, NULL, '{');
    json_flag(&out, "ok", readable && !loop->draining);
    json_flag(&out, "db", readable);
    json_flag(&out, "draining", loop->draining);
    json_number(&out, "queue", counts.working);
    json_number(&out, "chats", loop->socket_count);
    json_number(&out, "conversations", counts.sessions);
    json_text(&out, "version", WISMO_VERSION);
    json_close(&out, '}');
    buffer_string(&loop->out, "\n");
    return respond(wsi, body, readable && !loop->draining ? 200 : 503, "application/json", loop->out.bytes,
                   loop->out.len, head_only);
}

static bool has_body(struct lws *wsi) {
    char length[32] = "0";
    lws_hdr_copy(wsi, length, sizeof length, WSI_TOKEN_HTTP_CONTENT_LENGTH);
    return lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_TRANSFER_ENCODING) ||
           lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH) >= (int)sizeof length ||
           (length[0] && !text_is(length, "0"));
}

static int request(struct lws *wsi, struct answer_body *body, const char *path) {
    bool get = lws_hdr_total_length(wsi, WSI_TOKEN_GET_URI) > 0,
         head = lws_hdr_total_length(wsi, WSI_TOKEN_HEAD_URI) > 0;
    const struct data_file *file = loop_of(wsi)->options->pages;
    if (!get && !head)
        return refuse(wsi, body, 405, "Only GET and HEAD are answered here.\n");
    if (has_body(wsi))
        return refuse(wsi, body, 400, "A GET brings no body.\n");
    if (text_is(path, "/healthz"))
        return health(wsi, body, head);
    if (text_is(path, "/chat"))
        return refuse(wsi, body, 426, "This is a WebSocket: sub-protocol " CHAT_PROTOCOL ".\n");
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        for (; text_is(path, pages[i].path) && file && file->name; file++)
            if (text_is(file->name, pages[i].file))
                return respond(wsi, body, 200, pages[i].type, file->begin, (size_t)(file->end - file->begin),
                               head);
    return refuse(wsi, body, 404, "There is no such page here.\n");
}

/* Is the name one of a comma-separated list? */
static bool lists(const char *list, const char *name) {
    size_t len = strlen(name);
    for (list += strspn(list, ", \t"); *list; list += strspn(list, ", \t")) {
        size_t item = strcspn(list, ", \t");
        if (item == len && strncmp(list, name, len) == 0)
            return true;
        list += item;
    }
    return false;
}

/* May this request become a WebSocket? 0: yes. Else it has been answered, or is to be hung up (-1). */
static int upgrade(struct lws *wsi, const char *what) {
    struct loop *loop = loop_of(wsi);
    char address[VISITOR_MAX], path[64] = "", origin[96] = "", protocols[256] = "", version[8] = "";
    struct answer_body body = {0};
    if (!what || strcasecmp(what, "websocket") != 0)
        return -1; /* h2c would be taken up by the library */
    const char *why = NULL;
    unsigned status = 403;
    bool whole = lws_hdr_copy(wsi, path, sizeof path, WSI_TOKEN_GET_URI) > 0;
    bool from_page = lws_hdr_total_length(wsi, WSI_TOKEN_ORIGIN) > 0;
    if (loop->draining) {
        status = 503;
        why = "Restarting.\n";
    } else if (!whole || !text_is(path, "/chat")) {
        status = 404;
        why = "There is no such WebSocket here.\n";
    } else if (from_page && (lws_hdr_copy(wsi, origin, sizeof origin, WSI_TOKEN_ORIGIN) <= 0 ||
                             !loop_origin_allowed(loop, NULL, origin)))
        why = "This page is not one of the shop's: see origins in wismo.conf.\n";
    else if (lws_hdr_copy(wsi, protocols, sizeof protocols, WSI_TOKEN_PROTOCOL) <= 0 ||
             !lists(protocols, CHAT_PROTOCOL)) {
        status = 400;
        why = "Expected Sec-WebSocket-Protocol: " CHAT_PROTOCOL ".\n";
    } else if (!lws_hdr_total_length(wsi, WSI_TOKEN_KEY) ||
               lws_hdr_copy(wsi, version, sizeof version, WSI_TOKEN_VERSION) <= 0 ||
               !text_is(version, "13")) {
        status = 400;
        why = "Expected Sec-WebSocket-Key and Sec-WebSocket-Version: 13.\n";
    }
    loop_visitor(wsi, address);
    int most = loop->options->sockets_per_address;
    if (!why && most && visitors_count(loop->visitors, address) >= most) {
        status = 429;
        why = "Too many chats are open from this address.\n";
    }
    if (!why)
        return 0;
    int failed = refuse(wsi, &body, status, why);
    if (!failed && body.own)
        write_body(wsi, &body);
    free(body.own);
    return -1;
}

int http_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len) {
    struct answer_body *body = user;
    (void)len;
    switch (reason) {
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
        return upgrade(wsi, in);
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
        return lws_get_protocol(wsi)->callback == socket_callback ? 0
                                                                  : -1; /* another was named before ours */
    case LWS_CALLBACK_HTTP:
        return request(wsi, body, in);
    case LWS_CALLBACK_HTTP_WRITEABLE:
        return write_body(wsi, body);
    case LWS_CALLBACK_CLOSED_HTTP:
    case LWS_CALLBACK_HTTP_DROP_PROTOCOL:
        if (body) {
            free(body->own);
            body->own = NULL;
        }
        return 0;
    case LWS_CALLBACK_WSI_DESTROY:
        gate_left(&loop_of(wsi)->gate);
        return 0;
    default:
        return 0;
    }
}
