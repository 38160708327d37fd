/* The policy: from what matched to what was meant. README.md states it for people; this is the one place that
 * holds it. */
#pragma once
#include "intents/matcher.h"
#include "intents/model.h"

/* What speaks. */
struct voices {
    struct hit *hits;
    int hit_count;
    const struct opinion *opinion; /* of the model; NULL: it was not asked */
    const struct seen *seen;
    const struct domain *domain;
    const struct language *language;
    struct arena *arena;
};

/* Adds what the model proposes to the hits, as weak patterns that reach over the whole message: then hard
 * negatives can strike it. */
void vote_propose(struct voices *voices);

/* Fills intents, count and kind of the reading. True when a strong pattern of a matter (not small talk)
 * decided. */
bool vote(const struct voices *voices, struct reading *out);
