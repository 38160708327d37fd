#include "bot/server/http.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "bot/server/loop.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    HEAD_MAX = 4096,
    BODY_MS = 9 * 1000,   /* for all of a body; a second later the library cuts without a word */
    LATER_MS = 30 * 1000, /* for a handler that replies later */
    WRITE_S = 30          /* for whoever reads the reply */
};

/* On every reply, unless it says otherwise. */
static const char *const standard[][2] = {
    {"content-security-policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src "
                                "'self'; img-src 'self'; base-uri 'none'; "
                                "form-action 'none'; frame-ancestors 'none'"},
    {"x-content-type-options", "nosniff"},
    {"referrer-policy", "no-referrer"},
    {"cross-origin-opener-policy", "same-origin"},
    {"cross-origin-resource-policy", "same-origin"},
    {"cache-control", "no-cache"},
};

static const struct {
    enum lws_token_indexes token;
    const char *name;
} methods[] = {
    {WSI_TOKEN_GET_URI, "GET"},         {WSI_TOKEN_POST_URI, "POST"},   {WSI_TOKEN_HEAD_URI, "HEAD"},
    {WSI_TOKEN_OPTIONS_URI, "OPTIONS"}, {WSI_TOKEN_PUT_URI, "PUT"},     {WSI_TOKEN_PATCH_URI, "PATCH"},
    {WSI_TOKEN_DELETE_URI, "DELETE"},   {WSI_TOKEN_CONNECT, "CONNECT"},
};

/* The life of a request. */

void http_request_init(struct http_request *request, struct lws *wsi, const char *path) {
    memset(request, 0, sizeof *request);
    arena_init(&request->arena);
    request->loop = loop_of(wsi);
    request->wsi = wsi;
    request->path = arena_string(&request->arena, path);
    request->method = request->rest = request->body = "";
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (lws_hdr_total_length(wsi, methods[i].token) > 0)
            request->method = methods[i].name;
    request->head = text_is(request->method, "HEAD");
    if (request->head)
        request->method = "GET";
    loop_visitor(wsi, http_header(request, "x-forwarded-for"), request->address);
}

void http_request_clear(struct http_request *request) {
    free(request->bytes);
    free(request->gathered);
    arena_clear(&request->arena);
}

static void request_end(struct connection *connection) {
    struct http_request *request = connection->request;
    if (!request)
        return;
    connection->request = NULL;
    if (!request->replied && request->left)
        request->left(request);
    http_request_clear(request);
    free(request);
}

/* Out. */

static bool put_header(struct lws *wsi, const char *name, const char *value, unsigned char **at,
                       unsigned char *end) {
    char with_colon[64];
    snprintf(with_colon, sizeof with_colon, "%s:", name);
    return lws_add_http_header_by_name(wsi, (const unsigned char *)with_colon, (const unsigned char *)value,
                                       (int)strlen(value), at, end) == 0;
}

static bool replaced(const struct http_reply *reply, const char *name) {
    for (int i = 0; i < reply->header_count; i++)
        if (text_is(reply->headers[i].name, name))
            return true;
    return false;
}

static bool put_head(const struct http_request *request, const struct http_reply *reply, unsigned char **at,
                     unsigned char *end) {
    struct lws *wsi = request->wsi;
    const char *type = reply->type ? reply->type : "text/plain; charset=utf-8";
    bool good =
        lws_add_http_common_headers(wsi, reply->status ? reply->status : 200, type, reply->len, at, end) == 0;
    for (size_t i = 0; i < sizeof standard / sizeof *standard; i++)
        if (!replaced(reply, standard[i][0]))
            good = good && put_header(wsi, standard[i][0], standard[i][1], at, end);
    for (int i = 0; i < reply->header_count; i++)
        good = good && put_header(wsi, reply->headers[i].name, reply->headers[i].value, at, end);
    if (request->hang_up)
        good = good && put_header(wsi, "connection", "close", at, end);
    return good && lws_finalize_http_header(wsi, at, end) == 0;
}

/* Renders what is written once the socket takes it. */
static void render(struct http_request *request, const struct http_reply *reply) {
    size_t body = request->head ? 0 : reply->len;
    request->replied = true;
    request->bytes = malloc(LWS_PRE + HEAD_MAX + body);
    if (!request->bytes)
        memory_exhausted();
    unsigned char *start = (unsigned char *)request->bytes + LWS_PRE, *at = start;
    if (!put_head(request, reply, &at, start + HEAD_MAX)) {
        log_line(LOG_ERROR, "server", "%s: the head of the reply is over %d bytes", request->path, HEAD_MAX);
        request->hang_up = true;
        at = start;
        body = 0;
    }
    if (body)
        memcpy(at, reply->body, body);
    request->bytes_len = (size_t)(at - start) + body;
}

static bool written(struct http_request *request) {
    return request->bytes_len && lws_write(request->wsi, (unsigned char *)request->bytes + LWS_PRE,
                                           request->bytes_len, LWS_WRITE_HTTP_FINAL) >= 0;
}

void http_reply_later(struct http_request *request, const struct http_reply *reply) {
    render(request, reply);
    if (request->waits)
        lws_rx_flow_control(request->wsi, 1);
    lws_callback_on_writable(request->wsi);
}

void http_refuse(struct http_request *request, const struct http_reply *reply) {
    request->hang_up = true;
    render(request, reply);
    written(request);
}

static int writable(struct lws *wsi, struct connection *connection) {
    struct http_request *request = connection->request;
    if (!request || !request->bytes)
        return 0;
    bool good = written(request), hang_up = request->hang_up;
    request_end(connection);
    lws_set_timer_usecs(wsi, LWS_SET_TIMER_USEC_CANCEL);
    lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, WRITE_S);
    return !good || hang_up || lws_http_transaction_completed(wsi) ? -1 : 0;
}

/* In. */

/* Who came for a chat and asks for none may ask the next thing of the loop that has all the pages. */
static int reply_now(struct http_request *request, const struct http_reply *reply, bool hang_up) {
    request->hang_up = hang_up || request->loop->number > 0;
    http_reply_later(request, reply);
    return 0;
}

static int plain_now(struct http_request *request, unsigned status, const char *sentence, bool hang_up) {
    struct http_reply reply = {0};
    http_reply_plain(&reply, status, sentence);
    return reply_now(request, &reply, hang_up);
}

static int handle(struct http_request *request) {
    struct http_reply reply = {0};
    enum http_when when = request->route->handle(request, &reply);
    if (when == HTTP_NOW)
        return reply_now(request, &reply, false);
    if (!request->replied) {
        lws_rx_flow_control(request->wsi, 0); /* what else comes would wake the loop again and again */
        request->waits = true;
        lws_set_timeout(request->wsi, NO_PENDING_TIMEOUT, 0);
        lws_set_timer_usecs(request->wsi, (lws_usec_t)LATER_MS * 1000);
    }
    return 0;
}

enum length { LENGTH_NONE, LENGTH_KNOWN, LENGTH_WRONG };

static enum length announced(struct lws *wsi, size_t *length) {
    char text[12];
    *length = 0;
    if (!lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH))
        return LENGTH_NONE;
    int len = lws_hdr_copy(wsi, text, sizeof text, WSI_TOKEN_HTTP_CONTENT_LENGTH);
    if (len <= 0 || strspn(text, "0123456789") != (size_t)len)
        return LENGTH_WRONG;
    *length = strtoull(text, NULL, 10);
    return LENGTH_KNOWN;
}

/* What must be settled before a body is let in: 0 go on, else it has been replied to. */
static int head_fault(struct http_request *request, enum length length, size_t bytes) {
    struct lws *wsi = request->wsi;
    struct http_reply reply = {0};
    bool chunked = lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_TRANSFER_ENCODING) > 0;
    bool has_body = chunked || length == LENGTH_WRONG || bytes > 0;
    bool brings = text_is(request->method, "POST") || text_is(request->method, "PUT") ||
                  text_is(request->method, "PATCH");
    request->route = routes_find(request, &reply);
    if (length == LENGTH_WRONG)
        plain_now(request, 400, "Expected Content-Length to be a number of bytes.\n", true);
    else if (!request->route)
        reply_now(request, &reply, has_body || brings);
    else if (has_body && !request->route->body_max)
        plain_now(request, 400, "This takes no body.\n", true);
    else if (chunked || (brings && length == LENGTH_NONE))
        plain_now(request, 411, "Expected Content-Length.\n", true);
    else if (bytes > request->route->body_max)
        plain_now(request, 413,
                  arena_format(&request->arena, "Expected at most %zu bytes.\n", request->route->body_max),
                  true);
    return request->replied;
}

static int begin(struct lws *wsi, struct connection *connection, const char *path) {
    size_t bytes;
    if (connection->request)
        return -1;
    struct http_request *request = malloc(sizeof *request);
    if (!request)
        memory_exhausted();
    connection->request = request;
    http_request_init(request, wsi, path);
    enum length length = announced(wsi, &bytes);
    if (head_fault(request, length, bytes))
        return 0;
    if (!bytes)
        return handle(request);
    request->gathered = malloc(bytes + 1);
    if (!request->gathered)
        memory_exhausted();
    request->gathered_max = bytes;
    lws_set_timer_usecs(wsi, (lws_usec_t)BODY_MS * 1000);
    if (lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_EXPECT) > 0) {
        unsigned char go_on[LWS_PRE + 32];
        int len = snprintf((char *)go_on + LWS_PRE, 32, "HTTP/1.1 100 Continue\r\n\r\n");
        return lws_write(wsi, go_on + LWS_PRE, (size_t)len, LWS_WRITE_HTTP_HEADERS_CONTINUATION) < 0 ? -1 : 0;
    }
    return 0;
}

static int gather(struct http_request *request, const char *bytes, size_t len) {
    if (!request || !request->gathered)
        return 0; /* replied to already: what still comes is dropped with the connection */
    if (len > request->gathered_max - request->body_len)
        return -1;
    memcpy(request->gathered + request->body_len, bytes, len);
    request->body_len += len;
    return 0;
}

static int complete(struct http_request *request) {
    if (!request || !request->gathered)
        return 0;
    request->gathered[request->body_len] = '\0';
    request->body = arena_copy(&request->arena, request->gathered, request->body_len);
    free(request->gathered);
    request->gathered = NULL;
    lws_set_timer_usecs(request->wsi, LWS_SET_TIMER_USEC_CANCEL);
    return handle(request);
}

/* A body or a handler took too long. */
static int late(struct http_request *request) {
    if (!request || request->replied)
        return 0;
    if (!request->gathered)
        log_line(LOG_WARNING, "server", "%s %s was not replied to in time", request->method, request->path);
    if (request->left)
        request->left(request);
    request->left = NULL;
    return plain_now(request, request->gathered ? 408 : 503, "This took too long.\n", true);
}

int http_callback(struct lws *wsi, enum lws_callback_reasons reason, struct connection *connection, void *in,
                  size_t len) {
    switch (reason) {
    case LWS_CALLBACK_HTTP:
        return begin(wsi, connection, in);
    case LWS_CALLBACK_HTTP_BODY:
        return gather(connection->request, in, len);
    case LWS_CALLBACK_HTTP_BODY_COMPLETION:
        return complete(connection->request);
    case LWS_CALLBACK_HTTP_WRITEABLE:
        return writable(wsi, connection);
    case LWS_CALLBACK_TIMER:
        return connection ? late(connection->request) : 0; /* NULL: of a socket that has closed */
    case LWS_CALLBACK_CLOSED_HTTP:
    case LWS_CALLBACK_HTTP_DROP_PROTOCOL:
        if (connection)
            request_end(connection);
        return 0;
    case LWS_CALLBACK_WSI_DESTROY:
        loop_left(wsi);
        return 0;
    default:
        return 0;
    }
}
