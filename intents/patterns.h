/* The patterns of a language file and the lists that they use. */
#pragma once
#include "intents/language.h"

/* After its words. */
bool patterns_load(struct language *language, const struct domain *domain, struct error *err);
void patterns_settle(struct language *language); /* all of them are in the arena then */
void patterns_clear(struct language *language);
/* Tells of lists that nothing uses. */
void patterns_unused_lists(const struct language *language, void (*each)(const char *message, void *context),
                           void *context);
