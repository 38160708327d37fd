/* What holds in every call, whatever happens in it: callers who say, key, interrupt and fall silent at
 * random, over two orders, in two languages. */
#include "base/text.h"
#include "tests/claims.h"
#include "tests/dialogue/talk.h"
#include <string.h>

enum { CALLS = 1500, EVENTS = 14, LONGEST = 280 };

static uint64_t seed = 20260311;

static unsigned chance(unsigned of) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(seed >> 33) % of;
}

static const char *const words[2][16] = {
    {"où est mon colis", "commande quatre deux un zéro", "soixante neuf mille trois", "non", "oui", "bla bla",
     "je veux être remboursé", "répétez s'il vous plaît", "moins vite", "attendez", "au revoir",
     "le facteur peut le laisser chez le voisin", "la deuxième", "quand arrive-t-il", "non, deux un",
     "merci"},
    {"where is my parcel", "order four two one zero", "six nine zero zero three", "no", "yes", "blah blah",
     "I want my money back", "what was that", "slower please", "hold on", "goodbye",
     "can they leave it next door", "the second one", "when will it come", "no, two one", "thanks"},
};
static const char *const keys[] = {"1", "2", "0", "#", "*", "4210#", "69003#", "7", "42", "0612345678#"};

static struct order orders[2];
static struct parcel parcels[2];

static void two_orders(struct talk *talk) {
    for (int i = 0; i < 2; i++) {
        talk_order(&orders[i], i ? "4211" : "4210");
        orders[i].state = STATUS_IN_TRANSIT;
        talk_parcel(&parcels[i], "Zephyrpost");
        orders[i].promise.to = at(i ? "2026-03-12" : "2026-03-10");
        orders[i].parcels = &parcels[i];
        orders[i].parcel_count = 1;
        talk->orders[i] = &orders[i];
    }
    talk->order_count = 2;
}

static struct event random_event(struct talk *talk, int language) {
    switch (chance(10)) {
    case 0:
    case 1:
        return (struct event){
            .kind = EVENT_KEYS, .text = keys[chance(sizeof keys / sizeof *keys)], .whole = chance(3) == 0};
    case 2:
        return (struct event){.kind = EVENT_SILENCE};
    case 3:
        return (struct event){
            .kind = EVENT_INTERRUPTED,
            .text = chance(2) ? ""
                              : arena_format(&talk->arena, "%.*s", (int)chance(40), talk->state.call.spoken)};
    case 4:
        if (talk->state.wake_ms > talk->now_ms)
            talk->now_ms = talk->state.wake_ms;
        return (struct event){.kind = EVENT_TIMER};
    case 5:
        return (struct event){.kind = EVENT_HELLO, .locale = "", .caller = "+33612345678", .resumed = true};
    default:
        return (struct event){.kind = EVENT_SAID,
                              .text = words[language][chance(16)],
                              .confidence = chance(3) ? 0 : (double)chance(11) / 10};
    }
}

/* Turns, then exactly one of listen, transfer and end; nothing at all where nothing was said. */
static bool closes(const struct talk *talk) {
    int closing = 0, said = 0;
    for (int i = talk->step_count > 4 ? talk->step_count - 4 : 0; i < talk->step_count; i++) {
        const struct effects *effects = &talk->effects[i % 4];
        for (int e = 0; e < effects->count; e++) {
            enum effect_kind kind = effects->list[e].kind;
            bool last = kind == EFFECT_LISTEN || kind == EFFECT_TRANSFER || kind == EFFECT_END;
            said += kind == EFFECT_SAY;
            closing += last;
            if (last && i + 1 < talk->step_count)
                return false;
        }
    }
    return closing <= 1 && (said == 0 || closing == 1);
}

static bool hands_over(const struct talk *talk, enum effect_kind kind) {
    const struct effects *effects = &talk->effects[(talk->step_count - 1) % 4];
    for (int e = 0; e < effects->count; e++)
        if (effects->list[e].kind == kind)
            return true;
    return false;
}

static bool ends_clearly(const char *text) {
    size_t len = strlen(text);
    return len == 0 || strchr(".?!", text[len - 1]) != NULL;
}

static void
whatever_happens_the_caller_knows_what_comes_next_and_nothing_is_told_without_proof(void **unused) {
    (void)unused;
    struct talk talk;
    int told = 0, transferred = 0, ended = 0;
    talk_open(&talk, "fr", "2026-03-11T09:00:00+01:00");
    two_orders(&talk);
    for (int round = 0; round < CALLS; round++) {
        int language = round % 2;
        talk.now_ms = at("2026-03-11T09:00:00+01:00").ms;
        talk.shop.always_open = chance(3) != 0;
        talk_begin(&talk, language ? "en" : "fr", VOICE_SPOKEN);
        talk_event(&talk, &(struct event){.kind = EVENT_HELLO,
                                          .locale = language ? "en" : "fr",
                                          .caller = chance(2) ? "+33612345678" : NULL});
        for (int i = 0; i < EVENTS; i++) {
            talk.now_ms += 200 + chance(9000);
            struct event event = random_event(&talk, language);
            talk_restart(&talk);
            talk_event(&talk, &event);
            if (!closes(&talk) || !ends_clearly(talk.text))
                fail_msg("call %d: \"%s\" (%s) has no clear end", round, talk.text, talk.phrase);
            if (text_length(talk.text) > LONGEST)
                fail_msg("%zu characters: \"%s\" (%s)", text_length(talk.text), talk.text, talk.phrase);
            if (strstr(talk.text, "Zephyrpost") != NULL && talk.state.orders[0][0] == '\0')
                fail_msg("\"%s\" without proof", talk.text);
            if (strpbrk(talk.text, "&<>*#_/@") != NULL || strstr(talk.text, "http") != NULL)
                fail_msg("\"%s\" cannot be spoken", talk.text);
            if (talk.state.wake_ms != 0 && talk.state.wake_ms < talk.now_ms &&
                talk.state.call.keys[0] == '\0' && event.kind == EVENT_TIMER)
                fail_msg("call %d wakes for ever", round);
            told += strstr(talk.text, "Zephyrpost") != NULL;
            if (hands_over(&talk, EFFECT_TRANSFER)) {
                transferred++;
                assert_true(hands_over(&talk, EFFECT_HAND_OFF));
                assert_true(talk.say->firm);
                break;
            }
            if (hands_over(&talk, EFFECT_END)) {
                ended++;
                break;
            }
        }
    }
    assert_true(told > CALLS / 20);
    assert_true(transferred > CALLS / 20);
    assert_true(ended > CALLS / 20);
    talk_close(&talk);
}

static void a_person_who_takes_the_case_does_not_silence_the_call(void **unused) {
    (void)unused;
    struct talk talk;
    talk_open(&talk, "en", "2026-03-11T20:00:00+01:00");
    two_orders(&talk);
    talk.shop.always_open = false;
    talk_begin(&talk, "en", VOICE_SPOKEN);
    talk_event(&talk, &(struct event){.kind = EVENT_HELLO, .locale = "en"});
    talk_say(&talk, "I want my money back");
    talk_event(&talk, &(struct event){.kind = EVENT_AGENT, .text = "take", .agent = "Alex"});
    assert_string_equal(talk.text, "");
    assert_int_equal(talk.hand_off->change, HAND_OFF_TAKE);
    talk_say(&talk, "and where is my parcel");
    assert_true(talk_said(&talk, "ask.number"));
    talk_close(&talk);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_person_who_takes_the_case_does_not_silence_the_call),
        cmocka_unit_test(
            whatever_happens_the_caller_knows_what_comes_next_and_nothing_is_told_without_proof)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
