#include "intents/dictionary.h"
#include "base/memory.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { ENTRY_WORDS = 6, KEY_MAX = 160, FIRST_SIZE = 1024, LINE = 64 /* of the processor's cache */ };

void dictionary_clear(struct dictionary *dictionary) {
    free(dictionary->places);
    free(dictionary->list);
    *dictionary = (struct dictionary){0};
}

void dictionary_settle(struct dictionary *dictionary) {
    dictionary->places =
        arena_take(dictionary->arena, dictionary->places, dictionary->size * sizeof *dictionary->places);
    free(dictionary->list);
    dictionary->list = NULL;
    dictionary->arena = dictionary->scratch = NULL;
}

/* The place of the key, or the free one where it belongs. There is always one. */
static struct entry_place *place_of(const struct dictionary *dictionary, const char *key, size_t len,
                                    uint32_t hash) {
    for (uint32_t at = hash;; at++) {
        struct entry_place *place = &dictionary->places[at & (dictionary->size - 1)];
        if (!place->entry || (place->hash == hash && (size_t)place->entry->len == len &&
                              memcmp(place->entry->key, key, len) == 0))
            return place;
    }
}

static struct entry *find(const struct dictionary *dictionary, const char *key, size_t len, uint32_t hash) {
    return dictionary->count > 0 ? place_of(dictionary, key, len, hash)->entry : NULL;
}

/* A member after the other: what lies between them stays nothing, where an image of the language would take
 * it for an address (base/image.h). */
static void place(const struct dictionary *dictionary, struct entry *entry, uint32_t hash) {
    struct entry_place *free_place = place_of(dictionary, entry->key, (size_t)entry->len, hash);
    free_place->hash = hash;
    free_place->entry = entry;
}

/* Half of the places stay free. */
static void make_room(struct dictionary *dictionary) {
    if (dictionary->count * 2 < dictionary->size)
        return;
    free(dictionary->places);
    dictionary->size = dictionary->size ? dictionary->size * 2 : FIRST_SIZE;
    dictionary->places = calloc(dictionary->size, sizeof *dictionary->places);
    if (!dictionary->places)
        memory_exhausted();
    for (uint32_t i = 0; i < dictionary->count; i++) {
        struct entry *entry = dictionary->list[i];
        place(dictionary, entry, fold_hash(entry->key, (size_t)entry->len));
    }
}

static struct entry *find_or_add(struct dictionary *dictionary, const char *key, size_t len) {
    uint32_t hash = fold_hash(key, len);
    struct entry *entry = find(dictionary, key, len, hash);
    if (entry)
        return entry;
    make_room(dictionary);
    entry = arena_lines(dictionary->arena, sizeof *entry + len + 1);
    memcpy(entry->key, key, len);
    entry->len = (int)len;
    place(dictionary, entry, hash);
    dictionary->list = memory_grown(dictionary->list, (int)dictionary->count, &dictionary->list_size,
                                    sizeof *dictionary->list);
    return dictionary->list[dictionary->count++] = entry;
}

struct entry *dictionary_add(struct dictionary *dictionary, const char *text, uint64_t flags) {
    const char *key = fold_words(text, dictionary->scratch);
    int words = 1;
    if (!key[0])
        return NULL;
    for (const char *at = key; *at && words < INT16_MAX; at++)
        words += *at == ' ';
    struct entry *first = find_or_add(dictionary, key, strcspn(key, " "));
    if (words > first->longest)
        first->longest = (int16_t)words;
    struct entry *entry = find_or_add(dictionary, key, strlen(key));
    entry->flags |= flags;
    if (words > 1) {
        first->begun |= flags;
        first->seconds |= letter_bit(strchr(key, ' ')[1]);
    }
    return entry;
}

struct entry *dictionary_add_word(struct dictionary *dictionary, const char *word, uint64_t flags) {
    struct entry *entry = find_or_add(dictionary, word, strlen(word));
    entry->flags |= flags;
    entry->longest += entry->longest == 0;
    return entry;
}

const struct entry *dictionary_hashed(const struct dictionary *dictionary, const char *word, int len,
                                      uint32_t hash) {
    return find(dictionary, word, (size_t)len, hash);
}

const struct entry *dictionary_word(const struct dictionary *dictionary, const char *word, int len) {
    return dictionary_hashed(dictionary, word, len, fold_hash(word, (size_t)len));
}

/* The entry of exactly `span` words at words[at]. */
static const struct entry *find_span(const struct dictionary *dictionary, const struct word *words, int at,
                                     int span) {
    char key[KEY_MAX];
    size_t len = 0;
    for (int i = 0; i < span; i++) {
        size_t part = (size_t)words[at + i].len;
        if (len + part + 1 >= sizeof key)
            return NULL;
        if (i > 0)
            key[len++] = ' ';
        memcpy(key + len, words[at + i].text, part);
        len += part;
    }
    return find(dictionary, key, len, fold_hash(key, len));
}

void dictionary_expect(const struct dictionary *dictionary, const struct word *words, int count) {
    for (int i = 0; i < count && dictionary->size > 0; i++)
        __builtin_prefetch(&dictionary->places[words[i].hash & (dictionary->size - 1)]);
}

void dictionary_expect_entries(const struct dictionary *dictionary, const struct word *words, int count) {
    for (int i = 0; i < count && dictionary->size > 0; i++) {
        const struct entry_place *place;
        uint32_t at = words[i].hash;
        do
            place = &dictionary->places[at++ & (dictionary->size - 1)];
        while (place->entry && place->hash != words[i].hash);
        if (place->entry) {
            __builtin_prefetch(place->entry);
            __builtin_prefetch(place->entry->key + LINE - offsetof(struct entry, key));
        }
    }
}

void dictionary_look_up(const struct dictionary *dictionary, struct word *words, int count) {
    for (int i = 0; i < count; i++)
        words[i].entry = find(dictionary, words[i].text, (size_t)words[i].len, words[i].hash);
}

const struct entry *dictionary_find_longest(const struct dictionary *dictionary, const struct word *words,
                                            int count, int at, uint64_t flags, int *span) {
    const struct entry *first = words[at].entry;
    *span = first->begun & flags ? first->longest : 1;
    if (*span > count - at)
        *span = count - at;
    if (*span > 1 && !(first->seconds & letter_bit(words[at + 1].text[0])))
        *span = 1;
    for (; *span > 1; (*span)--) {
        const struct entry *entry = find_span(dictionary, words, at, *span);
        if (entry && (entry->flags & flags))
            return entry;
    }
    return first->flags & flags ? first : NULL;
}

const struct entry *dictionary_before(const struct dictionary *dictionary, const struct word *words, int at,
                                      uint64_t flags) {
    for (int span = at < ENTRY_WORDS ? at : ENTRY_WORDS; span > 1; span--) {
        const struct entry *first = words[at - span].entry;
        if (!first || !(first->begun & flags) || first->longest < span ||
            !(first->seconds & letter_bit(words[at - span + 1].text[0])))
            continue;
        const struct entry *entry = find_span(dictionary, words, at - span, span);
        if (entry && (entry->flags & flags))
            return entry;
    }
    const struct entry *last = at > 0 ? words[at - 1].entry : NULL;
    return last && last->flags & flags ? last : NULL;
}
