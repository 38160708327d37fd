/* Reading back what may have been misheard, before it counts. Private to bot/dialogue. */
#pragma once
#include "bot/dialogue/reply.h"

/* Once words are heard. True: it asked, or was told that it was wrong, and nothing else is to be said. */
bool confirm_heard(struct reply *reply);
