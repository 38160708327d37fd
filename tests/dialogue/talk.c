#include "tests/dialogue/talk.h"
#include "base/key.h"
#include "base/text.h"
#include "tests/claims.h"
#include <string.h>

struct moment at(const char *iso) {
    struct moment moment;
    assert_true(moment_parse(&moment, iso, NULL));
    return moment;
}

void talk_open(struct talk *talk, const char *locale, const char *now) {
    memset(talk, 0, sizeof *talk);
    struct error err = {""};
    struct data intents = {.embedded = intents_embedded}, responses = {.embedded = responses_embedded};
    arena_init(&talk->arena);
    talk->catalogue = catalogue_load(&intents, &err);
    assert_string_equal(err.text, "");
    talk->book = phrasebook_load(&responses, &err);
    assert_string_equal(err.text, "");
    talk->reader = reader_new(talk->catalogue, &err);
    talk->zone = zone_open("Europe/Paris", &err);
    talk->shop = (struct shop){.id = "default",
                               .name = "Maison Test",
                               .locale = locale,
                               .country = "FR",
                               .zone = talk->zone,
                               .always_open = true,
                               .tier1 = {FACTOR_NUMBER | FACTOR_EMAIL, FACTOR_NUMBER | FACTOR_POSTCODE,
                                         FACTOR_NUMBER | FACTOR_PHONE4, FACTOR_EMAIL | FACTOR_POSTCODE,
                                         FACTOR_PHONE | FACTOR_POSTCODE},
                               .tier2_factors = 3,
                               .wrong_proofs = 5,
                               .stalled_days = 5,
                               .inquiry_days = 2,
                               .info_link = "",
                               .disclosure = "",
                               .keys = {{"k1", "0123456789abcdef0123456789abcdef"}, {NULL, NULL}}};
    talk->dialogue = (struct dialogue){talk->catalogue, talk->reader, talk->book, &talk->shop};
    talk->now_ms = at(now).ms;
    talk_begin(talk, locale, VOICE_WRITTEN);
}

void talk_close(struct talk *talk) {
    reader_free(talk->reader);
    catalogue_free(talk->catalogue);
    phrasebook_free(talk->book);
    zone_close(talk->zone);
    arena_clear(&talk->arena);
}

void talk_begin(struct talk *talk, const char *locale, enum voice voice) {
    state_init(&talk->state, talk->shop.id, locale, voice);
}

static bool matches(const struct order *order, enum order_by by, const char *value) {
    char key[KEY_SIZE];
    switch (by) {
    case ORDER_BY_KEY:
        return text_is(order->key, value);
    case ORDER_BY_DIGITS:
        return key_digits(key, order->key) && text_is(key, value);
    case ORDER_BY_EMAIL:
        return text_is(order->email, value);
    case ORDER_BY_PHONE:
        return text_is(order->phone, value);
    case ORDER_BY_TRACKING:
        for (int i = 0; i < order->parcel_count; i++)
            if (key_number(key, order->parcels[i].tracking_number) && text_is(key, value))
                return true;
        return false;
    }
    return false;
}

static struct order_list answer_look_up(struct talk *talk, const struct order_query *query) {
    struct order_list list = {.orders = ARENA_ARRAY(&talk->arena, struct order *, ORDER_LIST_MAX)};
    for (int i = 0; i < talk->order_count && list.count < ORDER_LIST_MAX; i++)
        for (int v = 0; v < query->count; v++)
            if (matches(talk->orders[i], query->by, query->values[v])) {
                struct order *copy = ARENA_NEW(&talk->arena, struct order);
                *copy = *talk->orders[i];
                list.orders[list.count++] = copy;
                break;
            }
    return list;
}

/* Packed, and read again, as they are stored. */
static const char *facts_json(struct talk *talk, const struct effect_note *note) {
    struct buffer buffer;
    struct json_out out = {.buffer = &buffer};
    buffer_init_in(&buffer, &talk->arena, 1 << 16);
    told_print(&out, NULL, told_pack(&talk->arena, note->told, note->order), note->order);
    return buffer_text(&buffer);
}

const char *talk_event(struct talk *talk, const struct event *event) {
    talk->text = talk->phrase = "";
    talk->facts = "[]";
    talk->say = NULL;
    talk->hand_off = NULL;
    talk->step_count = talk->look_ups = 0;
    struct event next = *event;
    next.now_ms = talk->now_ms;
    for (bool more = true; more;) {
        assert_true(talk->step_count < 16);
        struct effects *effects = &talk->effects[talk->step_count++ % 4];
        dialogue_step(&talk->dialogue, &talk->state, &next, &talk->arena, effects);
        more = false;
        for (int i = 0; i < effects->count; i++) {
            const struct effect *effect = &effects->list[i];
            if (effect->kind == EFFECT_SAY) {
                bool first = text_empty(talk->text);
                assert_true(first || talk->state.voice == VOICE_SPOKEN); /* one reply an utterance */
                talk->text = first ? effect->say.text
                                   : arena_format(&talk->arena, "%s %s", talk->text, effect->say.text);
                talk->phrase = first ? effect->say.phrase
                                     : arena_format(&talk->arena, "%s+%s", talk->phrase, effect->say.phrase);
                talk->say = &effect->say;
            } else if (effect->kind == EFFECT_HAND_OFF)
                talk->hand_off = &effect->hand_off;
            else if (effect->kind == EFFECT_NOTE)
                talk->facts = facts_json(talk, &effect->note);
            else if (effect->kind == EFFECT_LOOK_UP) {
                assert_int_equal(i, effects->count - 1);
                struct order_list *list = ARENA_NEW(&talk->arena, struct order_list);
                *list = answer_look_up(talk, &effect->look_up.query);
                int found = talk->store_fails ? 2 : list->count > 0 ? 0 : 1;
                next = (struct event){
                    .kind = EVENT_ORDERS, .now_ms = talk->now_ms, .found = found, .orders = list};
                talk->look_ups++;
                more = true;
            }
        }
    }
    return talk->text;
}

/* The state goes through its text form at every turn: what a conversation knows survives a restart. */
void talk_restart(struct talk *talk) {
    struct buffer text;
    struct error err;
    struct state *before = ARENA_NEW(&talk->arena, struct state);
    buffer_init(&text, 1 << 16);
    state_print(&talk->state, &text);
    *before = talk->state;
    bool parsed = state_parse(&talk->state, text.bytes, &err);
    if (!parsed)
        fail_msg("%s", err.text);
    buffer_clear(&text);
}

const char *talk_say(struct talk *talk, const char *text) {
    arena_reset(&talk->arena);
    talk_restart(talk);
    return talk_event(talk, &(struct event){.kind = EVENT_SAID, .text = text, .seq = 1});
}

const char *talk_choose(struct talk *talk, const char *id) {
    arena_reset(&talk->arena);
    talk_restart(talk);
    return talk_event(talk, &(struct event){.kind = EVENT_CHOSE, .text = id, .seq = 1});
}

bool talk_said(const struct talk *talk, const char *phrase) {
    size_t len = strlen(phrase);
    for (const char *found = strstr(talk->phrase, phrase); found != NULL; found = strstr(found + 1, phrase))
        if ((found == talk->phrase || found[-1] == '+') && (found[len] == '\0' || found[len] == '+'))
            return true;
    return false;
}

void talk_order(struct order *order, const char *number) {
    static char keys[TALK_ORDERS][KEY_SIZE];
    static int next;
    char *key = keys[next++ % TALK_ORDERS];
    assert_true(key_number(key, number));
    *order = (struct order){.shop = "default",
                            .number = number,
                            .key = key,
                            .external_id = "",
                            .option = "",
                            .promise_origin = "shop",
                            .hold_reason = "",
                            .email = "c@example.fr",
                            .phone = "+33612345678",
                            .postcode = "69003",
                            .country = "FR",
                            .locale = "fr",
                            .first_name = "Camille",
                            .placed_at = at("2026-03-03T10:00:00+01:00")};
}

void talk_parcel(struct parcel *parcel, const char *carrier) {
    *parcel = (struct parcel){.id = "1",
                              .carrier = carrier,
                              .tracking_number = "",
                              .tracking_url = "",
                              .status = STATUS_IN_TRANSIT,
                              .status_at = at("2026-03-10T18:00:00+01:00"),
                              .reason = "",
                              .estimate = {.to = at("2026-03-12")},
                              .pickup = {"", "", "", "", {0}},
                              .proof = {.where = "", .to = ""}};
}
