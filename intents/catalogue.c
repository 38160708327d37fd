#include "intents/catalogue.h"
#include "base/log.h"
#include "base/pages.h"
#include "base/text.h"
#include <stdlib.h>
#include <string.h>

static const char *const kind_names[] = {"unknown", "track", "social", "action", "info", "human"};
static const char *const slot_names[SLOT_COUNT] = {
    [SLOT_ORDER_NUMBER] = "order_number",
    [SLOT_TRACKING_NUMBER] = "tracking_number",
    [SLOT_EMAIL] = "email",
    [SLOT_POSTCODE] = "postcode",
    [SLOT_PHONE] = "phone",
    [SLOT_DATE] = "date",
    [SLOT_YES_NO] = "yes_no",
    [SLOT_CHOICE] = "choice",
};

const char *kind_name(enum kind kind) {
    return kind_names[kind];
}

const char *slot_name(enum slot slot) {
    return slot_names[slot];
}

struct domain_file {
    const char *label, *text;
    size_t len;
};

static bool domain_fault(const struct domain_file *file, size_t index, const char *key, struct error *err,
                         const char *format, ...) __attribute__((format(printf, 5, 6)));
static bool domain_fault(const struct domain_file *file, size_t index, const char *key, struct error *err,
                         const char *format, ...) {
    char path[64], sentence[256];
    va_list arguments;
    int line = 1, column = 1;
    snprintf(path, sizeof path, "intents/%zu/%s", index, key);
    if (!json_locate(file->text, file->len, path, &line, &column)) {
        snprintf(path, sizeof path, "intents/%zu", index);
        json_locate(file->text, file->len, path, &line, &column);
    }
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    return error_set(err, "%s:%d:%d: %s", file->label, line, column, sentence);
}

static const char *field(json_t *row, const char *key) {
    const char *value = json_string_value(json_object_get(row, key));
    return value ? value : "";
}

static bool read_intent(struct domain *domain, json_t *row, const struct domain_file *file, size_t index,
                        struct error *err) {
    static const char *const keys[] = {"name", "kind", "aspect", "queue", "act", "meaning"};
    const char *key;
    json_t *value;
    json_object_foreach(row, key, value) {
        bool known = false;
        for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
            known |= text_is(keys[i], key);
        if (!known || !json_is_string(value))
            return domain_fault(file, index, key, err,
                                "\"%s\": expected name, kind, aspect, queue, act and meaning, in quotes",
                                key);
    }
    struct intent intent = {.name = field(row, "name"),
                            .aspect = field(row, "aspect"),
                            .queue = field(row, "queue"),
                            .act = field(row, "act"),
                            .meaning = field(row, "meaning")};
    if (!intent.name[0])
        return domain_fault(file, index, "name", err,
                            "expected an intent with a name, such as \"track.where\"");
    if (domain_find(domain, intent.name) >= 0)
        return domain_fault(file, index, "name", err, "\"%s\" stands here twice", intent.name);
    for (enum kind kind = KIND_TRACK; kind <= KIND_HUMAN; kind++)
        if (text_is(kind_names[kind], field(row, "kind")))
            intent.kind = kind;
    if (intent.kind == KIND_UNKNOWN)
        return domain_fault(file, index, "kind", err,
                            "\"%s\" is not a kind: track, social, action, info or human", field(row, "kind"));
    domain->intents[domain->count++] = intent;
    return true;
}

static bool load_domain(struct catalogue *catalogue, const struct data *data, struct error *err) {
    struct domain_file file = {.label = data_label(data, "domain.json", &catalogue->arena)};
    file.text = data_read(data, "domain.json", &catalogue->arena, &file.len, err);
    if (!file.text)
        return false;
    catalogue->domain_root = json_read(file.text, file.len, &json_file_limits, file.label, err);
    if (!catalogue->domain_root)
        return false;
    json_t *rows = json_object_get(catalogue->domain_root, "intents"), *row;
    size_t i;
    if (!json_is_array(rows))
        return error_set(err, "%s:1:1: expected {\"intents\": [{\"name\": …}, …]}", file.label);
    catalogue->domain.intents = ARENA_ARRAY(&catalogue->arena, struct intent, json_array_size(rows) + 1);
    json_array_foreach(rows, i, row) if (!read_intent(&catalogue->domain, row, &file, i, err)) return false;
    return true;
}

/* What the build has made of a language: "fr.model". NULL: nothing. */
static const struct data_file *made_of(const struct data_file *made, const char *code, const char *what) {
    char name[16];
    snprintf(name, sizeof name, "%s.%s", code, what);
    return data_find(made, name);
}

/* What an intent means to the model depends on those beside it: in a domain without some of them it does not
 * speak. */
static bool load_model(struct catalogue *catalogue, int index, struct error *err) {
    const struct data_file *file = made_of(intents_models, catalogue->languages[index].code, "model");
    if (!file)
        return true;
    pages_soon(file->begin, (size_t)(file->end - file->begin));
    struct model *model = model_new(file->begin, (size_t)(file->end - file->begin), &catalogue->domain, err);
    if (model && model_fits(model))
        catalogue->models[index] = model;
    else
        model_free(model);
    return model != NULL;
}

struct loading {
    struct catalogue *catalogue;
    const struct data *data;
    bool proved; /* before: a language is loaded on its first use */
};

static bool load_language(const char *name, void *context, struct error *err) {
    struct loading *loading = context;
    struct catalogue *catalogue = loading->catalogue;
    if (text_is(name, "domain.json"))
        return true;
    if (catalogue->count == LANGUAGES_MAX)
        return error_set(err, "%s: %d languages are the most", name, LANGUAGES_MAX);
    struct language *language = &catalogue->languages[catalogue->count++];
    if (!language_open(language, loading->data, name, &catalogue->arena, err))
        return false;
    language->code = loading->proved ? language_peek(language) : NULL;
    if (!language->code && !(language_load(language, &catalogue->domain, err) &&
                             load_model(catalogue, catalogue->count - 1, err)))
        return false;
    for (int i = 0; i < catalogue->count - 1; i++)
        if (text_is(catalogue->languages[i].code, language->code))
            return language_fault(language, (struct place){"language", -1}, -1, err,
                                  "\"%s\" is the language of %s already", language->code,
                                  catalogue->languages[i].label);
    return true;
}

static bool load_recogniser(struct catalogue *catalogue, bool proved, struct error *err) {
    size_t len;
    const char *table =
        proved ? intents_words[0].begin
               : recogniser_make(catalogue->languages, catalogue->count, &catalogue->arena, &len);
    catalogue->recogniser = recogniser_open(table, catalogue->count, &catalogue->arena);
    return catalogue->recogniser ||
           error_set(err, "the table of words is not of these languages; build anew");
}

struct catalogue *catalogue_load(const struct data *data, struct error *err) {
    struct catalogue *catalogue = calloc(1, sizeof *catalogue);
    if (!catalogue) {
        error_set(err, "out of memory for the catalogue");
        return NULL;
    }
    arena_init_lasting(&catalogue->arena);
    pthread_mutex_init(&catalogue->lock, NULL);
    struct loading loading = {catalogue, data, !data->folder && data->embedded == intents_embedded};
    bool good = load_domain(catalogue, data, err) && data_each(data, ".json", load_language, &loading, err);
    if (good && catalogue->count == 0)
        good = error_set(err, "%s: there is no language file beside it, such as en.json",
                         data_label(data, "domain.json", &catalogue->arena));
    if (good && load_recogniser(catalogue, loading.proved, err))
        return catalogue;
    catalogue_free(catalogue);
    return NULL;
}

void catalogue_free(struct catalogue *catalogue) {
    if (!catalogue)
        return;
    for (int i = 0; i < catalogue->count; i++) {
        model_free(catalogue->models[i]);
        language_clear(&catalogue->languages[i]);
    }
    json_decref(catalogue->domain_root);
    pthread_mutex_destroy(&catalogue->lock);
    arena_clear(&catalogue->arena);
    free(catalogue);
}

const struct language *catalogue_use(const struct catalogue *catalogue, int index) {
    const struct language *language = &catalogue->languages[index];
    if (atomic_load_explicit(&language->loaded, memory_order_acquire))
        return language;
    struct catalogue *own = (struct catalogue *)catalogue; /* made here, never constant */
    const struct data_file *image = made_of(intents_images, language->code, "image");
    struct error err = {"there is no image of a language; build wismo again"};
    pthread_mutex_lock(&own->lock);
    if (image)
        pages_soon(image->begin, (size_t)(image->end - image->begin));
    if (!atomic_load(&language->loaded) &&
        !(load_model(own, index, &err) && image && language_wake(&own->languages[index], image, &err))) {
        log_line(LOG_ERROR, "intents", "%s", err.text);
        abort();
    }
    pthread_mutex_unlock(&own->lock);
    return language;
}

const struct intent *catalogue_intent(const struct catalogue *catalogue, const char *name) {
    int index = domain_find(&catalogue->domain, name);
    return index < 0 ? NULL : &catalogue->domain.intents[index];
}

/* "fr" and "fr-CA" are of "fr". */
static bool is_of(const char *locale, const char *code) {
    for (; *code; locale++, code++)
        if (*locale != *code)
            return false;
    return !(*locale >= 'a' && *locale <= 'z');
}

int catalogue_find_language(const struct catalogue *catalogue, const char *locale) {
    for (int i = 0; locale && i < catalogue->count; i++)
        if (is_of(locale, catalogue->languages[i].code))
            return i;
    return -1;
}

void catalogue_warm(const struct catalogue *catalogue, const char *locale) {
    int index = catalogue_find_language(catalogue, locale);
    if (index >= 0)
        catalogue_use(catalogue, index);
}

bool catalogue_speaks(const struct catalogue *catalogue, const char *locale) {
    return catalogue_find_language(catalogue, locale) >= 0;
}
