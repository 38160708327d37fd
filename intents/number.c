/* What is this number of? Its shape, the words around it, the shop's pattern, and what was asked decide. */
#include "base/key.h"
#include "base/text.h"
#include "intents/entities.h"
#include "intents/number_pattern.h"
#include "intents/postcode.h"
#include "intents/tracking.h"
#include <stdlib.h>
#include <string.h>

enum {
    CUE_REACH = 3,
    CERTAIN_ENOUGH = 40, /* per cent: a mark in the text for the patterns */
    LONGEST_ORDER = 12,  /* digits */
    LONGEST_TRACKING = 24
};

static const double mended_postcode = .9; /* O heard as zero and the like */
static const double last_four = .35;      /* of a phone, as nothing but their place tells */

struct shape {
    char bare[KEY_SIZE];          /* letters and digits */
    int digits, letters, changes; /* changes between letters and digits */
    uint64_t cue;
    bool hash; /* "#12", "n° 12", "ORDER-12" */
    bool unit; /* "12 days" */
    bool year;
    bool pattern; /* the shop's own pattern takes it */
};

static const uint64_t cues = WORD_CUE_ORDER | WORD_CUE_TRACKING | WORD_CUE_POSTCODE | WORD_CUE_PHONE;

/* The nearest word before the number that says what it is, a few words back at most: "order number is 1042".
 */
static uint64_t find_cue(const struct entities *entities, int first) {
    const struct utterance *utterance = entities->utterance;
    for (int at = first; at > 0 && at >= first - CUE_REACH; at--) {
        if (utterance->words[at].sentence || entities->marks[at - 1].taken)
            return 0; /* what stands in another sentence, or before an e-mail, says nothing of this number */
        const struct entry *entry =
            dictionary_before(&entities->language->dictionary, utterance->words, at, cues);
        if (entry)
            return entry->flags & cues;
        if (utterance->words[at - 1].has_digit)
            return 0;
    }
    return 0;
}

static bool has_hash(const struct entities *entities, int first) {
    const struct utterance *utterance = entities->utterance;
    int at = utterance->words[first].begin;
    while (at > 0 && utterance->plain[at - 1] == ' ')
        at--;
    if (at > 0 && (utterance->plain[at - 1] == '#' || utterance->plain[at - 1] == '~'))
        return true;
    if (at > 0 && utterance->plain[at - 1] == '-' &&
        dictionary_before(&entities->language->dictionary, utterance->words, first, WORD_CUE_ORDER))
        return true;
    return first > 0 && utterance->words[first - 1].len == 1 && utterance->words[first - 1].text[0] == 'n' &&
           !utterance->words[first - 1].elided;
}

static struct shape shape_of(const struct entities *entities, const struct number *number) {
    const struct utterance *utterance = entities->utterance;
    struct shape shape = {0};
    int span;
    key_number(shape.bare, number->value);
    for (const char *at = shape.bare; *at; at++) {
        bool digit = *at >= '0' && *at <= '9';
        shape.digits += digit;
        shape.letters += !digit;
        shape.changes += at > shape.bare && digit != (at[-1] >= '0' && at[-1] <= '9');
    }
    shape.cue = find_cue(entities, number->first);
    shape.hash = has_hash(entities, number->first);
    shape.unit = dictionary_find(&entities->language->dictionary, utterance->words, utterance->count,
                                 number->end, WORD_UNIT | WORD_MONEY, &span) != NULL;
    long value = shape.digits == 4 && shape.letters == 0 ? strtol(shape.bare, NULL, 10) : 0;
    shape.year = value >= 1990 && value <= 2039;
    shape.pattern = number_pattern_takes(entities->options->number, shape.bare);
    return shape;
}

static bool expects(const struct entities *entities, enum slot slot) {
    return entities->options->expected == (int)slot;
}

static void add(struct entities *entities, enum slot slot, enum mark mark, const char *value, double score,
                const struct number *number) {
    score = score > .99 ? .99 : score;
    if (score <= .15)
        return;
    entities_add(entities, slot, value, score, number->first, number->end);
    if (score * 100 >= CERTAIN_ENOUGH)
        entities_mark(entities, mark, number->first, number->end, false);
}

static double tracking_score(const struct entities *entities, const struct shape *shape) {
    struct tracking_match match = tracking_match(shape->bare);
    bool named = shape->cue & WORD_CUE_TRACKING || expects(entities, SLOT_TRACKING_NUMBER);
    double score = 0;
    if (match.carrier)
        score = match.distinct ? (match.checked ? .95 : .7) : match.checked ? .5 : .15;
    if (named && (match.carrier || (shape->digits >= 6 && shape->digits + shape->letters >= 8)))
        score = score > .9 ? score : match.checked ? .93 : .8;
    if (shape->cue & WORD_CUE_ORDER && !(match.distinct && match.checked))
        score *= .5;
    return score;
}

/* ISO 13616: the first four signs go to the end, letters count from 10, modulo 97. */
static bool is_iban(const char *bare) {
    size_t len = strlen(bare);
    int rest = 0;
    for (size_t i = 0; i < len; i++) {
        char sign = bare[(i + 4) % len];
        rest = sign <= '9' ? (rest * 10 + sign - '0') % 97 : (rest * 100 + sign - 'A' + 10) % 97;
    }
    return len >= 15 && rest == 1;
}

/* Letters and more digits than orders have: a carrier's whose shape is not known. */
static bool long_tracking(const struct shape *shape) {
    return shape->letters > 0 && shape->digits > LONGEST_ORDER &&
           shape->letters + shape->digits <= LONGEST_TRACKING && shape->changes <= 3 && !is_iban(shape->bare);
}

static double postcode_score(const struct entities *entities, const struct shape *shape,
                             const struct postcode *postcode) {
    double score = postcode->distinct ? (postcode->local ? .85 : .7) : shape->digits == 5 ? .42 : .3;
    if (!postcode->local && !postcode->distinct)
        score *= .4;
    if (shape->unit || (shape->year && !shape->cue))
        score *= .3;
    if (shape->cue & WORD_CUE_POSTCODE)
        score = postcode->local || postcode->distinct ? .93 : .75;
    else if (shape->cue || shape->hash)
        score *= postcode->distinct ? .8 : .3;
    if (expects(entities, SLOT_POSTCODE))
        score = postcode->local || postcode->distinct ? .96 : .8;
    return score;
}

/* "FR-1053 0012": four digits right after a number that is not of four digits itself are not another one. */
static bool follows_number(const struct entities *entities, const struct number *number,
                           const struct shape *shape) {
    const struct utterance *utterance = entities->utterance;
    const struct slot_reading *numbers = &entities->slots[SLOT_ORDER_NUMBER];
    char bare[KEY_SIZE];
    int begin = utterance->origin[utterance->words[number->first].begin];
    if (shape->cue || shape->year || shape->unit || number->end < utterance->count)
        return false;
    for (int i = 0; i < numbers->count; i++) {
        const struct candidate *before = &numbers->candidates[i];
        if (before->end < begin && before->end >= begin - 2 && key_number(bare, before->value) &&
            (strlen(bare) != 4 || shape->bare[0] == '0'))
            return true;
    }
    return false;
}

/* Writes the number as a phone's into key; 0 when it is none. */
static double phone_score(const struct entities *entities, const struct number *number,
                          const struct shape *shape, char key[KEY_SIZE]) {
    const char *country = entities->options->country ? entities->options->country : "";
    bool named = shape->cue & WORD_CUE_PHONE || expects(entities, SLOT_PHONE);
    char written[KEY_SIZE + 1];
    if (shape->letters > 0 || shape->digits > 15)
        return 0;
    if (shape->digits == 4) {
        if (shape->cue & WORD_CUE_POSTCODE)
            return 0;
        TEXT_SET(written, shape->bare);
        memcpy(key, shape->bare, 5);
        return expects(entities, SLOT_PHONE)             ? .93
               : shape->cue & WORD_CUE_PHONE             ? .8
               : follows_number(entities, number, shape) ? last_four
                                                         : 0;
    }
    if (shape->digits < 8)
        return 0;
    bool abroad = number->plus || strncmp(shape->bare, "00", 2) == 0;
    written[0] = '+';
    memcpy(written + 1, shape->bare, strlen(shape->bare) + 1);
    bool valid = key_phone(key, number->plus ? written : shape->bare, country);
    if (!valid)
        memcpy(key, shape->bare, strlen(shape->bare) + 1);
    if (named)
        return valid ? .95 : .75;
    if (abroad)
        return valid ? .95 : 0;
    if (shape->bare[0] == '0' && shape->digits >= 9 && shape->digits <= 11)
        return valid || !country[0] ? .85 : .3;
    bool grouped = !number->single && !number->spoken;
    return valid && shape->digits >= 9 && shape->digits <= 10 ? (grouped ? .7 : .35) : 0;
}

static double order_shape_score(const struct entities *entities, const struct number *number,
                                const struct shape *shape) {
    bool named = shape->cue & WORD_CUE_ORDER || shape->hash || expects(entities, SLOT_ORDER_NUMBER);
    if (shape->letters > 0) {
        if (shape->digits < 3 || shape->digits > LONGEST_ORDER)
            return named && shape->digits > 0 && shape->digits + shape->letters >= 4 ? .5 : 0;
        if (strchr(number->value, '-') || strchr(number->value, '/'))
            return .8;
        return shape->changes == 1 && shape->letters <= 4 ? .7 : .42;
    }
    if (shape->digits < 3)
        return (shape->hash && !shape->unit) || (expects(entities, SLOT_ORDER_NUMBER) && shape->digits == 2)
                   ? .6
                   : 0;
    if (shape->digits == 3)
        return named ? .7 : number->spoken ? (entities->options->voice ? .7 : .25) : .3;
    if (shape->digits > LONGEST_ORDER)
        return .25;
    if (number->spoken) /* which way it was meant tells more than how long it is */
        return .7;
    return shape->digits == 4 ? .65 : shape->digits <= 10 ? .75 : .6;
}

static double order_score(const struct entities *entities, const struct number *number,
                          const struct shape *shape, double tracking) {
    bool expected = expects(entities, SLOT_ORDER_NUMBER),
         own = number_pattern_given(entities->options->number);
    double score = order_shape_score(entities, number, shape);
    if (shape->pattern)
        score = .96;
    if (score == 0)
        return 0;
    if (shape->unit && !shape->hash)
        score *= .25;
    else if (shape->cue & WORD_CUE_ORDER || shape->hash)
        score += (1 - score) * .7;
    else if (shape->cue & WORD_CUE_TRACKING && tracking < .5)
        score *= .9; /* "parcel number 84512": no carrier numbers so */
    else if (shape->cue)
        score *= .3;
    else if (shape->year && !expected && !shape->pattern)
        score *= .4;
    if (expected)
        score += (1 - score) * .7;
    if (own && !shape->pattern)
        score *= .85;
    return score;
}

double number_classify(struct entities *entities, const struct number *number, double weight) {
    struct shape shape = shape_of(entities, number);
    struct postcode postcode;
    char phone[KEY_SIZE];
    const char *dash = strpbrk(number->value, "-/");
    if (!shape.bare[0])
        return 0;
    double tracking = tracking_score(entities, &shape),
           order = order_score(entities, number, &shape, tracking);
    if (order == 0 && tracking == 0 && long_tracking(&shape))
        tracking = .6;
    double by_phone = phone_score(entities, number, &shape, phone), by_postcode = 0;
    if (!strchr(number->value, '/') && postcode_read(shape.bare, dash ? (int)(dash - number->value) : 0,
                                                     entities->options->country, &postcode))
        by_postcode = postcode_score(entities, &shape, &postcode);
    else if (expects(entities, SLOT_POSTCODE) && by_phone == 0 && !dash && !shape.pattern &&
             postcode_asked(shape.bare, entities->options->country, &postcode))
        by_postcode = postcode_score(entities, &shape, &postcode);
    /* What it surely is otherwise makes it less of an order's; what was asked for comes first. */
    double other = by_postcode > by_phone ? by_postcode : by_phone;
    other = tracking > other ? tracking : other;
    if (other >= .7 && !shape.pattern)
        order *= shape.cue & WORD_CUE_ORDER && !expects(entities, SLOT_POSTCODE) ? .9 : .45;
    else if (entities->options->expected >= 0 && other > .8)
        order *= .8;
    if (by_phone > .8 && !(shape.cue & WORD_CUE_POSTCODE))
        by_postcode *= .5;
    add(entities, SLOT_ORDER_NUMBER, MARK_ORDER_NUMBER, number->value, order * weight, number);
    add(entities, SLOT_TRACKING_NUMBER, MARK_TRACKING_NUMBER, shape.bare, tracking * weight, number);
    if (by_postcode > 0)
        add(entities, SLOT_POSTCODE, MARK_POSTCODE, postcode.value, by_postcode * weight, number);
    if (entities->options->voice && postcode_hear(shape.bare, entities->options->country, &postcode))
        add(entities, SLOT_POSTCODE, MARK_POSTCODE, postcode.value,
            postcode_score(entities, &shape, &postcode) * mended_postcode * weight, number);
    add(entities, SLOT_PHONE, MARK_PHONE, phone, by_phone * weight, number);
    return other;
}

static int digits_of(const struct utterance *utterance, int first, int end) {
    int count = 0;
    for (int i = utterance->words[first].begin; i < utterance->words[end - 1].end; i++)
        count += utterance->plain[i] >= '0' && utterance->plain[i] <= '9';
    return count;
}

/* "and" joins any two numbers, a sign those that are alike: a postcode, a price, a phone follow one, too. */
bool number_listed(const struct entities *entities, int first, int end) {
    const struct utterance *utterance = entities->utterance;
    char gap[GAP_SIZE];
    bool word = false, sign = false;
    for (int at = first; at > 0; at--) {
        const struct word *before = &utterance->words[at - 1];
        sign = sign || strpbrk(words_gap(utterance, at - 1, gap), ",;&+/\n") != NULL;
        if (utterance->words[at].sentence && !word && !sign)
            return false;
        if (before->has_digit)
            return word || (sign && digits_of(utterance, at - 1, at) == digits_of(utterance, first, end));
        if (before->entry == NULL || !(before->entry->flags & WORD_JOINS))
            return false;
        word = true;
    }
    return false;
}
