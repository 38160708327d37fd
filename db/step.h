/* What was said in a step of a conversation, and why it was answered so, packed for its row. Knows no
 * database.
 *
 * Rows on disk are read by position: nothing is ever taken out of a turn or a note, or put in, without a new
 * version of the schema. */
#pragma once
#include "base/arena.h"
#include "db/change.h"
#include "db/pack.h"

void step_pack_turns(struct buffer *out, const struct turn *turns, int count);
void step_pack_notes(struct buffer *out, const struct note *notes, int count);

/* struct turn or struct note, `count` of them; their strings point into the bytes. NULL: these are damaged.
 */
void *step_turns(struct packed in, struct arena *arena, int *count);
void *step_notes(struct packed in, struct arena *arena, int *count);
