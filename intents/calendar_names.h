/* How people of a language call weekdays and months: ICU's names, in full and abbreviated. */
#pragma once
#include "base/error.h"
#include "intents/dictionary.h"

bool calendar_names(const char *locale, struct dictionary *dictionary, struct error *err);
