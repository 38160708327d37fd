#include "bot/dialogue/answer.h"
#include "base/text.h"
#include "bot/dialogue/parts.h"
#include <string.h>

enum { SPOKEN_PARCELS = 3 };

static const char *source(struct answer *answer, const char *what) {
    return arena_format(answer->speech->arena, "order %s%s%s", answer->picture->order->number,
                        *what ? " " : "", what);
}

static const char *parcel_source(struct answer *answer, const struct parcel_view *view, const char *what) {
    return arena_format(answer->speech->arena, "order %s parcel %d %s", answer->picture->order->number,
                        view->index, what);
}

static const char *scan_source(struct answer *answer, const struct parcel_view *view) {
    char at[MOMENT_SIZE];
    if (view->last_scan == NULL)
        return NULL;
    moment_print(at, view->last_scan->at);
    return arena_format(answer->speech->arena, "order %s parcel %d checkpoint %s %s",
                        answer->picture->order->number, view->index, at, view->last_scan->source);
}

static bool known(struct moment moment) {
    return moment.kind != MOMENT_NONE;
}

/* The article names of a parcel (or of what is in none yet: parcel -1), for the second tier only. */
static const char *items(struct answer *answer, int parcel) {
    const struct order *order = answer->picture->order;
    if (answer->tier < 2 || order->line_count == 0)
        return NULL;
    struct speech *speech = answer->speech;
    const char **titles = ARENA_ARRAY(speech->arena, const char *, (size_t)order->line_count);
    int count = 0;
    for (int i = 0; i < order->line_count; i++)
        if (order->lines[i].parcel == parcel && !text_empty(order->lines[i].title) &&
            order->lines[i].state != STATUS_CANCELLED)
            titles[count++] =
                order->lines[i].quantity > 1
                    ? arena_format(speech->arena, speech->state->voice == VOICE_SPOKEN ? "%d %s" : "%d × %s",
                                   order->lines[i].quantity, order->lines[i].title)
                    : order->lines[i].title;
    return count == 0
               ? NULL
               : phrasebook_list(speech->dialogue->book, speech->state->locale, titles, count, speech->arena);
}

/* Values */

/* moved: a new date is told beside the first promise, so no phrase but that one names either. */
static void order_values(struct answer *answer, struct values *values, bool moved) {
    const struct picture *picture = answer->picture;
    const struct order *order = picture->order;
    struct moment due = known(picture->due) ? picture->due : picture->promised;
    const char *promise =
        known(order->revised.to) || known(order->revised.from) ? "revised promise" : "promise";
    values_text(values, "order", order->number, source(answer, ""));
    values_moment(values, "placed", order->placed_at, source(answer, "placed_at"));
    values_moment(values, "promised", moved ? picture->promised : due,
                  source(answer, moved ? "promise" : promise));
    values_moment(values, "due", moved ? due : (struct moment){0}, source(answer, promise));
    values_moment(values, "dispatch_by", order->dispatch_by, source(answer, "dispatch_by"));
    values_text(values, "hold_reason", order->hold_reason, source(answer, "hold_reason"));
    values_moment(values, "hold_until", order->hold_until, source(answer, "hold_until"));
    values_moment(values, "available", picture->available, source(answer, "hold_until"));
    values_number(values, "days_late", picture->days_late, source(answer, "promise and today"));
    values_moment(values, "since", (struct moment){0}, NULL);
}

static const char *subject(struct answer *answer, const struct parcel_view *view, bool with_items) {
    const struct picture *picture = answer->picture;
    struct values values = {0};
    values_text(&values, "order", picture->order->number, source(answer, ""));
    values_number(&values, "index", view->index, source(answer, "parcels"));
    values_number(&values, "count", view->count, source(answer, "parcels"));
    if (with_items && picture->order->parcel_count > 0)
        values_text(&values, "items", items(answer, view->index - 1), source(answer, "lines"));
    return speech_words(answer->speech, view->count > 1 ? "subject.parcel_of" : "subject.parcel", &values);
}

/* The hours of a span that has them; false when none are known for today. */
static bool window_values(struct answer *answer, const struct parcel_view *view, struct values *values) {
    const struct due *estimate = &view->parcel->estimate;
    bool window =
        estimate->from.kind == MOMENT_TIME && estimate->to.kind == MOMENT_TIME &&
        zone_moment_day(answer->speech->dialogue->shop->zone, estimate->to) == answer->picture->today;
    const char *from = parcel_source(answer, view, "estimate");
    values_moment(values, "from", window ? estimate->from : (struct moment){0}, from);
    values_moment(values, "to_time", window ? estimate->to : (struct moment){0}, from);
    return window;
}

static void proof_values(struct answer *answer, const struct parcel_view *view, struct values *values) {
    const struct proof_of_delivery *proof = &view->parcel->proof;
    const char *from = parcel_source(answer, view, "proof of delivery");
    struct moment at = known(proof->at) ? proof->at : view->parcel->status_at;
    values_moment(values, "at", at, known(proof->at) ? from : parcel_source(answer, view, "status"));
    if (answer->tier < 2)
        return;
    values_text(values, "where", proof->where, from);
    values_text(values, "to", proof->to, from);
    bool told = !text_empty(proof->where) || !text_empty(proof->to) || proof->signed_for;
    values_text(values, "signed", told ? (proof->signed_for ? "yes" : "no") : NULL, from);
}

static void pickup_values(struct answer *answer, const struct parcel_view *view, struct values *values) {
    const struct pickup *pickup = &view->parcel->pickup;
    const char *from = parcel_source(answer, view, "pick-up point");
    values_text(values, "pickup_name", pickup->name, from);
    values_text(values, "pickup_hours", pickup->hours, from);
    values_moment(values, "until", pickup->deadline, from);
    if (answer->tier < 2)
        return;
    values_text(values, "pickup_address", pickup->address, from);
    values_text(values, "pickup_code", pickup->code, from);
}

static int hours_since(struct answer *answer, struct moment at) {
    enum { HOUR_MS = 3600000 };
    return at.kind == MOMENT_TIME ? (int)((answer->speech->now_ms - at.ms) / HOUR_MS) : 0;
}

static void parcel_values(struct answer *answer, const struct parcel_view *view, struct values *values) {
    const struct parcel *parcel = view->parcel;
    const char *status = parcel_source(answer, view, "status");
    const char *due = view->due_source == NULL ? NULL : source(answer, view->due_source);
    values_text(values, "subject", subject(answer, view, true), NULL);
    values_text(values, "carrier", parcel->carrier, parcel_source(answer, view, "carrier"));
    values_moment(values, "due", view->due, due);
    values_moment(values, "estimate", view->due, due);
    values_moment(values, "estimate_from", view->due_from, due);
    values_moment(values, "promised", view->promised, source(answer, "promise"));
    values_number(values, "days_late", view->days_late, source(answer, "promise and due date"));
    values_moment(values, "since", parcel->status_at, status);
    values_number(values, "hours", hours_since(answer, parcel->status_at), status);
    values_text(values, "reason", parcel->reason, parcel_source(answer, view, "reason"));
    values_moment(values, "next_attempt", parcel->next_attempt, parcel_source(answer, view, "next_attempt"));
    const char *scan = scan_source(answer, view);
    values_moment(values, "last_scan", view->last_scan == NULL ? (struct moment){0} : view->last_scan->at,
                  scan);
    values_text(values, "place", view->last_scan == NULL ? NULL : view->last_scan->place, scan);
    values_number(values, "days", view->days_silent, scan);
    window_values(answer, view, values);
    proof_values(answer, view, values);
    pickup_values(answer, view, values);
}

/* Status: which phrase says it */

static const char *transit_phrase(const struct parcel_view *view) {
    if (view->stalled)
        return view->days_late > 0 ? "status.stalled_late" : "status.stalled";
    if (!known(view->due))
        return view->days_late > 0 ? "status.in_transit_late_no_date" : "status.in_transit_no_date";
    if (view->days_late > 0)
        return "status.in_transit_late";
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
    [STATUS_UNKNOWN] = {.pick = transit_phrase, .says_late = true},
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
    [STATUS_EXPIRED] = {.phrase = "status.expired", .says_late = true, .topic = "expired"},
};

static void follow(struct answer *answer, const char *topic, const char *offer) {
    if (answer->topic == NULL)
        answer->topic = topic;
    if (answer->offer == NULL)
        answer->offer = offer;
}

/* Asked again with nothing new is said in other words, and so announced. */
static void status_phrase(struct answer *answer, const char *phrase, const struct values *values) {
    if (speech_said_alike(answer->speech, phrase, values) && !speech_has(answer->speech, "again.nothing_new"))
        speech_phrase(answer->speech, "again.nothing_new", NULL);
    speech_phrase(answer->speech, phrase, values);
}

static void tell_late(struct answer *answer, const char *phrase, struct moment promised, int days_late) {
    if (days_late <= 0)
        return;
    struct values values = {0};
    values_moment(&values, "promised", promised, source(answer, "promise"));
    values_number(&values, "days_late", days_late, source(answer, "promise and due date"));
    speech_phrase(answer->speech, phrase, &values);
}

static void tell_parcel(struct answer *answer, const struct parcel_view *view) {
    static const struct parcel_telling before = {.phrase = "status.info_received"};
    const struct parcel_telling *telling = &parcel_tellings[view->status];
    if (telling->phrase == NULL && telling->pick == NULL)
        telling = &before;
    struct values values = {0};
    parcel_values(answer, view, &values);
    const char *phrase = telling->pick != NULL ? telling->pick(view) : telling->phrase;
    const struct proof_of_delivery *proof = &view->parcel->proof;
    if (view->status == STATUS_DELIVERED && answer->tier >= 2 &&
        (!text_empty(proof->where) || !text_empty(proof->to)))
        phrase = "status.delivered_where";
    status_phrase(answer, phrase, &values);
    if (!telling->says_late)
        tell_late(answer, view->status == STATUS_EXCEPTION ? "late.by" : "late.yes", view->promised,
                  view->days_late);
    follow(answer, telling->topic, telling->offer);
    if (view->days_late > 0 || view->stalled)
        follow(answer, NULL, "late");
    if (view->status == STATUS_ATTEMPT_FAILED && !known(view->parcel->next_attempt))
        follow(answer, NULL, "action.instructions");
    parts_timeline(answer, view);
    if (view->status == STATUS_READY_FOR_PICKUP)
        parts_pickup(answer, view);
    else if (!status_final(view->status))
        parts_link(answer, view);
}

/* Before there is a parcel, the order itself has a state. */
static const char *order_phrase(const struct picture *picture) {
    const struct order *order = picture->order;
    bool date = known(picture->available);
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
        return text_empty(order->hold_reason) ? "status.confirmed" : "status.on_hold";
    case STATUS_BACKORDER:
        if (preorder)
            return date ? "status.preorder" : "status.preorder_no_date";
        return date ? "status.backorder" : "status.backorder_no_date";
    case STATUS_CANCELLED:
        return "status.cancelled";
    default:
        return "status.unknown";
    }
}

static bool dispatch_missed(struct answer *answer) {
    struct moment by = answer->picture->dispatch_by;
    return known(by) && zone_moment_day(answer->speech->dialogue->shop->zone, by) < answer->picture->today;
}

static void tell_order(struct answer *answer) {
    const struct picture *picture = answer->picture;
    enum status state = picture->order->state;
    struct values values = {0};
    bool queued = state == STATUS_PLACED || state == STATUS_CONFIRMED || state == STATUS_PREPARING;
    bool overdue = picture->days_late > 0 && !known(picture->due), moved = picture->days_late > 0 && !overdue;
    bool late = queued && (overdue || (dispatch_missed(answer) && !moved));
    order_values(answer, &values, moved);
    status_phrase(answer, late ? "status.preparing_late" : order_phrase(picture), &values);
    if (moved && state != STATUS_CANCELLED)
        speech_phrase(answer->speech, "late.new_date", &values);
    else if (!late && state != STATUS_CANCELLED)
        tell_late(answer, state == STATUS_BACKORDER ? "late.by" : "late.yes", picture->promised,
                  picture->days_late);
    bool waiting = state == STATUS_BACKORDER && !known(picture->available);
    if (state == STATUS_UNKNOWN)
        follow(answer, NULL, "order_unknown");
    else if (state != STATUS_CANCELLED && (late || waiting || picture->days_late > 0))
        follow(answer, NULL, "late");
    parts_order_timeline(answer);
}

static void tell_rest(struct answer *answer) {
    const struct picture *picture = answer->picture;
    struct values values = {0};
    values_text(&values, "items", items(answer, -1), source(answer, "lines"));
    bool ahead = known(picture->dispatch_by) && !dispatch_missed(answer);
    values_moment(&values, "dispatch_by", ahead ? picture->dispatch_by : (struct moment){0},
                  source(answer, "dispatch_by"));
    values_moment(&values, "available", picture->available, source(answer, "lines available"));
    speech_phrase(answer->speech, "split.rest", &values);
}

static void tell_split(struct answer *answer, bool rest_only) {
    const struct picture *picture = answer->picture;
    struct speech *speech = answer->speech;
    int most = speech->state->voice == VOICE_SPOKEN ? SPOKEN_PARCELS : picture->parcel_count;
    if (picture->parcel_count > 1 && !rest_only) {
        struct values values = {0};
        values_text(&values, "order", picture->order->number, source(answer, ""));
        values_number(&values, "count", picture->parcel_count, source(answer, "parcels"));
        speech_phrase(speech, "split.intro", &values);
    }
    for (int i = 0; i < picture->parcel_count && most > 0; i++) {
        if (rest_only && picture->parcels[i].status == STATUS_DELIVERED)
            continue;
        tell_parcel(answer, &picture->parcels[i]);
        most--;
    }
    if (picture->outstanding)
        tell_rest(answer);
}

static void remember_told(struct answer *answer) {
    TEXT_SET(answer->speech->state->told, answer->picture->order->key);
}

static bool told(struct answer *answer) {
    return text_is(answer->speech->state->told, answer->picture->order->key);
}

/* The carrier's page, in words, once an order. */
static void tell_link_once(struct answer *answer) {
    const struct picture *picture = answer->picture;
    for (int i = 0; i < picture->parcel_count; i++) {
        const struct parcel_view *view = &picture->parcels[i];
        if (status_final(view->status) || view->status == STATUS_READY_FOR_PICKUP ||
            picture->parcel_count > 1)
            continue;
        struct values values = {0};
        values_link(&values, "link", view->link, source(answer, view->link_source));
        if (values.list[0].present)
            speech_phrase(answer->speech, "offer.link", &values);
    }
}

static void tell_status(struct answer *answer) {
    const struct picture *picture = answer->picture;
    if (answer->told)
        return;
    answer->told = true;
    bool first = !told(answer);
    if (picture->parcel_count == 0)
        tell_order(answer);
    else if (picture->parcel_count == 1 && !picture->outstanding)
        tell_parcel(answer, &picture->parcels[0]);
    else
        tell_split(answer, false);
    if (first)
        tell_link_once(answer);
    remember_told(answer);
}

static void tell_status_once(struct answer *answer) {
    if (!told(answer))
        tell_status(answer);
}

/* The parcel that a question is about when it does not say: the first that is not there yet, else the last.
 */
static const struct parcel_view *open_parcel(const struct picture *picture) {
    for (int i = 0; i < picture->parcel_count; i++)
        if (!status_final(picture->parcels[i].status))
            return &picture->parcels[i];
    return picture->parcel_count == 0 ? NULL : &picture->parcels[picture->parcel_count - 1];
}

/* The day on which the last of what is still to come is due. */
static const struct parcel_view *last_due(struct answer *answer, struct moment *due, const char **from) {
    const struct picture *picture = answer->picture;
    const struct parcel_view *latest = NULL;
    *due = (struct moment){0};
    *from = NULL;
    for (int i = 0; i < picture->parcel_count; i++) {
        const struct parcel_view *view = &picture->parcels[i];
        if (status_final(view->status))
            continue;
        if (latest == NULL || !known(view->due) ||
            (known(*due) && moment_compare(view->due, *due, answer->speech->dialogue->shop->zone) > 0)) {
            latest = view;
            *due = view->due;
            *from = view->due_source == NULL ? NULL : source(answer, view->due_source);
        }
        if (!known(view->due))
            return view;
    }
    if (picture->parcel_count == 0 && picture->order->state != STATUS_CANCELLED) {
        *due = picture->due;
        *from = source(answer, "promise");
    }
    return latest;
}

static bool there(const struct picture *picture) {
    for (int i = 0; i < picture->parcel_count; i++)
        if (picture->parcels[i].status != STATUS_DELIVERED)
            return false;
    return picture->parcel_count > 0 && !picture->outstanding;
}

static bool stalled(const struct picture *picture) {
    for (int i = 0; i < picture->parcel_count; i++)
        if (picture->parcels[i].stalled || picture->parcels[i].status == STATUS_EXCEPTION)
            return true;
    return false;
}

/* Will it be here before Saturday? */
static void tell_deadline(struct answer *answer) {
    const struct picture *picture = answer->picture;
    struct moment due, asked = moment_day(answer->goal->asked);
    const char *from;
    last_due(answer, &due, &from);
    struct values values = {0};
    values_moment(&values, "asked", asked, "customer");
    values_moment(&values, "due", due, from);
    if (there(picture)) {
        proof_values(answer, open_parcel(picture), &values);
        speech_phrase(answer->speech, "deadline.delivered", &values);
        remember_told(answer);
        return;
    }
    if (!known(due) || picture->outstanding || status_final(picture->order->state)) {
        speech_phrase(answer->speech, "deadline.unknown", &values);
        tell_status_once(answer);
        return;
    }
    int32_t day = zone_moment_day(answer->speech->dialogue->shop->zone, due);
    bool in_time = day < answer->goal->asked && !stalled(picture);
    bool too_late = day > answer->goal->asked;
    speech_phrase(answer->speech,
                  too_late                     ? "deadline.no"
                  : in_time                    ? "deadline.yes"
                  : day == answer->goal->asked ? "deadline.same_day"
                                               : "deadline.risk",
                  &values);
    tell_status_once(answer);
    if (!in_time)
        follow(answer, NULL, "late");
}

static bool names_a_day(struct answer *answer) {
    return answer->goal->asked != 0 && answer->goal->asked >= answer->picture->today;
}

/* Aspects */

static void aspect_status(struct answer *answer) {
    if (names_a_day(answer))
        tell_deadline(answer);
    else
        tell_status(answer);
}

/* A date was given and has passed: the state says so, "no date is known" would not be true. */
static bool overdue(struct answer *answer, const struct parcel_view *view, struct moment due) {
    int days_late = view != NULL ? view->days_late : answer->picture->days_late;
    return !known(due) && days_late > 0;
}

static void aspect_arrival(struct answer *answer) {
    struct moment due;
    const char *from;
    const struct parcel_view *view = last_due(answer, &due, &from);
    if (names_a_day(answer))
        tell_deadline(answer);
    else if (!told(answer) || answer->told || there(answer->picture) || overdue(answer, view, due) ||
             (view != NULL && view->status == STATUS_READY_FOR_PICKUP) ||
             (view != NULL && view->status == STATUS_OUT_FOR_DELIVERY))
        tell_status(answer);
    else {
        struct values values = {0};
        values_moment(&values, "due", due, from);
        if (view != NULL)
            values_moment(&values, "estimate_from", view->due_from, from);
        bool late = (view != NULL ? view->days_late : answer->picture->days_late) > 0;
        bool promised = !late && (view == NULL || view->due_promised);
        speech_phrase(answer->speech,
                      !known(due) ? "aspect.due_unknown"
                      : promised  ? "aspect.due_promised"
                                  : "aspect.due",
                      &values);
    }
}

static void aspect_not_received(struct answer *answer);

static void aspect_late(struct answer *answer) {
    const struct picture *picture = answer->picture;
    if (there(picture)) {
        aspect_not_received(answer); /* delivered, they say, and not there, says the customer */
        return;
    }
    if (!told(answer)) {
        aspect_status(answer);
        return;
    }
    struct moment due;
    const char *from;
    const struct parcel_view *view = last_due(answer, &due, &from);
    int days_late = view != NULL ? view->days_late : picture->days_late;
    if (days_late == 0 && known(due)) {
        struct values values = {0};
        values_moment(&values, "due", due, from);
        speech_phrase(answer->speech, "late.no", &values);
    } else
        tell_status(answer);
}

static void aspect_shipped(struct answer *answer) {
    const struct picture *picture = answer->picture;
    if (!told(answer)) {
        tell_status(answer); /* it says where the parcel is */
        return;
    }
    const struct parcel_view *view = open_parcel(picture);
    struct values values = {0};
    bool shipped = false;
    for (int i = 0; i < picture->parcel_count; i++)
        if (status_with_carrier(picture->parcels[i].status)) {
            view = &picture->parcels[i];
            shipped = true;
            break;
        }
    if (shipped) {
        const struct parcel *parcel = view->parcel;
        for (int i = 0; i < parcel->checkpoint_count; i++)
            if (status_with_carrier(parcel->checkpoints[i].status)) {
                values_moment(&values, "since", parcel->checkpoints[i].at,
                              parcel_source(answer, view, "first scan"));
                break;
            }
        values_text(&values, "carrier", parcel->carrier, parcel_source(answer, view, "carrier"));
        speech_phrase(answer->speech, "aspect.shipped_yes", &values);
    } else if (picture->order->state != STATUS_CANCELLED) {
        bool ahead = known(picture->dispatch_by) && !dispatch_missed(answer);
        values_moment(&values, "dispatch_by", ahead ? picture->dispatch_by : (struct moment){0},
                      source(answer, "dispatch_by"));
        speech_phrase(answer->speech, "aspect.shipped_no", &values);
    }
}

/* One sentence for each parcel that is still to come; for all of them when everything is there. */
static void each_parcel(struct answer *answer, const char *with, const char *without, const char *needed) {
    const struct picture *picture = answer->picture;
    bool any = false, all = picture->final;
    for (int i = 0; i < picture->parcel_count; i++) {
        const struct parcel_view *view = &picture->parcels[i];
        if (!all && status_final(view->status))
            continue;
        struct values values = {0};
        const struct parcel *parcel = view->parcel;
        values_text(&values, "carrier", parcel->carrier, parcel_source(answer, view, "carrier"));
        values_text(&values, "tracking", parcel->tracking_number,
                    parcel_source(answer, view, "tracking_number"));
        values_link(&values, "link", view->link, source(answer, view->link_source));
        if (picture->parcel_count > 1)
            values_text(&values, "subject", subject(answer, view, true), NULL);
        for (int v = 0; v < values.count; v++)
            if (text_is(values.list[v].name, needed) && values.list[v].present) {
                speech_phrase(answer->speech, with, &values);
                parts_link(answer, view);
                any = true;
            }
    }
    if (!any)
        speech_phrase(answer->speech, without, NULL);
}

static void aspect_carrier(struct answer *answer) {
    each_parcel(answer, "aspect.carrier", "aspect.carrier_none", "carrier");
}

static void aspect_number(struct answer *answer) {
    each_parcel(answer, "aspect.number", "aspect.number_none", "tracking");
}

static void aspect_link(struct answer *answer) {
    each_parcel(answer, "aspect.link", "aspect.link_none", "link");
}

static void aspect_window(struct answer *answer) {
    struct moment due;
    const char *from;
    const struct parcel_view *view = last_due(answer, &due, &from);
    if (there(answer->picture)) {
        tell_status(answer);
        return;
    }
    struct values values = {0};
    values_moment(&values, "due", due, from);
    if (view != NULL) {
        if (window_values(answer, view, &values)) {
            speech_phrase(answer->speech, "aspect.window", &values);
            return;
        }
        values_link(&values, "link", view->link, source(answer, view->link_source));
        parts_link(answer, view);
    }
    tell_status_once(answer);
    speech_phrase(answer->speech, "aspect.window_none", &values);
}

static void aspect_certain(struct answer *answer) {
    struct moment due;
    const char *from;
    const struct parcel_view *view = last_due(answer, &due, &from);
    if (there(answer->picture) || !told(answer)) {
        aspect_status(answer);
        return;
    }
    struct values values = {0};
    values_moment(&values, "due", due, from);
    if (view != NULL)
        values_text(&values, "carrier", view->parcel->carrier, parcel_source(answer, view, "carrier"));
    bool promised = view == NULL || view->due_promised;
    speech_phrase(answer->speech,
                  !known(due) ? "aspect.due_unknown"
                  : promised  ? "aspect.certain_promised"
                              : "aspect.certain",
                  &values);
}

static void aspect_pickup(struct answer *answer) {
    const struct parcel_view *view = open_parcel(answer->picture);
    struct values values = {0};
    values_text(&values, "option", answer->picture->order->option, source(answer, "option"));
    if (view == NULL || text_empty(view->parcel->pickup.name))
        speech_phrase(answer->speech, "aspect.pickup_none", &values);
    else if (answer->tier < 2 && view->status == STATUS_READY_FOR_PICKUP) {
        tell_status(answer);
        if (!text_empty(view->parcel->pickup.code) || !text_empty(view->parcel->pickup.address))
            answer->needs_factor = true;
        return;
    }
    tell_status(answer);
}

static const struct parcel_view *delivered_parcel(const struct picture *picture) {
    for (int i = picture->parcel_count - 1; i >= 0; i--)
        if (picture->parcels[i].status == STATUS_DELIVERED)
            return &picture->parcels[i];
    return NULL;
}

static int32_t working_days(int32_t day, int count) {
    while (count > 0)
        if (calendar_weekday(++day) <= 5)
            count--;
    return day;
}

static void aspect_not_received(struct answer *answer) {
    const struct parcel_view *view = delivered_parcel(answer->picture);
    if (view == NULL) {
        aspect_late(answer);
        return;
    }
    struct values values = {0};
    values_text(&values, "carrier", view->parcel->carrier, parcel_source(answer, view, "carrier"));
    proof_values(answer, view, &values);
    remember_told(answer);
    answer->told = true;
    if (answer->checked) {
        int days = answer->speech->dialogue->shop->inquiry_days;
        values_moment(&values, "next_step",
                      days > 0 ? moment_day(working_days(answer->picture->today, days)) : (struct moment){0},
                      "shop inquiry_days");
        speech_phrase(answer->speech, "not_received.inquiry", &values);
        answer->topic = "not_received";
        return;
    }
    bool where =
        answer->tier >= 2 && (!text_empty(view->parcel->proof.where) || !text_empty(view->parcel->proof.to));
    speech_phrase(answer->speech, where ? "not_received.check_where" : "not_received.check", &values);
    parts_timeline(answer, view);
    answer->check = true;
}

static void aspect_confirmation(struct answer *answer) {
    struct values values = {0};
    order_values(answer, &values, false);
    if (answer->picture->order->state != STATUS_CANCELLED)
        speech_phrase(answer->speech, "aspect.confirmation", &values);
    tell_status_once(answer);
}

static void aspect_rest(struct answer *answer) {
    const struct picture *picture = answer->picture;
    struct values values = {0};
    values_text(&values, "order", picture->order->number, source(answer, ""));
    if (there(picture))
        speech_phrase(answer->speech, picture->parcel_count > 1 ? "split.rest_none" : "split.single",
                      &values);
    else if (picture->parcel_count > 1 || (picture->parcel_count == 1 && picture->outstanding)) {
        tell_split(answer, told(answer));
        remember_told(answer);
        return;
    } else if (picture->parcel_count == 1)
        speech_phrase(answer->speech, "split.single", &values);
    tell_status_once(answer);
}

static void aspect_items(struct answer *answer) {
    const struct picture *picture = answer->picture;
    if (answer->tier < 2) {
        answer->needs_factor = true;
        return;
    }
    bool any = false;
    for (int parcel = -1; parcel < picture->parcel_count; parcel++) {
        struct values values = {0};
        const char *list = items(answer, parcel);
        if (list == NULL)
            continue;
        values_text(&values, "items", list, source(answer, "lines"));
        if (parcel >= 0 && picture->parcel_count > 1)
            values_text(&values, "subject", subject(answer, &picture->parcels[parcel], false), NULL);
        speech_phrase(answer->speech, "aspect.items", &values);
        any = true;
    }
    if (!any)
        speech_phrase(answer->speech, "aspect.items_unknown", NULL);
}

static void aspect_proof(struct answer *answer) {
    const struct parcel_view *view = delivered_parcel(answer->picture);
    if (view == NULL) {
        tell_status(answer);
        return;
    }
    if (answer->tier < 2) {
        tell_status_once(answer);
        answer->needs_factor = true;
        return;
    }
    struct values values = {0};
    proof_values(answer, view, &values);
    bool any = !text_empty(view->parcel->proof.where) || !text_empty(view->parcel->proof.to);
    speech_phrase(answer->speech, any ? "aspect.proof" : "aspect.proof_none", any ? &values : NULL);
}

static const struct {
    const char *name;
    void (*tell)(struct answer *answer);
} aspects[] = {
    {"status", aspect_status},
    {"arrival", aspect_arrival},
    {"late", aspect_late},
    {"stalled", aspect_status},
    {"shipped", aspect_shipped},
    {"number", aspect_number},
    {"link", aspect_link},
    {"carrier", aspect_carrier},
    {"missed", aspect_status},
    {"pickup", aspect_pickup},
    {"not_received", aspect_not_received},
    {"confirmation", aspect_confirmation},
    {"rest", aspect_rest},
    {"preorder", aspect_status},
    {"window", aspect_window},
    {"certain", aspect_certain},
    {"items", aspect_items},
    {"proof", aspect_proof},
};

void answer_aspect(struct answer *answer, const char *aspect) {
    int before = answer->speech->sentence_count;
    void (*tell)(struct answer *) = aspect_status;
    for (size_t i = 0; i < sizeof aspects / sizeof *aspects; i++)
        if (text_is(aspects[i].name, aspect))
            tell = aspects[i].tell;
    tell(answer);
    /* Nothing left to say of it, told as it was before: then the state again rather than silence. */
    if (answer->speech->sentence_count == before && !answer->needs_factor && !answer->told)
        tell_status(answer);
}

const char *answer_state(struct speech *speech, const struct picture *picture) {
    const struct parcel_view *view = open_parcel(picture);
    enum status status = view == NULL ? picture->order->state : view->status;
    const char *name = arena_format(speech->arena, "state.%s", status_name(status));
    return speech_words(speech, phrasebook_has(speech->dialogue->book, name) ? name : "state.unknown", NULL);
}

void answer_listed(struct speech *speech, const struct picture *picture, struct values *values) {
    const struct order *order = picture->order;
    const char *from = arena_format(speech->arena, "order %s", order->number);
    values_text(values, "order", order->number, from);
    values_moment(values, "placed", order->placed_at, from);
    values_text(values, "state", answer_state(speech, picture), from);
}
