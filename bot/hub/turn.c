/* One event of a conversation: the steps of the dialogue, its look-ups, and the change on its way to the
 * store. */
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

static void delay_due(struct timer *timer);

static struct slate *slate_new(struct hub *hub) {
    struct slate *slate = hub->slates;
    if (slate) {
        hub->slates = slate->next_free;
        if (--hub->slate_count < hub->slate_least)
            hub->slate_least = hub->slate_count;
    } else {
        slate = malloc(sizeof *slate);
        if (!slate)
            memory_exhausted();
        arena_init(&slate->arena);
    }
    slate->rounds = slate->told_count = slate->effects.count = 0;
    slate->found = NULL;
    slate->slowed = NULL;
    slate->outside = NULL;
    slate->row = (struct conversation){0};
    return slate;
}

static void slate_free(struct slate *slate) {
    arena_clear(&slate->arena);
    free(slate);
}

/* The one that was used last is the next to be used: it is in the processor's cache. */
static void slate_wipe(struct work *work) {
    struct hub *hub = work->session->hub;
    struct slate *slate = work->slate;
    work->slate = NULL;
    if (!slate)
        return;
    if (hub->slate_count >= SPARE_MAX) {
        slate_free(slate);
        return;
    }
    arena_reset(&slate->arena);
    slate->next_free = hub->slates;
    hub->slates = slate;
    hub->slate_count++;
}

static struct work *work_new(struct session *session) {
    struct hub *hub = session->hub;
    struct work *work = hub->spare;
    if (work)
        hub->spare = work->next_free;
    else if (!(work = malloc(sizeof *work)))
        memory_exhausted();
    memset(work, 0, offsetof(struct work, spoken));
    work->slate = slate_new(hub);
    work->session = session;
    work->delay.due = delay_due;
    session->work = work;
    hub->working_count++;
    return work;
}

void work_free(struct work *work) {
    struct hub *hub = work->session->hub;
    timers_set(&hub->timers, &work->delay, 0);
    slate_wipe(work);
    work->session->work = NULL;
    hub->working_count--;
    work->next_free = hub->spare;
    hub->spare = work;
}

void work_spares_free(struct hub *hub, int slates) {
    for (; slates > 0 && hub->slates; slates--) {
        struct slate *slate = hub->slates;
        hub->slates = slate->next_free;
        hub->slate_count--;
        slate_free(slate);
    }
    for (struct work *work; (work = hub->spare);) {
        hub->spare = work->next_free;
        free(work);
    }
}

/* How long the answer to a try at proof is held back. It is so before the answer is known, so that a wrong
 * proof and an order that does not exist take the same; a little later both are told (work_settled), whatever
 * finding them took. */
static int64_t held_back(struct work *work) {
    struct hub *hub = work->session->hub;
    const struct order_query *query = &work->slate->look_up.query;
    if (!work->slate->look_up.tries || !hub->world.wake)
        return 0;
    int64_t now = hub_clock_ms(hub), wait = 0;
    for (int i = 0; i < query->count + work->slate->look_up.tries; i++) {
        bool address = i >= query->count;
        const char *who =
            address ? (work->input.listener ? work->input.listener->address : NULL) : query->values[i];
        if (text_empty(who))
            continue;
        const char *key =
            address ? arena_format(&work->slate->arena, "try %s", who)
                    : arena_format(&work->slate->arena, "%s %d %s", query->shop, (int)query->by, who);
        int64_t more = limiter_try(hub->limiter, key, address ? ADDRESS_FREE_TRIES : ORDER_FREE_TRIES, now);
        wait = more > wait ? more : wait;
        struct slowed *slowed = ARENA_NEW(&work->slate->arena, struct slowed);
        *slowed = (struct slowed){key, work->slate->slowed};
        work->slate->slowed = slowed;
    }
    work->even_ms = (work->even_ms ? work->even_ms : hub_now_ms(hub) + EVEN_MS) + wait;
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
    struct error err;
    enum answer answer = world->look_up(world->context, &work->slate->look_up.query,
                                        work->slate->look_up.tries > 0, &work->slate->arena, &orders, &err);
    if (answer == ANSWER_FAILED)
        log_line(LOG_ERROR, "hub", "conversation %s: look-up: %s", work->session->id, err.text);
    memcpy(work->session->near, orders.near, sizeof orders.near);
    work_event(work, &(struct event){.kind = EVENT_ORDERS,
                                     .now_ms = work->now_ms,
                                     .seq = work->seq,
                                     .found = (int)answer,
                                     .orders = &orders});
}

static void delay_due(struct timer *timer) {
    struct work *work = (struct work *)((char *)timer - offsetof(struct work, delay));
    struct session *session = work->session;
    work->now_ms = hub_now_ms(session->hub);
    look_up(work);
    session_run(session);
}

struct place work_place(const struct work *work) {
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
    if (work->input.kind != INPUT_MESSAGE || work->input.message.kind != MESSAGE_KEYS)
        return false;
    size_t left = strlen(work->state->call.keys);
    bool goes_on = work->closing.kind != EFFECT_TRANSFER && work->closing.kind != EFFECT_END;
    bool room = work->change.turn_count < WORK_TURNS / 2 && work->slate->rounds < ROUNDS_MAX / 2;
    return goes_on && room && listener && !listener->own_silence && left > 0 &&
           (before == 0 || left < before);
}

static void work_event(struct work *work, const struct event *what) {
    bool keyed = work->input.kind == INPUT_MESSAGE && work->input.message.kind == MESSAGE_KEYS;
    size_t keys = keyed ? strlen(work->state->call.keys) : 0;
    struct hub *hub = work->session->hub;
    const struct brain *brain = &hub->options.brain;
    const struct shop *shop = hub_shop(hub, work->state->shop);
    struct dialogue dialogue = {brain->catalogue, brain->reader, brain->book, shop ? shop : brain->shops};
    struct event event = *what;
    event.place = work_place(work);
    work->slate->found = event.orders;
    work->slate->effects.count = 0;
    dialogue_step(&dialogue, work->state, &event, &work->slate->arena, &work->slate->effects);
    const struct look_up *asked = work_carry_out(work);
    if (asked && ++work->slate->rounds > ROUNDS_MAX) {
        log_line(LOG_ERROR, "hub", "conversation %s: more than %d look-ups for one event", work->session->id,
                 ROUNDS_MAX);
        asked = NULL;
    }
    if (!asked && keys_follow(work, what->kind == EVENT_ORDERS ? 0 : keys)) {
        work_event(
            work,
            &(struct event){
                .kind = EVENT_KEYS, .now_ms = work->now_ms, .seq = work->seq, .text = "", .whole = true});
        return;
    }
    if (!asked) {
        finish(work);
        return;
    }
    work->slate->look_up = *asked;
    int64_t wait = held_back(work);
    if (!wait) {
        look_up(work);
        return;
    }
    hub->held_back_count++;
    timers_set(&hub->timers, &work->delay, hub_now_ms(hub) + wait);
    typing(work);
}

/* The change, and its way to the store. */

/* Told from the change alone, and as soon as it is committed. */
static bool plain(const struct work *work) {
    enum message_kind kind = work->input.message.kind;
    return work->input.kind == INPUT_MESSAGE && (kind == MESSAGE_SAY || kind == MESSAGE_CHOOSE) &&
           !work->fresh && !work->even_ms;
}

/* While it is written and told its few bytes are all that stays; what it was made on serves the next. */
static void let_go(struct work *work, const struct change *kept) {
    const struct message *message = &work->input.message;
    work->change = *kept;
    work->input.message = (struct message){.kind = message->kind, .id = kept->turns[0].client_id};
    slate_wipe(work);
}

static void finish(struct work *work) {
    struct session *session = work->session;
    struct hub *hub = session->hub;
    const struct resident *resident = session->resident;
    struct error err;
    bool request = work->input.kind == INPUT_REQUEST;
    bool written = work->fresh || request || work->change.turn_count || work->change.note_count ||
                   work->change.handoff_count;
    if (!written && memcmp(work->state, &work->slate->before, sizeof work->slate->before) == 0) {
        work_settled(work, ANSWER_FOUND, NULL);
        return;
    }
    int64_t now = work->now_ms, latency_us = hub_clock_us(hub) - work->input.heard_us;
    for (int i = 0; i < work->change.note_count; i++) {
        work->slate->notes[i].at_ms = now;
        work->slate->notes[i].latency_us = latency_us;
    }
    struct buffer state;
    buffer_init_in(&state, &work->slate->arena, STATE_TEXT_MAX);
    if (!hub->world.forgets)
        state_print(work->state, &state);
    work->slate->row.id = session->id;
    work->slate->row.shop = work->state->shop;
    work->slate->row.channel = resident->channel;
    work->slate->row.locale = work->state->locale;
    work->slate->row.token_hash = resident->token_hash;
    work->slate->row.call_hash = resident->call_hash;
    work->slate->row.state = state.bytes;
    work->slate->row.handling = handling_name(work->state->handling);
    work->slate->row.seq = work->last_seq;
    work->slate->row.started_ms = resident->started_ms;
    work->slate->row.updated_ms = now;
    work->change.conversation = &work->slate->row;
    work->change.goes_on = work->session->stored;
    work->change.turns = work->slate->turns;
    work->change.notes = work->slate->notes;
    work->change.handoffs = work->slate->handoffs;
    outside_settle(work);
    work->change.request = request ? work->input.request.id : 0;
    const struct change *kept = NULL;
    enum answer answer =
        state.full ? (error_set(&err, "a state longer than %d bytes", STATE_TEXT_MAX), ANSWER_FAILED)
                   : hub->world.commit(hub->world.context, &work->change, work, &kept, &err);
    if (answer != ANSWER_LATER)
        work_settled(work, answer, &err);
    else if (plain(work))
        let_go(work, kept);
}

/* Where it begins. */

/* What text_mask leaves of a number is not read as another: its last four may not open an order. */
static const char *unread(struct work *work, const char *text) {
    enum { STARS = 9, LEFT = 4 };
    if (!strchr(text, '*'))
        return text;
    char *copy = arena_string(&work->slate->arena, text);
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
        const char *text =
            work_masked(work, chose && text_empty(message->text) ? message->choice : message->text);
        struct turn *turn = work_turn(work, AUTHOR_CUSTOMER, text, NULL);
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
        event->text = arena_string(&work->slate->arena, message->text ? message->text : "");
        event->whole = work->input.listener && !work->input.listener->own_silence;
    }
}

static void begin_request(struct work *work, struct event *event) {
    const struct request *request = &work->input.request;
    event->kind = EVENT_AGENT;
    event->text = request->verb;
    event->agent = request->agent;
    event->words = request->text;
    request_act(&work->input, arena_string(&work->slate->arena, work->handoff),
                arena_string(&work->slate->arena, work->state->shop), event->now_ms, &work->slate->arena,
                &work->slate->act);
    work->change.act = &work->slate->act;
    if (!text_is(request->verb, "say"))
        return;
    struct turn *turn = work_turn(work, AUTHOR_AGENT, work_masked(work, request->text), NULL);
    turn->who = request->agent;
    event->words = turn->text;
    event->seq = work->seq = turn->seq;
}

bool work_start(struct session *session, const struct input *input, const char *fresh_token) {
    struct hub *hub = session->hub;
    struct resident *resident = session->resident;
    struct work *work = work_new(session);
    work->now_ms = hub_now_ms(hub);
    struct event event = {.kind = EVENT_TIMER, .now_ms = work->now_ms};
    const char **strings[INPUT_STRINGS];
    work->input = *input;
    input_strings(&work->input, strings); /* they are borrowed for the call; the work may outlive it */
    int count = input->kind == INPUT_MESSAGE ? INPUT_MESSAGE_STRINGS : INPUT_STRINGS;
    for (int i = 0; i < count; i++)
        if (*strings[i])
            *strings[i] = arena_string(&work->slate->arena, *strings[i]);
    work->fresh = fresh_token != NULL;
    work->token = arena_string(&work->slate->arena, fresh_token);
    work->state = &resident->state;
    if (!hub->world.forgets)
        state_fetch_rest(work->state);
    work->handling = resident->state.handling;
    if (input->kind != INPUT_MESSAGE || input->message.kind != MESSAGE_SAY)
        work->slate->before = resident->state;
    work->last_seq = session->seq;
    TEXT_SET(work->handoff, resident->handoff);
    TEXT_SET(work->agent, resident->agent);
    work->handoff_status = resident->handoff_status;
    work->handoff_opened_ms = resident->handoff_opened_ms;
    if (resident->handoff[0])
        work->slate->outside = arena_string(&work->slate->arena, resident->handoff);
    if (input->kind == INPUT_MESSAGE)
        begin_message(work, &event);
    else if (input->kind == INPUT_REQUEST)
        begin_request(work, &event);
    work_event(work, &event);
    return session->work != NULL;
}
