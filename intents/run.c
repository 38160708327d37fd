#include "intents/run.h"
#include <string.h>

/* A word of a language that writes numbers together, taken apart: the parts are all number words, or it is
 * left whole. */
static int take_apart(const struct language *language, const char *word, int len,
                      struct word parts[RUN_PARTS], int count, struct arena *arena) {
    if (len == 0)
        return count;
    if (count == RUN_PARTS)
        return 0;
    for (int part = len; part >= 1; part--) {
        const struct entry *entry = dictionary_word(&language->dictionary, word, part);
        /* One letter only joins: the y of "treintaycinco". */
        uint64_t wanted = part > 1 ? RUN_NUMBERS | WORD_AND : count > 0 && len > 1 ? WORD_AND : 0;
        if (!entry || !(entry->flags & wanted))
            continue;
        int all = take_apart(language, word + part, len - part, parts, count + 1, arena);
        if (all > 0) {
            parts[count] = (struct word){.text = arena_copy(arena, word, (size_t)part),
                                         .entry = entry,
                                         .len = part,
                                         .has_letter = true};
            return all;
        }
    }
    return 0;
}

bool run_may_be_joined(const struct language *language, const struct word *word) {
    return !word->entry && !word->has_digit && word->len > 4 &&
           language->number_firsts & letter_bit(word->text[0]) &&
           language->number_lasts & letter_bit(word->text[word->len - 1]);
}

/* Adds a word of the utterance to the run; false when the run is full. */
static bool add_word(struct run *run, const struct word *word, int origin, struct arena *arena) {
    struct word parts[RUN_PARTS];
    int count = 0;
    if (run->language->joined && run_may_be_joined(run->language, word))
        count = take_apart(run->language, word->text, word->len, parts, 0, arena);
    if (run->count + (count > 0 ? count : 1) > run->size)
        return false;
    for (int i = 0; i < count; i++) {
        run->words[run->count] = parts[i];
        run->origin[run->count++] = origin;
    }
    if (count == 0) {
        run->words[run->count] = *word;
        run->origin[run->count++] = origin;
    }
    return true;
}

struct run *run_new(const struct language *language, const struct utterance *utterance, struct arena *arena) {
    struct run *run = ARENA_NEW(arena, struct run);
    run->language = language;
    run->utterance = utterance;
    run->size = utterance->count * (language->joined ? 2 : 1) + RUN_PARTS;
    run->words = ARENA_ARRAY(arena, struct word, (size_t)run->size);
    run->origin = ARENA_ARRAY(arena, int, (size_t)run->size);
    for (int i = 0; i < utterance->count && add_word(run, &utterance->words[i], i, arena); i++)
        ;
    return run;
}

int run_digit(const struct run *run, int at) {
    int span;
    const struct entry *entry = run_find(run, at, WORD_DIGIT, &span);
    return entry && span == 1 ? entry->digit : -1;
}

/* "è" is a word, never the name of the letter. */
static bool accented(const struct run *run, int at) {
    const struct utterance *utterance = run->utterance;
    int begin = utterance->words[run->origin[at]].begin;
    return (unsigned char)utterance->text[utterance->origin[begin]] >= 0x80;
}

char run_letter(const struct run *run, int at, int *span, bool *common) {
    const struct word *word = &run->words[at];
    const struct entry *plain = word->entry;
    const struct entry *entry = run_find(run, at, WORD_LETTER, span);
    if (!run->letters || word->has_digit || (word->len == 1 && accented(run, at)))
        return '\0';
    *common = plain && plain->flags & WORD_FUNCTION;
    if (entry)
        return (char)(entry->letter - 'a' + 'A');
    *span = 1;
    return word->len == 1 && !word->elided && word->text[0] >= 'a' && word->text[0] <= 'z'
               ? (char)(word->text[0] - 'a' + 'A')
               : '\0';
}

static bool run_is_digit(const struct word *word) {
    return word->has_digit && !word->has_letter && word->len <= 2;
}

bool run_digit_like(const struct run *run, int at) {
    int span;
    return at >= 0 && at < run->count &&
           (run_is_digit(&run->words[at]) || run_find(run, at, RUN_NUMBERS & ~(uint64_t)WORD_HUNDRED, &span));
}

bool run_number_ends(const struct run *run, int at) {
    return at > 0 && (run_is_digit(&run->words[at - 1]) ||
                      dictionary_before(&run->language->dictionary, run->words, at, WORD_DIGIT | WORD_VALUE));
}

bool run_letters(const struct run *run, int at) {
    enum { TOGETHER = 2 };
    const struct word *word = &run->words[at];
    return run->spelling && word->len == TOGETHER && !word->entry && !word->has_digit && !word->elided &&
           word->text[0] >= 'a' && word->text[0] <= 'z' && word->text[1] >= 'a' && word->text[1] <= 'z' &&
           (run_digit_like(run, at + 1) || run_number_ends(run, at));
}
