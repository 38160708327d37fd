#include "bot/cli/outcome.h"
#include "base/text.h"
#include <string.h>

static const char *kind_of(const struct catalogue *catalogue, const char *name) {
    const struct intent *intent = catalogue_intent(catalogue, name);
    return kind_name(intent ? intent->kind : KIND_UNKNOWN);
}

void outcome_add(struct outcome *outcome, const struct change *change, const struct catalogue *catalogue,
                 struct arena *arena) {
    for (int i = 0; i < change->note_count; i++) {
        const struct note *note = &change->notes[i];
        if (!outcome->intent && !text_empty(note->intent))
            outcome->intent = arena_string(arena, note->intent);
        if (!text_empty(note->order))
            outcome->order = arena_string(arena, note->order);
        outcome->track |= !text_empty(note->intent) && text_is(kind_of(catalogue, note->intent), "track");
        outcome->track |= note->also && strstr(note->also, "\"track.");
    }
    for (int i = 0; i < change->handoff_count; i++) {
        if (text_empty(change->handoffs[i].reason))
            continue; /* a contact, or its end: no new matter */
        outcome->queue = arena_string(arena, change->handoffs[i].queue);
        outcome->reason = arena_string(arena, change->handoffs[i].reason);
    }
}

void outcome_print(const struct outcome *outcome, const struct catalogue *catalogue, struct json_out *out) {
    json_text(out, "intent", outcome->intent);
    json_text(out, "kind",
              outcome->track    ? "track"
              : outcome->intent ? kind_of(catalogue, outcome->intent)
                                : kind_name(KIND_UNKNOWN));
    json_text(out, "order", outcome->order);
    if (!outcome->queue) {
        json_text(out, "handoff", NULL);
        return;
    }
    json_open(out, "handoff", '{');
    json_text(out, "reason", outcome->reason);
    json_text(out, "queue", outcome->queue);
    json_close(out, '}');
}
