/* Who may open a WebSocket. */
#include "base/text.h"
#include "bot/server/loops.h"
#include "bot/server/metrics.h"
#include "bot/server/refusal.h"
#include "bot/server/socket.h"
#include <string.h>
#include <strings.h>

enum { PATH_MAX_LEN = 64 };

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

static bool refused(struct http_reply *reply, unsigned status, const char *sentence) {
    http_reply_plain(reply, status, sentence);
    return true;
}

static bool origin_refused(struct http_request *request, const struct endpoint *endpoint,
                           struct http_reply *reply) {
    const char *origin = http_header(request, "origin");
    if (!origin || !endpoint->pages || loop_origin_allowed(request->loop, NULL, origin))
        return false;
    return refused(reply, 403, "This page is not one of the shop's: see origins in wismo.conf.\n");
}

static bool handshake_refused(struct http_request *request, const struct endpoint *endpoint,
                              struct http_reply *reply) {
    const char *named = http_header(request, "sec-websocket-protocol"),
               *version = http_header(request, "sec-websocket-version");
    if (endpoint->protocol && (!named || !lists(named, endpoint->protocol)))
        return refused(
            reply, 400,
            arena_format(&request->arena, "Expected Sec-WebSocket-Protocol: %s.\n", endpoint->protocol));
    if (!http_header(request, "sec-websocket-key") || !text_is(version, "13"))
        return refused(reply, 400, "Expected Sec-WebSocket-Key and Sec-WebSocket-Version: 13.\n");
    return false;
}

/* A platform brings all its calls from few addresses. */
static bool crowd_refused(struct http_request *request, const struct endpoint *endpoint,
                          struct http_reply *reply) {
    int most = request->loop->options->sockets_per_address;
    return most && endpoint->pages &&
           visitors_count(request->loop->loops->visitors, request->address) >= most &&
           refused(reply, 429, "Too many chats are open from this address.\n");
}

static bool request_refused(struct http_request *request, struct http_reply *reply) {
    const struct endpoint *endpoint = endpoint_find(request->path);
    if (request->loop->draining)
        return refused(reply, 503, "Restarting.\n");
    if (!endpoint || loop_is_admin(request->wsi) || !text_is(request->method, "GET"))
        return refused(reply, 404, "There is no such WebSocket here.\n");
    return origin_refused(request, endpoint, reply) || handshake_refused(request, endpoint, reply) ||
           crowd_refused(request, endpoint, reply) || (endpoint->admit && !endpoint->admit(request, reply));
}

static bool path_of(struct lws *wsi, char path[PATH_MAX_LEN]) {
    return lws_hdr_copy(wsi, path, PATH_MAX_LEN, WSI_TOKEN_GET_URI) > 0;
}

int upgrade_ask(struct lws *wsi, const char *what) {
    char path[PATH_MAX_LEN] = "";
    struct http_request request;
    struct http_reply reply = {0};
    if (!what || strcasecmp(what, "websocket") != 0)
        return -1; /* h2c would be taken up by the library */
    path_of(wsi, path);
    http_request_init(&request, wsi, path);
    bool no = request_refused(&request, &reply);
    if (no) {
        const struct endpoint *endpoint = endpoint_find(path);
        if (endpoint && endpoint->pages && (reply.status == 403 || reply.status == 429))
            refusal_log(request.loop, http_header(&request, "origin"), reply.body, reply.len - 1);
        metrics_refused(request.loop->metrics, reply.status);
        http_refuse(&request, &reply);
    }
    http_request_clear(&request);
    return no ? -1 : 0;
}

int upgrade_choice(struct lws *wsi) {
    char path[PATH_MAX_LEN] = "";
    const struct endpoint *endpoint = path_of(wsi, path) ? endpoint_find(path) : NULL;
    const char *expected = endpoint && endpoint->protocol ? endpoint->protocol : HTTP_PROTOCOL;
    return endpoint && text_is(lws_get_protocol(wsi)->name, expected) ? 0 : -1;
}
