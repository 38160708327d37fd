#include "bot/dialogue/claims.h"
#include "base/text.h"
#include "bot/dialogue/proof.h"
#include "intents/number_pattern.h"
#include <string.h>

/* Five digits, or what the words before it say is an order's; no less likely than three digits. */
static const double own_number = .75, listed_number = .3;

/* Fields are cleared whole, for they are compared and hashed whole. */
static bool claim(char *field, size_t size, const char *value) {
    if (text_is(field, value))
        return false;
    memset(field, 0, size);
    text_set(field, size, value);
    return true;
}
#define CLAIM(field, value) claim((field), sizeof(field), (value))

static void goal_rename(struct state *state, const char *from, const char *to) {
    for (int i = 0; i < STATE_GOALS; i++)
        if (text_is(state->goals[i].intent, from))
            TEXT_SET(state->goals[i].intent, to);
}

bool candidate_overlaps(const struct candidate *a, const struct candidate *b) {
    return a->begin < b->end && b->begin < a->end;
}

const struct candidate *candidate_over(const struct slot_reading *slot, const struct candidate *token) {
    for (int i = 0; i < slot->count; i++)
        if (candidate_overlaps(&slot->candidates[i], token))
            return &slot->candidates[i];
    return NULL;
}

static const struct candidate *clear_of(const struct slot_reading *slot, const struct candidate *token) {
    for (int i = 0; i < slot->count; i++)
        if (token == NULL || !candidate_overlaps(&slot->candidates[i], token))
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
        const struct candidate *rival = candidate_over(postcodes, token);
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

/* Do they have as many digits? Those of one shop do. */
static bool alike(const char *a, const char *b) {
    char key[KEY_SIZE], other[KEY_SIZE];
    return key_digits(key, a) && key_digits(other, b) && strlen(key) == strlen(other);
}

void claims_drop_number(struct claims *claims) {
    memset(claims->numbers, 0, sizeof claims->numbers);
    memset(claims->others, 0, sizeof claims->others);
    memset(claims->number, 0, sizeof claims->number);
    memset(claims->tracking, 0, sizeof claims->tracking);
}

void claims_rename(struct claims *claims) {
    memset(claims->numbers, 0, sizeof claims->numbers);
    CLAIM(claims->numbers[0], claims->postcode);
    CLAIM(claims->number, claims->postcode);
    memset(claims->postcode, 0, sizeof claims->postcode);
    memset(claims->postcodes, 0, sizeof claims->postcodes);
    claims->either = false;
}

int claims_named(const struct claims *claims) {
    int count = 1;
    for (int i = 0; i < STATE_OTHERS; i++)
        count += claims->others[i][0] != '\0';
    return count;
}

bool claims_mixed(const struct claims *claims) {
    bool full = false, bare = false;
    for (int i = 0; i < STATE_NUMBERS && claims->numbers[i][0] != '\0'; i++) {
        bool digits = claims->numbers[i][strspn(claims->numbers[i], "0123456789")] == '\0';
        full = full || !digits;
        bare = bare || digits;
    }
    return claims_named(claims) > 1 && full && bare;
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
int claims_known(const struct state *state, const char *value) {
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

/* The word beside the number that is the postcode: rather not what looks like a second number, and of several
 * that do the last. */
static const struct candidate *postcode_token(const struct state *state, const struct heard *heard,
                                              const struct candidate *number) {
    const struct slot_reading *numbers = &heard->reading->slots[SLOT_ORDER_NUMBER],
                              *postcodes = &heard->reading->slots[SLOT_POSTCODE];
    const struct candidate *best = NULL;
    bool asked = heard->expected == EXPECT_PROOF || heard->expected == EXPECT_SECOND_FACTOR,
         known = number != NULL && claims_known(state, number->value) >= 0;
    for (int i = 0; i < postcodes->count; i++) {
        const struct candidate *token = &postcodes->candidates[i], *second = candidate_over(numbers, token);
        if ((number != NULL && candidate_overlaps(token, number)) ||
            (second != NULL && claims_known(state, second->value) >= 0))
            continue;
        if (number == NULL || second == NULL || !alike(second->value, number->value))
            return best == NULL || token->score > best->score - .01 ? token : best;
        if (known && !asked && second->score > token->score)
            continue; /* nothing is to be proved */
        if (best == NULL || (token->score > best->score - .01 && token->begin > best->begin))
            best = token;
    }
    return best;
}

static void focus_on(struct state *state, int index) {
    TEXT_SET(state->focus, state->orders[index]);
    memset(state->pick, 0, sizeof state->pick);
}

/* A number of a list, the first of which is known by the second. */
static bool listed(const struct slot_reading *numbers, const struct candidate *token) {
    const struct candidate *next = NULL;
    for (int i = 0; i < numbers->count; i++) {
        const struct candidate *number = &numbers->candidates[i];
        if (number->begin >= token->end && (next == NULL || number->begin < next->begin))
            next = number;
    }
    return token->listed || (next != NULL && next->listed);
}

/* Does it begin with letters, which are not others than those of the first, if that has any? */
static bool lettered(const char *number, const char *first) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    size_t len = strspn(number, letters), of_first = strspn(first, letters);
    return len > 0 && (of_first == 0 || (of_first == len && strncmp(number, first, len) == 0));
}

/* Is it an order's as well as the first, and not a price, a year or the end of a phone? */
static bool another_order(const struct slot_reading *numbers, const struct candidate *token,
                          const struct candidate *first) {
    return alike(token->value, first->value) &&
           (token->score >= own_number || lettered(token->value, first->value) ||
            (token->score >= listed_number && listed(numbers, token)));
}

/* Further orders of these words: numbers that look like the first, and are nothing else. Their count. */
static int claim_others(struct state *state, const struct heard *heard, const struct candidate *token,
                        const struct candidate *postcode) {
    const struct slot_reading *slots = heard->reading->slots, *numbers = &slots[SLOT_ORDER_NUMBER];
    int count = 0;
    memset(state->claims.others, 0, sizeof state->claims.others);
    if (state->voice == VOICE_SPOKEN || heard->reading->corrected)
        return 0;
    for (int i = 0; i < numbers->count && count < STATE_OTHERS; i++) {
        const struct candidate *other = &numbers->candidates[i];
        bool taken = candidate_overlaps(other, token) ||
                     (postcode != NULL && candidate_overlaps(other, postcode)) ||
                     candidate_over(&slots[SLOT_PHONE], other) != NULL ||
                     candidate_over(&slots[SLOT_DATE], other) != NULL;
        for (int k = 0; k < count; k++)
            taken = taken || text_is(state->claims.others[k], other->value);
        if (!taken && another_order(numbers, other, token))
            TEXT_SET(state->claims.others[count++], other->value);
    }
    return count;
}

static void claim_number(struct state *state, struct heard *heard, const struct candidate *token,
                         const struct candidate *postcode) {
    struct claims *claims = &state->claims;
    char old[KEY_SIZE], others[sizeof claims->others], key[KEY_SIZE];
    memcpy(others, claims->others, sizeof others);
    int known = claims_known(state, token->value), count = 0,
        places = STATE_NUMBERS - claim_others(state, heard, token, postcode);
    if (known >= 0 && places == STATE_NUMBERS) {
        focus_on(state, known);
        return;
    }
    memcpy(old, claims->numbers[0], sizeof old);
    memset(claims->numbers, 0, sizeof claims->numbers);
    const struct slot_reading *numbers = &heard->reading->slots[SLOT_ORDER_NUMBER];
    for (int i = 0; i < numbers->count && count < places; i++)
        if (candidate_overlaps(&numbers->candidates[i], token) &&
            key_number(key, numbers->candidates[i].value))
            TEXT_SET(claims->numbers[count++], key);
    for (int i = 0; i < STATE_NUMBERS - places; i++)
        if (key_number(key, claims->others[i]))
            TEXT_SET(claims->numbers[count++], key);
    CLAIM(claims->number, token->value);
    memset(claims->tracking, 0, sizeof claims->tracking);
    heard->number_changed = heard->number_changed || !text_is(old, claims->numbers[0]) ||
                            memcmp(others, claims->others, sizeof others) != 0;
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
        if (candidate_overlaps(&slot->candidates[i], token) && key_postcode(key, slot->candidates[i].value) &&
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
    const struct candidate *phone =
        token == NULL ? NULL : candidate_over(&heard->reading->slots[SLOT_PHONE], token);
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

/* A word that looks more like a postcode, letters behind digits ("LS6 2QT"). */
static bool rather_postcode(const struct candidate *number, const struct candidate *rival) {
    const char *digit = rival->value + strcspn(rival->value, "0123456789");
    bool mingled = strpbrk(digit, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != NULL;
    return mingled && rival->score > number->score;
}

/* Beside a parcel's number, which finds the order, a word may prove it as well as name it, unless the shop
 * says how its numbers look. */
static bool either(const struct shop *shop, const char *number, const struct candidate *tracking) {
    const double clear_tracking = .5;
    char key[KEY_SIZE];
    return tracking != NULL && tracking->score >= clear_tracking &&
           proof_opens(shop, FACTOR_NUMBER | FACTOR_POSTCODE) &&
           !(key_number(key, number) && number_pattern_takes(shop->number, key));
}

/* Which words are the number and which the postcode; a message to a person alone may name a reference that is
 * neither. */
void claims_hear(const struct dialogue *dialogue, struct state *state, const char *text,
                 struct heard *heard) {
    const struct slot_reading *numbers = &heard->reading->slots[SLOT_ORDER_NUMBER];
    const struct slot_reading *postcodes = &heard->reading->slots[SLOT_POSTCODE];
    const struct slot_reading *trackings = &heard->reading->slots[SLOT_TRACKING_NUMBER];
    const struct candidate *number = number_token(numbers, postcodes);
    const struct candidate *tracking = trackings->count > 0 ? &trackings->candidates[0] : NULL;
    bool same = false, doubtful = false;

    const struct candidate *rival = tracking == NULL ? NULL : candidate_over(postcodes, tracking);
    if (rival != NULL && rival->score > tracking->score && means_postcode(state, heard, rival->value))
        tracking = NULL;
    if (tracking != NULL && number != NULL && candidate_overlaps(tracking, number))
        number = clear_of(numbers, tracking);
    const struct candidate *postcode = postcode_token(state, heard, number);
    bool known = number != NULL && claims_known(state, number->value) >= 0; /* then it proves nothing */
    if (number != NULL && !known && postcode == NULL && candidate_over(postcodes, number) != NULL) {
        bool other_way = state->claims.email[0] != '\0' || state->claims.phone[0] != '\0' ||
                         heard->reading->slots[SLOT_EMAIL].count > 0 ||
                         heard->reading->slots[SLOT_PHONE].count > 0;
        rival = candidate_over(postcodes, number);
        if (means_postcode(state, heard, rival->value) || rather_postcode(number, rival)) {
            postcode = rival;
            number = NULL;
        } else if (!number_claimed(state) && other_way) {
            postcode = rival;
            same = true;
        } else if (either(dialogue->shop, number->value, tracking)) {
            postcode = rival;
            number = NULL;
            doubtful = true;
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
        if (number_claimed(state) && !alike(number->value, state->focus))
            number = NULL; /* of a return or an invoice, not of another order */
    }
    if (tracking != NULL)
        claim_tracking(state, heard, tracking->value);
    if (number != NULL)
        claim_number(state, heard, number, postcode);
    if (postcode != NULL || number != NULL)
        state->claims.same_token = same;
    if (postcode != NULL || heard->named)
        state->claims.either = doubtful;
    const struct candidate *phone = clear_of(&heard->reading->slots[SLOT_PHONE], known ? number : NULL);
    claim_factors(state, heard, postcode, phone, dialogue->shop->country);
    if (tracking != NULL && heard->number_changed)
        goal_rename(state, "track.number", "track.where"); /* it was given, not asked for */
    heard->claims_changed = heard->number_changed || heard->factor_changed;
}
