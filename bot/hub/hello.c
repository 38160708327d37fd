/* Who joins which conversation: one that begins, one that a token resumes, one that a call goes on with. */
#include "base/hash.h"
#include "base/log.h"
#include "base/text.h"
#include "bot/hub/session.h"
#include <string.h>

enum { CALL_AGAIN_MS = 60 * 1000 };

static void resume_hash(const struct hub *hub, const char *token, char out[HASH_HEX_SIZE]) {
    uint8_t hash[HASH_SIZE];
    hash_with(hash, hub->key, token, strlen(token));
    hash_hex(out, hash);
}

static bool owned(const struct hub *hub, const char *id) {
    return !hub->world.owns || hub->world.owns(hub->world.context, id);
}

void hello_new(struct hub *hub, struct listener *listener, struct input *input, const char *call_hash) {
    const struct shop *shop = hub_shop(hub, input->message.shop);
    char id[ID_SIZE], token[RESUME_SIZE];
    uint8_t chance[RESUME_BYTES];
    if (!shop) {
        listener_deliver_fault(hub, listener,
                               &(struct fault){.code = FAULT_UNKNOWN_SHOP,
                                               .field = "shop",
                                               .expected = "a shop of this service",
                                               .found = input->message.shop});
        return;
    }
    do
        id_new(id, hub_now_ms(hub));
    while (!owned(hub, id));
    hash_random(chance, sizeof chance);
    memcpy(token, id, ID_SIZE - 1);
    token[ID_SIZE - 1] = '.';
    token[ID_SIZE + base64url_encode(token + ID_SIZE, chance, sizeof chance)] = '\0';

    struct session *session = session_new(hub, id);
    struct resident *resident = resident_add(session);
    session_call(session, call_hash);
    TEXT_SET(resident->call_hash, call_hash);
    state_init(&resident->state, shop->id,
               text_empty(input->message.locale) ? shop->locale : input->message.locale, listener->voice);
    resident->started_ms = hub_now_ms(hub);
    TEXT_SET(resident->channel, listener->channel);
    resume_hash(hub, token, resident->token_hash);
    listener->session = session;
    listener->greeting = true;
    session_take(session, input, token);
}

void hello_resume(struct hub *hub, struct listener *listener, struct input *input) {
    const char *token = input->message.resume;
    char id[ID_SIZE] = "", hash[HASH_HEX_SIZE];
    struct error err = {""};
    struct session *session = NULL;
    enum answer answer = ANSWER_MISSING;
    if (strlen(token) > ID_SIZE && strlen(token) < RESUME_SIZE && token[ID_SIZE - 1] == '.') {
        memcpy(id, token, ID_SIZE - 1);
        if (id_valid(id)) {
            session = session_find(hub, id);
            if (!session)
                session = session_new(hub, id);
            arena_reset(&hub->scratch);
            answer = resident_load(session, &hub->scratch, &err);
        }
    }
    resume_hash(hub, token, hash);
    if (answer == ANSWER_FOUND && !hash_equal(hash, session->resident->token_hash, sizeof hash))
        answer = ANSWER_MISSING;
    if (answer == ANSWER_FOUND && input->message.seq > session->seq) {
        char *newest = arena_format(&hub->scratch, "at most %lld", (long long)session->seq);
        char *found = arena_format(&hub->scratch, "%lld", (long long)input->message.seq);
        listener_deliver_fault(
            hub, listener,
            &(struct fault){
                .code = FAULT_INVALID, .field = "resume.seq", .expected = newest, .found = found});
    } else if (answer == ANSWER_FOUND) {
        listener->session = session;
        listener->greeting = true;
        session_take(session, input, NULL);
        return;
    } else if (answer == ANSWER_MISSING)
        listener_deliver_fault(hub, listener,
                               &(struct fault){.code = FAULT_UNKNOWN_CONVERSATION,
                                               .field = "resume.token",
                                               .expected = "the token of a welcome"});
    else {
        log_line(LOG_ERROR, "hub", "conversation %s: %s", id, err.text);
        listener_fault(hub, listener, FAULT_FAILED, NULL, 0);
    }
    if (session && !session->work)
        session_rest(session);
}

/* The same call again, or another that the platform gives the same id? */
static bool call_goes_on(const struct session *session, int64_t now) {
    const struct resident *resident = session->resident;
    int64_t alive = session->left_ms > resident->updated_ms ? session->left_ms : resident->updated_ms;
    if (resident->state.wake_ms > alive)
        alive = resident->state.wake_ms; /* what we said last took until then to be heard */
    return session->listeners || session->work || now - alive < CALL_AGAIN_MS;
}

static struct session *call_session(struct hub *hub, const char *call_hash, struct error *err) {
    struct session *session = call_find(hub, call_hash);
    const char *id = NULL;
    arena_reset(&hub->scratch);
    if (!session && hub->world.call(hub->world.context, call_hash, &hub->scratch, &id, err) == ANSWER_FOUND)
        session = session_find(hub, id);
    if (!session && id && owned(hub, id)) {
        session = session_new(hub, id);
        session_call(session, call_hash);
    }
    return session;
}

void hello_call(struct hub *hub, struct listener *listener, struct input *input) {
    const struct shop *shop = hub_shop(hub, input->message.shop);
    struct error err = {""};
    char hash[HASH_HEX_SIZE];
    customer_hash(hub->key, shop ? shop->id : "", "call", input->message.call, hash);
    struct session *session = shop ? call_session(hub, hash, &err) : NULL;
    enum answer answer = session ? resident_load(session, &hub->scratch, &err) : ANSWER_MISSING;
    if (answer == ANSWER_FAILED)
        log_line(LOG_ERROR, "hub", "conversation %s: %s", session->id, err.text);
    if (answer == ANSWER_FOUND && call_goes_on(session, hub_now_ms(hub))) {
        input->message.seq = session->seq; /* nothing is said again that has been heard */
        listener->session = session;
        listener->greeting = true;
        session_take(session, input, NULL);
        return;
    }
    hello_new(hub, listener, input, hash);
    if (session && !session->work)
        session_rest(session);
}
