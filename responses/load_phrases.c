#include "base/text.h"
#include "responses/load.h"
#include <stdlib.h>
#include <string.h>

static int phrase_compare(const void *a, const void *b) {
    return strcmp(((const struct declared_phrase *)a)->name, ((const struct declared_phrase *)b)->name);
}

int book_phrase(const struct phrasebook *book, const char *name) {
    uint32_t at = (uint32_t)text_hash(name);
    for (;; at++) {
        int phrase = book->places[at & book->place_mask] - 1;
        if (phrase < 0 || strcmp(book->phrases[phrase].name, name) == 0)
            return phrase;
    }
}

/* A table with at least every second place free, so that a search ends soon. */
static void place_phrases(struct phrasebook *book) {
    uint32_t size = 2;
    while (size < 2 * (uint32_t)book->phrase_count)
        size *= 2;
    book->place_mask = size - 1;
    book->places = ARENA_ARRAY(&book->arena, uint16_t, size);
    for (int i = 0; i < book->phrase_count; i++) {
        uint32_t at = (uint32_t)text_hash(book->phrases[i].name);
        while (book->places[at & book->place_mask])
            at++;
        book->places[at & book->place_mask] = (uint16_t)(i + 1);
    }
}

static bool load_declared(struct loader *loader, struct declared_phrase *phrase, json_t *json) {
    static const char *const known[] = {"values", "meaning", NULL};
    struct phrasebook *book = loader->book;
    const char *path = arena_format(&book->arena, "phrases/%s", phrase->name);
    const char *below = arena_format(&book->arena, "%s/values", path);
    if (!load_expect(loader, path, json, JSON_OBJECT) || !load_known_keys(loader, path, json, known))
        return false;
    json_t *list = json_object_get(json, "values");
    if (!load_expect(loader, list ? below : path, list, JSON_ARRAY))
        return false;
    struct declared_value *values =
        ARENA_ARRAY(&book->arena, struct declared_value, json_array_size(list) + 1);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *at = arena_format(&book->arena, "%s/%zu", below, i);
        if (!load_expect(loader, at, json_array_get(list, i), JSON_STRING))
            return false;
        char *name = arena_string(&book->arena, json_string_value(json_array_get(list, i)));
        size_t len = strlen(name);
        if (len && name[len - 1] == '?') {
            values[i].optional = true;
            name[len - 1] = '\0';
        }
        int fact = vocabulary_find(&fact_vocabulary, name);
        if (fact < 0)
            return load_fails(loader, at, "the program knows no value '%s'", name);
        values[i].fact = (enum fact)fact;
    }
    phrase->values = values;
    phrase->value_count = (int)json_array_size(list);
    return true;
}

bool load_phrases(struct loader *loader, json_t *json) {
    static const char *const known[] = {"phrases", NULL};
    struct phrasebook *book = loader->book;
    json_t *phrases = json_object_get(json, "phrases"), *phrase;
    const char *name;
    if (!load_known_keys(loader, "", json, known) ||
        !load_expect(loader, phrases ? "phrases" : "", phrases, JSON_OBJECT))
        return false;
    book->phrases = ARENA_ARRAY(&book->arena, struct declared_phrase, json_object_size(phrases) + 1);
    json_object_foreach(phrases, name, phrase) {
        struct declared_phrase *declared = &book->phrases[book->phrase_count++];
        declared->name = arena_string(&book->arena, name);
        if (!load_declared(loader, declared, phrase))
            return false;
    }
    qsort(book->phrases, (size_t)book->phrase_count, sizeof *book->phrases, phrase_compare);
    place_phrases(book);
    return true;
}
