/* A person is wanted by phone: put through, or out of hours a number to call back, or a message. */
#include "base/text.h"
#include "bot/dialogue/phone.h"
#include <string.h>

/* What says nothing more than that a person is wanted is not named as a topic. */
static const char *named(const char *topic) {
    static const char *const plain[] = {"human.person", "human.other", "not_understood", "locked"};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (text_is(plain[i], topic))
            return NULL;
    return topic;
}

void phone_ask_contact(struct reply *reply) {
    struct state *state = reply->state;
    const char *caller = state->call.caller;
    struct values values;
    values_init(&values);
    values_text(&values, FACT_REFERENCE, strlen(caller) > 2 ? caller + strlen(caller) - 2 : NULL,
                source_named("the number that calls"));
    if (values_has(&values, FACT_REFERENCE)) {
        speech_phrase(&reply->speech, "call.back", &values);
        state->expect = EXPECT_CALL_BACK;
    } else if (!handoff_reachable(reply, &values)) {
        speech_phrase(&reply->speech, "call.back_number", NULL);
        state->expect = EXPECT_CONTACT;
    }
}

void phone_hand_over(struct reply *reply, const char *topic, bool announced) {
    struct state *state = reply->state;
    struct values values;
    values_init(&values);
    bool again = speech_has(&reply->speech, "call.transfer") || speech_has(&reply->speech, "call.later") ||
                 speech_has(&reply->speech, "handoff.contact_known") ||
                 speech_has(&reply->speech, "handoff.contact_taken");
    values_text(&values, FACT_TOPIC, announced ? NULL : named(topic), source_none);
    values_moment(&values, FACT_OPEN_AT, handoff_opening(reply), source_named("shop hours"));
    if (shop_open(reply->dialogue->shop, reply->event->now_ms)) {
        if (!announced && !again)
            speech_phrase(&reply->speech, "call.transfer", &values);
        reply->transfer = true;
        state->expect = EXPECT_NOTHING;
    } else if (again)
        return;
    else if (state->call.caller[0] == '\0' && handoff_reachable(reply, &values))
        speech_phrase(&reply->speech,
                      values_has(&values, FACT_CONTACT) ? "handoff.contact_taken" : "handoff.contact_known",
                      &values);
    else {
        speech_phrase(&reply->speech, "call.later", &values);
        phone_ask_contact(reply);
    }
}

static void take(struct reply *reply, const char *contact) {
    struct values values;
    values_init(&values);
    values_text(&values, FACT_CONTACT, contact, source_named("customer"));
    values_moment(&values, FACT_OPEN_AT, (struct moment){0}, source_none);
    handoff_effect(reply, HAND_OFF_CONTACT)->contact = arena_string(reply->arena, contact);
    speech_phrase(&reply->speech, "handoff.contact_taken", &values);
    reply->note = "contact";
}

/* No other number, no call: at least the words. */
static void ask_message(struct reply *reply) {
    speech_phrase(&reply->speech, "call.message", NULL);
    reply->state->expect = EXPECT_MESSAGE;
    reply->note = "contact";
}

bool phone_back_heard(struct reply *reply) {
    struct state *state = reply->state;
    const struct heard *heard = &reply->heard;
    bool yes = text_is(heard->yes_no, "yes"), no = text_is(heard->yes_no, "no");
    bool number = heard->reading->slots[SLOT_PHONE].count > 0 || heard->reading->slots[SLOT_EMAIL].count > 0;
    if (heard->track || heard->other || number)
        return false;
    if (heard->expected == EXPECT_CALL_BACK && yes) {
        take(reply, state->call.caller);
        return true;
    }
    if (heard->expected == EXPECT_CALL_BACK && no) {
        speech_phrase(&reply->speech, "call.back_number", NULL);
        state->expect = EXPECT_CONTACT;
        reply->note = "contact";
        return true;
    }
    if (heard->expected == EXPECT_CONTACT && no) {
        ask_message(reply);
        return true;
    }
    return false;
}

void phone_message(struct reply *reply) {
    reply->message = reply->event->text;
    handoff_effect(reply, HAND_OFF_CONTACT);
    speech_phrase(&reply->speech, "call.message_taken", NULL);
    reply->note = "contact";
}
