/* One catalogue for the claims on what is read: tests/intents/catalogue, or what is built in. */
#pragma once
#include "base/calendar.h"
#include "intents/intents.h"
#include "tests/claims.h"
#include <string.h>

struct room {
    struct catalogue *catalogue;
    struct reader *reader;
    struct arena arena;
    struct read_options options; /* Wednesday 11 March 2026, nothing expected */
    struct reading reading;
};

static int room_open_on(void **state, struct data data) {
    struct room *room = calloc(1, sizeof *room);
    struct error err = {{0}};
    assert_non_null(room);
    room->catalogue = catalogue_load(&data, &err);
    if (!room->catalogue)
        fail_msg("%s", err.text);
    room->reader = reader_new(room->catalogue, &err);
    assert_non_null(room->reader);
    arena_init(&room->arena);
    *state = room;
    return 0;
}

__attribute__((unused)) static int room_open(void **state) {
    return room_open_on(state, (struct data){.folder = SOURCE_DIR "/tests/intents/catalogue"});
}

__attribute__((unused)) static int room_open_built_in(void **state) {
    return room_open_on(state, (struct data){.embedded = intents_embedded});
}

static int room_close(void **state) {
    struct room *room = *state;
    arena_clear(&room->arena);
    reader_free(room->reader);
    catalogue_free(room->catalogue);
    free(room);
    return 0;
}

static int room_tidy(void **state) {
    struct room *room = *state;
    arena_reset(&room->arena);
    room->options = (struct read_options){
        .locale = "en", .country = "", .today = calendar_day(2026, 3, 11), .expected = -1};
    return 0;
}

static const struct reading *hear(struct room *room, const char *text) {
    char *exact = strdup(text); /* of the exact size, so that the sanitizer sees a read beyond it */
    intents_read(room->reader, exact, &room->options, &room->arena, &room->reading);
    free(exact);
    return &room->reading;
}

__attribute__((unused)) static const char *best(const struct reading *reading, enum slot slot) {
    return reading->slots[slot].count ? reading->slots[slot].candidates[0].value : "";
}

__attribute__((unused)) static double score_of(const struct reading *reading, enum slot slot,
                                               const char *value) {
    for (int i = 0; i < reading->slots[slot].count; i++)
        if (strcmp(reading->slots[slot].candidates[i].value, value) == 0)
            return reading->slots[slot].candidates[i].score;
    return 0;
}

__attribute__((unused)) static const char *intent_at(const struct reading *reading, int index) {
    return index < reading->count ? reading->intents[index].intent->name : "";
}

/* expected: the names of the intents, in their order. */
__attribute__((unused)) static void read_as(struct room *room, const char *text, const char *expected) {
    char told[256] = "";
    const struct reading *reading = hear(room, text);
    for (int i = 0; i < reading->count; i++)
        snprintf(told + strlen(told), sizeof told - strlen(told), "%s%s", i ? " " : "",
                 intent_at(reading, i));
    if (strcmp(told, expected) != 0)
        fail_msg("%s: %s, expected %s", text, told, expected);
}

#define CLAIM(function) cmocka_unit_test_setup(function, room_tidy)
