/* One loop: its context of libwebsockets, its hub, its connection to the store, its sockets. Private to
 * bot/server; all of it belongs to one thread but the mailbox and what is atomic. */
#pragma once
#include "base/arena.h"
#include "base/buffer.h"
#include "base/hash.h"
#include "bot/desk/desk.h"
#include "bot/hub/limiter.h"
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
struct loops;
struct far;
struct newcomer;

/* A listener of the hub, and how it is told. */
struct ear {
    struct listener listener; /* first: the hub knows no more of it */
    void (*deliver)(struct ear *ear, const struct delivery *delivery); /* must not call the hub */
};

/* What the library keeps of each connection: the socket once it is one, of which it is a part from then on;
 * the request while there is one. */
struct connection {
    struct socket *socket;
    struct http_request *request;
};

#define HTTP_PROTOCOL "http" /* of protocols[0]: requests, and sockets that ask for no sub-protocol */
enum { PROTOCOLS_MAX = 12 };

/* How far a loop that drains has come: what was under way has been told, all sockets have closed. */
enum stage { STAGE_SERVING, STAGE_TOLD, STAGE_CLOSED };

/* Whole frames of several sockets, each with room before it for what the library writes there. */
enum { BATCH_FRAMES = 16, BATCH_SIZE = 64 * 1024 };
struct batch {
    int count;
    size_t used;
    struct {
        struct socket *socket;
        unsigned char *bytes;
        size_t len;
    } frames[BATCH_FRAMES];
    unsigned char bytes[BATCH_SIZE];
};

struct loop {
    struct stored stored; /* first: the world's functions find it through their context */
    const struct server_options *options;
    struct loops *loops;
    int number;       /* 0: the first, which alone has gates, signals, a desk and calls */
    atomic_int chats; /* connections that began as chats and are its to carry */
    _Atomic enum stage stage;
    uv_loop_t uv;
    struct lws_context *context;
    struct lws_vhost *vhost;
    struct lws_protocols protocols[PROTOCOLS_MAX];
    struct gate gate, admin; /* admin.port 0: nobody watches */
    struct newcomer *newcomers;
    struct metrics *metrics;
    struct mailbox mailbox;
    struct satchels satchels;
    int put;               /* changes that the writer has and has not been told of */
    int64_t committed_ms;  /* … when it was last told */
    bool committed_few;    /* … and of less than would not have waited */
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
    struct batch frames_in, frames_out; /* read and not yet heard, said and not yet written */
    struct socket *sockets;             /* by the time of their next ping */
    struct chair *chairs;               /* those of the desk */
    struct far *fars;                   /* sockets in conversations of other loops */
    int socket_count;
    struct turns *turns;
    struct limiter *sign_ins;
    struct refusals {
        struct bucket lines;
        int unsaid;       /* since the last line */
    } refusals;           /* of chats, in the log */
    struct aside *asides; /* under way on other threads */
    int aside_count;
    int request_ticks;
    int64_t drain_ms;
    bool up, draining, stopping, requests_unread, reloading, reload_again, watched;
};

/* loop.c */
bool loop_open(struct loops *loops, int number, const struct server_options *options, struct writer *writer,
               struct outbox *outbox, const uint8_t secret[HASH_SIZE], struct error *err);
void loop_run(struct loop *loop); /* until all have drained */
/* Its end, in three steps, so that each can be of all loops: sockets; conversations; itself. */
void loop_close(struct loop *loop);
void loop_forget(struct loop *loop);
void loop_free(struct loop *loop);
struct loop *loop_of(struct lws *wsi);
/* Takes a connection over; `what` is its opaque user data: a gate, or the count of a loop's chats. */
void loop_adopt(struct loop *loop, int fd, void *what);
/* A connection has closed. */
void loop_left(struct lws *wsi);

/* world.c */
bool world_open(struct loop *loop, const uint8_t secret[HASH_SIZE], struct error *err); /* the hub */
int64_t loop_now_ms(const struct loop *loop);
/* Opens what has come. live: false when nobody waits any more, but tickets are to be freed. */
void loop_mail(struct loop *loop, bool live);
/* Commits what was put if it is much, or later than next_ms. */
bool loop_commit(struct loop *loop, int64_t next_ms);
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
/* The address behind a connection; `forwarded` is its X-Forwarded-For, NULL none. */
void loop_visitor(struct lws *wsi, const char *forwarded, char out[VISITOR_MAX]);
/* Exactly one of the shop's origins (NULL: of any shop's), or the page that is served here. */
bool loop_origin_allowed(const struct loop *loop, const struct shop *shop, const char *origin);

/* reload.c: of all loops, from the first. */
void loop_reload(struct loop *loop);

/* drain.c: the end of all loops, from the first: what is under way is finished, everyone hears good-bye. */
void loop_drain(struct loop *first);

/* desk.c: what hubs tell the desk; the desk itself, with the first loop's hub; once a second. */
void desk_world(struct world *world);
bool desk_open(struct loop *loop, struct error *err);
void desk_told(struct loop *first, const struct change *change); /* that it is committed */
void desk_due(struct loop *loop);

/* socket.c: all that the library tells; what concerns HTTP goes on to http.c. */
int socket_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len);
int http_callback(struct lws *wsi, enum lws_callback_reasons reason, struct connection *connection, void *in,
                  size_t len);
/* Has heard what has been read, and writes what has been said. */
void sockets_serve(struct loop *loop);
/* Every so often: pings those whose turn it is, cuts those that have not answered or do not read. */
void sockets_ping(struct loop *loop);
/* Closes all with this code once what is queued has been written. */
void sockets_close(struct loop *loop, int code);
