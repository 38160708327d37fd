#include "intents/language.h"
#include "base/image.h"
#include "base/text.h"
#include "intents/notation.h"
#include "intents/numbering.h"
#include "intents/patterns.h"
#include "intents/sieve.h"
#include "intents/vocabulary.h"
#include <stdlib.h>
#include <string.h>

int domain_find(const struct domain *domain, const char *name) {
    for (int i = 0; i < domain->count; i++)
        if (text_is(domain->intents[i].name, name))
            return i;
    return -1;
}

bool language_fault(const struct language *language, struct place place, int offset, struct error *err,
                    const char *format, ...) {
    struct error sentence;
    va_list arguments;
    int line = 1, column = 1;
    const char *path =
        place.index < 0 ? place.path : arena_format(language->arena, "%s/%ld", place.path, place.index);
    va_start(arguments, format);
    vsnprintf(sentence.text, sizeof sentence.text, format, arguments);
    va_end(arguments);
    json_locate(language->text, language->len, path, &line, &column);
    return error_set(err, "%s:%d:%d: %s", language->label, line, offset < 0 ? column : column + 1 + offset,
                     sentence.text);
}

const char *language_path(struct language *language, const char *above, const char *key) {
    char *escaped = arena_alloc(&language->scratch, strlen(key) * 2 + 1), *out = escaped;
    for (const char *at = key; *at; at++) {
        if (*at == '/' || *at == '~') {
            *out++ = '~';
            *out++ = *at == '/' ? '1' : '0';
        } else
            *out++ = *at;
    }
    return above[0] ? arena_format(&language->scratch, "%s/%s", above, escaped) : escaped;
}

json_t *language_section(const struct language *language, const char *path) {
    json_t *value = language->root;
    while (*path && value) {
        size_t len = strcspn(path, "/");
        value = json_object_getn(value, path, len);
        path += len + (path[len] == '/');
    }
    return value;
}

static bool known_key(const char *key, const char *const *keys) {
    for (; *keys; keys++)
        if (text_is(key, *keys))
            return true;
    return false;
}

bool language_check_keys(struct language *language, json_t *object, const char *path, const char *const *keys,
                         const char *expected, struct error *err) {
    const char *key;
    json_t *value;
    if (!json_is_object(object))
        return language_fault(language, language_at(path), -1, err, "expected an object with %s", expected);
    json_object_foreach(object, key, value) {
        if (!known_key(key, keys))
            return language_fault(language, language_at(language_path(language, path, key)), -1, err,
                                  "\"%s\" is not a name that is known here; expected %s", key, expected);
    }
    return true;
}

static bool load_root(struct language *language, struct error *err) {
    static const char *const keys[] = {"language",   "lists",   "intents", "yes",   "no",      "choices",
                                       "correction", "also",    "words",   "known", "numbers", "letters",
                                       "as_in",      "email",   "cues",    "money", "units",   "dates",
                                       "typical",    "nothing", "clauses", NULL};
    language->root = language_json(language, err);
    if (!language->root)
        return false;
    const char *code = json_string_value(json_object_get(language->root, "language"));
    if (code && code[0] && !language->code)
        language->code = arena_string(language->arena, code);
    if (!language->code)
        return language_fault(language, language_at("language"), -1, err,
                              "expected \"language\": \"fr\" or the like");
    return language_check_keys(language, language->root, "", keys,
                               "language, lists, intents, yes, no, words … (see README.md)", err);
}

static void make_sieve(struct language *language) {
    struct sieve_words words = {.date = numbering_of(language, WORD_DAY | WORD_WEEKDAY | WORD_FEAST),
                                .number = numbering_of(language, WORD_DIGIT | WORD_VALUE | WORD_AND),
                                .ordinal = numbering_of(language, WORD_ORDINAL)};
    numbering_finish(language);
    words.said = numbering_count(language);
    words.count = language->numbers;
    language->sieve = sieve_new(&words, language->arena);
    for (int i = 0; i < language->pattern_count; i++) {
        struct sieve_pattern pattern = {.steps = language->patterns[i].steps, .owner = i};
        if (!pattern.steps || language->patterns[i].twin != i)
            continue;
        for (int twin = i; twin >= 0; twin = language->patterns[twin].next_twin) {
            pattern.rounds |= 1u << language->patterns[twin].round;
            pattern.about |= language->patterns[twin].about;
        }
        language->patterns[i].sifted = sieve_add(language->sieve, &pattern);
    }
    sieve_finish(language->sieve);
    free((void *)words.date.list);
    free((void *)words.number.list);
    free((void *)words.ordinal.list);
}

bool language_open(struct language *language, const struct data *data, const char *file, struct arena *arena,
                   struct error *err) {
    *language = (struct language){.file = arena_string(arena, file), .arena = arena};
    language->label = data_label(data, language->file, arena);
    language->text = data_read(data, language->file, arena, &language->len, err);
    return language->text != NULL;
}

const char *language_peek(const struct language *language) {
    static const char key[] = "\"language\"";
    const char *at = strstr(language->text, key);
    at = at ? strchr(at + sizeof key - 1, '"') : NULL;
    size_t len = at ? strcspn(at + 1, "\"\\") : 0;
    return len > 0 && at[1 + len] == '"' ? arena_copy(language->arena, at + 1, len) : NULL;
}

/* What was grown piece by piece is moved to where the rest is, and what only loading needs is let go. */
static void settle(struct language *language) {
    dictionary_settle(&language->dictionary);
    typo_settle(&language->meant, language->arena);
    typo_settle(&language->near, language->arena);
    patterns_settle(language);
    json_decref(language->root);
    language->root = NULL;
    arena_clear(&language->scratch);
}

json_t *language_json(const struct language *language, struct error *err) {
    return json_read(language->text, language->len, &json_file_limits, language->label, err);
}

bool language_load(struct language *language, const struct domain *domain, struct error *err) {
    language->numbers = NUMBER_FIRST_WORD;
    if (!load_root(language, err) || !vocabulary_load(language, err) || !patterns_load(language, domain, err))
        return false;
    make_sieve(language);
    settle(language);
    atomic_store(&language->loaded, true);
    return true;
}

bool language_wake(struct language *language, const struct data_file *image, struct error *err) {
    const size_t head = offsetof(struct language, dictionary);
    const char *made = image_open(image->begin, (size_t)(image->end - image->begin), language->arena);
    if (!made)
        return error_set(err, "(built in) %s: is damaged; build wismo again", image->name);
    memcpy((char *)language + head, made + head, sizeof *language - head);
    atomic_store(&language->loaded, true);
    return true;
}

void language_clear(struct language *language) {
    if (!atomic_load(&language->loaded)) {
        dictionary_clear(&language->dictionary);
        typo_clear(&language->meant);
        typo_clear(&language->near);
        patterns_clear(language);
        json_decref(language->root);
        arena_clear(&language->scratch);
    }
    *language = (struct language){0};
}
