/* Patterns and entries that can go: what says the same again, and what its own hard negative always strikes.
 */
#pragma once
#include "intents/language.h"

/* root: the file of the language. */
void repeats_find(const struct language *language, json_t *root, struct arena *arena,
                  void (*each)(const char *message, void *context), void *context);
