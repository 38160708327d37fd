#include "bot/dialogue/situation.h"
#include "base/text.h"
#include "bot/dialogue/facts.h"
#include "bot/dialogue/parts.h"

enum { SPOKEN_PARCELS = 2, WRITTEN_PARCELS = 10 };

static const char *transit_phrase(const struct parcel_view *view) {
    if (view->stalled)
        return view->days_late > 0 && !moment_known(view->due) ? "status.stalled_late" : "status.stalled";
    if (!moment_known(view->due))
        return view->days_late > 0 ? "status.in_transit_late_no_date" : "status.in_transit_no_date";
    if (view->days_late > 0)
        return "status.in_transit_late";
    if (!moment_known(view->promised))
        return "status.in_transit_due";
    return view->early ? "status.in_transit_early" : "status.in_transit";
}

static const char *out_phrase(const struct parcel_view *view) {
    return view->days_late > 0 ? "status.out_for_delivery_late" : "status.out_for_delivery";
}

/* What each state of a parcel is told as. Lateness is part of some phrases and said after the others; `topic`
 * goes to a person at once, `offer` is offered. */
static const struct parcel_telling {
    const char *phrase;
    const char *(*pick)(const struct parcel_view *view);
    bool says_late;
    const char *topic, *offer;
} parcel_tellings[STATUS_COUNT] = {
    [STATUS_UNKNOWN] = {.phrase = "status.parcel_unknown", .offer = "order_unknown"},
    [STATUS_INFO_RECEIVED] = {.phrase = "status.info_received"},
    [STATUS_IN_TRANSIT] = {.pick = transit_phrase, .says_late = true},
    [STATUS_CUSTOMS] = {.phrase = "status.customs"},
    [STATUS_OUT_FOR_DELIVERY] = {.pick = out_phrase, .says_late = true},
    [STATUS_ATTEMPT_FAILED] = {.phrase = "status.attempt_failed", .says_late = true},
    [STATUS_READY_FOR_PICKUP] = {.phrase = "status.ready_for_pickup"},
    [STATUS_DELIVERED] = {.phrase = "status.delivered"},
    [STATUS_EXCEPTION] = {.phrase = "status.exception", .offer = "exception"},
    [STATUS_RETURNING] = {.phrase = "status.returning", .says_late = true, .offer = "returning"},
    [STATUS_RETURNED] = {.phrase = "status.returned", .offer = "returning"},
    [STATUS_LOST] = {.phrase = "status.lost", .says_late = true, .topic = "lost"},
    [STATUS_DAMAGED] = {.phrase = "status.damaged", .says_late = true, .topic = "damaged"},
    [STATUS_CANCELLED] = {.phrase = "status.voided", .offer = "order_unknown"},
    [STATUS_EXPIRED] = {.phrase = "status.expired", .says_late = true, .topic = "expired"},
};

void situation_follow(struct answer *answer, const char *topic, const char *offer) {
    if (answer->topic == NULL)
        answer->topic = topic;
    if (answer->offer == NULL)
        answer->offer = offer;
}

/* Asked again with nothing new is said in other words, and so announced where that costs no time. */
static void status_phrase(struct answer *answer, const char *phrase, struct values *values) {
    bool written = answer->speech->state->voice == VOICE_WRITTEN;
    if (written && answer->speech->sentence_count == 0 && speech_said_alike(answer->speech, phrase, values))
        speech_phrase(answer->speech, "again.nothing_new", NULL);
    speech_phrase(answer->speech, phrase, values);
}

static void tell_late(struct answer *answer, const char *phrase, struct moment promised, int days_late) {
    if (days_late <= 0)
        return;
    struct values values;
    values_init(&values);
    values_moment(&values, FACT_PROMISED, promised, facts_source(answer, "promise"));
    values_number(&values, FACT_DAYS_LATE, days_late, facts_source(answer, "promise and due date"));
    speech_phrase(answer->speech, phrase, &values);
}

void situation_offer_details(struct answer *answer, const struct parcel_view *view) {
    const struct pickup *pickup = &view->parcel->pickup;
    if (picture_prospect(answer->picture, view)->outlook == OUTLOOK_KEPT)
        return; /* no code opens what is not there any more */
    answer->more = answer->tier < 2 && (!text_empty(pickup->code) || !text_empty(pickup->address));
    parts_pickup(answer, view);
}

void situation_tell_parcel(struct answer *answer, const struct parcel_view *view) {
    static const struct parcel_telling before = {.phrase = "status.with_us"};
    const struct parcel_telling *telling = &parcel_tellings[view->status];
    if (telling->phrase == NULL && telling->pick == NULL)
        telling = &before;
    struct values values;
    values_init(&values);
    const struct prospect *prospect = picture_prospect(answer->picture, view);
    bool behind = prospect->outlook == OUTLOOK_BEHIND;
    /* Behind: it is told with the risk; late: with the delay. */
    bool promise = telling->says_late || (moment_known(view->due) && view->days_late == 0);
    facts_parcel(answer, view, promise && !behind, &values);
    const char *phrase = telling->pick != NULL ? telling->pick(view) : telling->phrase;
    bool kept = prospect->outlook == OUTLOOK_KEPT;
    if (kept)
        phrase = "status.pickup_over";
    const struct proof_of_delivery *proof = &view->parcel->proof;
    if (view->status == STATUS_DELIVERED && answer->tier >= 2 &&
        (!text_empty(proof->where) || !text_empty(proof->to)))
        phrase = "status.delivered_where";
    status_phrase(answer, phrase, &values);
    if (!telling->says_late)
        tell_late(answer, view->status == STATUS_EXCEPTION ? "late.by" : "late.yes", view->promised,
                  view->days_late);
    if (behind) {
        struct values risk;
        values_init(&risk);
        facts_prospect(answer, prospect, &risk);
        speech_phrase(answer->speech, "late.risk", &risk);
    }
    situation_follow(answer, telling->topic, kept ? "pickup_over" : telling->offer);
    /* Promised for hours of today that are over: not late by a day, and not coming as promised either. */
    bool over = prospect->outlook == OUTLOOK_NONE && moment_known(view->promised);
    if (view->days_late > 0 || view->stalled || behind || over)
        situation_follow(answer, NULL, "late");
    if (view->status == STATUS_ATTEMPT_FAILED && !values_has(&values, FACT_NEXT_ATTEMPT))
        situation_follow(answer, NULL, "action.instructions");
    parts_timeline(answer, view);
    if (view->status == STATUS_READY_FOR_PICKUP)
        situation_offer_details(answer, view);
    else if (!status_final(view->status))
        parts_link(answer, view);
}

/* Before there is a parcel, the order itself has a state. */
static const char *order_phrase(const struct picture *picture) {
    const struct order *order = picture->order;
    bool date = moment_known(picture->available);
    bool preorder = text_is(order->hold_reason, "preorder");
    switch (order->state) {
    case STATUS_PLACED:
        return "status.placed";
    case STATUS_CONFIRMED:
        return "status.confirmed";
    case STATUS_PREPARING:
        return "status.preparing";
    case STATUS_ON_HOLD:
        if (text_is(order->hold_reason, "payment"))
            return "status.on_hold_payment";
        if (preorder)
            return date ? "status.preorder" : "status.preorder_no_date";
        return "status.on_hold";
    case STATUS_BACKORDER:
        if (preorder)
            return date ? "status.preorder" : "status.preorder_no_date";
        return date ? "status.backorder" : "status.backorder_no_date";
    case STATUS_CANCELLED:
        return text_is(order->hold_reason, "refunded") ? "status.refunded" : "status.cancelled";
    default:
        return "status.unknown";
    }
}

static void tell_order(struct answer *answer) {
    const struct picture *picture = answer->picture;
    enum status state = picture->order->state;
    struct values values;
    values_init(&values);
    bool queued = state == STATUS_PLACED || state == STATUS_CONFIRMED || state == STATUS_PREPARING;
    bool overdue = picture->days_late > 0 && !moment_known(picture->due),
         moved = picture->days_late > 0 && !overdue;
    bool late = queued && (overdue || (picture->dispatch_missed && !moved));
    facts_order(answer, &values, moved, late);
    status_phrase(answer, late ? "status.preparing_late" : order_phrase(picture), &values);
    if (moved && state != STATUS_CANCELLED)
        speech_phrase(answer->speech, "late.new_date", &values);
    else if (!late && state != STATUS_CANCELLED)
        tell_late(answer, state == STATUS_BACKORDER ? "late.by" : "late.yes", picture->promised,
                  picture->days_late);
    bool waiting = state == STATUS_BACKORDER && !moment_known(picture->available),
         over = moment_known(picture->promised) && !moment_known(picture->due);
    if (state == STATUS_UNKNOWN)
        situation_follow(answer, NULL, "order_unknown");
    else if (state != STATUS_CANCELLED && (late || waiting || over || picture->days_late > 0))
        situation_follow(answer, NULL, "late");
    parts_order_timeline(answer);
}

void situation_tell_rest(struct answer *answer) {
    const struct picture *picture = answer->picture;
    struct values values;
    values_init(&values);
    values_text(&values, FACT_ITEMS, facts_items(answer, ITEMS_WAITING), facts_source(answer, "lines"));
    bool ahead = moment_known(picture->dispatch_by) && !picture->dispatch_missed;
    values_moment(&values, FACT_DISPATCH_BY, ahead ? picture->dispatch_by : (struct moment){0},
                  facts_source(answer, "dispatch_by"));
    values_moment(&values, FACT_AVAILABLE, picture->available,
                  facts_source(answer, picture->available_source));
    speech_phrase(answer->speech, "split.rest", &values);
}

bool situation_rests(const struct answer *answer) {
    const struct state *state = answer->speech->state;
    return state->rest > 0 && !state->rest_orders && situation_told(answer);
}

static int delivered_count(const struct picture *picture) {
    int count = 0;
    for (int i = 0; i < picture->parcel_count; i++)
        count += picture->parcels[i].status == STATUS_DELIVERED;
    return count;
}

void situation_tell_left(struct speech *speech, int count, const char *what) {
    struct values values;
    values_init(&values);
    values_number(&values, FACT_COUNT, count, source_named(what));
    if (count > 0)
        speech_phrase(speech, "rest.left", &values);
}

/* Spoken, those that are there are only counted, as long as others are not. Goes on where it has stopped. */
void situation_tell_split(struct answer *answer, bool rest_only) {
    const struct picture *picture = answer->picture;
    struct speech *speech = answer->speech;
    struct state *state = speech->state;
    bool spoken = state->voice == VOICE_SPOKEN;
    int delivered = delivered_count(picture), from = situation_rests(answer) ? state->rest : 0, left = 0;
    bool counted = spoken && delivered < picture->parcel_count;
    int most = spoken ? SPOKEN_PARCELS : WRITTEN_PARCELS;
    if (picture->parcel_count > 1 && !rest_only && from == 0 && spoken)
        answer->lead = 1 + (counted ? delivered : 0);
    else if (picture->parcel_count > 1 && !rest_only && from == 0) {
        struct values values;
        values_init(&values);
        values_text(&values, FACT_ORDER, picture->order->number, facts_source(answer, ""));
        values_number(&values, FACT_COUNT, picture->parcel_count, facts_source(answer, "parcels"));
        speech_phrase(speech, "split.intro", &values);
    }
    state->rest = 0;
    for (int i = from; i < picture->parcel_count; i++) {
        if ((rest_only || counted) && picture->parcels[i].status == STATUS_DELIVERED)
            continue;
        if (most-- > 0)
            situation_tell_parcel(answer, &picture->parcels[i]);
        else if (left++ == 0)
            state->rest = i;
    }
    state->rest_orders = false;
    situation_tell_left(speech, left, "parcels");
    if (picture->outstanding && left == 0)
        situation_tell_rest(answer);
}

void situation_remember(struct answer *answer) {
    struct state *state = answer->speech->state;
    if (situation_told(answer))
        return;
    TEXT_SET(state->told, answer->picture->order->key);
    state->told_parcel = answer->parcel;
}

bool situation_told(const struct answer *answer) {
    const struct state *state = answer->speech->state;
    return text_is(state->told, answer->picture->order->key) &&
           (state->told_parcel == 0 || state->told_parcel == answer->parcel);
}

/* The carrier's page, in words, once an order. */
static void tell_link_once(struct answer *answer) {
    const struct picture *picture = answer->picture;
    if (answer->speech->state->voice == VOICE_SPOKEN)
        return;
    for (int i = 0; i < picture->parcel_count; i++) {
        const struct parcel_view *view = &picture->parcels[i];
        if (status_final(view->status) || view->status == STATUS_READY_FOR_PICKUP ||
            picture->parcel_count > 1)
            continue;
        struct values values;
        values_init(&values);
        values_link(&values, FACT_LINK, view->link, facts_origin(answer, view->link_source));
        if (values_has(&values, FACT_LINK))
            speech_phrase(answer->speech, "offer.link", &values);
    }
}

void situation_tell(struct answer *answer) {
    const struct picture *picture = answer->picture;
    if (answer->told)
        return;
    answer->told = true;
    bool first = !situation_told(answer);
    if (picture->parcel_count == 0 || picture->order->state == STATUS_CANCELLED)
        tell_order(answer);
    if (picture->parcel_count == 1 && !picture->outstanding)
        situation_tell_parcel(answer, &picture->parcels[0]);
    else if (picture->parcel_count > 0)
        situation_tell_split(answer, false);
    if (first)
        tell_link_once(answer);
    situation_remember(answer);
}

void situation_tell_once(struct answer *answer) {
    if (!situation_told(answer))
        situation_tell(answer);
}
