#include "bot/dialogue/phone.h"
#include "base/text.h"
#include "bot/dialogue/brief.h"
#include "bot/dialogue/confirm.h"
#include "bot/dialogue/keys.h"
#include "bot/dialogue/pace.h"
#include <ctype.h>
#include <string.h>

enum { OPEN_MS = 6000, FETCH_MS = 10000, PATIENT_MS = 30000 };

static const struct {
    enum listen_for what;
    int64_t timeout_ms;
} listening[EXPECT_COUNT] = {
    [EXPECT_NOTHING] = {LISTEN_OPEN, OPEN_MS},       [EXPECT_NUMBER] = {LISTEN_NUMBER, FETCH_MS},
    [EXPECT_PROOF] = {LISTEN_PROOF, FETCH_MS},       [EXPECT_SECOND_FACTOR] = {LISTEN_PROOF, FETCH_MS},
    [EXPECT_WHICH_ORDER] = {LISTEN_CHOICE, OPEN_MS}, [EXPECT_OFFER] = {LISTEN_YES_NO, OPEN_MS},
    [EXPECT_CONTACT] = {LISTEN_CONTACT, FETCH_MS},   [EXPECT_CHECKED] = {LISTEN_OPEN, OPEN_MS},
    [EXPECT_CLARIFICATION] = {LISTEN_OPEN, OPEN_MS}, [EXPECT_CONFIRM] = {LISTEN_YES_NO, OPEN_MS},
    [EXPECT_CALL_BACK] = {LISTEN_YES_NO, OPEN_MS},   [EXPECT_MESSAGE] = {LISTEN_OPEN, OPEN_MS},
    [EXPECT_REST] = {LISTEN_YES_NO, OPEN_MS},
};

const char *listen_name(enum listen_for what) {
    static const char *const names[] = {"open", "number", "proof", "yes_no", "choice", "contact"};
    return names[what];
}

/* Says what was said, from a place in it; what is said with it is not said a third time. */
static void say_again(struct reply *reply, size_t from) {
    const char *text = arena_string(reply->arena, reply->state->call.spoken + from);
    speech_text(&reply->speech, text, "repeat");
    reply->spoken = text;
    reply_noted(reply, "repeat");
}

static void greet(struct reply *reply) {
    switch (reply->event->greeting) {
    case GREETING_OURS:
        speech_phrase(&reply->speech, "social.greeting", NULL);
        break;
    case GREETING_DONE:
        reply->state->disclosed = true;
        reply->listen = true;
        break;
    case GREETING_LATER:
        break;
    }
}

void phone_begin(struct reply *reply) {
    struct calling *call = &reply->state->call;
    const struct event *event = reply->event;
    char key[KEY_SIZE];
    if (!text_empty(event->caller) && key_phone(key, event->caller, reply->dialogue->shop->country))
        TEXT_SET(call->caller, key);
    memset(call->keys, 0, sizeof call->keys);
    if (event->resumed && call->transferred)
        phone_unanswered(reply);
    else if (event->resumed && call->spoken[0] != '\0') {
        speech_phrase(&reply->speech, "call.again", NULL);
        say_again(reply, 0);
    } else if (!reply->looking)
        greet(reply);
}

/* How far the words of `heard` go in `spoken`; punctuation and case are the platform's affair. */
static size_t heard_until(const char *spoken, const char *heard) {
    const char *at = spoken;
    while (*heard != '\0') {
        if (!isalnum((unsigned char)*heard) && (unsigned char)*heard < 0x80) {
            heard++;
            continue;
        }
        const char *next = at;
        while (*next != '\0' && !isalnum((unsigned char)*next) && (unsigned char)*next < 0x80)
            next++;
        if (tolower((unsigned char)*next) != tolower((unsigned char)*heard))
            break;
        at = next + 1;
        heard++;
    }
    return (size_t)(at - spoken);
}

void phone_interrupted(struct reply *reply) {
    struct calling *call = &reply->state->call;
    size_t len = strlen(call->spoken), until = heard_until(call->spoken, reply->event->text);
    call->cut = len - until > 2 ? (int)until + 1 : 0;
    call->heard_ms = reply->event->now_ms;
    reply->listening = true;
}

void phone_unanswered(struct reply *reply) {
    struct state *state = reply->state;
    state->call.transferred = false;
    speech_phrase(&reply->speech, "call.unanswered", NULL);
    phone_ask_contact(reply);
    reply->note = "unanswered";
}

void phone_ask_again(struct reply *reply) {
    const char *spoken = reply->state->call.spoken;
    say_again(reply, pace_last_sentence(spoken));
}

static bool repeats(struct reply *reply) {
    struct state *state = reply->state;
    struct calling *call = &state->call;
    if (call->spoken[0] == '\0')
        return false;
    state->expect = reply->heard.expected;
    say_again(reply, call->cut > 0 ? pace_sentence(call->spoken, (size_t)call->cut - 1) : 0);
    return true;
}

bool phone_heard(struct reply *reply) {
    struct state *state = reply->state;
    struct calling *call = &state->call;
    const struct heard *heard = &reply->heard;
    bool social = !heard->track && !heard->other && !heard->claims_changed;
    call->spoke = true;
    call->patient = social && text_is(heard->act, "wait");
    if (heard->expected == EXPECT_MESSAGE && !heard->factor_changed) {
        phone_message(reply);
        return true;
    }
    if (social && text_is(heard->act, "slower")) {
        call->slow = true;
        speech_phrase(&reply->speech, "call.slower", NULL);
        call->cut = 0;
        return repeats(reply);
    }
    if (social && text_is(heard->act, "repeat") && repeats(reply))
        return true;
    return brief_heard(reply) || confirm_heard(reply) || phone_back_heard(reply);
}

bool phone_look_up(struct reply *reply) {
    struct calling *call = &reply->state->call;
    if (reply->state->voice != VOICE_SPOKEN || call->caller[0] == '\0' || call->caller_seen)
        return false;
    call->caller_seen = true;
    return identify_further(reply, ASK_NOTHING, ASK_FOCUS);
}

void phone_found(struct reply *reply, const struct order_list *orders) {
    struct state *state = reply->state;
    int open = 0;
    for (int i = 0; i < orders->count; i++) {
        struct picture picture;
        picture_draw(&picture, orders->orders[i], reply->dialogue->shop, reply->event->now_ms, reply->arena);
        open += !picture.final;
    }
    if (open == 1)
        TEXT_SET(state->claims.caller, state->call.caller);
    identify_ask(reply);
}

static void ask_last(struct reply *reply) {
    const struct state *state = reply->state;
    const struct speech *speech = &reply->speech;
    if (speech->sentence_count == 0 || reply->looking || reply->transfer || state->call.patient ||
        state->expect != EXPECT_NOTHING || text_is(reply->note, "silence") || reply->spoken != NULL)
        return;
    for (int i = 0; i < reply->effects->count; i++)
        if (reply->effects->list[i].kind == EFFECT_END)
            return;
    const char *last = speech->sentences[speech->sentence_count - 1];
    if (last[strlen(last) - 1] != '?')
        speech_phrase(&reply->speech, "offer.more", NULL);
}

void phone_finish(struct reply *reply) {
    ask_last(reply);
    brief_cut(reply);
}

/* What was said, and how long that takes to hear. */
static int64_t spoken_ms(struct reply *reply, bool *ended) {
    struct calling *call = &reply->state->call;
    int64_t length_ms = 0;
    for (int i = 0; i < reply->effects->count; i++) {
        struct effect *effect = &reply->effects->list[i];
        *ended |= effect->kind == EFFECT_END;
        if (effect->kind != EFFECT_SAY)
            continue;
        if (call->slow)
            effect->say.text =
                pace_slow(effect->say.text, reply->dialogue->book, effect->say.locale, reply->arena);
        effect->say.firm |= reply->transfer;
        memset(call->spoken, 0, sizeof call->spoken);
        TEXT_SET(call->spoken, reply->spoken != NULL ? reply->spoken : effect->say.text);
        call->cut = 0;
        length_ms += pace_ms(effect->say.text);
    }
    return length_ms;
}

static void count_questions(struct reply *reply) {
    static const char *const done[] = {"answer",  "handoff", "escalation", "action",
                                       "contact", "info",    "unanswered"};
    static const char *const asking[] = {"ask", "proof_failed", "not_understood"};
    struct state *state = reply->state;
    struct calling *call = &state->call;
    for (size_t i = 0; i < sizeof done / sizeof *done; i++)
        if (text_is(done[i], reply->note)) {
            call->done = true;
            call->troubles = call->silences = call->misses = 0;
        }
    for (size_t i = 0; i < sizeof asking / sizeof *asking; i++)
        if (text_is(asking[i], reply->note))
            call->done = false;
    int question = state->expect == EXPECT_CLARIFICATION ? EXPECT_NOTHING : (int)state->expect;
    if (call->question != question)
        call->silences = call->misses = 0;
    call->question = question;
}

static void listen(struct reply *reply) {
    const struct state *state = reply->state;
    struct listen *listen = &effects_add(reply->effects, EFFECT_LISTEN)->listen;
    listen->what = listening[state->expect].what;
    listen->timeout_ms = state->call.patient ? PATIENT_MS : listening[state->expect].timeout_ms;
    listen->digits = listen->what == LISTEN_NUMBER ? keys_digits(reply->dialogue->shop) : 0;
}

void phone_close(struct reply *reply) {
    struct state *state = reply->state;
    struct calling *call = &state->call;
    int64_t now = reply->event->now_ms;
    bool ended = false;
    int64_t length_ms = spoken_ms(reply, &ended);
    if (reply->looking)
        return;
    if (length_ms > 0)
        call->heard_ms = now + length_ms;
    if (ended || reply->event->kind == EVENT_BYE)
        call->silence_ms = 0;
    else if (reply->transfer) {
        effects_add(reply->effects, EFFECT_TRANSFER);
        call->transferred = true;
        call->silence_ms = 0;
    } else if (length_ms > 0 || reply->listen || reply->listening) {
        count_questions(reply);
        if (length_ms > 0 || reply->listen)
            listen(reply);
        call->silence_ms = (call->heard_ms > now ? call->heard_ms : now) +
                           (call->patient ? PATIENT_MS : listening[state->expect].timeout_ms);
    }
    int64_t keys = keys_due(call, reply->dialogue->shop);
    state->wake_ms = ended ? 0 : keys != 0 ? keys : call->silence_ms;
}
