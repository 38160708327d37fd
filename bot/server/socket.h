/* A WebSocket: pieces become frames, what is to be said waits in a bounded queue until the socket takes it;
 * pings, closing codes and limits. What the frames mean is its endpoint's.
 *
 * To add an endpoint: a file with its functions (chat.c is the model), its declaration and a row in
 * endpoints.c. All of it runs on the loop's thread. */
#pragma once
#include "bot/server/http.h"
#include "bot/server/loop.h"

struct socket;

struct endpoint {
    const char *path;
    const char *protocol; /* the sub-protocol that it is spoken in; NULL: none is asked for */
    size_t frame_max;     /* bytes of a frame that is read; 1009 above it */
    size_t own_size;      /* of the endpoint's own data, socket->own, zeroed */
    bool pages;           /* opened by browsers: Origin must be a shop's, and each address has its limit */

    /* May it be opened? False: the reply says why not. NULL: by all. */
    bool (*admit)(struct http_request *request, struct http_reply *reply);
    void (*opened)(struct socket *socket, struct http_request *request); /* the request goes with the call */
    void (*heard)(struct socket *socket, const char *frame,
                  size_t len); /* valid UTF-8, without NUL behind it */
    /* Has it said who it is? Until then it is given 30 s. NULL: that is not asked. */
    bool (*known)(const struct socket *socket);
    /* The queue has been written: send more. True: there is more still. May be NULL. */
    bool (*more)(struct socket *socket);
    void (*woken)(struct socket *socket);  /* the time of socket_wake has come; may be NULL */
    void (*closed)(struct socket *socket); /* the last call; may be NULL */
};

struct frame;

/* What every message needs comes first, in few lines of the cache. */
struct socket {
    struct ear ear; /* first: deliveries of the hub find the socket through it; the endpoint sets it up */
    struct connection connection; /* what the library calls us with: it leads here */
    struct loop *loop;
    const struct endpoint *endpoint;
    void *own; /* behind the socket, in one piece with it */

    struct lws *wsi; /* socket.c's, down to the address */
    struct frame *queue;
    size_t queued; /* bytes */
    int close_code;
    bool ping, hung_up, cut, gone; /* gone: what it has said before is still heard */
    int pieces;
    char *partial;                     /* pieces of a frame */
    size_t partial_len, partial_valid; /* … of which so much has been found to be text */
    int64_t opened_ms, heard_ms, moved_ms, ping_ms, wake_ms;
    struct socket *prev, *next;

    char address[VISITOR_MAX];
    char origin[96]; /* "" none: no browser */
};

/* One text frame, copied, and written before the loop sleeps. Nothing is sent once the socket has been ended.
 */
void socket_send(struct socket *socket, const char *bytes, size_t len);
/* Closes it with this code once what is queued has been written; what is heard from now on is dropped. */
void socket_end(struct socket *socket, int code);
/* Calls `woken` so many ms from now; 0 never. One time at most is outstanding. */
void socket_wake(struct socket *socket, int64_t ms);
int64_t socket_now_ms(const struct socket *socket); /* monotonic */

/* endpoints.c */
extern const struct endpoint *const endpoints[]; /* the last is NULL */
const struct endpoint *endpoint_find(const char *path);

/* upgrade.c: may this request become a WebSocket? 0: yes; else it has been refused and is hung up. */
int upgrade_ask(struct lws *wsi, const char *what);
/* … and in the sub-protocol that has been chosen? */
int upgrade_choice(struct lws *wsi);
