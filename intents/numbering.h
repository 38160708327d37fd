/* The numbers by which the patterns of a language know words, and words that begin alike. */
#pragma once
#include "intents/language.h"
#include "intents/sets.h"

enum { NUMBERS_A_WORD = 24 };

/* fuzzy: it is meant where it is misspelled, too. */
const struct entry *numbering_word(struct language *language, const char *word, bool fuzzy);
const struct beginning *numbering_beginning(struct language *language, const char *text);
/* Each word of the entries with one of the flags; the list is the caller's to free. */
struct word_numbers numbering_of(struct language *language, uint64_t flags);

/* Once all are known; what follows needs that. */
void numbering_finish(struct language *language);

struct token;
/* By what numbers patterns know it, and NUMBER_NONE after the last. */
const uint16_t *numbering_token(const struct language *language, const struct token *token,
                                uint16_t room[NUMBERS_A_WORD + 1]);
/* Do patterns know it by how it begins ("deliver*")? */
bool numbering_begins(const struct language *language, const char *word, int len);
/* [number] how often some of the examples say it: a pattern waits for the rarest of its words. In the
 * scratch.
 */
uint32_t *numbering_count(struct language *language);
