/* One event of a conversation: the steps of the dialogue, the effects, one change, and what is told
 * afterwards. */
#include "base/hash.h"
#include "base/key.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "bot/hub/session.h"
#include <ctype.h>
#include <string.h>

enum {
    ROUNDS_MAX = 12,
    SPARE_MAX = 256,
    ORDER_FREE_TRIES = 6,
    ADDRESS_FREE_TRIES = 30,
    EVEN_MS = 20, /* longer than any look-up and its commit */
    STATE_TEXT_MAX = 32 * 1024
};

static int64_t now_ms(struct hub *hub) {
    return hub->world.now_ms(hub->world.context);
}

static void delay_due(struct timer *timer);

static struct work *work_new(struct session *session) {
    struct hub *hub = session->hub;
    struct work *work = hub->spare;
    if (work) {
        hub->spare = work->next_free;
        if (--hub->spare_count < hub->spare_least)
            hub->spare_least = hub->spare_count;
    } else {
        work = malloc(sizeof *work);
        if (!work)
            memory_exhausted();
        arena_init(&work->arena);
    }
    struct arena arena = work->arena;
    /* The arrays are filled as they are counted; what stands before and between them starts from zero. */
    memset(work, 0, offsetof(struct work, before));
    work->arena = arena;
    work->effects.count = 0;
    work->handoff[0] = work->agent[0] = '\0';
    work->change = (struct change){0};
    work->session = session;
    work->delay.due = delay_due;
    session->work = work;
    hub->working_count++;
    return work;
}

void work_free(struct work *work) {
    struct hub *hub = work->session->hub;
    timers_set(&hub->timers, &work->delay, 0);
    work->session->work = NULL;
    hub->working_count--;
    if (hub->spare_count >= SPARE_MAX) {
        arena_clear(&work->arena);
        free(work);
        return;
    }
    arena_reset(&work->arena);
    work->next_free = hub->spare;
    hub->spare = work;
    hub->spare_count++;
}

void work_spares_free(struct hub *hub, int count) {
    for (; count > 0 && hub->spare; count--) {
        struct work *work = hub->spare;
        hub->spare = work->next_free;
        hub->spare_count--;
        arena_clear(&work->arena);
        free(work);
    }
}

/* What is to be written. */

static struct turn *turn_add(struct work *work, enum author author, const char *text, const char *locale) {
    if (work->change.turn_count == WORK_TURNS) {
        log_line(LOG_ERROR, "hub", "conversation %s: more than %d turns in one step", work->session->id,
                 WORK_TURNS);
        return NULL;
    }
    work->locales[work->change.turn_count] = locale;
    work->firm[work->change.turn_count] = false;
    struct turn *turn = &work->turns[work->change.turn_count++];
    *turn = (struct turn){
        .seq = ++work->last_seq, .author = author, .text = text, .at_ms = now_ms(work->session->hub)};
    return turn;
}

static void say(struct work *work, const struct say *say) {
    struct turn *turn = turn_add(work, AUTHOR_BOT, say->text, say->locale);
    if (!turn)
        return;
    turn->re = work->input.kind == INPUT_REQUEST ? 0 : work->seq;
    work->firm[work->change.turn_count - 1] = say->firm;
    turn->phrase = say->phrase;
    turn->parts = say->parts;
}

static char *masked(struct work *work, const char *text);

static void heard(struct work *work, const char *text) {
    const struct turn *turn = turn_add(work, AUTHOR_CUSTOMER, masked(work, text), NULL);
    if (turn)
        work->seq = turn->seq;
}

static const char *hash_of(struct work *work, struct hashed *known, const char *kind, const char *value) {
    if (text_empty(value))
        return "";
    if (!text_is(known->value, value)) {
        customer_hash(work->session->hub->key, work->state->shop, kind, value, known->hash);
        if (!TEXT_SET(known->value, value))
            known->value[0] = '\0'; /* too long to be known again */
    }
    return arena_string(&work->arena, known->hash);
}

static void note(struct work *work, const struct effect_note *effect) {
    struct hub *hub = work->session->hub;
    struct resident *resident = work->session->resident;
    if (text_is(effect->kind, "proof_ok")) {
        for (int i = 0; i < work->slowed_count; i++)
            limiter_pardon(hub->limiter, work->slowed[i]);
        work->slowed_count = 0;
        work->even_ms = 0;
    }
    if (work->change.note_count == WORK_NOTES) {
        log_line(LOG_ERROR, "hub", "conversation %s: more than %d notes in one step", work->session->id,
                 WORK_NOTES);
        return;
    }
    char key[KEY_SIZE];
    bool phone = effect->customer && effect->customer[0] == '+', numbered = key_number(key, effect->order);
    const char *customer = hash_of(work, &resident->customer, phone ? "phone" : "email", effect->customer),
               *order = hash_of(work, &resident->order, "order", numbered ? key : "");
    if (customer[0])
        work->row.customer_hash = customer;
    if (order[0])
        work->row.order_hash = order;
    work->notes[work->change.note_count++] = (struct note){.seq = work->seq,
                                                           .kind = effect->kind,
                                                           .intent = effect->intent,
                                                           .also = effect->also,
                                                           .rule = effect->rule,
                                                           .score = effect->score,
                                                           .phrase = effect->phrase,
                                                           .facts = effect->facts,
                                                           .order = effect->order,
                                                           .customer_hash = customer,
                                                           .order_hash = order};
}

/* What each change makes of a hand-off: whether it stays open, whether it says what it is about, and how the
 * shop's own system is told. */
static const struct {
    enum handoff_status status;
    bool open, keeps_status, about, promise;
    const char *told;
} hand_offs[] = {
    [HAND_OFF_OPEN] = {HANDOFF_WAITING, true, false, true, true, "updated"},
    [HAND_OFF_ADD] = {HANDOFF_WAITING, true, true, true, true, "updated"},
    [HAND_OFF_CONTACT] = {HANDOFF_WAITING, true, true, false, true, "updated"},
    [HAND_OFF_TAKE] = {HANDOFF_TAKEN, true, false, false, false, "taken"},
    [HAND_OFF_REQUEUE] = {HANDOFF_WAITING, true, false, false, true, "updated"},
    [HAND_OFF_RETURN] = {HANDOFF_RETURNED, false, false, false, false, "returned"},
    [HAND_OFF_CLOSE] = {HANDOFF_CLOSED, false, false, false, false, "closed"},
    [HAND_OFF_WITHDRAW] = {HANDOFF_WITHDRAWN, false, false, false, false, "withdrawn"},
};

static void hand_off(struct work *work, const struct hand_off *effect) {
    int64_t now = now_ms(work->session->hub);
    struct handoff *row = NULL;
    bool about = hand_offs[effect->change].about || !work->handoff[0];
    const char *told = hand_offs[effect->change].told;
    about |= effect->change == HAND_OFF_REQUEUE && !text_empty(effect->queue);
    if (!work->handoff[0]) {
        if (!hand_offs[effect->change].open)
            return; /* there is none to end */
        id_new(work->handoff, now);
        work->handoff_status = HANDOFF_WAITING;
        work->handoff_opened_ms = now;
        told = "opened";
    }
    for (int i = 0; i < work->change.handoff_count; i++)
        if (text_is(work->handoffs[i].id, work->handoff))
            row = &work->handoffs[i];
    if (!row && work->change.handoff_count == WORK_HANDOFFS)
        return;
    if (!row) {
        row = &work->handoffs[work->change.handoff_count++];
        *row = (struct handoff){.id = arena_string(&work->arena, work->handoff)};
    }
    const struct {
        const char **column, *value;
    } columns[] = {{&row->queue, about ? effect->queue : NULL},
                   {&row->reason, about ? effect->reason : NULL},
                   {&row->order, effect->order},
                   {&row->locale, effect->locale},
                   {&row->summary, effect->summary},
                   {&row->contact, effect->contact},
                   {&row->agent, effect->agent}};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (!text_empty(columns[i].value))
            *columns[i].column = columns[i].value;
    if (!hand_offs[effect->change].keeps_status)
        work->handoff_status = hand_offs[effect->change].status;
    if (effect->change == HAND_OFF_TAKE)
        TEXT_SET(work->agent, effect->agent);
    else if (work->handoff_status == HANDOFF_WAITING)
        work->agent[0] = '\0';
    row->status = work->handoff_status;
    row->opened_ms = work->handoff_opened_ms;
    row->changed_ms = now;
    work->change.promise |= hand_offs[effect->change].promise;
    outside_note(work, row->id, told);
    if (!hand_offs[effect->change].open)
        work->handoff[0] = work->agent[0] = '\0';
}

/* The step's effects; the look-up that it waits for, or NULL. */
static const struct look_up *carry_out(struct work *work) {
    for (int i = 0; i < work->effects.count; i++) {
        const struct effect *effect = &work->effects.list[i];
        switch (effect->kind) {
        case EFFECT_SAY:
            say(work, &effect->say);
            break;
        case EFFECT_LOOK_UP:
            return &effect->look_up;
        case EFFECT_HAND_OFF:
            hand_off(work, &effect->hand_off);
            break;
        case EFFECT_NOTE:
            note(work, &effect->note);
            break;
        case EFFECT_HEARD:
            heard(work, effect->heard);
            break;
        case EFFECT_LISTEN:
        case EFFECT_TRANSFER:
        case EFFECT_END:
            work->closing = *effect;
            break;
        }
    }
    return NULL;
}

/* How long the answer to a try at proof is held back. It is so before the answer is known, so that a wrong
 * proof and an order that does not exist take the same; a little later both are told (work_settled), whatever
 * finding them took. */
static int64_t held_back(struct work *work) {
    struct hub *hub = work->session->hub;
    const struct order_query *query = &work->look_up.query;
    int64_t now = hub_clock_ms(hub), wait = 0;
    if (!work->look_up.proof || !hub->world.wake)
        return 0;
    for (int i = 0; i <= query->count && work->slowed_count < WORK_SLOWED; i++) {
        bool address = i == query->count;
        const char *who =
            address ? (work->input.listener ? work->input.listener->address : NULL) : query->values[i];
        if (text_empty(who))
            continue;
        const char *key = address ? arena_format(&work->arena, "try %s", who)
                                  : arena_format(&work->arena, "%s %d %s", query->shop, (int)query->by, who);
        int64_t more = limiter_try(hub->limiter, key, address ? ADDRESS_FREE_TRIES : ORDER_FREE_TRIES, now);
        wait = more > wait ? more : wait;
        work->slowed[work->slowed_count++] = key;
    }
    work->even_ms = (work->even_ms ? work->even_ms : now_ms(hub) + EVEN_MS) + wait;
    return wait;
}

static void typing(struct work *work) {
    session_deliver(work->session, &(struct delivery){.kind = DELIVERY_TYPING, .from = "bot"});
}

static void finish(struct work *work);
static void work_event(struct work *work, const struct event *event);

static void look_up(struct work *work) {
    const struct world *world = &work->session->hub->world;
    struct order_list orders = {0};
    struct error err = {""};
    enum answer answer = world->look_up(world->context, &work->look_up.query, work->look_up.proof, work,
                                        &work->arena, &orders, &err);
    if (answer == ANSWER_LATER) {
        typing(work);
        return;
    }
    if (answer == ANSWER_FAILED)
        log_line(LOG_ERROR, "hub", "conversation %s: look-up: %s", work->session->id, err.text);
    work_orders(work, answer, &orders);
}

static void delay_due(struct timer *timer) {
    struct work *work = (struct work *)((char *)timer - offsetof(struct work, delay));
    struct session *session = work->session;
    look_up(work);
    session_run(session);
}

void work_orders(struct work *work, enum answer answer, const struct order_list *orders) {
    work_event(work, &(struct event){.kind = EVENT_ORDERS,
                                     .now_ms = now_ms(work->session->hub),
                                     .seq = work->seq,
                                     .found = (int)answer,
                                     .orders = orders});
}

static struct place place_of(const struct work *work) {
    const struct world *world = &work->session->hub->world;
    struct place place = {0, 0};
    if (world->place && work->state->handling <= HANDLING_WAITING)
        world->place(world->context, work->state->shop, work->session->id, &place);
    return place;
}

/* Keys that came with the entry just answered: no timer runs for who tells silences itself, so they follow at
 * once. */
static bool keys_follow(const struct work *work, size_t before) {
    const struct listener *listener = work->input.listener;
    size_t left = strlen(work->state->call.keys);
    bool goes_on = work->closing.kind != EFFECT_TRANSFER && work->closing.kind != EFFECT_END;
    bool room = work->change.turn_count < WORK_TURNS / 2 && work->rounds < ROUNDS_MAX / 2;
    return work->input.kind == INPUT_MESSAGE && work->input.message.kind == MESSAGE_KEYS && goes_on && room &&
           listener && !listener->own_silence && left > 0 && (before == 0 || left < before);
}

static void work_event(struct work *work, const struct event *what) {
    size_t keys = strlen(work->state->call.keys);
    struct hub *hub = work->session->hub;
    const struct brain *brain = &hub->options.brain;
    const struct shop *shop = hub_shop(hub, work->state->shop);
    struct dialogue dialogue = {brain->catalogue, brain->reader, brain->book, shop ? shop : brain->shops};
    struct event event = *what;
    event.place = place_of(work);
    work->effects.count = 0;
    dialogue_step(&dialogue, work->state, &event, &work->arena, &work->effects);
    const struct look_up *asked = carry_out(work);
    if (asked && ++work->rounds > ROUNDS_MAX) {
        log_line(LOG_ERROR, "hub", "conversation %s: more than %d look-ups for one event", work->session->id,
                 ROUNDS_MAX);
        asked = NULL;
    }
    if (!asked && keys_follow(work, what->kind == EVENT_ORDERS ? 0 : keys)) {
        work_event(
            work,
            &(struct event){
                .kind = EVENT_KEYS, .now_ms = now_ms(hub), .seq = work->seq, .text = "", .whole = true});
        return;
    }
    if (!asked) {
        finish(work);
        return;
    }
    work->look_up = *asked;
    int64_t wait = held_back(work);
    if (!wait) {
        look_up(work);
        return;
    }
    hub->held_back_count++;
    timers_set(&hub->timers, &work->delay, now_ms(hub) + wait);
    typing(work);
}

/* The change, and its way to the store. */

static void finish(struct work *work) {
    struct session *session = work->session;
    struct hub *hub = session->hub;
    const struct resident *resident = session->resident;
    struct error err = {""};
    bool request = work->input.kind == INPUT_REQUEST;
    bool written = work->fresh || request || work->change.turn_count || work->change.note_count ||
                   work->change.handoff_count;
    if (!written && memcmp(work->state, &work->before, sizeof work->before) == 0) {
        work_settled(work, ANSWER_FOUND, NULL);
        return;
    }
    int64_t now = now_ms(hub), latency_us = hub->world.now_us(hub->world.context) - work->input.heard_us;
    for (int i = 0; i < work->change.note_count; i++) {
        work->notes[i].at_ms = now;
        work->notes[i].latency_us = latency_us;
    }
    struct buffer state;
    buffer_init_in(&state, &work->arena, STATE_TEXT_MAX);
    if (!hub->world.forgets)
        state_print(work->state, &state);
    work->row.id = session->id;
    work->row.shop = work->state->shop;
    work->row.channel = resident->channel;
    work->row.locale = work->state->locale;
    work->row.token_hash = resident->token_hash;
    work->row.call_hash = resident->call_hash;
    work->row.state = state.bytes;
    work->row.handling = handling_name(work->state->handling);
    work->row.seq = work->last_seq;
    work->row.started_ms = resident->started_ms;
    work->row.updated_ms = now;
    work->change.conversation = &work->row;
    work->change.goes_on = work->session->stored;
    work->change.turns = work->turns;
    work->change.notes = work->notes;
    work->change.handoffs = work->handoffs;
    outside_settle(work);
    work->change.request = request ? work->input.request.id : 0;
    enum answer answer =
        state.full ? (error_set(&err, "a state longer than %d bytes", STATE_TEXT_MAX), ANSWER_FAILED)
                   : hub->world.commit(hub->world.context, &work->change, work, &err);
    if (answer != ANSWER_LATER)
        work_settled(work, answer, &err);
}

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
    return turn->author == AUTHOR_AGENT ? NULL : turn->client_id;
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
    listener_deliver(hub, listener,
                     &(struct delivery){.kind = DELIVERY_WELCOME,
                                        .conversation = session->id,
                                        .shop = resident->state.shop,
                                        .shop_name = shop ? shop->name : "",
                                        .token = work->token,
                                        .resumed = !work->fresh,
                                        .seq = session->seq,
                                        .handling = resident->state.handling,
                                        .agent = resident->agent,
                                        .locale = resident->state.locale});
    struct fault fault = {.code = FAULT_FAILED};
    if (!work->fresh && listener->seq < session->seq && !listener_catch_up(session, listener, &work->arena))
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
                deliver_turn(session->hub, listener, turn, work->locales[i],
                             id_of(change->turns, change->turn_count, turn), work->firm[i]);
        }
    }
}

/* What the caller does next, after all that was said. */
static void close_answer(struct work *work) {
    struct session *session = work->session;
    const struct effect *closing = &work->closing;
    struct listener *listener, *next;
    struct delivery delivery = {.kind = DELIVERY_END, .locale = work->state->locale};
    if (closing->kind == EFFECT_LISTEN) {
        delivery.kind = DELIVERY_LISTEN;
        delivery.expects = listen_name(closing->listen.what);
        delivery.timeout_ms = closing->listen.timeout_ms;
        delivery.digits = closing->listen.digits;
    } else if (closing->kind == EFFECT_TRANSFER && work->change.handoff_count) {
        const struct handoff *handoff = &work->handoffs[work->change.handoff_count - 1];
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
    resident->updated_ms = now_ms(hub);
    session->seq = work->last_seq;
    for (int i = 0; i < work->change.turn_count; i++)
        resident_recent(resident, work->turns[i].client_id, work->turns[i].seq);
    TEXT_SET(resident->handoff, work->handoff);
    TEXT_SET(resident->agent, work->agent);
    resident->handoff_status = work->handoff_status;
    resident->handoff_opened_ms = work->handoff_opened_ms;
    session->stored |= work->fresh;

    if (listener && listener->greeting)
        welcome(work);
    tell(work);
    if (handling_changed)
        session_deliver(session, &(struct delivery){.kind = DELIVERY_HANDLING,
                                                    .handling = resident->state.handling,
                                                    .place = resident->state.handling == HANDLING_WAITING
                                                                 ? place_of(work)
                                                                 : (struct place){0, 0},
                                                    .agent = resident->agent});
    if (hub->world.happened && work->change.conversation)
        hub->world.happened(hub->world.context, &work->change,
                            hub->world.now_us(hub->world.context) - work->input.heard_us);
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
    if (outcome == ANSWER_FOUND && work->even_ms > now_ms(hub)) {
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

/* Where it begins. */

static char *masked(struct work *work, const char *text) {
    char *copy = arena_string(&work->arena, text ? text : "");
    text_mask(copy, NULL, NULL);
    return copy;
}

/* What text_mask leaves of a number is not read as another: its last four may not open an order. */
static const char *unread(struct work *work, const char *text) {
    enum { STARS = 9, LEFT = 4 };
    if (!strchr(text, '*'))
        return text;
    char *copy = arena_string(&work->arena, text);
    int stars = 0, left = 0;
    for (char *at = copy; *at; at++) {
        if (*at == '*')
            left = ++stars >= STARS ? LEFT : 0;
        else if (isalnum((unsigned char)*at)) {
            stars = 0;
            if (left) {
                *at = '*';
                left--;
            }
        }
    }
    return copy;
}

/* What the words of a turn are, and the event that they make. */
static void begin_message(struct work *work, struct event *event) {
    static const enum event_kind kinds[] = {[MESSAGE_HELLO] = EVENT_HELLO,
                                            [MESSAGE_SAY] = EVENT_SAID,
                                            [MESSAGE_CHOOSE] = EVENT_CHOSE,
                                            [MESSAGE_RATE] = EVENT_RATED,
                                            [MESSAGE_BYE] = EVENT_BYE,
                                            [MESSAGE_KEYS] = EVENT_KEYS,
                                            [MESSAGE_SILENCE] = EVENT_SILENCE,
                                            [MESSAGE_INTERRUPTED] = EVENT_INTERRUPTED,
                                            [MESSAGE_UNANSWERED] = EVENT_UNANSWERED};
    const struct message *message = &work->input.message;
    bool chose = message->kind == MESSAGE_CHOOSE;
    event->kind = kinds[message->kind];
    if (message->kind == MESSAGE_SAY || chose) {
        const char *text = masked(work, chose && text_empty(message->text) ? message->choice : message->text);
        struct turn *turn = turn_add(work, AUTHOR_CUSTOMER, text, NULL);
        turn->client_id = message->id;
        work->seq = event->seq = turn->seq;
        event->text = chose ? message->choice : unread(work, text);
        event->confidence = message->confidence > 0 ? message->confidence : 0;
    } else if (message->kind == MESSAGE_RATE) {
        work->seq = event->seq = message->seq ? message->seq : work->session->seq;
        event->rating = message->rating;
    } else if (message->kind == MESSAGE_HELLO) {
        event->locale = message->locale;
        event->token = message->token;
        event->caller = message->caller;
        event->greeting = message->greeting;
        event->resumed = !work->fresh;
    } else if (message->kind == MESSAGE_KEYS || message->kind == MESSAGE_INTERRUPTED) {
        event->text = arena_string(&work->arena, message->text ? message->text : "");
        event->whole = work->input.listener && !work->input.listener->own_silence;
    }
}

static void begin_request(struct work *work, struct event *event) {
    const struct request *request = &work->input.request;
    event->kind = EVENT_AGENT;
    event->text = request->verb;
    event->agent = request->agent;
    event->words = request->text;
    request_act(&work->input, arena_string(&work->arena, work->handoff),
                arena_string(&work->arena, work->state->shop), event->now_ms, &work->act);
    work->change.act = &work->act;
    if (!text_is(request->verb, "say"))
        return;
    struct turn *turn = turn_add(work, AUTHOR_AGENT, masked(work, request->text), NULL);
    turn->who = request->agent;
    turn->client_id = request_turn_id(&work->input, &work->arena);
    event->words = turn->text;
    event->seq = work->seq = turn->seq;
}

bool work_start(struct session *session, const struct input *input, const char *fresh_token) {
    struct hub *hub = session->hub;
    struct resident *resident = session->resident;
    struct work *work = work_new(session);
    struct event event = {.kind = EVENT_TIMER, .now_ms = now_ms(hub)};
    const char **strings[INPUT_STRINGS];
    work->input = *input;
    input_strings(&work->input, strings); /* they are borrowed for the call; the work may outlive it */
    for (int i = 0; i < INPUT_STRINGS; i++)
        *strings[i] = arena_string(&work->arena, *strings[i]);
    work->row = (struct conversation){0};
    work->fresh = fresh_token != NULL;
    work->token = arena_string(&work->arena, fresh_token);
    work->state = &resident->state;
    work->handling = resident->state.handling;
    if (input->kind != INPUT_MESSAGE || input->message.kind != MESSAGE_SAY)
        work->before = resident->state;
    work->last_seq = session->seq;
    TEXT_SET(work->handoff, resident->handoff);
    TEXT_SET(work->agent, resident->agent);
    work->handoff_status = resident->handoff_status;
    work->handoff_opened_ms = resident->handoff_opened_ms;
    if (resident->handoff[0])
        work->outside = arena_string(&work->arena, resident->handoff);
    if (input->kind == INPUT_MESSAGE)
        begin_message(work, &event);
    else if (input->kind == INPUT_REQUEST)
        begin_request(work, &event);
    work_event(work, &event);
    return session->work != NULL;
}
