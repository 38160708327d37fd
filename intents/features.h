/* What the learned model sees of an utterance: its words, neighbouring words, pieces of words, and the
 * families that words belong to ("lamp" is goods, "Leeds" a place), each a hash, and whether something is
 * asked. Knows no language, no intent and no number: of a word with digits it sees the length alone. */
#pragma once
#include "intents/fold.h"

enum {
    FEATURES_WORDS = 200, /* what is over is left out */
    FEATURES_ALONE = 160,
    FEATURES_BETWEEN = 2048,
    FEATURES_NEIGHBOURS = FEATURES_WORDS * 5 + 3,
    FEATURES_MAX = FEATURES_WORDS * FEATURES_ALONE + FEATURES_BETWEEN,
    FAMILIES_MAX = 60
};

/* Which words are of a family: a table of 2^bits places, the first free one from that of a word's hash on is
 * its end. */
struct families {
    uint32_t bits;
    const uint32_t *words; /* by features_word; 0: free */
    const uint64_t *of;    /* bits, one a family */
};
uint32_t features_word(const char *word, int len);
uint32_t features_hash(const struct word *word); /* of one with digits, by its shape */
/* The place of a word, or the free one where it belongs. */
uint32_t families_place(const uint32_t *words, uint32_t bits, uint32_t word);

/* What is seen of a word beside others. */
struct glimpse {
    uint32_t hash, stem;
    uint64_t families;
    bool sentence; /* the first of one */
};
/* families may be NULL: then only a word with digits has one, by its shape. */
struct glimpse features_glimpse(const struct word *word, const struct families *families);
/* Of a word without families those of its singular count: the length of that; 0: it is no plural. */
int features_singular(const struct word *word);
/* Is there a question mark among these words? */
bool features_asks(const struct utterance *utterance);

/* What is said in one sentence, in whatever order: two families, of which `one` is the lesser, and a family
 * with any word near it (by the hash of its glimpse). A family with itself: it is spoken of. */
uint32_t features_together(int one, int other);
uint32_t features_beside(uint32_t word, int family);
/* The families of words; and, of each word of a sentence, those of what stands near it, its own among them.
 */
uint64_t features_families(const struct glimpse *words, int count);
void features_near(const struct glimpse *words, int count, uint64_t near[FEATURES_WORDS]);

/* A long message says much twice: of a word that was said before, what it is alone is not seen again. To be
 * asked of one after the other; said is 0 at first. */
static inline bool features_said_before(const struct glimpse *words, int word, uint64_t *said) {
    uint64_t bit = UINT64_C(1) << (words[word].hash >> 26), may_be = *said & bit;
    *said |= bit;
    for (int i = 0; i < word && may_be; i++)
        if (words[i].hash == words[word].hash)
            return true;
    return false;
}

/* All return how many there are; the same feature may come more than once. Of a word, whatever stands beside
 * it; of all words together, those of neighbours, and with the room that these leave of FEATURES_BETWEEN the
 * families that are spoken of, and what is said in one sentence. */
int features_alone(const struct word *word, const struct glimpse *glimpse, uint32_t out[FEATURES_ALONE]);
int features_neighbours(const struct glimpse *words, int count, bool asks, uint32_t out[FEATURES_NEIGHBOURS]);
int features_said(const struct glimpse *words, int count, uint32_t *out, int room);
/* All of an utterance's. families may be NULL. */
int features_read(const struct utterance *utterance, const struct families *families,
                  uint32_t out[FEATURES_MAX]);
