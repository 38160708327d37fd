/* The other half of a message: where strong patterns speak of something else, the model is asked about what
 * they leave over. */
#pragma once
#include "intents/seen.h"
#include "intents/vote.h"

struct clauses {
    const struct model *model;
    const struct utterance *utterance;
    const struct word_mark *marks;
    struct voices *voices; /* what it finds in a clause is added to the hits */
};
/* Words that are no number, date or address: of those alone nobody can tell what is meant. */
int clauses_free_words(const struct utterance *utterance, const struct word_mark *marks, int first, int end);
void clauses_ask(const struct clauses *clauses);
