#include "bot/dialogue/ladder.h"
#include "base/text.h"
#include "bot/dialogue/keys.h"
#include "bot/dialogue/phone.h"
#include <string.h>

enum { SILENCES = 3, MISSES = 2, TROUBLES_MAX = 4 };

/* Shorter, then with help, then by keypad. NULL: the question itself, as it was last asked. */
static const struct rungs {
    const char *silences[SILENCES], *misses[MISSES];
} ladders[EXPECT_COUNT] = {
    [EXPECT_NOTHING] = {{"silence.hello", "social.help", "keys.open"}, {"clarify.first", "keys.open"}},
    [EXPECT_NUMBER] = {{"silence.number", "ask.number_help", "keys.number"},
                       {"ask.number_again", "keys.number"}},
    [EXPECT_PROOF] = {{"silence.proof", "proof.help", "keys.proof"}, {"unclear.proof", "keys.proof"}},
    [EXPECT_SECOND_FACTOR] = {{NULL, "proof.help", "keys.proof"}, {"proof.help", "keys.proof"}},
    [EXPECT_WHICH_ORDER] = {{NULL, "keys.which", "keys.which"}, {"unclear.which", "keys.which"}},
    [EXPECT_OFFER] = {{NULL, "keys.yes_no", "keys.yes_no"}, {"unclear.yes_no", "keys.yes_no"}},
    [EXPECT_CONTACT] = {{NULL, "keys.contact", "keys.contact"}, {"call.back_number", "keys.contact"}},
    [EXPECT_CHECKED] = {{NULL, "keys.yes_no", "keys.yes_no"}, {"unclear.yes_no", "keys.yes_no"}},
    [EXPECT_CLARIFICATION] = {{"silence.hello", "social.help", "keys.open"}, {"clarify.first", "keys.open"}},
    [EXPECT_CONFIRM] = {{NULL, "keys.yes_no", "keys.yes_no"}, {"unclear.yes_no", "keys.yes_no"}},
    [EXPECT_CALL_BACK] = {{NULL, "keys.yes_no", "keys.yes_no"}, {"unclear.yes_no", "keys.yes_no"}},
    [EXPECT_REST] = {{NULL, "keys.yes_no", "keys.yes_no"}, {"unclear.yes_no", "keys.yes_no"}},
    [EXPECT_MESSAGE] = {{NULL, "call.message", "call.message"}, {"call.message", "call.message"}},
};

static void say(struct reply *reply, const char *phrase) {
    struct values values;
    values_init(&values);
    const char *region = strrchr(reply->state->locale, '-');
    values_text(&values, FACT_REGION, region != NULL ? region + 1 : "other", source_none);
    values_number(&values, FACT_COUNT, keys_digits(reply->dialogue->shop), source_named("shop order_number"));
    speech_phrase(&reply->speech, phrase, &values);
}

static void ask(struct reply *reply, const char *phrase) {
    if (phrase != NULL)
        say(reply, phrase);
    else
        phone_ask_again(reply);
}

static void hang_up(struct reply *reply) {
    speech_phrase(&reply->speech, "social.goodbye", NULL);
    effects_add(reply->effects, EFFECT_END);
}

/* Nobody has an answer to give who has got one. */
static bool is_over(const struct state *state) {
    static const bool ends[EXPECT_COUNT] = {
        [EXPECT_NOTHING] = true,       [EXPECT_OFFER] = true,   [EXPECT_CHECKED] = true,
        [EXPECT_CLARIFICATION] = true, [EXPECT_CONTACT] = true, [EXPECT_CALL_BACK] = true,
        [EXPECT_MESSAGE] = true,       [EXPECT_REST] = true};
    return state->call.done && ends[state->expect];
}

static void good_bye(struct reply *reply) {
    struct state *state = reply->state;
    if (state->call.silences > 1)
        hang_up(reply);
    else if (state->expect == EXPECT_NOTHING || state->expect == EXPECT_CLARIFICATION)
        speech_phrase(&reply->speech, "offer.more", NULL);
    else
        phone_ask_again(reply);
}

void ladder_silence(struct reply *reply) {
    struct state *state = reply->state;
    struct calling *call = &state->call;
    call->silences++;
    call->patient = false;
    reply_noted(reply, "silence");
    if (is_over(state)) {
        good_bye(reply);
        return;
    }
    call->troubles++;
    bool end = call->silences > SILENCES || call->troubles > TROUBLES_MAX;
    if (!end)
        ask(reply, ladders[state->expect].silences[call->silences - 1]);
    else if (call->spoke && shop_open(reply->dialogue->shop, reply->event->now_ms))
        handoff_give_up(reply, "not_understood", "handoff.not_understood");
    else
        hang_up(reply);
}

void ladder_miss(struct reply *reply, enum expect expect) {
    struct state *state = reply->state;
    struct calling *call = &state->call;
    if (expect == EXPECT_CLARIFICATION)
        expect = EXPECT_NOTHING;
    if (call->question != (int)expect)
        call->silences = call->misses = 0;
    call->question = (int)expect;
    call->misses++;
    call->troubles++;
    reply_noted(reply, "not_understood");
    if (call->misses > MISSES || call->troubles >= TROUBLES_MAX) {
        handoff_give_up(reply, "not_understood", "handoff.not_understood");
        return;
    }
    state->expect = expect;
    bool unreadable = expect == EXPECT_NUMBER && call->misses == 1 && reply->heard.digits;
    ask(reply, unreadable ? "ask.number_unreadable" : ladders[expect].misses[call->misses - 1]);
}
