#include "bot/cli/terminal.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/text.h"
#include "bot/cli/cli.h"
#include <string.h>

static const char CHANNEL[] = "terminal";

static int64_t now_ms(void *context) {
    const struct terminal *terminal = context;
    return terminal->clock_ms ? terminal->clock_ms : cli_now_ms(terminal->settings);
}

static void wake(void *context, int64_t at_ms) {
    ((struct terminal *)context)->wake_ms = at_ms;
}

static int64_t now_us(void *context) {
    (void)context;
    return clock_us(CLOCK_MONOTONIC);
}

static void deliver(void *context, struct listener *listener, const struct delivery *delivery) {
    struct terminal *terminal = context;
    (void)listener;
    if (terminal->heard)
        terminal->heard(delivery, terminal->context);
}

static enum answer commit(void *context, const struct change *change, void *ticket,
                          const struct change **kept, struct error *err) {
    struct terminal *terminal = context;
    struct world stored = {0};
    stored_world(&stored);
    enum answer answer = stored.commit(context, change, ticket, kept, err);
    if (answer == ANSWER_FOUND && terminal->committed)
        terminal->committed(change, terminal->context);
    return answer;
}

/* Who has the database needs no token: the one that terminal_resume made opens its conversation. */
static enum answer conversation(void *context, const char *id, struct arena *arena, struct conversation *out,
                                struct error *err) {
    struct terminal *terminal = context;
    struct world stored = {0};
    stored_world(&stored);
    enum answer answer = stored.conversation(context, id, arena, out, err);
    if (answer == ANSWER_FOUND && text_is(id, terminal->resumed))
        out->token_hash = terminal->resumed_hash;
    return answer;
}

bool terminal_open(struct terminal *terminal, const struct settings *settings, const struct mind *mind,
                   struct error *err) {
    struct hub_options options = hub_defaults;
    terminal->settings = settings;
    terminal->stored.store = store_open(settings->db, STORE_WRITE, err);
    if (!terminal->stored.store || !store_secret(terminal->stored.store, terminal->secret, err))
        return false;
    terminal->world = (struct world){.context = terminal};
    stored_world(&terminal->world);
    terminal->world.now_ms = now_ms;
    terminal->world.now_us = now_us;
    terminal->world.deliver = deliver;
    terminal->world.wake = terminal->clock_ms ? wake : NULL;
    terminal->world.commit = commit;
    terminal->world.conversation = conversation;
    options.brain = mind_brain(mind, settings);
    options.secret = terminal->secret;
    options.per_conversation = options.per_address = (struct hub_rate){0};
    terminal->hub = hub_new(&terminal->world, &options, err);
    return terminal->hub != NULL;
}

void terminal_close(struct terminal *terminal) {
    hub_free(terminal->hub);
    store_close(terminal->stored.store);
    *terminal = (struct terminal){0};
}

bool terminal_resume(struct terminal *terminal, const char *id, char token[TERMINAL_TOKEN_SIZE],
                     struct message *hello, struct error *err) {
    struct arena arena;
    struct conversation row;
    struct turn *turns = NULL;
    int count = 0;
    bool done = false;
    arena_init(&arena);
    enum found found = store_conversation(terminal->stored.store, id, &arena, &row, err);
    if (found == MISSING)
        error_set(err, "there is no conversation %s in %s", id, terminal->settings->db);
    else if (found == FOUND && !text_is(row.channel, CHANNEL))
        error_set(err, "%s was held over %s; only conversations of wismo ask can be gone on with here", id,
                  row.channel);
    else if (found == FOUND &&
             store_turns(terminal->stored.store, id, 0, &arena, &turns, &count, err) != FAILED) {
        uint8_t hash[HASH_SIZE];
        snprintf(token, TERMINAL_TOKEN_SIZE, "%s.%s", id, CHANNEL);
        hash_keyed(hash, terminal->secret, sizeof terminal->secret, token, strlen(token));
        hash_hex(terminal->resumed_hash, hash);
        terminal->resumed = id;
        hello->resume = token;
        for (int i = 0; i < count; i++) /* what a person said meanwhile has not been heard */
            if (turns[i].author == AUTHOR_CUSTOMER || turns[i].author == AUTHOR_BOT)
                hello->seq = turns[i].seq;
        done = true;
    }
    arena_clear(&arena);
    return done;
}
