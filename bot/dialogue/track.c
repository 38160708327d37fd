/* What is asked of one order that may be told: the answers, and what follows from them. */
#include "base/text.h"
#include "bot/dialogue/reply.h"
#include "bot/dialogue/situation.h"
#include <string.h>

/* Asks for the state as a whole, which was told before, or for that of a parcel, and for nothing in
 * particular. */
static bool general(struct reply *reply, const struct goal *goal, bool told, int parcel) {
    const char *aspect = reply_intent(reply, goal->intent)->aspect;
    return goal->asked == 0 &&
           ((text_is(aspect, "status") && told) || (text_is(aspect, "rest") && parcel > 0));
}

/* Opening hours, or how long there is, asked while a parcel waits somewhere: that place is meant. */
static bool about_pickup(struct reply *reply, const struct goal *goal, const struct picture *picture) {
    const struct intent *intent = goal->intent[0] == '\0' ? NULL : reply_intent(reply, goal->intent);
    if (intent == NULL || intent->kind != KIND_INFO || handoff_has(reply->state, "human.return"))
        return false;
    bool hours = text_is(intent->aspect, "pickup"), deadline = text_is(intent->aspect, "deadline");
    for (int i = 0; i < picture->parcel_count; i++) {
        const struct pickup *pickup = &picture->parcels[i].parcel->pickup;
        if (picture->parcels[i].status == STATUS_READY_FOR_PICKUP &&
            ((hours && !text_empty(pickup->hours)) || (deadline && moment_known(pickup->deadline))))
            return true;
    }
    return false;
}

static int parcel_in_state(struct reply *reply, const struct picture *picture) {
    enum status *states = ARENA_ARRAY(reply->arena, enum status, (size_t)picture->prospect_count);
    for (int i = 0; i < picture->parcel_count; i++)
        states[i] = picture->parcels[i].status;
    return pick_by_state(reply->state->pick, states, picture->parcel_count) + 1;
}

/* "The second", "the delivered one": where no order was to be picked, of the parcels. */
static int picked_parcel(struct reply *reply, const struct picture *picture) {
    const struct state *state = reply->state;
    bool same = text_is(state->shown, picture->order->number),
         waits = state->checked || reply->heard.expected == EXPECT_SECOND_FACTOR;
    bool of_parcels = pick_parcel(state->pick) || pick_state(state->pick),
         elsewhere = of_parcels ? reply->heard.expected == EXPECT_WHICH_ORDER : reply_proved(state) > 1;
    int place = elsewhere                 ? 0
                : pick_state(state->pick) ? parcel_in_state(reply, picture)
                                          : pick_place(state->pick);
    if (same && waits && state->pick[0] == '\0')
        place = state->parcel; /* the one that was to be looked for, or asked about */
    return picture->prospect_count > 1 && place <= picture->parcel_count ? place : 0;
}

void track_meet(struct reply *reply, const struct order *order, int tier) {
    struct state *state = reply->state;
    struct picture whole, picture;
    picture_draw(&whole, order, reply->dialogue->shop, reply->event->now_ms, reply->arena);
    picture = whole;
    reply->order = order->number;
    struct answer answer = {.speech = &reply->speech,
                            .picture = &picture,
                            .tier = tier,
                            .checked = state->checked,
                            .parcel = picked_parcel(reply, &whole)};
    state->parcel = answer.parcel;
    TEXT_SET(state->shown, order->number);
    if (answer.parcel > 0)
        picture_narrow(&picture, answer.parcel);
    struct goal left = {0};
    bool told_before = situation_told(&answer);
    int track = 0;
    for (int i = 0; i < STATE_GOALS; i++)
        track += reply_is_kind(reply, &state->goals[i], KIND_TRACK);
    for (int i = 0; i < STATE_GOALS; i++) {
        struct goal *goal = &state->goals[i];
        if (!reply_is_kind(reply, goal, KIND_TRACK) && !about_pickup(reply, goal, &picture))
            continue;
        if (general(reply, goal, told_before, answer.parcel) && --track > 0) {
            memset(goal, 0, sizeof *goal); /* the particular question beside it is the one to answer */
            continue;
        }
        answer.goal = goal;
        answer.needs_factor = false;
        reply_note_goal(reply, goal);
        answer_aspect(&answer, reply_intent(reply, goal->intent)->aspect);
        if (answer.needs_factor)
            left = *goal;
        memset(goal, 0, sizeof *goal);
    }
    reply_noted(reply, "answer");
    state->checked = false;
    state->asks = state->misses = 0;
    wish_meet_others(reply, &whole);
    if (answer.topic != NULL && !handoff_has(state, answer.topic))
        handoff_open(reply, answer.topic, text_is(answer.topic, "not_received") ? "handoff.waiting" : NULL);
    if (answer.check && state->expect == EXPECT_NOTHING)
        state->expect = EXPECT_CHECKED;
    if (left.intent[0] != '\0' && state->locked)
        handoff_locked(reply);
    else if (left.intent[0] != '\0') {
        state->goals[0] = left;
        identify_factor(reply);
    } else if (answer.more && !state->locked)
        identify_offer_details(reply);
    else if (answer.offer != NULL && answer.topic == NULL)
        handoff_offer(reply, answer.offer);
}
