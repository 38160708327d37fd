/* Whose order? Asking the customer for what is missing, and the store for what was named. */
#include "base/text.h"
#include "bot/dialogue/claims.h"
#include "bot/dialogue/ladder.h"
#include "bot/dialogue/phone.h"
#include "bot/dialogue/proof.h"
#include "bot/dialogue/reply.h"
#include <string.h>

enum { ASKS_MAX = 4 };

struct asking {
    const char *first, *again;
    enum expect expect;
};

/* A shop that asks for more leaves no choice: by name what is missing. */
static const char *lacking_name(unsigned lacking) {
    return lacking & FACTOR_EMAIL ? "email" : lacking & FACTOR_POSTCODE ? "postcode" : "phone";
}

static struct asking missing(const struct state *state, unsigned lacking, bool late) {
    unsigned claimed = proof_claimed(&state->claims);
    if (claimed != 0 && lacking != 0 && !(lacking & FACTOR_NUMBER))
        return (struct asking){"ask.proof_missing", "ask.proof_missing", EXPECT_PROOF};
    if (claimed & FACTOR_NUMBER)
        return (struct asking){"ask.proof", "ask.proof_again", EXPECT_PROOF};
    if (claimed & FACTOR_EMAIL)
        return (struct asking){"ask.proof_for_email", "ask.proof_for_email", EXPECT_PROOF};
    if (claimed & FACTOR_PHONE4)
        return (struct asking){"ask.proof_for_phone", "ask.proof_for_phone", EXPECT_PROOF};
    if (claimed == FACTOR_CALLER)
        return (struct asking){"proof.caller", "unclear.proof", EXPECT_PROOF};
    if (claimed & FACTOR_POSTCODE)
        return (struct asking){"ask.proof_for_postcode", "ask.proof_for_postcode", EXPECT_NUMBER};
    return (struct asking){late ? "ask.number_late" : "ask.number", "ask.number_again", EXPECT_NUMBER};
}

static bool about_lateness(struct reply *reply) {
    static const char *const worried[] = {"late", "stalled", "not_received", "missed"};
    for (int i = 0; i < STATE_GOALS; i++) {
        const struct intent *intent = reply_intent(reply, reply->state->goals[i].intent);
        for (size_t w = 0; intent != NULL && w < sizeof worried / sizeof *worried; w++)
            if (text_is(intent->aspect, worried[w]))
                return true;
    }
    return false;
}

void identify_ask(struct reply *reply) {
    struct state *state = reply->state;
    unsigned lacking = proof_lacking(reply->dialogue->shop, &state->claims);
    struct asking asking = missing(state, lacking, about_lateness(reply));
    if (state->asks >= ASKS_MAX) {
        handoff_give_up(reply, "not_understood", "handoff.not_understood");
        return;
    }
    bool again = state->asks > 0 && !reply->heard.claims_changed;
    if (again && state->voice == VOICE_SPOKEN) {
        ladder_miss(reply, asking.expect);
        return;
    }
    struct values values;
    values_init(&values);
    values_text(&values, FACT_ORDER, state->claims.number, source_none);
    values_text(&values, FACT_FACTORS, lacking_name(lacking), source_none);
    bool number = asking.expect == EXPECT_NUMBER,
         worried = state->asks == 1 && reply->heard.track && about_lateness(reply);
    const char *phrase = !again                          ? asking.first
                         : number && reply->heard.digits ? "ask.number_unreadable"
                         : number && worried             ? asking.first
                                                         : asking.again;
    speech_phrase(&reply->speech, phrase, &values);
    state->expect = asking.expect;
    state->asks = reply->heard.claims_changed ? 1 : state->asks + 1;
    reply_noted(reply, "ask");
    if (state->asks > 1 && reply_wants_other(reply))
        wish_meet_others(reply, NULL);
}

void identify_factor(struct reply *reply) {
    struct state *state = reply->state;
    struct values values;
    values_init(&values);
    values_text(&values, FACT_FACTORS, proof_missing(&state->claims), source_none);
    speech_phrase(&reply->speech,
                  reply->heard.expected == EXPECT_SECOND_FACTOR ? "ask.second_factor_again"
                                                                : "ask.second_factor",
                  &values);
    state->expect = EXPECT_SECOND_FACTOR;
}

void identify_offer_details(struct reply *reply) {
    struct values values;
    values_init(&values);
    values_text(&values, FACT_FACTORS, proof_missing(&reply->state->claims), source_none);
    speech_phrase(&reply->speech, "offer.pickup_details", &values);
}

static void look_up(struct reply *reply, enum question question, enum order_by by, const char *const *values,
                    int count, int tries) {
    struct look_up *look_up = &effects_add(reply->effects, EFFECT_LOOK_UP)->look_up;
    *look_up = (struct look_up){.query = {.shop = reply->dialogue->shop->id, .by = by}, .tries = tries};
    for (int i = 0; i < count && i < ORDER_QUERY_VALUES; i++)
        look_up->query.values[look_up->query.count++] = arena_string(reply->arena, values[i]);
    if (reply->state->claims.postcode[0] != '\0')
        look_up->query.postcode = arena_string(reply->arena, reply->state->claims.postcode);
    reply->state->look_up = question;
    reply->looking = true;
}

static bool ask_keys(struct reply *reply, const char *const **values, int *count) {
    const struct shop *shop = reply->dialogue->shop;
    const struct claims *claims = &reply->state->claims;
    const char **list = ARENA_ARRAY(reply->arena, const char *, ORDER_QUERY_VALUES);
    *count = 0;
    for (int i = 0; i < STATE_NUMBERS && claims->numbers[i][0] != '\0'; i++)
        list[(*count)++] = claims->numbers[i];
    int plain = *count;
    for (const char *const *prefix = shop->number_prefixes; prefix != NULL && *prefix != NULL; prefix++)
        for (int i = 0; i < plain && *count < ORDER_QUERY_VALUES; i++) {
            char key[KEY_SIZE];
            if (key_number(key, arena_format(reply->arena, "%s%s", *prefix, list[i])))
                list[(*count)++] = arena_string(reply->arena, key);
        }
    *values = list;
    return plain > 0;
}

/* Where several are named and one of them by its digits, all are asked for by theirs. */
static bool ask_digits(struct reply *reply, const char *const **values, int *count) {
    const struct claims *claims = &reply->state->claims;
    const char **list = ARENA_ARRAY(reply->arena, const char *, ORDER_QUERY_VALUES);
    bool mixed = claims_mixed(claims);
    *count = 0;
    for (int i = 0; i < STATE_NUMBERS && claims->numbers[i][0] != '\0'; i++) {
        char digits[KEY_SIZE];
        if (key_digits(digits, claims->numbers[i]) && (mixed || text_is(digits, claims->numbers[i])))
            list[(*count)++] = arena_string(reply->arena, digits);
    }
    *values = list;
    return *count > 0;
}

static bool ask_one(struct reply *reply, const char *value, const char *const **values, int *count) {
    const char **list = ARENA_ARRAY(reply->arena, const char *, 1);
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
    case ASK_CALLER:
        return ORDER_BY_PHONE;
    default:
        return ORDER_BY_KEY;
    }
}

/* False when the claims give nothing to ask this question with. */
static bool question_values(struct reply *reply, enum question question, const char *const **values,
                            int *count) {
    const struct state *state = reply->state;
    switch (question) {
    case ASK_TOKEN_ORDER:
        return ask_one(reply, state->token.numbers[0], values, count);
    case ASK_TOKEN_EMAIL:
        return ask_one(reply, state->token.email, values, count);
    case ASK_KEY:
        return ask_keys(reply, values, count);
    case ASK_DIGITS:
        return ask_digits(reply, values, count);
    case ASK_TRACKING: /* carriers' numbers have no end of shapes: one that is no order may be a parcel */
        return ask_one(reply,
                       state->claims.tracking[0] != '\0' ? state->claims.tracking : state->claims.numbers[0],
                       values, count);
    case ASK_EMAIL:
        return ask_one(reply, state->claims.email, values, count);
    case ASK_PHONE:
        return ask_one(reply,
                       state->claims.phone[0] == '\0' && state->claims.postcode[0] != '\0'
                           ? state->claims.caller
                           : state->claims.phone,
                       values, count);
    case ASK_CALLER:
        return ask_one(reply, state->call.caller, values, count);
    default:
        return false;
    }
}

bool identify_further(struct reply *reply, enum question last, enum question end) {
    for (int question = (int)last + 1; question < (int)end; question++) {
        const char *const *values;
        int count;
        if (!question_values(reply, (enum question)question, &values, &count))
            continue;
        look_up(reply, (enum question)question, question_by((enum question)question), values, count,
                question < ASK_KEY                              ? 0
                : question == ASK_KEY || question == ASK_DIGITS ? claims_named(&reply->state->claims)
                                                                : 1);
        return true;
    }
    return false;
}

bool identify_tries(const struct state *state) {
    int at = order_known(state, state->focus);
    return state->untested && !state->locked && at >= 0 && state->tiers[at] < 2;
}

void identify_focus(struct reply *reply, enum question question) {
    const char *key = reply->state->focus;
    look_up(reply, question, ORDER_BY_KEY, &key, 1, identify_tries(reply->state));
}

static void look_proved(struct reply *reply) {
    const char *keys[STATE_ORDERS];
    int count = 0;
    while (count < STATE_ORDERS && reply->state->orders[count][0] != '\0') {
        keys[count] = reply->state->orders[count];
        count++;
    }
    look_up(reply, ASK_PROVED, ORDER_BY_KEY, keys, count, 0);
}

bool identify_picks(const struct state *state) {
    return state->pick[0] != '\0' || state->pick_day != 0;
}

/* What failed before and is said again is no new try, and no less wrong. */
static void ask_again(struct reply *reply, bool failed) {
    if (!failed) {
        identify_ask(reply);
        return;
    }
    speech_phrase(&reply->speech, "proof.failed_again", NULL);
    reply->state->expect = EXPECT_PROOF;
    reply_noted(reply, "ask");
}

/* One of the orders named at once is proved already: no need to wait for more. */
static bool names_known(const struct state *state) {
    bool known = false;
    for (int i = 0; state->claims.others[0][0] != '\0' && i < STATE_NUMBERS; i++)
        known = known || claims_known(state, state->claims.numbers[i]) >= 0;
    return known;
}

void identify_order(struct reply *reply) {
    struct state *state = reply->state;
    bool several = reply_proved(state) > 1;
    if (several && identify_picks(state) &&
        (reply->heard.expected == EXPECT_WHICH_ORDER || state->pick[0] != '\0' ||
         reply->heard.reading->count == 0))
        look_proved(reply);
    else if (state->focus[0] != '\0')
        identify_focus(reply, reply->heard.factor_changed ? ASK_FACTOR : ASK_FOCUS);
    else if (state->locked)
        handoff_locked(reply);
    else if (!reply->heard.number_changed && several &&
             !(reply->heard.factor_changed && reply->heard.expected == EXPECT_PROOF))
        look_proved(reply);
    else if (proof_claimed(&state->token) != 0 && !reply->heard.claims_changed)
        identify_further(reply, ASK_PROVED, ASK_KEY);
    else {
        char fingerprint[65];
        proof_fingerprint(&state->claims, fingerprint);
        state->carried =
            reply->heard.number_changed && !reply->heard.factor_changed && reply_proved(state) > 0;
        if ((proof_enough(reply->dialogue->shop, &state->claims) || names_known(state)) &&
            !text_is(fingerprint, state->tried))
            identify_further(reply, ASK_TOKEN_EMAIL, ASK_END);
        else if (reply->heard.claims_changed || reply->heard.reading->slots[SLOT_EMAIL].count > 0 ||
                 reply->heard.reading->slots[SLOT_POSTCODE].count > 0)
            ask_again(reply, text_is(fingerprint, state->tried));
        else if (!phone_look_up(reply))
            identify_ask(reply);
    }
}
