/* Where in a message the steps of a pattern lead. Places are the bits of a word, so that all are followed at
 * once. What is said at them sifter.c tells; besides that only sifter_match.c looks in here. */
#pragma once
#include "intents/mesh.h"
#include "intents/numbering.h"
#include "intents/seen.h"
#include <string.h>

enum {
    WINDOW = 62, /* words that are looked at together: their places, and the one after the last, are bits */
    SAID_MAX = WINDOW * NUMBERS_A_WORD,
    SAID_ALWAYS, /* as which NUMBER_NONE is said: nowhere */
    CHOSEN = 64  /* a power of two */
};

struct tried {
    uint32_t stamp;
    uint64_t places;
};

/* Patterns share their choices: what was asked last of those whose indexes end alike. */
struct chosen {
    uint32_t stamp;
    int index;
    uint64_t at, reached;
};

struct sifter {
    const struct sieve *sieve;
    const struct language *language;
    const struct seen *seen;
    uint32_t stamp;    /* of the window that is looked at */
    uint16_t *said_as; /* [number] where it is in `said`; 0: it is not said */
    int said_as_count;
    uint16_t said[SAID_MAX + 1];      /* numbers, from 1 on */
    uint64_t places[SAID_ALWAYS + 1]; /* [in said] where it stands */
    int said_count;
    uint16_t boxes[SAID_MAX + 1];               /* in `said`: for which something waits in the round */
    uint64_t signs;                             /* of those numbers */
    const uint16_t *numbers[WINDOW];            /* [place] of the word there */
    uint16_t rooms[WINDOW][NUMBERS_A_WORD + 1]; /* for them */
    const uint64_t *rows[WINDOW + 1];           /* [place] of which sets of many the word there is */
    uint64_t *mixed;                            /* rows: of all words, and of those of several numbers */
    int mixed_count;
    struct tried *tried; /* [pattern] where it may end, once it was followed */
    int tried_count;
    struct chosen chosen[CHOSEN];
    uint64_t starts, ends; /* of sentences */
    uint64_t open;         /* words */
    uint64_t all;
};

static inline uint64_t places_of_number(const struct sifter *sifter, uint16_t number) {
    return sifter->places[sifter->said_as[number]];
}

/* A list of few, if one of it may be said; else its end. */
static inline const uint16_t *few_of(const struct sifter *sifter, int set) {
    static const uint16_t none = NUMBER_NONE;
    const uint16_t *list = sifter->sieve->few + set / 2;
    uint64_t signs;
    memcpy(&signs, list, sizeof signs);
    return signs & sifter->signs ? list + FEW_HEAD : &none;
}

/* On which of the places stands one of the set? */
static inline uint64_t places_among(const struct sifter *sifter, int set, uint64_t at) {
    uint64_t places = 0;
    if (set <= SET_ONE)
        return at & places_of_number(sifter, (uint16_t)(SET_ONE - set));
    if (is_few(set)) {
        for (const uint16_t *few = few_of(sifter, set); *few != NUMBER_NONE; few++)
            places |= places_of_number(sifter, *few);
        return at & places;
    }
    unsigned bit = (unsigned)set / 2;
    if (!bit_of(sifter->mixed, bit)) /* most that is asked for is said nowhere */
        return 0;
    for (; at; at &= at - 1) {
        int place = __builtin_ctzll(at);
        places |= bit_of(sifter->rows[place], bit) << place;
    }
    return places;
}

/* From `from` over one to `most` of the words. */
static inline uint64_t places_over(uint64_t from, uint64_t words, int most) {
    uint64_t reached = 0;
    for (int i = 0; i < most && from; i++) {
        from = (from & words) << 1;
        reached |= from;
    }
    return reached;
}

/* At which of the places may begin what begins with one of a set? */
static inline uint64_t places_beginning(const struct sifter *sifter, int begins, uint64_t at) {
    return begins == SET_EVERY ? at : places_among(sifter, begins, at);
}

/* Where the actions may end that begin at one of the places. */
uint64_t places_follow(struct sifter *sifter, int actions, uint64_t at);
/* The same, of all the ways of a choice: the index of its shortcut, which may begin there. */
uint64_t places_choose(struct sifter *sifter, int index, uint64_t at);
