/* The words of a language file – numbers, dates, letters, cues – and what patterns mean by a number and a
 * date. */
#pragma once
#include "intents/language.h"

bool vocabulary_load(struct language *language, struct error *err);
