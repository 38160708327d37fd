#include "intents/features.h"
#include "intents/worth.h"
#include <string.h>

enum {
    PIECE_MIN = 3,
    PIECE_MAX = 5,
    WORD_MAX = 30,
    STEM_LEN = 5,
    DIGITS_MAX = 7,
    PLURAL_MIN = 4,
    COUNT_DIGITS = 3,
    NEAR_REACH = 3, /* six words: what stands farther apart in a sentence has little to do with each other */
    NEAR_ALL = 7    /* words that are all near each other */
};
/* Families that words have by their shape. */
enum { FAMILY_COUNT = FAMILIES_MAX, FAMILY_NUMBER, FAMILY_CODE };
/* Whether something is asked weighs as much as so many words: one feature of a hundred would drown. */
enum { ASKS_WEIGHT = 2 };

/* FNV-1a (Fowler, Noll, Vo); the seeds keep the families of features apart. */
static const uint32_t prime = 16777619u, seed_piece = 0xC4A1F00Du, seed_pair = 0x51ED270Bu,
                      seed_skip = 0x2C1B3C6Du, seed_stems = 0x7F4A7C15u, seed_family = 0x66B7D1A3u,
                      seed_like_pair = 0x3D93A1E5u, seed_like_three = 0x0F5B2C91u,
                      seed_together = 0x5AD3F0E9u, seed_beside = 0x1CE4E5B9u, seed_asks = 0x133111EBu,
                      seed_number = 0x2545F491u, edge = 0x9E3779B9u;

static uint32_t add_byte(uint32_t hash, char byte) {
    return (hash ^ (unsigned char)byte) * prime;
}

static uint32_t join(uint32_t seed, uint32_t a, uint32_t b) {
    return ((seed ^ a) * prime ^ b) * prime;
}

/* Where the next goes, and where there is no more room. */
struct list {
    uint32_t *next, *end;
};

/* The finishing step of MurmurHash3: the table of the model is looked up by the top bits. */
static inline uint32_t finish(uint32_t hash) {
    hash = (hash ^ hash >> 16) * 0x85EBCA6Bu;
    hash = (hash ^ hash >> 13) * 0xC2B2AE35u;
    return (hash ^ hash >> 16) & ~(uint32_t)WORTH_PIECE;
}

static inline void add_finished(struct list *list, uint32_t hash) {
    if (list->next < list->end)
        *list->next++ = hash;
}

static uint32_t hash_number(const struct word *word) {
    return join(seed_number, word->has_letter, (uint32_t)(word->len < DIGITS_MAX ? word->len : DIGITS_MAX));
}

uint32_t features_word(const char *word, int len) {
    return fold_hash(word, (size_t)len);
}

uint32_t features_hash(const struct word *word) {
    return word->has_digit ? hash_number(word) : word->hash;
}

/* " order " gives " or", " ord", " orde", "ord", …; letters of more bytes than one are cut through. */
static struct list add_pieces(struct list list, const struct word *word) {
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
                add_finished(&list, finish(hash) | WORTH_PIECE);
        }
    }
    return list;
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

/* Most plurals of our languages end in s or x. */
int features_singular(const struct word *word) {
    char last = word->text[word->len - 1];
    return !word->has_digit && word->len >= PLURAL_MIN && (last == 's' || last == 'x') ? word->len - 1 : 0;
}

static uint64_t families_of(const struct families *families, const struct word *word) {
    uint64_t of = look_up(families, word->hash);
    int singular = features_singular(word);
    return !of && singular ? look_up(families, features_word(word->text, singular)) : of;
}

static uint64_t family_of_number(const struct word *word) {
    return 1ull << (word->has_letter ? FAMILY_CODE : word->len > COUNT_DIGITS ? FAMILY_NUMBER : FAMILY_COUNT);
}

struct glimpse features_glimpse(const struct word *word, const struct families *families) {
    uint32_t hash = features_hash(word);
    return (struct glimpse){
        .hash = hash,
        .stem = word->has_digit || word->len <= STEM_LEN ? hash : fold_hash(word->text, STEM_LEN),
        .families = word->has_digit ? family_of_number(word)
                    : families      ? families_of(families, word)
                                    : 0,
        .sentence = word->sentence || word->begins};
}

static bool is_of_word(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || (unsigned char)byte >= 0x80;
}

bool features_asks(const struct utterance *utterance) {
    if (utterance->count == 0)
        return false;
    int begin = utterance->words[0].begin, end = utterance->words[utterance->count - 1].end;
    while (utterance->plain[end] && utterance->plain[end] != '?' && !is_of_word(utterance->plain[end]))
        end++;
    return utterance->plain[end] == '?' || memchr(utterance->plain + begin, '?', (size_t)(end - begin));
}

/* ---- one word ---- */

int features_alone(const struct word *word, const struct glimpse *glimpse, uint32_t out[FEATURES_ALONE]) {
    struct list list = {out, out + FEATURES_ALONE};
    add_finished(&list, finish(glimpse->hash));
    if (!word->has_digit)
        list = add_pieces(list, word);
    return (int)(list.next - out);
}

/* ---- words together ---- */

/* A word as its likes see it: by its family, where it has one. */
struct like {
    uint32_t hash;
    bool is_family;
};

static inline uint32_t *add_like(uint32_t *next, const struct like *second, const struct like *before,
                                 const struct like *word) {
    if (before->is_family || word->is_family)
        *next++ = finish(join(seed_like_pair, before->hash, word->hash));
    if (second->is_family + before->is_family + word->is_family >= 2)
        *next++ = finish(join(join(seed_like_three, second->hash, before->hash), word->hash, 0));
    return next;
}

/* Of each word five at the most, and one behind the last: there is always room. */
static uint32_t *add_neighbours(uint32_t *next, const struct glimpse *words, int count) {
    static const struct like nothing = {edge, false};
    uint32_t before = edge, second = edge; /* the words before this one */
    struct like like_before = nothing, like_second = nothing;
    for (int i = 0; i < count; i++) {
        const struct glimpse *word = &words[i];
        if (word->sentence) {
            second = before;
            before = edge;
            like_before = like_second = nothing;
        }
        struct like like = {word->families ? seed_family + (uint32_t)__builtin_ctzll(word->families)
                                           : word->hash,
                            word->families != 0};
        *next++ = finish(join(seed_pair, before, word->hash));
        *next++ = finish(join(seed_skip, second, word->hash));
        if (i > 0 && !word->sentence)
            *next++ = finish(join(seed_stems, word[-1].stem, word->stem));
        next = add_like(next, &like_second, &like_before, &like);
        second = before;
        before = word->hash;
        like_second = like_before;
        like_before = like;
    }
    if (count > 0)
        *next++ = finish(join(seed_pair, before, edge));
    return next;
}

uint32_t features_together(int one, int other) {
    return finish(join(seed_together, (uint32_t)one, (uint32_t)other));
}

uint32_t features_beside(uint32_t word, int family) {
    return finish(join(seed_beside, word, (uint32_t)family));
}

uint64_t features_families(const struct glimpse *words, int count) {
    uint64_t all = 0;
    for (int i = 0; i < count; i++)
        all |= words[i].families;
    return all;
}

/* One word to both sides, then two, then three: all of six. */
void features_near(const struct glimpse *words, int count, uint64_t near[FEATURES_WORDS]) {
    uint64_t before[FEATURES_WORDS], all = features_families(words, count);
    if (count <= NEAR_ALL || !all) {
        for (int i = 0; i < count; i++)
            near[i] = all;
        return;
    }
    for (int i = 0; i < count; i++)
        near[i] = words[i].families;
    for (int reach = 1; reach <= NEAR_REACH; reach++) {
        memcpy(before, near, (size_t)count * sizeof *near);
        for (int i = reach; i < count; i++) {
            near[i] |= before[i - reach];
            near[i - reach] |= before[i];
        }
    }
}

static struct list add_sentence(struct list list, const struct glimpse *words, int count) {
    uint64_t all = features_families(words, count);
    for (uint64_t one = all; one; one &= one - 1)
        for (uint64_t others = one & (one - 1); others; others &= others - 1)
            add_finished(&list, features_together(__builtin_ctzll(one), __builtin_ctzll(others)));
    uint64_t near[FEATURES_WORDS];
    features_near(words, count, near);
    for (int i = 0; i < count; i++)
        for (uint64_t rest = near[i] & ~words[i].families; rest; rest &= rest - 1)
            add_finished(&list, features_beside(words[i].hash, __builtin_ctzll(rest)));
    return list;
}

int features_neighbours(const struct glimpse *words, int count, bool asks,
                        uint32_t out[FEATURES_NEIGHBOURS]) {
    uint32_t *next = out;
    if (count == 0)
        return 0;
    for (int i = 0; i < ASKS_WEIGHT; i++)
        *next++ = finish(join(seed_asks, asks, 0));
    return (int)(add_neighbours(next, words, count) - out);
}

int features_said(const struct glimpse *words, int count, uint32_t *out, int room) {
    struct list list = {out, out + room};
    for (uint64_t rest = features_families(words, count); rest; rest &= rest - 1)
        add_finished(&list, features_together(__builtin_ctzll(rest), __builtin_ctzll(rest)));
    for (int first = 0, end; first < count; first = end) {
        for (end = first + 1; end < count && !words[end].sentence;)
            end++;
        list = add_sentence(list, words + first, end - first);
    }
    return (int)(list.next - out);
}

static int features_between(const struct glimpse *words, int count, bool asks, uint32_t *out) {
    int neighbours = features_neighbours(words, count, asks, out);
    return neighbours + features_said(words, count, out + neighbours, FEATURES_BETWEEN - neighbours);
}

int features_read(const struct utterance *utterance, const struct families *families,
                  uint32_t out[FEATURES_MAX]) {
    struct glimpse words[FEATURES_WORDS];
    uint64_t said = 0;
    int count = 0, seen = utterance->count < FEATURES_WORDS ? utterance->count : FEATURES_WORDS;
    for (int i = 0; i < seen; i++) {
        words[i] = features_glimpse(&utterance->words[i], families);
        if (!features_said_before(words, i, &said))
            count += features_alone(&utterance->words[i], &words[i], out + count);
    }
    return count + features_between(words, seen, features_asks(utterance), out + count);
}
