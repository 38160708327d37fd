/* Numbers in words. */
#pragma once
#include "intents/language.h"

/* The value of a short number in words or digits that is the whole of `text` ("twenty one", "3", "14th"); -1:
 * none. */
int spoken_value(const struct language *language, const char *text, struct arena *arena);

/* Is it nothing but numbers in words of this language? */
bool spoken_numbers(const struct language *language, struct utterance *utterance, struct arena *arena);
