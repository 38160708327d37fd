/* Any bytes are a language's file or the list of phrases, or are refused with a file's name; what is loaded
 * is said in both voices. The first byte says which: build/fuzz/tests/responses/fuzz_responses_book
 * -max_len=1024 */
#include "base/text.h"
#include "responses/phrasebook.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#define PHRASES                                                                                              \
    "{\"phrases\":{\"p\":{\"values\":[\"agent?\",\"order?\",\"link?\",\"count?\",\"due?\",\"reason?\"]}}}"
#define LANGUAGE                                                                                             \
    "{\"locale\":\"en-GB\",\"codes\":{\"reason\":{\"door\":\"at the door\",\"other\":\"#\"}},"               \
    "\"phrases\":{\"p\":\"Hello[ {agent}][, {reason}]\"}}"

static void say(const struct phrasebook *book, enum voice voice, int count) {
    static const struct value values[] = {{.fact = FACT_AGENT, .text = "Ada"},
                                          {.fact = FACT_ORDER, .text = "FR-1042"},
                                          {.fact = FACT_LINK, .text = "https://a.example/b?c=d"},
                                          {.fact = FACT_COUNT, .number = 2, .present = true},
                                          {.fact = FACT_REASON, .text = "door"}};
    struct arena arena;
    arena_init(&arena);
    const char *said = phrasebook_say(book,
                                      &(struct phrase){.name = "p",
                                                       .locale = "en",
                                                       .voice = voice,
                                                       .now_ms = 1773216000000,
                                                       .values = values,
                                                       .value_count = count},
                                      &arena, NULL);
    assert(said && text_valid(said, strlen(said)));
    arena_clear(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    struct error err = {""};
    if (len == 0 || !text_valid((const char *)bytes + 1, len - 1))
        return 0;
    char *text = calloc(1, len);
    assert(text);
    memcpy(text, bytes + 1, len - 1);
    const char *phrases = bytes[0] & 1 ? text : PHRASES, *language = bytes[0] & 1 ? LANGUAGE : text;
    const struct data_file files[] = {{"phrases.json", phrases, phrases + strlen(phrases)},
                                      {"en.json", language, language + strlen(language)},
                                      {NULL, NULL, NULL}};
    struct phrasebook *book = phrasebook_load(&(struct data){.embedded = files}, &err);
    assert(book || (err.text[0] && !strchr(err.text, '\n')));
    if (book && !(bytes[0] & 1)) {
        say(book, VOICE_WRITTEN, 5);
        say(book, VOICE_SPOKEN, 5);
        say(book, VOICE_WRITTEN, 0);
    }
    phrasebook_free(book);
    free(text);
    return 0;
}
