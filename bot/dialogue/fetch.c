#include "bot/dialogue/state.h"

static void fetch(const void *const *places, size_t count) {
    for (size_t i = 0; i < count; i++)
        __builtin_prefetch(places[i]);
}

void state_fetch_rest(const struct state *state) {
    const void *const read[] = {
        state->claims.numbers[0], state->claims.numbers[1], state->claims.number,  state->claims.tracking,
        state->topics[0],         state->reference,         state->offer,          state->resolved,
        &state->call.caller_seen, state->call.keys,         &state->call.question, state->call.spoken,
        state->call.rest,         &state->call.cut,
    };
    fetch(read, sizeof read / sizeof *read);
}

void state_fetch(const struct state *state) {
    const void *const read[] = {
        state,
        &state->wake_ms,
        state->claims.email,
        state->claims.postcode,
        state->claims.phone,
        state->claims.caller,
        state->claims.phone4,
        state->token.email,
        &state->locked,
        state->orders[0],
        state->orders[1],
        state->factors,
        state->focus,
        state->told,
        state->pick,
        state->opening,
        state->goals[0].intent,
        state->goals[1].intent,
        state->goals[2].intent,
        state->goals[3].intent,
        state->goals[4].intent,
        state->said[0].phrase,
        state->said[1].phrase,
        state->said[2].phrase,
        state->said[4].phrase,
        state->said[5].phrase,
        state->said[6].phrase,
    };
    fetch(read, sizeof read / sizeof *read);
}
