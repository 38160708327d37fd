/* What is wanted and needs no order, or can be met with what is known of one: actions, information, topics
 * for people. */
#include "base/text.h"
#include "bot/dialogue/reply.h"
#include <string.h>

/* Nothing is left to change or to stop: said so, and a person is offered rather than sent for. */
static bool over(struct reply *reply, const struct goal *goal, const struct picture *picture) {
    struct values values;
    values_init(&values);
    if (picture == NULL || !picture->final)
        return false;
    answer_listed(&reply->speech, picture, &values);
    speech_phrase(&reply->speech, "action.over", &values);
    handoff_offer(reply, goal->intent);
    return true;
}

static void act_cancel(struct reply *reply, const struct goal *goal, const struct picture *picture) {
    if (picture != NULL && picture->order->state == STATUS_CANCELLED && over(reply, goal, picture))
        return;
    if (picture != NULL) {
        struct values values;
        values_init(&values);
        answer_listed(&reply->speech, picture, &values);
        speech_phrase(&reply->speech, picture->shipped ? "action.cancel_late" : "action.cancel_possible",
                      &values);
    }
    handoff_open(reply, goal->intent, NULL);
}

static void act_change(struct reply *reply, const struct goal *goal, const struct picture *picture) {
    if (over(reply, goal, picture))
        return;
    speech_phrase(&reply->speech, "action.delivery_change", NULL);
    if (reply->state->voice == VOICE_SPOKEN && reply->state->handling == HANDLING_BOT)
        handoff_offer(reply, goal->intent); /* nobody is put through who may not want it */
    else
        handoff_open(reply, goal->intent, NULL);
}

static void act_notify(struct reply *reply, const struct goal *goal, const struct picture *picture) {
    (void)goal;
    struct values values;
    values_init(&values);
    if (picture != NULL && picture->parcel_count > 0)
        values_link(
            &values, FACT_LINK, picture->parcels[0].link,
            (struct source){.order = picture->order->number, .origin = picture->parcels[0].link_source});
    speech_phrase(&reply->speech, "action.notify", &values);
}

static const struct {
    const char *name;
    void (*carry_out)(struct reply *reply, const struct goal *goal, const struct picture *picture);
} acts[] = {
    {"cancel", act_cancel},
    {"address", act_change},
    {"instructions", act_change},
    {"notify", act_notify},
};

static void meet_other(struct reply *reply, const struct goal *goal, const struct picture *picture) {
    const struct intent *intent = reply_intent(reply, goal->intent);
    if (intent == NULL)
        return;
    reply_note_goal(reply, goal);
    if (intent->kind == KIND_INFO && !text_empty(reply->dialogue->shop->info_link)) {
        struct values values;
        values_init(&values);
        values_link(&values, FACT_LINK, reply->dialogue->shop->info_link, source_none);
        speech_phrase(&reply->speech, "info.page", &values);
        reply_noted(reply, "info");
        return;
    }
    if (intent->kind == KIND_ACTION)
        for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
            if (text_is(acts[i].name, intent->act)) {
                acts[i].carry_out(reply, goal, picture);
                reply_noted(reply, "action");
                return;
            }
    static const char *const decided[] = {"returns", "claims", "payments"};
    bool decides = false,
         added = reply->state->handling == HANDLING_WAITING && !handoff_has(reply->state, goal->intent);
    for (size_t i = 0; i < sizeof decided / sizeof *decided; i++)
        decides = decides || (added && !speech_has(&reply->speech, "handoff.open") &&
                              text_is(intent->queue, decided[i]));
    handoff_open(reply, goal->intent, NULL);
    if (decides)
        speech_phrase(&reply->speech, "handoff.decides", NULL);
}

void wish_meet_others(struct reply *reply, const struct picture *picture) {
    struct goal goals[STATE_GOALS];
    bool any = false;
    for (int i = 0; i < STATE_GOALS; i++)
        any = any || reply->state->goals[i].intent[0] != '\0';
    if (!any)
        return;
    memcpy(goals, reply->state->goals, sizeof goals);
    goals_clear(reply->state);
    int kept = 0;
    for (int i = 0; i < STATE_GOALS; i++) {
        if (reply_is_kind(reply, &goals[i], KIND_TRACK))
            reply->state->goals[kept++] = goals[i];
        else if (goals[i].intent[0] != '\0')
            meet_other(reply, &goals[i], picture);
    }
}
