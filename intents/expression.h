/* The steps of a pattern as PCRE2 source for the plain text of an utterance: " where is my order . i paid " –
 * a space before and after every word, sentence ends as " . ", entities as " <order_number,postcode> ". */
#pragma once
#include "intents/notation.h"

/* Sources of what a language says for them: " one| two"; "" nothing. */
struct expression_words {
    const char *number;        /* a number in words */
    const char *ordinals;      /* "st|nd|rd|th" */
    const char *ordinal_words; /* " first| second" */
    const char *date;          /* the words that are a date: " tomorrow| friday" */
};

/* Scratch goes to the arena, too. */
const char *expression_write(const struct step *steps, const struct expression_words *words,
                             struct arena *arena);
