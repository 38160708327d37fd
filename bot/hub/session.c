/* Conversations in memory: they are read from their row when something happens to them, and leave when they
 * have been idle. What happens to one waits for its turn. */
#include "bot/hub/session.h"
#include "base/log.h"
#include "base/text.h"
#include <string.h>
#include <sys/mman.h>

enum { IDLE_SWEEPS = 4, RECENT_TURNS = 2 * RECENT_IDS };

static void timer_due(struct timer *timer);

static void *expect(void *memory, size_t size) {
    if (memory)
        return memory;
    log_line(LOG_ERROR, "hub", "out of memory (%zu bytes)", size);
    memory_exhausted();
}

static void *zeroed(size_t size) {
    return expect(calloc(1, size), size);
}

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
struct resident *resident_add(struct session *session) {
    void *pages =
        mmap(NULL, sizeof *session->resident, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    session->resident = expect(pages == MAP_FAILED ? NULL : pages, sizeof *session->resident);
    DL_APPEND2(session->hub->oldest, session, older, newer);
    session->hub->resident_count++;
    return session->resident;
}

struct session *session_new(struct hub *hub, const char *id) {
    struct session *session = zeroed(sizeof *session);
    session->timer.due = timer_due;
    TEXT_SET(session->id, id);
    session->hub = hub;
    HASH_ADD_STR(hub->sessions, id, session);
    return session;
}

struct session *call_find(struct hub *hub, const char *call_hash) {
    struct session *session;
    HASH_FIND(by_call, hub->calls, call_hash, strlen(call_hash), session);
    return session;
}

void session_call(struct session *session, const char *call_hash) {
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

void session_hold(struct session *session) {
    enum { SPEAKING_MS = 10000 };
    int64_t until = hub_now_ms(session->hub) + SPEAKING_MS;
    if (session->timer.place != 0 && session->timer.at_ms < until)
        timers_set(&session->hub->timers, &session->timer, until);
}

void session_free(struct session *session) {
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

void session_rest(struct session *session) {
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
    session->touched_ms = hub->clock_us / 1000 + 1; /* read when its event was heard or told */
    DL_DELETE2(hub->oldest, session, older, newer);
    DL_APPEND2(hub->oldest, session, older, newer);
    if (!hub->sweep.place && hub->world.wake)
        timers_set(&hub->timers, &hub->sweep, hub_now_ms(hub) + hub->options.idle_ms / IDLE_SWEEPS + 1);
}

void sessions_sweep(struct timer *timer) {
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
    work_spares_free(hub, hub->slate_least);
    if (hub->slate_least || hub->resident_count < resident)
        memory_give_back();
    hub->slate_least = hub->slate_count;
    if (hub->oldest)
        timers_set(&hub->timers, timer, hub_now_ms(hub) + hub->options.idle_ms / IDLE_SWEEPS + 1);
}

void resident_recent(struct resident *resident, const char *id) {
    struct recent *recent = &resident->recent;
    if (text_empty(id))
        return;
    int at = recent->next++ % RECENT_IDS;
    recent->ids[at] = text_hash(id);
    recent->tags[at] = (uint32_t)recent->ids[at];
}

bool resident_knows(const struct resident *resident, const char *id) {
    if (text_empty(id))
        return false;
    const struct recent *recent = &resident->recent;
    uint64_t hash = text_hash(id);
    unsigned found = 0;
    for (int i = 0; i < RECENT_IDS; i++)
        found |= recent->tags[i] == (uint32_t)hash;
    for (int i = 0; found && i < RECENT_IDS; i++)
        if (recent->ids[i] == hash)
            return true;
    return false;
}

enum answer resident_load(struct session *session, struct arena *arena, struct error *err) {
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
        if (turns[i].author == AUTHOR_CUSTOMER)
            resident_recent(resident, turns[i].client_id);
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

struct session *session_find(struct hub *hub, const char *id) {
    struct session *session;
    HASH_FIND_STR(hub->sessions, id, session);
    return session;
}

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
    DL_FOREACH_SAFE(session->listeners, listener, next) {
        DL_DELETE(session->listeners, listener);
        listener->session = NULL;
        listener_fault(session->hub, listener, FAULT_UNKNOWN_CONVERSATION, NULL, 0);
    }
    if (input->kind == INPUT_MESSAGE && input->listener && input->listener->greeting) {
        input->listener->greeting = false;
        input->listener->session = NULL;
        listener_fault(session->hub, input->listener, FAULT_UNKNOWN_CONVERSATION, NULL, 0);
    } else if (input->kind == INPUT_REQUEST)
        request_settled(session, input, REQUEST_UNKNOWN);
}

static void input_start(struct session *session, const struct input *input, const char *fresh_token) {
    struct error err;
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
    if (input->kind == INPUT_MESSAGE && resident_knows(session->resident, input->message.id))
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
    session_take(session, &(struct input){.kind = INPUT_TIMER, .heard_us = hub_clock_us(session->hub)}, NULL);
}
