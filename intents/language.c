#include "intents/language.h"
#include "base/buffer.h"
#include "base/memory.h"
#include "base/text.h"
#include "intents/calendar_names.h"
#include "intents/matcher.h"
#include "intents/notation.h"
#include "intents/sieve.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#define uthash_fatal(message) memory_exhausted()
#include <uthash.h>

enum {
    NUMBERS_MAX = UINT16_MAX,
    OPENING_BYTES = 8,
    HEARD_EACH = 8 /* every so many-th example tells how often words are said */
};

struct list {
    const char *name, *path;
    json_t *entries;
    struct choice *choice;
    enum { LIST_RAW, LIST_BEING_READ, LIST_READ } state;
    bool used;
};

struct loading {
    struct language *language;
    const struct domain *domain;
    struct notation notation;
};

int domain_find(const struct domain *domain, const char *name) {
    for (int i = 0; i < domain->count; i++)
        if (text_is(domain->intents[i].name, name))
            return i;
    return -1;
}

static struct place at_path(const char *path) {
    return (struct place){path, -1};
}

static struct place at_index(const char *path, size_t index) {
    return (struct place){path, (long)index};
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

const char *language_rule(const struct language *language, const struct pattern *pattern,
                          struct arena *arena) {
    size_t file = strlen(language->file), section = strlen(pattern->section), size = file + section + 16;
    char *rule = arena_alloc(arena, size), *at = rule;
    memcpy(at, language->file, file); /* formatting would be much of the time of a reading */
    at += file;
    *at++ = ':';
    memcpy(at, pattern->section, section);
    at += section;
    *at++ = '/';
    int order = 1;
    while (pattern->number / order >= 10)
        order *= 10;
    for (; order > 0; order /= 10)
        *at++ = (char)('0' + pattern->number / order % 10);
    return rule;
}

static const char *language_path(const struct language *language, const char *above, const char *key) {
    char *escaped = arena_alloc(language->arena, strlen(key) * 2 + 1), *out = escaped;
    for (const char *at = key; *at; at++) {
        if (*at == '/' || *at == '~') {
            *out++ = '~';
            *out++ = *at == '/' ? '1' : '0';
        } else
            *out++ = *at;
    }
    return above[0] ? arena_format(language->arena, "%s/%s", above, escaped) : escaped;
}

static json_t *section(const struct language *language, const char *path) {
    json_t *value = language->root;
    while (*path && value) {
        size_t len = strcspn(path, "/");
        value = json_object_getn(value, path, len);
        path += len + (path[len] == '/');
    }
    return value;
}

/* ---- words ---- */

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
        return language_fault(language, at_path(path), -1, err, "expected a list of words: [\"…\", \"…\"]");
    json_array_foreach(array, i, word) {
        if (!add_word(language, word, at_index(path, i), flags, &entry, err))
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
    json_t *object = section(language, path), *words, *word;
    size_t i;
    if (object && !json_is_object(object))
        return language_fault(language, at_path(path), -1, err, "expected {\"number\": [\"word\", …], …}");
    json_object_foreach(object, key, words) {
        int value;
        struct entry *entry;
        const char *below = language_path(language, path, key);
        if (!parse_int(key, number_sections[row].least, number_sections[row].most, &value))
            return language_fault(language, at_path(below), -1, err, "\"%s\" is not a number from %d to %d",
                                  key, number_sections[row].least, number_sections[row].most);
        if (!json_is_array(words))
            return language_fault(language, at_path(below), -1, err,
                                  "expected a list of words: [\"…\", \"…\"]");
        json_array_foreach(words, i, word) {
            if (!add_word(language, word, at_index(below, i), number_sections[row].flags, &entry, err))
                return false;
            memcpy((char *)entry + number_sections[row].field, &value, sizeof value);
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
            return language_fault(language, at_path(path), -1, err, "\"%s\" is not one of the letters a to z",
                                  key);
        json_array_foreach(names, i, name) {
            if (!add_word(language, name, at_index(path, i), WORD_LETTER, &entry, err))
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
    json_t *feasts = section(language, "dates/feasts"), *names, *name;
    const char *key;
    size_t i;
    struct entry *entry;
    language->feasts = ARENA_ARRAY(language->arena, struct feast, json_object_size(feasts) + 1);
    json_object_foreach(feasts, key, names) {
        const char *path = language_path(language, "dates/feasts", key);
        if (!parse_feast(key, &language->feasts[language->feast_count]))
            return language_fault(language, at_path(path), -1, err,
                                  "\"%s\" is not a feast: expected \"12-25\", \"easter+1\" or \"05-7/2\" "
                                  "(second Sunday of May)",
                                  key);
        json_array_foreach(names, i, name) {
            if (!add_word(language, name, at_index(path, i), WORD_FEAST, &entry, err))
                return false;
            entry->feast = language->feast_count;
        }
        language->feast_count++;
    }
    return true;
}

static bool load_flags(struct language *language, struct error *err) {
    json_t *teens = section(language, "numbers/takes_teens"), *ordinals = section(language, "dates/ordinals"),
           *value;
    size_t i;
    language->units_first = json_is_true(section(language, "numbers/units_first"));
    language->joined = json_is_true(section(language, "numbers/joined"));
    json_array_foreach(teens, i, value) {
        if (i == sizeof language->takes_teens / sizeof language->takes_teens[0] || !json_is_integer(value))
            return language_fault(language, at_path("numbers/takes_teens"), -1, err,
                                  "expected at most 4 numbers: [60, 80]");
        language->takes_teens[i] = (int)json_integer_value(value);
    }
    language->ordinals = "";
    json_array_foreach(ordinals, i, value) {
        if (!json_is_string(value))
            return language_fault(language, at_index("dates/ordinals", i), -1, err,
                                  "expected an ending in quotes");
        language->ordinals = arena_format(language->arena, "%s%s%s", language->ordinals, i ? "|" : "",
                                          fold_words(json_string_value(value), language->arena));
    }
    return true;
}

static bool load_dictionary(struct language *language, struct error *err) {
    language->dictionary.arena = language->arena;
    for (size_t i = 0; i < sizeof word_sections / sizeof word_sections[0]; i++)
        if (!load_words(language, section(language, word_sections[i].path), word_sections[i].path,
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
    for (const struct entry *entry = language->dictionary.first; entry; entry = entry->next)
        if ((entry->flags & flags) && !(entry->flags & without))
            buffer_format(&source, "%s %s", source.len ? "|" : "", entry->key);
    const char *copy = arena_copy(language->arena, source.bytes, source.len);
    buffer_clear(&source);
    return copy;
}

/* ---- patterns ---- */

/* Past NUMBERS_MAX words share one, which only makes the sieve let more through. */
static uint16_t next_number(struct language *language) {
    return (uint16_t)(language->numbers < NUMBERS_MAX ? language->numbers++ : NUMBERS_MAX - 1);
}

static uint16_t number_word(void *context, const char *word, bool fuzzy) {
    struct loading *loading = context;
    struct entry *entry = dictionary_add_word(&loading->language->dictionary, word, WORD_KNOWN);
    if (!entry->number)
        entry->number = next_number(loading->language);
    if (fuzzy)
        typo_add(&loading->language->typo, entry->key);
    return entry->number;
}

static uint16_t number_beginning(void *context, const char *text) {
    struct language *language = ((struct loading *)context)->language;
    struct beginning **first = &language->beginnings[(unsigned char)text[0]];
    for (const struct beginning *beginning = *first; beginning; beginning = beginning->next)
        if (text_is(beginning->text, text))
            return beginning->number;
    struct beginning *beginning = ARENA_NEW(language->arena, struct beginning);
    *beginning = (struct beginning){text, (int)strlen(text), next_number(language), *first};
    *first = beginning;
    return beginning->number;
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

/* Of known words once for all. */
static void number_entries(struct language *language) {
    static const uint16_t none[] = {NUMBER_NONE};
    for (struct entry *entry = language->dictionary.first; entry; entry = entry->next) {
        uint16_t numbers[NUMBERS_A_WORD + 1];
        int count = 0;
        if (entry->number)
            numbers[count++] = entry->number;
        count = add_openings(language, entry->key, entry->len, numbers, count);
        numbers[count++] = NUMBER_NONE;
        size_t size = sizeof *numbers * (size_t)count;
        entry->numbers = count == 1 ? none : memcpy(arena_room(language->arena, size), numbers, size);
    }
}

const uint16_t *language_numbers(const struct language *language, const struct token *token,
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

static bool read_list(struct loading *loading, struct list *list, struct error *err);

static struct choice *find_list(void *context, const char *name, bool *failed, struct error *err) {
    struct loading *loading = context;
    struct language *language = loading->language;
    for (int i = 0; i < language->list_count; i++) {
        struct list *list = &language->lists[i];
        if (!text_is(list->name, name))
            continue;
        list->used = true;
        if (list->state == LIST_BEING_READ)
            *failed =
                !language_fault(language, at_path(list->path), -1, err, "the list {%s} holds itself", name);
        else if (list->state == LIST_RAW) {
            list->state = LIST_BEING_READ;
            *failed = !read_list(loading, list, err);
            list->state = LIST_READ;
        }
        return *failed ? NULL : list->choice;
    }
    return NULL;
}

/* Puts the place before a fault of the notation; offset -1: it is there. */
static bool place_fault(const struct language *language, struct place place, int offset, struct error *err) {
    struct error sentence = *err;
    return offset < 0 ? false : language_fault(language, place, offset, err, "%s", sentence.text);
}

static bool read_list(struct loading *loading, struct list *list, struct error *err) {
    struct language *language = loading->language;
    size_t i, count = json_array_size(list->entries);
    json_t *entry;
    int offset;
    if (count == 0)
        return language_fault(language, at_path(list->path), -1, err,
                              "expected a list of at least one entry: [\"…\"]");
    struct node *nodes = ARENA_ARRAY(language->arena, struct node, count);
    json_array_foreach(list->entries, i, entry) {
        struct place place = at_index(list->path, i);
        if (!json_is_string(entry))
            return language_fault(language, place, -1, err, "expected a pattern in quotes");
        if (!notation_read_part(&loading->notation, json_string_value(entry), &nodes[i], &offset, err))
            return place_fault(language, place, offset, err);
    }
    list->choice = notation_choice(language->arena, nodes, (int)count);
    return true;
}

struct twin {
    const char *text;
    int first, last;
    UT_hash_handle hh;
};

/* Lists of hard negatives serve many intents: one match answers for all. */
static void find_twin(struct language *language, const char *text, int index) {
    struct twin *twin;
    HASH_FIND_STR(language->twins, text, twin);
    language->patterns[index].next_twin = -1;
    language->patterns[index].twin = twin ? twin->first : index;
    if (twin)
        language->patterns[twin->last].next_twin = index;
    else {
        twin = ARENA_NEW(language->arena, struct twin);
        *twin = (struct twin){.text = arena_string(language->arena, text), .first = index};
        HASH_ADD_KEYPTR(hh, language->twins, twin->text, strlen(twin->text), twin);
    }
    twin->last = index;
}

static void keep_pattern(struct language *language, struct pattern pattern, const char *text,
                         const struct node *node) {
    int index = language->pattern_count++;
    if (pattern.target == TARGET_UNLESS)
        pattern.round = ROUND_UNLESS;
    else
        pattern.round = pattern.weak && !pattern.talk ? ROUND_WEAK : ROUND_STRONG;
    pattern.steps = node->steps;
    pattern.regex = node->regex;
    language->patterns = memory_grown(language->patterns, index, &language->pattern_size, sizeof pattern);
    language->patterns[index] = pattern;
    find_twin(language, text, index);
    if (node->regex) {
        language->always =
            memory_grown(language->always, language->always_count, &language->always_size, sizeof index);
        language->always[language->always_count++] = index;
    }
}

static bool add_pattern(struct loading *loading, json_t *value, struct place place, struct pattern pattern,
                        struct error *err) {
    struct language *language = loading->language;
    struct node node;
    struct error reason;
    int offset;
    json_t *match = json_is_object(value) ? json_object_get(value, "match") : value;
    const char *strength = json_string_value(json_object_get(value, "strength")),
               *text = json_string_value(match);
    if (!text)
        return language_fault(language, place, -1, err,
                              "expected a pattern in quotes or {\"match\": \"…\", \"strength\": \"weak\"}");
    if (strength && !text_is(strength, "weak") && !text_is(strength, "strong"))
        return language_fault(language, place, -1, err, "strength is \"strong\" or \"weak\", not \"%s\"",
                              strength);
    if (match != value)
        place = at_path(arena_format(language->arena, "%s/%ld/match", place.path, place.index));
    if (!notation_read(&loading->notation, text, &node, &offset, err))
        return place_fault(language, place, offset, err);
    if (node.regex && !matcher_check(node.regex, &offset, &reason))
        return language_fault(language, place, offset + 1, err, "%s", reason.text);
    pattern.weak = text_is(strength, "weak");
    keep_pattern(language, pattern, text, &node);
    return true;
}

static bool add_patterns(struct loading *loading, json_t *array, const char *path, struct pattern pattern,
                         const char *name, struct error *err) {
    size_t i;
    json_t *value;
    struct language *language = loading->language;
    if (array && !json_is_array(array))
        return language_fault(language, at_path(path), -1, err,
                              "expected a list of patterns: [\"…\", \"…\"]");
    pattern.section = name;
    json_array_foreach(array, i, value) {
        pattern.number = (int)i + 1;
        if (!add_pattern(loading, value, at_index(path, i), pattern, err))
            return false;
    }
    return true;
}

static bool known_key(const char *key, const char *const *keys) {
    for (; *keys; keys++)
        if (text_is(key, *keys))
            return true;
    return false;
}

static bool check_keys(const struct language *language, json_t *object, const char *path,
                       const char *const *keys, const char *expected, struct error *err) {
    const char *key;
    json_t *value;
    if (!json_is_object(object))
        return language_fault(language, at_path(path), -1, err, "expected an object with %s", expected);
    json_object_foreach(object, key, value) {
        if (!known_key(key, keys))
            return language_fault(language, at_path(language_path(language, path, key)), -1, err,
                                  "\"%s\" is not a name that is known here; expected %s", key, expected);
    }
    return true;
}

static uint64_t about(const struct domain *domain, const struct pattern *unless) {
    uint64_t bits = 0;
    for (int i = 0; i < domain->count; i++)
        if (unless->intent >= 0 ? unless->intent == i
                                : strncmp(unless->name, domain->intents[i].name, strlen(unless->name)) == 0)
            bits |= intent_bit(i);
    return bits;
}

static bool load_intent(struct loading *loading, const char *name, json_t *value, struct error *err) {
    static const char *const keys[] = {"patterns", "unless", "examples", "counter_examples", NULL};
    struct language *language = loading->language;
    const char *path = language_path(language, "intents", name);
    size_t len = strlen(name);
    bool group = len > 2 && strcmp(name + len - 2, ".*") == 0;
    int intent = domain_find(loading->domain, name);
    if (!check_keys(language, value, path, keys, "patterns, unless, examples and counter_examples", err))
        return false;
    if (intent < 0 && !group)
        return language_fault(language, at_path(path), -1, err, "there is no intent \"%s\" in domain.json",
                              name);
    if (group && json_object_get(value, "patterns"))
        return language_fault(language, at_path(path), -1, err,
                              "\"%s\" stands for many intents: it takes only \"unless\"", name);
    struct pattern unless = {.target = TARGET_UNLESS, .intent = intent, .name = name};
    if (group)
        unless.name = arena_copy(language->arena, name, len - 1);
    unless.about = about(loading->domain, &unless);
    struct pattern pattern = {.target = TARGET_INTENT, .intent = intent, .name = name, .about = unless.about};
    pattern.talk = intent >= 0 && loading->domain->intents[intent].kind == KIND_SOCIAL;
    return add_patterns(loading, json_object_get(value, "patterns"),
                        language_path(language, path, "patterns"), pattern, name, err) &&
           add_patterns(loading, json_object_get(value, "unless"), language_path(language, path, "unless"),
                        unless, arena_format(language->arena, "%s/unless", name), err);
}

static const struct {
    const char *path;
    enum target target;
} pattern_sections[] = {
    {"yes", TARGET_YES},     {"no", TARGET_NO},         {"correction", TARGET_CORRECTION},
    {"dates/in", TARGET_IN}, {"dates/ago", TARGET_AGO}, {"dates/day", TARGET_DAY},
};

/* What is said alike in every language. */
static const struct {
    const char *text, *path;
    enum target target;
} signs[] = {
    {"\U0001F44D", "yes", TARGET_YES}, {"\U0001F44C", "yes", TARGET_YES}, {"\U0001F44E", "no", TARGET_NO}};

static bool load_patterns(struct loading *loading, struct error *err) {
    struct language *language = loading->language;
    const char *name;
    json_t *value;
    json_object_foreach(json_object_get(language->root, "intents"), name,
                        value) if (!load_intent(loading, name, value, err)) return false;
    for (size_t i = 0; i < sizeof pattern_sections / sizeof pattern_sections[0]; i++) {
        const char *path = pattern_sections[i].path;
        struct pattern pattern = {
            .target = pattern_sections[i].target, .intent = -1, .name = path, .about = UINT64_MAX};
        if (!add_patterns(loading, section(language, path), path, pattern, path, err))
            return false;
    }
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        struct pattern pattern = {.target = signs[i].target,
                                  .intent = -1,
                                  .name = signs[i].path,
                                  .section = signs[i].path,
                                  .about = UINT64_MAX};
        json_t *sign = json_string(signs[i].text);
        bool good = add_pattern(loading, sign, at_path(signs[i].path), pattern, err);
        json_decref(sign);
        if (!good)
            return false;
    }
    json_object_foreach(json_object_get(language->root, "choices"), name, value) {
        struct pattern pattern = {.target = TARGET_CHOICE, .intent = -1, .name = name, .about = UINT64_MAX};
        const char *path = language_path(language, "choices", name);
        if (!add_patterns(loading, value, path, pattern, path, err))
            return false;
    }
    return true;
}

static bool load_lists(struct loading *loading, struct error *err) {
    struct language *language = loading->language;
    json_t *lists = json_object_get(language->root, "lists"), *entries;
    const char *name;
    language->lists = ARENA_ARRAY(language->arena, struct list, json_object_size(lists) + 1);
    json_object_foreach(lists, name, entries) {
        struct list list = {.name = name, .path = language_path(language, "lists", name), .entries = entries};
        language->lists[language->list_count++] = list;
    }
    for (int i = 0; i < language->list_count; i++) {
        bool used = language->lists[i].used, failed = false;
        find_list(loading, language->lists[i].name, &failed, err);
        if (failed)
            return false;
        language->lists[i].used = used;
    }
    return true;
}

static bool load_root(struct language *language, struct error *err) {
    static const char *const keys[] = {"language",   "lists",   "intents", "yes",   "no",      "choices",
                                       "correction", "also",    "words",   "known", "numbers", "letters",
                                       "as_in",      "email",   "cues",    "money", "units",   "dates",
                                       "typical",    "nothing", "clauses", NULL};
    language->root = json_read(language->text, language->len, &json_file_limits, language->label, err);
    if (!language->root)
        return false;
    const char *code = json_string_value(json_object_get(language->root, "language"));
    if (code && code[0] && !language->code)
        language->code = code;
    if (!language->code)
        return language_fault(language, at_path("language"), -1, err,
                              "expected \"language\": \"fr\" or the like");
    return check_keys(language, language->root, "", keys,
                      "language, lists, intents, yes, no, words … (see README.md)", err);
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

/* Each word of the entries with one of the flags. */
static struct word_numbers numbers_of(struct loading *loading, uint64_t flags) {
    struct language *language = loading->language;
    struct word_numbers out = {0};
    uint16_t *list = NULL;
    int size = 0;
    for (const struct entry *entry = language->dictionary.first; entry; entry = entry->next) {
        if (!(entry->flags & flags))
            continue;
        for (const char *at = entry->key; *at;) {
            size_t len = strcspn(at, " ");
            list = memory_grown(list, out.count, &size, sizeof *list);
            list[out.count++] = number_word(loading, arena_copy(language->arena, at, len), false);
            at += len + (at[len] == ' ');
        }
    }
    out.list = list;
    return out;
}

/* Counts the words of some of the examples: a pattern waits for the rarest of its own. */
static uint32_t *count_words(const struct language *language) {
    uint32_t *said = ARENA_ARRAY(language->arena, uint32_t, (size_t)language->numbers);
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
            for (const uint16_t *numbers = language_numbers(language, &token, room); *numbers != NUMBER_NONE;
                 numbers++)
                said[*numbers]++;
        }
    }
    for (int number = 1; number <= NUMBER_DIGITS; number++)
        said[number] += (uint32_t)heard / HEARD_EACH / 4; /* dates and numbers of all kinds */
    arena_clear(&arena);
    return said;
}

static void make_sieve(struct loading *loading) {
    struct language *language = loading->language;
    struct sieve_words words = {.date = numbers_of(loading, WORD_DAY | WORD_WEEKDAY | WORD_FEAST),
                                .number = numbers_of(loading, WORD_DIGIT | WORD_VALUE | WORD_AND),
                                .ordinal = numbers_of(loading, WORD_ORDINAL)};
    number_entries(language);
    words.said = count_words(language);
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

bool language_load(struct language *language, const struct domain *domain, struct error *err) {
    struct arena *arena = language->arena;
    if (!load_root(language, err) || !load_dictionary(language, err))
        return false;
    language->numbers = NUMBER_FIRST_WORD;
    write_words(language);
    const struct expression_words *words = &language->expression_words;
    struct loading loading = {.language = language, .domain = domain};
    loading.notation =
        (struct notation){.arena = arena,
                          .number_size = strlen(words->number) + strlen(words->ordinal_words) + 32,
                          .date_size = strlen(words->date) + 2,
                          .list = find_list,
                          .word = number_word,
                          .beginning = number_beginning,
                          .context = &loading};
    if (!load_lists(&loading, err) || !load_patterns(&loading, err))
        return false;
    arrange_beginnings(language);
    make_sieve(&loading);
    atomic_store(&language->loaded, true);
    return true;
}

void language_clear(struct language *language) {
    dictionary_clear(&language->dictionary);
    typo_clear(&language->typo);
    sieve_free(language->sieve);
    HASH_CLEAR(hh, language->twins);
    free(language->patterns);
    free(language->always);
    json_decref(language->root);
    *language = (struct language){0};
}

void language_unused(const struct language *language, void (*each)(const char *message, void *context),
                     void *context) {
    struct error err;
    for (int i = 0; i < language->list_count; i++)
        if (!language->lists[i].used) {
            language_fault(language, at_path(language->lists[i].path), -1, &err, "nothing uses the list {%s}",
                           language->lists[i].name);
            each(err.text, context);
        }
}
