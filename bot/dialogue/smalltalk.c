/* Words that are neither tracking nor a hand-off, and words that were not understood. */
#include "base/text.h"
#include "bot/dialogue/ladder.h"
#include "bot/dialogue/reply.h"
#include <string.h>

enum { MISSES_MAX = 3 };

static const struct {
    const char *act, *phrase;
    bool keeps;         /* what was expected before is still expected */
    bool offers_orders; /* which a locked conversation may not */
} socials[] = {
    {"greeting", "social.greeting", true, true},
    {"thanks", "social.thanks", false, false},
    {"goodbye", "social.goodbye", false, false},
    {"insult", "social.insult", true, false},
    {"robot", "social.robot", true, false},
    {"how_are_you", "social.how_are_you", true, true},
    {"help", "social.help", true, true},
    {"wait", "social.wait", true, false},
    {"found", "social.found", false, false},
    {"lost_number", "ask.number_help", true, true},
    {"not_mine", "social.not_mine", false, false},
    {"slower", "social.wait", true, false},
    {"why_proof", "social.why_proof", true, false},
    {"noted", "social.noted", true, false},
};

static void never_mind(struct reply *reply) {
    struct state *state = reply->state;
    if (state->handling != HANDLING_WAITING) {
        handoff_declined(reply);
        return;
    }
    handoff_effect(reply, HAND_OFF_WITHDRAW);
    handoff_forget(state);
    goals_clear(state);
    state->handling = HANDLING_BOT;
    if (state->focus[0] != '\0' && goal_add(state, "track.arrival", "dialogue: confirms the date", 1, 0)) {
        TEXT_SET(state->opening, "handoff.withdrawn");
        identify_focus(reply, ASK_FOCUS);
    } else
        speech_phrase(&reply->speech, "handoff.withdrawn", NULL);
}

/* Those that a conversation can be held in, by their names in this one. */
static const char *languages(struct reply *reply) {
    enum { NAMED = 12 };
    const struct phrasebook *book = reply->dialogue->book;
    const char *names[NAMED], *locale = reply->state->locale, *language;
    int count = 0;
    for (int i = 0; count < NAMED && (language = phrasebook_language(book, i)) != NULL; i++)
        if (dialogue_speaks(reply->dialogue, language))
            names[count++] = phrasebook_language_name(book, locale, language, reply->arena);
    return phrasebook_list(book, locale, names, count, reply->arena);
}

void smalltalk_answer(struct reply *reply) {
    struct state *state = reply->state;
    const char *act = reply->heard.act;
    if (text_is(act, "found") && handoff_has(state, "not_received"))
        act = "nevermind"; /* nobody need look for it */
    reply_note_goal(reply, &(struct goal){.score = reply->heard.social->score});
    reply->intent = reply->heard.social->intent->name;
    reply->rule = reply->heard.social->rule;
    reply_noted(reply, "social");
    state->misses = 0;
    /* "I don't have it", "that wasn't me", of an order that is talked about: the parcel is meant, not a
     * number, nor who ordered. */
    bool asked = reply->heard.expected == EXPECT_NUMBER || reply->heard.expected == EXPECT_PROOF ||
                 reply->heard.expected == EXPECT_SECOND_FACTOR;
    /* "Why?": what it is asked of tells why what. */
    if (text_is(act, "why") && asked)
        act = "why_proof";
    else if (text_is(act, "why") && state->focus[0] != '\0' && state->handling == HANDLING_BOT &&
             goal_add(state, "track.late", reply->rule, reply->score, 0)) {
        identify_focus(reply, ASK_FOCUS);
        return;
    } else if (text_is(act, "why")) {
        smalltalk_clarify(reply);
        return;
    }
    if ((text_is(act, "lost_number") || text_is(act, "not_me")) && state->focus[0] != '\0' && !asked &&
        goal_add(state, "track.not_received", reply->rule, reply->score, 0)) {
        identify_focus(reply, ASK_FOCUS);
        return;
    }
    for (size_t i = 0; i < sizeof socials / sizeof *socials; i++) {
        if (!text_is(socials[i].act, act))
            continue;
        if (socials[i].offers_orders && state->locked) {
            if (state->handling == HANDLING_BOT)
                handoff_offer(reply, "human.person"); /* who was to come was sent away */
            else
                handoff_locked(reply);
            return;
        }
        struct values values;
        values_init(&values);
        values_text(&values, FACT_SHOP, reply->dialogue->shop->name, source_none);
        speech_phrase(&reply->speech, socials[i].phrase, &values);
        if (socials[i].keeps)
            state->expect = reply->heard.expected;
        if (text_is(act, "lost_number"))
            state->expect = EXPECT_PROOF;
        if (text_is(act, "goodbye") && state->voice == VOICE_SPOKEN)
            effects_add(reply->effects, EFFECT_END);
        return;
    }
    if (text_is(act, "confirm_handoff"))
        handoff_confirm(reply);
    else if (text_is(act, "nevermind"))
        never_mind(reply);
    else if (text_is(act, "repeat") && state->focus[0] != '\0' &&
             goal_add(state, "track.where", reply->heard.social->rule, reply->heard.social->score, 0))
        identify_focus(reply, ASK_FOCUS);
    else if (text_is(act, "repeat"))
        speech_phrase(&reply->speech, "social.repeat_nothing", NULL);
    else if (text_is(act, "more")) {
        speech_phrase(&reply->speech, state->told[0] != '\0' ? "rest.none" : "social.help", NULL);
        state->expect = reply->heard.expected;
    } else if (strncmp(act, "language:", 9) == 0) {
        bool spoken = dialogue_speaks(reply->dialogue, act + 9);
        struct values values;
        values_init(&values);
        values_text(&values, FACT_LIST, spoken ? NULL : languages(reply), source_none);
        speech_phrase(&reply->speech, spoken ? "social.language" : "social.language_not_spoken", &values);
        state->expect = reply->heard.expected;
    } else
        speech_phrase(&reply->speech, "social.noted", NULL);
}

void smalltalk_clarify(struct reply *reply) {
    struct state *state = reply->state;
    struct speech *speech = &reply->speech;
    if (state->voice == VOICE_SPOKEN) {
        ladder_miss(reply, reply->heard.expected);
        return;
    }
    state->misses++;
    reply_noted(reply, "not_understood");
    bool asked = reply->heard.expected == EXPECT_NUMBER || reply->heard.expected == EXPECT_PROOF ||
                 reply->heard.expected == EXPECT_SECOND_FACTOR;
    if (state->misses >= MISSES_MAX) {
        handoff_give_up(reply, "not_understood", "handoff.not_understood");
        return;
    }
    if (asked && reply_wants_order(reply)) {
        if (reply->heard.expected == EXPECT_SECOND_FACTOR)
            identify_factor(reply);
        else
            identify_ask(reply);
        return;
    }
    state->expect = reply->heard.expected == EXPECT_OFFER ? EXPECT_OFFER : EXPECT_CLARIFICATION;
    speech_phrase(speech, state->misses == 1 ? "clarify.first" : "clarify.second", NULL);
    const struct choice choices[] = {{"track", speech_words(speech, "choice.track", NULL)},
                                     {"problem", speech_words(speech, "choice.problem", NULL)},
                                     {"person", speech_words(speech, "choice.person", NULL)}};
    speech_choices(speech, choices, 3);
}
