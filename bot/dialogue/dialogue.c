#include "bot/dialogue/dialogue.h"
#include "base/text.h"
#include "bot/dialogue/answer.h"
#include "bot/dialogue/hear.h"
#include "bot/dialogue/proof.h"
#include "bot/dialogue/speech.h"
#include "bot/dialogue/token.h"
#include <string.h>

enum { MISSES_MAX = 3, ASKS_MAX = 4, WHICH_WRITTEN = 5, WHICH_SPOKEN = 3, RECENT_DAYS = 7 };

/* Questions to the store; state.look_up keeps the open one. The claims are tried one after the other, in this
 * order, and the order does not depend on what exists, so that "no such order" and "wrong proof" take the
 * same. */
enum question {
    ASK_NOTHING,
    ASK_FOCUS,  /* fresh facts of the order that is talked about */
    ASK_FACTOR, /* the same, to see whether a new factor lifts it to the second tier */
    ASK_PROVED, /* all proved orders, to pick among them */
    ASK_TOKEN_ORDER,
    ASK_TOKEN_EMAIL,
    ASK_KEY,
    ASK_DIGITS,
    ASK_TRACKING,
    ASK_EMAIL,
    ASK_PHONE,
    ASK_END
};

/* One step in the making. */
struct turn {
    const struct dialogue *dialogue;
    struct state *state;
    const struct event *event;
    struct arena *arena;
    struct effects *effects;
    struct speech speech;
    struct heard heard; /* SAID and CHOSE only */
    const char *note;   /* kind of the note, NULL: none */
    const char *intent, *rule, *order;
    const char *proof; /* proof_ok | proof_failed | locked: noted apart from the answer */
    double score;
    const char *queue; /* that this step has handed to */
    bool looking;      /* the answer has to wait for the store */
};

static const struct intent *intent_of(struct turn *turn, const char *name) {
    return catalogue_intent(turn->dialogue->catalogue, name);
}

static void noted(struct turn *turn, const char *kind) {
    if (turn->note == NULL)
        turn->note = kind;
}

static void note_goal(struct turn *turn, const struct goal *goal) {
    if (turn->intent != NULL)
        return;
    turn->intent = arena_string(turn->arena, goal->intent);
    turn->rule = arena_string(turn->arena, goal->rule);
    turn->score = goal->score;
}

static bool is_kind(struct turn *turn, const struct goal *goal, enum kind kind) {
    const struct intent *intent = goal->intent[0] == '\0' ? NULL : intent_of(turn, goal->intent);
    return intent != NULL && intent->kind == kind;
}

static bool wants_order(struct turn *turn) {
    for (int i = 0; i < STATE_GOALS; i++)
        if (is_kind(turn, &turn->state->goals[i], KIND_TRACK))
            return true;
    return false;
}

static bool wants_other(struct turn *turn) {
    for (int i = 0; i < STATE_GOALS; i++)
        if (turn->state->goals[i].intent[0] != '\0' && !is_kind(turn, &turn->state->goals[i], KIND_TRACK))
            return true;
    return false;
}

/* Hand-off */

static bool handed(const struct state *state, const char *topic) {
    for (int i = 0; i < STATE_TOPICS; i++)
        if (text_is(state->topics[i], topic))
            return true;
    return false;
}

static void topic_add(struct state *state, const char *topic) {
    for (int i = 0; i < STATE_TOPICS; i++)
        if (state->topics[i][0] == '\0') {
            TEXT_SET(state->topics[i], topic);
            return;
        }
}

/* What the person who takes over should not have to ask again. */
static const char *summary(struct turn *turn) {
    enum { SUMMARY_MAX = 4096 };
    struct state *state = turn->state;
    struct buffer buffer;
    buffer_init(&buffer, SUMMARY_MAX);
    struct json_out out = {.buffer = &buffer};
    json_open(&out, NULL, '{');
    json_open(&out, "topics", '[');
    for (int i = 0; i < STATE_TOPICS && state->topics[i][0] != '\0'; i++)
        json_text(&out, NULL, state->topics[i]);
    json_close(&out, ']');
    json_text(&out, "reference", state->reference);
    json_text(&out, "order_named", state->claims.number);
    int known = order_known(state, state->focus);
    json_number(&out, "proof_tier", known < 0 ? 0 : state->tiers[known]);
    json_open(&out, "told", '[');
    for (int i = 0; i < STATE_SAID && state->said[i].phrase[0] != '\0'; i++)
        json_text(&out, NULL, state->said[i].phrase);
    json_close(&out, ']');
    json_close(&out, '}');
    const char *json = arena_copy(turn->arena, buffer.bytes, buffer.len);
    buffer_clear(&buffer);
    return json;
}

static struct hand_off *hand_off_effect(struct turn *turn, enum hand_off_change change) {
    struct state *state = turn->state;
    struct hand_off *hand_off = &effects_add(turn->effects, EFFECT_HAND_OFF)->hand_off;
    *hand_off = (struct hand_off){.change = change,
                                  .queue = "general",
                                  .reason = "",
                                  .order = turn->order != NULL ? turn->order
                                                               : arena_string(turn->arena, state->focus),
                                  .locale = arena_string(turn->arena, state->locale),
                                  .contact = "",
                                  .agent = "",
                                  .summary = summary(turn)};
    return hand_off;
}

static struct moment moment_opening(struct turn *turn) {
    const struct shop *shop = turn->dialogue->shop;
    int64_t at = shop_opens_at(shop, turn->event->now_ms);
    return at == 0 ? (struct moment){0} : moment_at(at, (int16_t)zone_offset(shop->zone, at));
}

static void tell_hours(struct turn *turn) {
    struct state *state = turn->state;
    if (shop_open(turn->dialogue->shop, turn->event->now_ms))
        return;
    struct values values = {0};
    values_moment(&values, "open_at", moment_opening(turn), "shop hours");
    if (state->claims.email[0] != '\0' || state->claims.phone[0] != '\0' ||
        order_known(state, state->focus) >= 0)
        speech_phrase(&turn->speech, "handoff.contact_known", &values);
    else {
        speech_phrase(&turn->speech, "handoff.contact_ask", &values);
        state->expect = EXPECT_CONTACT;
    }
}

/* Topics that no intent stands for, with the queue of the desk that they go to. */
static const struct {
    const char *topic, *queue;
} topic_queues[] = {
    {"not_received", "claims"}, {"lost", "claims"},        {"damaged", "claims"},    {"expired", "claims"},
    {"late", "delivery"},       {"exception", "delivery"}, {"returning", "returns"},
};

static const char *queue_of(struct turn *turn, const char *topic) {
    const struct intent *intent = intent_of(turn, topic);
    if (intent != NULL && !text_empty(intent->queue))
        return intent->queue;
    for (size_t i = 0; i < sizeof topic_queues / sizeof *topic_queues; i++)
        if (text_is(topic_queues[i].topic, topic))
            return topic_queues[i].queue;
    return "general";
}

static void confirm_handoff(struct turn *turn) {
    struct state *state = turn->state;
    const char *topics[STATE_TOPICS];
    int count = 0;
    for (int i = 0; i < STATE_TOPICS && state->topics[i][0] != '\0'; i++) {
        struct values values = {0};
        values_text(&values, "topic", state->topics[i], NULL);
        topics[count++] = speech_words(&turn->speech, "topic.name", &values);
    }
    struct values values = {0};
    values_text(&values, "list",
                phrasebook_list(turn->dialogue->book, state->locale, topics, count, turn->arena), NULL);
    values_text(&values, "reference", state->reference, NULL);
    speech_phrase(&turn->speech, count > 0 ? "handoff.confirm" : "handoff.none", &values);
}

/* phrase: what announces it; NULL takes the words made for every topic. */
static void hand_over(struct turn *turn, const char *topic, const char *phrase) {
    struct state *state = turn->state;
    bool again = handed(state, topic), waiting = state->handling == HANDLING_WAITING;
    if (again && waiting && phrase == NULL) {
        confirm_handoff(turn);
        return;
    }
    struct values values = {0};
    values_text(&values, "topic", topic, NULL);
    values_text(&values, "order", turn->order, NULL);
    values_text(&values, "reference", state->reference, NULL);
    if (phrase != NULL)
        speech_phrase(&turn->speech, phrase, &values);
    else if (!waiting || !text_is(turn->queue, queue_of(turn, topic)))
        speech_phrase(&turn->speech, waiting ? "handoff.added" : "handoff.open", &values);
    turn->queue = queue_of(turn, topic); /* two topics for one desk in one message are announced once */
    if (!again)
        topic_add(state, topic);
    struct hand_off *hand_off = hand_off_effect(turn, waiting ? HAND_OFF_ADD : HAND_OFF_OPEN);
    hand_off->queue = shop_queue(turn->dialogue->shop, queue_of(turn, topic));
    hand_off->reason = arena_string(turn->arena, topic);
    state->handling = HANDLING_WAITING;
    turn->note = "handoff"; /* whatever else was answered, a person is to come */
    if (!waiting)
        tell_hours(turn);
}

static void offer_person(struct turn *turn, const char *topic) {
    struct state *state = turn->state;
    if (state->handling != HANDLING_BOT || handed(state, topic) || state->expect != EXPECT_NOTHING)
        return;
    speech_phrase(&turn->speech, "offer.person", NULL);
    TEXT_SET(state->offer, topic);
    state->expect = EXPECT_OFFER;
    struct part *part = speech_part(&turn->speech, PART_CHOICES);
    speech_choice(&turn->speech, part, "yes", speech_words(&turn->speech, "choice.yes", NULL));
    speech_choice(&turn->speech, part, "no", speech_words(&turn->speech, "choice.no", NULL));
}

/* Goals that need no order, or that can be met with what is known of it */

static void act_cancel(struct turn *turn, const struct goal *goal, const struct picture *picture) {
    if (picture != NULL) {
        struct values values = {0};
        answer_listed(&turn->speech, picture, &values);
        const struct order *order = picture->order;
        bool possible = order->cancellable && !picture->shipped;
        speech_phrase(&turn->speech, possible ? "action.cancel_possible" : "action.cancel_late", &values);
    }
    hand_over(turn, goal->intent, NULL);
}

static void act_change(struct turn *turn, const struct goal *goal, const struct picture *picture) {
    (void)picture;
    speech_phrase(&turn->speech, "action.delivery_change", NULL);
    hand_over(turn, goal->intent, NULL);
}

static void act_notify(struct turn *turn, const struct goal *goal, const struct picture *picture) {
    (void)goal;
    struct values values = {0};
    if (picture != NULL && picture->parcel_count > 0)
        values_link(&values, "link", picture->parcels[0].link, picture->parcels[0].link_source);
    speech_phrase(&turn->speech, "action.notify", &values);
}

static const struct {
    const char *name;
    void (*carry_out)(struct turn *turn, const struct goal *goal, const struct picture *picture);
} acts[] = {
    {"cancel", act_cancel},
    {"address", act_change},
    {"instructions", act_change},
    {"notify", act_notify},
};

static void meet_other(struct turn *turn, const struct goal *goal, const struct picture *picture) {
    const struct intent *intent = intent_of(turn, goal->intent);
    if (intent == NULL)
        return;
    note_goal(turn, goal);
    if (intent->kind == KIND_INFO && !text_empty(turn->dialogue->shop->info_link)) {
        struct values values = {0};
        values_link(&values, "link", turn->dialogue->shop->info_link, NULL);
        speech_phrase(&turn->speech, "info.page", &values);
        noted(turn, "info");
        return;
    }
    if (intent->kind == KIND_ACTION)
        for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
            if (text_is(acts[i].name, intent->act)) {
                acts[i].carry_out(turn, goal, picture);
                noted(turn, "action");
                return;
            }
    static const char *const decided[] = {"returns", "claims", "payments"};
    bool decides = false,
         added = turn->state->handling == HANDLING_WAITING && !handed(turn->state, goal->intent);
    for (size_t i = 0; i < sizeof decided / sizeof *decided; i++)
        decides = decides ||
                  (added && !speech_has(&turn->speech, "handoff.open") && text_is(intent->queue, decided[i]));
    hand_over(turn, goal->intent, NULL);
    if (decides)
        speech_phrase(&turn->speech, "handoff.decides", NULL);
}

/* Meets what is not tracking, and forgets it; the tracking goals stay. */
static void meet_others(struct turn *turn, const struct picture *picture) {
    struct goal goals[STATE_GOALS];
    memcpy(goals, turn->state->goals, sizeof goals);
    goals_clear(turn->state);
    int kept = 0;
    for (int i = 0; i < STATE_GOALS; i++) {
        if (is_kind(turn, &goals[i], KIND_TRACK))
            turn->state->goals[kept++] = goals[i];
        else if (goals[i].intent[0] != '\0')
            meet_other(turn, &goals[i], picture);
    }
}

/* Answering from one order */

static void ask_factor(struct turn *turn) {
    struct state *state = turn->state;
    struct values values = {0};
    values_text(&values, "factors", proof_missing(&state->claims), NULL);
    speech_phrase(&turn->speech,
                  turn->heard.expected == EXPECT_SECOND_FACTOR ? "ask.second_factor_again"
                                                               : "ask.second_factor",
                  &values);
    state->expect = EXPECT_SECOND_FACTOR;
}

/* Asks for the state as a whole, and for nothing in particular. */
static bool general(struct turn *turn, const struct goal *goal) {
    return goal->asked == 0 && text_is(intent_of(turn, goal->intent)->aspect, "status");
}

static void answer_order(struct turn *turn, const struct order *order, int tier) {
    struct state *state = turn->state;
    struct picture picture;
    picture_draw(&picture, order, turn->dialogue->shop, turn->event->now_ms, turn->arena);
    turn->order = order->number;
    struct answer answer = {
        .speech = &turn->speech, .picture = &picture, .tier = tier, .checked = state->checked};
    struct goal left = {0};
    bool told_before = text_is(state->told, order->key);
    int track = 0;
    for (int i = 0; i < STATE_GOALS; i++)
        track += is_kind(turn, &state->goals[i], KIND_TRACK);
    for (int i = 0; i < STATE_GOALS; i++) {
        struct goal *goal = &state->goals[i];
        if (!is_kind(turn, goal, KIND_TRACK))
            continue;
        if (general(turn, goal) && told_before && --track > 0) {
            memset(goal, 0, sizeof *goal); /* the particular question beside it is the one to answer */
            continue;
        }
        answer.goal = goal;
        answer.needs_factor = false;
        note_goal(turn, goal);
        answer_aspect(&answer, intent_of(turn, goal->intent)->aspect);
        if (answer.needs_factor)
            left = *goal;
        memset(goal, 0, sizeof *goal);
    }
    noted(turn, "answer");
    state->checked = false;
    state->asks = state->misses = 0;
    meet_others(turn, &picture);
    if (answer.topic != NULL && !handed(state, answer.topic))
        hand_over(turn, answer.topic, text_is(answer.topic, "not_received") ? "handoff.waiting" : NULL);
    if (answer.check && state->expect == EXPECT_NOTHING)
        state->expect = EXPECT_CHECKED;
    if (left.intent[0] != '\0') {
        state->goals[0] = left;
        ask_factor(turn);
    } else if (answer.offer != NULL && answer.topic == NULL)
        offer_person(turn, answer.offer);
}

/* Asking for what is missing */

static void no_answer(struct turn *turn, const char *topic, const char *phrase) {
    hand_over(turn, topic, phrase);
    turn->note = "escalation";
    turn->state->asks = turn->state->misses = 0;
}

struct asking {
    const char *first, *again;
    enum expect expect;
};

static struct asking missing(const struct state *state, bool late) {
    unsigned claimed = proof_claimed(&state->claims);
    if (claimed & FACTOR_NUMBER)
        return (struct asking){"ask.proof", "ask.proof_again", EXPECT_PROOF};
    if (claimed & FACTOR_EMAIL)
        return (struct asking){"ask.proof_for_email", "ask.proof_for_email", EXPECT_PROOF};
    if (claimed & FACTOR_PHONE4)
        return (struct asking){"ask.proof_for_phone", "ask.proof_for_phone", EXPECT_PROOF};
    if (claimed & FACTOR_POSTCODE)
        return (struct asking){"ask.proof_for_postcode", "ask.proof_for_postcode", EXPECT_NUMBER};
    return (struct asking){late ? "ask.number_late" : "ask.number", "ask.number_again", EXPECT_NUMBER};
}

static bool about_lateness(struct turn *turn) {
    static const char *const worried[] = {"late", "stalled", "not_received", "missed"};
    for (int i = 0; i < STATE_GOALS; i++) {
        const struct intent *intent = intent_of(turn, turn->state->goals[i].intent);
        for (size_t w = 0; intent != NULL && w < sizeof worried / sizeof *worried; w++)
            if (text_is(intent->aspect, worried[w]))
                return true;
    }
    return false;
}

static void ask(struct turn *turn) {
    struct state *state = turn->state;
    struct asking asking = missing(state, about_lateness(turn));
    if (state->asks >= ASKS_MAX) {
        no_answer(turn, "not_understood", "handoff.not_understood");
        return;
    }
    bool again = state->asks > 0 && !turn->heard.claims_changed;
    struct values values = {0};
    values_text(&values, "order", state->claims.number, NULL);
    bool number = asking.expect == EXPECT_NUMBER,
         worried = state->asks == 1 && turn->heard.track && about_lateness(turn);
    const char *phrase = !again                         ? asking.first
                         : number && turn->heard.digits ? "ask.number_unreadable"
                         : number && worried            ? asking.first
                                                        : asking.again;
    speech_phrase(&turn->speech, phrase, &values);
    state->expect = asking.expect;
    state->asks = turn->heard.claims_changed ? 1 : state->asks + 1;
    noted(turn, "ask");
    if (state->asks > 1 && wants_other(turn))
        meet_others(turn, NULL);
}

/* Looking up */

static void look_up(struct turn *turn, enum question question, enum order_by by, const char *const *values,
                    int count, bool proof) {
    struct look_up *look_up = &effects_add(turn->effects, EFFECT_LOOK_UP)->look_up;
    *look_up = (struct look_up){.query = {.shop = turn->dialogue->shop->id, .by = by}, .proof = proof};
    for (int i = 0; i < count && i < ORDER_QUERY_VALUES; i++)
        look_up->query.values[look_up->query.count++] = arena_string(turn->arena, values[i]);
    turn->state->look_up = question;
    turn->looking = true;
}

static bool ask_keys(struct turn *turn, const char *const **values, int *count) {
    const struct shop *shop = turn->dialogue->shop;
    const struct claims *claims = &turn->state->claims;
    const char **list = ARENA_ARRAY(turn->arena, const char *, ORDER_QUERY_VALUES);
    *count = 0;
    for (int i = 0; i < STATE_NUMBERS && claims->numbers[i][0] != '\0'; i++)
        list[(*count)++] = claims->numbers[i];
    int plain = *count;
    for (const char *const *prefix = shop->number_prefixes; prefix != NULL && *prefix != NULL; prefix++)
        for (int i = 0; i < plain && *count < ORDER_QUERY_VALUES; i++) {
            char key[KEY_SIZE];
            if (key_number(key, arena_format(turn->arena, "%s%s", *prefix, list[i])))
                list[(*count)++] = arena_string(turn->arena, key);
        }
    *values = list;
    return plain > 0;
}

static bool ask_digits(struct turn *turn, const char *const **values, int *count) {
    const struct claims *claims = &turn->state->claims;
    const char **list = ARENA_ARRAY(turn->arena, const char *, ORDER_QUERY_VALUES);
    *count = 0;
    for (int i = 0; i < STATE_NUMBERS && claims->numbers[i][0] != '\0'; i++) {
        char digits[KEY_SIZE];
        if (key_digits(digits, claims->numbers[i]) && text_is(digits, claims->numbers[i]))
            list[(*count)++] = claims->numbers[i];
    }
    *values = list;
    return *count > 0;
}

static bool ask_one(struct turn *turn, const char *value, const char *const **values, int *count) {
    const char **list = ARENA_ARRAY(turn->arena, const char *, 1);
    list[0] = value;
    *values = list;
    *count = 1;
    return value[0] != '\0';
}

static enum order_by question_by(enum question question) {
    switch (question) {
    case ASK_DIGITS:
        return ORDER_BY_DIGITS;
    case ASK_TRACKING:
        return ORDER_BY_TRACKING;
    case ASK_EMAIL:
    case ASK_TOKEN_EMAIL:
        return ORDER_BY_EMAIL;
    case ASK_PHONE:
        return ORDER_BY_PHONE;
    default:
        return ORDER_BY_KEY;
    }
}

/* False when the claims give nothing to ask this question with. */
static bool question_values(struct turn *turn, enum question question, const char *const **values,
                            int *count) {
    const struct state *state = turn->state;
    switch (question) {
    case ASK_TOKEN_ORDER:
        return ask_one(turn, state->token.numbers[0], values, count);
    case ASK_TOKEN_EMAIL:
        return ask_one(turn, state->token.email, values, count);
    case ASK_KEY:
        return ask_keys(turn, values, count);
    case ASK_DIGITS:
        return ask_digits(turn, values, count);
    case ASK_TRACKING: /* carriers' numbers have no end of shapes: one that is no order may be a parcel */
        return ask_one(turn,
                       state->claims.tracking[0] != '\0' ? state->claims.tracking : state->claims.numbers[0],
                       values, count);
    case ASK_EMAIL:
        return ask_one(turn, state->claims.email, values, count);
    case ASK_PHONE:
        return ask_one(turn, state->claims.phone, values, count);
    default:
        return false;
    }
}

/* Asks the first question after `last` that the claims allow; false when there is none left. */
static bool look_further(struct turn *turn, enum question last, enum question end) {
    for (int question = (int)last + 1; question < (int)end; question++) {
        const char *const *values;
        int count;
        if (!question_values(turn, (enum question)question, &values, &count))
            continue;
        look_up(turn, (enum question)question, question_by((enum question)question), values, count,
                question >= ASK_KEY);
        return true;
    }
    return false;
}

static void look_focus(struct turn *turn, enum question question) {
    const char *key = turn->state->focus;
    look_up(turn, question, ORDER_BY_KEY, &key, 1, false);
}

static void look_proved(struct turn *turn) {
    const char *keys[STATE_ORDERS];
    int count = 0;
    while (count < STATE_ORDERS && turn->state->orders[count][0] != '\0') {
        keys[count] = turn->state->orders[count];
        count++;
    }
    look_up(turn, ASK_PROVED, ORDER_BY_KEY, keys, count, false);
}

static int proved_count(const struct state *state) {
    int count = 0;
    while (count < STATE_ORDERS && state->orders[count][0] != '\0')
        count++;
    return count;
}

static bool picks(const struct state *state) {
    return state->pick[0] != '\0' || state->pick_day != 0;
}

/* What failed before and is said again is no new try, and no less wrong. */
static void ask_again(struct turn *turn, bool failed) {
    if (!failed) {
        ask(turn);
        return;
    }
    speech_phrase(&turn->speech, "proof.failed_again", NULL);
    turn->state->expect = EXPECT_PROOF;
    noted(turn, "ask");
}

/* A tracking goal is open: find its order, or ask for what is missing. */
static void find_order(struct turn *turn) {
    struct state *state = turn->state;
    bool several = proved_count(state) > 1;
    if (several && picks(state) &&
        (turn->heard.expected == EXPECT_WHICH_ORDER || state->pick[0] != '\0' ||
         turn->heard.reading.count == 0))
        look_proved(turn);
    else if (state->focus[0] != '\0')
        look_focus(turn, turn->heard.factor_changed ? ASK_FACTOR : ASK_FOCUS);
    else if (state->locked)
        speech_phrase(&turn->speech, "handoff.waiting_locked", NULL);
    else if (!turn->heard.number_changed && several)
        look_proved(turn);
    else if (proof_claimed(&state->token) != 0 && !turn->heard.claims_changed)
        look_further(turn, ASK_PROVED, ASK_KEY);
    else {
        char fingerprint[65];
        proof_fingerprint(&state->claims, fingerprint);
        state->carried = turn->heard.number_changed && !turn->heard.factor_changed && proved_count(state) > 0;
        if (proof_enough(turn->dialogue->shop, &state->claims) && !text_is(fingerprint, state->tried))
            look_further(turn, ASK_TOKEN_EMAIL, ASK_END);
        else if (turn->heard.claims_changed || turn->heard.reading.slots[SLOT_EMAIL].count > 0 ||
                 turn->heard.reading.slots[SLOT_POSTCODE].count > 0)
            ask_again(turn, text_is(fingerprint, state->tried));
        else
            ask(turn);
    }
}

/* What the store said */

static void proof_fails(struct turn *turn) {
    struct state *state = turn->state;
    state->wrong_proofs++;
    proof_fingerprint(&state->claims, state->tried);
    turn->proof = "proof_failed";
    if (turn->dialogue->shop->wrong_proofs > 0 && state->wrong_proofs >= turn->dialogue->shop->wrong_proofs) {
        state->locked = true;
        goals_clear(state);
        turn->proof = "locked";
        hand_over(turn, "locked", "proof.locked");
        return;
    }
    noted(turn, "proof_failed");
    state->expect = EXPECT_PROOF;
    if (!wants_order(turn) && wants_other(turn))
        meet_others(turn, NULL); /* a person was asked for, not an order */
    else if (state->carried) {
        /* What proved another order was not offered for this one: it counts, and is not called wrong. */
        struct values values = {0};
        values_text(&values, "order", state->claims.number, NULL);
        speech_phrase(&turn->speech, "ask.proof", &values);
    } else
        speech_phrase(&turn->speech, state->wrong_proofs > 1 ? "proof.failed_again" : "proof.failed", NULL);
}

/* Keeps what these claims show of the order, beside what earlier ones have shown; its tier, 0 when they open
 * nothing. */
static int prove(struct turn *turn, const struct order *order) {
    struct state *state = turn->state;
    const struct shop *shop = turn->dialogue->shop;
    unsigned matched = proof_matched(shop, &state->claims, order);
    int at = order_known(state, order->key);
    unsigned shown = matched | (at < 0 ? 0 : (unsigned)state->factors[at]);
    int tier = proof_tier(shop, shown, &state->token, order);
    if (tier == 0)
        return 0;
    if (at < 0) {
        at = proved_count(state);
        if (at == STATE_ORDERS) {
            memmove(state->orders[0], state->orders[1], sizeof state->orders - sizeof state->orders[0]);
            memmove(&state->factors[0], &state->factors[1], sizeof state->factors - sizeof state->factors[0]);
            memmove(&state->tiers[0], &state->tiers[1], sizeof state->tiers - sizeof state->tiers[0]);
            at = STATE_ORDERS - 1;
        }
        memset(state->orders[at], 0, sizeof state->orders[at]);
        TEXT_SET(state->orders[at], order->key);
        state->tiers[at] = 0;
    }
    state->factors[at] = (int)shown;
    if (tier > state->tiers[at])
        state->tiers[at] = tier;
    return tier;
}

static bool order_final(struct turn *turn, const struct order *order) {
    struct picture picture;
    picture_draw(&picture, order, turn->dialogue->shop, turn->event->now_ms, turn->arena);
    return picture.final;
}

static bool changed_lately(struct turn *turn, const struct order *order) {
    const struct zone *zone = turn->dialogue->shop->zone;
    int32_t since = zone_day(zone, turn->event->now_ms) - RECENT_DAYS;
    for (int i = 0; i < order->parcel_count; i++)
        if (zone_moment_day(zone, order->parcels[i].status_at) >= since)
            return true;
    return false;
}

static bool any_delivered(const struct order *order) {
    for (int i = 0; i < order->parcel_count; i++)
        if (order->parcels[i].status == STATUS_DELIVERED)
            return true;
    return order->state == STATUS_DELIVERED;
}

static bool wants_delivered(struct turn *turn) {
    for (int i = 0; i < STATE_GOALS; i++) {
        const struct intent *intent = intent_of(turn, turn->state->goals[i].intent);
        if (intent != NULL && (text_is(intent->aspect, "not_received") || text_is(intent->aspect, "proof")))
            return true;
    }
    return false;
}

/* The one order that is meant without saying so: the only open one, when no other has just ended; NULL when
 * it has to be asked. */
static const struct order *obvious(struct turn *turn, const struct order_list *orders) {
    const struct order *only = NULL;
    bool delivered = wants_delivered(turn);
    if (orders->count == 1)
        return orders->orders[0];
    for (int i = 0; i < orders->count; i++) {
        const struct order *order = orders->orders[i];
        bool meant = delivered ? any_delivered(order) : !order_final(turn, order);
        if (!meant && (delivered || !changed_lately(turn, order)))
            continue;
        if (only != NULL)
            return NULL;
        only = order;
    }
    return only != NULL ? only : orders->orders[0];
}

static void ask_which(struct turn *turn, const struct order_list *orders) {
    struct state *state = turn->state;
    struct speech *speech = &turn->speech;
    int most = state->voice == VOICE_SPOKEN ? WHICH_SPOKEN : WHICH_WRITTEN;
    int count = orders->count < most ? orders->count : most;
    const char **items = ARENA_ARRAY(turn->arena, const char *, (size_t)count);
    struct part *part = speech_part(speech, PART_CHOICES);
    for (int i = 0; i < count; i++) {
        struct picture picture;
        picture_draw(&picture, orders->orders[i], turn->dialogue->shop, turn->event->now_ms, turn->arena);
        struct values values = {0};
        answer_listed(speech, &picture, &values);
        items[i] = speech_words(speech, "which.item", &values);
        speech_choice(speech, part, arena_format(turn->arena, "order:%s", orders->orders[i]->key),
                      speech_words(speech, "choice.order", &values));
    }
    struct values values = {0};
    values_number(&values, "count", orders->count, "orders of this customer");
    values_text(&values, "list",
                phrasebook_list(turn->dialogue->book, state->locale, items, count, turn->arena), NULL);
    speech_phrase(speech,
                  turn->heard.expected == EXPECT_WHICH_ORDER ||
                          speech_said_alike(speech, "which.order", &values)
                      ? "which.again"
                      : "which.order",
                  &values);
    state->expect = EXPECT_WHICH_ORDER;
    noted(turn, "ask");
}

static int tier_of(const struct state *state, const struct order *order) {
    int at = order_known(state, order->key);
    return at < 0 ? 0 : state->tiers[at];
}

static void focus_and_answer(struct turn *turn, const struct order *order) {
    struct state *state = turn->state;
    TEXT_SET(state->focus, order->key);
    memset(state->pick, 0, sizeof state->pick);
    state->pick_day = 0;
    if (!wants_order(turn) && !wants_other(turn))
        goal_add(state, "track.where", "dialogue: an order was named", 1, 0);
    answer_order(turn, order, tier_of(state, order));
}

static void hear_matches(struct turn *turn, const struct order_list *orders) {
    struct state *state = turn->state;
    struct order_list matches = {.orders = ARENA_ARRAY(turn->arena, struct order *, ORDER_LIST_MAX)};
    for (int i = 0; i < orders->count; i++) {
        if (prove(turn, orders->orders[i]) == 0)
            continue;
        matches.orders[matches.count++] = orders->orders[i];
    }
    if (matches.count == 0) {
        enum question last = (enum question)state->look_up;
        bool by_token = last == ASK_TOKEN_ORDER || last == ASK_TOKEN_EMAIL;
        if (look_further(turn, last, by_token ? ASK_KEY : ASK_END))
            return;
        if (by_token)
            ask(turn);
        else
            proof_fails(turn);
        return;
    }
    memset(state->tried, 0, sizeof state->tried);
    turn->proof = "proof_ok";
    const struct order *meant = obvious(turn, &matches);
    if (meant == NULL)
        ask_which(turn, &matches);
    else
        focus_and_answer(turn, meant);
}

/* Picks among proved orders: "la deuxième", "the other one", "the one of 3 March", "both". The list is newest
 * first, as it was told. */
static const struct order *picked(struct turn *turn, const struct order_list *orders) {
    const struct state *state = turn->state;
    const struct zone *zone = turn->dialogue->shop->zone;
    const char *pick = state->pick;
    int index = pick[0] >= '1' && pick[0] <= '9' && pick[1] == '\0' ? pick[0] - '1' : -1;
    if (text_is(pick, "last") && turn->heard.expected == EXPECT_WHICH_ORDER)
        index = orders->count - 1;
    else if (text_is(pick, "newest") || text_is(pick, "last"))
        index = 0;
    else if (text_is(pick, "oldest"))
        index = orders->count - 1;
    if (index >= 0)
        return index < orders->count ? orders->orders[index] : NULL;
    const struct order *found = NULL;
    for (int i = 0; i < orders->count; i++) {
        const struct order *order = orders->orders[i];
        bool other = text_is(pick, "other") && state->focus[0] != '\0' && !text_is(order->key, state->focus);
        bool dated = pick[0] == '\0' && state->pick_day != 0 &&
                     zone_moment_day(zone, order->placed_at) == state->pick_day;
        if (!other && !dated)
            continue;
        if (found != NULL)
            return NULL;
        found = order;
    }
    return found;
}

static void hear_proved(struct turn *turn, const struct order_list *orders) {
    struct state *state = turn->state;
    if (text_is(state->pick, "both") || text_is(state->pick, "all")) {
        struct goal goals[STATE_GOALS];
        memcpy(goals, state->goals, sizeof goals);
        for (int i = 0; i < orders->count && i < WHICH_SPOKEN; i++) {
            memcpy(state->goals, goals, sizeof goals);
            focus_and_answer(turn, orders->orders[i]);
        }
        return;
    }
    const struct order *order = picks(state) ? picked(turn, orders) : obvious(turn, orders);
    if (order != NULL)
        focus_and_answer(turn, order);
    else
        ask_which(turn, orders);
}

static void hear_focus(struct turn *turn, const struct order *order, bool new_factor) {
    struct state *state = turn->state;
    unsigned shown = (unsigned)state->factors[order_known(state, order->key)];
    prove(turn, order);
    bool nothing_new = (unsigned)state->factors[order_known(state, order->key)] == shown;
    if (new_factor && nothing_new && tier_of(state, order) < 2 && !state->locked &&
        turn->heard.expected == EXPECT_SECOND_FACTOR) {
        proof_fails(turn);
        return;
    }
    answer_order(turn, order, tier_of(state, order));
}

static void hear_orders(struct turn *turn) {
    struct state *state = turn->state;
    const struct event *event = turn->event;
    enum question question = (enum question)state->look_up;
    static const struct order_list none;
    const struct order_list *orders = event->orders != NULL ? event->orders : &none;
    enum { FOUND_FAILED = 2 };
    if (event->found == FOUND_FAILED) {
        state->look_up = ASK_NOTHING;
        speech_phrase(&turn->speech, "store.failed", NULL);
        noted(turn, "store_failed");
        return;
    }
    turn->heard.expected = state->expect_before;
    if (state->opening[0] != '\0')
        speech_phrase(&turn->speech, state->opening, NULL);
    memset(state->opening, 0, sizeof state->opening);
    if (question == ASK_FOCUS || question == ASK_FACTOR || question == ASK_PROVED) {
        state->look_up = ASK_NOTHING;
        if (orders->count == 0) {
            memset(state->orders, 0, sizeof state->orders);
            memset(state->focus, 0, sizeof state->focus);
            memset(&state->claims, 0, sizeof state->claims);
            ask(turn);
        } else if (question == ASK_PROVED)
            hear_proved(turn, orders);
        else
            hear_focus(turn, orders->orders[0], question == ASK_FACTOR);
        return;
    }
    hear_matches(turn, orders);
    if (!turn->looking)
        state->look_up = ASK_NOTHING;
}

/* Words that are neither tracking nor a hand-off */

static const struct {
    const char *act, *phrase;
    bool keeps; /* what was expected before is still expected */
} socials[] = {
    {"greeting", "social.greeting", true},
    {"thanks", "social.thanks", false},
    {"goodbye", "social.goodbye", false},
    {"insult", "social.insult", true},
    {"robot", "social.robot", true},
    {"how_are_you", "social.how_are_you", true},
    {"help", "social.help", true},
    {"wait", "social.wait", true},
    {"lost_number", "ask.number_help", true},
    {"not_mine", "social.not_mine", false},
    {"slower", "social.wait", true},
};

static void never_mind(struct turn *turn) {
    struct state *state = turn->state;
    if (state->handling != HANDLING_WAITING) {
        speech_phrase(&turn->speech, "offer.declined", NULL);
        return;
    }
    hand_off_effect(turn, HAND_OFF_WITHDRAW);
    memset(state->topics, 0, sizeof state->topics);
    memset(state->reference, 0, sizeof state->reference);
    state->handling = HANDLING_BOT;
    if (state->focus[0] != '\0' && goal_add(state, "track.arrival", "dialogue: confirms the date", 1, 0)) {
        TEXT_SET(state->opening, "handoff.withdrawn");
        look_focus(turn, ASK_FOCUS);
    } else
        speech_phrase(&turn->speech, "handoff.withdrawn", NULL);
}

static void answer_social(struct turn *turn) {
    struct state *state = turn->state;
    const char *act = turn->heard.act;
    note_goal(turn, &(struct goal){.score = turn->heard.social->score});
    turn->intent = turn->heard.social->intent->name;
    turn->rule = turn->heard.social->rule;
    noted(turn, "social");
    state->misses = 0;
    for (size_t i = 0; i < sizeof socials / sizeof *socials; i++) {
        if (!text_is(socials[i].act, act))
            continue;
        struct values values = {0};
        values_text(&values, "shop", turn->dialogue->shop->name, NULL);
        speech_phrase(&turn->speech, socials[i].phrase, &values);
        if (socials[i].keeps)
            state->expect = turn->heard.expected;
        if (text_is(act, "lost_number"))
            state->expect = EXPECT_PROOF;
        if (text_is(act, "goodbye") && state->voice == VOICE_SPOKEN)
            effects_add(turn->effects, EFFECT_END);
        return;
    }
    if (text_is(act, "confirm_handoff"))
        confirm_handoff(turn);
    else if (text_is(act, "nevermind"))
        never_mind(turn);
    else if (text_is(act, "repeat") && state->focus[0] != '\0' &&
             goal_add(state, "track.where", turn->heard.social->rule, turn->heard.social->score, 0))
        look_focus(turn, ASK_FOCUS);
    else if (text_is(act, "repeat"))
        speech_phrase(&turn->speech, "social.repeat_nothing", NULL);
    else if (strncmp(act, "language:", 9) == 0) {
        bool spoken = dialogue_speaks(turn->dialogue, act + 9);
        speech_phrase(&turn->speech, spoken ? "social.language" : "social.language_not_spoken", NULL);
        state->expect = turn->heard.expected;
    } else
        speech_phrase(&turn->speech, "social.noted", NULL);
}

/* Not understood: choices, a second way, a person; while a number or proof is awaited, the question in other
 * words. */
static void not_understood(struct turn *turn) {
    struct state *state = turn->state;
    struct speech *speech = &turn->speech;
    state->misses++;
    noted(turn, "not_understood");
    bool asked = turn->heard.expected == EXPECT_NUMBER || turn->heard.expected == EXPECT_PROOF ||
                 turn->heard.expected == EXPECT_SECOND_FACTOR;
    if (state->misses >= MISSES_MAX) {
        no_answer(turn, "not_understood", "handoff.not_understood");
        return;
    }
    if (asked && wants_order(turn)) {
        if (turn->heard.expected == EXPECT_SECOND_FACTOR)
            ask_factor(turn);
        else
            ask(turn);
        return;
    }
    state->expect = turn->heard.expected == EXPECT_OFFER ? EXPECT_OFFER : EXPECT_CLARIFICATION;
    speech_phrase(speech, state->misses == 1 ? "clarify.first" : "clarify.second", NULL);
    struct part *part = speech_part(speech, PART_CHOICES);
    speech_choice(speech, part, "track", speech_words(speech, "choice.track", NULL));
    speech_choice(speech, part, "problem", speech_words(speech, "choice.problem", NULL));
    speech_choice(speech, part, "person", speech_words(speech, "choice.person", NULL));
}

/* A yes or no to what was asked. True when that was all there was to it. */
static bool answered_question(struct turn *turn) {
    struct state *state = turn->state;
    const struct heard *heard = &turn->heard;
    bool more = heard->track || wants_other(turn);
    bool yes = text_is(heard->yes_no, "yes") && !heard->half_hearted, no = text_is(heard->yes_no, "no");
    if (heard->expected == EXPECT_OFFER && !more && (yes || no)) {
        if (yes)
            hand_over(turn, state->offer, NULL);
        else
            speech_phrase(&turn->speech, "offer.declined", NULL);
        noted(turn, "answer");
        return true;
    }
    bool said_so = text_is(heard->act, "already_checked") && state->focus[0] != '\0';
    bool looked = yes || no || said_so;
    if (heard->expected == EXPECT_CHECKED || said_so) {
        if (looked && !more)
            goal_add(state, "track.not_received", "dialogue: has looked for it", 1, 0);
        state->checked = looked || wants_delivered(turn);
    }
    return false;
}

static bool took_contact(struct turn *turn) {
    struct state *state = turn->state;
    bool later = state->handling == HANDLING_WAITING &&
                 !shop_open(turn->dialogue->shop, turn->event->now_ms) && turn->heard.factor_changed &&
                 !turn->heard.number_changed && !wants_order(turn) && !wants_other(turn);
    if (turn->heard.expected != EXPECT_CONTACT && !later)
        return false;
    const struct slot_reading *emails = &turn->heard.reading.slots[SLOT_EMAIL];
    const struct slot_reading *phones = &turn->heard.reading.slots[SLOT_PHONE];
    const char *contact = emails->count > 0   ? emails->candidates[0].value
                          : phones->count > 0 ? phones->candidates[0].value
                                              : NULL;
    struct values values = {0};
    values_text(&values, "contact", contact, "customer");
    values_moment(&values, "open_at", moment_opening(turn), "shop hours");
    if (contact == NULL && !text_is(turn->heard.yes_no, "no"))
        return false;
    if (contact != NULL) {
        hand_off_effect(turn, HAND_OFF_CONTACT)->contact = contact;
        speech_phrase(&turn->speech, "handoff.contact_taken", &values);
    } else
        speech_phrase(&turn->speech, "handoff.contact_declined", &values);
    noted(turn, "contact");
    return !turn->heard.track && state->handling == HANDLING_WAITING;
}

static void respond(struct turn *turn) {
    struct state *state = turn->state;
    const struct heard *heard = &turn->heard;
    if (took_contact(turn) || answered_question(turn))
        return;
    bool identifying = heard->number_changed || (heard->factor_changed && state->focus[0] == '\0') ||
                       (heard->factor_changed && wants_order(turn)) || state->pick[0] != '\0' ||
                       (state->pick_day != 0 && (heard->expected == EXPECT_WHICH_ORDER ||
                                                 (proved_count(state) > 1 && heard->reading.count == 0)));
    bool proving = heard->expected == EXPECT_NUMBER || heard->expected == EXPECT_PROOF ||
                   heard->expected == EXPECT_SECOND_FACTOR || heard->expected == EXPECT_WHICH_ORDER;
    /* What is not tracking is met at once, unless these very words ask for tracking too: then that comes
     * first. */
    bool other = heard->other || (wants_other(turn) && !wants_order(turn));
    bool enough = heard->claims_changed && proof_enough(turn->dialogue->shop, &state->claims);
    if (other && !heard->track && !(wants_order(turn) && enough)) {
        if (state->focus[0] != '\0' && !wants_order(turn)) {
            look_focus(turn, ASK_FOCUS); /* the facts of the order go with it */
            return;
        }
        if (heard->claims_changed && !state->locked && proof_enough(turn->dialogue->shop, &state->claims) &&
            look_further(turn, ASK_TOKEN_EMAIL, ASK_END))
            return;
        meet_others(turn, NULL);
        if (state->expect == EXPECT_NOTHING && proving)
            state->expect = heard->expected;
        state->misses = 0;
        return;
    }
    bool named = state->focus[0] != '\0' && heard->reading.slots[SLOT_ORDER_NUMBER].count > 0;
    if (!wants_order(turn) && (identifying || named) && heard->social == NULL)
        goal_add(state, "track.where", "dialogue: an order was named", 1, 0);
    if (heard->track || (wants_order(turn) && (identifying || named || state->checked))) {
        find_order(turn);
        return;
    }
    if (heard->social != NULL) {
        answer_social(turn);
        return;
    }
    if ((heard->yes_no != NULL || heard->factor_changed) && !proving) {
        speech_phrase(&turn->speech, "social.noted", NULL);
        noted(turn, "social");
        return;
    }
    not_understood(turn);
}

static void said(struct turn *turn) {
    struct state *state = turn->state;
    if (state->handling == HANDLING_HUMAN) {
        turn->note = "to_human";
        return;
    }
    if (state->handling == HANDLING_CLOSED)
        state->handling = HANDLING_BOT;
    state->expect_before = state->expect;
    hear(turn->dialogue, state, turn->event, turn->arena, &turn->heard);
    state->expect = EXPECT_NOTHING;
    respond(turn);
}

/* Buttons */

static void chose(struct turn *turn) {
    static const struct {
        const char *id, *intent;
    } choices[] = {{"track", "track.where"}, {"problem", "human.other"}, {"person", "human.person"}};
    struct state *state = turn->state;
    const char *id = turn->event->text;
    if (state->handling == HANDLING_HUMAN)
        return;
    turn->heard.expected = state->expect;
    state->expect_before = state->expect;
    state->expect = EXPECT_NOTHING;
    state->misses = 0;
    if (text_is(id, "yes") || text_is(id, "no")) {
        turn->heard.yes_no = id;
        respond(turn);
        return;
    }
    if (strncmp(id, "order:", 6) == 0 && order_known(state, id + 6) >= 0) {
        TEXT_SET(state->focus, id + 6);
        if (!wants_order(turn))
            goal_add(state, "track.where", "dialogue: an order was chosen", 1, 0);
        look_focus(turn, ASK_FOCUS);
        return;
    }
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
        if (text_is(choices[i].id, id)) {
            goal_add(state, choices[i].intent, "dialogue: a choice", 1, 0);
            turn->heard.track = text_is(choices[i].intent, "track.where");
            respond(turn);
            return;
        }
    not_understood(turn);
}

/* People */

static void agent_acts(struct turn *turn) {
    struct state *state = turn->state;
    const struct event *event = turn->event;
    struct values values = {0};
    values_text(&values, "agent", event->agent, NULL);
    if (text_is(event->text, "take") || (text_is(event->text, "say") && state->handling != HANDLING_HUMAN)) {
        state->handling = HANDLING_HUMAN;
        hand_off_effect(turn, HAND_OFF_TAKE)->agent = event->agent;
        if (text_is(event->text, "take"))
            speech_phrase(&turn->speech, "handoff.taken", &values);
        turn->note = "agent_take";
    } else if (text_is(event->text, "return") || text_is(event->text, "close")) {
        bool back = text_is(event->text, "return");
        state->handling = HANDLING_BOT;
        state->expect = EXPECT_NOTHING;
        state->misses = state->asks = 0;
        hand_off_effect(turn, back ? HAND_OFF_RETURN : HAND_OFF_CLOSE)->agent = event->agent;
        memset(state->topics, 0, sizeof state->topics);
        memset(state->reference, 0, sizeof state->reference);
        goals_clear(state);
        speech_phrase(&turn->speech, back ? "handoff.returned" : "handoff.closed", NULL);
        turn->note = back ? "agent_return" : "agent_close";
    }
}

static void greet(struct turn *turn) {
    struct state *state = turn->state;
    const struct event *event = turn->event;
    if (!text_empty(event->locale) && dialogue_speaks(turn->dialogue, event->locale))
        TEXT_SET(state->locale, event->locale);
    else if (!dialogue_speaks(turn->dialogue, state->locale))
        TEXT_SET(state->locale, turn->dialogue->shop->locale);
    if (text_empty(event->token))
        return;
    struct token token;
    struct error err;
    memset(&state->token, 0, sizeof state->token);
    bool valid = token_verify(turn->dialogue->shop, event->token, event->now_ms, &token, &err);
    turn->note = valid ? "token" : "token_refused";
    if (!valid)
        return;
    TEXT_SET(state->token.numbers[0], token.order);
    TEXT_SET(state->token.email, token.email);
}

static const char *also_json(struct turn *turn) {
    enum { ALSO_MAX = 512 };
    const struct reading *reading = &turn->heard.reading;
    if (reading->count < 2)
        return NULL;
    struct buffer buffer;
    buffer_init(&buffer, ALSO_MAX);
    struct json_out out = {.buffer = &buffer};
    json_open(&out, NULL, '[');
    for (int i = 1; i < reading->count; i++)
        json_text(&out, NULL, reading->intents[i].intent->name);
    json_close(&out, ']');
    const char *json = arena_copy(turn->arena, buffer.bytes, buffer.len);
    buffer_clear(&buffer);
    return json;
}

static void note(struct turn *turn, const char *kind, const char *phrases) {
    const struct state *state = turn->state;
    struct effect_note *effect = &effects_add(turn->effects, EFFECT_NOTE)->note;
    const struct reading *reading = &turn->heard.reading;
    if (turn->intent == NULL && reading->count > 0) {
        turn->intent = reading->intents[0].intent->name;
        turn->rule = reading->intents[0].rule;
        turn->score = reading->intents[0].score;
    }
    bool proved = state->orders[0][0] != '\0';
    *effect = (struct effect_note){
        .kind = kind,
        .intent = turn->intent == NULL ? "" : turn->intent,
        .also = also_json(turn),
        .rule = turn->rule == NULL ? "" : turn->rule,
        .phrase = phrases,
        .facts = speech_facts(&turn->speech),
        .order = turn->order == NULL ? "" : turn->order,
        .customer = arena_string(turn->arena, !proved                          ? ""
                                              : state->claims.email[0] != '\0' ? state->claims.email
                                                                               : state->claims.phone),
        .score = turn->score,
    };
}

static void step(struct turn *turn) {
    switch (turn->event->kind) {
    case EVENT_HELLO:
        greet(turn);
        break;
    case EVENT_SAID:
        said(turn);
        break;
    case EVENT_CHOSE:
        chose(turn);
        break;
    case EVENT_ORDERS:
        hear_orders(turn);
        break;
    case EVENT_AGENT:
        agent_acts(turn);
        break;
    case EVENT_RATED:
        turn->note = "rating";
        turn->score = turn->event->rating;
        break;
    case EVENT_TIMER:
    case EVENT_BYE:
        break;
    }
}

bool dialogue_speaks(const struct dialogue *dialogue, const char *locale) {
    return catalogue_speaks(dialogue->catalogue, locale) && phrasebook_speaks(dialogue->book, locale);
}

void dialogue_step(const struct dialogue *dialogue, struct state *state, const struct event *event,
                   struct arena *arena, struct effects *effects) {
    struct turn turn = {
        .dialogue = dialogue, .state = state, .event = event, .arena = arena, .effects = effects};
    effects->count = 0;
    speech_init(&turn.speech, dialogue, state, arena, event->now_ms);
    step(&turn);
    const char *phrases = speech_end(&turn.speech, effects);
    if (turn.proof != NULL && !text_is(turn.proof, turn.note))
        note(&turn, turn.proof, phrases);
    if (turn.note != NULL && !(turn.looking && phrases[0] == '\0'))
        note(&turn, turn.note, phrases);
    speech_clear(&turn.speech);
    /* LOOK_UP closes the step. */
    for (int i = 0; i + 1 < effects->count; i++)
        if (effects->list[i].kind == EFFECT_LOOK_UP) {
            struct effect look = effects->list[i];
            memmove(&effects->list[i], &effects->list[i + 1], (size_t)(effects->count - i - 1) * sizeof look);
            effects->list[effects->count - 1] = look;
            break;
        }
}
