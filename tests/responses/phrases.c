/* Every phrase in every language, voice and variant, as it reaches a customer. */
#include "base/json.h"
#include "base/text.h"
#include "responses/template.h"
#include "tests/claims.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { VALUES_MAX = 64, VARIANTS_MAX = 4, SPOKEN_STATUS_MAX = 265, SPOKEN_MAX = 290 };

/* The languages of the house, those first, and regions with forms of their own. */
static const char *const locales[] = {"de",    "en",    "es",    "fr",    "it",    "nl",    "pt",
                                      "en-US", "es-CO", "es-MX", "fr-CA", "nl-BE", "pt-BR", "de-CH"};
enum { LANGUAGES = 7, LOCALES = sizeof locales / sizeof *locales };

static struct phrasebook *book;
static json_t *declared;
static struct zone *zone;
static struct arena arena;

static int open_book(void **state) {
    (void)state;
    struct error err;
    struct data data = {.embedded = responses_embedded};
    size_t len;
    arena_init(&arena);
    book = phrasebook_load(&data, &err);
    const char *text = data_read(&data, "phrases.json", &arena, &len, &err);
    declared = text ? json_read(text, len, &json_file_limits, "phrases.json", &err) : NULL;
    zone = zone_open("Europe/Paris", &err);
    if (book == NULL || declared == NULL || zone == NULL)
        fprintf(stderr, "%s\n", err.text);
    return book == NULL || declared == NULL || zone == NULL;
}

static int free_book(void **state) {
    (void)state;
    phrasebook_free(book);
    json_decref(declared);
    zone_close(zone);
    arena_clear(&arena);
    return 0;
}

/* Values as long as those of real orders are. */
static const struct sample {
    const char *name, *text;
} samples[] = {
    {"order", "10042"},
    {"tracking", "6A44719823305"},
    {"pickup_code", "4821"},
    {"carrier", "Colissimo"},
    {"items", "matelas"},
    {"shop", "Atelier Nord"},
    {"reason", "nobody_home"},
    {"hold_reason", "stock"},
    {"where", "letterbox"},
    {"signed", "no"},
    {"option", "standard"},
    {"topic", "human.refund"},
    {"factors", "postcode"},
    {"place", "Lyon"},
    {"to", "Mme Petit"},
    {"reference", "RMA-22018"},
    {"pickup_name", "Le Kiosque"},
    {"agent", "Camille"},
    {"contact", "a@example.org"},
    {"link", "https://example.org/t/6A44719823305"},
};

static const char *sample_text(const char *name) {
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
        if (strcmp(samples[i].name, name) == 0)
            return samples[i].text;
    return "quelque chose";
}

static enum fact fact_of(const char *name) {
    int fact = vocabulary_find(&fact_vocabulary, name);
    assert_true(fact >= 0);
    return (enum fact)fact;
}

static struct value sample(const char *name, const char *subject) {
    struct value value = {.fact = fact_of(name), .text = sample_text(name)};
    enum value_kind kind = fact_vocabulary.entries[value.fact].kind;
    if (kind == VALUE_NUMBER) {
        value.number = 2;
        value.present = true;
    } else if (kind == VALUE_MOMENT)
        moment_parse(&value.moment, "2026-03-13T14:30:00+01:00", NULL);
    else if (strcmp(name, "subject") == 0)
        value.text = subject;
    return value;
}

/* The declared values of a phrase, all or only those that are always given. */
static int sample_values(const char *phrase, bool optional, const char *subject, struct value *values) {
    json_t *names = json_object_get(json_object_get(json_object_get(declared, "phrases"), phrase), "values");
    int count = 0;
    for (size_t i = 0; i < json_array_size(names); i++) {
        char *name = arena_string(&arena, json_string_value(json_array_get(names, i)));
        char *mark = strchr(name, '?');
        if (mark != NULL)
            *mark = '\0';
        if (mark == NULL || optional)
            values[count++] = sample(name, subject);
    }
    return count;
}

static const char *say(const char *name, const char *locale, enum voice voice, int variant,
                       const struct value *values, int count, uint64_t *used) {
    struct phrase phrase = {.name = name,
                            .locale = locale,
                            .voice = voice,
                            .zone = zone,
                            .now_ms = INT64_C(1773216000000),
                            .variant = variant,
                            .values = values,
                            .value_count = count};
    return phrasebook_say(book, &phrase, &arena, used);
}

static bool is_fragment(const char *name) {
    static const char *const kinds[] = {"state.", "subject.",   "choice.",
                                        "topic.", "which.item", "line.hints"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strncmp(name, kinds[i], strlen(kinds[i])) == 0)
            return true;
    return false;
}

static int variants(const char *name, const char *locale, enum voice voice) {
    struct value values[VALUES_MAX];
    int count = sample_values(name, true, "ZZZ", values), different = 1;
    const char *first = say(name, locale, voice, 0, values, count, NULL);
    while (different < VARIANTS_MAX &&
           strcmp(say(name, locale, voice, different, values, count, NULL), first) != 0)
        different++;
    return different;
}

struct said {
    const char *name, *locale, *text;
    enum voice voice;
    const struct value *values;
    int count;
    uint64_t used;
};

static void each_text(void (*claim)(const struct said *said)) {
    const char *name;
    json_t *phrase;
    json_object_foreach(json_object_get(declared, "phrases"), name, phrase) {
        for (int i = 0; i < LOCALES * 4; i++) {
            struct said said = {.name = name, .locale = locales[i / 4], .voice = (enum voice)(i / 2 % 2)};
            struct value order = {.fact = FACT_ORDER, .text = "10042"}, values[VALUES_MAX];
            const char *subject = say("subject.parcel", said.locale, said.voice, 0, &order, 1, NULL);
            said.values = values;
            said.count = sample_values(name, i % 2, subject, values);
            for (int variant = 0; variant < VARIANTS_MAX; variant++) {
                said.text = say(name, said.locale, said.voice, variant, values, said.count, &said.used);
                claim(&said);
            }
        }
        arena_reset(&arena);
    }
}

static void complain(const struct said *said, const char *what) {
    fail_msg("%s, %s, %s: %s in: %s", said->name, said->locale, said->voice ? "spoken" : "written", what,
             said->text);
}

static void reads_whole(const struct said *said) {
    static const char *const holes[] = {"  ", " .", " ,", "..", ",.", ",,", ";.", ":.",  "{",
                                        "}",  "[",  "]",  "|",  "()", "( ", " )", ": ,", "\n"};
    if (said->text[0] == '\0')
        complain(said, "nothing");
    for (size_t i = 0; i < sizeof holes / sizeof *holes; i++)
        if (strstr(said->text, holes[i]) != NULL)
            complain(said, holes[i]);
    if (!text_valid(said->text, strlen(said->text)))
        complain(said, "broken UTF-8");
    if (said->text[0] == ' ' || said->text[strlen(said->text) - 1] == ' ')
        complain(said, "a space at an end");
}

static void these_are_all_languages_of_the_book(void **state) {
    (void)state;
    for (int i = 0; i < LANGUAGES; i++)
        assert_string_equal(phrasebook_language(book, i), locales[i]);
    assert_null(phrasebook_language(book, LANGUAGES));
}

static void no_text_has_a_hole(void **state) {
    (void)state;
    each_text(reads_whole);
}

static void stands_alone(const struct said *said) {
    bool subject =
        said->voice == VOICE_SPOKEN && text_is(said->name, "split.intro"); /* … of the sentence after it */
    if (is_fragment(said->name) || subject)
        return;
    const char *link = strstr(said->text, "https://");
    char last = said->text[strlen(said->text) - 1];
    if (islower((unsigned char)said->text[0]))
        complain(said, "no capital");
    if (!strchr(".?!", last) && !(link != NULL && strchr(link, ' ') == NULL))
        complain(said, "no end of a sentence");
}

static void texts_are_whole_sentences_so_that_they_can_follow_each_other(void **state) {
    (void)state;
    each_text(stands_alone);
}

static bool spelled(const char *text, const char *at) {
    return (at == text || !isdigit((unsigned char)at[-1])) && !isdigit((unsigned char)at[1]);
}

static void can_be_spoken(const struct said *said) {
    if (said->voice != VOICE_SPOKEN)
        return;
    const char *symbol = strpbrk(said->text, "&<>*#_/\\@\"()=+%");
    if (symbol != NULL)
        complain(said, symbol);
    for (const char *at = said->text; *at != '\0'; at++)
        if (isdigit((unsigned char)*at) && !spelled(said->text, at))
            complain(said, "digits that are not spelled one by one");
    if (strstr(said->text, "http") != NULL)
        complain(said, "a link");
}

static void no_spoken_text_has_symbols_links_or_numbers(void **state) {
    (void)state;
    each_text(can_be_spoken);
}

static void is_short(const struct said *said) {
    int sentences = 0;
    for (const char *at = said->text; *at != '\0'; at++)
        sentences += strchr(".?!", *at) != NULL && (at[1] == ' ' || at[1] == '\0');
    if (said->voice != VOICE_SPOKEN)
        return;
    bool status = strncmp(said->name, "status.", 7) == 0;
    if (text_length(said->text) > (status ? SPOKEN_STATUS_MAX : SPOKEN_MAX))
        complain(said, "too long for the ear");
    if (sentences > 3)
        complain(said, "more than three sentences");
}

static void spoken_texts_are_short(void **state) {
    (void)state;
    each_text(is_short);
}

/* A name, number, date or place of the words must be a value that was given: digits of the written text that
 * no value accounts for were made up. */
static void digits_come_from_values(const struct said *said) {
    static const char *const known[] = {
        "10042", "6A44719823305", "4821", "RMA-22018", "13", "2026", "14", "30", "2"};
    if (said->voice != VOICE_WRITTEN)
        return;
    char *rest = arena_string(&arena, said->text);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        for (char *at; (at = strstr(rest, known[i])) != NULL;)
            memset(at, 'x', strlen(known[i]));
    if (strpbrk(rest, "0123456789") != NULL)
        complain(said, "a number that nobody gave");
}

static void no_number_is_made_up(void **state) {
    (void)state;
    each_text(digits_come_from_values);
}

static void the_subject_begins_a_sentence(void **state) {
    (void)state;
    const char *name;
    json_t *phrase;
    json_object_foreach(json_object_get(declared, "phrases"), name, phrase) {
        for (int i = 0; i < LANGUAGES * 2; i++) {
            struct value values[VALUES_MAX];
            int count = sample_values(name, true, "ZZZ", values);
            for (int variant = 0; variant < 4; variant++) {
                const char *text =
                    say(name, locales[i / 2], (enum voice)(i % 2), variant, values, count, NULL);
                const char *at = strstr(text, "ZZZ");
                if (at != NULL && at != text && !(at - text > 2 && at[-1] == ' ' && strchr(".?!", at[-2])))
                    fail_msg("%s: the subject is inside a sentence: %s", name, text);
            }
        }
        arena_reset(&arena);
    }
}

static void whatever_is_often_said_can_be_said_otherwise(void **state) {
    (void)state;
    static const char *const often[] = {"status.", "ask.",      "social.",       "clarify.",
                                        "aspect.", "deadline.", "not_received.", "handoff."};
    const char *name;
    json_t *phrase;
    json_object_foreach(json_object_get(declared, "phrases"), name, phrase) {
        bool repeated = false;
        for (size_t i = 0; i < sizeof often / sizeof *often; i++)
            repeated = repeated || strncmp(name, often[i], strlen(often[i])) == 0;
        for (int i = 0; repeated && i < LANGUAGES; i++)
            if (variants(name, locales[i], VOICE_WRITTEN) < 2)
                fail_msg("%s has one variant only in %s", name, locales[i]);
    }
}

static void a_wrong_proof_and_no_such_order_have_one_wording(void **state) {
    (void)state;
    for (int i = 0; i < LANGUAGES * 2; i++) {
        enum voice voice = (enum voice)(i % 2);
        assert_int_equal(variants("proof.failed", locales[i / 2], voice), 1);
        assert_int_equal(variants("proof.failed_again", locales[i / 2], voice), 1);
    }
}

static void a_late_answer_says_sorry_and_names_what_was_promised_or_by_ear_how_late_it_is(void **state) {
    (void)state;
    static const char *const late[] = {"status.in_transit_late", "status.in_transit_late_no_date",
                                       "status.stalled_late", "status.out_for_delivery_late", "late.yes"};
    static const char *const sorry[LANGUAGES][2] = {
        {"leid", "ntschuldig"}, {"orry", "apolog"}, {"sentimos", "disculpa"}, {"ésolé", "excus"},
        {"dispiace", "scus"},   {"spijt", "excus"}, {"amenta", "desculpa"}};
    static const char *const days[LANGUAGES] = {"zwei Tage",  "two days",   "dos días", "deux jours",
                                                "due giorni", "twee dagen", "dois dias"};
    static const char *const promised[LANGUAGES][2] = {
        {"13. März", "dreizehnten März"},  {"13 March", "thirteenth of March"},
        {"13 de marzo", "trece de marzo"}, {"13 mars", "treize mars"},
        {"13 marzo", "tredici marzo"},     {"13 maart", "dertien maart"},
        {"13 de março", "treze de março"}};
    for (size_t i = 0; i < sizeof late / sizeof *late; i++)
        for (int k = 0; k < LANGUAGES * 12; k++) {
            struct value values[VALUES_MAX];
            int language = k / 12, count = sample_values(late[i], k % 2, "ZZZ", values);
            enum voice voice = (enum voice)(k / 2 % 2);
            const char *text = say(late[i], locales[language], voice, k % 12 / 4, values, count, NULL);
            if (strstr(text, sorry[language][0]) == NULL && strstr(text, sorry[language][1]) == NULL)
                fail_msg("%s is not sorry: %s", late[i], text);
            bool by_ear = voice == VOICE_SPOKEN && strstr(text, days[language]) != NULL;
            if (strstr(text, promised[language][voice]) == NULL && !by_ear)
                fail_msg("%s does not name the promised day: %s", late[i], text);
        }
}

static void every_code_that_data_may_hold_has_words(void **state) {
    (void)state;
    static const char *const codes[][2] = {
        {"reason", "nobody_home"},
        {"reason", "no_access"},
        {"reason", "wrong_address"},
        {"reason", "refused"},
        {"reason", "weather"},
        {"reason", "damaged"},
        {"reason", "customs_fee"},
        {"reason", "volume"},
        {"reason", "strike"},
        {"reason", "missorted"},
        {"where", "letterbox"},
        {"where", "neighbour"},
        {"where", "locker"},
        {"where", "safe_place"},
        {"where", "reception"},
        {"where", "door"},
        {"where", "pickup_point"},
        {"where", "hand"},
        {"hold_reason", "payment"},
        {"hold_reason", "stock"},
        {"hold_reason", "address"},
        {"hold_reason", "fraud_check"},
        {"hold_reason", "preorder"},
        {"option", "same_day"},
        {"option", "standard"},
        {"option", "express"},
        {"option", "locker"},
        {"option", "pickup_point"},
        {"option", "click_collect"},
        {"factors", "email"},
        {"factors", "postcode"},
        {"factors", "phone"},
        {"factors", "any"},
        {"topic", "human.refund"},
        {"topic", "human.return"},
        {"topic", "human.exchange"},
        {"topic", "human.damaged"},
        {"topic", "human.wrong_item"},
        {"topic", "human.missing_item"},
        {"topic", "human.payment"},
        {"topic", "human.invoice"},
        {"topic", "human.account"},
        {"topic", "human.product"},
        {"topic", "human.stock"},
        {"topic", "human.complaint"},
        {"topic", "human.legal"},
        {"topic", "human.safety"},
        {"topic", "human.person"},
        {"topic", "human.other"},
        {"topic", "action.cancel"},
        {"topic", "action.address"},
        {"topic", "action.instructions"},
        {"topic", "action.notify"},
        {"topic", "not_understood"},
        {"topic", "locked"},
        {"topic", "not_received"},
        {"topic", "lost"},
        {"topic", "damaged"},
        {"topic", "expired"},
        {"topic", "late"},
        {"topic", "returning"},
        {"topic", "pickup_over"},
        {"topic", "order_unknown"},
    };
    static const char *const in[][2] = {{"reason", "status.exception"},    {"where", "aspect.proof"},
                                        {"hold_reason", "status.on_hold"}, {"option", "aspect.pickup_none"},
                                        {"factors", "ask.second_factor"},  {"topic", "topic.name"}};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        for (int language = 0; language < LANGUAGES; language++) {
            const char *phrase = NULL;
            for (size_t k = 0; k < sizeof in / sizeof *in; k++)
                if (strcmp(in[k][0], codes[i][0]) == 0)
                    phrase = in[k][1];
            struct value values[] = {{.fact = fact_of(codes[i][0]), .text = codes[i][1]},
                                     {.fact = FACT_ORDER, .text = "Q"},
                                     {.fact = FACT_SUBJECT, .text = "Q"}};
            uint64_t used;
            const char *text = say(phrase, locales[language], VOICE_WRITTEN, 0, values, 3, &used);
            if (!(used & 1))
                fail_msg("%s %s is not said in: %s", codes[i][0], codes[i][1], text);
            if (strchr(text, '_') != NULL || strstr(text, "human.") != NULL ||
                strstr(text, "action.") != NULL)
                fail_msg("%s %s is said as it is: %s", codes[i][0], codes[i][1], text);
        }
}

static void every_status_has_a_state_of_a_few_words(void **state) {
    (void)state;
    static const char *const statuses[] = {
        "placed",     "confirmed", "on_hold",          "backorder",      "preparing",        "info_received",
        "in_transit", "customs",   "out_for_delivery", "attempt_failed", "ready_for_pickup", "delivered",
        "exception",  "returning", "returned",         "lost",           "damaged",          "cancelled",
        "expired",    "unknown"};
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        for (int k = 0; k < LANGUAGES * 2; k++) {
            char name[64];
            snprintf(name, sizeof name, "state.%s", statuses[i]);
            assert_true(phrasebook_has(book, name));
            const char *text = say(name, locales[k / 2], (enum voice)(k % 2), 0, NULL, 0, NULL);
            assert_in_range(text_length(text), 3, 40);
        }
}

static void answers_read_as_intended(void **state) {
    (void)state;
    struct value order = {.fact = FACT_ORDER, .text = "84512"};
    struct value values[] = {{.fact = FACT_SUBJECT},
                             {.fact = FACT_CARRIER, .text = "Colissimo"},
                             {.fact = FACT_DAYS_LATE, .number = 2, .present = true},
                             {.fact = FACT_ESTIMATE},
                             {.fact = FACT_PROMISED}};
    moment_parse(&values[3].moment, "2026-03-12", NULL);
    moment_parse(&values[4].moment, "2026-03-10", NULL);
    values[0].text = say("subject.parcel", "fr", VOICE_WRITTEN, 0, &order, 1, NULL);
    assert_string_equal(say("status.in_transit_late", "fr", VOICE_WRITTEN, 0, values, 5, NULL),
                        "Le colis de votre commande 84512 est en route avec Colissimo, mais en retard : nous "
                        "en sommes désolés. "
                        "Nouvelle date : demain, jeudi 12 mars, soit 2 jours après la date promise "
                        "(hier, mardi 10 mars).");
    values[0].text = say("subject.parcel", "fr", VOICE_SPOKEN, 0, &order, 1, NULL);
    assert_string_equal(
        say("status.in_transit_late", "fr", VOICE_SPOKEN, 0, values, 5, NULL),
        "Votre colis 8 4 5, 1 2 est en route avec Colissimo, mais en retard, désolé. Il est attendu "
        "demain, jeudi douze mars, soit deux jours après la date promise.");
    struct value parts[] = {{.fact = FACT_INDEX, .number = 1, .present = true},
                            {.fact = FACT_COUNT, .number = 2, .present = true},
                            {.fact = FACT_ITEMS, .text = "matelas"}};
    assert_string_equal(say("subject.parcel_of", "fr", VOICE_WRITTEN, 0, parts, 3, NULL),
                        "Le colis 1 sur 2 (matelas)");
    assert_string_equal(say("subject.parcel_of", "en", VOICE_WRITTEN, 0, parts, 2, NULL), "Parcel 1 of 2");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(these_are_all_languages_of_the_book),
        cmocka_unit_test(no_text_has_a_hole),
        cmocka_unit_test(texts_are_whole_sentences_so_that_they_can_follow_each_other),
        cmocka_unit_test(no_spoken_text_has_symbols_links_or_numbers),
        cmocka_unit_test(spoken_texts_are_short),
        cmocka_unit_test(no_number_is_made_up),
        cmocka_unit_test(the_subject_begins_a_sentence),
        cmocka_unit_test(whatever_is_often_said_can_be_said_otherwise),
        cmocka_unit_test(a_wrong_proof_and_no_such_order_have_one_wording),
        cmocka_unit_test(a_late_answer_says_sorry_and_names_what_was_promised_or_by_ear_how_late_it_is),
        cmocka_unit_test(every_code_that_data_may_hold_has_words),
        cmocka_unit_test(every_status_has_a_state_of_a_few_words),
        cmocka_unit_test(answers_read_as_intended),
    };
    return cmocka_run_group_tests(tests, open_book, free_book);
}
