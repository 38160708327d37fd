#include "base/hash.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "bot/hub/session.h"
#include <string.h>
#include <sys/mman.h>

enum {
    LIMITER_KEYS = 65536,
    IDLE_SWEEPS = 4,
    RECENT_TURNS = 2 * RECENT_IDS,
    REFUSED_MAX = 100,
    CALL_AGAIN_MS = 60 * 1000
};

const struct hub_options hub_defaults = {
    .per_conversation = {1, 20}, .per_address = {30, 300}, .idle_ms = 60 * 1000};

static void *expect(void *memory, size_t size) {
    if (memory)
        return memory;
    log_line(LOG_ERROR, "hub", "out of memory (%zu bytes)", size);
    memory_exhausted();
}

static void *zeroed(size_t size) {
    return expect(calloc(1, size), size);
}

int64_t hub_clock_ms(struct hub *hub) {
    return hub->world.now_us(hub->world.context) / 1000 + 1;
}

static int64_t now_ms(struct hub *hub) {
    return hub->world.now_ms(hub->world.context);
}

const struct shop *hub_shop(const struct hub *hub, const char *id) {
    const struct brain *brain = &hub->options.brain;
    for (int i = 0; i < brain->shop_count; i++)
        if (text_empty(id) || text_is(brain->shops[i].id, id))
            return &brain->shops[i];
    return NULL;
}

/* Telling. */

void listener_deliver(struct hub *hub, struct listener *listener, const struct delivery *delivery) {
    if (listener)
        hub->world.deliver(hub->world.context, listener, delivery);
}

void session_deliver(struct session *session, const struct delivery *delivery) {
    struct listener *listener;
    DL_FOREACH(session->listeners, listener) {
        listener_deliver(session->hub, listener, delivery);
    }
}

static void deliver_fault(struct hub *hub, struct listener *listener, const struct fault *fault) {
    listener_deliver(hub, listener, &(struct delivery){.kind = DELIVERY_FAULT, .fault = fault});
}

void listener_fault(struct hub *hub, struct listener *listener, enum fault_code code, const char *id,
                    int64_t retry_ms) {
    deliver_fault(hub, listener, &(struct fault){.code = code, .id = id, .retry_ms = retry_ms});
}

/* Memory. */

void resident_drop(struct session *session) {
    struct hub *hub = session->hub;
    if (!session->resident)
        return;
    DL_DELETE2(hub->oldest, session, older, newer);
    munmap(session->resident, sizeof *session->resident);
    session->resident = NULL;
    hub->resident_count--;
}

/* In pages of its own: among pieces of all sizes its memory would stay ours when it has left. */
static struct resident *resident_add(struct session *session) {
    void *pages =
        mmap(NULL, sizeof *session->resident, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    session->resident = expect(pages == MAP_FAILED ? NULL : pages, sizeof *session->resident);
    DL_APPEND2(session->hub->oldest, session, older, newer);
    session->hub->resident_count++;
    return session->resident;
}

static void timer_due(struct timer *timer);

struct session *session_new(struct hub *hub, const char *id) {
    struct session *session = zeroed(sizeof *session);
    session->timer.due = timer_due;
    TEXT_SET(session->id, id);
    session->hub = hub;
    HASH_ADD_STR(hub->sessions, id, session);
    return session;
}

static struct session *call_find(struct hub *hub, const char *call_hash) {
    struct session *session;
    HASH_FIND(by_call, hub->calls, call_hash, strlen(call_hash), session);
    return session;
}

/* Makes it the one that the call is known by. */
static void session_call(struct session *session, const char *call_hash) {
    struct hub *hub = session->hub;
    struct session *other = call_hash[0] ? call_find(hub, call_hash) : NULL;
    if (other)
        session_call(other, "");
    if (session->call_hash[0])
        HASH_DELETE(by_call, hub->calls, session);
    TEXT_SET(session->call_hash, call_hash);
    if (call_hash[0])
        HASH_ADD(by_call, hub->calls, call_hash, strlen(call_hash), session);
}

/* A silence is told by the clock where the caller's channel does not tell it. */
void session_arm(struct session *session) {
    struct listener *listener;
    bool own = false;
    DL_FOREACH(session->listeners, listener) {
        own |= listener->own_silence;
    }
    if (session->hub->world.wake)
        timers_set(&session->hub->timers, &session->timer,
                   own && session->resident ? session->resident->state.wake_ms : 0);
}

/* Whoever speaks is not silent, though the words are not known yet. */
static void session_hold(struct session *session) {
    enum { SPEAKING_MS = 10000 };
    int64_t until = now_ms(session->hub) + SPEAKING_MS;
    if (session->timer.place != 0 && session->timer.at_ms < until)
        timers_set(&session->hub->timers, &session->timer, until);
}

static void session_free(struct session *session) {
    struct input *input, *next;
    struct listener *listener, *after;
    resident_drop(session);
    DL_FOREACH_SAFE(session->inputs, input, next) {
        DL_DELETE(session->inputs, input);
        if (input->listener)
            input->listener->session = NULL;
        free(input);
    }
    DL_FOREACH_SAFE(session->listeners, listener, after) {
        DL_DELETE(session->listeners, listener);
        listener->session = NULL;
    }
    timers_set(&session->hub->timers, &session->timer, 0);
    HASH_DEL(session->hub->sessions, session);
    session_call(session, "");
    free(session);
}

/* Nothing is under way: keep its state for a while, or forget it when nobody can come back to it. */
static void session_rest(struct session *session) {
    struct hub *hub = session->hub;
    bool held = session->listeners || session->timer.place;
    if (!session->resident) {
        if (!held)
            session_free(session);
        return;
    }
    if (!session->stored && !held) {
        session_free(session);
        return;
    }
    session->touched_ms = hub_clock_ms(hub);
    DL_DELETE2(hub->oldest, session, older, newer);
    DL_APPEND2(hub->oldest, session, older, newer);
    if (!hub->sweep.place && hub->world.wake)
        timers_set(&hub->timers, &hub->sweep, now_ms(hub) + hub->options.idle_ms / IDLE_SWEEPS + 1);
}

static void sweep_due(struct timer *timer) {
    struct hub *hub = (struct hub *)((char *)timer - offsetof(struct hub, sweep));
    int64_t before = hub_clock_ms(hub) - hub->options.idle_ms;
    int resident = hub->resident_count;
    struct session *session, *next;
    DL_FOREACH_SAFE2(hub->oldest, session, next, newer) {
        if (session->touched_ms > before)
            break;
        if (session->work)
            continue;
        resident_drop(session);
        if (!session->listeners && !session->timer.place)
            session_free(session);
    }
    work_spares_free(hub, hub->spare_least);
    if (hub->spare_least || hub->resident_count < resident)
        memory_give_back();
    hub->spare_least = hub->spare_count;
    if (hub->oldest)
        timers_set(&hub->timers, timer, now_ms(hub) + hub->options.idle_ms / IDLE_SWEEPS + 1);
}

void resident_recent(struct resident *resident, const char *id, int64_t seq) {
    if (!text_empty(id) && seq)
        resident->recent[resident->recent_next++ % RECENT_IDS] = (struct recent){text_hash(id), seq};
}

int64_t resident_recent_seq(const struct resident *resident, const char *id) {
    if (text_empty(id))
        return 0;
    uint64_t hash = text_hash(id);
    for (int i = 0; i < RECENT_IDS; i++)
        if (resident->recent[i].seq && resident->recent[i].id == hash)
            return resident->recent[i].seq;
    return 0;
}

/* From its row. */
static enum answer resident_load(struct session *session, struct arena *arena, struct error *err) {
    struct hub *hub = session->hub;
    const struct world *world = &hub->world;
    struct conversation row = {0};
    struct turn *turns = NULL;
    int count = 0;
    if (session->resident)
        return ANSWER_FOUND;
    enum answer answer = world->conversation(world->context, session->id, arena, &row, err);
    if (answer != ANSWER_FOUND)
        return answer;
    struct resident *resident = resident_add(session);
    session->stored = true;
    session->seq = row.seq;
    resident->started_ms = row.started_ms;
    resident->updated_ms = row.updated_ms;
    TEXT_SET(resident->token_hash, row.token_hash);
    TEXT_SET(resident->call_hash, row.call_hash);
    TEXT_SET(resident->channel, row.channel);
    bool good = state_parse(&resident->state, row.state, err);
    good = good && world->turns(world->context, session->id, row.seq - RECENT_TURNS, arena, &turns, &count,
                                err) != ANSWER_FAILED;
    for (int i = 0; good && i < count; i++)
        if (turns[i].author == AUTHOR_CUSTOMER || turns[i].author == AUTHOR_AGENT)
            resident_recent(resident, turns[i].client_id, turns[i].seq);
    if (good &&
        (resident->state.handling == HANDLING_WAITING || resident->state.handling == HANDLING_HUMAN)) {
        struct handoff handoff = {0};
        answer = world->open_handoff(world->context, row.shop, session->id, arena, &handoff, err);
        good = answer != ANSWER_FAILED;
        if (answer == ANSWER_FOUND) {
            TEXT_SET(resident->handoff, handoff.id);
            TEXT_SET(resident->agent, handoff.status == HANDOFF_TAKEN ? handoff.agent : "");
            resident->handoff_status = handoff.status;
            resident->handoff_opened_ms = handoff.opened_ms;
        }
    }
    if (!good)
        resident_drop(session);
    return good ? ANSWER_FOUND : ANSWER_FAILED;
}

/* Events, one after the other. */

void input_strings(struct input *input, const char **strings[INPUT_STRINGS]) {
    struct message *message = &input->message;
    struct request *request = &input->request;
    const char **all[INPUT_STRINGS] = {
        &message->id,      &message->text,   &message->choice, &message->shop,   &message->locale,
        &message->token,   &message->resume, &message->call,   &message->caller, &request->conversation,
        &request->handoff, &request->verb,   &request->agent,  &request->text,   &request->remote};
    memcpy(strings, all, sizeof all);
}

/* A copy in one piece, with all that it points to. */
static struct input *input_copy(const struct input *input) {
    struct input probe = *input;
    const char **strings[INPUT_STRINGS];
    size_t size = 0;
    input_strings(&probe, strings);
    for (int i = 0; i < INPUT_STRINGS; i++)
        size += *strings[i] ? strlen(*strings[i]) + 1 : 0;
    struct input *copy = zeroed(sizeof *copy + size);
    *copy = *input;
    char *at = (char *)(copy + 1);
    input_strings(copy, strings);
    for (int i = 0; i < INPUT_STRINGS; i++)
        if (*strings[i]) {
            size_t len = strlen(*strings[i]) + 1;
            *strings[i] = memcpy(at, *strings[i], len);
            at += len;
        }
    return copy;
}

static void input_failed(struct session *session, const struct input *input, const struct error *err) {
    struct hub *hub = session->hub;
    log_line(LOG_ERROR, "hub", "conversation %s: %s", session->id, err->text);
    if (input->kind == INPUT_MESSAGE) {
        listener_fault(hub, input->listener, FAULT_FAILED, input->message.id, 0);
        if (input->listener && input->listener->greeting) {
            input->listener->greeting = false;
            input->listener->session = NULL;
        }
    } else if (input->kind == INPUT_REQUEST)
        request_settled(session, input, REQUEST_FAILED);
}

/* It has been erased. Whoever is in it can say another hello. */
static void input_gone(struct session *session, const struct input *input) {
    struct listener *listener, *next;
    struct fault fault = {.code = FAULT_UNKNOWN_CONVERSATION};
    DL_FOREACH_SAFE(session->listeners, listener, next) {
        DL_DELETE(session->listeners, listener);
        listener->session = NULL;
        deliver_fault(session->hub, listener, &fault);
    }
    if (input->kind == INPUT_MESSAGE && input->listener && input->listener->greeting) {
        input->listener->greeting = false;
        input->listener->session = NULL;
        deliver_fault(session->hub, input->listener, &fault);
    } else if (input->kind == INPUT_REQUEST)
        request_settled(session, input, REQUEST_UNKNOWN);
}

static void input_start(struct session *session, const struct input *input, const char *fresh_token) {
    struct error err = {""};
    struct listener *listener = input->listener;
    if (input->kind == INPUT_MESSAGE && listener && listener->session != session) {
        listener_fault(session->hub, listener, FAULT_HELLO_FIRST, input->message.id, 0);
        return; /* its hello has failed meanwhile */
    }
    arena_reset(&session->hub->scratch);
    switch (resident_load(session, &session->hub->scratch, &err)) {
    case ANSWER_FOUND:
        break;
    case ANSWER_MISSING:
        input_gone(session, input);
        return;
    default:
        input_failed(session, input, &err);
        return;
    }
    if (input->kind == INPUT_MESSAGE && resident_recent_seq(session->resident, input->message.id))
        return; /* answered already; whoever resumed has been given the answer */
    if (input->kind == INPUT_REQUEST && !request_sound(session, input))
        return;
    work_start(session, input, fresh_token);
}

void session_run(struct session *session) {
    while (!session->work && session->inputs) {
        struct input *input = session->inputs;
        DL_DELETE(session->inputs, input);
        session->input_count--;
        input_start(session, input, NULL);
        free(input);
    }
    if (!session->work)
        session_rest(session);
}

void session_take(struct session *session, const struct input *input, const char *fresh_token) {
    struct hub *hub = session->hub;
    if (session->work || session->inputs) {
        if (session->input_count < INPUTS_MAX) {
            struct input *copy = input_copy(input);
            DL_APPEND(session->inputs, copy);
            session->input_count++;
        } else if (input->kind == INPUT_MESSAGE)
            listener_fault(hub, input->listener, FAULT_BUSY, input->message.id, 1000);
        else if (input->kind == INPUT_REQUEST)
            request_settled(session, input, REQUEST_BUSY);
        return;
    }
    input_start(session, input, fresh_token);
    session_run(session);
}

static void timer_due(struct timer *timer) {
    struct session *session = (struct session *)((char *)timer - offsetof(struct session, timer));
    session_take(session,
                 &(struct input){.kind = INPUT_TIMER,
                                 .heard_us = session->hub->world.now_us(session->hub->world.context)},
                 NULL);
}

/* Limits. True: too fast; the listener has been told. */
static bool slowed(struct hub *hub, struct listener *listener, const char *id) {
    const struct hub_options *options = &hub->options;
    int64_t now = hub_clock_ms(hub), wait = 0;
    if (!text_empty(listener->address)) {
        char key[72] = "at ";
        text_set(key + 3, sizeof key - 3, listener->address);
        wait = limiter_take(hub->limiter, key, options->per_address.rate, options->per_address.burst, now);
    }
    if (!wait && listener->session && !text_empty(listener->address))
        wait = bucket_take(&listener->session->bucket, options->per_conversation.rate,
                           options->per_conversation.burst, now);
    if (!wait) {
        listener->refused = 0;
        return false;
    }
    hub->slowed_count++;
    struct fault fault = {.code = FAULT_SLOW_DOWN, .id = id, .retry_ms = wait};
    if (++listener->refused <= REFUSED_MAX)
        deliver_fault(hub, listener, &fault);
    else if (listener->refused == REFUSED_MAX + 1)
        listener_deliver(hub, listener, &(struct delivery){.kind = DELIVERY_END, .fault = &fault});
    return true;
}

/* Hello. */

static void resume_hash(const struct hub *hub, const char *token, char out[HASH_HEX_SIZE]) {
    uint8_t hash[HASH_SIZE];
    hash_with(hash, hub->key, token, strlen(token));
    hash_hex(out, hash);
}

struct session *session_find(struct hub *hub, const char *id) {
    struct session *session;
    HASH_FIND_STR(hub->sessions, id, session);
    return session;
}

static void hello_new(struct hub *hub, struct listener *listener, struct input *input,
                      const char *call_hash) {
    const struct shop *shop = hub_shop(hub, input->message.shop);
    char id[ID_SIZE], token[RESUME_SIZE];
    uint8_t chance[RESUME_BYTES];
    if (!shop) {
        deliver_fault(hub, listener,
                      &(struct fault){.code = FAULT_UNKNOWN_SHOP,
                                      .field = "shop",
                                      .expected = "a shop of this service",
                                      .found = input->message.shop});
        return;
    }
    id_new(id, now_ms(hub));
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
    resident->started_ms = now_ms(hub);
    TEXT_SET(resident->channel, listener->channel);
    resume_hash(hub, token, resident->token_hash);
    listener->session = session;
    listener->greeting = true;
    session_take(session, input, token);
}

static void hello_resume(struct hub *hub, struct listener *listener, struct input *input) {
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
        deliver_fault(hub, listener,
                      &(struct fault){
                          .code = FAULT_INVALID, .field = "resume.seq", .expected = newest, .found = found});
    } else if (answer == ANSWER_FOUND) {
        listener->session = session;
        listener->greeting = true;
        session_take(session, input, NULL);
        return;
    } else if (answer == ANSWER_MISSING)
        deliver_fault(hub, listener,
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
    if (!session && id) {
        session = session_new(hub, id);
        session_call(session, call_hash);
    }
    return session;
}

static void hello_call(struct hub *hub, struct listener *listener, struct input *input) {
    const struct shop *shop = hub_shop(hub, input->message.shop);
    struct error err = {""};
    char hash[HASH_HEX_SIZE];
    customer_hash(hub->key, shop ? shop->id : "", "call", input->message.call, hash);
    struct session *session = shop ? call_session(hub, hash, &err) : NULL;
    enum answer answer = session ? resident_load(session, &hub->scratch, &err) : ANSWER_MISSING;
    if (answer == ANSWER_FAILED)
        log_line(LOG_ERROR, "hub", "conversation %s: %s", session->id, err.text);
    if (answer == ANSWER_FOUND && call_goes_on(session, now_ms(hub))) {
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

void hub_hear(struct hub *hub, struct listener *listener, const struct message *message) {
    struct input input = {.kind = INPUT_MESSAGE,
                          .listener = listener,
                          .message = *message,
                          .heard_us = hub->world.now_us(hub->world.context)};
    bool hello = message->kind == MESSAGE_HELLO;
    if (message->kind == MESSAGE_TYPING && listener->session) {
        if (!listener->greeting) {
            session_typed(listener->session);
            session_hold(listener->session);
        }
        return;
    }
    if (!slowed(hub, listener, message->id)) {
        if (hello && listener->session)
            listener_fault(hub, listener, FAULT_HELLO_AGAIN, NULL, 0);
        else if (hello && message->resume)
            hello_resume(hub, listener, &input);
        else if (hello && !text_empty(message->call))
            hello_call(hub, listener, &input);
        else if (hello)
            hello_new(hub, listener, &input, "");
        else if (!listener->session)
            listener_fault(hub, listener, FAULT_HELLO_FIRST, message->id, 0);
        else
            session_take(listener->session, &input, NULL);
    }
    hub_arm(hub);
}

void hub_fault(struct hub *hub, struct listener *listener, const struct fault *fault) {
    if (!slowed(hub, listener, fault->id))
        deliver_fault(hub, listener, fault);
}

void hub_leave(struct hub *hub, struct listener *listener) {
    struct session *session = listener->session;
    struct input *input;
    if (!session)
        return;
    DL_FOREACH(session->inputs, input) {
        if (input->listener == listener)
            input->listener = NULL;
    }
    if (session->work && session->work->input.listener == listener)
        session->work->input.listener = NULL;
    if (!listener->greeting)
        DL_DELETE(session->listeners, listener);
    listener->session = NULL;
    listener->greeting = false;
    session->left_ms = now_ms(hub);
    session_arm(session);
    if (!session->work && !session->listeners && !session->resident)
        session_rest(session);
    hub_arm(hub);
}

bool hub_more(struct hub *hub, struct listener *listener) {
    if (!listener->session || !listener->behind)
        return false;
    arena_reset(&hub->scratch);
    if (listener_catch_up(listener->session, listener, &hub->scratch))
        return listener->behind;
    struct fault fault = {.code = FAULT_FAILED};
    listener_deliver(hub, listener, &(struct delivery){.kind = DELIVERY_END, .fault = &fault});
    return false;
}

const char *hub_conversation(const struct listener *listener) {
    return listener->session ? listener->session->id : NULL;
}

/* Answers. */

void hub_orders(struct hub *hub, void *ticket, enum answer answer, const struct order_list *orders) {
    struct session *session = ((struct work *)ticket)->session;
    work_orders(ticket, answer, orders);
    session_run(session);
    hub_arm(hub);
}

void hub_committed(struct hub *hub, void *ticket, bool ok, const struct error *err) {
    struct session *session = ((struct work *)ticket)->session;
    work_settled(ticket, ok ? ANSWER_FOUND : ANSWER_FAILED, err);
    session_run(session);
    hub_arm(hub);
}

void hub_tick(struct hub *hub) {
    int64_t now = now_ms(hub);
    hub->wake_ms = 0;
    for (struct timer *timer; (timer = timers_first(&hub->timers)) && timer->at_ms <= now;) {
        timers_set(&hub->timers, timer, 0);
        timer->due(timer);
    }
    hub_arm(hub);
}

void hub_arm(struct hub *hub) {
    struct timer *first = timers_first(&hub->timers);
    int64_t at_ms = first ? first->at_ms : 0;
    if (!hub->world.wake || at_ms == hub->wake_ms)
        return;
    hub->wake_ms = at_ms;
    hub->world.wake(hub->world.context, at_ms);
}

/* The hub itself. */

struct hub *hub_new(const struct world *world, const struct hub_options *options, struct error *err) {
    if (!options->secret || options->brain.shop_count < 1) {
        error_set(err, "a hub needs the database's secret and at least one shop");
        return NULL;
    }
    struct hub *hub = zeroed(sizeof *hub);
    hub->world = *world;
    hub->options = *options;
    hub->options.secret = NULL; /* borrowed for the call */
    hub->key = hash_key_new(options->secret, HASH_SIZE);
    hub->limiter = limiter_new(LIMITER_KEYS);
    hub->sweep.due = sweep_due;
    arena_init(&hub->scratch);
    return hub;
}

void hub_free(struct hub *hub) {
    struct session *session, *next;
    if (!hub)
        return;
    HASH_ITER(hh, hub->sessions, session, next) {
        if (session->work)
            work_free(session->work);
        session_free(session);
    }
    work_spares_free(hub, hub->spare_count);
    timers_clear(&hub->timers);
    limiter_free(hub->limiter);
    hash_key_free(hub->key);
    arena_clear(&hub->scratch);
    free(hub);
}

void hub_use(struct hub *hub, const struct brain *brain) {
    hub->options.brain = *brain;
}

struct hub_counts hub_count(const struct hub *hub) {
    return (struct hub_counts){.sessions = (int)HASH_COUNT(hub->sessions),
                               .resident = hub->resident_count,
                               .working = hub->working_count,
                               .slowed = hub->slowed_count,
                               .held_back = hub->held_back_count};
}
