#include "bot/dialogue/confirm.h"
#include "base/text.h"
#include "bot/dialogue/claims.h"
#include "bot/dialogue/ladder.h"
#include "bot/dialogue/pace.h"
#include <string.h>

static const double surely = .5, /* below it the recogniser itself does not believe it */
    as_likely = .1;              /* two readings that lie closer are told apart by asking */

static void read_back(struct reply *reply) {
    struct state *state = reply->state;
    struct values values;
    values_init(&values);
    values_text(&values, FACT_ORDER, state->call.confirm, source_none);
    speech_phrase(&reply->speech, "confirm.heard", &values);
    state->expect = EXPECT_CONFIRM;
    reply_noted(reply, "ask");
}

static bool several(const struct heard *heard) {
    const struct slot_reading *numbers = &heard->reading->slots[SLOT_ORDER_NUMBER];
    const struct candidate *first = &numbers->candidates[0], *second = first + 1;
    return heard->number_changed && !heard->factor_changed && numbers->count > 1 &&
           first->begin == second->begin && second->score > first->score - as_likely;
}

/* So few signs are rather what was left of a number. */
static bool scant(const struct reply *reply) {
    enum { SCANT = 3 };
    return reply->heard.number_changed && strlen(reply->state->claims.numbers[0]) < SCANT;
}

static bool low(const struct event *event) {
    return event->kind != EVENT_KEYS && event->confidence > 0 && event->confidence < surely;
}

/* What would hang up, put through or agree is asked once more; what only tells something is not. */
static bool unsure(struct reply *reply) {
    struct state *state = reply->state;
    const struct heard *heard = &reply->heard;
    static const bool decides[EXPECT_COUNT] = {
        [EXPECT_OFFER] = true, [EXPECT_CONFIRM] = true, [EXPECT_CALL_BACK] = true};
    if (!low(reply->event) || heard->track || heard->claims_changed)
        return false;
    if (!heard->other &&
        ((heard->yes_no != NULL && decides[heard->expected]) || text_is(heard->act, "goodbye"))) {
        ladder_miss(reply, heard->expected);
        return true;
    }
    const struct reading *reading = heard->reading;
    const struct intent *intent = reading->count > 0 ? reading->intents[0].intent : NULL;
    if (!heard->other || state->handling != HANDLING_BOT || intent->kind != KIND_HUMAN)
        return false;
    goals_clear(state);
    handoff_offer(reply, intent->name);
    reply_noted(reply, "ask");
    return state->expect == EXPECT_OFFER;
}

static bool doubts(struct reply *reply) {
    struct state *state = reply->state;
    const struct heard *heard = &reply->heard;
    const struct claims *claims = &state->claims;
    bool keyed = reply->event->kind == EVENT_KEYS;
    const char *what = heard->number_changed                                  ? claims->number
                       : heard->factor_changed && claims->postcode[0] != '\0' ? claims->postcode
                                                                              : "";
    if (keyed || what[0] == '\0' || !heard->claims_changed ||
        !(low(reply->event) || several(heard) || scant(reply)))
        return false;
    memset(state->call.confirm, 0, sizeof state->call.confirm);
    TEXT_SET(state->call.confirm, what);
    state->call.confirm_number = heard->number_changed;
    if (!reply_wants_order(reply) && !reply_wants_other(reply))
        goal_add(state, "track.where", "dialogue: an order was named", 1, 0);
    read_back(reply);
    return true;
}

static void take_back(struct state *state) {
    struct claims *claims = &state->claims;
    if (state->call.confirm_number)
        claims_drop_number(claims);
    else {
        if (text_is(claims->phone4, claims->postcode))
            memset(claims->phone4, 0, sizeof claims->phone4);
        memset(claims->postcode, 0, sizeof claims->postcode);
        memset(claims->postcodes, 0, sizeof claims->postcodes);
    }
}

bool confirm_heard(struct reply *reply) {
    struct state *state = reply->state;
    struct calling *call = &state->call;
    struct heard *heard = &reply->heard;
    if (unsure(reply))
        return true;
    if (heard->expected != EXPECT_CONFIRM || heard->claims_changed)
        return doubts(reply);
    if (text_is(heard->yes_no, "yes")) {
        /* Nobody agrees to what was not heard. */
        if (call->cut > 0 && (size_t)call->cut - 1 < pace_last_sentence(call->spoken)) {
            read_back(reply);
            return true;
        }
        if (call->confirm_number)
            memset(state->claims.numbers[1], 0,
                   sizeof state->claims.numbers - sizeof state->claims.numbers[0]);
        else
            memset(state->claims.postcodes, 0, sizeof state->claims.postcodes);
        heard->number_changed = call->confirm_number;
        heard->factor_changed = !call->confirm_number;
        heard->claims_changed = true;
        return false;
    }
    if (text_is(heard->yes_no, "no")) {
        take_back(state);
        speech_phrase(&reply->speech, "confirm.wrong", NULL);
        state->expect = call->confirm_number ? EXPECT_NUMBER : EXPECT_PROOF;
        reply_noted(reply, "ask");
        return true;
    }
    if (heard->track || heard->other || heard->social != NULL)
        return false;
    ladder_miss(reply, EXPECT_CONFIRM);
    return true;
}
