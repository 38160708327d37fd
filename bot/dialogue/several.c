/* Several orders: which is meant, those named at once, all of them. */
#include "base/text.h"
#include "bot/dialogue/proof.h"
#include "bot/dialogue/reply.h"
#include "bot/dialogue/situation.h"
#include <string.h>

enum { WHICH_WRITTEN = 5, WHICH_SPOKEN = 3, RECENT_DAYS = 7 };

static bool order_final(struct reply *reply, const struct order *order) {
    struct picture picture;
    picture_draw(&picture, order, reply->dialogue->shop, reply->event->now_ms, reply->arena);
    return picture.final;
}

static bool changed_lately(struct reply *reply, const struct order *order) {
    const struct zone *zone = reply->dialogue->shop->zone;
    int32_t since = zone_day(zone, reply->event->now_ms) - RECENT_DAYS;
    for (int i = 0; i < order->parcel_count; i++)
        if (zone_moment_day(zone, order->parcels[i].status_at) >= since)
            return true;
    return false;
}

static bool any_delivered(const struct order *order) {
    for (int i = 0; i < order->parcel_count; i++)
        if (order->parcels[i].status == STATUS_DELIVERED)
            return true;
    return order->state == STATUS_DELIVERED;
}

/* The one order that is meant without saying so: the only open one, when no other has just ended; NULL when
 * it has to be asked. */
static const struct order *obvious(struct reply *reply, const struct order_list *orders) {
    const struct order *only = NULL;
    bool delivered = reply_wants_delivered(reply);
    if (orders->count == 1)
        return orders->orders[0];
    for (int i = 0; i < orders->count; i++) {
        const struct order *order = orders->orders[i];
        bool meant = delivered ? any_delivered(order) : !order_final(reply, order);
        if (!meant && (delivered || !changed_lately(reply, order)))
            continue;
        if (only != NULL)
            return NULL;
        only = order;
    }
    return only != NULL ? only : orders->orders[0];
}

static void ask_which(struct reply *reply, const struct order_list *orders) {
    struct state *state = reply->state;
    struct speech *speech = &reply->speech;
    int most = state->voice == VOICE_SPOKEN ? WHICH_SPOKEN : WHICH_WRITTEN;
    int count = orders->count < most ? orders->count : most;
    const char **items = ARENA_ARRAY(reply->arena, const char *, (size_t)count);
    struct choice choices[WHICH_WRITTEN];
    state->listed = 0;
    for (int i = 0; i < count; i++) {
        struct picture picture;
        int at = order_known(state, orders->orders[i]->key);
        state->listed |= at < 0 ? 0 : 1 << at;
        picture_draw(&picture, orders->orders[i], reply->dialogue->shop, reply->event->now_ms, reply->arena);
        struct values values;
        values_init(&values);
        answer_listed(speech, &picture, &values);
        items[i] = speech_words(speech, "which.item", &values);
        choices[i] = (struct choice){arena_format(reply->arena, "order:%s", orders->orders[i]->key),
                                     speech_words(speech, "choice.order", &values)};
    }
    speech_choices(speech, choices, count);
    struct values values;
    values_init(&values);
    values_number(&values, FACT_COUNT, orders->count, source_named("orders of this customer"));
    values_text(&values, FACT_LIST,
                phrasebook_list(reply->dialogue->book, state->locale, items, count, reply->arena),
                source_none);
    speech_phrase(speech,
                  reply->heard.expected == EXPECT_WHICH_ORDER ||
                          speech_said_alike(speech, "which.order", &values)
                      ? "which.again"
                      : "which.order",
                  &values);
    state->expect = EXPECT_WHICH_ORDER;
    reply_noted(reply, "ask");
}

static int tier_of(const struct state *state, const struct order *order) {
    int at = order_known(state, order->key);
    return at < 0 ? 0 : state->tiers[at];
}

static void focus_and_answer(struct reply *reply, const struct order *order) {
    struct state *state = reply->state;
    TEXT_SET(state->focus, order->key);
    state->pick_day = 0;
    if (!reply_wants_order(reply) && !reply_wants_other(reply))
        goal_add(state, "track.where", "dialogue: an order was named", 1, 0);
    track_meet(reply, order, tier_of(state, order));
    memset(state->pick, 0, sizeof state->pick);
}

static void answer_each(struct reply *reply, const struct order_list *orders) {
    struct state *state = reply->state;
    const struct order *cut = NULL; /* parcels of it are left to be told */
    struct goal goals[STATE_GOALS];
    int i = state->rest_orders ? state->rest : 0, end = i + WHICH_SPOKEN, rest = 0;
    memcpy(goals, state->goals, sizeof goals);
    for (; i < orders->count && i < end; i++) {
        memcpy(state->goals, goals, sizeof goals);
        state->rest = 0;
        focus_and_answer(reply, orders->orders[i]);
        if (state->rest > 0) {
            cut = orders->orders[i];
            rest = state->rest;
        }
    }
    state->rest = i < orders->count ? i : rest;
    state->rest_orders = i < orders->count;
    if (state->rest_orders)
        situation_tell_left(&reply->speech, orders->count - i, "orders of this customer");
    else if (cut != NULL) { /* it is the one to go on with */
        TEXT_SET(state->focus, cut->key);
        TEXT_SET(state->told, cut->key);
    }
}

/* Does a proved order have this number? */
static bool names_proved(struct reply *reply, const char *number) {
    const struct state *state = reply->state;
    char key[KEY_SIZE];
    for (int i = 0; i < reply_proved(state); i++)
        if (key_number(key, number) && proof_names(reply->dialogue->shop, key, state->orders[i]))
            return true;
    return false;
}

/* Of the orders named at once those that are not proved stay named. Their count. */
static int keep_unproved(struct reply *reply) {
    struct claims *claims = &reply->state->claims;
    char names[1 + STATE_OTHERS][KEY_SIZE];
    int count = 0;
    memcpy(names[0], claims->number, sizeof names[0]);
    memcpy(names[1], claims->others, sizeof claims->others);
    memset(claims->others, 0, sizeof claims->others);
    for (int i = 0; i <= STATE_OTHERS; i++) {
        if (names[i][0] == '\0' || names_proved(reply, names[i]))
            continue;
        if (count == 0) {
            memset(claims->numbers, 0, sizeof claims->numbers);
            memcpy(claims->number, names[i], sizeof claims->number);
        } else
            memcpy(claims->others[count - 1], names[i], sizeof names[i]);
        key_number(claims->numbers[count++], names[i]);
    }
    return count;
}

/* A try at each that is left. It counts as any other, but who has just proved an order is not locked out.
 * True when the conversation is locked. */
static bool tried_in_vain(struct reply *reply, int left, bool fresh) {
    struct state *state = reply->state;
    proof_fingerprint(&state->claims, state->tried);
    if (!fresh)
        return found_wrong_proof(reply, left);
    state->wrong_proofs += left;
    reply->proof = "proof_failed"; /* what was told beside it pardons no guess */
    return false;
}

/* Tells of each that was named at once; what is left unproved is asked about, and stays wanted. */
static void answer_named(struct reply *reply, const struct order_list *orders, bool fresh) {
    struct state *state = reply->state;
    struct goal goals[STATE_GOALS];
    bool tried = proof_enough(reply->dialogue->shop, &state->claims);
    int left = keep_unproved(reply);
    if (left > 0)
        state->expect = EXPECT_PROOF; /* nothing else is asked for */
    memcpy(goals, state->goals, sizeof goals);
    answer_each(reply, orders);
    if (left == 0 || (tried && tried_in_vain(reply, left, fresh)))
        return;
    memcpy(state->goals, goals, sizeof goals);
    if (!reply_wants_order(reply))
        goal_add(state, "track.where", "dialogue: an order was named", 1, 0);
    memset(state->focus, 0, sizeof state->focus);
    found_ask_proof(reply, "ask.proof");
}

void several_proved(struct reply *reply, const struct order_list *orders, bool fresh) {
    const struct state *state = reply->state;
    enum question question = (enum question)state->look_up;
    const struct order *meant = obvious(reply, orders);
    if (state->claims.others[0][0] != '\0' && (question == ASK_KEY || question == ASK_DIGITS))
        answer_named(reply, orders, fresh);
    else if (meant == NULL)
        ask_which(reply, orders);
    else
        focus_and_answer(reply, meant);
}

/* The only order of the day that was named. */
static const struct order *dated(struct reply *reply, const struct order_list *orders) {
    const struct zone *zone = reply->dialogue->shop->zone;
    int32_t day = reply->state->pick_day;
    const struct order *found = NULL;
    for (int i = 0; i < orders->count; i++) {
        if (day == 0 || zone_moment_day(zone, orders->orders[i]->placed_at) != day)
            continue;
        if (found != NULL)
            return NULL;
        found = orders->orders[i];
    }
    return found;
}

/* The one at this place of the list as it was told, else of all, from the end where it is negative. */
static const struct order *at_place(const struct state *state, const struct order_list *orders, int place) {
    const struct order *listed[STATE_ORDERS];
    int count = 0;
    for (int i = 0; i < orders->count && count < STATE_ORDERS; i++) {
        int at = order_known(state, orders->orders[i]->key);
        if (state->listed == 0 || (at >= 0 && state->listed & 1 << at))
            listed[count++] = orders->orders[i];
    }
    int index = place < 0 ? count + place : place - 1;
    return index >= 0 && index < count ? listed[index] : NULL;
}

static const struct order *in_state(struct reply *reply, const struct order_list *orders) {
    enum status *states = ARENA_ARRAY(reply->arena, enum status, (size_t)orders->count);
    for (int i = 0; i < orders->count; i++) {
        struct picture picture;
        picture_draw(&picture, orders->orders[i], reply->dialogue->shop, reply->event->now_ms, reply->arena);
        states[i] = answer_state(&picture);
    }
    int at = pick_by_state(reply->state->pick, states, orders->count);
    return at < 0 ? NULL : orders->orders[at];
}

/* Picks among proved orders: "la deuxième", "the other one", "the one of 3 March", "both". They are newest
 * first, as they were told. */
static const struct order *picked(struct reply *reply, const struct order_list *orders) {
    const struct state *state = reply->state;
    const char *pick = state->pick;
    /* "The other parcel", "parcel 2", "the one that came": of the order that is spoken of, where that has
     * several. */
    bool parcel = pick_parcel(pick) || text_is(pick, "other_parcel"), by_state = pick_state(pick),
         listed = reply->heard.expected == EXPECT_WHICH_ORDER;
    const struct order *found = dated(reply, orders);
    for (int i = 0; (parcel || by_state) && !listed && i < orders->count; i++)
        if (text_is(orders->orders[i]->key, state->focus) && orders->orders[i]->parcel_count > 1)
            return orders->orders[i];
    if (found != NULL)
        return found;
    if (by_state)
        return in_state(reply, orders);
    if (pick_place(pick) > 0 || (text_is(pick, "last") && listed))
        return at_place(state, orders, pick_place(pick) > 0 ? pick_place(pick) : -1);
    if (text_is(pick, "newest") || text_is(pick, "last"))
        return orders->orders[0];
    if (text_is(pick, "oldest"))
        return orders->orders[orders->count - 1];
    for (int i = 0; i < orders->count && (parcel || text_is(pick, "other")); i++) {
        if (state->focus[0] == '\0' || text_is(orders->orders[i]->key, state->focus))
            continue;
        if (found != NULL)
            return NULL;
        found = orders->orders[i];
    }
    return found;
}

void several_pick(struct reply *reply, const struct order_list *orders) {
    struct state *state = reply->state;
    if (text_is(state->pick, "both") || text_is(state->pick, "all")) {
        answer_each(reply, orders);
        return;
    }
    const struct order *order = identify_picks(state) ? picked(reply, orders) : obvious(reply, orders);
    if (order != NULL)
        focus_and_answer(reply, order);
    else
        ask_which(reply, orders);
}
