#include "bot/dialogue/facts.h"
#include "base/text.h"

struct source facts_origin(struct answer *answer, struct origin origin) {
    return (struct source){.order = answer->picture->order->number, .origin = origin};
}

struct source facts_source(struct answer *answer, const char *what) {
    return facts_origin(answer, (struct origin){0, what});
}

struct source facts_parcel_source(struct answer *answer, const struct parcel_view *view, const char *what) {
    return facts_origin(answer, (struct origin){view->index, what});
}

static struct source scan_source(struct answer *answer, const struct parcel_view *view) {
    struct source source = facts_parcel_source(answer, view, "checkpoint ");
    source.scan = view->last_scan;
    return source;
}

static bool belongs(const struct order *order, const struct line *line, int parcel) {
    return parcel == ITEMS_WAITING ? picture_waits(order, line)
                                   : line->parcel == parcel && line->state != STATUS_CANCELLED;
}

const char *facts_items(struct answer *answer, int parcel) {
    const struct order *order = answer->picture->order;
    if (answer->tier < 2 || order->line_count == 0)
        return NULL;
    struct speech *speech = answer->speech;
    const char **titles = ARENA_ARRAY(speech->arena, const char *, (size_t)order->line_count);
    int count = 0;
    for (int i = 0; i < order->line_count; i++)
        if (belongs(order, &order->lines[i], parcel) && !text_empty(order->lines[i].title))
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

struct moment facts_past(const struct answer *answer, struct moment moment) {
    const struct picture *picture = answer->picture;
    return picture_ahead(moment, picture->now_ms, picture->today) ? (struct moment){0} : moment;
}

/* moved: a new date is told beside the first promise, so no phrase but that one names either. */
void facts_order(struct answer *answer, struct values *values, bool moved, bool late) {
    const struct picture *picture = answer->picture;
    const struct order *order = picture->order;
    struct moment due = moment_known(picture->due) || !late ? picture->due : picture->promised;
    const char *promise =
        moment_known(order->revised.to) || moment_known(order->revised.from) ? "revised promise" : "promise";
    values_text(values, FACT_ORDER, order->number, facts_source(answer, ""));
    values_moment(values, FACT_PLACED, facts_past(answer, order->placed_at),
                  facts_source(answer, "placed_at"));
    values_moment(values, FACT_PROMISED, moved ? picture->promised : due,
                  facts_source(answer, moved ? "promise" : promise));
    values_moment(values, FACT_DUE, moved ? due : (struct moment){0}, facts_source(answer, promise));
    values_moment(values, FACT_DISPATCH_BY, order->dispatch_by, facts_source(answer, "dispatch_by"));
    values_text(values, FACT_HOLD_REASON, order->hold_reason, facts_source(answer, "hold_reason"));
    values_moment(values, FACT_HOLD_UNTIL, picture->available,
                  facts_source(answer, picture->available_source));
    values_moment(values, FACT_AVAILABLE, picture->available,
                  facts_source(answer, picture->available_source));
    values_number(values, FACT_DAYS_LATE, picture->days_late, facts_source(answer, "promise and today"));
    values_moment(values, FACT_SINCE, (struct moment){0}, source_none);
}

/* By phone the number has been read back when its proof was asked for, and is not said a second time. */
static bool read_back(const struct answer *answer) {
    const struct state *state = answer->speech->state;
    return state->voice == VOICE_SPOKEN && state->orders[1][0] == '\0' &&
           (speech_said(answer->speech, "ask.proof") || speech_said(answer->speech, "proof.caller"));
}

/* "Your order travels in two parcels, one is delivered, and parcel 2": once an answer. */
static const char *subject_of_split(struct answer *answer, const struct parcel_view *view) {
    struct values values;
    values_init(&values);
    values_text(&values, FACT_ORDER, answer->picture->order->number, facts_source(answer, ""));
    values_number(&values, FACT_COUNT, view->count, facts_source(answer, "parcels"));
    values_number(&values, FACT_DELIVERED, answer->lead - 1, facts_source(answer, "parcels"));
    values_number(&values, FACT_INDEX, view->index, facts_source(answer, "parcels"));
    answer->lead = 0;
    return speech_words(answer->speech, "split.intro", &values);
}

const char *facts_subject(struct answer *answer, const struct parcel_view *view, bool with_items) {
    const struct picture *picture = answer->picture;
    struct values values;
    values_init(&values);
    if (answer->lead > 0)
        return subject_of_split(answer, view);
    if (view->count == 1 && read_back(answer))
        return speech_words(answer->speech, "subject.parcel_short", NULL);
    values_text(&values, FACT_ORDER, picture->order->number, facts_source(answer, ""));
    values_number(&values, FACT_INDEX, view->index, facts_source(answer, "parcels"));
    values_number(&values, FACT_COUNT, view->count, facts_source(answer, "parcels"));
    if (with_items && picture->order->parcel_count > 0)
        values_text(&values, FACT_ITEMS, facts_items(answer, view->index - 1), facts_source(answer, "lines"));
    return speech_words(answer->speech, view->count > 1 ? "subject.parcel_of" : "subject.parcel", &values);
}

bool facts_window(struct answer *answer, const struct parcel_view *view, struct values *values) {
    struct source from = facts_origin(answer, view->due_source);
    values_moment(values, FACT_FROM, view->slot.from, from);
    values_moment(values, FACT_TO_TIME, view->slot.to, from);
    return moment_known(view->slot.to);
}

void facts_proof(struct answer *answer, const struct parcel_view *view, struct values *values) {
    const struct proof_of_delivery *proof = &view->parcel->proof;
    struct source from = facts_parcel_source(answer, view, "proof of delivery");
    bool proved = view->status == STATUS_DELIVERED && moment_known(proof->at);
    struct moment at = proved ? proof->at : view->parcel->status_at;
    if (at.kind == MOMENT_TIME && !picture_timed(at))
        at = moment_day(zone_moment_day(answer->speech->dialogue->shop->zone, at));
    values_moment(values, FACT_AT, facts_past(answer, at),
                  proved ? from : facts_parcel_source(answer, view, "status"));
    if (answer->tier < 2)
        return;
    values_text(values, FACT_WHERE, proof->where, from);
    values_text(values, FACT_TO, proof->to, from);
    /* Most carriers say nothing where nobody signed, and where somebody did. */
    values_text(values, FACT_SIGNED, proof->signed_for ? "yes" : NULL, from);
}

static void facts_pickup(struct answer *answer, const struct parcel_view *view, struct values *values) {
    const struct pickup *pickup = &view->parcel->pickup;
    struct source from = facts_parcel_source(answer, view, "pick-up point");
    values_text(values, FACT_PICKUP_NAME, pickup->name, from);
    values_text(values, FACT_PICKUP_HOURS, pickup->hours, from);
    values_moment(values, FACT_UNTIL, pickup->deadline, from);
    if (answer->tier < 2)
        return;
    values_text(values, FACT_PICKUP_ADDRESS, pickup->address, from);
    values_text(values, FACT_PICKUP_CODE, pickup->code, from);
}

static int hours_since(struct answer *answer, struct moment at) {
    enum { HOUR_MS = 3600000 };
    return at.kind == MOMENT_TIME ? (int)((answer->speech->now_ms - at.ms) / HOUR_MS) : 0;
}

void facts_parcel(struct answer *answer, const struct parcel_view *view, bool promise,
                  struct values *values) {
    const struct parcel *parcel = view->parcel;
    struct moment since = facts_past(answer, parcel->status_at);
    struct source status = facts_parcel_source(answer, view, "status");
    struct source due = facts_origin(answer, view->due_source);
    values_text(values, FACT_SUBJECT, facts_subject(answer, view, true), source_none);
    values_text(values, FACT_CARRIER, parcel->carrier, facts_parcel_source(answer, view, "carrier"));
    /* What is at risk is told with the risk, not as announced. */
    bool behind = picture_prospect(answer->picture, view)->outlook == OUTLOOK_BEHIND;
    values_moment(values, FACT_DUE, behind ? (struct moment){0} : view->due, due);
    values_moment(values, FACT_ESTIMATE, view->due, due);
    values_moment(values, FACT_ESTIMATE_FROM, view->due_from, due);
    if (promise)
        values_moment(values, FACT_PROMISED, view->promised, facts_source(answer, "promise"));
    values_number(values, FACT_DAYS_LATE, view->days_late, facts_source(answer, "promise and due date"));
    values_moment(values, FACT_SINCE, since, status);
    values_number(values, FACT_HOURS, hours_since(answer, since), status);
    values_text(values, FACT_REASON, parcel->reason, facts_parcel_source(answer, view, "reason"));
    if (text_is(view->due_source.what, "next_attempt"))
        values_moment(values, FACT_NEXT_ATTEMPT, view->due, due);
    struct source scan = scan_source(answer, view);
    values_moment(values, FACT_LAST_SCAN, view->last_scan == NULL ? (struct moment){0} : view->last_scan->at,
                  scan);
    values_text(values, FACT_PLACE, view->last_scan == NULL ? NULL : view->last_scan->place, scan);
    values_number(values, FACT_DAYS, view->days_silent, scan);
    if (zone_moment_day(answer->speech->dialogue->shop->zone, view->slot.from) == answer->picture->today)
        facts_window(answer, view, values);
    facts_proof(answer, view, values);
    facts_pickup(answer, view, values);
}

void facts_prospect(struct answer *answer, const struct prospect *prospect, struct values *values) {
    const struct parcel_view *view = prospect->view;
    struct source due = facts_origin(answer, prospect->due_source);
    bool late = prospect->days_late > 0;
    struct moment none = {0};
    values_moment(values, FACT_DUE, prospect->due, due);
    values_moment(values, FACT_ESTIMATE_FROM, prospect->due_from, due);
    values_moment(values, FACT_PROMISED, late ? prospect->promised : none, facts_source(answer, "promise"));
    values_moment(values, FACT_FIRST_PROMISED, late ? prospect->promised : none,
                  facts_source(answer, "promise"));
    values_number(values, FACT_DAYS_LATE, prospect->days_late, facts_source(answer, "promise and due date"));
    values_moment(values, FACT_DISPATCH_BY, prospect->dispatch_by, facts_source(answer, "dispatch_by"));
    values_moment(values, FACT_AVAILABLE, prospect->available,
                  facts_source(answer, answer->picture->available_source));
    if (view == NULL)
        return;
    values_text(values, FACT_CARRIER, view->parcel->carrier, facts_parcel_source(answer, view, "carrier"));
    values_moment(values, FACT_SINCE, facts_past(answer, view->parcel->status_at),
                  facts_parcel_source(answer, view, "status"));
    facts_pickup(answer, view, values);
}
