/* Which language is it? Function words, the words of the catalogues, and letters that only some languages
 * write. */
#pragma once
#include "intents/fold.h"
#include "intents/language.h"

enum { LANGUAGES_MAX = 16 };

struct recogniser;
/* The table of words, from the languages' files as they are: made when wismo is built, for the files that it
 * carries, and at start for others. */
const char *recogniser_make(const struct language *languages, int count, struct arena *arena, size_t *len);
extern const struct data_file intents_words[]; /* the embedded one */
/* Reads such a table, which must live as long. NULL: it is of other languages. */
struct recogniser *recogniser_open(const char *bytes, int count, struct arena *arena);

/* It will be asked of them: what that needs is on its way. */
void recognise_expect(const struct recogniser *recogniser, const struct utterance *utterance);
/* evidence[i]: how much speaks for languages[i], about one a word. */
void recognise(const struct recogniser *recogniser, const struct utterance *utterance,
               double evidence[LANGUAGES_MAX]);
/* Is it a frequent word of any language? */
bool recogniser_function_word(const struct recogniser *recogniser, const struct word *word);

struct recognised {
    int language; /* the clearest, the prior when the text says too little; -1 when there is neither */
    double score; /* 0..1 */
};
struct recognised recognise_decide(const double evidence[LANGUAGES_MAX], int count, int words, int prior,
                                   bool guessed);
