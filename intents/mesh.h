/* What a sieve is made of, side by side in memory: sieve.c gathers it from the steps of patterns, mesh.c lays
 * it down, the sifter (sifter.h) follows it over messages. */
#pragma once
#include "intents/sieve.h"

enum {
    ROW_BITS = 64,
    ROW_STEP = 4, /* words of rows are mixed so many at once */
    NEEDS = 3,
    ANY = 4,
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
    int of; /* which set or shortcut; the one after a choice tells what any of its ways begins with */
};

static inline bool steps_are_words(const struct step *steps) {
    while (steps && steps->kind == STEP_WORD)
        steps = steps->next;
    return !steps;
}

static inline bool step_is_date(const struct step *step) {
    return step->kind == STEP_MARK && step->number == MARK_NUMBER_DATE;
}

static inline bool step_is_one_word(const struct step *step) {
    return step->kind == STEP_WORD || step->kind == STEP_BEGINNING ||
           (step->kind == STEP_MARK && !step_is_date(step));
}

/* A way of a choice: what follows its first word, where it begins with a mere one; else all of it. */
struct way {
    int actions;
    union {
        struct {
            uint16_t word; /* the first */
            uint16_t next; /* the one right after it; NUMBER_NONE: none has to be */
        };
        int first; /* the set of what it may begin with */
    };
};

/* How many words may stand there. */
struct reach {
    int least, most; /* REACH_MAX: perhaps more */
};

/* A choice, arranged to be followed fast: two are a line of the processor's cache. */
struct shortcut {
    int need;            /* one of these must be said; SET_EVERY: nothing is known */
    int begins;          /* the set of what any way begins with */
    int words;           /* the set of the ways that are one word; SET_EVERY: none are */
    int heads;           /* the set of those with which the worded ways begin; SET_EVERY: there are none */
    int ways, way_count; /* the others */
    int worded;          /* of those, how many begin with a mere word: these come first */
    bool plain;          /* all ways are mere words */
};

/* What else is known of it while the mesh is made. */
struct arranged {
    struct reach reach; /* of one way, the least and the most of all */
    bool exact;
};

/* A pattern under a word that it waits for. Tens are looked at for each message, and most go no further: two
 * are a line of the processor's cache. */
struct waiting {
    uint16_t any[ANY];    /* a need of few: one of these is said; NUMBER_NONE: always */
    int needs[NEEDS - 1]; /* sets: the others, besides that under which it waits */
    int pattern;          /* in sieve->patterns */
    int owner;
    int actions;
    uint8_t least, most; /* words from where it begins to the one under which it waits */
    uint16_t about;      /* in sieve->abouts */
};

struct sifted {
    const struct step *steps;
    int actions;
    bool exact;
};

/* A pattern while the mesh is made. */
struct added {
    struct sieve_pattern of;
    uint16_t about;
    int needs[NEEDS];
    struct reach before; /* the word of needs[0] */
};

/* What is asked of a number first: two are a line of the processor's cache. */
struct numbered {
    uint64_t about;               /* of all that wait for it in the last round */
    uint32_t row;                 /* where its words begin in sieve->rows */
    int begins[SIEVE_ROUNDS + 1]; /* [round] the first that waits then; they end where the next begin */
};

/* Once all sets are known they are replaced by how it is asked where one of them stands: twice the bit that
 * words have in their rows, of a set of many; one more than twice the place of a list, of one of few: a bit
 * of SIGNS for each number, then the numbers and NUMBER_NONE. */
enum { FEW = 6, FEW_HEAD = sizeof(uint64_t) / sizeof(uint16_t), SIGNS = 64 };

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
    int way_count, way_size;
    struct numbered *numbered; /* [number] */
    struct waiting *waiting;
    int waiting_count;
    uint64_t *abouts; /* each once; what is more than there is room for shares the last */
    int about_count, about_size;
    uint16_t *few;  /* lists */
    uint64_t *rows; /* of which sets of many words are: row_words a row, the first one of none */
    int row_words;  /* a multiple of ROW_STEP */
    /* While it is made: */
    struct arranged *arranged; /* [shortcut] */
    int arranged_size;
    struct added *added; /* [pattern] */
    int added_size;
};

/* Those that wait for a number in a round. */
static inline const struct waiting *waiting_begin(const struct sieve *sieve, uint16_t number, int round) {
    return sieve->waiting + sieve->numbered[number].begins[round];
}

static inline const struct waiting *waiting_end(const struct sieve *sieve, uint16_t number, int round) {
    return waiting_begin(sieve, number, round + 1);
}
