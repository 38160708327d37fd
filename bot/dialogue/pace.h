/* How long words take to be heard, where sentences begin in them, and the same more slowly. */
#pragma once
#include "base/arena.h"
#include "responses/phrasebook.h"
#include <stddef.h>
#include <stdint.h>

int64_t pace_ms(const char *text);
size_t pace_sentence(const char *text, size_t at); /* where the sentence begins that `at` stands in */
size_t pace_last_sentence(const char *text);
/* How long the run of digits and letters is that begins here and is said one by one, "1 0 0, 4 2"; 0: none
 * does. digits: whether there is one among them. */
size_t pace_run(const char *text, const char *at, bool *digits);
/* A pause between digits and letters that are said one by one; letters among digits are spelled. */
const char *pace_slow(const char *text, const struct phrasebook *book, const char *locale,
                      struct arena *arena);
