/* The brain: a conversation is a function. Touches no clock, socket, file or database; time and facts are
 * arguments, what is to be done comes back as effects. The state is plain data (bot/dialogue/state.h).
 *
 *     HELLO, SAID, CHOSE, … → dialogue_step → SAY, HAND_OFF, NOTE … LOOK_UP
 *     ORDERS (the answer)   → dialogue_step → SAY …
 */
#pragma once
#include "bot/dialogue/effect.h"
#include "bot/dialogue/event.h"
#include "bot/dialogue/shop.h"
#include "bot/dialogue/state.h"
#include "responses/phrasebook.h"

/* What a dialogue knows besides the conversation; borrowed, immutable for the turn. The reader is the calling
 * thread's. */
struct dialogue {
    const struct catalogue *catalogue;
    struct reader *reader;
    const struct phrasebook *book;
    const struct shop *shop;
};

/* Never fails. effects->count is set; strings live in the arena. */
void dialogue_step(const struct dialogue *dialogue, struct state *state, const struct event *event,
                   struct arena *arena, struct effects *effects);
