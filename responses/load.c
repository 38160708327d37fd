#include "base/image.h"
#include "base/json.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "responses/book.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct loader {
    struct phrasebook *book;
    const struct data *data;
    struct book_file *file; /* the one being read */
    struct language *language;
    struct forms forms; /* of the language's first locale */
    bool proved;        /* the program's own files, checked before it was shipped: loaded on first use */
    struct error *err;
};

/* The bytes that one escape stands for; *at is moved behind it. */
static size_t skip_escape(const char **at) {
    if ((*at)[1] != 'u') {
        *at += 2;
        return 1;
    }
    char digits[5] = {0};
    memcpy(digits, *at + 2, 4);
    unsigned long unit = strtoul(digits, NULL, 16);
    *at += 6;
    return unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 2 : 3;
}

void book_place(const struct book_file *file, const char *path, size_t offset, char *out, size_t size) {
    int line = 1, column = 1;
    json_locate(file->text, file->len, path, &line, &column);
    const char *at = file->text;
    for (int i = 1; i < line; i++)
        at = strchr(at, '\n') + 1;
    for (int i = 1; i < column; i++)
        text_next(&at);
    if (*at == '"' && offset) {
        const char *begin = ++at;
        for (size_t done = 0; done < offset && *at && *at != '"';) {
            const char *before = at;
            if (*at == '\\')
                done += skip_escape(&at);
            else if (text_next(&at))
                done += (size_t)(at - before);
        }
        for (column++; begin < at; text_next(&begin))
            column++;
    }
    snprintf(out, size, "%s:%d:%d: ", file->label, line, column);
}

static bool load_fails(struct loader *loader, const char *path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool load_fails(struct loader *loader, const char *path, const char *format, ...) {
    char place[256], sentence[400];
    va_list args;
    va_start(args, format);
    vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    book_place(loader->file, path, 0, place, sizeof place);
    return error_set(loader->err, "%s%s", place, sentence);
}

static bool expect(struct loader *loader, const char *path, const json_t *json, json_type type) {
    static const char *const names[] = {
        [JSON_OBJECT] = "an object", [JSON_ARRAY] = "a list", [JSON_STRING] = "a string"};
    if (json && json_typeof(json) == type)
        return true;
    return load_fails(loader, path, "expected %s", names[type]);
}

static bool open_file(struct loader *loader, const char *name) {
    struct book_file *file = loader->file;
    struct arena *arena = &loader->book->arena;
    file->name = arena_string(arena, name);
    file->label = data_label(loader->data, name, arena);
    file->text = data_read(loader->data, name, arena, &file->len, loader->err);
    return file->text != NULL;
}

static json_t *load_json(struct loader *loader, const char *name) {
    const struct book_file *file = loader->file;
    json_t *json = open_file(loader, name)
                       ? json_read(file->text, file->len, &json_file_limits, file->label, loader->err)
                       : NULL;
    if (json && !expect(loader, "", json, JSON_OBJECT)) {
        json_decref(json);
        json = NULL;
    }
    return json;
}

/* A key that nothing reads is a mistake of spelling. */
static bool known_keys(struct loader *loader, const char *path, json_t *object, const char *const *known) {
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value) {
        int i = 0;
        while (known[i] && strcmp(known[i], key) != 0)
            i++;
        if (!known[i]) {
            const char *below = arena_format(&loader->book->arena, "%s%s%s", path, *path ? "/" : "", key);
            return load_fails(loader, below, "nothing here is called '%s'; remove it or mend its spelling",
                              key);
        }
    }
    return true;
}

static struct template *load_template(struct loader *loader, const char *path, const json_t *string,
                                      const struct vocabulary *vocabulary, int current) {
    size_t offset = 0;
    struct error why;
    if (!expect(loader, path, string, JSON_STRING))
        return NULL;
    struct template *template =
        template_compile(json_string_value(string), vocabulary, current, &loader->book->arena, &offset, &why);
    if (!template) {
        char place[256];
        book_place(loader->file, path, offset ? offset : 0, place, sizeof place);
        error_set(loader->err, "%s%s", place, why.text);
    }
    return template;
}

/* phrases.json */

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
    if (!expect(loader, path, json, JSON_OBJECT) || !known_keys(loader, path, json, known))
        return false;
    json_t *list = json_object_get(json, "values");
    if (!expect(loader, list ? below : path, list, JSON_ARRAY))
        return false;
    struct declared_value *values =
        ARENA_ARRAY(&book->arena, struct declared_value, json_array_size(list) + 1);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *at = arena_format(&book->arena, "%s/%zu", below, i);
        if (!expect(loader, at, json_array_get(list, i), JSON_STRING))
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

static bool load_phrases(struct loader *loader, json_t *json) {
    static const char *const known[] = {"phrases", NULL};
    struct phrasebook *book = loader->book;
    json_t *phrases = json_object_get(json, "phrases"), *phrase;
    const char *name;
    if (!known_keys(loader, "", json, known) ||
        !expect(loader, phrases ? "phrases" : "", phrases, JSON_OBJECT))
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

/* LANGUAGE.json */

static bool load_forms(struct loader *loader, const char *path, json_t *formats, struct forms *forms) {
    static const char *const voices[] = {"written", "spoken", NULL};
    static const char *const known[] = {"date", "day", "on", "at", "time", NULL};
    if (!expect(loader, path, formats, JSON_OBJECT) || !known_keys(loader, path, formats, voices))
        return false;
    for (int voice = 0; voice < 2; voice++) {
        const char *below = arena_format(&loader->book->arena, "%s/%s", path, voices[voice]);
        json_t *object = json_object_get(formats, voices[voice]);
        if (!object)
            continue;
        if (!expect(loader, below, object, JSON_OBJECT) || !known_keys(loader, below, object, known))
            return false;
        for (int form = 0; form < FORM_COUNT; form++) {
            json_t *string = json_object_get(object, form_names[form]);
            const char *at = arena_format(&loader->book->arena, "%s/%s", below, form_names[form]);
            if (string &&
                !(forms->templates[voice][form] = load_template(loader, at, string, &locale_vocabulary, -1)))
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
    if (!expect(loader, tag ? "locale" : "", tag, JSON_STRING) ||
        (formats && !load_forms(loader, "formats", formats, &loader->forms)) ||
        !add_locale(loader, "locale", json_string_value(tag), &loader->forms) ||
        (regions && !expect(loader, "regions", regions, JSON_OBJECT)))
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
    if (codes && !expect(loader, "codes", codes, JSON_OBJECT))
        return false;
    json_object_foreach(codes, name, table) {
        const char *path = arena_format(&book->arena, "codes/%s", name);
        int value = vocabulary_find(&fact_vocabulary, name);
        if (value < 0 || fact_vocabulary.entries[value].kind != VALUE_CODE)
            return load_fails(loader, path, "the program knows no value '%s' that is a code", name);
        if (!expect(loader, path, table, JSON_OBJECT))
            return false;
        struct code_text **last = &loader->language->codes[value];
        json_object_foreach(table, code, text) {
            const char *below = arena_format(&book->arena, "%s/%s", path, code);
            *last = ARENA_NEW(&book->arena, struct code_text);
            (*last)->code = arena_string(&book->arena, code);
            (*last)->text.path = below;
            (*last)->text.template = load_template(loader, below, text, &fact_vocabulary, value);
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
    if (words && !expect(loader, key, words, JSON_OBJECT))
        return false;
    json_object_foreach(words, word, spoken) {
        if (!expect(loader, arena_format(arena, "%s/%s", key, word), spoken, JSON_STRING))
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
    if (words && !expect(loader, "machine", words, JSON_ARRAY))
        return false;
    json_array_foreach(words, index, word) {
        if (!expect(loader, arena_format(arena, "machine/%zu", index), word, JSON_STRING))
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
        struct template *template = load_template(loader, variants[i].path, text, &fact_vocabulary, -1);
        if (!template)
            return false;
        template_split(template, arena);
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
    if (!both && !known_keys(loader, path, json, voices))
        return false;
    for (int voice = 0; voice < 2; voice++) {
        json_t *said = both ? json : json_object_get(json, voices[voice]);
        const char *at = both ? path : arena_format(arena, "%s/%s", path, voices[voice]);
        if (said && !load_variants(loader, at, said, wording, (enum voice)voice))
            return false;
    }
    return true;
}

static bool load_wordings(struct loader *loader, json_t *json) {
    static const char *const known[] = {"locale",   "formats", "regions", "codes", "pronounce",
                                        "spelling", "machine", "phrases", NULL};
    json_t *phrases = json_object_get(json, "phrases"), *phrase;
    const char *name;
    if (!known_keys(loader, "", json, known) || !load_locales(loader, json) ||
        !load_codes(loader, json_object_get(json, "codes")) ||
        !load_pronounced(loader, "pronounce", json_object_get(json, "pronounce"),
                         &loader->language->pronounced) ||
        !load_pronounced(loader, "spelling", json_object_get(json, "spelling"),
                         &loader->language->spelling) ||
        !load_machine(loader, json_object_get(json, "machine")) ||
        !expect(loader, phrases ? "phrases" : "", phrases, JSON_OBJECT))
        return false;
    json_object_foreach(phrases, name, phrase) if (!load_wording(loader, name, phrase)) return false;
    return true;
}

void language_take(struct language *language, const struct language *read) {
    language->wordings = read->wordings;
    language->codes = read->codes;
    language->pronounced = read->pronounced;
    language->spelling = read->spelling;
    language->machine = read->machine;
    memcpy(language->tags, read->tags, sizeof language->tags);
    memcpy(language->forms, read->forms, sizeof language->forms);
    language->locale_count = read->locale_count;
}

/* Of the program's own what became of it when wismo was built. */
static bool wake_language(struct loader *loader, const struct data_file *image) {
    const struct language *read =
        image_open(image->begin, (size_t)(image->end - image->begin), &loader->book->arena);
    if (!read)
        return error_set(loader->err, "(built in) responses, %s: is damaged; build wismo again", image->name);
    language_take(loader->language, read);
    return true;
}

static bool read_language(struct loader *loader, const char *name) {
    loader->language->wordings =
        ARENA_ARRAY(&loader->book->arena, struct wording, (size_t)loader->book->phrase_count + 1);
    json_t *json = load_json(loader, name);
    bool good = json && load_wordings(loader, json);
    json_decref(json);
    return good;
}

static bool load_language(struct loader *loader, struct language *language) {
    struct arena *arena = &loader->book->arena;
    const char *name = arena_format(arena, "%s.json", language->name);
    const struct data_file *image =
        loader->proved ? data_find(responses_images, arena_format(arena, "%s.image", language->name)) : NULL;
    loader->file = &language->file;
    loader->language = language;
    loader->forms = (struct forms){0};
    bool good = image ? open_file(loader, name) && wake_language(loader, image) : read_language(loader, name);
    atomic_store_explicit(&language->loaded, good, memory_order_release);
    return good;
}

static bool add_language(const char *name, void *context, struct error *err) {
    struct loader *loader = context;
    struct phrasebook *book = loader->book;
    if (strcmp(name, "phrases.json") == 0)
        return true;
    struct language *language = ARENA_NEW(&book->arena, struct language), **last = &book->languages;
    while (*last)
        last = &(*last)->next;
    *last = language;
    language->name = arena_copy(&book->arena, name, strlen(name) - strlen(".json"));
    loader->err = err;
    return loader->proved || load_language(loader, language);
}

static bool proved(const struct data *data) {
    return !data->folder && data->embedded == responses_embedded;
}

struct phrasebook *phrasebook_load(const struct data *data, struct error *err) {
    struct phrasebook *book = calloc(1, sizeof *book);
    if (!book)
        memory_exhausted();
    arena_init(&book->arena);
    pthread_mutex_init(&book->lock, NULL);
    book->data =
        (struct data){data->embedded, data->folder ? arena_string(&book->arena, data->folder) : NULL};
    struct loader loader = {
        .book = book, .data = &book->data, .file = &book->file, .proved = proved(data), .err = err};
    json_t *json = load_json(&loader, "phrases.json");
    bool good = json && load_phrases(&loader, json) && data_each(data, ".json", add_language, &loader, err);
    json_decref(json);
    if (good && !book->languages)
        good = error_set(err, "%s:1:1: no language stands beside it; add one, such as en.json",
                         book->file.label);
    if (good)
        return book;
    phrasebook_free(book);
    return NULL;
}

/* What the program brings along cannot fail to load; whoever calls has no error to give. */
static void expect_sound(bool sound, const struct error *err) {
    if (sound)
        return;
    log_line(LOG_ERROR, "responses", "%s", err->text);
    abort();
}

const struct language *language_use(const struct phrasebook *book, const struct language *language) {
    if (atomic_load_explicit(&language->loaded, memory_order_acquire))
        return language;
    struct phrasebook *own = (struct phrasebook *)book; /* made here, never constant */
    struct error err;
    struct loader loader = {.book = own, .data = &own->data, .proved = true, .err = &err};
    pthread_mutex_lock(&own->lock);
    expect_sound(atomic_load(&language->loaded) || load_language(&loader, (struct language *)language), &err);
    pthread_mutex_unlock(&own->lock);
    return language;
}

const struct locale *language_locale(const struct phrasebook *book, const struct language *language,
                                     int region) {
    _Atomic(struct locale *) *slot = &((struct language *)language)->locales[region];
    struct locale *locale = atomic_load_explicit(slot, memory_order_acquire);
    struct phrasebook *own = (struct phrasebook *)book;
    struct error err;
    if (locale)
        return locale;
    pthread_mutex_lock(&own->lock);
    locale = atomic_load(slot);
    if (!locale) {
        locale = locale_open(language->tags[region], &language->forms[region], &err);
        expect_sound(locale != NULL, &err);
        atomic_store_explicit(slot, locale, memory_order_release);
    }
    pthread_mutex_unlock(&own->lock);
    return locale;
}

void phrasebook_free(struct phrasebook *book) {
    if (!book)
        return;
    for (struct language *language = book->languages; language; language = language->next)
        for (int i = 0; i < language->locale_count; i++)
            locale_close(atomic_load(&language->locales[i]));
    pthread_mutex_destroy(&book->lock);
    arena_clear(&book->arena);
    free(book);
}
