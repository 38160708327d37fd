/* Which words are the order number, the tracking number or a proof, and what they change of what the customer
 * has shown so far. */
#pragma once
#include "bot/dialogue/hear.h"

/* The reading stands in heard, which is told what changed. */
void claims_hear(const struct dialogue *dialogue, struct state *state, const char *text, struct heard *heard);
