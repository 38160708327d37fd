/* Chance against the reader of utterances: build/fuzz/tests/intents/fuzz_intents -max_len=400 */
#undef NDEBUG /* the claims are the point */
#include "base/calendar.h"
#include "base/text.h"
#include "intents/intents.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

struct room {
    struct catalogue *catalogue;
    struct reader *reader;
    struct number_pattern *pattern;
    struct arena arena;
};

static struct room *room_new(void) {
    struct room *room = calloc(1, sizeof *room);
    struct data data = {.embedded = intents_embedded};
    struct error err;
    assert(room);
    arena_init(&room->arena);
    room->catalogue = catalogue_load(&data, &err);
    assert(room->catalogue);
    room->reader = reader_new(room->catalogue, &err);
    room->pattern = number_pattern_new("[A-Z]{2}-\\d{4,6}", &err);
    assert(room->reader && room->pattern);
    return room;
}

static void check(const struct reading *reading, size_t len) {
    assert(text_valid(reading->folded, strlen(reading->folded)));
    for (int slot = 0; slot < SLOT_COUNT; slot++)
        for (int i = 0; i < reading->slots[slot].count; i++) {
            const struct candidate *candidate = &reading->slots[slot].candidates[i];
            assert(candidate->begin >= 0 && candidate->begin < candidate->end && candidate->end <= (int)len);
            assert(candidate->score > 0 && candidate->score <= 1 && candidate->value[0]);
        }
}

/* The first byte chooses the circumstances. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    static struct room *room; /* the one exception to the rule: libFuzzer has no other place for it */
    static const char *const countries[] = {"", "FR", "US", "GB"};
    struct reading reading;
    if (!room)
        room = room_new();
    if (len < 2 || !text_valid((const char *)bytes + 1, len - 1))
        return 0;
    arena_reset(&room->arena);
    struct read_options options = {.locale = bytes[0] & 1 ? "fr" : "en",
                                   .voice = bytes[0] & 2,
                                   .number = bytes[0] & 4 ? room->pattern : NULL,
                                   .country = countries[bytes[0] >> 3 & 3],
                                   .today = calendar_day(2026, 3, 11),
                                   .expected = (bytes[0] >> 5) - 1};
    intents_read(room->reader, arena_copy(&room->arena, (const char *)bytes + 1, len - 1), &options,
                 &room->arena, &reading);
    check(&reading, len - 1);
    return 0;
}
