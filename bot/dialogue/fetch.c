#include "base/memory.h"
#include "bot/dialogue/state.h"

static void fetch(const void *const *places, size_t count) {
    for (size_t i = 0; i < count; i++)
        __builtin_prefetch(places[i]);
}

void state_fetch_rest(const struct state *state) {
    const void *const read[] = {
        state->claims.number,  state->claims.tracking, state->topics[0],         state->reference,
        state->offer,          state->resolved,        &state->call.caller_seen, state->call.keys,
        &state->call.question, state->call.spoken,     state->call.rest,         &state->call.cut,
    };
    fetch(read, sizeof read / sizeof *read);
}

void state_fetch(const struct state *state) {
    const void *const read[] = {
        state->claims.numbers[0], state->claims.numbers[1], state->claims.email,  state->claims.postcode,
        state->claims.phone,      state->claims.caller,     state->claims.phone4, state->token.email,
    };
    memory_fetch(state, state->orders[1] + 1);
    fetch(read, sizeof read / sizeof *read);
}
