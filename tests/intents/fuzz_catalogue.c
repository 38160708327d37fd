/* Any bytes are a pattern, an entry of a list, a rule of dates, a shop's own form of order numbers or a whole
 * language file, or are refused with a place; what is loaded can be read with. The first byte says which:
 * build/fuzz/tests/intents/fuzz_intents_catalogue -max_len=512 */
#include "base/calendar.h"
#include "base/json.h"
#include "base/text.h"
#include "intents/intents.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#define DOMAIN "{\"intents\": [{\"name\": \"track.where\", \"kind\": \"track\", \"aspect\": \"status\"}]}"
static const char said[] = "Where is my order FR-1042? It has not arrived on the 3rd, in 2 days it is late.";
/* What stands before and behind the string. */
static const char *const places[][2] = {
    {"{\"language\":\"en\",\"intents\":{\"track.where\":{\"patterns\":[", "]}}}"},
    {"{\"language\":\"en\",\"lists\":{\"a\":[",
     "]},\"intents\":{\"track.where\":{\"patterns\":[\"{a} order\"]}}}"},
    {"{\"language\":\"en\",\"dates\":{\"in\":[",
     "]},\"intents\":{\"track.where\":{\"patterns\":[\"where <date>\"]}}}"},
};
enum { PLACES = sizeof places / sizeof *places };

static const char *language_of(uint8_t place, const char *text, struct arena *arena) {
    if (place >= PLACES)
        return text;
    json_t *string = json_string(text);
    char *quoted = string ? json_dumps(string, JSON_ENCODE_ANY) : NULL;
    const char *language =
        quoted ? arena_format(arena, "%s%s%s", places[place][0], quoted, places[place][1]) : text;
    free(quoted);
    json_decref(string);
    return language;
}

static void catalogue(const char *language, struct arena *arena) {
    const struct data_file files[] = {{"domain.json", DOMAIN, DOMAIN + strlen(DOMAIN)},
                                      {"en.json", language, language + strlen(language)},
                                      {NULL, NULL, NULL}};
    struct data data = {.embedded = files};
    struct error err = {""};
    struct reading reading;
    struct catalogue *catalogue = catalogue_load(&data, &err);
    struct reader *reader = catalogue ? reader_new(catalogue, &err) : NULL;
    assert(reader || err.text[0]);
    if (reader)
        intents_read(reader, said,
                     &(struct read_options){
                         .locale = "en", .country = "GB", .today = calendar_day(2026, 3, 11), .expected = -1},
                     arena, &reading);
    reader_free(reader);
    catalogue_free(catalogue);
}

static void number(const char *text) {
    struct error err = {""};
    struct number_pattern *pattern = number_pattern_new(text, &err);
    assert(pattern || err.text[0]);
    number_pattern_free(pattern);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    struct arena arena;
    if (len == 0 || !text_valid((const char *)bytes + 1, len - 1))
        return 0;
    arena_init(&arena);
    const char *text = arena_copy(&arena, (const char *)bytes + 1, len - 1);
    uint8_t place = bytes[0] % (PLACES + 2);
    if (place == PLACES + 1)
        number(text);
    else
        catalogue(language_of(place, text, &arena), &arena);
    arena_clear(&arena);
    return 0;
}
