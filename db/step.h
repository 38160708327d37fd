/* What was said in a step of a conversation, and why it was answered so, packed for its row. Knows no
 * database.
 *
 * Rows on disk are read by position: nothing is ever taken out of a turn or a note, or put in, without a new
 * version of the schema. */
#pragma once
#include "base/arena.h"
#include "db/change.h"
#include "db/pack.h"

enum { STEP_MAX = 4 << 20 };

/* Both as their row holds them, of no length where there are none. */
struct step {
    const char *turns, *notes;
    size_t turns_len, notes_len;
    int64_t first, last; /* seq of its turns, 0 none */
    int64_t again;       /* a seq that is not above the one before it, 0 none */
    bool large;          /* over STEP_MAX: it cannot be stored */
};

/* From then on their strings stand in the step (change_pack). */
struct step *step_pack(struct arena *arena, struct turn *turns, int turn_count, struct note *notes,
                       int note_count);

/* struct turn or struct note, `count` of them; their strings point into the bytes. NULL: these are damaged.
 */
void *step_turns(struct packed in, struct arena *arena, int *count);
void *step_notes(struct packed in, struct arena *arena, int *count);
