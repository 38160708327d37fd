#include "bot/server/routes.h"
#include "base/text.h"
#include "bot/channels/handback.h"
#include "bot/channels/turn.h"
#include "bot/server/loop.h"
#include "bot/server/socket.h"
#include <string.h>

enum { FORM_MAX = 64 * 1024 };

static const struct http_route routes[] = {
    {"GET", "/", page_get, 0},
    {"GET", "/demo*", page_get, 0},
    {"GET", "/widget*", page_get, 0},
    {"GET", "/healthz", health_get, 0},
    {"POST", "/v1/handoffs/*", handback_reply, HANDBACK_MAX},
    {"POST", "/v1/chatwoot/*", handback_chatwoot, HANDBACK_MAX},
    {"POST", "/v1/turn", turn_post, TURN_BODY_MAX},
    {"GET", "/desk", desk_get, 0},
    {"POST", "/desk/login", desk_login_post, 4096},
    {"POST", "/desk/logout", desk_logout_post, 64},
    {"GET", "/desk/*", desk_file_get, 0},
    {"POST", "/voice/twilio/answer", twilio_answer, FORM_MAX},
    {"POST", "/voice/twilio/action", twilio_action, FORM_MAX},
    {"POST", "/voice/twilio/dialed", twilio_dialed, FORM_MAX},
    {0},
};

/* On the listener of those who watch. */
static const struct http_route admin_routes[] = {
    {"GET", "/metrics", admin_metrics, 0},
    {"GET", "/healthz", health_get, 0},
    {"GET", "/readyz", admin_ready, 0},
    {0},
};

/* What stands behind a prefix, "" behind a whole path; NULL: the route is not for this path. */
static const char *rest_of(const struct http_route *route, const char *path) {
    size_t len = strlen(route->path);
    if (route->path[len - 1] != '*')
        return text_is(route->path, path) ? "" : NULL;
    return strncmp(route->path, path, len - 1) == 0 ? path + len - 1 : NULL;
}

const struct http_route *routes_find(struct http_request *request, struct http_reply *reply) {
    bool admin = loop_is_admin(request->wsi);
    const struct http_route *route = admin ? admin_routes : routes;
    const struct endpoint *endpoint = admin ? NULL : endpoint_find(request->path);
    const char *allow = endpoint ? "GET, HEAD" : "";
    for (; route->path; route++) {
        const char *rest = rest_of(route, request->path);
        if (!rest)
            continue;
        request->rest = rest;
        if (text_is(route->method, request->method))
            return route;
        allow = arena_format(&request->arena, "%s%s%s", allow, *allow ? ", " : "",
                             text_is(route->method, "GET") ? "GET, HEAD" : route->method);
    }
    if (endpoint && text_is(request->method, "GET")) {
        http_reply_plain(
            reply, 426,
            endpoint->protocol
                ? arena_format(&request->arena, "This is a WebSocket: sub-protocol %s.\n", endpoint->protocol)
                : "This is a WebSocket.\n");
        http_reply_header(reply, "upgrade", "websocket");
    } else if (*allow) {
        http_reply_plain(reply, 405, arena_format(&request->arena, "Only %s is answered here.\n", allow));
        http_reply_header(reply, "allow", allow);
    } else
        http_reply_plain(reply, 404, "There is no such page here.\n");
    return NULL;
}
