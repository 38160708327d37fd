#include "tests/responses/small.h"
#include <pthread.h>
#include <stdio.h>

static struct phrasebook *book;
static struct zone *paris, *london, *auckland;
static struct arena arena;

static int open_book(void **state) {
    (void)state;
    struct error err;
    struct data data = {.embedded = responses_embedded};
    arena_init(&arena);
    book = phrasebook_load(&data, &err);
    paris = zone_open("Europe/Paris", &err);
    london = zone_open("Europe/London", &err);
    auckland = zone_open("Pacific/Auckland", &err);
    if (book == NULL)
        fprintf(stderr, "%s\n", err.text);
    return book == NULL || paris == NULL || london == NULL || auckland == NULL;
}

static int free_book(void **state) {
    (void)state;
    phrasebook_free(book);
    zone_close(paris);
    zone_close(london);
    zone_close(auckland);
    arena_clear(&arena);
    return 0;
}

static struct moment moment(const char *text) {
    struct moment parsed;
    assert_true(moment_parse(&parsed, text, NULL));
    return parsed;
}

static const char *say_all(const char *name, const struct value *values, int count, const char *locale,
                           enum voice voice, const struct zone *zone, const char *now) {
    struct phrase phrase = {.name = name,
                            .locale = locale,
                            .voice = voice,
                            .zone = zone,
                            .now_ms = moment(now).ms,
                            .values = values,
                            .value_count = count};
    return phrasebook_say(book, &phrase, &arena, NULL);
}

/* deadline.unknown and late.no are phrases whose words around the day are known. */
static const char *say(const char *name, enum fact fact, const char *when, const char *locale,
                       enum voice voice, const struct zone *zone, const char *now) {
    return say_all(name, &(struct value){.fact = fact, .moment = moment(when)}, 1, locale, voice, zone, now);
}

static void holds(const char *text, const char *part) {
    if (strstr(text, part) == NULL)
        fail_msg("expected '%s' in '%s'", part, text);
}

static const char *on(const char *when, const char *locale, enum voice voice, const char *now) {
    return say("late.no", FACT_DUE, when, locale, voice, paris, now);
}

static const char now[] = "2026-03-11T09:00:00+01:00";

static void a_day_is_written_as_the_place_writes_it(void **state) {
    (void)state;
    holds(on("2026-03-14", "fr", VOICE_WRITTEN, now), "est prévue le samedi 14 mars.");
    holds(on("2026-03-14", "en", VOICE_WRITTEN, now), "is due on Saturday 14 March.");
    holds(on("2026-03-14", "en-US", VOICE_WRITTEN, now), "is due on Saturday, March 14.");
    holds(on("2026-03-14", "en_us", VOICE_WRITTEN, now), "Saturday, March 14.");
}

/* late.no, asked on a Wednesday: a day of this week, the near one, and the first of a month next year. */
static void each_language_has_its_words_around_a_day(void **state) {
    (void)state;
    static const struct {
        const char *locale, *saturday, *tomorrow, *next_year, *spoken;
    } rows[] = {
        {"de", "am Samstag, 14. März", "morgen, Donnerstag, 12. März", "am Freitag, 1. Januar 2027",
         "am Freitag, den ersten Januar zweitausendsiebenundzwanzig"},
        {"es", "para el sábado 14 de marzo.", "para mañana, jueves 12 de marzo.",
         "el viernes 1 de enero de 2027.", "el viernes uno de enero de dos mil veintisiete."},
        {"es-MX", "el sábado 14 de marzo.", "mañana, jueves 12 de marzo.", "el viernes 1 de enero de 2027.",
         "el viernes primero de enero de dos mil veintisiete."},
        {"it", "per sabato 14 marzo.", "per domani, giovedì 12 marzo.", "per venerdì 1 gennaio 2027.",
         "per venerdì primo gennaio duemilaventisette."},
        {"nl", "gepland voor zaterdag 14 maart.", "gepland voor morgen, donderdag 12 maart.",
         "voor vrijdag 1 januari 2027.", "voor vrijdag één januari tweeduizendzevenentwintig."},
        {"pt", "para sábado, 14 de março.", "para amanhã, quinta-feira, 12 de março.",
         "para sexta-feira, 1 de janeiro de 2027.",
         "para sexta-feira, primeiro de janeiro de dois mil e vinte e sete."},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        holds(on("2026-03-14", rows[i].locale, VOICE_WRITTEN, now), rows[i].saturday);
        holds(on("2026-03-12", rows[i].locale, VOICE_WRITTEN, now), rows[i].tomorrow);
        holds(on("2027-01-01", rows[i].locale, VOICE_WRITTEN, now), rows[i].next_year);
        holds(on("2027-01-01", rows[i].locale, VOICE_SPOKEN, now), rows[i].spoken);
    }
}

static const char *delivered(const char *at, const char *locale, enum voice voice) {
    struct value values[] = {{.fact = FACT_SUBJECT, .text = "X"}, {.fact = FACT_AT, .moment = moment(at)}};
    return say_all("status.delivered", values, 2, locale, voice, paris, now);
}

static void each_language_says_when_as_its_people_do(void **state) {
    (void)state;
    static const struct {
        const char *locale, *written, *one, *spoken, *spoken_one, *midnight;
    } rows[] = {
        {"de", "am Samstag, 7. März, um 14:02 Uhr", "um 01:00 Uhr", "um vierzehn Uhr zwei", "um ein Uhr",
         "um null Uhr"},
        {"es", "el sábado 7 de marzo a las 14:02", "a la 1:00", "a las dos y dos de la tarde",
         "a la una de la madrugada", "a las doce de la noche"},
        {"es-CO", "a las 2:02 de la tarde", "a la 1 de la mañana", "a las dos y dos de la tarde",
         "a la una de la mañana", "a las doce de la noche"},
        {"it", "sabato 7 marzo alle 14:02", "alle 01:00", "alle quattordici e due", "all'una",
         "a mezzanotte"},
        {"nl", "op zaterdag 7 maart om 14:02 uur", "om 01:00 uur", "om veertien uur twee", "om één uur",
         "om nul uur"},
        {"pt", "no sábado, 7 de março, às 14:02", "à 01:00", "às catorze horas e dois", "à uma hora",
         "à meia-noite"},
        {"pt-BR", "no sábado, 7 de março, às 14h02", "à 1h", "horas e dois", "à uma hora", "à meia-noite"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        holds(delivered("2026-03-07T14:02:00+01:00", rows[i].locale, VOICE_WRITTEN), rows[i].written);
        holds(delivered("2026-03-06T01:00:00+01:00", rows[i].locale, VOICE_WRITTEN), rows[i].one);
        holds(delivered("2026-03-07T14:02:00+01:00", rows[i].locale, VOICE_SPOKEN), rows[i].spoken);
        holds(delivered("2026-03-06T01:00:00+01:00", rows[i].locale, VOICE_SPOKEN), rows[i].spoken_one);
        holds(delivered("2026-03-06T00:00:00+01:00", rows[i].locale, VOICE_SPOKEN), rows[i].midnight);
    }
    holds(delivered("2026-03-06T01:00:00+01:00", "pt", VOICE_WRITTEN), "na sexta-feira, 6 de março");
}

static void near_days_have_their_word_and_keep_their_date(void **state) {
    (void)state;
    holds(on("2026-03-10", "fr", VOICE_WRITTEN, now), "prévue hier, mardi 10 mars.");
    holds(on("2026-03-11", "fr", VOICE_WRITTEN, now), "prévue aujourd'hui, mercredi 11 mars.");
    holds(on("2026-03-12", "fr", VOICE_WRITTEN, now), "prévue demain, jeudi 12 mars.");
    holds(on("2026-03-12", "en", VOICE_WRITTEN, now), "due tomorrow, Thursday 12 March.");
    holds(say("deadline.unknown", FACT_ASKED, "2026-03-12", "en", VOICE_WRITTEN, paris, now),
          "by tomorrow, Thursday 12 March");
    holds(say("deadline.unknown", FACT_ASKED, "2026-03-13", "fr", VOICE_WRITTEN, paris, now),
          "pour le vendredi 13 mars");
}

static void the_year_is_said_when_it_is_another(void **state) {
    (void)state;
    holds(on("2027-01-04", "fr", VOICE_WRITTEN, now), "le lundi 4 janvier 2027.");
    holds(on("2027-01-04", "en", VOICE_WRITTEN, now), "on Monday 4 January 2027.");
    holds(on("2027-01-04", "en-US", VOICE_WRITTEN, now), "on Monday, January 4, 2027.");
    holds(on("2027-01-04", "fr", VOICE_SPOKEN, now), "lundi quatre janvier deux mille vingt-sept.");
    holds(on("2027-01-04", "en", VOICE_SPOKEN, now), "the fourth of January twenty twenty-seven.");
    /* The same day, once without its year: a remembered day name must not be taken for the other. */
    holds(on("2027-01-04", "fr", VOICE_WRITTEN, "2027-03-01T09:00:00Z"), "le lundi 4 janvier.");
    holds(on("2027-01-04", "fr", VOICE_WRITTEN, now), "le lundi 4 janvier 2027.");
}

static void a_spoken_day_is_words(void **state) {
    (void)state;
    holds(on("2026-03-13", "fr", VOICE_SPOKEN, now), "le vendredi treize mars.");
    holds(on("2026-05-01", "fr", VOICE_SPOKEN, now), "le vendredi premier mai.");
    holds(on("2026-03-13", "en", VOICE_SPOKEN, now), "on Friday, the thirteenth of March.");
    holds(on("2026-03-13", "en-US", VOICE_SPOKEN, now), "on Friday, March thirteenth.");
    holds(on("2026-03-12", "fr", VOICE_SPOKEN, now), "prévue demain, jeudi douze mars.");
    holds(on("2026-03-11", "fr", VOICE_SPOKEN, now), "prévue aujourd'hui.");
    holds(on("2026-03-11", "en", VOICE_SPOKEN, now), "due today.");
}

static void days_more_than_the_memory_apart_keep_their_own_names(void **state) {
    (void)state;
    holds(on("2026-04-06", "fr", VOICE_WRITTEN, now), "lundi 6 avril.");
    holds(on("2029-01-24", "fr", VOICE_WRITTEN, now), "mercredi 24 janvier 2029."); /* 1024 days later */
    holds(on("2026-04-06", "fr", VOICE_WRITTEN, now), "lundi 6 avril.");
}

static void times_are_in_the_shops_zone(void **state) {
    (void)state;
    const char *late = "2026-03-10T23:30:00Z"; /* the 11th in Paris, the 10th in London */
    struct value values[] = {{.fact = FACT_SUBJECT, .text = "X"}, {.fact = FACT_AT, .moment = moment(late)}};
    assert_string_equal(say_all("status.delivered", values, 2, "fr", VOICE_WRITTEN, paris, now),
                        "X a été livré aujourd'hui, mercredi 11 mars, à 0 h 30.");
    assert_string_equal(say_all("status.delivered", values, 2, "fr", VOICE_WRITTEN, london, now),
                        "X a été livré hier, mardi 10 mars, à 23 h 30.");
    assert_string_equal(say_all("status.delivered", values, 2, "en", VOICE_WRITTEN, auckland, now),
                        "X was delivered today, Wednesday 11 March, at 12:30.");
    assert_string_equal(say_all("status.delivered", values, 2, "en-US", VOICE_WRITTEN, auckland, now),
                        "X was delivered today, Wednesday, March 11, at 12:30 PM.");
}

static void today_follows_the_zone_across_the_change_of_clocks(void **state) {
    (void)state;
    /* In Paris clocks go forward on 29 March 2026 at 01:00Z: that day has 23 hours. */
    const char *evening = "2026-03-28T22:59:00Z", *after = "2026-03-28T23:01:00Z",
               *night = "2026-03-29T21:59:00Z", *next = "2026-03-29T22:01:00Z";
    holds(on("2026-03-29", "fr", VOICE_WRITTEN, evening), "demain, dimanche 29 mars");
    holds(on("2026-03-29", "fr", VOICE_WRITTEN, after), "aujourd'hui, dimanche 29 mars");
    holds(on("2026-03-29", "fr", VOICE_WRITTEN, night), "aujourd'hui, dimanche 29 mars");
    holds(on("2026-03-29", "fr", VOICE_WRITTEN, next), "hier, dimanche 29 mars");
}

static const char *window(const char *from, const char *to, const char *locale, enum voice voice) {
    struct value values[] = {{.fact = FACT_FROM, .moment = moment(from)},
                             {.fact = FACT_TO_TIME, .moment = moment(to)}};
    return say_all("aspect.window", values, 2, locale, voice, paris, now);
}

static void a_time_of_day_is_written_and_spoken_as_people_do(void **state) {
    (void)state;
    const char *two = "2026-03-12T14:02:00+01:00", *four = "2026-03-12T16:00:00+01:00";
    holds(window(two, four, "fr", VOICE_WRITTEN), "entre 14 h 02 et 16 h.");
    holds(window(two, four, "en", VOICE_WRITTEN), "between 14:02 and 16:00.");
    holds(window(two, four, "en-US", VOICE_WRITTEN), "between 2:02 PM and 4:00 PM.");
    holds(window(two, four, "fr", VOICE_SPOKEN), "entre quatorze heures deux et seize heures.");
    holds(window(two, four, "en", VOICE_SPOKEN),
          "between two oh two in the afternoon and four in the afternoon.");
    holds(window("2026-03-12T12:00:00+01:00", "2026-03-12T21:30:00+01:00", "fr", VOICE_SPOKEN),
          "entre midi et vingt-et-une heures trente.");
    holds(window("2026-03-12T12:00:00+01:00", "2026-03-12T21:30:00+01:00", "en", VOICE_SPOKEN),
          "between noon and nine thirty at night.");
    holds(window("2026-03-12T00:00:00+01:00", "2026-03-12T01:00:00+01:00", "fr", VOICE_SPOKEN),
          "entre minuit et une heure.");
    holds(window("2026-03-12T00:00:00+01:00", "2026-03-12T12:15:00+01:00", "en", VOICE_SPOKEN),
          "between midnight and twelve fifteen in the afternoon.");
}

static void a_day_without_a_time_has_none(void **state) {
    (void)state;
    struct value values[] = {{.fact = FACT_SUBJECT, .text = "X"},
                             {.fact = FACT_AT, .moment = moment("2026-03-05")},
                             {.fact = FACT_FROM, .moment = moment("2026-03-11")},
                             {.fact = FACT_TO_TIME, .moment = moment("2026-03-11")}};
    assert_string_equal(say_all("status.delivered", values, 4, "fr", VOICE_WRITTEN, paris, now),
                        "X a été livré le jeudi 5 mars.");
    assert_string_equal(say_all("status.out_for_delivery", values, 4, "fr", VOICE_WRITTEN, paris, now),
                        "X est en cours de livraison aujourd'hui.");
}

static void without_forms_icu_speaks_for_itself(void **state) {
    (void)state;
    struct error err;
    struct phrasebook *plain = small_load(
        SMALL_PHRASES,
        "{\"locale\": \"de-DE\", \"phrases\": {\"p\": \"{due, day}/{due, on}/{due, at}/{due, date}/{due}"
        "[/{due, time}]/{count, two}/{count, year}/{count, feminine}\"}}",
        NULL, &err);
    assert_non_null(plain);
    struct value values[] = {{.fact = FACT_DUE, .moment = moment("2026-03-14T14:02:00Z")},
                             {.fact = FACT_COUNT, .number = 7, .present = true}};
    struct phrase phrase = {.name = "p",
                            .locale = "en",
                            .zone = london,
                            .now_ms = moment(now).ms,
                            .values = values,
                            .value_count = 2};
    assert_string_equal(
        phrasebook_say(plain, &phrase, &arena, NULL),
        "Samstag, 14. März/Samstag, 14. März/Samstag, 14. März/Samstag, 14. März/Samstag, 14. "
        "März/14:02/07/sieben/sieben");
    values[1].number = 21; /* ICU's soft hyphens are taken out */
    phrase.voice = VOICE_SPOKEN;
    holds(phrasebook_say(plain, &phrase, &arena, NULL), "/21/einundzwanzig/einundzwanzig");
    phrasebook_free(plain);
}

static void a_list_is_joined_as_the_language_joins(void **state) {
    (void)state;
    const char *items[] = {"a", "b", "c"};
    assert_string_equal(phrasebook_list(book, "fr", items, 3, &arena), "a, b et c");
    assert_string_equal(phrasebook_list(book, "en", items, 3, &arena), "a, b and c");
    assert_string_equal(phrasebook_list(book, "en-US", items, 3, &arena), "a, b, and c");
    assert_string_equal(phrasebook_list(book, "fr", items, 2, &arena), "a et b");
    assert_string_equal(phrasebook_list(book, "fr", items, 1, &arena), "a");
    assert_string_equal(phrasebook_list(book, "xx", items, 0, &arena), "");
    char *large = arena_alloc(&arena, 3000);
    memset(large, 'x', 2999);
    const char *long_items[] = {large, "b"};
    holds(phrasebook_list(book, "fr", long_items, 2, &arena), "x, b"); /* too long for ICU's turn, not lost */
}

struct worker {
    pthread_t thread;
    int wrong;
};

/* Every day of three years, in all voices and places, against what one thread said first. */
enum { DAYS = 1100, PLACES = 6 };
static char *expected[DAYS][PLACES];

static const char *said(int day, int place, struct arena *into) {
    static const char *const locales[] = {"fr", "en", "en-US"};
    struct value values[] = {
        {.fact = FACT_DUE, .moment = moment_at((INT64_C(20500) + day) * 86400000 + 50520000, 0)}};
    struct phrase phrase = {.name = "late.no",
                            .locale = locales[place % 3],
                            .voice = (enum voice)(place / 3),
                            .zone = paris,
                            .now_ms = INT64_C(1773216000000),
                            .values = values,
                            .value_count = 1};
    return phrasebook_say(book, &phrase, into, NULL);
}

static void *work(void *context) {
    struct worker *worker = context;
    struct arena own;
    arena_init(&own);
    for (int day = 0; day < DAYS; day++) {
        for (int place = 0; place < PLACES; place++)
            worker->wrong += strcmp(said(day, place, &own), expected[day][place]) != 0;
        arena_reset(&own);
    }
    arena_clear(&own);
    return NULL;
}

static void threads_say_at_the_same_time_what_one_says_alone(void **state) {
    (void)state;
    struct error err;
    struct data data = {.embedded = responses_embedded};
    struct worker workers[3] = {0};
    for (int day = 0; day < DAYS; day++)
        for (int place = 0; place < PLACES; place++)
            expected[day][place] = (char *)said(day, place, &arena);
    struct phrasebook *first = book;
    book = phrasebook_load(&data, &err); /* one that remembers no day yet */
    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    for (int i = 0; i < 3; i++) {
        pthread_join(workers[i].thread, NULL);
        assert_int_equal(workers[i].wrong, 0);
    }
    phrasebook_free(book);
    book = first;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_is_written_as_the_place_writes_it),
        cmocka_unit_test(each_language_has_its_words_around_a_day),
        cmocka_unit_test(each_language_says_when_as_its_people_do),
        cmocka_unit_test(near_days_have_their_word_and_keep_their_date),
        cmocka_unit_test(the_year_is_said_when_it_is_another),
        cmocka_unit_test(a_spoken_day_is_words),
        cmocka_unit_test(days_more_than_the_memory_apart_keep_their_own_names),
        cmocka_unit_test(times_are_in_the_shops_zone),
        cmocka_unit_test(today_follows_the_zone_across_the_change_of_clocks),
        cmocka_unit_test(a_time_of_day_is_written_and_spoken_as_people_do),
        cmocka_unit_test(a_day_without_a_time_has_none),
        cmocka_unit_test(without_forms_icu_speaks_for_itself),
        cmocka_unit_test(a_list_is_joined_as_the_language_joins),
        cmocka_unit_test(threads_say_at_the_same_time_what_one_says_alone),
    };
    return cmocka_run_group_tests(tests, open_book, free_book);
}
