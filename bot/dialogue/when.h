/* When does it come? Late, sure, before Saturday: the questions about time, answered from what is to be
 * expected of each parcel and of what is in none yet (bot/dialogue/picture.h). */
#pragma once
#include "bot/dialogue/answer.h"

enum when_question { WHEN_ARRIVES, WHEN_LATE, WHEN_CERTAIN, WHEN_DEADLINE, WHEN_QUESTIONS };

/* Answers it of all that is still to come, parcel by parcel where they differ. */
void when_tell(struct answer *answer, enum when_question question);
/* The same of one parcel. */
void when_tell_prospect(struct answer *answer, const struct prospect *prospect, enum when_question question);
/* "Parcel 1 of 2:", before what is said of it. */
void when_name(struct answer *answer, const struct prospect *prospect);
/* The goal names a day that the question can be measured by. */
bool when_measured(const struct answer *answer);

void when_tell_window(struct answer *answer);
