#include "intents/recognise.h"
#include "base/text.h"
#include <math.h>
#include <stdlib.h>

/* Evidence below this is too little to leave the conversation's language. */
static const double enough = 1.2;
static const double vocabulary_weight = .5, typical_weight = .8;

enum {
    REACH = 64 /* signs that are looked at around a word */,
    TYPICAL_MAX = 64,
    SHORT_MESSAGE = 2 /* words: they never change the language of a conversation */
};

struct tell {
    const char *word;
    uint32_t function, vocabulary; /* a bit for each language */
    UT_hash_handle hh;
};

struct recogniser {
    struct tell *tells;
    struct {
        uint32_t letter, languages;
    } typical[TYPICAL_MAX];
    int typical_count, count;
    struct arena *arena;
};

static struct tell *tell_of(struct recogniser *recogniser, const struct word *word) {
    struct tell *tell;
    HASH_FIND_BYHASHVALUE(hh, recogniser->tells, word->text, (size_t)word->len, word->hash, tell);
    if (!tell) {
        tell = ARENA_NEW(recogniser->arena, struct tell);
        tell->word = arena_copy(recogniser->arena, word->text, (size_t)word->len);
        HASH_ADD_KEYPTR_BYHASHVALUE(hh, recogniser->tells, tell->word, (size_t)word->len, word->hash, tell);
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

static void add_words(struct recogniser *recogniser, const char *text, bool function, uint32_t bit,
                      struct arena *scratch) {
    struct utterance utterance;
    fold_utterance(&utterance, text, scratch);
    for (int i = 0; i < utterance.count; i++) {
        if (in_number_or_email(&utterance, &utterance.words[i]))
            continue;
        struct tell *tell = tell_of(recogniser, &utterance.words[i]);
        *(function ? &tell->function : &tell->vocabulary) |= bit;
    }
}

static void add_typical(struct recogniser *recogniser, const char *letters, uint32_t bit) {
    while (letters && *letters) {
        uint32_t letter = text_next(&letters);
        int i = 0;
        while (i < recogniser->typical_count && recogniser->typical[i].letter != letter)
            i++;
        if (i == TYPICAL_MAX)
            return;
        recogniser->typical[i].letter = letter;
        recogniser->typical[i].languages |= bit;
        if (i == recogniser->typical_count)
            recogniser->typical_count++;
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
static void add_language(struct recogniser *recogniser, const struct language *language, uint32_t bit) {
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
            add_typical(recogniser, arena_copy(recogniser->arena, at, len), bit);
        else if (told == TOLD_FUNCTION || told == TOLD_VOCABULARY)
            add_words(recogniser, arena_copy(&scratch, at, len), told == TOLD_FUNCTION, bit, &scratch);
        at = after;
    }
    arena_clear(&scratch);
}

struct recogniser *recogniser_new(const struct language *languages, int count, struct arena *arena) {
    struct recogniser *recogniser = ARENA_NEW(arena, struct recogniser);
    recogniser->arena = arena;
    recogniser->count = count;
    for (int i = 0; i < count; i++)
        add_language(recogniser, &languages[i], UINT32_C(1) << i);
    return recogniser;
}

void recogniser_free(struct recogniser *recogniser) {
    if (recogniser)
        HASH_CLEAR(hh, recogniser->tells);
}

static void share(double evidence[LANGUAGES_MAX], uint32_t languages, double weight) {
    double each = weight / __builtin_popcount(languages);
    for (; languages; languages &= languages - 1)
        evidence[__builtin_ctz(languages)] += each;
}

static void weigh_letters(const struct recogniser *recogniser, const struct utterance *utterance,
                          double evidence[LANGUAGES_MAX]) {
    const char *at = utterance->text, *end = at + utterance->len;
    uint32_t seen = 0;
    while (at < end) {
        if ((unsigned char)*at < 0x80) {
            at++;
            continue;
        }
        uint32_t letter = text_next(&at);
        if (letter >= 0xC0 && letter <= 0xDE)
            letter += 0x20;
        for (int i = 0; i < recogniser->typical_count; i++)
            if (recogniser->typical[i].letter == letter && !(seen & recogniser->typical[i].languages)) {
                share(evidence, recogniser->typical[i].languages, typical_weight);
                seen |= recogniser->typical[i].languages;
            }
    }
}

void recognise(const struct recogniser *recogniser, const struct utterance *utterance,
               double evidence[LANGUAGES_MAX]) {
    bool bare = !utterance->has_digit && !strchr(utterance->plain, '@');
    for (int i = 0; i < LANGUAGES_MAX; i++)
        evidence[i] = 0;
    for (int i = 0; i < utterance->count; i++) {
        const struct word *word = &utterance->words[i];
        struct tell *tell;
        if (!bare && in_number_or_email(utterance, word))
            continue;
        HASH_FIND_BYHASHVALUE(hh, recogniser->tells, word->text, (size_t)word->len, word->hash, tell);
        if (!tell)
            continue;
        share(evidence, tell->function, 1);
        if (!tell->function)
            share(evidence, tell->vocabulary, vocabulary_weight);
    }
    if (utterance->beyond_ascii)
        weigh_letters(recogniser, utterance, evidence);
}

bool recogniser_function_word(const struct recogniser *recogniser, const struct word *word) {
    struct tell *tell;
    HASH_FIND_BYHASHVALUE(hh, recogniser->tells, word->text, (size_t)word->len, word->hash, tell);
    return tell && tell->function;
}

struct recognised recognise_decide(const double evidence[LANGUAGES_MAX], int count, int words, int prior,
                                   bool guessed) {
    int best = 0, second = -1;
    for (int i = 1; i < count; i++)
        if (evidence[i] > evidence[best])
            best = i;
    for (int i = 0; i < count; i++)
        if (i != best && (second < 0 || evidence[i] > evidence[second]))
            second = i;
    double margin = evidence[best] - (second < 0 ? 0 : evidence[second]);
    double score = margin <= 0 ? 0 : margin / (margin + .5);
    bool clear = margin > 0 && (prior < 0 || (guessed && evidence[prior] == 0) ||
                                (margin >= enough && words > SHORT_MESSAGE));
    if (words <= SHORT_MESSAGE && score > .79)
        score = .79; /* nor does a first message decide for ever */
    return (struct recognised){clear ? best : prior, clear || best == prior ? score : 0};
}
