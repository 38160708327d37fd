#include "bot/dialogue/call.h"

enum { OPEN_MS = 6000, FETCH_MS = 10000 };

static const struct {
    enum listen_for what;
    int64_t timeout_ms;
} listening[] = {
    [EXPECT_NOTHING] = {LISTEN_OPEN, OPEN_MS},       [EXPECT_NUMBER] = {LISTEN_NUMBER, FETCH_MS},
    [EXPECT_PROOF] = {LISTEN_PROOF, FETCH_MS},       [EXPECT_SECOND_FACTOR] = {LISTEN_PROOF, FETCH_MS},
    [EXPECT_WHICH_ORDER] = {LISTEN_CHOICE, OPEN_MS}, [EXPECT_OFFER] = {LISTEN_YES_NO, OPEN_MS},
    [EXPECT_CONTACT] = {LISTEN_CONTACT, FETCH_MS},   [EXPECT_CHECKED] = {LISTEN_OPEN, OPEN_MS},
    [EXPECT_CLARIFICATION] = {LISTEN_OPEN, OPEN_MS},
};

const char *listen_name(enum listen_for what) {
    static const char *const names[] = {"open", "number", "proof", "yes_no", "choice", "contact"};
    return names[what];
}

void call_close(struct reply *reply) {
    const struct state *state = reply->state;
    bool said = false;
    for (int i = 0; i < reply->effects->count; i++) {
        if (reply->effects->list[i].kind == EFFECT_END)
            return;
        said |= reply->effects->list[i].kind == EFFECT_SAY;
    }
    if (!said || reply->looking)
        return;
    effects_add(reply->effects, EFFECT_LISTEN)->listen = (struct listen){
        .what = listening[state->expect].what, .timeout_ms = listening[state->expect].timeout_ms};
}
