#include "bot/dialogue/reply.h"
#include "base/text.h"

const struct intent *reply_intent(struct reply *reply, const char *name) {
    if (reply->asked == NULL || !text_is(reply->asked->name, name))
        reply->asked = catalogue_intent(reply->dialogue->catalogue, name);
    return reply->asked;
}

void reply_noted(struct reply *reply, const char *kind) {
    if (reply->note == NULL)
        reply->note = kind;
}

void reply_note_goal(struct reply *reply, const struct goal *goal) {
    if (reply->intent != NULL)
        return;
    reply->intent = arena_string(reply->arena, goal->intent);
    reply->rule = arena_string(reply->arena, goal->rule);
    reply->score = goal->score;
}

bool reply_is_kind(struct reply *reply, const struct goal *goal, enum kind kind) {
    const struct intent *intent = goal->intent[0] == '\0' ? NULL : reply_intent(reply, goal->intent);
    return intent != NULL && intent->kind == kind;
}

bool reply_wants_order(struct reply *reply) {
    for (int i = 0; i < STATE_GOALS; i++)
        if (reply_is_kind(reply, &reply->state->goals[i], KIND_TRACK))
            return true;
    return false;
}

bool reply_wants_other(struct reply *reply) {
    for (int i = 0; i < STATE_GOALS; i++)
        if (reply->state->goals[i].intent[0] != '\0' &&
            !reply_is_kind(reply, &reply->state->goals[i], KIND_TRACK))
            return true;
    return false;
}

bool reply_wants_aspect(struct reply *reply, const char *aspect) {
    for (int i = 0; i < STATE_GOALS; i++) {
        const struct intent *intent = reply_intent(reply, reply->state->goals[i].intent);
        if (intent != NULL && text_is(intent->aspect, aspect))
            return true;
    }
    return false;
}

bool reply_wants_delivered(struct reply *reply) {
    return reply_wants_aspect(reply, "not_received") || reply_wants_aspect(reply, "proof");
}

int reply_proved(const struct state *state) {
    int count = 0;
    while (count < STATE_ORDERS && state->orders[count][0] != '\0')
        count++;
    return count;
}
