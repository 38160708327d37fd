#include "bot/cli/mind.h"
#include "base/memory.h"
#include "base/text.h"
#include <pthread.h>
#include <stdlib.h>

static struct data data_of(const struct data_file *embedded, const char *folder) {
    return (struct data){.embedded = embedded, .folder = folder[0] ? folder : NULL};
}

bool mind_open_reader(struct mind *mind, const struct settings *settings, struct error *err) {
    struct data data = data_of(intents_embedded, settings->intents);
    *mind = (struct mind){.catalogue = catalogue_load(&data, err)};
    return mind->catalogue && (mind->reader = reader_new(mind->catalogue, err));
}

/* What a shop's settings ask of the catalogues: its language, and first words that hide no machine. */
static bool shops_speak(const struct mind *mind, const struct settings *settings, struct error *err) {
    for (int i = 0; i < settings->shop_count; i++) {
        const struct shop *shop = &settings->shops[i];
        if (!catalogue_speaks(mind->catalogue, shop->locale) || !phrasebook_speaks(mind->book, shop->locale))
            return error_set(err, "shop \"%s\": locale: there is no catalogue of \"%s\"", shop->id,
                             shop->locale);
        if (!text_empty(shop->disclosure) && !phrasebook_names_machine(mind->book, shop->disclosure))
            return error_set(err,
                             "shop \"%s\": disclosure: \"%.80s\" does not say that an automated assistant "
                             "answers; use a word such as \"assistant\" or \"automated\" (\"machine\" in "
                             "responses/*.json lists them)",
                             shop->id, shop->disclosure);
    }
    return true;
}

bool mind_open(struct mind *mind, const struct settings *settings, struct error *err) {
    struct data data = data_of(responses_embedded, settings->responses);
    if (mind_open_reader(mind, settings, err) && (mind->book = phrasebook_load(&data, err)) &&
        shops_speak(mind, settings, err))
        return true;
    mind_close(mind);
    return false;
}

struct faults {
    struct error *first;
    int count;
};

static void count_fault(const char *message, void *context) {
    struct faults *faults = context;
    if (faults->count++ == 0)
        error_set(faults->first, "%s", message);
}

bool mind_sound(const struct mind *mind, const struct settings *settings, struct error *err) {
    struct faults faults = {.first = err};
    if (settings->intents[0])
        catalogue_check(mind->catalogue, count_fault, &faults);
    if (settings->responses[0])
        phrasebook_check(mind->book, count_fault, &faults);
    if (faults.count == 0)
        return true;
    struct error first = *err;
    return error_set(err, "%s (%d in all: wismo check lists them)", first.text, faults.count);
}

struct warming {
    pthread_t thread;
    const struct catalogue *catalogue;
    const struct phrasebook *book;
    const struct settings *settings;
};

static void *warm(void *context) {
    const struct warming *warming = context;
    for (int i = 0; i < warming->settings->shop_count; i++) {
        const char *locale = warming->settings->shops[i].locale;
        catalogue_warm(warming->catalogue, locale);
        phrasebook_warm(warming->book, locale);
    }
    return NULL;
}

void mind_warm(struct mind *mind, const struct settings *settings) {
    struct warming *warming = malloc(sizeof *warming);
    if (!warming)
        memory_exhausted();
    *warming = (struct warming){.catalogue = mind->catalogue, .book = mind->book, .settings = settings};
    if (pthread_create(&warming->thread, NULL, warm, warming) == 0)
        mind->warming = warming;
    else
        free(warming); /* then each is read when it is first spoken */
}

void mind_close(struct mind *mind) {
    if (mind->warming)
        pthread_join(mind->warming->thread, NULL);
    free(mind->warming);
    for (struct reader **at = mind->more; at && *at; at++)
        reader_free(*at);
    free(mind->more);
    reader_free(mind->reader);
    catalogue_free(mind->catalogue);
    phrasebook_free(mind->book);
    *mind = (struct mind){0};
}

struct brain mind_brain(const struct mind *mind, const struct settings *settings) {
    return (struct brain){.catalogue = mind->catalogue,
                          .reader = mind->reader,
                          .book = mind->book,
                          .shops = settings->shops,
                          .shop_count = settings->shop_count};
}

bool mind_brains(struct mind *mind, const struct settings *settings, struct brain *brains, int count,
                 struct error *err) {
    mind->more = calloc((size_t)count, sizeof *mind->more);
    if (!mind->more)
        memory_exhausted();
    for (int i = 0; i < count; i++) {
        brains[i] = mind_brain(mind, settings);
        if (i > 0 && !(brains[i].reader = mind->more[i - 1] = reader_new(mind->catalogue, err)))
            return false;
    }
    return true;
}

struct read_options mind_read_options(const struct shop *shop, const char *channel, int64_t now_ms) {
    return (struct read_options){.locale = shop->locale,
                                 .voice = text_is(channel, "phone"),
                                 .today = zone_day(shop->zone, now_ms),
                                 .country = shop->country,
                                 .number = shop->number,
                                 .expected = -1};
}
