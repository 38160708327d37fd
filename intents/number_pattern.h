/* The shop's own order numbers. */
#pragma once
#include "intents/intents.h"

bool number_pattern_given(const struct number_pattern *pattern); /* or any plausible shape? */

/* Does the pattern take the whole of it? bare: letters and digits only. False for NULL. */
bool number_pattern_takes(const struct number_pattern *pattern, const char *bare);
