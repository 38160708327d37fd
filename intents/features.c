#include "intents/features.h"

enum { PIECE_MIN = 3, PIECE_MAX = 5, WORD_MAX = 30, DIGITS_MAX = 7 };

/* FNV-1a (Fowler, Noll, Vo); the seeds keep the families apart. */
static const uint32_t prime = 16777619u, seed_word = 2166136261u, seed_piece = 0xC4A1F00Du,
                      seed_pair = 0x51ED270Bu, seed_skip = 0x2C1B3C6Du, edge = 0x9E3779B9u;

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

static uint32_t hash_word(const struct word *word) {
    uint32_t hash = seed_word;
    for (int i = 0; i < word->len; i++)
        hash = add_byte(hash, word->text[i]);
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

int features_read(const struct utterance *utterance, uint32_t out[FEATURES_MAX]) {
    struct list list = {out, 0};
    uint32_t before = edge, second = edge; /* the words before this one */
    for (int i = 0; i < utterance->count; i++) {
        const struct word *word = &utterance->words[i];
        if (word->sentence) {
            second = before;
            before = edge;
        }
        uint32_t hash = word->has_digit ? hash_number(word) : hash_word(word);
        add(&list, hash);
        add(&list, join(seed_pair, before, hash));
        add(&list, join(seed_skip, second, hash));
        if (!word->has_digit)
            add_pieces(&list, word);
        second = before;
        before = hash;
    }
    if (utterance->count > 0)
        add(&list, join(seed_pair, before, edge));
    return list.count;
}
