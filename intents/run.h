/* A message as a run of words that may say a number: a word written together ("einundzwanzig") is several. */
#pragma once
#include "intents/language.h"

enum { RUN_PARTS = 6 /* of a word written together, at the most */ };

/* What is a number in words, or begins one. */
#define RUN_NUMBERS (WORD_DIGIT | WORD_VALUE | WORD_HUNDRED | WORD_THOUSAND | WORD_DOUBLE | WORD_TRIPLE)

struct run {
    const struct language *language;
    const struct utterance *utterance;
    struct word *words;
    int *origin; /* the utterance's word */
    int count, size;
    bool letters;  /* letters may be spelled here */
    bool spelling; /* what was asked for is spelled: even ordinary words may be letters */
};

/* May it be several written together? */
bool run_may_be_joined(const struct language *language, const struct word *word);
struct run *run_new(const struct language *language, const struct utterance *utterance, struct arena *arena);

static inline const struct entry *run_find(const struct run *run, int at, uint64_t flags, int *span) {
    return dictionary_find(&run->language->dictionary, run->words, run->count, at, flags, span);
}

int run_digit(const struct run *run, int at); /* in words; -1: none */
/* The letter that is said at `at`, 0 none: "b", "bee", "bravo". *common: it is an ordinary word, too. */
char run_letter(const struct run *run, int at, int *span, bool *common);
/* "ls six two": letters that a recogniser wrote as one word. */
bool run_letters(const struct run *run, int at);
/* Is there a digit in words, or a lone digit, right there? */
bool run_digit_like(const struct run *run, int at);
/* Right before? */
bool run_number_ends(const struct run *run, int at);
