/* Only facts: random orders and utterances, in both languages and voices. Every date, time, number, name and
 * place of a reply must come from a named fact of that order (or be the customer's own day, or the shop's
 * name). The check does not ask the phrasebook: it takes the words of the reply apart and looks each one up
 * among the values of the order. */
#include "base/text.h"
#include "tests/claims.h"
#include "tests/dialogue/talk.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/unum.h>
#include <unicode/ustring.h>

enum { ROUNDS = 400, QUESTIONS = 6, DATE_WORDS = 128 };

static const char *const carriers[] = {"Zorbex", "Kalimo", "Vintro"};
static const char *const places[] = {"Quimperlune", "Brastok", "Oxmoor"};
static const char *const titles[] = {"Plumard", "Zinglet", "Torvane"};
static const char *const names[] = {"Ysolde", "Bertram", "Quitterie"};

static const char *const utterances[2][14] = {
    {"où est ma commande ?", "quand est-ce que ça arrive ?", "elle est en retard !", "quel transporteur ?",
     "le lien de suivi svp", "c'est marqué livré mais j'ai rien reçu", "est-ce que ce sera là avant samedi ?",
     "à quelle heure ?", "qui a signé ?", "le point relais est où ?", "et le reste de la commande ?",
     "elle est partie ?", "c'est sûr ?", "pourquoi ça ne bouge plus ?"},
    {"where is my order?", "when will it arrive?", "it is late!", "which carrier?",
     "can I have the tracking link please", "it says delivered but I got nothing",
     "will it be here before Saturday?", "at what time?", "who signed for it?", "where is the pick-up point?",
     "and the rest of my order?", "has it been shipped?", "is that sure?", "why has it not moved?"},
};

static uint64_t seed = 20260311;

static unsigned chance(unsigned below) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(seed >> 33) % below;
}

static bool maybe(void) {
    return chance(2) == 0;
}

/* A day or a time within three weeks around now; distinct minutes, so that a time in a reply can be
 * recognised. */
static struct moment around(struct talk *talk, int from, int to) {
    int32_t day = zone_day(talk->zone, talk->now_ms) + from + (int)chance((unsigned)(to - from + 1));
    if (maybe())
        return moment_day(day);
    int64_t ms = zone_instant(talk->zone, day, (int)chance(1440));
    return moment_at(ms, (int16_t)zone_offset(talk->zone, ms));
}

static struct moment perhaps(struct talk *talk, int from, int to) {
    return maybe() ? around(talk, from, to) : (struct moment){0};
}

static const char *one_of(const char *const list[3]) {
    return maybe() ? list[chance(3)] : "";
}

static void random_parcel(struct talk *talk, struct parcel *parcel, int index,
                          struct checkpoint *checkpoints) {
    static const char *const numbers[] = {"6A44719823305", "6A11719823306", "6A99719823307"};
    static const char *const wheres[] = {"letterbox", "neighbour", "hand"};
    static const char *const reasons[] = {"nobody_home", "weather", "wrong_address"};
    *parcel = (struct parcel){
        .id = "p",
        .carrier = one_of(carriers),
        .tracking_number = maybe() ? numbers[index] : "",
        .tracking_url = maybe() ? "https://suivi.example/x" : "",
        .status = (enum status)(STATUS_INFO_RECEIVED + chance(STATUS_COUNT - STATUS_INFO_RECEIVED)),
        .status_at = around(talk, -9, 0),
        .reason = one_of(reasons),
        .estimate = {perhaps(talk, -2, 9), perhaps(talk, -2, 9)},
        .next_attempt = perhaps(talk, 0, 4),
        .pickup = {.name = one_of(places),
                   .address = one_of(places),
                   .hours = "",
                   .code = maybe() ? "7731" : "",
                   .deadline = perhaps(talk, -4, 9)},
        .proof = {.at = perhaps(talk, -3, 0),
                  .where = one_of(wheres),
                  .to = one_of(names),
                  .signed_for = maybe()},
        .checkpoints = checkpoints,
        .checkpoint_count = (int)chance(3)};
    for (int i = 0; i < parcel->checkpoint_count; i++)
        checkpoints[i] = (struct checkpoint){.at = around(talk, -12, -1),
                                             .status = STATUS_IN_TRANSIT,
                                             .code = "",
                                             .label = "",
                                             .place = one_of(places),
                                             .source = "carrier"};
}

static void random_order(struct talk *talk, struct order *order, struct parcel *parcels, struct line *lines,
                         struct checkpoint checkpoints[3][2]) {
    static const char *const reasons[] = {"payment", "stock", "preorder"};
    talk_order(order, "FR-84512");
    order->state = (enum status)(1 + chance(STATUS_COUNT - 1));
    order->placed_at = around(talk, -20, -10);
    order->promise = (struct due){perhaps(talk, -5, 9), perhaps(talk, -5, 9)};
    order->revised = (struct due){(struct moment){0}, perhaps(talk, -5, 9)};
    order->dispatch_by = perhaps(talk, -5, 5);
    order->hold_reason = one_of(reasons);
    order->hold_until = perhaps(talk, 1, 9);
    order->option = maybe() ? "standard" : "";
    order->cancellable = maybe();
    order->parcels = parcels;
    order->parcel_count = (int)chance(4);
    for (int i = 0; i < order->parcel_count; i++)
        random_parcel(talk, &parcels[i], i, checkpoints[i]);
    order->lines = lines;
    order->line_count = (int)chance(4);
    for (int i = 0; i < order->line_count; i++)
        lines[i] = (struct line){.sku = "",
                                 .title = titles[i],
                                 .quantity = 1,
                                 .parcel = (int)chance((unsigned)order->parcel_count + 1) - 1,
                                 .available = perhaps(talk, 1, 9)};
}

/* All that may be said: every text and moment of the order, and the day that the customer named. */
struct allowed {
    const struct order *order;
    struct moment moments[64];
    int moment_count;
    char texts[2048];
    int32_t today;
    const struct zone *zone;
};

static void allow_moment(struct allowed *allowed, struct moment moment) {
    if (moment.kind != MOMENT_NONE)
        allowed->moments[allowed->moment_count++] = moment;
}

static void allow_text(struct allowed *allowed, const char *text) {
    size_t len = strlen(allowed->texts);
    snprintf(allowed->texts + len, sizeof allowed->texts - len, " %s ", text);
}

static void allow(struct allowed *allowed, struct talk *talk, const struct order *order) {
    *allowed =
        (struct allowed){.order = order, .today = zone_day(talk->zone, talk->now_ms), .zone = talk->zone};
    const struct moment own[] = {order->placed_at,  order->promise.from, order->promise.to,
                                 order->revised.to, order->dispatch_by,  order->hold_until};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        allow_moment(allowed, own[i]);
    allow_text(allowed, order->number);
    allow_text(allowed, order->hold_reason);
    for (int p = 0; p < order->parcel_count; p++) {
        const struct parcel *parcel = &order->parcels[p];
        const struct moment of[] = {parcel->status_at,    parcel->estimate.from,   parcel->estimate.to,
                                    parcel->next_attempt, parcel->pickup.deadline, parcel->proof.at};
        for (size_t i = 0; i < sizeof of / sizeof *of; i++)
            allow_moment(allowed, of[i]);
        for (int c = 0; c < parcel->checkpoint_count; c++) {
            allow_moment(allowed, parcel->checkpoints[c].at);
            allow_text(allowed, parcel->checkpoints[c].place);
        }
        const char *const texts[] = {parcel->carrier,     parcel->tracking_number, parcel->tracking_url,
                                     parcel->pickup.name, parcel->pickup.address,  parcel->pickup.code,
                                     parcel->proof.to};
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
            allow_text(allowed, texts[i]);
    }
    for (int i = 0; i < order->line_count; i++) {
        allow_text(allowed, order->lines[i].title);
        allow_moment(allowed, order->lines[i].available);
    }
    allow_moment(allowed, moment_day(allowed->today + 3)); /* Saturday, which the customer names */
    allow_moment(allowed,
                 moment_day(allowed->today + 2)); /* two working days: the shop's own policy for inquiries */
}

static bool is_day_number(const struct allowed *allowed, int number) {
    for (int i = 0; i < allowed->moment_count; i++) {
        int year, month, day;
        calendar_split(zone_moment_day(allowed->zone, allowed->moments[i]), &year, &month, &day);
        if (number == day || number == year)
            return true;
    }
    return false;
}

static bool is_clock_number(const struct allowed *allowed, int number) {
    for (int i = 0; i < allowed->moment_count; i++)
        if (allowed->moments[i].kind == MOMENT_TIME) {
            int minute = zone_minute(allowed->zone, allowed->moments[i].ms);
            if (number == minute / 60 || number == minute % 60)
                return true;
        }
    return false;
}

/* Parcels counted, days late or silent, hours since a label: arithmetic on the same facts. */
static bool is_difference(const struct allowed *allowed, int number) {
    if (number <= allowed->order->parcel_count)
        return true;
    for (int i = 0; i < allowed->moment_count; i++) {
        int32_t a = zone_moment_day(allowed->zone, allowed->moments[i]);
        if (number == allowed->today - a || number == a - allowed->today)
            return true;
        for (int j = 0; j < allowed->moment_count; j++)
            if (number == a - zone_moment_day(allowed->zone, allowed->moments[j]))
                return true;
    }
    return false;
}

static bool is_hours(const struct allowed *allowed, const struct talk *talk, int number) {
    for (int i = 0; i < allowed->moment_count; i++)
        if (allowed->moments[i].kind == MOMENT_TIME &&
            (talk->now_ms - allowed->moments[i].ms) / 3600000 == number)
            return true;
    return false;
}

static void check_digits(const struct talk *talk, const struct allowed *allowed, const char *utterance) {
    for (const char *p = talk->text; *p != '\0';) {
        if (!isdigit((unsigned char)*p)) {
            p++;
            continue;
        }
        char token[64];
        size_t len = 0;
        const char *start = p;
        while (start > talk->text && (isalnum((unsigned char)start[-1]) || start[-1] == '-'))
            start--;
        while (len + 1 < sizeof token && (isalnum((unsigned char)start[len]) || start[len] == '-')) {
            token[len] = start[len];
            len++;
        }
        token[len] = '\0';
        p = start + len;
        char *stopped;
        int number = (int)strtol(token, &stopped, 10);
        bool plain = stopped > token;
        bool spelled = talk->state.voice == VOICE_SPOKEN && len == 1; /* "8 4 5, 1 2": checked below */
        if (spelled || strstr(allowed->texts, token) != NULL ||
            (plain && (is_day_number(allowed, number) || is_clock_number(allowed, number) ||
                       is_difference(allowed, number) || is_hours(allowed, talk, number))))
            continue;
        fail_msg("\"%s\" in \"%s\" (to \"%s\") is no fact of the order", token, talk->text, utterance);
    }
}

/* Invented names of the test's own making cannot occur in any phrase: one in a reply must be a fact of this
 * order. */
static void check_names(const struct talk *talk, const struct allowed *allowed, int tier) {
    const char *const *const lists[] = {carriers, places, titles, names};
    for (size_t l = 0; l < sizeof lists / sizeof *lists; l++)
        for (int i = 0; i < 3; i++) {
            const char *word = lists[l][i];
            if (strstr(talk->text, word) == NULL)
                continue;
            if (strstr(allowed->texts, word) == NULL)
                fail_msg("%s in \"%s\" is not of this order", word, talk->text);
            if (tier < 2 && (lists[l] == titles || lists[l] == names))
                fail_msg("%s is told to a half-proved customer: \"%s\"", word, talk->text);
        }
}

static const char *const weekdays[2][8] = {
    {"", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"},
    {"", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
};

static void check_weekdays(const struct talk *talk, const struct allowed *allowed, int language) {
    for (int weekday = 1; weekday <= 7; weekday++) {
        bool known = false;
        for (int i = 0; i < allowed->moment_count; i++)
            known = known || calendar_weekday(zone_moment_day(allowed->zone, allowed->moments[i])) == weekday;
        if (!known && strstr(talk->text, weekdays[language][weekday]) != NULL)
            fail_msg("%s in \"%s\" is no day of the order", weekdays[language][weekday], talk->text);
    }
}

static const char *const months[2][13] = {
    {"", "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
     "novembre", "décembre"},
    {"", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
     "November", "December"},
};

static bool is_date(const struct allowed *allowed, int day, int month) {
    for (int i = 0; i < allowed->moment_count; i++) {
        int year, its_month, its_day;
        calendar_split(zone_moment_day(allowed->zone, allowed->moments[i]), &year, &its_month, &its_day);
        if (day == its_day && month == its_month)
            return true;
    }
    return false;
}

/* A day and month as they are written and said: "12 mars", "douze mars", "12 March", "twelfth of March". */
static void date_words(int language, bool spoken, int day, int month, char out[DATE_WORDS]) {
    UErrorCode status = U_ZERO_ERROR;
    UChar wide[64];
    char number[64];
    snprintf(number, sizeof number, "%d", day);
    if (spoken && language == 0 && day == 1)
        snprintf(number, sizeof number, "premier");
    else if (spoken) {
        UNumberFormat *format = unum_open(UNUM_SPELLOUT, NULL, 0, language == 0 ? "fr" : "en", NULL, &status);
        UChar rules[32];
        if (language == 1)
            unum_setTextAttribute(format, UNUM_DEFAULT_RULESET, u_uastrcpy(rules, "%spellout-ordinal"), -1,
                                  &status);
        unum_format(format, day, wide, 64, NULL, &status);
        u_strToUTF8(number, sizeof number, NULL, wide, -1, &status);
        unum_close(format);
    }
    assert_true(U_SUCCESS(status));
    snprintf(out, DATE_WORDS, "%s %s%s", number, spoken && language == 1 ? "of " : "",
             months[language][month]);
}

static bool stands_alone(const char *text, const char *at) {
    return at == text || !(isalnum((unsigned char)at[-1]) || at[-1] == '-' || (unsigned char)at[-1] >= 0x80);
}

static void check_dates(const struct talk *talk, const struct allowed *allowed, int language) {
    static char words[2][2][32][13][DATE_WORDS]; /* language, spoken, day, month: made once */
    bool spoken = talk->state.voice == VOICE_SPOKEN;
    for (int month = 1; month <= 12; month++)
        for (int day = 1; day <= 31; day++) {
            char *date = words[language][spoken][day][month];
            if (date[0] == '\0')
                date_words(language, spoken, day, month, date);
            for (const char *at = strstr(talk->text, date); at != NULL; at = strstr(at + 1, date))
                if (stands_alone(talk->text, at) && !is_date(allowed, day, month))
                    fail_msg("%s in \"%s\" is no day of the order", date, talk->text);
        }
}

/* Whatever was said must also stand among the facts of the note, each with a source. */
static void check_note(const struct talk *talk) {
    struct error err;
    json_t *facts = json_read(talk->facts, strlen(talk->facts), &json_file_limits, "facts", &err);
    if (facts == NULL)
        fail_msg("%s", err.text);
    size_t i;
    json_t *fact;
    json_array_foreach(facts, i, fact)
        assert_false(text_empty(json_string_value(json_object_get(fact, "source"))));
    if (strstr(talk->phrase, "status.in_transit_late") != NULL)
        assert_true(json_array_size(facts) > 0);
    json_decref(facts);
}

static void every_date_number_and_name_is_a_fact_of_the_order(void **unused) {
    (void)unused;
    struct talk talk;
    talk_open(&talk, "fr", "2026-03-11T09:00:00+01:00");
    int told = 0, dated = 0;
    for (int round = 0; round < ROUNDS; round++) {
        int language = round % 2, second = (int)chance(2);
        enum voice voice = maybe() ? VOICE_SPOKEN : VOICE_WRITTEN;
        struct order order;
        struct parcel parcels[3];
        struct line lines[3];
        struct checkpoint checkpoints[3][2];
        random_order(&talk, &order, parcels, lines, checkpoints);
        talk.orders[0] = &order;
        talk.order_count = 1;
        talk_begin(&talk, language == 0 ? "fr" : "en", voice);
        TEXT_SET(talk.state.claims.numbers[0], order.key);
        TEXT_SET(talk.state.claims.email, order.email);
        if (second)
            TEXT_SET(talk.state.claims.postcode, "69003");
        struct allowed allowed;
        allow(&allowed, &talk, &order);
        for (int question = 0; question < QUESTIONS; question++) {
            const char *utterance = utterances[language][chance(14)];
            talk_say(&talk, utterance);
            if (talk.text[0] == '\0')
                fail_msg("no reply to \"%s\"", utterance);
            told += talk.look_ups > 0;
            check_digits(&talk, &allowed, utterance);
            check_names(&talk, &allowed, second ? 2 : 1);
            check_weekdays(&talk, &allowed, language);
            check_dates(&talk, &allowed, language);
            dated += strstr(talk.text, months[language][3]) != NULL;
            check_note(&talk);
        }
    }
    assert_true(dated > ROUNDS / 2);
    assert_true(told > ROUNDS); /* the orders were really talked about */
    talk_close(&talk);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_date_number_and_name_is_a_fact_of_the_order)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
