#include "bot/dialogue/hear.h"
#include "base/text.h"
#include "bot/dialogue/claims.h"
#include "bot/dialogue/tail.h"
#include <string.h>

enum { DAY_MS = 86400000, YES_NO_WORDS = 6, PICK_WORDS = 6 };
static const double clear_yes = .8;

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
    case EXPECT_DECLINED:
    case EXPECT_REST:
        return SLOT_YES_NO;
    default:
        return -1;
    }
}

static int32_t day_of(const char *value) {
    struct moment moment;
    return moment_parse(&moment, value, NULL) ? (int32_t)(moment.ms / DAY_MS) : 0;
}

static const char parcel[] = "parcel_";

bool pick_parcel(const char *pick) {
    return strncmp(pick, parcel, sizeof parcel - 1) == 0;
}

int pick_place(const char *pick) {
    const char *digit = pick_parcel(pick) ? pick + sizeof parcel - 1 : pick;
    return digit[0] >= '1' && digit[0] <= '9' && digit[1] == '\0' ? digit[0] - '0' : 0;
}

bool pick_state(const char *pick) {
    return status_named(pick) != STATUS_UNKNOWN;
}

/* Before it has left, on its way, or no more to come: as people tell orders apart. */
static bool states_alike(enum status one, enum status other) {
    if (status_final(one) || status_final(other))
        return one == other;
    return status_with_carrier(one) == status_with_carrier(other);
}

int pick_by_state(const char *pick, const enum status *states, int count) {
    enum status named = status_named(pick);
    int same = 0, alike = 0, at_same = -1, at_alike = -1;
    for (int i = 0; i < count && named != STATUS_UNKNOWN; i++) {
        if (states[i] == named && ++same > 0)
            at_same = i;
        if (states_alike(states[i], named) && ++alike > 0)
            at_alike = i;
    }
    return same == 1 ? at_same : same == 0 && alike == 1 ? at_alike : -1;
}

/* Which of several is meant, or NULL. Of two parcels that are named it is neither, and "the 2nd" is a day
 * unless a list has just been told. */
static const struct candidate *picked(const struct heard *heard) {
    const struct slot_reading *choice = &heard->reading->slots[SLOT_CHOICE],
                              *dates = &heard->reading->slots[SLOT_DATE];
    if (choice->count == 0 || heard->expected == EXPECT_WHICH_ORDER)
        return choice->count == 0 ? NULL : &choice->candidates[0];
    const struct candidate *best = &choice->candidates[0];
    if (!pick_parcel(best->value))
        return candidate_over(dates, best) != NULL ? NULL : best;
    for (int i = 1; i < choice->count; i++)
        if (!candidate_overlaps(best, &choice->candidates[i]))
            return NULL;
    return best;
}

/* A day that lies ahead is asked about; one that has passed picks an order by its date, or is a wish too
 * late: *asked gets the first that lies ahead, else the first. True when it lies ahead. */
static bool hear_days(struct state *state, const struct heard *heard, const struct candidate *pick,
                      int32_t today, int32_t *asked) {
    bool ahead = false;
    const struct slot_reading *dates = &heard->reading->slots[SLOT_DATE];
    state->pick_day = 0;
    for (int i = 0; i < dates->count; i++) {
        bool place = pick != NULL && candidate_overlaps(pick, &dates->candidates[i]); /* "the 2nd parcel" */
        int32_t day = place ? 0 : day_of(dates->candidates[i].value);
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
    static const char *const timely[] = {"arrival", "window", "certain", "status", "rest"};
    for (size_t a = 0; a < sizeof timely / sizeof *timely; a++)
        for (int i = 0; i < reading->count; i++)
            if (text_is(reading->intents[i].intent->aspect, timely[a]))
                return reading->intents[i].intent;
    return NULL;
}

static int word_count(const char *folded) {
    int count = 0;
    for (const char *at = folded; at != NULL && *at != '\0'; at++)
        count += *at != ' ' && (at == folded || at[-1] == ' ');
    return count;
}

static bool has_letters(const char *text) {
    for (; *text != '\0'; text++)
        if ((unsigned char)*text >= 0x80 || (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z'))
            return true;
    return false;
}

/* "The one in preparation", to a list: names an order and asks nothing of it. */
static bool only_picks(const struct heard *heard, const struct candidate *pick) {
    return heard->expected == EXPECT_WHICH_ORDER && pick != NULL && pick_state(pick->value) &&
           word_count(heard->reading->folded) <= PICK_WORDS;
}

static void hear_goals(struct state *state, const char *text, struct heard *heard,
                       const struct candidate *pick, int32_t asked) {
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
        if (track && only_picks(heard, pick))
            continue;
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

static bool has_digit(const char *text) {
    return text[strcspn(text, "0123456789")] != '\0';
}

/* Is nothing wanted and nothing named besides? */
static bool alone(const struct state *state, const struct heard *heard) {
    return !heard->other && !heard->claims_changed && state->pick[0] == '\0' && state->pick_day == 0 &&
           state->goals[0].asked == 0;
}

bool hear_more(const struct state *state, const struct heard *heard) {
    bool rest = heard->reading->count == 1 && text_is(heard->reading->intents[0].intent->aspect, "rest"),
         yes = heard->expected == EXPECT_REST && text_is(heard->yes_no, "yes") && !heard->track;
    return (text_is(heard->act, "more") || rest || yes) && alone(state, heard);
}

bool hear_again(const struct state *state, const struct heard *heard) {
    return (text_is(heard->act, "repeat") || text_is(heard->act, "slower")) && alone(state, heard);
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

/* The only figure in what answers a list ("2", "number 2", "2nd") is a place in it, unless an order has that
 * number; 0: there is none. */
static char listed_place(const struct state *state, const char *text, const struct heard *heard) {
    static const char figures[] = "0123456789";
    const struct slot_reading *numbers = &heard->reading->slots[SLOT_ORDER_NUMBER];
    if (heard->reading->slots[SLOT_EMAIL].count > 0)
        return 0;
    for (int i = 0; i < numbers->count; i++)
        if (claims_known(state, numbers->candidates[i].value) >= 0)
            return 0;
    const char *at = text + strcspn(text, figures);
    if (*at == '\0' && heard->reading->bare && numbers->count > 0 && numbers->candidates[0].value[1] == '\0')
        at = numbers->candidates[0].value;
    bool alone = heard->expected == EXPECT_WHICH_ORDER && *at != '\0' && !has_digit(at + 1);
    return alone && *at > '0' && *at <= '9' ? *at : 0;
}

static const char *order_named(const struct state *state) {
    const struct claims *claims = &state->claims;
    return state->focus[0] != '\0'       ? state->focus
           : claims->tracking[0] != '\0' ? claims->tracking
                                         : claims->numbers[0];
}

/* Another order than before is named and asked about. */
static bool asks_of_another(const struct state *state, const struct heard *heard, const char *before) {
    return heard->track && heard->named && !heard->reading->corrected && before[0] != '\0' &&
           !text_is(before, order_named(state));
}

/* What waited for another order is not meant of this one: only what these words ask for stays. */
static void goals_drop_waiting(struct state *state, const struct heard *heard) {
    struct goal own[STATE_GOALS] = {0};
    int count = 0;
    for (int i = 0; i < STATE_GOALS; i++) {
        const struct goal *goal = &state->goals[i];
        bool said = text_is(goal->intent, "track.where"); /* what track.number may have become */
        for (int k = 0; k < heard->reading->count; k++)
            said = said || text_is(goal->intent, heard->reading->intents[k].intent->name);
        if (said)
            own[count++] = *goal;
    }
    memcpy(state->goals, own, sizeof own);
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
    const struct candidate *pick = picked(heard);
    bool ahead = hear_days(state, heard, pick, options.today, &asked);
    hear_goals(state, event->text, heard, pick, asked);
    hear_locale(dialogue, state, heard);
    char place = listed_place(state, event->text, heard), before[KEY_SIZE];
    memcpy(before, order_named(state), sizeof before);
    if (place == 0)
        claims_hear(dialogue, state, event->text, heard);
    if (asks_of_another(state, heard, before))
        goals_drop_waiting(state, heard);
    const struct slot_reading *yes_no = &heard->reading->slots[SLOT_YES_NO];
    if (yes_no->count > 0 && word_count(heard->reading->folded) <= YES_NO_WORDS) {
        heard->yes_no = yes_no->candidates[0].value;
        heard->half_hearted = yes_no->candidates[0].score < clear_yes;
    }
    memset(state->pick, 0, sizeof state->pick);
    if (pick != NULL)
        TEXT_SET(state->pick, pick->value);
    else
        state->pick[0] = place;
    /* One key where there is a choice: 1 is yes and 2 is no. */
    if (event->kind == EVENT_KEYS && strlen(event->text) == 1 &&
        hear_keys(state->expect) == KEYS_FOR_CHOICE && heard->expected != EXPECT_WHICH_ORDER)
        heard->yes_no = text_is(event->text, "1") ? "yes" : text_is(event->text, "2") ? "no" : NULL;
    /* A day named about a known order, with nothing else: will it be there by then? */
    if (ahead && !heard->track && !heard->other && state->focus[0] != '\0' &&
        heard->expected != EXPECT_WHICH_ORDER)
        heard->track = goal_add(state, "track.arrival", "", 0, asked);
}
