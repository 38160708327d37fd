#include "bot/dialogue/hear.h"
#include "base/text.h"
#include "bot/dialogue/tail.h"
#include <string.h>

enum { DAY_MS = 86400000, YES_NO_WORDS = 6 };
static const double clear_yes = .8;

/* Fields are cleared whole, for they are compared and hashed whole. */
static bool claim(char *field, size_t size, const char *value) {
    if (text_is(field, value))
        return false;
    memset(field, 0, size);
    text_set(field, size, value);
    return true;
}
#define CLAIM(field, value) claim((field), sizeof(field), (value))

bool goal_add(struct state *state, const char *intent, const char *rule, double score, int32_t asked) {
    for (int i = 0; i < STATE_GOALS; i++) {
        struct goal *goal = &state->goals[i];
        if (goal->intent[0] != '\0' && !text_is(goal->intent, intent))
            continue;
        TEXT_SET(goal->intent, intent);
        TEXT_SET(goal->rule, rule);
        goal->score = score;
        if (asked != 0)
            goal->asked = asked;
        return true;
    }
    return false;
}

static void goal_rename(struct state *state, const char *from, const char *to) {
    for (int i = 0; i < STATE_GOALS; i++)
        if (text_is(state->goals[i].intent, from))
            TEXT_SET(state->goals[i].intent, to);
}

void goals_clear(struct state *state) {
    memset(state->goals, 0, sizeof state->goals);
}

int order_known(const struct state *state, const char *key) {
    for (int i = 0; i < STATE_ORDERS && state->orders[i][0] != '\0'; i++)
        if (text_is(state->orders[i], key))
            return i;
    return -1;
}

static int expected_slot(enum expect expect) {
    switch (expect) {
    case EXPECT_NUMBER:
    case EXPECT_WHICH_ORDER:
        return SLOT_ORDER_NUMBER;
    case EXPECT_PROOF:
    case EXPECT_SECOND_FACTOR:
        return SLOT_POSTCODE;
    case EXPECT_CONTACT:
    case EXPECT_MESSAGE:
        return SLOT_PHONE;
    case EXPECT_CONFIRM:
        return SLOT_ORDER_NUMBER;
    case EXPECT_CALL_BACK:
    case EXPECT_OFFER:
    case EXPECT_REST:
        return SLOT_YES_NO;
    default:
        return -1;
    }
}

static bool overlap(const struct candidate *a, const struct candidate *b) {
    return a->begin < b->end && b->begin < a->end;
}

static const struct candidate *over(const struct slot_reading *slot, const struct candidate *token) {
    for (int i = 0; i < slot->count; i++)
        if (overlap(&slot->candidates[i], token))
            return &slot->candidates[i];
    return NULL;
}

static const struct candidate *clear_of(const struct slot_reading *slot, const struct candidate *token) {
    for (int i = 0; i < slot->count; i++)
        if (token == NULL || !overlap(&slot->candidates[i], token))
            return &slot->candidates[i];
    return NULL;
}

/* The word that is the order number: where several could be, the one that looks more like a number than like
 * a postcode, and of equals the first. */
static const struct candidate *number_token(const struct slot_reading *numbers,
                                            const struct slot_reading *postcodes) {
    const struct candidate *best = NULL;
    double best_lead = 0;
    for (int i = 0; i < numbers->count; i++) {
        const struct candidate *token = &numbers->candidates[i];
        const struct candidate *rival = over(postcodes, token);
        double lead = token->score - (rival == NULL ? 0 : rival->score);
        bool better =
            best == NULL || lead > best_lead + .01 || (lead > best_lead - .01 && token->begin < best->begin);
        if (better) {
            best = token;
            best_lead = lead;
        }
    }
    return best;
}

static bool number_claimed(const struct state *state) {
    return state->claims.numbers[0][0] != '\0' || state->claims.tracking[0] != '\0' ||
           state->claims.caller[0] != '\0' || state->focus[0] != '\0';
}

/* How many signs stand where they stood before. */
static int likeness(const char *before, const char *now) {
    int like = 0;
    if (strlen(before) != strlen(now))
        return 0;
    for (size_t i = 0; now[i] != '\0'; i++)
        like += before[i] == now[i];
    return like;
}

/* Does it begin or end so that half of it at least is the same? */
static bool slip_of(const char *before, const char *now) {
    size_t most = strlen(before), len = strlen(now), head = 0, tail = 0;
    while (before[head] != '\0' && before[head] == now[head])
        head++;
    while (tail < most && tail < len && before[most - 1 - tail] == now[len - 1 - tail])
        tail++;
    return (head + tail) * 2 >= most;
}

/* "sorry, 28014": a slip is mended, so what is corrected is what it is more like; "sorry, its 33000" may as
 * well be the postcode that was asked for. */
static bool mends_postcode(const struct claims *claims, const char *value) {
    char key[KEY_SIZE];
    if (!key_postcode(key, value))
        return false;
    return claims->postcode[0] == '\0' ? !slip_of(claims->numbers[0], key)
                                       : likeness(claims->postcode, key) > likeness(claims->numbers[0], key);
}

/* Whether a word that could be both was asked for as the postcode. */
static bool means_postcode(const struct state *state, const struct heard *heard, const char *value) {
    const struct claims *claims = &state->claims;
    bool bare = state->focus[0] == '\0' && claims->email[0] == '\0' && claims->postcode[0] == '\0';
    bool asked = heard->expected == EXPECT_PROOF || heard->expected == EXPECT_SECOND_FACTOR || bare;
    return asked && number_claimed(state) && (!heard->reading->corrected || mends_postcode(claims, value));
}

/* One of the proved orders, by its whole number or by the digits of it. */
static int known_number(const struct state *state, const char *value) {
    char key[KEY_SIZE], digits[KEY_SIZE], own[KEY_SIZE];
    if (!key_number(key, value))
        return -1;
    int at = order_known(state, key);
    for (int i = 0; at < 0 && i < STATE_ORDERS && state->orders[i][0] != '\0'; i++)
        if (key_digits(digits, key) && text_is(digits, key) && key_digits(own, state->orders[i]) &&
            text_is(own, digits))
            at = i;
    return at;
}

static void focus_on(struct state *state, int index) {
    TEXT_SET(state->focus, state->orders[index]);
    memset(state->pick, 0, sizeof state->pick);
}

static void claim_number(struct state *state, struct heard *heard, const struct candidate *token) {
    struct claims *claims = &state->claims;
    int known = known_number(state, token->value);
    if (known >= 0) {
        focus_on(state, known);
        return;
    }
    char old[KEY_SIZE], key[KEY_SIZE];
    memcpy(old, claims->numbers[0], sizeof old);
    memset(claims->numbers, 0, sizeof claims->numbers);
    int count = 0;
    const struct slot_reading *numbers = &heard->reading->slots[SLOT_ORDER_NUMBER];
    for (int i = 0; i < numbers->count && count < STATE_NUMBERS; i++)
        if (overlap(&numbers->candidates[i], token) && key_number(key, numbers->candidates[i].value))
            TEXT_SET(claims->numbers[count++], key);
    CLAIM(claims->number, token->value);
    memset(claims->tracking, 0, sizeof claims->tracking);
    heard->number_changed = heard->number_changed || !text_is(old, claims->numbers[0]);
    if (heard->number_changed)
        memset(state->focus, 0, sizeof state->focus);
}

static void claim_tracking(struct state *state, struct heard *heard, const char *value) {
    char key[KEY_SIZE];
    if (!key_number(key, value))
        return;
    if (CLAIM(state->claims.tracking, key)) {
        heard->number_changed = true;
        CLAIM(state->claims.number, value);
        memset(state->claims.numbers, 0, sizeof state->claims.numbers);
        memset(state->focus, 0, sizeof state->focus);
    }
}

/* The postcode, and by voice what else those words may say: all of that is one guess. */
static bool claim_postcode(struct state *state, const struct heard *heard, const struct candidate *token) {
    struct claims *claims = &state->claims;
    const struct slot_reading *slot = &heard->reading->slots[SLOT_POSTCODE];
    char before[sizeof claims->postcodes], key[KEY_SIZE];
    int count = 0;
    if (token == NULL || !key_postcode(key, token->value))
        return false;
    bool changed = CLAIM(claims->postcode, key);
    memcpy(before, claims->postcodes, sizeof before);
    memset(claims->postcodes, 0, sizeof claims->postcodes);
    for (int i = 0; state->voice == VOICE_SPOKEN && i < slot->count && count < STATE_POSTCODES; i++)
        if (overlap(&slot->candidates[i], token) && key_postcode(key, slot->candidates[i].value) &&
            !text_is(key, claims->postcode))
            TEXT_SET(claims->postcodes[count++], key);
    return memcmp(before, claims->postcodes, sizeof before) != 0 || changed;
}

/* Four digits and nothing else, where a proof is asked for, are of the phone as well. */
static bool claim_phone4(struct state *state, const struct heard *heard, const struct candidate *postcode) {
    bool asked = heard->expected == EXPECT_PROOF || heard->expected == EXPECT_SECOND_FACTOR;
    if (!asked || !heard->reading->bare || postcode == NULL ||
        strspn(postcode->value, "0123456789") != PHONE4 || postcode->value[PHONE4] != '\0')
        return false;
    return CLAIM(state->claims.phone4, postcode->value);
}

static void claim_factors(struct state *state, struct heard *heard, const struct candidate *postcode,
                          const struct candidate *phone, const char *country) {
    struct claims *claims = &state->claims;
    const struct slot_reading *emails = &heard->reading->slots[SLOT_EMAIL];
    char email[EMAIL_SIZE], key[KEY_SIZE];
    bool changed = claim_postcode(state, heard, postcode);
    changed |= claim_phone4(state, heard, postcode);
    if (emails->count > 0 && key_email(email, emails->candidates[0].value))
        changed |= CLAIM(claims->email, email);
    if (phone != NULL) {
        if (strlen(phone->value) == PHONE4)
            changed |= CLAIM(claims->phone4, phone->value);
        else if (key_phone(key, phone->value, country))
            changed |= CLAIM(claims->phone, key);
    }
    heard->factor_changed = changed;
    state->untested |= changed;
}

/* Digits that are a whole phone number, written as one or more like one, rather than this. */
static const struct candidate *clear_of_phone(const struct heard *heard, const char *text,
                                              const struct candidate *token) {
    const struct candidate *phone = token == NULL ? NULL : over(&heard->reading->slots[SLOT_PHONE], token);
    bool whole = phone != NULL && strlen(phone->value) > PHONE4;
    bool plus = whole && (text[phone->begin] == '+' || (phone->begin > 0 && text[phone->begin - 1] == '+'));
    return whole && (plus || phone->score > token->score) ? NULL : token;
}

/* Asked for the postcode of an order whose number is all digits, a caller spells something with letters in
 * it: rather a postcode that was not understood than another number. */
static bool misheard_postcode(const struct state *state, const struct heard *heard, const char *value) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    bool asked = state->voice == VOICE_SPOKEN && heard->expected == EXPECT_PROOF && number_claimed(state);
    return asked && !heard->reading->corrected && strpbrk(value, letters) != NULL &&
           strpbrk(state->claims.numbers[0], letters) == NULL;
}

/* Which words are the number and which the postcode; a message to a person alone may name a reference that is
 * neither. */
static void hear_claims(const struct dialogue *dialogue, struct state *state, const char *text,
                        struct heard *heard) {
    const struct slot_reading *numbers = &heard->reading->slots[SLOT_ORDER_NUMBER];
    const struct slot_reading *postcodes = &heard->reading->slots[SLOT_POSTCODE];
    const struct slot_reading *trackings = &heard->reading->slots[SLOT_TRACKING_NUMBER];
    const struct candidate *number = number_token(numbers, postcodes);
    const struct candidate *postcode = clear_of(postcodes, number);
    const struct candidate *tracking = trackings->count > 0 ? &trackings->candidates[0] : NULL;
    bool same = false;

    const struct candidate *rival = tracking == NULL ? NULL : over(postcodes, tracking);
    if (rival != NULL && rival->score > tracking->score && means_postcode(state, heard, rival->value))
        tracking = NULL;
    if (tracking != NULL && number != NULL && overlap(tracking, number))
        number = clear_of(numbers, tracking);
    bool known = number != NULL && known_number(state, number->value) >= 0; /* then it proves nothing */
    if (number != NULL && !known && postcode == NULL && over(postcodes, number) != NULL) {
        bool other_way = state->claims.email[0] != '\0' || state->claims.phone[0] != '\0' ||
                         heard->reading->slots[SLOT_EMAIL].count > 0 ||
                         heard->reading->slots[SLOT_PHONE].count > 0;
        if (means_postcode(state, heard, over(postcodes, number)->value)) {
            postcode = over(postcodes, number);
            number = NULL;
        } else if (!number_claimed(state) && other_way) {
            postcode = over(postcodes, number);
            same = true;
        }
    }
    number = clear_of_phone(heard, text, number);
    tracking = clear_of_phone(heard, text, tracking);
    heard->named = number != NULL || tracking != NULL;
    if (number != NULL && misheard_postcode(state, heard, number->value))
        number = NULL;
    bool handing = heard->reading->kind == KIND_HUMAN || heard->reading->kind == KIND_ACTION;
    if (number != NULL && handing && !heard->track && !same && !known) {
        CLAIM(state->reference, number->value);
        if (number_claimed(state))
            number = NULL; /* of a return or an invoice, not of another order */
    }
    if (tracking != NULL)
        claim_tracking(state, heard, tracking->value);
    if (number != NULL)
        claim_number(state, heard, number);
    if (postcode != NULL || number != NULL)
        state->claims.same_token = same;
    const struct candidate *phone = clear_of(&heard->reading->slots[SLOT_PHONE], known ? number : NULL);
    claim_factors(state, heard, postcode, phone, dialogue->shop->country);
    if (tracking != NULL && heard->number_changed)
        goal_rename(state, "track.number", "track.where"); /* it was given, not asked for */
    heard->claims_changed = heard->number_changed || heard->factor_changed;
}

static int32_t day_of(const char *value) {
    struct moment moment;
    return moment_parse(&moment, value, NULL) ? (int32_t)(moment.ms / DAY_MS) : 0;
}

/* A day that lies ahead is asked about; one that has passed picks an order by its date, or is a wish too
 * late: *asked gets the first that lies ahead, else the first. True when it lies ahead. */
static bool hear_days(struct state *state, const struct heard *heard, int32_t today, int32_t *asked) {
    bool ahead = false;
    const struct slot_reading *dates = &heard->reading->slots[SLOT_DATE];
    state->pick_day = 0;
    for (int i = 0; i < dates->count; i++) {
        int32_t day = day_of(dates->candidates[i].value);
        if (day != 0 && (*asked == 0 || (day >= today && !ahead))) {
            *asked = day;
            ahead = day >= today;
        }
        if (day != 0 && state->pick_day == 0)
            state->pick_day = day;
    }
    return ahead;
}

/* Of several questions the one about the time is the one that a day belongs to. */
static const struct intent *dated(const struct reading *reading) {
    static const char *const timely[] = {"arrival", "window", "certain", "status"};
    for (size_t a = 0; a < sizeof timely / sizeof *timely; a++)
        for (int i = 0; i < reading->count; i++)
            if (text_is(reading->intents[i].intent->aspect, timely[a]))
                return reading->intents[i].intent;
    return NULL;
}

static bool has_letters(const char *text) {
    for (; *text != '\0'; text++)
        if ((unsigned char)*text >= 0x80 || (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z'))
            return true;
    return false;
}

static void hear_goals(struct state *state, const char *text, struct heard *heard, int32_t asked) {
    const struct intent *with_day = dated(heard->reading);
    if (!has_letters(text))
        return; /* digits name an order or prove something; which of them, the slots tell */
    for (int i = 0; i < heard->reading->count; i++) {
        const struct read_intent *read = &heard->reading->intents[i];
        if (read->intent->kind == KIND_SOCIAL) {
            /* "wait, I can't find the number": what the pause is for says more than the pause */
            if (heard->social == NULL || text_is(heard->act, "wait") ||
                text_is(read->intent->act, "goodbye")) {
                heard->social = read;
                heard->act = read->intent->act;
            }
            continue;
        }
        bool track = read->intent->kind == KIND_TRACK;
        heard->track = heard->track || track;
        heard->other = heard->other || !track;
        goal_add(state, read->intent->name, read->rule, read->score, read->intent == with_day ? asked : 0);
    }
}

/* Once something has been said, a word or two does not change the language. */
bool dialogue_speaks(const struct dialogue *dialogue, const char *locale) {
    return catalogue_speaks(dialogue->catalogue, locale) && phrasebook_speaks(dialogue->book, locale);
}

static void hear_locale(const struct dialogue *dialogue, struct state *state, const struct heard *heard) {
    enum { ENOUGH = 70 };
    const char *locale = heard->reading->locale;
    if (heard->act != NULL && strncmp(heard->act, "language:", 9) == 0)
        locale = heard->act + 9;
    else if (heard->reading->locale_score * 100 < (state->disclosed ? ENOUGH : 1))
        return;
    size_t len = text_empty(locale) ? 0 : strlen(locale);
    bool same = len > 0 && strncmp(state->locale, locale, len) == 0;
    if (!same && dialogue_speaks(dialogue, locale))
        TEXT_SET(state->locale, locale);
}

static int word_count(const char *folded) {
    int count = 0;
    for (const char *at = folded; at != NULL && *at != '\0'; at++)
        count += *at != ' ' && (at == folded || at[-1] == ' ');
    return count;
}

static bool has_digit(const char *text) {
    return text[strcspn(text, "0123456789")] != '\0';
}

enum keys_for hear_keys(enum expect expect) {
    switch (expect) {
    case EXPECT_WHICH_ORDER:
    case EXPECT_OFFER:
    case EXPECT_CHECKED:
    case EXPECT_CONFIRM:
    case EXPECT_CALL_BACK:
    case EXPECT_REST:
        return KEYS_FOR_CHOICE;
    default:
        return KEYS_FOR_NUMBER;
    }
}

/* One key where there is a choice: 1 is yes and 2 is no, or it is a place in the list. */
static void hear_key(struct state *state, const char *key, struct heard *heard) {
    if (heard->expected == EXPECT_WHICH_ORDER)
        TEXT_SET(state->pick, key);
    else
        heard->yes_no = text_is(key, "1") ? "yes" : text_is(key, "2") ? "no" : NULL;
}

/* What is corrected by voice is said from where it was wrong. */
static void hear_tail(const struct dialogue *dialogue, const struct state *state, const struct event *event,
                      const struct read_options *options, struct arena *arena, struct reading *reading) {
    struct slot_reading *numbers = &reading->slots[SLOT_ORDER_NUMBER];
    const struct slot_reading *yes_no = &reading->slots[SLOT_YES_NO];
    bool no = yes_no->count > 0 && text_is(yes_no->candidates[0].value, "no");
    if (!options->voice || state->claims.number[0] == '\0' || state->focus[0] != '\0' || numbers->count > 0 ||
        reading->count > 0 || !(no || reading->corrected))
        return;
    const char *number = tail_corrected(dialogue, state->claims.number, event->text, options, arena);
    if (number != NULL)
        numbers->candidates[numbers->count++] =
            (struct candidate){.value = number, .score = 1, .begin = 0, .end = (int)strlen(event->text)};
}

void hear(const struct dialogue *dialogue, struct state *state, const struct event *event,
          struct arena *arena, struct heard *heard) {
    const struct shop *shop = dialogue->shop;
    struct reading *reading = arena_room(arena, sizeof *reading);
    *heard = (struct heard){.reading = reading, .expected = state->expect, .digits = has_digit(event->text)};
    struct read_options options = {.locale = state->locale,
                                   .guessed = !state->disclosed,
                                   .voice = state->voice == VOICE_SPOKEN && event->kind != EVENT_KEYS,
                                   .today = zone_day(shop->zone, event->now_ms),
                                   .country = shop->country,
                                   .number = shop->number,
                                   .expected = expected_slot(state->expect)};
    intents_read(dialogue->reader, event->text, &options, arena, reading);
    hear_tail(dialogue, state, event, &options, arena, reading);
    int32_t asked = 0;
    bool ahead = hear_days(state, heard, options.today, &asked);
    hear_goals(state, event->text, heard, asked);
    hear_locale(dialogue, state, heard);
    hear_claims(dialogue, state, event->text, heard);
    const struct slot_reading *yes_no = &heard->reading->slots[SLOT_YES_NO];
    const struct slot_reading *choice = &heard->reading->slots[SLOT_CHOICE];
    if (yes_no->count > 0 && word_count(heard->reading->folded) <= YES_NO_WORDS) {
        heard->yes_no = yes_no->candidates[0].value;
        heard->half_hearted = text_is(heard->act, "thanks") && yes_no->candidates[0].score < clear_yes;
    }
    memset(state->pick, 0, sizeof state->pick);
    if (choice->count > 0)
        TEXT_SET(state->pick, choice->candidates[0].value);
    if (event->kind == EVENT_KEYS && strlen(event->text) == 1 && hear_keys(state->expect) == KEYS_FOR_CHOICE)
        hear_key(state, event->text, heard);
    /* A day named about a known order, with nothing else: will it be there by then? */
    if (ahead && !heard->track && heard->reading->kind != KIND_HUMAN && state->focus[0] != '\0' &&
        heard->expected != EXPECT_WHICH_ORDER)
        heard->track = goal_add(state, "track.arrival", "", 0, asked);
}
