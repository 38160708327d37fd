/* What the endpoints of the telephone share: who calls which shop, one socket a call, secrets and addresses.
 */
#pragma once
#include "bot/channels/spoken.h"
#include "bot/server/socket.h"

/* How a platform is given what the hub delivers. */
struct platform {
    bool own_silence;  /* it does not tell of silences: we time them */
    bool owes;         /* each message waits for an answer */
    bool names_engine; /* which engine speaks is known, and not each takes SSML; else what SSML does is the
                          platform's affair */
    void (*language)(struct socket *socket, const char *tag); /* of what follows */
    void (*say)(struct socket *socket, const char *text, bool firm);
    /* Each ends the answer. */
    void (*listen)(struct socket *socket, const struct delivery *delivery);
    void (*transfer)(struct socket *socket, const struct delivery *delivery);
    void (*hang_up)(struct socket *socket);
    void (*trouble)(struct socket *socket); /* our own failure: the caller is not left in silence */
};

struct caller {
    const struct platform *platform;
    char id[128];    /* the platform's, "" before it was told */
    char number[24]; /* E.164, "" not told */
    char shop[40];   /* its id, "" before the hub has said it */
    char tag[16];    /* the language that the platform speaks just now */
    bool marked;     /* it is given SSML */
    bool over;       /* all has been said: what is heard from now on does not count */
};

/* socket->own begins with the struct caller. */
void caller_open(struct socket *socket, const struct platform *platform);
/* Says HELLO for a call: finds its shop by the number that was called unless the message names one, ends
 * earlier sockets of the same call. `ssml` and `engine` are what the call itself says of them, NULL nothing;
 * `speaks` the language that the platform begins in, "" unknown, NULL that it was told before. */
void caller_begin(struct socket *socket, struct message *hello, const char *called, const char *ssml,
                  const char *engine, const char *speaks);
/* The shop and the language that a HELLO does not name become those of the number that was called, if it is
 * known. The shop, the first one when there is none. */
const struct shop *caller_settle(const struct loop *loop, struct message *hello, const char *called);
bool caller_known(const struct socket *socket); /* it has said which call it is */
void caller_listen_again(struct socket *socket);
const struct shop *caller_shop(const struct loop *loop,
                               const char *id); /* the first one when there is none */
const struct shop *caller_shop_of(const struct socket *socket);
const char *caller_line(struct socket *socket, enum line_says line, const char *locale, struct arena *arena);

/* Are they equal? Not when the secret is "". In a time that does not tell how much is. */
bool caller_secret(const char *secret, const char *shown);
/* What Twilio and its like call us: the public address and this path, as ws(s):// for a socket. */
const char *caller_url(const struct loop *loop, bool socket, const char *path, struct arena *arena);
