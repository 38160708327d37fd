#include "intents/patterns.h"
#include "base/memory.h"
#include "base/text.h"
#include "intents/matcher.h"
#include "intents/notation.h"
#include "intents/numbering.h"
#include <string.h>
#define uthash_fatal(message) memory_exhausted()
#include <uthash.h>

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

static uint16_t word(void *context, const char **text, bool fuzzy) {
    const struct entry *entry = numbering_word(((struct loading *)context)->language, *text, fuzzy);
    *text = entry->key;
    return entry->number;
}

static uint16_t beginning(void *context, const char **text) {
    const struct beginning *beginning = numbering_beginning(((struct loading *)context)->language, *text);
    *text = beginning->text;
    return beginning->number;
}

/* ---- lists ---- */

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
            *failed = !language_fault(language, language_at(list->path), -1, err,
                                      "the list {%s} holds itself", name);
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
        return language_fault(language, language_at(list->path), -1, err,
                              "expected a list of at least one entry: [\"…\"]");
    struct node *nodes = ARENA_ARRAY(&language->scratch, struct node, count);
    json_array_foreach(list->entries, i, entry) {
        struct place place = language_at_index(list->path, i);
        if (!json_is_string(entry))
            return language_fault(language, place, -1, err, "expected a pattern in quotes");
        if (!notation_read_part(&loading->notation, json_string_value(entry), &nodes[i], &offset, err))
            return place_fault(language, place, offset, err);
    }
    list->choice = notation_choice(language->arena, nodes, (int)count);
    return true;
}

static bool load_lists(struct loading *loading, struct error *err) {
    struct language *language = loading->language;
    json_t *lists = json_object_get(language->root, "lists"), *entries;
    const char *name;
    language->lists = ARENA_ARRAY(language->arena, struct list, json_object_size(lists) + 1);
    json_object_foreach(lists, name, entries) {
        struct list list = {.name = arena_string(language->arena, name),
                            .path = arena_string(language->arena, language_path(language, "lists", name)),
                            .entries = entries};
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

/* ---- patterns ---- */

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
        twin = ARENA_NEW(&language->scratch, struct twin);
        *twin = (struct twin){.text = arena_string(&language->scratch, text), .first = index};
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
    static const char *const keys[] = {"match", "strength", NULL};
    struct language *language = loading->language;
    struct node node;
    struct error reason;
    int offset;
    json_t *match = json_is_object(value) ? json_object_get(value, "match") : value;
    const char *strength = json_string_value(json_object_get(value, "strength")),
               *text = json_string_value(match);
    if (match != value &&
        !language_check_keys(language, value,
                             arena_format(&language->scratch, "%s/%ld", place.path, place.index), keys,
                             "match and strength", err))
        return false;
    if (!text)
        return language_fault(language, place, -1, err,
                              "expected a pattern in quotes or {\"match\": \"…\", \"strength\": \"weak\"}");
    if (strength && !text_is(strength, "weak") && !text_is(strength, "strong"))
        return language_fault(language, place, -1, err, "strength is \"strong\" or \"weak\", not \"%s\"",
                              strength);
    if (match != value)
        place = language_at(arena_format(&language->scratch, "%s/%ld/match", place.path, place.index));
    if (!notation_read(&loading->notation, text, &node, &offset, err))
        return place_fault(language, place, offset, err);
    if (node.regex && !matcher_check(node.regex, &offset, &reason))
        return language_fault(language, place, offset + 1, err, "%s", reason.text);
    pattern.weak = text_is(strength, "weak");
    keep_pattern(language, pattern, text, &node);
    return true;
}

static const char *rule_of(const struct language *language, const char *section, size_t number) {
    return arena_format(language->arena, "%s:%s/%zu", language->file, section, number);
}

static bool add_patterns(struct loading *loading, json_t *array, const char *path, struct pattern pattern,
                         const char *name, struct error *err) {
    size_t i;
    json_t *value;
    struct language *language = loading->language;
    if (array && !json_is_array(array))
        return language_fault(language, language_at(path), -1, err,
                              "expected a list of patterns: [\"…\", \"…\"]");
    json_array_foreach(array, i, value) {
        pattern.rule = rule_of(language, name, i + 1);
        if (!add_pattern(loading, value, language_at_index(path, i), pattern, err))
            return false;
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
    name = arena_string(language->arena, name);
    size_t len = strlen(name);
    bool group = len > 2 && strcmp(name + len - 2, ".*") == 0;
    int intent = domain_find(loading->domain, name);
    if (!language_check_keys(language, value, path, keys, "patterns, unless, examples and counter_examples",
                             err))
        return false;
    if (intent < 0 && !group)
        return language_fault(language, language_at(path), -1, err,
                              "there is no intent \"%s\" in domain.json", name);
    if (group && json_object_get(value, "patterns"))
        return language_fault(language, language_at(path), -1, err,
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
        const char *path = arena_string(language->arena, pattern_sections[i].path);
        struct pattern pattern = {
            .target = pattern_sections[i].target, .intent = -1, .name = path, .about = UINT64_MAX};
        if (!add_patterns(loading, language_section(language, path), path, pattern, path, err))
            return false;
    }
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        const char *path = arena_string(language->arena, signs[i].path);
        struct pattern pattern = {.target = signs[i].target, .intent = -1, .name = path, .about = UINT64_MAX};
        pattern.rule = rule_of(language, path, 0);
        json_t *sign = json_string(signs[i].text);
        bool good = add_pattern(loading, sign, language_at(path), pattern, err);
        json_decref(sign);
        if (!good)
            return false;
    }
    json_object_foreach(json_object_get(language->root, "choices"), name, value) {
        const char *path = arena_string(language->arena, language_path(language, "choices", name));
        struct pattern pattern = {.target = TARGET_CHOICE,
                                  .intent = -1,
                                  .name = arena_string(language->arena, name),
                                  .about = UINT64_MAX};
        if (!add_patterns(loading, value, path, pattern, path, err))
            return false;
    }
    return true;
}

bool patterns_load(struct language *language, const struct domain *domain, struct error *err) {
    const struct expression_words *words = &language->expression_words;
    struct loading loading = {.language = language, .domain = domain};
    loading.notation =
        (struct notation){.arena = language->arena,
                          .scratch = &language->scratch,
                          .number_size = strlen(words->number) + strlen(words->ordinal_words) + 32,
                          .date_size = strlen(words->date) + 2,
                          .list = find_list,
                          .word = word,
                          .beginning = beginning,
                          .context = &loading};
    return load_lists(&loading, err) && load_patterns(&loading, err);
}

void patterns_settle(struct language *language) {
    struct arena *arena = language->arena;
    HASH_CLEAR(hh, language->twins);
    language->patterns =
        arena_take(arena, language->patterns, sizeof *language->patterns * (size_t)language->pattern_count);
    language->always =
        arena_take(arena, language->always, sizeof *language->always * (size_t)language->always_count);
    for (int i = 0; i < language->list_count; i++)
        language->lists[i].entries = NULL;
}

void patterns_clear(struct language *language) {
    HASH_CLEAR(hh, language->twins);
    free(language->patterns);
    free(language->always);
}

void patterns_unused_lists(const struct language *language, void (*each)(const char *message, void *context),
                           void *context) {
    struct error err;
    for (int i = 0; i < language->list_count; i++)
        if (!language->lists[i].used) {
            language_fault(language, language_at(language->lists[i].path), -1, &err,
                           "nothing uses the list {%s}", language->lists[i].name);
            each(err.text, context);
        }
}
