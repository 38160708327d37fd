/* The body: sockets, loops, signals. Sole user of libwebsockets and libuv.
 *
 * `wismo serve`: opens the listener, answers pages and health, the chat, the desk, telephone platforms and
 * hand-backs (routes.c and endpoints.c list all paths) until SIGTERM or SIGINT, then drains: no new
 * connection, each socket closed with 1012, commits finished. SIGHUP calls `reload`. */
#pragma once
#include "base/data.h"
#include "bot/hub/hub.h"
#include "bot/outbox/outbox.h"
#include "db/store.h"

/* How telephone platforms find us and prove who they are; each "" where it is not used. */
struct voice_access {
    const char *public_url; /* "https://wismo.example.com"; not "" where twilio_token or relay_token is set */
    const char *twilio_token, *relay_token, *jambonz_login, *turn_key;
};

/* PEM files; each "" where others speak TLS for us. */
struct tls_files {
    const char *certificate, *key;
};

enum { LOOPS_MAX = 100 };

struct server_options {
    const char *listen; /* an address of this machine: "127.0.0.1", "::1", "0.0.0.0" */
    int port;           /* 0: any free one (ready tells which) */
    const char *admin;  /* … for those who watch; "" none */
    int admin_port;
    const char *db; /* exists already; one process serves it (a lease is taken) */
    struct retention retention;
    int loops;                  /* threads that answer; where we speak TLS ourselves it is one */
    const struct brain *brains; /* one a loop: they differ in their readers */
    struct voice_access voice;
    struct tls_files tls;
    int64_t now_ms;          /* the clock stands here; 0: it runs */
    int connections_max;     /* sockets at once; 0: as many as descriptors allow */
    int agent_lost_s;        /* an agent without a connection keeps a conversation so long; 0: for ever */
    int sockets_per_address; /* 0: no limit */
    bool memory_only;        /* nothing of a conversation is written: for measurements */
    const char *proxies;     /* addresses between blanks whose X-Forwarded-For is believed; "" none */
    struct hub_rate per_conversation, per_address; /* messages */
    const struct data_file *pages;                 /* web_embedded */
    struct outbox_options outbox;                  /* db and now_ms are the server's */

    /* Once the listener is open, before anything is answered; may be NULL. */
    void (*ready)(const char *address, int port, bool tls, void *context);
    /* SIGHUP: fills what to use from now on; what was used before may be freed on the next call or after
     * server_run. False + error: the old stays (but the files of TLS are read again). May be NULL. */
    bool (*reload)(struct brain *brains, struct voice_access *voice, struct tls_files *tls, void *context,
                   struct error *err);
    void *context;
};

/* Returns when the server has stopped: 0 after a clean drain, 1 + error when it could not start or gave up.
 */
int server_run(const struct server_options *options, struct error *err);
