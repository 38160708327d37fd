/* What a catalogue is made of, for the room itself. */
#pragma once
#include "intents/intents.h"
#include "intents/language.h"
#include "intents/model.h"
#include "intents/recognise.h"
#include <pthread.h>

struct catalogue {
    struct arena arena;
    struct domain domain;
    struct language languages[LANGUAGES_MAX]; /* in alphabetical order of their files */
    int count;
    struct recogniser *recogniser;
    struct model *models[LANGUAGES_MAX]; /* of loaded languages; NULL: the rules speak alone */
    json_t *domain_root;
    pthread_mutex_t lock; /* while a language is loaded on its first use */
};

/* The index of the language of a locale ("fr-CA"); -1: none. */
int catalogue_find_language(const struct catalogue *catalogue, const char *locale);
/* The language, loaded if it was not used before: the carried catalogues are proved when wismo is built, and
 * most messages are of one language. */
const struct language *catalogue_use(const struct catalogue *catalogue, int index);
