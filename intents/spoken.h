/* Numbers in words. */
#pragma once
#include "intents/language.h"

/* The value of a short number in words or digits that is the whole of `text` ("twenty one", "3", "14th"); -1:
 * none. */
int spoken_value(const struct language *language, const char *text, struct arena *arena);
