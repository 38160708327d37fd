#include "intents/vocabulary.h"
#include "base/buffer.h"
#include "intents/calendar_names.h"
#include "intents/run.h"
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *path;
    uint64_t flags;
} word_sections[] = {
    {"words", WORD_FUNCTION},
    {"known", WORD_KNOWN},
    {"also", WORD_ALSO},
    {"clauses/joined_by", WORD_JOINS},
    {"clauses/begin", WORD_BEGINS},
    {"as_in", WORD_AS_IN},
    {"money", WORD_MONEY},
    {"units", WORD_UNIT},
    {"numbers/hundred", WORD_HUNDRED},
    {"numbers/thousand", WORD_THOUSAND},
    {"numbers/and", WORD_AND},
    {"numbers/double", WORD_DOUBLE},
    {"numbers/triple", WORD_TRIPLE},
    {"numbers/separators", WORD_SEPARATOR},
    {"numbers/fillers", WORD_FILLER},
    {"email/at", WORD_AT},
    {"email/dot", WORD_DOT},
    {"email/dash", WORD_DASH},
    {"email/underscore", WORD_UNDERSCORE},
    {"cues/order_number", WORD_CUE_ORDER},
    {"cues/tracking_number", WORD_CUE_TRACKING},
    {"cues/postcode", WORD_CUE_POSTCODE},
    {"cues/phone", WORD_CUE_PHONE},
    {"dates/of", WORD_OF},
    {"dates/next", WORD_NEXT},
    {"dates/last", WORD_LAST},
    {"dates/past", WORD_PAST},
    {"dates/promised", WORD_PROMISED},
    {"dates/on", WORD_ON},
};

/* Sections whose keys are numbers: key → that field of the entry. */
static const struct {
    const char *path;
    uint64_t flags;
    size_t field;
    int least, most;
} number_sections[] = {
    {"numbers/digits", WORD_DIGIT, offsetof(struct entry, digit), 0, 9},
    {"numbers/homophones", WORD_HOMOPHONE, offsetof(struct entry, digit), 0, 9},
    {"numbers/values", WORD_VALUE, offsetof(struct entry, value), 10, 999},
    {"dates/days", WORD_DAY, offsetof(struct entry, day), -31, 31},
    {"dates/weekdays", WORD_WEEKDAY, offsetof(struct entry, weekday), 1, 7},
    {"dates/months", WORD_MONTH, offsetof(struct entry, month), 1, 12},
    {"dates/ordinal_words", WORD_ORDINAL, offsetof(struct entry, ordinal), 1, 31},
};

static bool add_word(struct language *language, json_t *word, struct place place, uint64_t flags,
                     struct entry **out, struct error *err) {
    const char *string = json_string_value(word);
    *out = string ? dictionary_add(&language->dictionary, string, flags) : NULL;
    return *out || language_fault(language, place, -1, err, "expected words in quotes");
}

static bool load_words(struct language *language, json_t *array, const char *path, uint64_t flags,
                       struct error *err) {
    size_t i;
    json_t *word;
    struct entry *entry;
    if (array && !json_is_array(array))
        return language_fault(language, language_at(path), -1, err,
                              "expected a list of words: [\"…\", \"…\"]");
    json_array_foreach(array, i, word) {
        if (!add_word(language, word, language_at_index(path, i), flags, &entry, err))
            return false;
    }
    return true;
}

static bool parse_int(const char *text, int least, int most, int *out) {
    char *end;
    long value = strtol(text, &end, 10);
    *out = (int)value;
    return end != text && *end == '\0' && value >= least && value <= most;
}

static bool load_numbered(struct language *language, size_t row, struct error *err) {
    const char *path = number_sections[row].path, *key;
    json_t *object = language_section(language, path), *words, *word;
    size_t i;
    if (object && !json_is_object(object))
        return language_fault(language, language_at(path), -1, err,
                              "expected {\"number\": [\"word\", …], …}");
    json_object_foreach(object, key, words) {
        int value;
        int16_t number;
        struct entry *entry;
        const char *below = language_path(language, path, key);
        if (!parse_int(key, number_sections[row].least, number_sections[row].most, &value))
            return language_fault(language, language_at(below), -1, err,
                                  "\"%s\" is not a number from %d to %d", key, number_sections[row].least,
                                  number_sections[row].most);
        if (!json_is_array(words))
            return language_fault(language, language_at(below), -1, err,
                                  "expected a list of words: [\"…\", \"…\"]");
        number = (int16_t)value;
        json_array_foreach(words, i, word) {
            if (!add_word(language, word, language_at_index(below, i), number_sections[row].flags, &entry,
                          err))
                return false;
            memcpy((char *)entry + number_sections[row].field, &number, sizeof number);
        }
    }
    return true;
}

static bool load_letters(struct language *language, struct error *err) {
    json_t *letters = json_object_get(language->root, "letters"), *names, *name;
    const char *key;
    size_t i;
    struct entry *entry;
    json_object_foreach(letters, key, names) {
        const char *path = language_path(language, "letters", key);
        if (key[0] < 'a' || key[0] > 'z' || key[1] != '\0')
            return language_fault(language, language_at(path), -1, err,
                                  "\"%s\" is not one of the letters a to z", key);
        json_array_foreach(names, i, name) {
            if (!add_word(language, name, language_at_index(path, i), WORD_LETTER, &entry, err))
                return false;
            entry->letter = key[0];
        }
    }
    return true;
}

/* "12-25", "easter", "easter-21", "05-7/2" (the second Sunday of May), "05-7/-1" (the last). */
static bool parse_feast(const char *key, struct feast *out) {
    *out = (struct feast){0};
    if (strncmp(key, "easter", 6) == 0) {
        out->easter = true;
        return key[6] == '\0' || parse_int(key + 6, -100, 100, &out->days);
    }
    char *end;
    out->month = (int)strtol(key, &end, 10);
    if (end == key || *end != '-' || out->month < 1 || out->month > 12)
        return false;
    const char *slash = strchr(end, '/');
    if (!slash)
        return parse_int(end + 1, 1, 31, &out->day);
    out->weekday = (int)strtol(end + 1, &end, 10);
    return end == slash && out->weekday >= 1 && out->weekday <= 7 && parse_int(slash + 1, -1, 5, &out->nth) &&
           out->nth != 0;
}

static bool load_feasts(struct language *language, struct error *err) {
    json_t *feasts = language_section(language, "dates/feasts"), *names, *name;
    const char *key;
    size_t i;
    struct entry *entry;
    language->feasts = ARENA_ARRAY(language->arena, struct feast, json_object_size(feasts) + 1);
    json_object_foreach(feasts, key, names) {
        const char *path = language_path(language, "dates/feasts", key);
        if (!parse_feast(key, &language->feasts[language->feast_count]))
            return language_fault(language, language_at(path), -1, err,
                                  "\"%s\" is not a feast: expected \"12-25\", \"easter+1\" or \"05-7/2\" "
                                  "(second Sunday of May)",
                                  key);
        json_array_foreach(names, i, name) {
            if (!add_word(language, name, language_at_index(path, i), WORD_FEAST, &entry, err))
                return false;
            entry->feast = (int16_t)language->feast_count;
        }
        language->feast_count++;
    }
    return true;
}

static bool load_flags(struct language *language, struct error *err) {
    json_t *teens = language_section(language, "numbers/takes_teens"),
           *ordinals = language_section(language, "dates/ordinals"), *value;
    size_t i;
    language->units_first = json_is_true(language_section(language, "numbers/units_first"));
    language->joined = json_is_true(language_section(language, "numbers/joined"));
    json_array_foreach(teens, i, value) {
        if (i == sizeof language->takes_teens / sizeof language->takes_teens[0] || !json_is_integer(value))
            return language_fault(language, language_at("numbers/takes_teens"), -1, err,
                                  "expected at most 4 numbers: [60, 80]");
        language->takes_teens[i] = (int)json_integer_value(value);
    }
    language->ordinals = arena_string(language->arena, "");
    json_array_foreach(ordinals, i, value) {
        if (!json_is_string(value))
            return language_fault(language, language_at_index("dates/ordinals", i), -1, err,
                                  "expected an ending in quotes");
        language->ordinals = arena_format(language->arena, "%s%s%s", language->ordinals, i ? "|" : "",
                                          fold_words(json_string_value(value), language->arena));
    }
    return true;
}

static void note_numbers(struct language *language) {
    for (uint32_t i = 0; i < language->dictionary.count; i++) {
        const struct entry *entry = language->dictionary.list[i];
        if (entry->flags & (RUN_NUMBERS | WORD_AND)) {
            language->number_firsts |= letter_bit(entry->key[0]);
            language->number_lasts |= letter_bit(entry->key[entry->len - 1]);
        }
    }
}

static bool load_dictionary(struct language *language, struct error *err) {
    language->dictionary.arena = language->arena;
    language->dictionary.scratch = &language->scratch;
    for (size_t i = 0; i < sizeof word_sections / sizeof word_sections[0]; i++)
        if (!load_words(language, language_section(language, word_sections[i].path), word_sections[i].path,
                        word_sections[i].flags, err))
            return false;
    for (size_t i = 0; i < sizeof number_sections / sizeof number_sections[0]; i++)
        if (!load_numbered(language, i, err))
            return false;
    return load_letters(language, err) && load_feasts(language, err) && load_flags(language, err) &&
           calendar_names(language->code, &language->dictionary, err);
}

/* The entries with one of the flags as alternatives, each after a space. */
static const char *words_source(const struct language *language, uint64_t flags, uint64_t without) {
    struct buffer source;
    buffer_init(&source, 64 << 10);
    for (uint32_t i = 0; i < language->dictionary.count; i++) {
        const struct entry *entry = language->dictionary.list[i];
        if ((entry->flags & flags) && !(entry->flags & without))
            buffer_format(&source, "%s %s", source.len ? "|" : "", entry->key);
    }
    const char *copy = arena_copy(language->arena, source.bytes, source.len);
    buffer_clear(&source);
    return copy;
}

/* What "#", "#th" and "<date>" become. */
static void write_words(struct language *language) {
    const char *number = words_source(language, WORD_DIGIT | WORD_VALUE, 0),
               *and = words_source(language, WORD_AND, 0);
    if (number[0])
        number = arena_format(language->arena, "(?:%s)(?:(?:%s)?(?:%s)){0,2}", number, and, number);
    language->expression_words = (struct expression_words){
        .number = number,
        .ordinals = language->ordinals,
        .ordinal_words = words_source(language, WORD_ORDINAL, 0),
        .date = words_source(language, WORD_DAY | WORD_WEEKDAY | WORD_FEAST, WORD_SHORT)};
}

bool vocabulary_load(struct language *language, struct error *err) {
    if (!load_dictionary(language, err))
        return false;
    note_numbers(language);
    write_words(language);
    return true;
}
