/* What came of one thing that a customer said: the notes say what was understood, the hand-offs what was
 * promised. Private to bot/cli. */
#pragma once
#include "bot/cli/mind.h"
#include "db/change.h"

struct outcome {
    const char *intent, *order, *queue, *reason; /* NULL: none */
    bool track;
};

/* Adds what was committed; strings are copied into the arena. */
void outcome_add(struct outcome *outcome, const struct change *change, const struct catalogue *catalogue,
                 struct arena *arena);
/* "intent", "kind", "order" and "handoff". */
void outcome_print(const struct outcome *outcome, const struct catalogue *catalogue, struct json_out *out);
