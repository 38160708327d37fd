/* No input crashes the reader or makes it slow. */
#include "base/text.h"
#include "tests/intents/reading.h"
#include <time.h>

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now); /* not of those who run beside it */
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static struct catalogue *catalogue_of(const char *language) {
    static const char domain[] = "{\"intents\": [{\"name\": \"track.where\", \"kind\": \"track\"}]}";
    const struct data_file files[] = {{"domain.json", domain, domain + sizeof domain - 1},
                                      {"en.json", language, language + strlen(language)},
                                      {NULL, NULL, NULL}};
    struct data data = {.embedded = files};
    struct error err;
    struct catalogue *catalogue = catalogue_load(&data, &err);
    if (!catalogue)
        fail_msg("%s", err.text);
    return catalogue;
}

static void a_pattern_that_explodes_is_no_match(void **state) {
    struct error err;
    struct catalogue *catalogue = catalogue_of("{\"language\": \"en\", \"intents\": {\"track.where\": "
                                               "{\"patterns\": [\"/(a+)+(a+)+(a+)+[bc]/\", \"c d\"]}}}");
    struct reader *reader = reader_new(catalogue, &err);
    struct arena arena;
    struct reading reading;
    char text[4000];
    (void)state;
    arena_init(&arena);
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    double begin = seconds();
    intents_read(reader, text, NULL, &arena, &reading);
    assert_int_equal(reading.count, 0);
    assert_int_equal(reader_limit_hits(reader), 1); /* who watches is told */
    memcpy(text + sizeof text - 6, " c d", 5);      /* the other patterns are read all the same */
    intents_read(reader, text, NULL, &arena, &reading);
    assert_int_equal(reading.count, 1);
    assert_true(seconds() - begin < 2);
    arena_clear(&arena);
    reader_free(reader);
    catalogue_free(catalogue);
}

static uint32_t next(uint32_t *seed) {
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

/* Words of the catalogue, numbers, signs and any code points, thrown together. */
static void make(char *text, size_t size, uint32_t *seed) {
    static const char *const pieces[] = {"where is my order ",
                                         "one ",
                                         "twenty ",
                                         "hundred ",
                                         "double ",
                                         "b as in bob ",
                                         "@",
                                         "at ",
                                         "dot ",
                                         "14/03",
                                         " march ",
                                         "#",
                                         "1Z999AA10123456784 ",
                                         "06 12 34 ",
                                         "€",
                                         ". ",
                                         "...",
                                         "-",
                                         "/",
                                         ",",
                                         "no wait ",
                                         "quatre-vingt-dix ",
                                         "comme ",
                                         "é",
                                         "LS6 ",
                                         "2QT ",
                                         "'",
                                         "\n",
                                         "+",
                                         "(",
                                         ")",
                                         "orderrrr ",
                                         "84512",
                                         "und"};
    size_t len = 0, target = next(seed) % size;
    while (len + 24 < target) {
        if (next(seed) % 3 > 0) {
            const char *piece = pieces[next(seed) % (sizeof pieces / sizeof pieces[0])];
            memcpy(text + len, piece, strlen(piece));
            len += strlen(piece);
        } else {
            uint32_t code_point = next(seed) % (next(seed) % 4 ? 0x300 : 0x11000);
            if (code_point > 0 && (code_point < 0xD800 || code_point > 0xDFFF))
                len += text_put(text + len, code_point);
        }
    }
    text[len] = '\0';
}

static void whatever_is_written_is_read(void **state) {
    enum { ROUNDS = 1500, SIZE = 600 };
    static const char *const locales[] = {"en", "fr", "de", NULL}, *const countries[] = {"FR", "US", "GB",
                                                                                         ""};
    struct room *room = *state;
    struct error err;
    struct number_pattern *pattern = number_pattern_new("[A-Z]{2}-\\d{4,6}", &err);
    uint32_t seed = 20260311;
    for (int round = 0; round < ROUNDS; round++) {
        char text[SIZE + 32];
        make(text, SIZE, &seed);
        assert_true(text_valid(text, strlen(text)));
        room_tidy(state);
        room->options.locale = locales[next(&seed) % 4];
        room->options.country = countries[next(&seed) % 4];
        room->options.voice = next(&seed) % 2;
        room->options.expected = (int)(next(&seed) % (SLOT_COUNT + 1)) - 1;
        room->options.number = next(&seed) % 2 ? pattern : NULL;
        const struct reading *reading = hear(room, text);
        assert_true(text_valid(reading->folded, strlen(reading->folded)));
        assert_non_null(reading->locale);
        for (int slot = 0; slot < SLOT_COUNT; slot++)
            for (int i = 0; i < reading->slots[slot].count; i++) {
                const struct candidate *candidate = &reading->slots[slot].candidates[i];
                bool inside = candidate->begin >= 0 && candidate->begin < candidate->end &&
                              candidate->end <= (int)strlen(text);
                if (!inside || !candidate->value[0] || candidate->score <= 0 || candidate->score > 1)
                    fail_msg("%s: %s \"%s\" %f at %d-%d", text, slot_name(slot), candidate->value,
                             candidate->score, candidate->begin, candidate->end);
            }
    }
    number_pattern_free(pattern);
}

static void the_longest_messages_cost_little(void **state) {
    static const char *const pieces[] = {
        "a",           " ",         "é",           "1 ",     "one ", "twenty two ", "where is my order ",
        "@",           "a@b ",      "1/2 ",        "march ", "b ",   "at a dot ",   "no wait 1042 ",
        "orderrrrrr ", "zzzzzzzz ", "livraisonz ", ". ",     "#1 ",  "06 ",         "1Z9 ",
        "for ",        "double ",   "and "};
    struct room *room = *state;
    char *text = test_malloc(UTTERANCE_MAX + 64);
    double worst = 0;
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++)
        for (int voice = 0; voice < 2; voice++) {
            size_t len = 0;
            for (; len < UTTERANCE_MAX; len += strlen(pieces[i]))
                memcpy(text + len, pieces[i], strlen(pieces[i]));
            text[len] = '\0';
            room_tidy(state);
            room->options.voice = voice;
            double begin = seconds();
            hear(room, text);
            if (seconds() - begin > worst)
                worst = seconds() - begin;
            if (worst > 2) /* some milliseconds when optimised; here the sanitizers watch */
                fail_msg("8 KiB of \"%s\" take %.1f s", pieces[i], worst);
        }
    test_free(text);
}

static void a_message_longer_than_allowed_is_cut(void **state) {
    char *text = test_malloc(3 * UTTERANCE_MAX);
    memset(text, 'x', 3 * UTTERANCE_MAX - 1);
    text[3 * UTTERANCE_MAX - 1] = '\0';
    hear(*state, text);
    assert_int_equal(strlen(((struct room *)*state)->reading.folded), UTTERANCE_MAX + 2);
    test_free(text);
}

int main(void) {
    const struct CMUnitTest claims[] = {
        cmocka_unit_test(a_pattern_that_explodes_is_no_match),
        CLAIM(whatever_is_written_is_read),
        CLAIM(the_longest_messages_cost_little),
        CLAIM(a_message_longer_than_allowed_is_cut),
    };
    return cmocka_run_group_tests(claims, room_open, room_close);
}
