/* A hub over a store, without a server: every question is answered at once, the clock does not run on its
 * own. What wismo ask talks to, and what wismo handoffs carries out requests with. Private to bot/cli. */
#pragma once
#include "bot/cli/mind.h"
#include "bot/server/stored.h"

struct terminal {
    struct stored stored; /* first: the world's context is the terminal */
    const struct settings *settings;
    struct world world;
    struct hub *hub;
    const char *resumed; /* the conversation that terminal_resume opens; NULL none */
    char resumed_hash[65];
    uint8_t secret[32];
    int64_t clock_ms; /* of its own: where the caller has moved it; 0: the settings' */
    int64_t wake_ms;  /* with a clock of its own: when hub_tick is due, 0 never */

    /* Set by the caller; each may be NULL. */
    void (*heard)(const struct delivery *delivery, void *context);
    void (*committed)(const struct change *change, void *context);
    void *context;
};

/* False + error; terminal_close is right in both cases for a zeroed one. */
bool terminal_open(struct terminal *terminal, const struct settings *settings, const struct mind *mind,
                   struct error *err);
void terminal_close(struct terminal *terminal);

/* The hello that goes on with a conversation of the terminal: fills resume and seq. `token` must live as
 * long. */
enum { TERMINAL_TOKEN_SIZE = 64 };
bool terminal_resume(struct terminal *terminal, const char *conversation, char token[TERMINAL_TOKEN_SIZE],
                     struct message *hello, struct error *err);
