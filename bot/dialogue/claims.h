/* Which words are the order number, the tracking number or a proof, and what they change of what the customer
 * has shown so far. */
#pragma once
#include "bot/dialogue/hear.h"

/* Do they share words? */
bool candidate_overlaps(const struct candidate *a, const struct candidate *b);
/* The best that shares words with token, or NULL. */
const struct candidate *candidate_over(const struct slot_reading *slot, const struct candidate *token);

/* Which of the proved orders has this number; -1 none. */
int claims_known(const struct state *state, const char *value);
/* Forgets which order was named, and others beside it. */
void claims_drop_number(struct claims *claims);
/* What could be both was no postcode, but the order's number. */
void claims_rename(struct claims *claims);
/* How many orders were named at once; 1 when none was. */
int claims_named(const struct claims *claims);
/* Are some of them written in full and others by their digits alone? */
bool claims_mixed(const struct claims *claims);
/* The reading stands in heard, which is told what changed. */
void claims_hear(const struct dialogue *dialogue, struct state *state, const char *text, struct heard *heard);
