#include "intents/dictionary.h"
#include <string.h>

enum { ENTRY_WORDS = 6, KEY_MAX = 160 };

void dictionary_clear(struct dictionary *dictionary) {
    HASH_CLEAR(hh, dictionary->entries);
}

static struct entry *find(const struct dictionary *dictionary, const char *key, size_t len) {
    struct entry *entry;
    HASH_FIND(hh, dictionary->entries, key, len, entry);
    return entry;
}

static struct entry *find_or_add(struct dictionary *dictionary, const char *key, size_t len) {
    struct entry *entry = find(dictionary, key, len);
    if (!entry) {
        entry = ARENA_NEW(dictionary->arena, struct entry);
        entry->key = arena_copy(dictionary->arena, key, len);
        HASH_ADD_KEYPTR(hh, dictionary->entries, entry->key, len, entry);
    }
    return entry;
}

struct entry *dictionary_add(struct dictionary *dictionary, const char *text, uint64_t flags) {
    const char *key = fold_words(text, dictionary->arena);
    int words = 1;
    if (!key[0])
        return NULL;
    for (const char *at = key; *at; at++)
        words += *at == ' ';
    struct entry *first = find_or_add(dictionary, key, strcspn(key, " "));
    if (words > first->longest)
        first->longest = words;
    struct entry *entry = find_or_add(dictionary, key, strlen(key));
    entry->flags |= flags;
    if (words > 1)
        first->begun |= flags;
    return entry;
}

struct entry *dictionary_add_word(struct dictionary *dictionary, const char *word, uint64_t flags) {
    struct entry *entry = find_or_add(dictionary, word, strlen(word));
    entry->flags |= flags;
    entry->longest += entry->longest == 0;
    return entry;
}

const struct entry *dictionary_word(const struct dictionary *dictionary, const char *word, int len) {
    return find(dictionary, word, (size_t)len);
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
    return find(dictionary, key, len);
}

void dictionary_look_up(const struct dictionary *dictionary, struct word *words, int count) {
    for (int i = 0; i < count; i++) {
        struct entry *entry;
        HASH_FIND_BYHASHVALUE(hh, dictionary->entries, words[i].text, (size_t)words[i].len, words[i].hash,
                              entry);
        words[i].entry = entry;
    }
}

const struct entry *dictionary_find_longest(const struct dictionary *dictionary, const struct word *words,
                                            int count, int at, uint64_t flags, int *span) {
    const struct entry *first = words[at].entry;
    *span = first->begun & flags ? first->longest : 1;
    if (*span > count - at)
        *span = count - at;
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
        if (!first || !(first->begun & flags) || first->longest < span)
            continue;
        const struct entry *entry = find_span(dictionary, words, at - span, span);
        if (entry && (entry->flags & flags))
            return entry;
    }
    const struct entry *last = at > 0 ? words[at - 1].entry : NULL;
    return last && last->flags & flags ? last : NULL;
}
