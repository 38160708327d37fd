/* What a step of the dialogue asks for: turns, notes and hand-offs become rows of the change. */
#include "base/hash.h"
#include "base/key.h"
#include "base/log.h"
#include "base/text.h"
#include "bot/hub/session.h"
#include <string.h>

struct turn *work_turn(struct work *work, enum author author, const char *text, const char *locale) {
    if (work->change.turn_count == WORK_TURNS) {
        log_line(LOG_ERROR, "hub", "conversation %s: more than %d turns in one step", work->session->id,
                 WORK_TURNS);
        return NULL;
    }
    TEXT_SET(work->spoken[work->change.turn_count].locale, locale);
    work->spoken[work->change.turn_count].firm = false;
    struct turn *turn = &work->slate->turns[work->change.turn_count++];
    *turn = (struct turn){.seq = ++work->last_seq, .author = author, .text = text, .at_ms = work->now_ms};
    return turn;
}

static void say(struct work *work, const struct say *say) {
    struct turn *turn = work_turn(work, AUTHOR_BOT, say->text, say->locale);
    if (!turn)
        return;
    turn->re = work->input.kind == INPUT_REQUEST ? 0 : work->seq;
    work->spoken[work->change.turn_count - 1].firm = say->firm;
    turn->phrase = say->phrase;
    turn->parts = say->parts;
}

const char *work_masked(struct work *work, const char *text) {
    if (!text || !text_maskable(text))
        return text ? text : "";
    char *copy = arena_string(&work->slate->arena, text);
    text_mask(copy, NULL, NULL);
    return copy;
}

static void heard(struct work *work, const char *text) {
    const struct turn *turn = work_turn(work, AUTHOR_CUSTOMER, work_masked(work, text), NULL);
    if (turn)
        work->seq = turn->seq;
}

/* An order is known by its key. */
static const char *hash_of(struct work *work, struct hashed *known, const char *kind, const char *value) {
    char key[KEY_SIZE];
    if (text_empty(value))
        return "";
    if (!text_is(known->value, value)) {
        bool order = text_is(kind, "order");
        if (order && !key_number(key, value))
            return "";
        customer_hash(work->session->hub->key, work->state->shop, kind, order ? key : value, known->hash);
        if (!TEXT_SET(known->value, value))
            known->value[0] = '\0'; /* too long to be known again */
    }
    return arena_string(&work->slate->arena, known->hash);
}

/* The one whose number the note names: where several were proved, the customer has yet to say which. */
static void proved(struct work *work, const char *number) {
    const struct world *world = &work->session->hub->world;
    for (int i = 0; world->proved && work->slate->found && i < work->slate->found->count; i++)
        if (text_is(work->slate->found->orders[i]->number, number))
            world->proved(world->context, work->slate->found->orders[i]);
}

static void note(struct work *work, const struct effect_note *effect) {
    struct hub *hub = work->session->hub;
    struct resident *resident = work->session->resident;
    if (text_is(effect->kind, "proof_ok")) {
        for (const struct slowed *slowed = work->slate->slowed; slowed; slowed = slowed->next)
            limiter_pardon(hub->limiter, slowed->key);
        work->slate->slowed = NULL;
        work->even_ms = 0;
        proved(work, effect->order);
    }
    if (work->change.note_count == WORK_NOTES) {
        log_line(LOG_ERROR, "hub", "conversation %s: more than %d notes in one step", work->session->id,
                 WORK_NOTES);
        return;
    }
    bool phone = effect->customer && effect->customer[0] == '+', stored = !hub->world.forgets;
    const char *customer = "", *order = "";
    if (stored) {
        customer = hash_of(work, &resident->customer, phone ? "phone" : "email", effect->customer);
        order = hash_of(work, &resident->order, "order", effect->order);
    }
    /* Why it was answered so is asked of what is stored, or by who has taken the conversation over. */
    bool asked = stored || work->state->handling != HANDLING_BOT;
    if (customer[0])
        work->slate->row.customer_hash = customer;
    if (order[0])
        work->slate->row.order_hash = order;
    work->slate->notes[work->change.note_count++] =
        (struct note){.seq = work->seq,
                      .kind = effect->kind,
                      .intent = effect->intent,
                      .also = effect->also,
                      .rule = effect->rule,
                      .score = effect->score,
                      .phrase = effect->phrase,
                      .facts = told_pack(&work->slate->arena, asked ? effect->told : NULL, effect->order),
                      .order = effect->order,
                      .customer_hash = customer};
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
    int64_t now = work->now_ms;
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
        if (text_is(work->slate->handoffs[i].id, work->handoff))
            row = &work->slate->handoffs[i];
    if (!row && work->change.handoff_count == WORK_HANDOFFS)
        return;
    if (!row) {
        row = &work->slate->handoffs[work->change.handoff_count++];
        *row = (struct handoff){.id = arena_string(&work->slate->arena, work->handoff)};
    }
    const struct {
        const char **column, *value;
    } columns[] = {{&row->queue, about ? effect->queue : NULL},
                   {&row->reason, about ? effect->reason : NULL},
                   {&row->order, about ? effect->order : NULL},
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

const struct look_up *work_carry_out(struct work *work) {
    for (int i = 0; i < work->slate->effects.count; i++) {
        const struct effect *effect = &work->slate->effects.list[i];
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
