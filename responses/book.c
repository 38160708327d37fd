#include "responses/book.h"
#include "base/image.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/pages.h"
#include "responses/load.h"
#include <stdlib.h>
#include <string.h>

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
    pages_soon(image->begin, (size_t)(image->end - image->begin));
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
    bool good = image ? load_text(loader, name) && wake_language(loader, image) : read_language(loader, name);
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
