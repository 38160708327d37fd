/* A phrasebook of one or two small languages, from strings: so a test shows the words it is about. */
#pragma once
#include "base/buffer.h"
#include "responses/phrasebook.h"
#include "tests/claims.h"
#include <string.h>

#define SMALL_PHRASES                                                                                        \
    "{\"phrases\": {\"p\": {\"values\": [\"agent?\", \"order?\", \"link?\", \"count?\", \"due?\", "          \
    "\"from?\",\n"                                                                                           \
    " \"reason?\", \"where?\"]}, \"sure\": {\"values\": [\"agent\", \"due\"], \"meaning\": \"no optional "   \
    "one\"}}}"

struct small {
    struct data_file files[4];
    struct data data;
};

static struct phrasebook *small_load(const char *phrases, const char *en, const char *fr, struct error *err) {
    struct data_file files[4] = {{"phrases.json", phrases, phrases + strlen(phrases)},
                                 {"en.json", en, en + strlen(en)}};
    if (fr != NULL)
        files[2] = (struct data_file){"fr.json", fr, fr + strlen(fr)};
    struct data data = {.embedded = files};
    return phrasebook_load(&data, err);
}

/* The English sentence of phrase p, in one voice. */
static inline const char *small_say_as(const char *sentence, enum voice voice, const struct value *values,
                                       int count, struct arena *arena, uint64_t *used) {
    struct error err;
    const char *en = arena_format(arena,
                                  "{\"locale\": \"en-GB\", \"pronounce\": {\"DPD\": \"D P D\"}, "
                                  "\"codes\": {\"where\": {\"door\": \"at the door\", \"other\": \"(#)\"}}, "
                                  "\"phrases\": {\"p\": \"%s\"}}",
                                  sentence);
    struct phrasebook *book = small_load(SMALL_PHRASES, en, NULL, &err);
    if (book == NULL)
        fail_msg("%s", err.text);
    struct zone *zone = zone_open("Europe/London", &err);
    struct phrase phrase = {.name = "p",
                            .locale = "en",
                            .voice = voice,
                            .zone = zone,
                            .now_ms = INT64_C(1773216000000),
                            .values = values,
                            .value_count = count};
    const char *text = phrasebook_say(book, &phrase, arena, used);
    zone_close(zone);
    phrasebook_free(book);
    return text;
}
