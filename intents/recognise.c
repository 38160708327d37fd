#include "intents/recognise.h"
#include "base/text.h"
#include <math.h>
#include <stdlib.h>

/* Evidence below this is too little to leave the conversation's language. */
static const double enough = 1.2;
static const double vocabulary_weight = .5, typical_weight = .8;

enum { TYPICAL_MAX = 64, SHORT_MESSAGE = 2 /* words: they never change the language of a conversation */ };

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

static struct tell *tell_of(struct recogniser *recogniser, const char *word) {
    struct tell *tell;
    HASH_FIND_STR(recogniser->tells, word, tell);
    if (!tell) {
        tell = ARENA_NEW(recogniser->arena, struct tell);
        tell->word = arena_string(recogniser->arena, word);
        HASH_ADD_KEYPTR(hh, recogniser->tells, tell->word, strlen(word), tell);
    }
    return tell;
}

/* The letters of "FR-1042" and "bob@mail.example" are of no language. */
static bool in_number_or_email(const struct utterance *utterance, const struct word *word) {
    const char *plain = utterance->plain;
    int begin = word->begin, end = word->end;
    while (begin > 0 && plain[begin - 1] != ' ')
        begin--;
    while (plain[end] && plain[end] != ' ')
        end++;
    for (int i = begin; i < end; i++)
        if (plain[i] == '@' || (plain[i] >= '0' && plain[i] <= '9'))
            return true;
    return false;
}

static void add_words(struct recogniser *recogniser, const char *text, uint32_t bit) {
    struct utterance utterance;
    fold_utterance(&utterance, text, recogniser->arena);
    for (int i = 0; i < utterance.count; i++)
        if (!in_number_or_email(&utterance, &utterance.words[i]))
            tell_of(recogniser, utterance.words[i].text)->vocabulary |= bit;
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

static void add_language(struct recogniser *recogniser, const struct language *language, uint32_t bit) {
    const char *name;
    json_t *intent, *example;
    size_t i;
    for (const struct entry *entry = language->dictionary.entries; entry; entry = entry->hh.next)
        if (entry->flags & WORD_FUNCTION && !strchr(entry->key, ' '))
            tell_of(recogniser, entry->key)->function |= bit;
        else if (entry->flags & WORD_KNOWN && !strchr(entry->key, ' '))
            tell_of(recogniser, entry->key)->vocabulary |= bit;
    json_object_foreach(json_object_get(language->root, "intents"), name, intent)
        json_array_foreach(json_object_get(intent, "examples"), i, example) {
        json_t *text = json_is_object(example) ? json_object_get(example, "text") : example;
        if (json_is_string(text))
            add_words(recogniser, json_string_value(text), bit);
    }
    add_typical(recogniser, json_string_value(json_object_get(language->root, "typical")), bit);
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
    for (int i = 0; i < LANGUAGES_MAX; i++)
        evidence[i] = 0;
    for (int i = 0; i < utterance->count; i++) {
        const struct word *word = &utterance->words[i];
        struct tell *tell;
        if (in_number_or_email(utterance, word))
            continue;
        HASH_FIND_BYHASHVALUE(hh, recogniser->tells, word->text, (size_t)word->len, word->hash, tell);
        if (!tell)
            continue;
        share(evidence, tell->function, 1);
        if (!tell->function)
            share(evidence, tell->vocabulary, vocabulary_weight);
    }
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
