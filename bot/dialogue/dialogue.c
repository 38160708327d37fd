#include "bot/dialogue/dialogue.h"
#include "base/text.h"
#include "bot/dialogue/claims.h"
#include "bot/dialogue/keys.h"
#include "bot/dialogue/ladder.h"
#include "bot/dialogue/phone.h"
#include "bot/dialogue/proof.h"
#include "bot/dialogue/reply.h"
#include "bot/dialogue/token.h"
#include <string.h>

/* Whether they have looked for the parcel that is said to have come, and it is not there. */
static bool looked_in_vain(const struct heard *heard) {
    if (text_is(heard->act, "found") || text_is(heard->act, "wait") || text_is(heard->act, "nevermind"))
        return false;
    return text_is(heard->yes_no, "no") || (text_is(heard->yes_no, "yes") && !heard->half_hearted);
}

/* A yes or no to what was asked. True when that was all there was to it. */
static bool answered_question(struct reply *reply) {
    struct state *state = reply->state;
    const struct heard *heard = &reply->heard;
    bool more = heard->track || reply_wants_other(reply);
    bool polite = heard->half_hearted && (text_is(heard->act, "thanks") || text_is(heard->act, "noted"));
    bool yes = text_is(heard->yes_no, "yes") && !polite, no = text_is(heard->yes_no, "no");
    bool offered = heard->expected == EXPECT_OFFER ||
                   (heard->expected == EXPECT_DECLINED && yes && !heard->half_hearted);
    if (offered && !more && (yes || no)) {
        if (yes)
            handoff_open(reply, state->offer, NULL);
        else
            handoff_declined(reply);
        reply_noted(reply, "answer");
        return true;
    }
    bool said_so = text_is(heard->act, "already_checked") && state->focus[0] != '\0';
    if (heard->expected != EXPECT_CHECKED && !said_so)
        return false;
    bool looked = said_so || looked_in_vain(heard);
    if (looked && !more)
        goal_add(state, "track.not_received", "dialogue: has looked for it", 1, 0);
    bool missed = reply_wants_delivered(reply) || reply_wants_aspect(reply, "late");
    state->checked = looked || (missed && !text_is(heard->act, "found"));
    if (looked || more || !yes || !(heard->act == NULL || text_is(heard->act, "yes")))
        return false;
    speech_phrase(&reply->speech, "not_received.tell", NULL);
    state->expect = EXPECT_CHECKED;
    reply_noted(reply, "answer");
    return true;
}

/* Goes on with the parcels or orders that were too many for one answer. */
static void tell_rest(struct reply *reply) {
    struct state *state = reply->state;
    goals_clear(state);
    goal_add(state, state->rest_orders ? "track.where" : "track.rest", "dialogue: goes on", 1, 0);
    if (state->rest_orders)
        TEXT_SET(state->pick, "all");
    identify_order(reply);
}

/* Said beside a wish: "both", "the other one", "my last order". A number may be anything ("the second time").
 */
static bool picks_order(const char *pick) {
    return pick[0] != '\0' && pick_place(pick) == 0 && !text_is(pick, "other_parcel") &&
           !text_is(pick, "none");
}

/* What was told is not the order that is meant: which is? */
static bool told_another(struct reply *reply) {
    struct state *state = reply->state;
    if (!text_is(state->pick, "none") || state->focus[0] == '\0' || !text_is(state->told, state->focus))
        return false;
    goals_clear(state);
    goal_add(state, "track.where", "dialogue: another order is meant", 1, 0);
    memset(state->focus, 0, sizeof state->focus);
    memset(state->told, 0, sizeof state->told);
    claims_drop_number(&state->claims);
    if (reply_proved(state) > 1) {
        identify_order(reply);
        return true;
    }
    speech_phrase(&reply->speech, "ask.number_other", NULL);
    state->expect = EXPECT_NUMBER;
    reply_noted(reply, "ask");
    return true;
}

/* "I have changed my mind", and nothing is wanted but what was passed on: that is taken back. */
static bool took_back(struct reply *reply) {
    struct state *state = reply->state;
    if (!text_is(reply->heard.act, "nevermind") || state->handling != HANDLING_WAITING)
        return false;
    if (handoff_wants_more(state))
        return false;
    goals_clear(state);
    smalltalk_answer(reply);
    return true;
}

static void respond(struct reply *reply) {
    struct state *state = reply->state;
    const struct heard *heard = &reply->heard;
    if (told_another(reply) || took_back(reply) || handoff_contact(reply) || answered_question(reply))
        return;
    if (state->rest > 0) {
        tell_rest(reply);
        return;
    }
    bool identifying = heard->number_changed || (heard->factor_changed && state->focus[0] == '\0') ||
                       (heard->factor_changed && reply_wants_order(reply)) || state->pick[0] != '\0' ||
                       (state->pick_day != 0 && (heard->expected == EXPECT_WHICH_ORDER ||
                                                 (reply_proved(state) > 1 && heard->reading->count == 0)));
    bool proving = heard->expected == EXPECT_NUMBER || heard->expected == EXPECT_PROOF ||
                   heard->expected == EXPECT_SECOND_FACTOR || heard->expected == EXPECT_WHICH_ORDER;
    /* What is not tracking is met at once, unless these very words ask for tracking too: then that comes
     * first. */
    bool other = heard->other || (reply_wants_other(reply) && !reply_wants_order(reply));
    bool enough = heard->claims_changed && proof_enough(reply->dialogue->shop, &state->claims);
    bool picked = heard->expected == EXPECT_WHICH_ORDER ? identify_picks(state) : picks_order(state->pick);
    if (other && !heard->track && picked && reply_proved(state) > 1) {
        identify_order(reply);
        return;
    }
    if (other && !heard->track && !(reply_wants_order(reply) && enough)) {
        if (state->focus[0] != '\0' && !reply_wants_order(reply)) {
            identify_focus(reply, ASK_FOCUS); /* the facts of the order go with it */
            return;
        }
        if (heard->claims_changed && !state->locked && proof_enough(reply->dialogue->shop, &state->claims) &&
            identify_further(reply, ASK_TOKEN_EMAIL, ASK_END))
            return;
        wish_meet_others(reply, NULL);
        if (state->expect == EXPECT_NOTHING && proving)
            state->expect = heard->expected;
        state->misses = 0;
        return;
    }
    bool named = state->focus[0] != '\0' && heard->named;
    if (!reply_wants_order(reply) && (identifying || named) && heard->social == NULL)
        goal_add(state, "track.where", "dialogue: an order was named", 1, 0);
    if (heard->track || (reply_wants_order(reply) && (identifying || named || state->checked))) {
        identify_order(reply);
        return;
    }
    if (heard->social != NULL) {
        smalltalk_answer(reply);
        return;
    }
    if (heard->factor_changed && state->focus[0] != '\0') {
        identify_focus(reply, ASK_FACTOR);
        return;
    }
    if ((heard->yes_no != NULL || heard->factor_changed) && !proving) {
        speech_phrase(&reply->speech, "social.noted", NULL);
        reply_noted(reply, "social");
        return;
    }
    if (handoff_reopen(reply))
        return;
    smalltalk_clarify(reply);
}

static void said(struct reply *reply) {
    struct state *state = reply->state;
    if (state->handling == HANDLING_HUMAN && state->voice == VOICE_WRITTEN) {
        reply->note = "to_human";
        return;
    }
    if (state->handling == HANDLING_CLOSED)
        state->handling = HANDLING_BOT;
    state->expect_before = state->expect;
    hear(reply->dialogue, state, reply->event, reply->arena, &reply->heard);
    /* What is to be said again by phone goes on later. */
    if (!hear_more(state, &reply->heard) &&
        !(state->voice == VOICE_SPOKEN && hear_again(state, &reply->heard)))
        state->rest = 0;
    /* The parcel that was asked about waits for a factor alone; who asks anew may mean all. */
    if (state->expect_before == EXPECT_SECOND_FACTOR && reply->heard.track && state->pick[0] == '\0')
        state->parcel = 0;
    state->expect = EXPECT_NOTHING;
    if (state->voice != VOICE_SPOKEN || !phone_heard(reply))
        respond(reply);
}

static void chose(struct reply *reply) {
    static const struct {
        const char *id, *intent;
    } choices[] = {{"track", "track.where"}, {"problem", "human.other"}, {"person", "human.person"}};
    struct state *state = reply->state;
    const char *id = reply->event->text;
    if (state->handling == HANDLING_HUMAN)
        return;
    reply->heard.expected = state->expect;
    state->expect_before = state->expect;
    state->expect = EXPECT_NOTHING;
    state->misses = state->rest = 0;
    if (text_is(id, "yes") || text_is(id, "no")) {
        reply->heard.yes_no = id;
        respond(reply);
        return;
    }
    if (strncmp(id, "order:", 6) == 0 && order_known(state, id + 6) >= 0) {
        TEXT_SET(state->focus, id + 6);
        if (!reply_wants_order(reply))
            goal_add(state, "track.where", "dialogue: an order was chosen", 1, 0);
        identify_focus(reply, ASK_FOCUS);
        return;
    }
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
        if (text_is(choices[i].id, id)) {
            goal_add(state, choices[i].intent, "dialogue: a choice", 1, 0);
            reply->heard.track = text_is(choices[i].intent, "track.where");
            respond(reply);
            return;
        }
    smalltalk_clarify(reply);
}

/* A token that names an order asks for it: nobody need type what the link in a mail has said. */
static void greet_with_order(struct reply *reply) {
    struct state *state = reply->state;
    memset(state->focus, 0, sizeof state->focus);
    goal_add(state, "track.where", "dialogue: a token names an order", 1, 0);
    identify_further(reply, ASK_PROVED, ASK_KEY);
    reply->proof = "token";
}

/* An entry of the keypad: words of digits, or the answer that a key stands for. */
static void keyed(struct reply *reply, const char *entry) {
    struct event *event = ARENA_NEW(reply->arena, struct event);
    *event = *reply->event;
    event->kind = EVENT_KEYS;
    event->text = arena_string(reply->arena, entry);
    reply->event = event;
    effects_add(reply->effects, EFFECT_HEARD)->heard = event->text;
    said(reply);
}

static void keys(struct reply *reply, bool whole) {
    struct state *state = reply->state;
    enum keys_for what = hear_keys(state->expect);
    char entry[CALL_KEYS];
    switch (keys_take(&state->call, reply->dialogue->shop, what, whole, reply->event->now_ms, entry)) {
    case KEYS_ENTRY:
        keyed(reply, entry);
        break;
    case KEYS_PERSON:
        effects_add(reply->effects, EFFECT_HEARD)->heard = "0";
        state->call.spoke = true;
        handoff_open(reply, "human.person", NULL);
        break;
    case KEYS_CLEARED:
    case KEYS_EMPTY:
        reply->listen = true;
        break;
    case KEYS_LATE:
        reply->listen = whole;
        break;
    case KEYS_OPEN:
        break;
    }
}

static void woken(struct reply *reply) {
    struct calling *call = &reply->state->call;
    int64_t due = keys_due(call, reply->dialogue->shop), now = reply->event->now_ms;
    if (due != 0 && due <= now)
        keys(reply, false);
    else if (due == 0 && call->silence_ms != 0 && call->silence_ms <= now)
        ladder_silence(reply);
}

static void greet(struct reply *reply) {
    struct state *state = reply->state;
    const struct event *event = reply->event;
    if (!text_empty(event->locale) && dialogue_speaks(reply->dialogue, event->locale))
        TEXT_SET(state->locale, event->locale);
    else if (!dialogue_speaks(reply->dialogue, state->locale))
        TEXT_SET(state->locale, reply->dialogue->shop->locale);
    if (text_empty(event->token))
        return;
    struct token token;
    struct error err;
    struct claims before = state->token;
    memset(&state->token, 0, sizeof state->token);
    bool valid = token_verify(reply->dialogue->shop, event->token, event->now_ms, &token, &err);
    reply->note = valid ? "token" : "token_refused";
    if (!valid)
        return;
    TEXT_SET(state->token.numbers[0], token.order);
    TEXT_SET(state->token.email, token.email);
    bool known = text_is(before.numbers[0], token.order);
    if (token.order[0] && !known && event->greeting != GREETING_LATER && state->handling != HANDLING_HUMAN)
        greet_with_order(reply);
}

static const char *also_json(struct reply *reply) {
    enum { ALSO_MAX = 512 };
    const struct reading *reading = reply->heard.reading;
    if (reading->count < 2)
        return NULL;
    struct buffer buffer;
    buffer_init_in(&buffer, reply->arena, ALSO_MAX);
    struct json_out out = {.buffer = &buffer};
    json_open(&out, NULL, '[');
    for (int i = 1; i < reading->count; i++)
        json_text(&out, NULL, reading->intents[i].intent->name);
    json_close(&out, ']');
    return buffer_text(&buffer);
}

static void note(struct reply *reply, const char *kind, const char *phrases) {
    struct effect_note *effect = &effects_add(reply->effects, EFFECT_NOTE)->note;
    const struct reading *reading = reply->heard.reading;
    if (reply->intent == NULL && reading->count > 0) {
        reply->intent = reading->intents[0].intent->name;
        reply->rule = reading->intents[0].rule;
        reply->score = reading->intents[0].score;
    }
    *effect = (struct effect_note){
        .kind = kind,
        .intent = reply->intent == NULL ? "" : reply->intent,
        .also = also_json(reply),
        .rule = reply->rule == NULL ? "" : reply->rule,
        .phrase = phrases,
        .told = reply->speech.told,
        .order = reply->order == NULL ? "" : reply->order,
        .customer = arena_string(reply->arena, reply->customer ? reply->customer : ""),
        .score = reply->score,
    };
}

static void step_call(struct reply *reply) {
    struct calling *call = &reply->state->call;
    switch (reply->event->kind) {
    case EVENT_HELLO:
        phone_begin(reply);
        break;
    case EVENT_KEYS:
        keys_press(call, reply->event->text, reply->event->now_ms);
        call->silence_ms = 0;
        keys(reply, reply->event->whole);
        break;
    case EVENT_SILENCE:
        if (call->keys[0] != '\0')
            keys(reply, true);
        else
            ladder_silence(reply);
        break;
    case EVENT_INTERRUPTED:
        phone_interrupted(reply);
        break;
    case EVENT_UNANSWERED:
        phone_unanswered(reply);
        break;
    case EVENT_TIMER:
        woken(reply);
        break;
    case EVENT_BYE:
        reply->note = "bye";
        break;
    default:
        break;
    }
}

static void step(struct reply *reply) {
    switch (reply->event->kind) {
    case EVENT_HELLO:
        greet(reply);
        break;
    case EVENT_SAID:
        if (reply->state->voice == VOICE_SPOKEN)
            memset(reply->state->call.keys, 0, sizeof reply->state->call.keys);
        said(reply);
        break;
    case EVENT_CHOSE:
        chose(reply);
        break;
    case EVENT_ORDERS:
        found_orders(reply);
        break;
    case EVENT_AGENT:
        handoff_agent(reply);
        break;
    case EVENT_RATED:
        reply->note = "rating";
        reply->score = reply->event->rating;
        break;
    default:
        break;
    }
    if (reply->state->voice == VOICE_SPOKEN)
        step_call(reply);
}

void dialogue_step(const struct dialogue *dialogue, struct state *state, const struct event *event,
                   struct arena *arena, struct effects *effects) {
    static const struct reading nothing;
    struct reply reply;
    memset(&reply, 0, offsetof(struct reply, speech));
    reply.dialogue = dialogue;
    reply.state = state;
    reply.event = event;
    reply.arena = arena;
    reply.effects = effects;
    reply.heard.reading = &nothing;
    effects->count = 0;
    speech_init(&reply.speech, dialogue, state, arena, event->now_ms);
    step(&reply);
    if (state->voice == VOICE_SPOKEN)
        phone_finish(&reply);
    const char *phrases = speech_end(&reply.speech, effects);
    if (reply.proof != NULL && !text_is(reply.proof, reply.note))
        note(&reply, reply.proof, phrases);
    if (reply.note != NULL && !(reply.looking && phrases[0] == '\0'))
        note(&reply, reply.note, phrases);
    if (state->voice == VOICE_SPOKEN)
        phone_close(&reply);
    /* LOOK_UP closes the step. */
    for (int i = 0; i + 1 < effects->count; i++)
        if (effects->list[i].kind == EFFECT_LOOK_UP) {
            struct effect look = effects->list[i];
            memmove(&effects->list[i], &effects->list[i + 1], (size_t)(effects->count - i - 1) * sizeof look);
            effects->list[effects->count - 1] = look;
            break;
        }
}
