#include "intents/features.h"

enum { PIECE_MIN = 3, PIECE_MAX = 5, WORD_MAX = 30, DIGITS_MAX = 7, PLURAL_MIN = 4, COUNT_DIGITS = 3 };
/* Families that words have by their shape. */
enum { FAMILY_COUNT = FAMILIES_MAX, FAMILY_NUMBER, FAMILY_CODE };

/* FNV-1a (Fowler, Noll, Vo); the seeds keep the families of features apart. */
static const uint32_t prime = 16777619u, seed_word = 2166136261u, seed_piece = 0xC4A1F00Du,
                      seed_pair = 0x51ED270Bu, seed_skip = 0x2C1B3C6Du, seed_family = 0x66B7D1A3u,
                      seed_like_pair = 0x3D93A1E5u, seed_like_skip = 0x71C4E9B7u,
                      seed_like_three = 0x0F5B2C91u, seed_together = 0x5AD3F0E9u, edge = 0x9E3779B9u;

static uint32_t add_byte(uint32_t hash, char byte) {
    return (hash ^ (unsigned char)byte) * prime;
}

static uint32_t join(uint32_t seed, uint32_t a, uint32_t b) {
    return ((seed ^ a) * prime ^ b) * prime;
}

struct list {
    uint32_t *hashes;
    int count;
};

/* The finishing step of MurmurHash3: the table of the model is looked up by the top bits. */
static void add(struct list *list, uint32_t hash) {
    if (list->count == FEATURES_MAX)
        return;
    hash = (hash ^ hash >> 16) * 0x85EBCA6Bu;
    hash = (hash ^ hash >> 13) * 0xC2B2AE35u;
    list->hashes[list->count++] = hash ^ hash >> 16;
}

static uint32_t hash_number(const struct word *word) {
    uint32_t hash = add_byte(seed_word, word->has_letter ? 'a' : '#');
    return add_byte(hash, (char)(word->len < DIGITS_MAX ? word->len : DIGITS_MAX));
}

uint32_t features_word(const char *word, int len) {
    uint32_t hash = seed_word;
    for (int i = 0; i < len; i++)
        hash = add_byte(hash, word[i]);
    return hash;
}

/* " order " gives " or", " ord", " orde", "ord", …; letters of more bytes than one are cut through. */
static void add_pieces(struct list *list, const struct word *word) {
    char text[WORD_MAX + 2];
    int len = 0;
    text[len++] = ' ';
    for (int i = 0; i < word->len && i < WORD_MAX; i++)
        text[len++] = word->text[i];
    text[len++] = ' ';
    for (int from = 0; from + PIECE_MIN <= len; from++) {
        uint32_t hash = seed_piece;
        for (int at = from; at < len && at < from + PIECE_MAX; at++) {
            hash = add_byte(hash, text[at]);
            if (at - from + 1 >= PIECE_MIN)
                add(list, hash);
        }
    }
}

/* ---- families ---- */

uint32_t families_place(const uint32_t *words, uint32_t bits, uint32_t word) {
    uint32_t mask = (1u << bits) - 1, place = (word ^ word >> 15) & mask;
    while (words[place] && words[place] != word)
        place = (place + 1) & mask;
    return place;
}

static uint64_t look_up(const struct families *families, uint32_t word) {
    uint32_t place = families_place(families->words, families->bits, word);
    return families->words[place] ? families->of[place] : 0;
}

/* Those of the word, else of its singular: most plurals of our languages end in s or x. */
static uint64_t families_of(const struct families *families, const struct word *word, uint32_t hash) {
    if (word->has_digit)
        return 1ull << (word->has_letter           ? FAMILY_CODE
                        : word->len > COUNT_DIGITS ? FAMILY_NUMBER
                                                   : FAMILY_COUNT);
    uint64_t of = families ? look_up(families, hash) : 0;
    char last = word->text[word->len - 1];
    bool plural = !of && families && word->len >= PLURAL_MIN && (last == 's' || last == 'x');
    return plural ? look_up(families, features_word(word->text, word->len - 1)) : of;
}

/* What is said in one sentence, in whatever order. */
static void add_together(struct list *list, uint64_t families) {
    for (; families; families &= families - 1)
        for (uint64_t others = families & (families - 1); others; others &= others - 1)
            add(list,
                join(seed_together, (uint32_t)__builtin_ctzll(families), (uint32_t)__builtin_ctzll(others)));
}

/* A word as its likes see it: by its family, where it has one. */
struct like {
    uint32_t hash;
    bool is_family;
};

static void add_like(struct list *list, const struct like *second, const struct like *before,
                     const struct like *word) {
    if (before->is_family || word->is_family)
        add(list, join(seed_like_pair, before->hash, word->hash));
    if (second->is_family || word->is_family)
        add(list, join(seed_like_skip, second->hash, word->hash));
    if (second->is_family + before->is_family + word->is_family >= 2)
        add(list, join(join(seed_like_three, second->hash, before->hash), word->hash, 0));
}

int features_read(const struct utterance *utterance, const struct families *families,
                  uint32_t out[FEATURES_MAX]) {
    static const struct like nothing = {edge, false};
    struct list list = {out, 0};
    uint32_t before = edge, second = edge; /* the words before this one */
    struct like like_before = nothing, like_second = nothing;
    uint64_t together = 0;
    for (int i = 0; i < utterance->count; i++) {
        const struct word *word = &utterance->words[i];
        if (word->sentence) {
            second = before;
            before = edge;
            like_before = like_second = nothing;
            add_together(&list, together);
            together = 0;
        }
        uint32_t hash = word->has_digit ? hash_number(word) : features_word(word->text, word->len);
        uint64_t of = families_of(families, word, hash);
        struct like like = {of ? seed_family + (uint32_t)__builtin_ctzll(of) : hash, of != 0};
        add(&list, hash);
        add(&list, join(seed_pair, before, hash));
        add(&list, join(seed_skip, second, hash));
        add_like(&list, &like_second, &like_before, &like);
        for (uint64_t rest = of; rest; rest &= rest - 1)
            add(&list, join(seed_family, (uint32_t)__builtin_ctzll(rest), 0));
        if (!word->has_digit)
            add_pieces(&list, word);
        together |= of;
        second = before;
        before = hash;
        like_second = like_before;
        like_before = like;
    }
    add_together(&list, together);
    if (utterance->count > 0)
        add(&list, join(seed_pair, before, edge));
    return list.count;
}
