/* The words of one language that the readers of entities know, each with what it may mean. An entry may be of
 * several words ("quatre vingt dix"). */
#pragma once
#include "base/arena.h"
#include "intents/fold.h"

enum word_flag {
    WORD_FUNCTION = 1 << 0, /* so frequent that it tells the language */
    WORD_KNOWN = 1 << 1,    /* spelled right, whatever it resembles */
    WORD_DIGIT = 1 << 2,
    WORD_HOMOPHONE = 1 << 3, /* a digit beside digits: "for" */
    WORD_VALUE = 1 << 4,     /* a number from 10 */
    WORD_HUNDRED = 1 << 5,
    WORD_THOUSAND = 1 << 6,
    WORD_AND = 1 << 7,
    WORD_DOUBLE = 1 << 8,
    WORD_TRIPLE = 1 << 9,
    WORD_SEPARATOR = 1 << 10,
    WORD_FILLER = 1 << 11,
    WORD_LETTER = 1 << 12,
    WORD_AS_IN = 1 << 13,
    WORD_AT = 1 << 14,
    WORD_DOT = 1 << 15,
    WORD_DASH = 1 << 16,
    WORD_UNDERSCORE = 1 << 17,
    WORD_CUE_ORDER = 1 << 18,
    WORD_CUE_TRACKING = 1 << 19,
    WORD_CUE_POSTCODE = 1 << 20,
    WORD_CUE_PHONE = 1 << 21,
    WORD_UNIT = 1 << 22,
    WORD_MONEY = 1 << 23,
    WORD_DAY = 1 << 24,
    WORD_WEEKDAY = 1 << 25,
    WORD_MONTH = 1 << 26,
    WORD_FEAST = 1 << 27,
    WORD_OF = 1 << 28,
    WORD_NEXT = 1 << 29,
    WORD_LAST = 1 << 30,
};
#define WORD_PAST (UINT64_C(1) << 31)
#define WORD_ALSO (UINT64_C(1) << 32)
#define WORD_SHORT                                                                                           \
    (UINT64_C(1) << 33) /* an abbreviated weekday or month: may be a word of its own ("sat", "mar") */

#define WORD_ORDINAL (UINT64_C(1) << 34)
#define WORD_JOINS (UINT64_C(1) << 35)  /* "and", "but" */
#define WORD_BEGINS (UINT64_C(1) << 36) /* a clause, where a comma or one of those stands before it */
#define WORD_MEANT (UINT64_C(1) << 37)  /* patterns have it with a tilde */
#define WORD_ON (UINT64_C(1) << 38)     /* right before "3.5" it is a day */
#define WORD_PROMISED (UINT64_C(1) << 39)

/* Some letters share one. */
static inline uint32_t letter_bit(char letter) {
    return UINT32_C(1) << (letter & 31);
}

/* With most keys it is a line of the processor's cache. */
struct entry {
    uint64_t flags;
    uint64_t begun; /* the flags of entries of several words that begin with this one */
    const uint16_t
        *numbers;     /* `number`, and of its beginnings, 0 after the last; once all patterns are read */
    uint16_t number;  /* by which patterns know the word; 0: none has it */
    uint16_t no_more; /* 0: where it is the only one, `numbers` are these two */
    uint32_t seconds; /* letter_bit of what the second words of those begin with */
    int len;          /* of the key */
    int16_t longest;  /* words of the longest entry that begins with this one word */
    int16_t digit, value, day, weekday, month, feast, letter, ordinal;
    char key[]; /* folded, one space between words */
};

/* Each word of each message is looked up: one probe tells most words that are not there from those that are,
 * and nothing is chased from one place of memory to the next. */
struct dictionary {
    struct entry_place {
        uint32_t hash;
        struct entry *entry; /* NULL: free */
    } * places;
    uint32_t count, size; /* size: 0 or a power of two */
    /* While words are added: */
    struct entry **list; /* in the order in which they came */
    int list_size;
    struct arena *arena, *scratch;
};

void dictionary_clear(struct dictionary *dictionary);
/* Nothing is added any more: all of it is in the arena. */
void dictionary_settle(struct dictionary *dictionary);
/* The entry of that text (folded here), made when it is new. NULL for a text without words. */
struct entry *dictionary_add(struct dictionary *dictionary, const char *text, uint64_t flags);
/* The same of one word that is folded already. */
struct entry *dictionary_add_word(struct dictionary *dictionary, const char *word, uint64_t flags);
const struct entry *dictionary_word(const struct dictionary *dictionary, const char *word, int len);
/* The same, of a word whose hash is known. */
const struct entry *dictionary_hashed(const struct dictionary *dictionary, const char *word, int len,
                                      uint32_t hash);
/* They will be looked up: what that needs first is on its way; then, what it needs next. */
void dictionary_expect(const struct dictionary *dictionary, const struct word *words, int count);
void dictionary_expect_entries(const struct dictionary *dictionary, const struct word *words, int count);
/* Sets each word's entry. What follows needs that. */
void dictionary_look_up(const struct dictionary *dictionary, struct word *words, int count);
/* The longest entry with one of the flags that begins at words[at]; *span is its number of words. There is
 * none for most words: what tells that is done where it is asked. */
const struct entry *dictionary_find_longest(const struct dictionary *dictionary, const struct word *words,
                                            int count, int at, uint64_t flags, int *span);
static inline const struct entry *dictionary_find(const struct dictionary *dictionary,
                                                  const struct word *words, int count, int at, uint64_t flags,
                                                  int *span) {
    const struct entry *first = at >= 0 && at < count ? words[at].entry : NULL;
    bool may = first && (first->flags | first->begun) & flags;
    return may ? dictionary_find_longest(dictionary, words, count, at, flags, span) : NULL;
}
/* The longest entry with one of the flags whose last word is words[at - 1]. */
const struct entry *dictionary_before(const struct dictionary *dictionary, const struct word *words, int at,
                                      uint64_t flags);
