/* The policy: from what matched to what was meant. README.md states it for people; this is the one place that
 * holds it. */
#pragma once
#include "intents/matcher.h"

/* What speaks. A learned model will be a second voice here; until then there are hits alone. */
struct voices {
    const struct hit *hits;
    int hit_count;
    const struct seen *seen;
    const struct domain *domain;
    const struct language *language;
    struct arena *arena;
};

/* Fills intents, count and kind of the reading. True when a strong pattern of a matter (not small talk)
 * decided. */
bool vote(const struct voices *voices, struct reading *out);
