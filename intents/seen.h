/* What the patterns see: the folded words of an utterance put right as one language spells (mend.h),
 * entities as marks, sentence ends as " . ", and a space at both ends. */
#pragma once
#include "intents/entities.h"

/* A word as the patterns see it, a mark, or the end of a sentence. */
struct token {
    const struct entry *entry; /* NULL: unknown, a mark, or an end */
    const char *text;
    int len;
    int begin;      /* the space before it in the seen text */
    int word;       /* of the utterance: it, the first of those that are one thing, or the one after a stop */
    uint16_t marks; /* bits of enum mark */
    bool stop;      /* the end of a sentence */
};

struct seen {
    const char *text;
    int len;
    int *begin;  /* of each word of the utterance: the space before it in text */
    int *part;   /* of each word: the sentence, or piece of one after "also", that it stands in */
    int *clause; /* of each word: the piece of a part; a comma or "and" before "where", "I" … parts them */
    int count;
    struct token *tokens;
    int token_count;
};

void seen_make(struct seen *out, const struct utterance *utterance, const struct language *language,
               const struct word_mark *marks, struct arena *arena);
int seen_word(const struct seen *seen, int byte); /* the word at or after a byte of text */
