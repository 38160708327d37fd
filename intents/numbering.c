#include "intents/numbering.h"
#include "base/memory.h"
#include "base/text.h"
#include "intents/notation.h"
#include "intents/seen.h"
#include <stdlib.h>
#include <string.h>

enum {
    NUMBERS_MAX = UINT16_MAX,
    OPENING_BYTES = 8,
    NEAR_MIN = 5,  /* letters: shorter words are near too many others */
    HEARD_EACH = 8 /* every so many-th example tells how often words are said */
};

/* Past NUMBERS_MAX words share one, which only makes the sieve let more through. */
static uint16_t next_number(struct language *language) {
    return (uint16_t)(language->numbers < NUMBERS_MAX ? language->numbers++ : NUMBERS_MAX - 1);
}

const struct entry *numbering_word(struct language *language, const char *word, bool fuzzy) {
    struct entry *entry = dictionary_add_word(&language->dictionary, word, WORD_KNOWN);
    if (!entry->number) {
        entry->number = next_number(language);
        if (entry->len >= NEAR_MIN)
            typo_add(&language->near, entry->key);
    }
    if (fuzzy && !(entry->flags & WORD_MEANT)) {
        entry->flags |= WORD_MEANT;
        typo_add(&language->meant, entry->key);
    }
    return entry;
}

const struct beginning *numbering_beginning(struct language *language, const char *text) {
    struct beginning **first = &language->beginnings[(unsigned char)text[0]];
    for (const struct beginning *beginning = *first; beginning; beginning = beginning->next)
        if (text_is(beginning->text, text))
            return beginning;
    struct beginning *beginning = ARENA_NEW(&language->scratch, struct beginning);
    *beginning = (struct beginning){arena_string(language->arena, text), (int)strlen(text),
                                    next_number(language), *first};
    *first = beginning;
    return beginning;
}

/* The first bytes as a number, zeros after the last. */
static uint64_t bytes_of(const char *text, int len) {
    uint64_t bytes = 0;
    memcpy(&bytes, text, (size_t)(len < OPENING_BYTES ? len : OPENING_BYTES));
    return bytes;
}

/* Beginnings side by side: every word of a message is held against those with its first letter. */
static void arrange_beginnings(struct language *language) {
    static const char all[OPENING_BYTES] = {-1, -1, -1, -1, -1, -1, -1, -1};
    int count = 0;
    for (int first = 0; first < 256; first++)
        for (const struct beginning *at = language->beginnings[first]; at; at = at->next)
            count++;
    language->openings = arena_room(language->arena, sizeof *language->openings * ((size_t)count + 1));
    count = 0;
    for (int first = 0; first < 256; first++) {
        language->opening_begins[first] = count;
        for (const struct beginning *at = language->beginnings[first]; at; at = at->next)
            language->openings[count++] = (struct opening){
                bytes_of(at->text, at->len), bytes_of(all, at->len), at->text, at->len, at->number};
    }
    language->opening_begins[256] = count;
    memset(language->beginnings, 0, sizeof language->beginnings);
}

static int add_openings(const struct language *language, const char *word, int len, uint16_t numbers[],
                        int count) {
    unsigned char first = (unsigned char)word[0];
    uint64_t bytes = bytes_of(word, len);
    if (first >= '0' && first <= '9')
        numbers[count++] = NUMBER_DIGITS;
    for (const struct opening *opening = language->openings + language->opening_begins[first],
                              *end = language->openings + language->opening_begins[first + 1];
         opening < end && count < NUMBERS_A_WORD; opening++)
        if ((bytes & opening->mask) == opening->bytes &&
            (opening->len <= OPENING_BYTES ||
             (opening->len <= len && memcmp(opening->text, word, (size_t)opening->len) == 0)))
            numbers[count++] = opening->number;
    return count;
}

bool numbering_begins(const struct language *language, const char *word, int len) {
    uint16_t numbers[NUMBERS_A_WORD];
    return add_openings(language, word, len, numbers, 0) > 0;
}

/* Of known words once for all. */
static void number_entries(struct language *language) {
    for (uint32_t i = 0; i < language->dictionary.count; i++) {
        struct entry *entry = language->dictionary.list[i];
        uint16_t numbers[NUMBERS_A_WORD + 1];
        int count = 0;
        if (entry->number)
            numbers[count++] = entry->number;
        count = add_openings(language, entry->key, entry->len, numbers, count);
        numbers[count++] = NUMBER_NONE;
        size_t size = sizeof *numbers * (size_t)count;
        bool alone = numbers[0] == entry->number && count <= 2;
        entry->numbers = alone ? &entry->number : memcpy(arena_room(language->arena, size), numbers, size);
    }
}

const uint16_t *numbering_token(const struct language *language, const struct token *token,
                                uint16_t room[NUMBERS_A_WORD + 1]) {
    int count = 0;
    if (token->entry)
        return token->entry->numbers;
    for (unsigned marks = token->marks; marks; marks &= marks - 1)
        room[count++] = (uint16_t)(__builtin_ctz(marks) + 1);
    if (token->len > 0)
        count = add_openings(language, token->text, token->len, room, count);
    room[count] = NUMBER_NONE;
    return room;
}

/* Each word of the entries with one of the flags. */
struct word_numbers numbering_of(struct language *language, uint64_t flags) {
    struct word_numbers out = {0};
    uint16_t *list = NULL;
    int size = 0;
    for (uint32_t i = 0, count = language->dictionary.count; i < count; i++) {
        const struct entry *entry = language->dictionary.list[i];
        if (!(entry->flags & flags))
            continue;
        for (const char *at = entry->key; *at;) {
            size_t len = strcspn(at, " ");
            list = memory_grown(list, out.count, &size, sizeof *list);
            list[out.count++] =
                numbering_word(language, arena_copy(&language->scratch, at, len), false)->number;
            at += len + (at[len] == ' ');
        }
    }
    out.list = list;
    return out;
}

/* Counts the words of some of the examples: a pattern waits for the rarest of its own. */
uint32_t *numbering_count(struct language *language) {
    uint32_t *said = ARENA_ARRAY(&language->scratch, uint32_t, (size_t)language->numbers);
    struct arena arena;
    const char *name;
    json_t *intent, *example;
    size_t i, heard = 0;
    arena_init(&arena);
    json_object_foreach(json_object_get(language->root, "intents"), name, intent)
        json_array_foreach(json_object_get(intent, "examples"), i, example) {
        const char *text =
            json_string_value(json_is_object(example) ? json_object_get(example, "text") : example);
        struct utterance utterance;
        if (!text || heard++ % HEARD_EACH > 0)
            continue;
        arena_reset(&arena);
        fold_utterance(&utterance, text, &arena);
        for (int word = 0; word < utterance.count; word++) {
            uint16_t room[NUMBERS_A_WORD + 1];
            struct token token = {.text = utterance.words[word].text, .len = utterance.words[word].len};
            token.entry = dictionary_word(&language->dictionary, token.text, token.len);
            for (const uint16_t *numbers = numbering_token(language, &token, room); *numbers != NUMBER_NONE;
                 numbers++)
                said[*numbers]++;
        }
    }
    for (int number = 1; number <= NUMBER_DIGITS; number++)
        said[number] += (uint32_t)heard / HEARD_EACH / 4; /* dates and numbers of all kinds */
    arena_clear(&arena);
    return said;
}

void numbering_finish(struct language *language) {
    arrange_beginnings(language);
    number_entries(language);
}
