#include "responses/load.h"

static bool load_forms(struct loader *loader, const char *path, json_t *formats, struct forms *forms) {
    static const char *const voices[] = {"written", "spoken", NULL};
    static const char *const known[] = {"date", "day", "on", "at", "time", NULL};
    if (!load_expect(loader, path, formats, JSON_OBJECT) || !load_known_keys(loader, path, formats, voices))
        return false;
    for (int voice = 0; voice < 2; voice++) {
        const char *below = arena_format(&loader->book->arena, "%s/%s", path, voices[voice]);
        json_t *object = json_object_get(formats, voices[voice]);
        if (!object)
            continue;
        if (!load_expect(loader, below, object, JSON_OBJECT) ||
            !load_known_keys(loader, below, object, known))
            return false;
        for (int form = 0; form < FORM_COUNT; form++) {
            json_t *string = json_object_get(object, form_names[form]);
            const char *at = arena_format(&loader->book->arena, "%s/%s", below, form_names[form]);
            if (string && !(forms->templates[voice][form] =
                                load_template(loader, at, string, &locale_vocabulary, -1, false)))
                return false;
        }
    }
    return true;
}

static bool add_locale(struct loader *loader, const char *path, const char *tag, const struct forms *forms) {
    struct language *language = loader->language;
    struct error why;
    int region = language->locale_count;
    if (region == BOOK_REGIONS_MAX)
        return load_fails(loader, path, "at most %d regions", BOOK_REGIONS_MAX);
    language->tags[region] = arena_string(&loader->book->arena, tag);
    language->forms[region] = *forms;
    if (!loader->proved) {
        struct locale *locale = locale_open(tag, forms, &why);
        if (!locale)
            return load_fails(loader, path, "%s", why.text);
        atomic_store(&language->locales[region], locale);
    }
    language->locale_count++;
    return true;
}

static bool load_locales(struct loader *loader, json_t *json) {
    json_t *tag = json_object_get(json, "locale"), *formats = json_object_get(json, "formats");
    json_t *regions = json_object_get(json, "regions"), *region;
    const char *name;
    if (!load_expect(loader, tag ? "locale" : "", tag, JSON_STRING) ||
        (formats && !load_forms(loader, "formats", formats, &loader->forms)) ||
        !add_locale(loader, "locale", json_string_value(tag), &loader->forms) ||
        (regions && !load_expect(loader, "regions", regions, JSON_OBJECT)))
        return false;
    json_object_foreach(regions, name, region) {
        const char *path = arena_format(&loader->book->arena, "regions/%s", name);
        struct forms forms = loader->forms;
        if (!load_forms(loader, path, region, &forms) || !add_locale(loader, path, name, &forms))
            return false;
    }
    return true;
}

static bool load_codes(struct loader *loader, json_t *codes) {
    struct phrasebook *book = loader->book;
    const char *name, *code;
    json_t *table, *text;
    loader->language->codes = ARENA_ARRAY(&book->arena, struct code_text *, FACTS);
    if (codes && !load_expect(loader, "codes", codes, JSON_OBJECT))
        return false;
    json_object_foreach(codes, name, table) {
        const char *path = arena_format(&book->arena, "codes/%s", name);
        int value = vocabulary_find(&fact_vocabulary, name);
        if (value < 0 || fact_vocabulary.entries[value].kind != VALUE_CODE)
            return load_fails(loader, path, "the program knows no value '%s' that is a code", name);
        if (!load_expect(loader, path, table, JSON_OBJECT))
            return false;
        struct code_text **last = &loader->language->codes[value];
        json_object_foreach(table, code, text) {
            const char *below = arena_format(&book->arena, "%s/%s", path, code);
            *last = ARENA_NEW(&book->arena, struct code_text);
            (*last)->code = arena_string(&book->arena, code);
            (*last)->text.path = below;
            (*last)->text.template = load_template(loader, below, text, &fact_vocabulary, value, false);
            if (!(*last)->text.template)
                return false;
            last = &(*last)->next;
        }
    }
    return true;
}

static bool load_pronounced(struct loader *loader, const char *key, json_t *words, struct pronounced **last) {
    struct arena *arena = &loader->book->arena;
    const char *word;
    json_t *spoken;
    if (words && !load_expect(loader, key, words, JSON_OBJECT))
        return false;
    json_object_foreach(words, word, spoken) {
        if (!load_expect(loader, arena_format(arena, "%s/%s", key, word), spoken, JSON_STRING))
            return false;
        *last = ARENA_NEW(arena, struct pronounced);
        (*last)->word = arena_string(arena, word);
        (*last)->spoken = arena_string(arena, json_string_value(spoken));
        last = &(*last)->next;
    }
    return true;
}

static bool load_machine(struct loader *loader, json_t *words) {
    struct arena *arena = &loader->book->arena;
    struct machine_word **last = &loader->language->machine;
    size_t index;
    json_t *word;
    if (words && !load_expect(loader, "machine", words, JSON_ARRAY))
        return false;
    json_array_foreach(words, index, word) {
        if (!load_expect(loader, arena_format(arena, "machine/%zu", index), word, JSON_STRING))
            return false;
        *last = ARENA_NEW(arena, struct machine_word);
        (*last)->word = arena_string(arena, json_string_value(word));
        last = &(*last)->next;
    }
    return true;
}

/* One text or a list of variants. */
static bool load_variants(struct loader *loader, const char *path, json_t *json, struct wording *wording,
                          enum voice voice) {
    struct arena *arena = &loader->book->arena;
    size_t count = json_is_array(json) ? json_array_size(json) : 1;
    struct variant *variants = ARENA_ARRAY(arena, struct variant, count + 1);
    for (size_t i = 0; i < count; i++) {
        json_t *text = json_is_array(json) ? json_array_get(json, i) : json;
        variants[i].path = json_is_array(json) ? arena_format(arena, "%s/%zu", path, i) : path;
        struct template *template = load_template(loader, variants[i].path, text, &fact_vocabulary, -1, true);
        if (!template)
            return false;
        variants[i].template = template;
    }
    wording->variants[voice] = variants;
    wording->count[voice] = (int)count;
    return true;
}

/* "Oui" (both voices) or {"written": …, "spoken": …}. */
static bool load_wording(struct loader *loader, const char *name, json_t *json) {
    static const char *const voices[] = {"written", "spoken", NULL};
    struct arena *arena = &loader->book->arena;
    const char *path = arena_format(arena, "phrases/%s", name);
    int phrase = book_phrase(loader->book, name);
    if (phrase < 0)
        return load_fails(loader, path, "phrases.json has no phrase '%s'; remove it or mend its spelling",
                          name);
    struct wording *wording = &loader->language->wordings[phrase];
    wording->path = path;
    bool both = !json_is_object(json);
    if (!both && !load_known_keys(loader, path, json, voices))
        return false;
    for (int voice = 0; voice < 2; voice++) {
        json_t *said = both ? json : json_object_get(json, voices[voice]);
        const char *at = both ? path : arena_format(arena, "%s/%s", path, voices[voice]);
        if (said && !load_variants(loader, at, said, wording, (enum voice)voice))
            return false;
    }
    return true;
}

bool load_wordings(struct loader *loader, json_t *json) {
    static const char *const known[] = {"locale",   "formats", "regions", "codes", "pronounce",
                                        "spelling", "machine", "phrases", NULL};
    json_t *phrases = json_object_get(json, "phrases"), *phrase;
    const char *name;
    if (!load_known_keys(loader, "", json, known) || !load_locales(loader, json) ||
        !load_codes(loader, json_object_get(json, "codes")) ||
        !load_pronounced(loader, "pronounce", json_object_get(json, "pronounce"),
                         &loader->language->pronounced) ||
        !load_pronounced(loader, "spelling", json_object_get(json, "spelling"),
                         &loader->language->spelling) ||
        !load_machine(loader, json_object_get(json, "machine")) ||
        !load_expect(loader, phrases ? "phrases" : "", phrases, JSON_OBJECT))
        return false;
    json_object_foreach(phrases, name, phrase) if (!load_wording(loader, name, phrase)) return false;
    return true;
}
