/* What the store said: what the claims prove, and the order that is talked about. */
#include "base/text.h"
#include "bot/dialogue/claims.h"
#include "bot/dialogue/phone.h"
#include "bot/dialogue/proof.h"
#include "bot/dialogue/reply.h"
#include "intents/postcode.h"
#include <string.h>

enum { SPOKEN_PROOFS = 3 };

/* All that was shown is digits that are no postcode of the shop's country: a slip, no try, unless it goes on.
 */
static bool slipped(const struct state *state, const struct shop *shop) {
    enum { SLIPS_MAX = 3 };
    const struct claims *claims = &state->claims;
    struct postcode postcode;
    if (claims->postcode[0] == '\0' || proof_claimed(claims) & ~(unsigned)(FACTOR_NUMBER | FACTOR_POSTCODE))
        return false;
    bool formed =
        postcode_read(claims->postcode, 0, shop->country, &postcode) && (postcode.local || postcode.distinct);
    return !formed && state->asks < SLIPS_MAX;
}

bool found_wrong_proof(struct reply *reply, int tries) {
    struct state *state = reply->state;
    int most = reply->dialogue->shop->wrong_proofs;
    if (state->voice == VOICE_SPOKEN && (most == 0 || most > SPOKEN_PROOFS))
        most = SPOKEN_PROOFS;
    state->wrong_proofs += tries;
    state->locked = most > 0 && state->wrong_proofs >= most;
    reply->proof = state->locked ? "locked" : "proof_failed";
    if (state->locked) {
        goals_clear(state);
        handoff_open(reply, "locked", "proof.locked");
    }
    return state->locked;
}

void found_ask_proof(struct reply *reply, const char *phrase) {
    struct values values;
    values_init(&values);
    values_text(&values, FACT_ORDER, reply->state->claims.number, source_none);
    speech_phrase(&reply->speech, phrase, &values);
    reply->state->asks++;
    reply->state->expect = EXPECT_PROOF;
}

/* What was said beside a parcel's number does not prove its order, so it is taken for the number. Whether
 * that parcel is known is not told; where it is, and of another order, it was a wrong try. */
static void take_for_number(struct reply *reply, const struct order_list *orders) {
    struct claims *claims = &reply->state->claims;
    const struct shop *shop = reply->dialogue->shop;
    bool wrong = orders->count > 0 && !proof_names(shop, claims->postcode, orders->orders[0]->key);
    claims_rename(claims);
    if (wrong && found_wrong_proof(reply, 1))
        return;
    found_ask_proof(reply, "ask.proof");
    reply_noted(reply, wrong ? "proof_failed" : "ask");
}

static void proof_fails(struct reply *reply, const struct order_list *orders) {
    struct state *state = reply->state;
    if (state->claims.either && proof_claimed(&state->claims) == (FACTOR_NUMBER | FACTOR_POSTCODE)) {
        take_for_number(reply, orders);
        return;
    }
    if (slipped(state, reply->dialogue->shop)) {
        found_ask_proof(reply, "ask.proof_again");
        reply_noted(reply, "ask");
        return;
    }
    for (int i = 0; i < STATE_GOALS; i++)
        if (state->goals[i].intent[0] != '\0')
            reply_note_goal(reply, &state->goals[i]);
    bool again = state->wrong_proofs > 0;
    proof_fingerprint(&state->claims, state->tried);
    if (found_wrong_proof(reply, claims_named(&state->claims)))
        return;
    reply_noted(reply, "proof_failed");
    state->expect = EXPECT_PROOF;
    if (!reply_wants_order(reply) && reply_wants_other(reply))
        wish_meet_others(reply, NULL); /* a person was asked for, not an order */
    else if (state->carried)
        /* What proved another order was not offered for this one: it counts, and is not called wrong. */
        found_ask_proof(reply, "ask.proof");
    else
        speech_phrase(&reply->speech, again ? "proof.failed_again" : "proof.failed", NULL);
}

/* Keeps what these claims show of the order, beside what earlier ones have shown; its tier, 0 when they open
 * nothing. */
static int prove(struct reply *reply, const struct order *order) {
    struct state *state = reply->state;
    const struct shop *shop = reply->dialogue->shop;
    unsigned matched = proof_matched(shop, &state->claims, order);
    int at = order_known(state, order->key);
    unsigned shown = matched | (at < 0 ? 0 : (unsigned)state->factors[at]);
    int tier = proof_tier(shop, shown, &state->token, order);
    if (tier == 0)
        return 0;
    if (matched & FACTOR_EMAIL)
        reply->customer = order->email;
    else if (matched & FACTOR_PHONE)
        reply->customer = order->phone;
    if (at < 0) {
        at = reply_proved(state);
        if (at == STATE_ORDERS) {
            memmove(state->orders[0], state->orders[1], sizeof state->orders - sizeof state->orders[0]);
            memmove(&state->factors[0], &state->factors[1], sizeof state->factors - sizeof state->factors[0]);
            memmove(&state->tiers[0], &state->tiers[1], sizeof state->tiers - sizeof state->tiers[0]);
            state->listed >>= 1;
            at = STATE_ORDERS - 1;
        }
        memset(state->orders[at], 0, sizeof state->orders[at]);
        TEXT_SET(state->orders[at], order->key);
        state->tiers[at] = 0;
    }
    if (order->email[0] != '\0' || order->phone[0] != '\0')
        shown |= FACTOR_REACHABLE;
    state->factors[at] = (int)shown;
    if (tier > state->tiers[at])
        state->tiers[at] = tier;
    return tier;
}

/* Is it another order that is looked for, by its number or its details, and is this not it? */
static bool excluded(struct reply *reply, const struct order *order) {
    const struct state *state = reply->state;
    const struct shop *shop = reply->dialogue->shop;
    bool numbered = proof_claimed(&state->claims) & FACTOR_NUMBER && state->foreign == 0,
         named = proof_matched(shop, &state->claims, order) & FACTOR_NUMBER;
    return (numbered && !named && order_known(state, order->key) >= 0) ||
           proof_foreign(shop, &state->claims, order) & (unsigned)state->foreign;
}

static void hear_matches(struct reply *reply, const struct order_list *orders) {
    struct state *state = reply->state;
    bool fresh = false;
    if (state->look_up == ASK_KEY && claims_mixed(&state->claims) &&
        identify_further(reply, ASK_KEY, ASK_TRACKING))
        return;
    struct order_list matches = {.orders = ARENA_ARRAY(reply->arena, struct order *, ORDER_LIST_MAX)};
    for (int i = 0; i < orders->count; i++) {
        bool known = order_known(state, orders->orders[i]->key) >= 0;
        if (excluded(reply, orders->orders[i]) || prove(reply, orders->orders[i]) == 0)
            continue;
        fresh = fresh || !known;
        matches.orders[matches.count++] = orders->orders[i];
    }
    if (matches.count == 0) {
        enum question last = (enum question)state->look_up;
        bool by_token = last == ASK_TOKEN_ORDER || last == ASK_TOKEN_EMAIL;
        if (identify_further(reply, last, by_token ? ASK_KEY : ASK_END))
            return;
        if (by_token)
            identify_ask(reply);
        else {
            state->untested = false;
            state->foreign = 0;
            proof_fails(reply, orders);
        }
        return;
    }
    if (state->foreign != 0)
        memset(state->focus, 0, sizeof state->focus);
    state->foreign = 0;
    state->untested = false;
    memset(state->tried, 0, sizeof state->tried);
    reply->proof = "proof_ok";
    handoff_proved(reply, &matches);
    several_proved(reply, &matches, fresh);
}

static void hear_focus(struct reply *reply, const struct order *order, bool new_factor) {
    struct state *state = reply->state;
    int at = order_known(state, order->key);
    if (at < 0) { /* others were proved since, and there is room for so many */
        memset(state->focus, 0, sizeof state->focus);
        identify_ask(reply);
        return;
    }
    int shown = state->factors[at], before = state->tiers[at];
    bool only_factor = !reply_wants_order(reply) && !reply_wants_other(reply), tried = identify_tries(state);
    const struct shop *shop = reply->dialogue->shop;
    unsigned foreign = proof_foreign(shop, &state->claims, order);
    bool elsewhere = state->untested && !state->locked && proof_opens(shop, foreign);
    if (!state->locked) {
        prove(reply, order);
        state->untested = false;
    }
    if (tried && state->factors[at] & ~(shown | FACTOR_REACHABLE))
        reply->proof = "proof_ok";
    else if (new_factor && foreign != 0 && (tried || elsewhere)) {
        state->foreign = (int)foreign;
        if (!identify_further(reply, ASK_TOKEN_EMAIL, ASK_END))
            hear_matches(reply, &(struct order_list){0});
        return;
    } else if (tried && foreign != 0) { /* a wrong try, whatever was said with it */
        if (found_wrong_proof(reply, 1))
            return;
    }
    if (new_factor && only_factor && state->tiers[at] == before) {
        reply->order = order->number;
        speech_phrase(&reply->speech, "social.noted", NULL);
        reply_noted(reply, "social");
        return;
    }
    if (new_factor && only_factor)
        goal_add(state, "track.where", "dialogue: one more detail was shown", 1, 0);
    track_meet(reply, order, state->tiers[at]);
}

void found_orders(struct reply *reply) {
    struct state *state = reply->state;
    const struct event *event = reply->event;
    enum question question = (enum question)state->look_up;
    static const struct order_list none;
    const struct order_list *orders = event->orders != NULL ? event->orders : &none;
    enum { FOUND_FAILED = 2 };
    if (event->found == FOUND_FAILED) {
        state->look_up = ASK_NOTHING;
        state->foreign = 0;
        speech_phrase(&reply->speech, "store.failed", NULL);
        reply_noted(reply, "store_failed");
        return;
    }
    reply->heard.expected = state->expect_before;
    if (state->opening[0] != '\0')
        speech_phrase(&reply->speech, arena_string(reply->arena, state->opening), NULL);
    memset(state->opening, 0, sizeof state->opening);
    if (question == ASK_CALLER) {
        state->look_up = ASK_NOTHING;
        phone_found(reply, orders);
        return;
    }
    if (question == ASK_FOCUS || question == ASK_FACTOR || question == ASK_PROVED) {
        state->look_up = ASK_NOTHING;
        if (orders->count == 0) {
            memset(state->orders, 0, sizeof state->orders);
            state->listed = 0;
            memset(state->focus, 0, sizeof state->focus);
            memset(&state->claims, 0, sizeof state->claims);
            identify_ask(reply);
        } else if (question == ASK_PROVED)
            several_pick(reply, orders);
        else
            hear_focus(reply, orders->orders[0], question == ASK_FACTOR);
        return;
    }
    hear_matches(reply, orders);
    if (!reply->looking)
        state->look_up = ASK_NOTHING;
}
