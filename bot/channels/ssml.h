/* What a speech engine is given to say: plain words, or where the shop wants it the same as SSML. Knows no
 * platform: who wraps it in <speak> does so. */
#pragma once
#include "base/arena.h"
#include "base/buffer.h"

#define SSML_SAY_AS "say-as" /* the setting; the other is "none" */

/* The words as they may be said: without links, emoji and signs. What is to be marked keeps & < and >. */
const char *ssml_words(const char *text, bool marked, struct arena *arena);
/* The words as SSML without its root: what is said sign by sign is marked, its groups stand apart, all else
 * is escaped. */
void ssml_mark(struct buffer *out, const char *words);
/* Does this engine of a conversation relay understand it? */
bool ssml_taken(const char *engine);
