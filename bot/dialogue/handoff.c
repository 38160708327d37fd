/* What is handed to a person: opened, added to, confirmed, taken back; the contact left out of hours; what
 * people do. */
#include "base/text.h"
#include "bot/dialogue/phone.h"
#include "bot/dialogue/proof.h"
#include "bot/dialogue/reply.h"
#include <string.h>

bool handoff_has(const struct state *state, const char *topic) {
    for (int i = 0; i < STATE_TOPICS; i++)
        if (text_is(state->topics[i], topic))
            return true;
    return false;
}

static void topic_add(struct state *state, const char *topic) {
    int at = 0;
    while (at < STATE_TOPICS - 1 && state->topics[at][0] != '\0')
        at++;
    /* The last stands for whatever else there is. */
    TEXT_SET(state->topics[at], at < STATE_TOPICS - 1 ? topic : "human.other");
}

/* The order that is talked about, as it is printed. */
static const char *order_meant(struct reply *reply) {
    const struct state *state = reply->state;
    char key[KEY_SIZE];
    if (reply->order != NULL)
        return reply->order;
    bool shown = key_number(key, state->shown) && text_is(key, state->focus);
    return arena_string(reply->arena, shown ? state->shown : state->focus);
}

static bool same_order(const char *number, const char *other) {
    char key[KEY_SIZE], other_key[KEY_SIZE];
    return key_number(key, number) && key_number(other_key, other) && text_is(key, other_key);
}

/* Of which order it is; true when that is another than before. The last place is that of whichever came last.
 */
static bool order_add(struct state *state, const char *order) {
    int at = 0;
    for (; at < STATE_HANDED && state->handed[at][0] != '\0'; at++)
        if (same_order(state->handed[at], order))
            return false;
    return !text_empty(order) && TEXT_SET(state->handed[at < STATE_HANDED ? at : STATE_HANDED - 1], order);
}

void handoff_forget(struct state *state) {
    memset(state->topics, 0, sizeof state->topics);
    memset(state->handed, 0, sizeof state->handed);
    memset(state->reference, 0, sizeof state->reference);
}

/* What the person who takes over should not have to ask again. */
static const char *summary(struct reply *reply) {
    enum { SUMMARY_MAX = 16 * 1024 }; /* a message of 2000 signs, each escaped, and the rest */
    struct state *state = reply->state;
    struct buffer buffer;
    buffer_init_in(&buffer, reply->arena, SUMMARY_MAX);
    struct json_out out = {.buffer = &buffer};
    json_open(&out, NULL, '{');
    json_open(&out, "topics", '[');
    for (int i = 0; i < STATE_TOPICS && state->topics[i][0] != '\0'; i++)
        json_text(&out, NULL, state->topics[i]);
    json_close(&out, ']');
    json_open(&out, "orders", '[');
    for (int i = 0; i < STATE_HANDED && state->handed[i][0] != '\0'; i++)
        json_text(&out, NULL, state->handed[i]);
    json_close(&out, ']');
    json_text(&out, "reference", state->reference);
    int known = order_known(state, state->focus);
    /* a word that could be both turned out to be the postcode */
    bool postcode = state->claims.same_token && known >= 0 && !(state->factors[known] & FACTOR_NUMBER);
    json_text(&out, "order_named", postcode ? "" : state->claims.number);
    if (reply->message != NULL)
        json_text(&out, "message", reply->message);
    json_number(&out, "proof_tier", known < 0 ? 0 : state->tiers[known]);
    json_open(&out, "told", '[');
    for (int i = 0; i < STATE_SAID && state->said[i].phrase[0] != '\0'; i++)
        json_text(&out, NULL, state->said[i].phrase);
    json_close(&out, ']');
    json_close(&out, '}');
    return buffer_text(&buffer);
}

struct hand_off *handoff_effect(struct reply *reply, enum hand_off_change change) {
    struct state *state = reply->state;
    struct hand_off *hand_off = &effects_add(reply->effects, EFFECT_HAND_OFF)->hand_off;
    *hand_off = (struct hand_off){.change = change,
                                  .queue = "general",
                                  .reason = "",
                                  .order = order_meant(reply),
                                  .locale = arena_string(reply->arena, state->locale),
                                  .contact = "",
                                  .agent = "",
                                  .summary = summary(reply)};
    return hand_off;
}

struct moment handoff_opening(struct reply *reply) {
    return shop_opening(reply->dialogue->shop, reply->event->now_ms);
}

bool handoff_reachable(struct reply *reply, struct values *values) {
    const struct state *state = reply->state;
    int known = order_known(state, state->focus);
    if (known >= 0 && state->factors[known] & FACTOR_REACHABLE)
        return true;
    const char *named = state->claims.email[0] != '\0' ? state->claims.email : state->claims.phone;
    if (named[0] == '\0')
        return false;
    const char *contact = arena_string(reply->arena, named);
    handoff_effect(reply, HAND_OFF_CONTACT)->contact = contact;
    values_text(values, FACT_CONTACT, contact, source_named("customer"));
    return true;
}

/* How many are before, in a chat while people are there. */
static void tell_place(struct reply *reply) {
    const struct place *place = &reply->event->place;
    if (place->position == 0 || reply->state->voice != VOICE_WRITTEN ||
        !shop_open(reply->dialogue->shop, reply->event->now_ms))
        return;
    struct values values;
    values_init(&values);
    values_count(&values, FACT_AHEAD, place->position - 1, source_named("queue"));
    if (place->wait_s > 0)
        values_number(&values, FACT_MINUTES, (place->wait_s + 59) / 60, source_named("queue"));
    speech_phrase(&reply->speech, "handoff.position", &values);
}

static void tell_hours(struct reply *reply) {
    struct state *state = reply->state;
    if (shop_open(reply->dialogue->shop, reply->event->now_ms)) {
        tell_place(reply);
        return;
    }
    struct values values;
    values_init(&values);
    values_moment(&values, FACT_OPEN_AT, handoff_opening(reply), source_named("shop hours"));
    if (handoff_reachable(reply, &values))
        speech_phrase(&reply->speech,
                      values_has(&values, FACT_CONTACT) ? "handoff.contact_taken" : "handoff.contact_known",
                      &values);
    else {
        speech_phrase(&reply->speech, "handoff.contact_ask", &values);
        state->expect = EXPECT_CONTACT;
    }
}

/* Topics that no intent stands for, with the queue of the desk that they go to. */
static const struct {
    const char *topic, *queue;
} topic_queues[] = {
    {"not_received", "claims"}, {"lost", "claims"},          {"damaged", "claims"},
    {"expired", "claims"},      {"late", "delivery"},        {"exception", "delivery"},
    {"returning", "returns"},   {"pickup_over", "delivery"},
};

static const char *queue_of(struct reply *reply, const char *topic) {
    const struct intent *intent = reply_intent(reply, topic);
    if (intent != NULL && !text_empty(intent->queue))
        return intent->queue;
    for (size_t i = 0; i < sizeof topic_queues / sizeof *topic_queues; i++)
        if (text_is(topic_queues[i].topic, topic))
            return topic_queues[i].queue;
    return "general";
}

static void expect_yes(struct reply *reply, const char *topic) {
    TEXT_SET(reply->state->offer, topic);
    reply->state->expect = EXPECT_OFFER;
    const struct choice choices[] = {{"yes", speech_words(&reply->speech, "choice.yes", NULL)},
                                     {"no", speech_words(&reply->speech, "choice.no", NULL)}};
    speech_choices(&reply->speech, choices, 2);
}

void handoff_offer(struct reply *reply, const char *topic) {
    struct state *state = reply->state;
    if (state->handling != HANDLING_BOT || handoff_has(state, topic) || state->expect != EXPECT_NOTHING)
        return;
    speech_phrase(&reply->speech, "offer.person", NULL);
    expect_yes(reply, topic);
}

void handoff_confirm(struct reply *reply) {
    struct state *state = reply->state;
    const char *topics[STATE_TOPICS];
    int count = 0;
    for (int i = 0; i < STATE_TOPICS && state->topics[i][0] != '\0'; i++) {
        struct values values;
        values_init(&values);
        values_text(&values, FACT_TOPIC, state->topics[i], source_none);
        topics[count] = speech_words(&reply->speech, "topic.name", &values);
        bool named = false; /* what has no name of its own is "your request" each time */
        for (int k = 0; k < count; k++)
            named = named || text_is(topics[k], topics[count]);
        count += !named;
    }
    struct values values;
    values_init(&values);
    values_text(&values, FACT_LIST,
                phrasebook_list(reply->dialogue->book, state->locale, topics, count, reply->arena),
                source_none);
    values_text(&values, FACT_REFERENCE, state->reference, source_none);
    speech_phrase(&reply->speech, count > 0 ? "handoff.confirm" : "handoff.none", &values);
    if (count == 0)
        expect_yes(reply, "human.person");
    if (state->handling != HANDLING_WAITING || state->voice != VOICE_WRITTEN)
        return;
    if (shop_open(reply->dialogue->shop, reply->event->now_ms) && reply->event->place.position == 0)
        speech_phrase(&reply->speech, "handoff.waiting", NULL);
    else
        tell_hours(reply);
}

/* A reference that is the number of an order that is known is said once. */
static const char *other_reference(struct reply *reply) {
    char key[KEY_SIZE];
    bool known = key_number(key, reply->state->reference) && order_known(reply->state, key) >= 0;
    return known ? NULL : reply->state->reference;
}

void handoff_open(struct reply *reply, const char *topic, const char *phrase) {
    struct state *state = reply->state;
    bool again = handoff_has(state, topic), waiting = state->handling == HANDLING_WAITING;
    bool spoken = state->voice == VOICE_SPOKEN,
         through = spoken && shop_open(reply->dialogue->shop, reply->event->now_ms);
    bool another = order_add(state, order_meant(reply));
    const struct intent *intent = reply_intent(reply, topic);
    bool question = intent != NULL && intent->kind == KIND_INFO; /* each is one of its own */
    if (again && !another && !question && waiting && phrase == NULL && !through) {
        handoff_confirm(reply);
        return;
    }
    struct values values;
    values_init(&values);
    values_text(&values, FACT_TOPIC, topic, source_none);
    values_text(&values, FACT_ORDER, waiting && !another ? NULL : reply->order, source_none);
    values_text(&values, FACT_REFERENCE, other_reference(reply), source_none);
    if (phrase != NULL)
        speech_phrase(&reply->speech, phrase, &values);
    else if (spoken ? waiting && !through
                    : !waiting || another || !text_is(reply->queue, queue_of(reply, topic)))
        speech_phrase(&reply->speech, waiting ? "handoff.added" : "handoff.open", &values);
    reply->queue = queue_of(reply, topic); /* two topics for one desk in one message are announced once */
    if (!again)
        topic_add(state, topic);
    struct hand_off *hand_off = handoff_effect(reply, waiting ? HAND_OFF_ADD : HAND_OFF_OPEN);
    hand_off->queue = shop_queue(reply->dialogue->shop, queue_of(reply, topic));
    hand_off->reason = arena_string(reply->arena, topic);
    state->handling = HANDLING_WAITING;
    memset(state->resolved, 0, sizeof state->resolved);
    reply->note = "handoff"; /* whatever else was answered, a person is to come */
    if (spoken && (!waiting || through))
        phone_hand_over(reply, topic, phrase != NULL);
    else if (!waiting)
        tell_hours(reply);
}

void handoff_proved(struct reply *reply, const struct order_list *orders) {
    struct state *state = reply->state;
    char key[KEY_SIZE];
    if (state->handling != HANDLING_WAITING || state->handed[0][0] != '\0' ||
        !key_number(key, state->reference))
        return;
    for (int i = 0; i < orders->count; i++)
        if (proof_names(reply->dialogue->shop, key, orders->orders[i]->key) &&
            order_add(state, orders->orders[i]->number)) {
            struct hand_off *hand_off = handoff_effect(reply, HAND_OFF_ADD);
            hand_off->queue = "";
            hand_off->order = orders->orders[i]->number;
        }
}

void handoff_locked(struct reply *reply) {
    if (reply->state->handling == HANDLING_BOT) /* the customer has taken back the one that was to come */
        handoff_open(reply, "locked", "handoff.waiting_locked");
    else
        speech_phrase(&reply->speech, "handoff.waiting_locked", NULL);
}

/* Who wanted the delivery changed, and by phone rather does without, hears when it comes all the same. */
void handoff_declined(struct reply *reply) {
    struct state *state = reply->state;
    bool wish = state->voice == VOICE_SPOKEN && reply->heard.expected == EXPECT_OFFER &&
                strncmp(state->offer, "action.", 7) == 0;
    if (wish && state->focus[0] != '\0' &&
        goal_add(state, "track.arrival", "dialogue: confirms the date", 1, 0)) {
        TEXT_SET(state->opening, "offer.declined");
        identify_focus(reply, ASK_FOCUS);
        return;
    }
    speech_phrase(&reply->speech, "offer.declined", NULL);
    if (reply->heard.expected == EXPECT_OFFER && state->voice == VOICE_WRITTEN)
        state->expect = EXPECT_DECLINED;
}

void handoff_give_up(struct reply *reply, const char *topic, const char *phrase) {
    handoff_open(reply, topic, phrase);
    reply->note = "escalation";
    reply->state->asks = reply->state->misses = 0;
}

bool handoff_wants_more(const struct state *state) {
    for (int i = 0; i < STATE_GOALS; i++)
        if (state->goals[i].intent[0] != '\0' && !handoff_has(state, state->goals[i].intent))
            return true;
    return false;
}

bool handoff_contact(struct reply *reply) {
    struct state *state = reply->state;
    const struct slot_reading *emails = &reply->heard.reading->slots[SLOT_EMAIL];
    const struct slot_reading *phones = &reply->heard.reading->slots[SLOT_PHONE];
    const char *contact = emails->count > 0 ? emails->candidates[0].value : NULL;
    for (int i = 0; i < phones->count && contact == NULL; i++)
        if (strlen(phones->candidates[i].value) > PHONE4)
            contact = phones->candidates[i].value;
    bool open = shop_open(reply->dialogue->shop, reply->event->now_ms);
    bool later = state->handling == HANDLING_WAITING && !open &&
                 (reply->heard.factor_changed || contact != NULL) && !reply->heard.number_changed &&
                 !handoff_wants_more(state);
    if (reply->heard.expected != EXPECT_CONTACT && reply->heard.expected != EXPECT_MESSAGE && !later)
        return false;
    struct values values;
    values_init(&values);
    values_text(&values, FACT_CONTACT, contact, source_named("customer"));
    if (!open)
        values_moment(&values, FACT_OPEN_AT, handoff_opening(reply), source_named("shop hours"));
    if (contact == NULL && phones->count > 0 && reply->heard.expected == EXPECT_CONTACT) {
        /* the end of a number cannot be called */
        speech_phrase(&reply->speech, open ? "handoff.nobody_ask" : "handoff.contact_ask", &values);
        state->expect = EXPECT_CONTACT;
        reply_noted(reply, "contact");
        return true;
    }
    if (contact == NULL && !text_is(reply->heard.yes_no, "no"))
        return false;
    if (contact != NULL) {
        handoff_effect(reply, HAND_OFF_CONTACT)->contact = contact;
        speech_phrase(&reply->speech, "handoff.contact_taken", &values);
    } else
        speech_phrase(&reply->speech, "handoff.contact_declined", &values);
    if (later)
        goals_clear(state);
    reply_noted(reply, "contact");
    return !reply->heard.track && state->handling == HANDLING_WAITING;
}

bool handoff_reopen(struct reply *reply) {
    struct state *state = reply->state;
    char topic[NAME_SIZE];
    if (state->resolved[0] == '\0' || state->handling != HANDLING_BOT)
        return false;
    TEXT_SET(topic, state->resolved);
    handoff_open(reply, arena_string(reply->arena, topic), "handoff.reopened");
    return true;
}

static void people_take(struct reply *reply) {
    struct values values;
    values_init(&values);
    values_text(&values, FACT_AGENT, reply->event->agent, source_none);
    reply->state->handling = HANDLING_HUMAN;
    handoff_effect(reply, HAND_OFF_TAKE)->agent = reply->event->agent;
    if (!text_is(reply->event->text, "say"))
        speech_phrase(&reply->speech, "handoff.taken", &values);
    reply->note = "agent_take";
}

static void people_say(struct reply *reply) {
    if (reply->state->handling != HANDLING_HUMAN)
        people_take(reply);
}

static void people_end(struct reply *reply) {
    struct state *state = reply->state;
    bool back = text_is(reply->event->text, "return");
    state->handling = HANDLING_BOT;
    state->expect = EXPECT_NOTHING;
    state->misses = state->asks = state->wrong_proofs = 0;
    state->locked = false; /* a person has looked at it */
    handoff_effect(reply, back ? HAND_OFF_RETURN : HAND_OFF_CLOSE)->agent = reply->event->agent;
    memset(state->resolved, 0, sizeof state->resolved);
    if (!back)
        TEXT_SET(state->resolved, state->topics[0][0] != '\0' ? state->topics[0] : "human.person");
    handoff_forget(state);
    goals_clear(state);
    speech_phrase(&reply->speech, back ? "handoff.returned" : "handoff.closed", NULL);
    reply->note = back ? "agent_return" : "agent_close";
}

/* Transferred, put back, or left behind by a connection that broke: it waits again. */
static void people_requeue(struct reply *reply) {
    struct state *state = reply->state;
    const struct event *event = reply->event;
    bool taken = state->handling == HANDLING_HUMAN, lost = text_is(event->text, "lost");
    state->handling = HANDLING_WAITING;
    handoff_effect(reply, HAND_OFF_REQUEUE)->queue = text_is(event->text, "transfer") ? event->words : "";
    if (taken) {
        speech_phrase(&reply->speech, lost ? "handoff.lost" : "handoff.transferred", NULL);
        tell_place(reply);
    }
    reply->note = lost ? "agent_lost" : "agent_requeue";
}

/* Nobody has come within the shop's time. */
static void people_nobody(struct reply *reply) {
    struct state *state = reply->state;
    struct values values;
    values_init(&values);
    if (!shop_open(reply->dialogue->shop, reply->event->now_ms))
        return; /* that, and when somebody is there, has been told */
    bool known = handoff_reachable(reply, &values);
    speech_phrase(&reply->speech, known ? "handoff.nobody_known" : "handoff.nobody_ask", &values);
    if (!known)
        state->expect = EXPECT_CONTACT;
    reply->note = "nobody_came";
}

void handoff_agent(struct reply *reply) {
    static const struct {
        const char *act;
        void (*meet)(struct reply *reply);
    } acts[] = {{"take", people_take},       {"assign", people_take},  {"say", people_say},
                {"return", people_end},      {"close", people_end},    {"transfer", people_requeue},
                {"release", people_requeue}, {"lost", people_requeue}, {"nobody", people_nobody}};
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        if (text_is(acts[i].act, reply->event->text))
            acts[i].meet(reply);
    if (reply->state->voice == VOICE_SPOKEN)
        reply->speech.sentence_count = 0; /* nobody joins a call but by a transfer */
}
