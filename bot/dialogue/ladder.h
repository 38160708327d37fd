/* When a caller is not heard, or not understood: each time the question is asked in another way, and at the
 * end there is a person. Private to bot/dialogue. */
#pragma once
#include "bot/dialogue/reply.h"

/* Nothing was heard since we asked. */
void ladder_silence(struct reply *reply);
/* What was said does not answer what is expected now. */
void ladder_miss(struct reply *reply, enum expect expect);
