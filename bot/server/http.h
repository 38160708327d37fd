/* HTTP: a request goes to the handler that its row in routes.c names; the reply that it fills in goes back.
 *
 * To add routes: a file with handlers (health.c is the shortest), their prototypes and rows in routes.c. A
 * handler runs on the loop's thread, with the whole body, and replies now or later. Heads, bodies, limits,
 * deadlines, 404, 405, 413, HEAD and keep-alive are the transport's (http.c). */
#pragma once
#include "base/arena.h"
#include "bot/server/visitor.h"
#include <libwebsockets.h>
#include <stdbool.h>

struct loop;

/* Lives until its reply has been written or whoever asked is gone. */
struct http_request {
    struct loop *loop;
    struct arena arena;
    const char *method; /* "GET" for HEAD too: it gets the same reply without the body */
    const char *path;   /* decoded, without the query */
    const char *rest;   /* of a route that ends in "*": what stands in its place; else "" */
    const char *body;   /* NUL-terminated, "" none; nothing about it has been checked but its length */
    size_t body_len;
    char address[VISITOR_MAX]; /* of whoever asks, behind the proxies that are believed */

    /* For a handler that replies later. */
    void *context;
    void (*left)(struct http_request *request); /* nobody waits any more; the request ends with it; or NULL */

    struct lws *wsi; /* the rest is http.c's */
    const struct http_route *route;
    bool head;
    bool replied, waits;
    char *bytes; /* what is to be written: LWS_PRE, the head, the body */
    size_t bytes_len;
    bool hang_up;
    char *gathered; /* the body as it comes, NULL when it has come */
    size_t gathered_max;
};

enum { HTTP_REPLY_HEADERS = 12 };

struct http_reply {
    unsigned status;  /* 200 unless set */
    const char *type; /* content-type; NULL: plain text */
    const char *body; /* borrowed until the handler or http_reply_later returns */
    size_t len;
    int header_count;
    struct {
        const char *name, *value;
    } headers[HTTP_REPLY_HEADERS];
};

enum http_when { HTTP_NOW, HTTP_LATER };

struct http_route {
    const char *method; /* GET takes HEAD too */
    const char *path;   /* the whole path; one that ends in "*" takes all that begin so */
    enum http_when (*handle)(struct http_request *request, struct http_reply *reply);
    size_t body_max; /* 413 above it; 0: it takes no body */
};

/* Adds a header (its name without a colon, in lower case) or replaces one that every reply has, such as
 * content-security-policy and cache-control. The strings are borrowed as the body is. */
void http_reply_header(struct http_reply *reply, const char *name, const char *value);
void http_reply_text(struct http_reply *reply, const char *type, const char *text);
/* A status and a sentence as plain text. */
void http_reply_plain(struct http_reply *reply, unsigned status, const char *sentence);
/* A problem as JSON (RFC 9457). Returns HTTP_NOW, so that a refusal is one line. */
enum http_when http_reply_problem(struct http_request *request, struct http_reply *reply, unsigned status,
                                  const char *detail);

/* Once for each HTTP_LATER, in any call on the loop's thread, before or after the handler has returned; the
 * request is not the handler's any more. */
void http_reply_later(struct http_request *request, const struct http_reply *reply);

/* What the request says, in its arena; NULL when it does not. */
const char *http_header(struct http_request *request, const char *name); /* "x-twilio-signature" */
const char *http_cookie(struct http_request *request, const char *name);
const char *http_query(struct http_request *request, const char *name); /* decoded */
const char *http_queries(struct http_request *request); /* all, joined by '&', decoded; "" none */

/* The fields of a body that is application/x-www-form-urlencoded, decoded, in their order; at most `max` are
 * written. -1: it is not such a body or has more. */
struct http_field {
    const char *name, *value;
};
int http_form(struct http_request *request, struct http_field *fields, int max);
/* The same of a body alone. */
int http_form_read(struct arena *arena, const char *body, struct http_field *fields, int max);
const char *http_form_value(const struct http_field *fields, int count, const char *name); /* the first */

/* routes.c. NULL: the reply says why (404, 405). Sets request->rest. */
const struct http_route *routes_find(struct http_request *request, struct http_reply *reply);

/* http.c, for the sockets: a request that lives as long as the call, and its refusal written at once. */
void http_request_init(struct http_request *request, struct lws *wsi, const char *path);
void http_request_clear(struct http_request *request);
void http_refuse(struct http_request *request, const struct http_reply *reply);
