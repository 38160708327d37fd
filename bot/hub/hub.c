#include "base/hash.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "bot/hub/session.h"
#include <string.h>

enum {
    LIMITER_KEYS = 65536,
    REFUSED_MAX = 100,
    ORDER_NEAR = 5 * MEMORY_LINE /* bytes: most cards */
};

const struct hub_options hub_defaults = {
    .per_conversation = {1, 20}, .per_address = {30, 300}, .idle_ms = 60 * 1000};

int64_t hub_clock_us(struct hub *hub) {
    return hub->clock_us = hub->world.now_us(hub->world.context);
}

int64_t hub_clock_ms(struct hub *hub) {
    return hub_clock_us(hub) / 1000 + 1;
}

const struct shop *hub_shop(const struct hub *hub, const char *id) {
    const struct brain *brain = &hub->options.brain;
    return text_empty(id) ? brain->shops : shop_find(brain->shops, brain->shop_count, id);
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

void listener_deliver_fault(struct hub *hub, struct listener *listener, const struct fault *fault) {
    listener_deliver(hub, listener, &(struct delivery){.kind = DELIVERY_FAULT, .fault = fault});
}

void listener_fault(struct hub *hub, struct listener *listener, enum fault_code code, const char *id,
                    int64_t retry_ms) {
    listener_deliver_fault(hub, listener, &(struct fault){.code = code, .id = id, .retry_ms = retry_ms});
}

/* Limits. True: too fast; the listener has been told. */
static bool slowed(struct hub *hub, struct listener *listener, const char *id, int64_t now) {
    const struct hub_options *options = &hub->options;
    int64_t wait = 0;
    if (options->per_address.rate > 0 && !text_empty(listener->address)) {
        char key[72] = "at ";
        text_set(key + 3, sizeof key - 3, listener->address);
        wait = limiter_take(hub->limiter, key, options->per_address.rate, options->per_address.burst, now);
    }
    if (!wait && options->per_conversation.rate > 0 && listener->session && !text_empty(listener->address))
        wait = bucket_take(&listener->session->bucket, options->per_conversation.rate,
                           options->per_conversation.burst, now);
    if (!wait) {
        listener->refused = 0;
        return false;
    }
    hub->slowed_count++;
    struct fault fault = {.code = FAULT_SLOW_DOWN, .id = id, .retry_ms = wait};
    if (++listener->refused <= REFUSED_MAX)
        listener_deliver_fault(hub, listener, &fault);
    else if (listener->refused == REFUSED_MAX + 1)
        listener_deliver(hub, listener, &(struct delivery){.kind = DELIVERY_END, .fault = &fault});
    return true;
}

void hub_fetch_first(const struct listener *listener) {
    const struct session *session = listener->session;
    if (session)
        memory_fetch(session, &session->hh);
}

void hub_fetch(const struct listener *listener) {
    const struct session *session = listener->session;
    const struct resident *resident = session ? session->resident : NULL;
    if (!resident)
        return;
    memory_fetch(session, &session->hh);
    memory_fetch(resident, &resident->state);
    state_fetch(&resident->state);
    __builtin_prefetch(session->near[0]);
    if (session->near[1])
        memory_fetch(session->near[1], (const char *)session->near[1] + ORDER_NEAR);
}

void hub_hear(struct hub *hub, struct listener *listener, const struct message *message) {
    struct input input = {
        .kind = INPUT_MESSAGE, .listener = listener, .message = *message, .heard_us = hub_clock_us(hub)};
    bool hello = message->kind == MESSAGE_HELLO;
    if (message->kind == MESSAGE_TYPING && listener->session) {
        if (!listener->greeting) {
            session_typed(listener->session);
            session_hold(listener->session);
        }
        return;
    }
    if (!slowed(hub, listener, message->id, input.heard_us / 1000 + 1)) {
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
    if (!slowed(hub, listener, fault->id, hub_clock_ms(hub)))
        listener_deliver_fault(hub, listener, fault);
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
    session->left_ms = hub_now_ms(hub);
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

void hub_committed(struct hub *hub, void *ticket, bool ok, const struct error *err) {
    struct session *session = ((struct work *)ticket)->session;
    work_settled(ticket, ok ? ANSWER_FOUND : ANSWER_FAILED, err);
    session_run(session);
    hub_arm(hub);
}

void hub_tick(struct hub *hub) {
    int64_t now = hub_now_ms(hub);
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
    struct hub *hub = calloc(1, sizeof *hub);
    if (!hub)
        memory_exhausted();
    hub->world = *world;
    hub->options = *options;
    hub->options.secret = NULL; /* borrowed for the call */
    hub->key = hash_key_new(options->secret, HASH_SIZE);
    hub->limiter = options->limiter ? options->limiter : limiter_new(LIMITER_KEYS);
    hub->sweep.due = sessions_sweep;
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
    work_spares_free(hub, hub->slate_count);
    timers_clear(&hub->timers);
    if (!hub->options.limiter)
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
