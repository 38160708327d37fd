/* What a catalogue is made of, for the room itself. */
#pragma once
#include "intents/intents.h"
#include "intents/language.h"
#include "intents/model.h"
#include "intents/recognise.h"

struct catalogue {
    struct arena arena;
    struct domain domain;
    struct language languages[LANGUAGES_MAX]; /* in alphabetical order of their files */
    int count;
    struct recogniser *recogniser;
    struct model *model; /* NULL: the rules speak alone */
    json_t *domain_root;
};

/* The index of the language of a locale ("fr-CA"); -1: none. */
int catalogue_find_language(const struct catalogue *catalogue, const char *locale);
