/* What the brain does in a conversation, with the catalogues that are shipped. Today is Wednesday 11 March
 * 2026, nine in the morning. */
#include "base/text.h"
#include "tests/claims.h"
#include "tests/dialogue/talk.h"
#include "tests/signed.h"
#include <stdio.h>
#include <string.h>

static struct talk talk;

static int open_talk(void **unused) {
    (void)unused;
    talk_open(&talk, "fr", "2026-03-11T09:00:00+01:00");
    return 0;
}

static int close_talk(void **unused) {
    (void)unused;
    talk_close(&talk);
    return 0;
}

#define SAYS(text, words)                                                                                    \
    do {                                                                                                     \
        if (strstr((text), (words)) == NULL)                                                                 \
            fail_msg("\"%s\" does not say \"%s\" (%s)", (text), (words), talk.phrase);                       \
    } while (0)
#define HUSH(text, words)                                                                                    \
    do {                                                                                                     \
        if (strstr((text), (words)) != NULL)                                                                 \
            fail_msg("\"%s\" says \"%s\" (%s)", (text), (words), talk.phrase);                               \
    } while (0)
#define PHRASE(name)                                                                                         \
    do {                                                                                                     \
        if (!talk_said(&talk, (name)))                                                                       \
            fail_msg("expected %s, got %s: \"%s\"", (name), talk.phrase, talk.text);                         \
    } while (0)

/* The order of most claims: late by two days with Colissimo. */
static struct parcel parcel;
static struct order order;
static struct line lines[2];

static void late_order(void) {
    talk_order(&order, "FR-84512");
    order.state = STATUS_IN_TRANSIT;
    order.promise.to = at("2026-03-10");
    talk_parcel(&parcel, "Colissimo");
    parcel.tracking_number = "6A44719823305";
    parcel.tracking_url = "https://suivi.example/6A";
    lines[0] = (struct line){.sku = "L", .title = "Matelas", .quantity = 1, .parcel = 0};
    lines[1] = (struct line){.sku = "M", .title = "Sommier", .quantity = 1, .parcel = 0};
    order.parcels = &parcel;
    order.parcel_count = 1;
    order.lines = lines;
    order.line_count = 2;
    talk.orders[0] = &order;
    talk.order_count = 1;
    talk.store_fails = false;
    talk.shop.always_open = true;
    memset(talk.shop.hours, 0, sizeof talk.shop.hours);
    talk_begin(&talk, "fr", VOICE_WRITTEN);
}

static void proved(const char *first) {
    late_order();
    talk_say(&talk, "commande FR-84512, 69003");
    if (first != NULL)
        talk_say(&talk, first);
}

static void the_first_reply_says_that_a_machine_answers_and_the_next_does_not(void **unused) {
    (void)unused;
    late_order();
    talk_say(&talk, "bonjour");
    PHRASE("disclose");
    SAYS(talk.text, "Maison Test");
    talk_say(&talk, "où est ma commande ?");
    assert_false(talk_said(&talk, "disclose"));
}

static void nothing_of_an_order_is_told_before_proof(void **unused) {
    (void)unused;
    late_order();
    talk_say(&talk, "où est ma commande FR-84512 ?");
    PHRASE("ask.proof");
    SAYS(talk.text, "84512");
    HUSH(talk.text, "Colissimo");
    HUSH(talk.text, "mars");
    assert_int_equal(talk.look_ups, 0);
}

static void number_and_postcode_in_one_message_are_enough(void **unused) {
    (void)unused;
    late_order();
    talk_say(&talk, "Bonjour, où est ma commande FR-84512 ? 69003");
    PHRASE("status.in_transit_late");
    SAYS(talk.text, "jeudi 12 mars");
    SAYS(talk.text, "10 mars");
    SAYS(talk.text, "Colissimo");
}

static void the_number_is_understood_without_its_prefix_and_with_spaces(void **unused) {
    (void)unused;
    static const char *const ways[] = {"84512 et 69003", "n° fr 84512, code postal 69003", "FR84512 69003",
                                       "#84512 - 69003"};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        late_order();
        talk_say(&talk, ways[i]);
        PHRASE("status.in_transit_late");
    }
}

static void a_tracking_number_serves_as_the_number(void **unused) {
    (void)unused;
    late_order();
    talk_say(&talk, "où en est 6A44719823305 ? mon mail c@example.fr");
    PHRASE("status.in_transit_late");
}

static void the_question_for_the_number_changes_its_words(void **unused) {
    (void)unused;
    char first[512];
    late_order();
    talk_say(&talk, "où est ma commande ?");
    TEXT_SET(first, talk.text);
    PHRASE("ask.number");
    talk_say(&talk, "je veux savoir où est ma commande");
    PHRASE("ask.number_again");
    assert_string_not_equal(first, talk.text);
    talk_say(&talk, "je ne retrouve pas mon numéro de commande");
    PHRASE("ask.number_help");
    talk_say(&talk, "84512");
    PHRASE("ask.proof");
    talk_say(&talk, "69003");
    PHRASE("status.in_transit_late");
}

static void a_wrong_proof_and_a_missing_order_sound_the_same(void **unused) {
    (void)unused;
    char wrong[512];
    late_order();
    talk_say(&talk, "commande FR-84512, mail x@example.org");
    PHRASE("proof.failed");
    TEXT_SET(wrong, talk.text);
    int wrong_look_ups = talk.look_ups;
    HUSH(wrong, "example.fr");
    talk_begin(&talk, "fr", VOICE_WRITTEN);
    talk_say(&talk, "commande FR-99999, mail x@example.org");
    assert_string_equal(talk.text, wrong);
    assert_int_equal(talk.look_ups, wrong_look_ups);
}

static void after_a_wrong_proof_the_right_one_opens(void **unused) {
    (void)unused;
    late_order();
    talk_say(&talk, "commande FR-84512, mail x@example.org");
    talk_say(&talk, "ah pardon, c'est c@example.fr");
    PHRASE("status.in_transit_late");
}

static void five_wrong_proofs_lock_and_bring_a_person(void **unused) {
    (void)unused;
    static const char *const tries[] = {"a@example.org", "b@example.org", "d@example.org", "e@example.org",
                                        "f@example.org"};
    late_order();
    talk_say(&talk, "où est la commande FR-84512 ?");
    for (int i = 0; i < 5; i++)
        talk_say(&talk, tries[i]);
    PHRASE("proof.locked");
    assert_non_null(talk.hand_off);
    assert_string_equal(talk.hand_off->reason, "locked");
    talk_say(&talk, "c@example.fr");
    HUSH(talk.text, "Colissimo");
    talk_say(&talk, "où est ma commande FR-84512, 69003 ?");
    HUSH(talk.text, "Colissimo");
    assert_int_equal(talk.look_ups, 0);
}

static void what_is_malformed_or_said_twice_is_no_try(void **unused) {
    (void)unused;
    late_order();
    talk_say(&talk, "où est la commande FR-84512 ?");
    talk_say(&talk, "x@example.org");
    for (int i = 0; i < 3; i++)
        talk_say(&talk, "x@example.org");
    talk_say(&talk, "c@example");
    assert_int_equal(talk.state.wrong_proofs, 1);
}

static void e_mail_first_then_postcode(void **unused) {
    (void)unused;
    late_order();
    talk_say(&talk, "où en est ma commande, mon mail c@example.fr");
    PHRASE("ask.proof_for_email");
    talk_say(&talk, "69003");
    PHRASE("status.in_transit_late");
}

static struct order second;

static void two_orders(void) {
    late_order();
    talk_order(&second, "FR-20957");
    second.placed_at = at("2026-03-10T11:00:00+01:00");
    second.state = STATUS_PREPARING;
    second.dispatch_by = at("2026-03-13");
    second.promise.to = at("2026-03-17");
    talk.orders[0] = &second; /* newest first */
    talk.orders[1] = &order;
    talk.order_count = 2;
}

static void of_several_orders_each_is_named_and_can_be_chosen(void **unused) {
    (void)unused;
    static const struct {
        const char *answer, *number;
    } choices[] = {{"la première", "20957"}, {"la deuxième", "84512"}, {"celle du 3 mars", "84512"},
                   {"la 20957", "20957"},    {"FR-84512", "84512"},    {"celle d'hier", "20957"}};
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        two_orders();
        talk_say(&talk, "où est ma commande ? c@example.fr 69003");
        PHRASE("which.order");
        SAYS(talk.text, "84512");
        SAYS(talk.text, "20957");
        talk_say(&talk, choices[i].answer);
        if (strstr(talk.text, choices[i].number) == NULL)
            fail_msg("\"%s\": \"%s\" (%s)", choices[i].answer, talk.text, talk.phrase);
        assert_null(strstr(talk.phrase, "which"));
    }
}

static void the_other_one_and_both_are_understood(void **unused) {
    (void)unused;
    two_orders();
    talk_say(&talk, "où est ma commande ? c@example.fr 69003");
    talk_say(&talk, "la 84512");
    talk_say(&talk, "et l'autre ?");
    PHRASE("status.preparing");
    SAYS(talk.text, "17 mars");
    two_orders();
    talk_say(&talk, "où est ma commande ? c@example.fr 69003");
    talk_say(&talk, "les deux");
    PHRASE("status.preparing");
    PHRASE("status.in_transit_late");
}

static void the_only_open_order_needs_no_question(void **unused) {
    (void)unused;
    two_orders();
    parcel.status = order.state = STATUS_DELIVERED;
    parcel.status_at = at("2026-02-20T12:00:00+01:00");
    talk_say(&talk, "où est ma commande ? c@example.fr 69003");
    PHRASE("status.preparing");
}

static void articles_need_a_second_factor(void **unused) {
    (void)unused;
    proved(NULL);
    HUSH(talk.text, "Matelas");
    talk_say(&talk, "quels articles sont dans ce colis ?");
    PHRASE("ask.second_factor");
    HUSH(talk.text, "Matelas");
    talk_say(&talk, "c@example.fr");
    PHRASE("aspect.items");
    SAYS(talk.text, "Matelas");
    SAYS(talk.text, "Sommier");
}

static void a_wrong_second_factor_counts_and_keeps_the_first_tier(void **unused) {
    (void)unused;
    proved("quels articles sont dans ce colis ?");
    talk_say(&talk, "x@example.org");
    assert_int_equal(talk.state.wrong_proofs, 1);
    HUSH(talk.text, "Matelas");
    talk_say(&talk, "et quand arrive-t-il ?");
    SAYS(talk.text, "12 mars");
}

static bool noted(const char *kind) {
    for (int step = 0; step < talk.step_count && step < 4; step++)
        for (int i = 0; i < talk.effects[step].count; i++)
            if (talk.effects[step].list[i].kind == EFFECT_NOTE &&
                text_is(talk.effects[step].list[i].note.kind, kind))
                return true;
    return false;
}

/* The last that a note of the last call names. */
static const char *customer(void) {
    const char *last = "";
    for (int step = 0; step < talk.step_count && step < 4; step++)
        for (int i = 0; i < talk.effects[step].count; i++)
            if (talk.effects[step].list[i].kind == EFFECT_NOTE && talk.effects[step].list[i].note.customer[0])
                last = talk.effects[step].list[i].note.customer;
    return last;
}

static void an_address_that_is_not_the_orders_names_no_customer(void **unused) {
    (void)unused;
    late_order();
    talk_say(&talk, "commande FR-84512, 69003, someone.else@example.com");
    PHRASE("status.in_transit_late");
    assert_string_equal(customer(), "");
    talk_say(&talk, "mon adresse est someone.else@example.com");
    assert_string_equal(customer(), "");
    late_order();
    talk_say(&talk, "commande FR-84512, c@example.fr");
    PHRASE("status.in_transit_late");
    assert_string_equal(customer(), order.email);
}

static void guess(const char *with, int from, int count) {
    for (int i = from; i < from + count; i++) {
        char text[128];
        snprintf(text, sizeof text, "%s mon téléphone finit par %04d", with, i * 1111);
        talk_say(&talk, text);
        HUSH(talk.text, "Matelas");
    }
}

static void each_guess_at_the_second_factor_counts_whatever_stands_beside_it(void **unused) {
    (void)unused;
    static const char *const beside[] = {"", "où est mon colis ?", "quels articles sont dans ce colis ?",
                                         "je veux un remboursement,"};
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
        proved(NULL);
        guess(beside[i], 1, 4);
        if (talk.state.wrong_proofs != 4)
            fail_msg("%s: %d wrong proofs", beside[i], talk.state.wrong_proofs);
        if (!noted("proof_failed"))
            fail_msg("%s: a wrong proof is not noted", beside[i]);
        guess(beside[i], 5, 1);
        PHRASE("proof.locked");
    }
}

static void what_is_locked_is_not_opened_further(void **unused) {
    (void)unused;
    proved(NULL);
    guess("", 1, 5);
    talk_say(&talk, "où est mon colis ? mon téléphone finit par 5678");
    talk_say(&talk, "mon mail est c@example.fr");
    talk_say(&talk, "quels articles sont dans ce colis ?");
    PHRASE("handoff.waiting_locked");
    HUSH(talk.text, "Matelas");
}

static void a_factor_that_was_said_in_passing_is_weighed_with_the_next_question(void **unused) {
    (void)unused;
    proved("merci, mon mail est c@example.fr");
    talk_say(&talk, "quels articles sont dans ce colis ?");
    SAYS(talk.text, "Matelas");
    proved("merci, mon mail est x@example.org");
    talk_say(&talk, "quels articles sont dans ce colis ?");
    PHRASE("ask.second_factor");
    assert_int_equal(talk.state.wrong_proofs, 1);
}

static void where_it_was_left_is_second_tier(void **unused) {
    (void)unused;
    late_order();
    order.state = parcel.status = STATUS_DELIVERED;
    parcel.status_at = at("2026-03-10T14:02:00+01:00");
    parcel.proof = (struct proof_of_delivery){
        .at = at("2026-03-10T14:02:00+01:00"), .where = "neighbour", .to = "Mme Zorb"};
    talk_say(&talk, "commande 84512, 69003");
    PHRASE("status.delivered");
    SAYS(talk.text, "14");
    HUSH(talk.text, "Zorb");
    talk_say(&talk, "qui a signé ?");
    HUSH(talk.text, "Zorb");
    talk_say(&talk, "c@example.fr");
    SAYS(talk.text, "Zorb");
}

static void delivered_but_not_received_leads_to_an_inquiry(void **unused) {
    (void)unused;
    late_order();
    order.state = parcel.status = STATUS_DELIVERED;
    parcel.status_at = at("2026-03-10T14:02:00+01:00");
    parcel.proof =
        (struct proof_of_delivery){.at = at("2026-03-10T14:02:00+01:00"), .where = "letterbox", .to = ""};
    talk_say(&talk, "c'est marqué livré mais je n'ai rien reçu, commande 84512, 69003");
    PHRASE("not_received.check");
    assert_null(talk.hand_off);
    talk_say(&talk, "j'ai déjà demandé à tous les voisins");
    PHRASE("not_received.inquiry");
    SAYS(talk.text, "13 mars"); /* two working days on */
    assert_non_null(talk.hand_off);
    assert_string_equal(talk.hand_off->reason, "not_received");
    assert_string_equal(talk.hand_off->order, "FR-84512");
}

static void a_late_order_comes_with_a_sorry_and_the_offer_of_a_person(void **unused) {
    (void)unused;
    proved(NULL);
    PHRASE("offer.person");
    assert_null(talk.hand_off);
    talk_say(&talk, "oui");
    assert_non_null(talk.hand_off);
    assert_string_equal(talk.hand_off->reason, "late");
    assert_string_equal(talk.hand_off->order, "FR-84512");
    SAYS(talk.hand_off->summary, "\"orders\":[\"FR-84512\"]");
    proved("non merci");
    assert_null(talk.hand_off);
}

static void a_mixed_message_gets_tracking_first_then_the_hand_off(void **unused) {
    (void)unused;
    late_order();
    talk_say(&talk, "où est ma commande 84512 (69003), et je veux un remboursement pour l'autre article");
    PHRASE("status.in_transit_late");
    PHRASE("handoff.open");
    assert_true(strstr(talk.phrase, "status.") < strstr(talk.phrase, "handoff."));
    assert_string_equal(talk.hand_off->reason, "human.refund");
}

static void what_is_not_tracking_goes_to_a_person(void **unused) {
    (void)unused;
    late_order();
    talk_say(&talk, "je veux être remboursé");
    PHRASE("handoff.open");
    assert_string_equal(talk.hand_off->queue, "returns");
    assert_string_equal(talk.hand_off->locale, "fr");
    talk_say(&talk, "et où est ma commande 84512, 69003 ?");
    PHRASE("status.in_transit_late");
    assert_null(talk.hand_off);
    talk_say(&talk, "je veux aussi une facture");
    PHRASE("handoff.added");
    assert_int_equal(talk.hand_off->change, HAND_OFF_ADD);
    talk_say(&talk, "vous avez bien transmis ?");
    PHRASE("handoff.confirm");
}

static void who_asks_for_a_person_gets_one(void **unused) {
    (void)unused;
    late_order();
    talk_say(&talk, "je veux parler à un conseiller");
    assert_non_null(talk.hand_off);
    assert_string_equal(talk.hand_off->reason, "human.person");
}

static void a_hand_off_can_be_taken_back(void **unused) {
    (void)unused;
    proved("je veux changer les instructions de livraison");
    assert_non_null(talk.hand_off);
    talk_say(&talk, "non laissez tomber, oubliez");
    PHRASE("handoff.withdrawn");
    assert_int_equal(talk.hand_off->change, HAND_OFF_WITHDRAW);
    SAYS(talk.text, "12 mars");
}

static void outside_hours_a_contact_is_taken(void **unused) {
    (void)unused;
    late_order();
    talk.shop.always_open = false;
    talk.shop.hours[4] = (struct hours){9 * 60, 18 * 60};
    talk_say(&talk, "je veux parler à quelqu'un");
    PHRASE("handoff.contact_ask");
    SAYS(talk.text, "12 mars");
    talk_say(&talk, "mon mail est z@example.fr");
    PHRASE("handoff.contact_taken");
    assert_int_equal(talk.hand_off->change, HAND_OFF_CONTACT);
    assert_string_equal(talk.hand_off->contact, "z@example.fr");
}

static void a_long_message_reaches_the_person_whole(void **unused) {
    (void)unused;
    char text[1400 * 3 + 1] = "";
    for (int i = 0; i < 1400; i++)
        memcpy(text + i * 3, "€", 4);
    late_order();
    talk_begin(&talk, "fr", VOICE_SPOKEN);
    talk.state.handling = HANDLING_WAITING;
    talk.state.expect = EXPECT_MESSAGE;
    talk_say(&talk, text);
    PHRASE("call.message_taken");
    SAYS(talk.hand_off->summary, text);
    assert_int_equal(talk.hand_off->summary[strlen(talk.hand_off->summary) - 1], '}');
}

static void the_bot_is_silent_while_a_person_is_there(void **unused) {
    (void)unused;
    proved("je veux parler à un conseiller");
    talk_event(&talk, &(struct event){.kind = EVENT_AGENT, .text = "take", .agent = "Nadia"});
    PHRASE("handoff.taken");
    talk_say(&talk, "où est ma commande ?");
    assert_string_equal(talk.text, "");
    talk_event(&talk, &(struct event){.kind = EVENT_AGENT, .text = "return", .agent = "Nadia"});
    PHRASE("handoff.returned");
    talk_say(&talk, "où est ma commande ?");
    PHRASE("status.in_transit_late");
}

static void a_change_of_language_is_followed_and_one_word_is_not_one(void **unused) {
    (void)unused;
    late_order();
    talk_say(&talk, "Hello, where is my order 84512? My postcode is 69003");
    SAYS(talk.text, "12 March");
    talk_say(&talk, "merci");
    assert_string_equal(talk.state.locale, "en");
    talk_say(&talk, "on peut continuer en français s'il vous plaît ?");
    assert_string_equal(talk.state.locale, "fr");
    talk_say(&talk, "ok thx");
    assert_string_equal(talk.state.locale, "fr");
}

static void a_page_in_a_language_nobody_speaks_is_answered_in_the_shops(void **unused) {
    (void)unused;
    talk_begin(&talk, "zh-TW", VOICE_WRITTEN);
    talk_event(&talk, &(struct event){.kind = EVENT_HELLO, .locale = "zh-TW"});
    assert_string_equal(talk.state.locale, talk.shop.locale);
    talk_event(&talk, &(struct event){.kind = EVENT_HELLO, .locale = "en-GB"});
    assert_string_equal(talk.state.locale, "en-GB");
}

static void asked_twice_it_does_not_repeat_itself(void **unused) {
    (void)unused;
    char first[1024];
    proved(NULL);
    TEXT_SET(first, talk.text);
    talk_say(&talk, "où est ma commande ?");
    assert_string_not_equal(talk.text, first);
    PHRASE("again.nothing_new");
    SAYS(talk.text, "12 mars");
    TEXT_SET(first, talk.text);
    talk_say(&talk, "où est ma commande ?");
    assert_string_not_equal(talk.text, first);
}

static void follow_ups_keep_their_order(void **unused) {
    (void)unused;
    proved("quel transporteur ?");
    PHRASE("aspect.carrier");
    talk_say(&talk, "je peux avoir le lien ?");
    SAYS(talk.text, "https://suivi.example/6A");
    talk_say(&talk, "et quand ?");
    SAYS(talk.text, "12 mars");
    talk_say(&talk, "c'est sûr ?");
    PHRASE("aspect.certain");
    talk_say(&talk, "à quelle heure ?");
    PHRASE("aspect.window_none");
}

static void a_named_day_is_answered_yes_no_or_at_risk(void **unused) {
    (void)unused;
    proved("est-ce que ce sera là avant samedi ?");
    PHRASE("deadline.yes");
    SAYS(talk.text, "samedi 14 mars");
    talk_say(&talk, "et pour jeudi ?");
    PHRASE("deadline.same_day");
    parcel.estimate.to = at("2026-03-16");
    talk_say(&talk, "ça arrivera avant samedi ?");
    PHRASE("deadline.no");
    parcel.estimate = (struct due){0};
    talk_say(&talk, "ça arrivera avant samedi ?");
    PHRASE("deadline.unknown");
}

static void not_understood_ends_with_a_person(void **unused) {
    (void)unused;
    late_order();
    talk_say(&talk, "blorf zik");
    PHRASE("clarify.first");
    SAYS(talk.say->parts, "{\"kind\":\"choices\",");
    talk_say(&talk, "grumpf");
    PHRASE("clarify.second");
    talk_say(&talk, "zzz wub");
    PHRASE("handoff.not_understood");
    assert_string_equal(talk.hand_off->reason, "not_understood");
}

static void buttons_work_like_words(void **unused) {
    (void)unused;
    two_orders();
    talk_say(&talk, "où est ma commande ? c@example.fr 69003");
    talk_choose(&talk, "order:FR84512");
    PHRASE("status.in_transit_late");
    talk_choose(&talk, "yes");
    assert_string_equal(talk.hand_off->reason, "late");
    late_order();
    talk_say(&talk, "blorf zik");
    talk_choose(&talk, "track");
    PHRASE("ask.number");
    talk_choose(&talk, "person");
    assert_string_equal(talk.hand_off->reason, "human.person");
    talk_choose(&talk, "order:OTHER"); /* not proved: tells nothing */
    HUSH(talk.text, "Colissimo");
}

static void a_signed_token_needs_no_typing(void **unused) {
    (void)unused;
    late_order();
    TEXT_SET(talk.state.token.numbers[0], "FR84512");
    talk_say(&talk, "où est ma commande ?");
    PHRASE("status.in_transit_late");
    talk_say(&talk, "quels articles sont dedans ?");
    SAYS(talk.text, "Matelas");
}

static void hello(const char *number, enum greeting greeting) {
    char text[TOKEN_MAX];
    talk.shop.keys[0] = (struct signing_key){"2026a", "0123456789abcdef0123456789abcdef"};
    signed_token(text, &talk.shop, "", number, talk.now_ms + 60000);
    talk_event(&talk, &(struct event){.kind = EVENT_HELLO, .token = text, .greeting = greeting});
}

static void a_link_that_names_an_order_opens_on_it_once(void **unused) {
    (void)unused;
    two_orders();
    hello("FR20957", GREETING_LATER);
    assert_string_equal(talk.text, "");
    memset(&talk.state.token, 0, sizeof talk.state.token);
    hello("FR84512", GREETING_OURS);
    PHRASE("disclose");
    assert_string_equal(talk.state.focus, "FR84512");
    hello("FR84512", GREETING_OURS);
    assert_string_equal(talk.text, "");
    hello("FR20957", GREETING_OURS);
    assert_string_equal(talk.state.focus, "FR20957");
    assert_string_not_equal(talk.text, "");
    hello("FR99999", GREETING_OURS);
    HUSH(talk.text, "FR20957");
    talk.state.handling = HANDLING_HUMAN;
    hello("FR84512", GREETING_OURS);
    assert_string_equal(talk.text, "");
}

static void when_the_store_fails_nothing_is_made_up(void **unused) {
    (void)unused;
    late_order();
    talk.store_fails = true;
    talk_say(&talk, "commande 84512, 69003");
    PHRASE("store.failed");
    assert_int_equal(talk.state.wrong_proofs, 0);
    talk.store_fails = false;
    talk_say(&talk, "où est ma commande ?");
    PHRASE("status.in_transit_late");
}

static void cancelling_goes_to_a_person_with_what_the_data_allow(void **unused) {
    (void)unused;
    two_orders();
    second.cancellable = true;
    talk_say(&talk, "commande 20957, 69003");
    talk_say(&talk, "je veux annuler ma commande");
    PHRASE("action.cancel_possible");
    assert_string_equal(talk.hand_off->reason, "action.cancel");
    proved("je veux annuler ma commande");
    PHRASE("action.cancel_late");
}

static void two_parcels_are_told_one_by_one(void **unused) {
    (void)unused;
    struct parcel parcels[2];
    late_order();
    parcels[0] = parcel;
    parcels[0].status = STATUS_DELIVERED;
    parcels[0].status_at = at("2026-03-07T10:00:00+01:00");
    parcels[1] = parcel;
    lines[1].parcel = 1;
    order.parcels = parcels;
    order.parcel_count = 2;
    talk_say(&talk, "je n'ai reçu que la moitié de ma commande 84512, 69003");
    PHRASE("split.intro");
    PHRASE("status.delivered");
    PHRASE("status.in_transit_late");
    SAYS(talk.text, "7 mars");
    SAYS(talk.text, "12 mars");
    HUSH(talk.text, "Matelas");
    talk_say(&talk, "le numéro de suivi ?");
    SAYS(talk.text, "6A44719823305");
    talk_say(&talk, "et le reste ?");
    HUSH(talk.text, "7 mars");
}

static void the_shops_own_carriers_and_queues_are_used(void **unused) {
    (void)unused;
    static const struct carrier_link carriers[] = {{"colissimo", "https://page.example/{number}?lang=fr"},
                                                   {NULL, NULL}};
    static const struct queue_name queues[] = {{"returns", "retours-paris"}, {NULL, NULL}};
    proved(NULL);
    talk.shop.carriers = carriers;
    talk.shop.queues = queues;
    parcel.tracking_url = "";
    talk_say(&talk, "je peux avoir le lien ?");
    SAYS(talk.text, "https://page.example/6A44719823305?lang=fr");
    parcel.tracking_number = "6A<script>";
    talk_say(&talk, "le lien de suivi s'il vous plaît");
    PHRASE("aspect.link_none");
    talk_say(&talk, "je veux être remboursé");
    assert_string_equal(talk.hand_off->queue, "retours-paris");
    talk.shop.carriers = NULL;
    talk.shop.queues = NULL;
}

static void a_mixed_message_whose_proof_comes_later_gets_both(void **unused) {
    (void)unused;
    late_order();
    talk_say(&talk, "où est ma commande 84512 ? et je veux un remboursement pour l'autre article");
    PHRASE("ask.proof");
    assert_null(talk.hand_off);
    talk_say(&talk, "69003");
    PHRASE("status.in_transit_late");
    assert_string_equal(talk.hand_off->reason, "human.refund");
    assert_string_equal(talk.hand_off->order, "FR-84512");
}

static void an_offer_is_remembered_over_a_misunderstanding(void **unused) {
    (void)unused;
    proved("blorf zik");
    PHRASE("clarify.first");
    talk_say(&talk, "oui");
    assert_string_equal(talk.hand_off->reason, "late");
}

static void what_proved_one_order_and_does_not_fit_another_is_not_called_wrong(void **unused) {
    (void)unused;
    two_orders();
    second.postcode = "13005";
    second.email = "d@example.fr";
    talk_say(&talk, "commande 84512, 69003");
    talk_say(&talk, "et la commande 20957 ?");
    PHRASE("ask.proof");
    assert_int_equal(talk.state.wrong_proofs, 1); /* it counts all the same */
    talk_say(&talk, "13005");
    PHRASE("status.preparing");
}

static void a_wrong_second_factor_takes_nothing_away(void **unused) {
    (void)unused;
    proved("quels articles sont dans ce colis ?");
    talk_say(&talk, "75011"); /* overwrites the postcode that was right */
    talk_say(&talk, "c@example.fr");
    SAYS(talk.text, "Matelas");
}

static void a_person_gets_the_order_that_was_named_and_proved_with_the_wish(void **unused) {
    (void)unused;
    late_order();
    talk_say(&talk, "je veux parler à un conseiller, commande FR-84512, 69003");
    assert_string_equal(talk.hand_off->order, "FR-84512");
    HUSH(talk.phrase, "status.");
}

static void somebody_elses_parcel_is_met_kindly(void **unused) {
    (void)unused;
    late_order();
    talk_say(&talk, "c'est un cadeau, ce n'est pas moi qui ai commandé");
    PHRASE("social.not_mine");
}

static void small_talk_has_its_own_replies(void **unused) {
    (void)unused;
    static const struct {
        const char *text, *phrase;
    } cases[] = {{"bonjour", "social.greeting"},
                 {"merci beaucoup", "social.thanks"},
                 {"au revoir", "social.goodbye"},
                 {"vous êtes un robot ?", "social.robot"},
                 {"vous êtes nuls", "social.insult"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        late_order();
        talk_say(&talk, cases[i].text);
        PHRASE(cases[i].phrase);
        assert_null(talk.hand_off);
    }
}

/* Every situation has its own answer. */
static void every_state_has_its_own_words(void **unused) {
    (void)unused;
    static const struct {
        enum status order, parcel;
        const char *phrase;
        const char *hand_off;
    } cases[] = {
        {STATUS_PLACED, STATUS_UNKNOWN, "status.placed", NULL},
        {STATUS_CONFIRMED, STATUS_UNKNOWN, "status.confirmed", NULL},
        {STATUS_ON_HOLD, STATUS_UNKNOWN, "status.on_hold_payment", NULL},
        {STATUS_BACKORDER, STATUS_UNKNOWN, "status.backorder_no_date", NULL},
        {STATUS_PREPARING, STATUS_UNKNOWN, "status.preparing", NULL},
        {STATUS_CANCELLED, STATUS_UNKNOWN, "status.cancelled", NULL},
        {STATUS_INFO_RECEIVED, STATUS_INFO_RECEIVED, "status.info_received", NULL},
        {STATUS_IN_TRANSIT, STATUS_IN_TRANSIT, "status.in_transit", NULL},
        {STATUS_CUSTOMS, STATUS_CUSTOMS, "status.customs", NULL},
        {STATUS_OUT_FOR_DELIVERY, STATUS_OUT_FOR_DELIVERY, "status.out_for_delivery", NULL},
        {STATUS_ATTEMPT_FAILED, STATUS_ATTEMPT_FAILED, "status.attempt_failed", NULL},
        {STATUS_READY_FOR_PICKUP, STATUS_READY_FOR_PICKUP, "status.ready_for_pickup", NULL},
        {STATUS_DELIVERED, STATUS_DELIVERED, "status.delivered", NULL},
        {STATUS_EXCEPTION, STATUS_EXCEPTION, "status.exception", NULL},
        {STATUS_RETURNING, STATUS_RETURNING, "status.returning", NULL},
        {STATUS_RETURNED, STATUS_RETURNED, "status.returned", NULL},
        {STATUS_LOST, STATUS_LOST, "status.lost", "lost"},
        {STATUS_DAMAGED, STATUS_DAMAGED, "status.damaged", "damaged"},
        {STATUS_EXPIRED, STATUS_EXPIRED, "status.expired", "expired"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int language = 0; language < 2; language++) {
            late_order();
            talk_begin(&talk, language == 0 ? "fr" : "en", VOICE_WRITTEN);
            order.state = cases[i].order;
            parcel.status = cases[i].parcel;
            parcel.status_at = at("2026-03-11T08:00:00+01:00");
            parcel.pickup.name = "Tabac du Port";
            order.hold_reason = cases[i].order == STATUS_ON_HOLD ? "payment" : "";
            order.promise.to = at("2026-03-12");
            order.parcel_count = cases[i].parcel == STATUS_UNKNOWN ? 0 : 1;
            if (order.parcel_count == 0)
                order.line_count = 0;
            talk_say(&talk,
                     language == 0 ? "où est ma commande 84512, 69003" : "where is my order 84512, 69003");
            PHRASE(cases[i].phrase);
            if (cases[i].hand_off != NULL)
                assert_string_equal(talk.hand_off->reason, cases[i].hand_off);
            else
                assert_null(talk.hand_off);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_reply_says_that_a_machine_answers_and_the_next_does_not),
        cmocka_unit_test(nothing_of_an_order_is_told_before_proof),
        cmocka_unit_test(an_address_that_is_not_the_orders_names_no_customer),
        cmocka_unit_test(number_and_postcode_in_one_message_are_enough),
        cmocka_unit_test(the_number_is_understood_without_its_prefix_and_with_spaces),
        cmocka_unit_test(a_tracking_number_serves_as_the_number),
        cmocka_unit_test(the_question_for_the_number_changes_its_words),
        cmocka_unit_test(a_wrong_proof_and_a_missing_order_sound_the_same),
        cmocka_unit_test(after_a_wrong_proof_the_right_one_opens),
        cmocka_unit_test(five_wrong_proofs_lock_and_bring_a_person),
        cmocka_unit_test(what_is_malformed_or_said_twice_is_no_try),
        cmocka_unit_test(e_mail_first_then_postcode),
        cmocka_unit_test(of_several_orders_each_is_named_and_can_be_chosen),
        cmocka_unit_test(the_other_one_and_both_are_understood),
        cmocka_unit_test(the_only_open_order_needs_no_question),
        cmocka_unit_test(articles_need_a_second_factor),
        cmocka_unit_test(a_wrong_second_factor_counts_and_keeps_the_first_tier),
        cmocka_unit_test(each_guess_at_the_second_factor_counts_whatever_stands_beside_it),
        cmocka_unit_test(what_is_locked_is_not_opened_further),
        cmocka_unit_test(a_factor_that_was_said_in_passing_is_weighed_with_the_next_question),
        cmocka_unit_test(where_it_was_left_is_second_tier),
        cmocka_unit_test(delivered_but_not_received_leads_to_an_inquiry),
        cmocka_unit_test(a_late_order_comes_with_a_sorry_and_the_offer_of_a_person),
        cmocka_unit_test(a_mixed_message_gets_tracking_first_then_the_hand_off),
        cmocka_unit_test(what_is_not_tracking_goes_to_a_person),
        cmocka_unit_test(who_asks_for_a_person_gets_one),
        cmocka_unit_test(a_hand_off_can_be_taken_back),
        cmocka_unit_test(outside_hours_a_contact_is_taken),
        cmocka_unit_test(a_long_message_reaches_the_person_whole),
        cmocka_unit_test(the_bot_is_silent_while_a_person_is_there),
        cmocka_unit_test(a_change_of_language_is_followed_and_one_word_is_not_one),
        cmocka_unit_test(a_page_in_a_language_nobody_speaks_is_answered_in_the_shops),
        cmocka_unit_test(asked_twice_it_does_not_repeat_itself),
        cmocka_unit_test(follow_ups_keep_their_order),
        cmocka_unit_test(a_named_day_is_answered_yes_no_or_at_risk),
        cmocka_unit_test(not_understood_ends_with_a_person),
        cmocka_unit_test(buttons_work_like_words),
        cmocka_unit_test(a_signed_token_needs_no_typing),
        cmocka_unit_test(a_link_that_names_an_order_opens_on_it_once),
        cmocka_unit_test(when_the_store_fails_nothing_is_made_up),
        cmocka_unit_test(cancelling_goes_to_a_person_with_what_the_data_allow),
        cmocka_unit_test(two_parcels_are_told_one_by_one),
        cmocka_unit_test(the_shops_own_carriers_and_queues_are_used),
        cmocka_unit_test(a_mixed_message_whose_proof_comes_later_gets_both),
        cmocka_unit_test(an_offer_is_remembered_over_a_misunderstanding),
        cmocka_unit_test(what_proved_one_order_and_does_not_fit_another_is_not_called_wrong),
        cmocka_unit_test(a_wrong_second_factor_takes_nothing_away),
        cmocka_unit_test(a_person_gets_the_order_that_was_named_and_proved_with_the_wish),
        cmocka_unit_test(somebody_elses_parcel_is_met_kindly),
        cmocka_unit_test(small_talk_has_its_own_replies),
        cmocka_unit_test(every_state_has_its_own_words),
    };
    return cmocka_run_group_tests(tests, open_talk, close_talk);
}
