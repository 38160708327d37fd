/* One loop: its context of libwebsockets, its hub, its connection to the store, its sockets. Private to
 * bot/server; all of it belongs to one thread but the mailbox. */
#pragma once
#include "base/arena.h"
#include "base/buffer.h"
#include "base/hash.h"
#include "bot/desk/desk.h"
#include "bot/server/gate.h"
#include "bot/server/mailbox.h"
#include "bot/server/server.h"
#include "bot/server/stored.h"
#include "bot/server/visitor.h"
#include "db/writer.h"
#include <libwebsockets.h>
#include <openssl/types.h>

struct socket;
struct chair;
struct http_request;
struct turns;
struct aside;
struct limiter;

/* A listener of the hub, and how it is told. */
struct ear {
    struct listener listener; /* first: the hub knows no more of it */
    void (*deliver)(struct ear *ear, const struct delivery *delivery); /* must not call the hub */
};

/* What the library keeps of each connection: the socket once it is one, the request while there is one. */
struct connection {
    struct socket *socket;
    struct http_request *request;
};

#define HTTP_PROTOCOL "http" /* of protocols[0]: requests, and sockets that ask for no sub-protocol */
enum { PROTOCOLS_MAX = 12 };

struct loop {
    struct stored stored; /* first: the world's functions find it through their context */
    const struct server_options *options;
    uv_loop_t uv;
    struct lws_context *context;
    struct lws_vhost *vhost;
    struct lws_protocols protocols[PROTOCOLS_MAX];
    struct gate gate, admin; /* admin.port 0: nobody watches */
    struct metrics *metrics;
    struct mailbox mailbox;
    int put;               /* changes that the writer has and has not been told of */
    int64_t committed_ms;  /* … when it was last told */
    struct writer *writer; /* shared by all loops, */
    struct outbox *outbox; /* … and so is this */
    struct hub *hub;
    struct desk *desk;
    uint8_t secret[HASH_SIZE];
    struct arena arena; /* of one frame or request */
    struct buffer out;  /* of one frame or page */
    struct brain brain;
    struct voice_access voice;
    struct tls_files tls_files;
    SSL_CTX *tls; /* NULL: others speak TLS for us */
    char own_origins[2][96];

    uv_timer_t wake, requests, pings, drain, wakes, commits; /* wakes: of the sockets */
    int64_t next_wake_ms;
    uv_prepare_t rest;
    uv_signal_t signals[3];
    struct socket *sockets; /* by the time of their next ping */
    struct chair *chairs;   /* those of the desk */
    int socket_count;
    struct visitors *visitors;
    struct turns *turns;
    struct limiter *sign_ins;
    struct aside *asides; /* under way on other threads */
    int aside_count;
    int request_ticks;
    int64_t drain_ms;
    bool up, draining, stopping, requests_unread;
};

/* loop.c */
struct loop *loop_open(const struct server_options *options, struct writer *writer, struct outbox *outbox,
                       const uint8_t secret[HASH_SIZE], struct error *err);
void loop_run(struct loop *loop); /* until it has drained */
void loop_close(struct loop *loop);
struct loop *loop_of(struct lws *wsi);
int64_t loop_now_ms(const struct loop *loop);
/* After each message of a socket, outside of the hub: what has piled up is committed, what is committed told.
 */
void loop_served(struct loop *loop);
/* Stores a request as if another process had, safe before `done` is told (on the loop's thread, once). False:
 * the writer has too much to do, nothing will be told. */
bool loop_ask(struct loop *loop, const struct request *request,
              void (*done)(void *ticket, bool ok, const struct error *err), void *ticket);
bool loop_put(struct loop *loop, const struct change *change,
              void (*done)(void *ticket, bool ok, const struct error *err), void *ticket);
/* Has it come by the listener of those who watch? */
bool loop_is_admin(struct lws *wsi);
/* The address behind a connection whose headers can be read. */
void loop_visitor(struct lws *wsi, char out[VISITOR_MAX]);
/* Exactly one of the shop's origins (NULL: of any shop's), or the page that is served here. */
bool loop_origin_allowed(const struct loop *loop, const struct shop *shop, const char *origin);

/* reload.c */
void loop_reload(struct loop *loop);

/* desk.c: what the hub tells the desk; the desk itself, on a hub that is there; once a second. */
void desk_world(struct world *world);
bool desk_open(struct loop *loop, struct error *err);
void desk_due(struct loop *loop);

/* socket.c: all that the library tells; what concerns HTTP goes on to http.c. */
int socket_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len);
int http_callback(struct lws *wsi, enum lws_callback_reasons reason, struct connection *connection, void *in,
                  size_t len);
/* Every so often: pings those whose turn it is, cuts those that have not answered or do not read. */
void sockets_ping(struct loop *loop);
/* Closes all with this code once what is queued has been written. */
void sockets_close(struct loop *loop, int code);
