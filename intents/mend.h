/* Words as the language spells them: "pleeease", "pakage", "wheresmyorder", "par cel". Entities are read
 * before that, from what was written. */
#pragma once
#include "intents/entities.h"
#include "intents/model.h"

struct sources {
    const struct language *language;
    const struct recogniser *recogniser;
    const struct model *model; /* NULL: there is none */
};
/* Puts right the words that are no number, date or address and that the dictionary, where they have been
 * looked up, does not have: `entry` for the patterns, and, where the model does not know a word as it stands,
 * the word for the model. One may become several, two may become one. The utterance has a copy of its words
 * then, and so have its marks; both in the arena. False: all is as it was. */
bool mend(const struct sources *sources, struct utterance *utterance, struct word_mark **marks,
          struct arena *arena);
