/* What listeners are told: turns that were stored, those they have missed, and what the caller does next. */
#include "base/log.h"
#include "base/text.h"
#include "bot/hub/session.h"

static void deliver_turn(struct hub *hub, struct listener *listener, const struct turn *turn,
                         const char *locale, const char *id, bool firm) {
    if (turn->seq <= listener->seq)
        return;
    listener->seq = turn->seq;
    listener_deliver(hub, listener,
                     &(struct delivery){.kind = DELIVERY_TURN,
                                        .seq = turn->seq,
                                        .re = turn->re,
                                        .from = author_name(turn->author),
                                        .agent = turn->who,
                                        .id = id,
                                        .text = turn->text,
                                        .locale = locale,
                                        .parts = turn->parts,
                                        .phrase = turn->phrase,
                                        .firm = firm,
                                        .at_ms = turn->at_ms});
}

/* The customer's id of the turn, or of the one that it answers. */
static const char *id_of(const struct turn *turns, int count, const struct turn *turn) {
    for (int i = 0; turn->re && i < count; i++)
        if (turns[i].seq == turn->re)
            return turns[i].client_id;
    return turn->client_id;
}

bool listener_catch_up(struct session *session, struct listener *listener, struct arena *arena) {
    struct hub *hub = session->hub;
    struct turn *turns = NULL;
    struct error err;
    int count = 0;
    if (hub->world.turns(hub->world.context, session->id, listener->seq, arena, &turns, &count, &err) ==
        ANSWER_FAILED) {
        log_line(LOG_ERROR, "hub", "conversation %s: %s", session->id, err.text);
        return false;
    }
    int most = listener->paced && count > PORTION ? PORTION : count;
    for (int i = 0; i < most; i++)
        deliver_turn(hub, listener, &turns[i], NULL, id_of(turns, count, &turns[i]), false);
    /* The read may be older than what has been committed since: then it is not over either. */
    listener->behind = listener->seq < session->seq;
    return true;
}

void session_hours(const struct session *session, struct delivery *delivery) {
    const struct resident *resident = session->resident;
    const struct shop *shop = resident ? hub_shop(session->hub, resident->state.shop) : NULL;
    int64_t now = hub_now_ms(session->hub);
    if (delivery->handling != HANDLING_WAITING || !shop || shop_open(shop, now))
        return;
    delivery->place = (struct place){0, 0};
    delivery->away = true;
    delivery->opens = shop_opening(shop, now);
}

/* Of the conversation as it is now. */
static struct place place_of(const struct work *work) {
    bool waits = work->session->resident->state.handling == HANDLING_WAITING;
    return waits ? work_place(work) : (struct place){0, 0};
}

/* Joins the listener to its conversation: welcome, then what it has missed. */
static void welcome(struct work *work) {
    struct session *session = work->session;
    struct hub *hub = session->hub;
    struct listener *listener = work->input.listener;
    const struct resident *resident = session->resident;
    const struct shop *shop = hub_shop(hub, resident->state.shop);
    listener->greeting = false;
    listener->seq = work->fresh ? 0 : work->input.message.seq;
    listener->behind = !work->fresh && listener->seq < session->seq;
    DL_APPEND(session->listeners, listener);
    struct delivery delivery = {.kind = DELIVERY_WELCOME,
                                .conversation = session->id,
                                .shop = resident->state.shop,
                                .shop_name = shop ? shop->name : "",
                                .token = work->token,
                                .resumed = !work->fresh,
                                .seq = session->seq,
                                .handling = resident->state.handling,
                                .place = place_of(work),
                                .agent = resident->agent,
                                .locale = resident->state.locale};
    session_hours(session, &delivery);
    listener_deliver(hub, listener, &delivery);
    struct fault fault = {.code = FAULT_FAILED};
    if (!work->fresh && listener->seq < session->seq &&
        !listener_catch_up(session, listener, &work->slate->arena))
        listener_deliver(hub, listener, &(struct delivery){.kind = DELIVERY_END, .fault = &fault});
}

/* To everyone. Who said it hears no echo where an answer says that it arrived. */
static void tell(struct work *work) {
    struct session *session = work->session;
    const struct change *change = &work->change;
    struct listener *listener;
    bool answered = false;
    for (int i = 0; i < change->turn_count; i++)
        answered |= change->turns[i].author == AUTHOR_BOT;
    for (int i = 0; i < change->turn_count; i++) {
        const struct turn *turn = &change->turns[i];
        DL_FOREACH(session->listeners, listener) {
            if (listener->behind)
                continue; /* it will be given it in its place */
            if (answered && turn->author == AUTHOR_CUSTOMER && listener == work->input.listener)
                listener->seq = turn->seq;
            else
                deliver_turn(session->hub, listener, turn, work->spoken[i].locale,
                             id_of(change->turns, change->turn_count, turn), work->spoken[i].firm);
        }
    }
}

/* What the caller does next, after all that was said. */
static void close_answer(struct work *work) {
    struct session *session = work->session;
    const struct effect *closing = &work->closing;
    struct listener *listener, *next;
    if (closing->kind == EFFECT_SAY)
        return;
    struct delivery delivery = {.kind = DELIVERY_END, .locale = work->state->locale};
    if (closing->kind == EFFECT_LISTEN) {
        delivery.kind = DELIVERY_LISTEN;
        delivery.expects = listen_name(closing->listen.what);
        delivery.timeout_ms = closing->listen.timeout_ms;
        delivery.digits = closing->listen.digits;
    } else if (closing->kind == EFFECT_TRANSFER && work->change.handoff_count) {
        const struct handoff *handoff = &work->change.handoffs[work->change.handoff_count - 1];
        delivery.kind = DELIVERY_TRANSFER;
        delivery.queue = handoff->queue;
        delivery.reason = handoff->reason;
        delivery.order = handoff->order;
        delivery.handoff = handoff->id;
        delivery.summary = handoff->summary;
    } else if (closing->kind != EFFECT_END)
        return;
    DL_FOREACH_SAFE(session->listeners, listener, next) {
        if (listener->voice == VOICE_SPOKEN || delivery.kind == DELIVERY_END)
            listener_deliver(session->hub, listener, &delivery);
    }
}

static void refused(struct work *work, enum answer outcome, const struct error *err) {
    struct session *session = work->session;
    struct listener *listener = work->input.listener;
    const char *id = work->input.kind == INPUT_MESSAGE ? work->input.message.id : NULL;
    if (outcome == ANSWER_FAILED)
        log_line(LOG_ERROR, "hub", "conversation %s: not stored: %s", session->id, err ? err->text : "");
    if (session->stored)
        resident_drop(session); /* what is stored counts: it may have been erased */
    if (work->input.kind == INPUT_REQUEST)
        request_settled(session, &work->input, outcome == ANSWER_FAILED ? REQUEST_FAILED : REQUEST_BUSY);
    session->request_seen = 0;
    if (listener && listener->greeting) {
        listener->greeting = false;
        listener->session = NULL;
    }
    listener_fault(session->hub, listener, outcome == ANSWER_FAILED ? FAULT_NOT_STORED : FAULT_BUSY, id,
                   1000);
}

static void stored(struct work *work) {
    struct session *session = work->session;
    struct hub *hub = session->hub;
    struct resident *resident = session->resident;
    struct listener *listener = work->input.listener;
    bool handling_changed = work->handling != work->state->handling || !text_is(work->agent, resident->agent);
    resident->updated_ms = work->now_ms;
    session->seq = work->last_seq;
    if (work->input.kind == INPUT_REQUEST)
        resident_recent(resident, request_own_id(&work->input, &work->slate->arena));
    for (int i = 0; work->input.kind == INPUT_MESSAGE && i < work->change.turn_count; i++)
        resident_recent(resident, work->change.turns[i].client_id);
    TEXT_SET(resident->handoff, work->handoff);
    TEXT_SET(resident->agent, work->agent);
    resident->handoff_status = work->handoff_status;
    resident->handoff_opened_ms = work->handoff_opened_ms;
    session->stored |= work->fresh;

    if (listener && listener->greeting)
        welcome(work);
    tell(work);
    if (handling_changed) {
        struct delivery delivery = {.kind = DELIVERY_HANDLING,
                                    .handling = resident->state.handling,
                                    .place = place_of(work),
                                    .agent = resident->agent};
        session_hours(session, &delivery);
        session_deliver(session, &delivery);
    }
    if (hub->world.happened && work->change.conversation)
        hub->world.happened(hub->world.context, &work->change, hub_clock_us(hub) - work->input.heard_us);
    if (work->input.kind == INPUT_REQUEST)
        request_settled(session, &work->input, REQUEST_DONE);
    close_answer(work);
    bool bye = work->input.kind == INPUT_MESSAGE && work->input.message.kind == MESSAGE_BYE;
    if (bye && work->closing.kind != EFFECT_END)
        listener_deliver(hub, listener, &(struct delivery){.kind = DELIVERY_END});
    session_arm(session);
}

static void even_due(struct timer *timer) {
    struct work *work = (struct work *)((char *)timer - offsetof(struct work, delay));
    struct session *session = work->session;
    stored(work);
    work_free(work);
    session_run(session);
}

void work_settled(struct work *work, enum answer outcome, const struct error *err) {
    struct hub *hub = work->session->hub;
    if (outcome == ANSWER_FOUND && work->even_ms && work->even_ms > hub_now_ms(hub)) {
        work->delay.due = even_due;
        timers_set(&hub->timers, &work->delay, work->even_ms);
        return;
    }
    if (outcome == ANSWER_FOUND)
        stored(work);
    else
        refused(work, outcome, err);
    work_free(work);
}
