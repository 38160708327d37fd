#include "intents/recognise.h"
#include "base/memory.h"
#include "base/text.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#define uthash_fatal(message) memory_exhausted()
#include <uthash.h>

/* Evidence below this is too little to leave the conversation's language. */
static const double enough = 1.2;
static const double vocabulary_weight = .5, typical_weight = .8;

enum {
    REACH = 64 /* signs that are looked at around a word */,
    TYPICAL_MAX = 64,
    LATIN_END = 0x180,
    SHORT_MESSAGE = 2 /* words: they never change the language of a conversation */
};

/* Packed: the head, the letters, and a hash table. */
static const char table_magic[8] = "WSMOTELL";

struct table_head {
    char magic[8];
    uint32_t languages, letters, places /* a power of two */;
    uint32_t reserved;
};

struct letter {
    uint32_t letter, languages;
};

/* What a word tells. Words of one length whose hashes are the same are taken for one: of a few ten thousand
 * words hardly any are, and each word of each message is looked up. */
struct tell {
    uint32_t hash;      /* of the word */
    uint16_t languages; /* a bit for each; 0: a free place */
    uint8_t len;        /* of the word; of a longer one what this holds */
    bool function;
};

struct recogniser {
    const struct table_head *head;
    const struct letter *letters;
    uint32_t latin[LATIN_END]; /* the languages of each letter below that */
    const struct tell *tells;
};

/* What is gathered before it is packed. */
struct gathered {
    char *word;
    uint32_t len;
    uint16_t function, vocabulary;
    UT_hash_handle hh;
};

struct gathering {
    struct gathered *tells;
    struct letter letters[TYPICAL_MAX];
    uint32_t letter_count;
    struct arena arena;
};

/* The place of a word, or the free one where it belongs: half of them are free. */
static uint32_t place_of(const struct tell *tells, uint32_t places, uint32_t hash, uint8_t len) {
    uint32_t place = hash & (places - 1);
    while (tells[place].languages && (tells[place].hash != hash || tells[place].len != len))
        place = (place + 1) & (places - 1);
    return place;
}

/* One that tells nothing where the word is not known. */
static inline const struct tell *find_tell(const struct recogniser *recogniser, const struct word *word) {
    return recogniser->tells +
           place_of(recogniser->tells, recogniser->head->places, word->hash, (uint8_t)word->len);
}

static struct gathered *tell_of(struct gathering *gathering, const struct word *word) {
    struct gathered *tell;
    HASH_FIND_BYHASHVALUE(hh, gathering->tells, word->text, (size_t)word->len, word->hash, tell);
    if (!tell) {
        tell = ARENA_NEW(&gathering->arena, struct gathered);
        tell->word = arena_copy(&gathering->arena, word->text, (size_t)word->len);
        tell->len = (uint32_t)word->len;
        HASH_ADD_KEYPTR_BYHASHVALUE(hh, gathering->tells, tell->word, (size_t)word->len, word->hash, tell);
    }
    return tell;
}

/* The letters of "FR-1042" and "bob@mail.example" are of no language. */
static bool in_number_or_email(const struct utterance *utterance, const struct word *word) {
    const char *plain = utterance->plain;
    int begin = word->begin, end = word->end;
    while (begin > 0 && plain[begin - 1] != ' ' && word->begin - begin < REACH)
        begin--;
    while (plain[end] && plain[end] != ' ' && end - word->end < REACH)
        end++;
    for (int i = begin; i < end; i++)
        if (plain[i] == '@' || (plain[i] >= '0' && plain[i] <= '9'))
            return true;
    return false;
}

static void add_words(struct gathering *gathering, const char *text, bool function, uint16_t bit,
                      struct arena *scratch) {
    struct utterance utterance;
    fold_utterance(&utterance, text, scratch);
    for (int i = 0; i < utterance.count; i++) {
        if (in_number_or_email(&utterance, &utterance.words[i]))
            continue;
        struct gathered *tell = tell_of(gathering, &utterance.words[i]);
        *(function ? &tell->function : &tell->vocabulary) |= bit;
    }
}

static void add_typical(struct gathering *gathering, const char *letters, uint16_t bit) {
    while (letters && *letters) {
        uint32_t letter = text_next(&letters), i = 0;
        while (i < gathering->letter_count && gathering->letters[i].letter != letter)
            i++;
        if (i == TYPICAL_MAX)
            return;
        gathering->letters[i].letter = letter;
        gathering->letters[i].languages |= bit;
        if (i == gathering->letter_count)
            gathering->letter_count++;
    }
}

/* What the strings under a key tell of the language. */
enum told { TOLD_NOTHING, TOLD_FUNCTION, TOLD_VOCABULARY, TOLD_TYPICAL };

static enum told told_under(const char *key, size_t len) {
    static const struct {
        const char *key;
        enum told told;
    } rows[] = {{"words", TOLD_FUNCTION},      {"known", TOLD_VOCABULARY},
                {"examples", TOLD_VOCABULARY}, {"counter_examples", TOLD_VOCABULARY},
                {"text", TOLD_VOCABULARY},     {"typical", TOLD_TYPICAL}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strlen(rows[i].key) == len && memcmp(rows[i].key, key, len) == 0)
            return rows[i].told;
    return TOLD_NOTHING;
}

/* From the text of the file: its language is needed before the language is read. */
static void add_language(struct gathering *gathering, const struct language *language, uint16_t bit) {
    struct arena scratch;
    enum told told = TOLD_NOTHING;
    arena_init(&scratch);
    for (const char *at = strchr(language->text, '"'); at; at = strchr(at, '"')) {
        const char *end = ++at;
        while (*end && *end != '"')
            end += end[0] == '\\' && end[1] ? 2 : 1;
        const char *after = end + (*end == '"');
        after += strspn(after, " \t\r\n");
        arena_reset(&scratch);
        size_t len = (size_t)(end - at);
        if (*after == ':')
            told = told_under(at, len);
        else if (told == TOLD_TYPICAL)
            add_typical(gathering, arena_copy(&scratch, at, len), bit);
        else if (told == TOLD_FUNCTION || told == TOLD_VOCABULARY)
            add_words(gathering, arena_copy(&scratch, at, len), told == TOLD_FUNCTION, bit, &scratch);
        at = after;
    }
    arena_clear(&scratch);
}

/* The arena's memory begins where any struct may. */
static const char *pack(const struct gathering *gathering, int languages, struct arena *arena, size_t *len) {
    struct table_head head = {
        .languages = (uint32_t)languages, .letters = gathering->letter_count, .places = 2};
    memcpy(head.magic, table_magic, sizeof head.magic);
    while (head.places < 2 * HASH_COUNT(gathering->tells))
        head.places *= 2;
    size_t letters = head.letters * sizeof(struct letter), tells = head.places * sizeof(struct tell);
    *len = sizeof head + letters + tells;
    char *bytes = arena_alloc(arena, *len);
    memset(bytes, 0, *len);
    memcpy(bytes, &head, sizeof head);
    memcpy(bytes + sizeof head, gathering->letters, letters);
    struct tell *table = (struct tell *)(void *)(bytes + sizeof head + letters);
    for (const struct gathered *word = gathering->tells; word; word = word->hh.next) {
        uint8_t word_len = (uint8_t)word->len;
        struct tell *tell = &table[place_of(table, head.places, word->hh.hashv, word_len)];
        *tell = (struct tell){word->hh.hashv, word->function ? word->function : word->vocabulary, word_len,
                              word->function != 0};
    }
    return bytes;
}

const char *recogniser_make(const struct language *languages, int count, struct arena *arena, size_t *len) {
    struct gathering gathering = {.tells = NULL};
    arena_init(&gathering.arena);
    for (int i = 0; i < count; i++)
        add_language(&gathering, &languages[i], (uint16_t)(1u << i));
    const char *bytes = pack(&gathering, count, arena, len);
    HASH_CLEAR(hh, gathering.tells);
    arena_clear(&gathering.arena);
    return bytes;
}

struct recogniser *recogniser_open(const char *bytes, int count, struct arena *arena) {
    struct recogniser *recogniser = ARENA_NEW(arena, struct recogniser);
    const struct table_head *head = recogniser->head = (const struct table_head *)(const void *)bytes;
    if (memcmp(head->magic, table_magic, sizeof head->magic) != 0 || head->languages != (uint32_t)count)
        return NULL;
    recogniser->letters = (const struct letter *)(const void *)(bytes + sizeof *head);
    recogniser->tells = (const struct tell *)(const void *)(recogniser->letters + head->letters);
    for (uint32_t i = 0; i < head->letters; i++)
        if (recogniser->letters[i].letter < LATIN_END)
            recogniser->latin[recogniser->letters[i].letter] = recogniser->letters[i].languages;
    return recogniser;
}

static void share(double evidence[LANGUAGES_MAX], uint32_t languages, double weight) {
    double count = 0;
    for (uint32_t rest = languages; rest; rest &= rest - 1)
        count++;
    double each = count > 1 ? weight / count : weight;
    for (; languages; languages &= languages - 1)
        evidence[__builtin_ctz(languages)] += each;
}

static uint32_t languages_of(const struct recogniser *recogniser, uint32_t letter) {
    if (letter < LATIN_END)
        return recogniser->latin[letter];
    for (uint32_t i = 0; i < recogniser->head->letters; i++)
        if (recogniser->letters[i].letter == letter)
            return recogniser->letters[i].languages;
    return 0;
}

static void weigh_letters(const struct recogniser *recogniser, const struct utterance *utterance,
                          double evidence[LANGUAGES_MAX]) {
    const char *at = utterance->text, *end = at + utterance->len;
    uint32_t seen = 0;
    while (at < end) {
        uint64_t eight;
        if (end - at >= 8 && !(memcpy(&eight, at, 8), eight & UINT64_C(0x8080808080808080))) {
            at += 8;
            continue;
        }
        if ((unsigned char)*at < 0x80) {
            at++;
            continue;
        }
        uint32_t letter = text_next(&at);
        if (letter >= 0xC0 && letter <= 0xDE)
            letter += 0x20;
        uint32_t languages = languages_of(recogniser, letter);
        if (!(seen & languages)) {
            share(evidence, languages, typical_weight);
            seen |= languages;
        }
    }
}

void recognise_expect(const struct recogniser *recogniser, const struct utterance *utterance) {
    for (int i = 0; i < utterance->count; i++)
        __builtin_prefetch(&recogniser->tells[utterance->words[i].hash & (recogniser->head->places - 1)]);
}

void recognise(const struct recogniser *recogniser, const struct utterance *utterance,
               double evidence[LANGUAGES_MAX]) {
    bool bare = !utterance->has_digit && !strchr(utterance->plain, '@');
    for (int i = 0; i < LANGUAGES_MAX; i++)
        evidence[i] = 0;
    for (int i = 0; i < utterance->count; i++) {
        const struct word *word = &utterance->words[i];
        if (!bare && in_number_or_email(utterance, word))
            continue;
        const struct tell *tell = find_tell(recogniser, word);
        share(evidence, tell->languages, tell->function ? 1 : vocabulary_weight);
    }
    if (utterance->beyond_ascii)
        weigh_letters(recogniser, utterance, evidence);
}

bool recogniser_function_word(const struct recogniser *recogniser, const struct word *word) {
    return find_tell(recogniser, word)->function;
}

struct recognised recognise_decide(const double evidence[LANGUAGES_MAX], int count, int words, int prior,
                                   bool guessed) {
    int best = 0;
    double second = 0;
    for (int i = 1; i < count; i++) {
        double less = evidence[i] < evidence[best] ? evidence[i] : evidence[best];
        second = less > second ? less : second;
        best = evidence[i] > evidence[best] ? i : best;
    }
    double margin = evidence[best] - second;
    double score = margin <= 0 ? 0 : margin / (margin + .5);
    /* Which of two neighbours it is matters less than that it is not the conversation's. */
    bool clear = margin > 0 && (prior < 0 || (guessed && evidence[prior] == 0) ||
                                (evidence[best] - evidence[prior] >= enough && words > SHORT_MESSAGE));
    if (words <= SHORT_MESSAGE && score > .79)
        score = .79; /* nor does a first message decide for ever */
    return (struct recognised){clear ? best : prior, clear || best == prior ? score : 0};
}
