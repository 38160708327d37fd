/* How much a caller is told at once: two sentences and a question. What is over waits until it is asked for.
 * Private to bot/dialogue. */
#pragma once
#include "bot/dialogue/reply.h"

/* Before the words are joined. How the answer begins, what was asked and the question at its end stay. */
void brief_cut(struct reply *reply);
/* Once words are heard. True: the rest was asked for and is said, or not wanted, and there was no more to
 * them. */
bool brief_heard(struct reply *reply);
