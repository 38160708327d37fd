/* "No, four two": the end of a number that was read back, corrected by word of mouth. Private to
 * bot/dialogue. */
#pragma once
#include "bot/dialogue/dialogue.h"

/* The whole number, corrected, in the arena; NULL when the words give no end of it. */
const char *tail_corrected(const struct dialogue *dialogue, const char *number, const char *text,
                           const struct read_options *options, struct arena *arena);
