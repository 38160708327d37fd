/* What a sieve is made of, side by side in memory: sieve.c makes it of the steps of patterns, places.c
 * follows it over messages. */
#pragma once
#include "intents/sieve.h"

enum {
    ROW_BITS = 64,
    NEEDS = 3,
    REACH_MAX = 200,
    SPOKEN_NUMBER = 12 /* words of a number or date, at the most */
};

enum action_kind {
    ACTION_WORD,
    ACTION_ANY,     /* one of a set */
    ACTION_CHOICE,  /* of several ways */
    ACTION_SPOKEN,  /* up to SPOKEN_NUMBER of a set */
    ACTION_ORDINAL, /* the same, and "14 th" */
    ACTION_GAP,
    ACTION_START,
    ACTION_END,
    ACTION_DONE
};

struct action {
    uint8_t kind;
    bool maybe;      /* or nothing */
    uint16_t number; /* of the word; the most words of a gap */
    int of;          /* which set or shortcut */
};

static inline bool steps_are_words(const struct step *steps) {
    while (steps && steps->kind == STEP_WORD)
        steps = steps->next;
    return !steps;
}

/* A way of a choice: what follows its first word, where it begins with a mere one; else all of it, and the
 * set of what it may begin with. */
struct way {
    int actions, firsts;
};

/* How many words may stand there. */
struct reach {
    int least, most; /* REACH_MAX: perhaps more */
};

/* A choice, arranged to be followed fast. */
struct shortcut {
    int words;           /* the set of the ways that are one word; SET_EVERY: none are */
    int ways, way_count; /* the others */
    int worded;          /* of those, how many begin with a mere word: these come first */
    int heads;           /* the set of those words; SET_EVERY: there are none */
    int begins;          /* the set of what any way begins with */
    int need;            /* one of these must be said; SET_EVERY: nothing is known */
    struct reach reach;  /* of one way, the least and the most of all */
    bool exact;
    bool plain; /* all ways are mere words */
};

struct waiting {
    uint64_t about;
    uint64_t signs[NEEDS - 1]; /* of what is in its needs: most of these are said nowhere */
    int pattern;               /* in sieve->patterns */
    int needs[NEEDS - 1];      /* sets, besides that under which it waits */
    int actions;
    struct reach before; /* from where it begins to the word under which it waits */
};

struct sifted {
    struct sieve_pattern of;
    int actions;
    bool exact;
    int needs[NEEDS];
    struct reach before; /* the word of needs[0] */
};

/* Once all sets are known they are replaced by how it is asked where one of them stands: twice the bit that
 * words have in their rows, of a set of many; one more than twice the place of a list, of one of few: a bit
 * of SIGNS for each number, then the numbers and NUMBER_NONE. */
enum { FEW = 8, FEW_HEAD = sizeof(uint64_t) / sizeof(uint16_t), SIGNS = 64 };

static inline uint64_t sign_of(uint16_t number) {
    return UINT64_C(1) << number % SIGNS;
}

static inline uint64_t bit_of(const uint64_t *row, unsigned bit) {
    return row[bit / ROW_BITS] >> bit % ROW_BITS & 1;
}

static inline bool is_few(int set) {
    return set & 1;
}

struct sieve {
    struct arena *arena;
    struct sets sets;
    int numbers;               /* how many there are, NUMBER_NONE included */
    int date, number, ordinal; /* sets */
    struct sifted *patterns;
    int pattern_count, pattern_size;
    struct action *actions;
    int action_count, action_size;
    struct shortcut *shortcuts;
    int shortcut_count, shortcut_size;
    struct way *ways;
    uint16_t *way_words; /* [way] its first word, of those that begin with a mere one */
    int way_count, way_size, way_word_size;
    int *begins; /* [number * SIEVE_ROUNDS + round] the first of those that wait for it then */
    struct waiting *waiting;
    uint16_t *few;    /* lists */
    uint64_t *rows;   /* of which sets of many words are: row_words a row, the first one of none */
    uint16_t *row_of; /* [number] */
    int row_words;
};
