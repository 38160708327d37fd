#include "bot/dialogue/answer.h"
#include "base/text.h"
#include "bot/dialogue/facts.h"
#include "bot/dialogue/parts.h"
#include "bot/dialogue/situation.h"
#include "bot/dialogue/when.h"

/* The parcel that a question is about when it does not say: the first that is not there yet, else the last.
 */
static const struct parcel_view *open_parcel(const struct picture *picture) {
    for (int i = 0; i < picture->parcel_count; i++)
        if (!status_final(picture->parcels[i].status))
            return &picture->parcels[i];
    return picture->parcel_count == 0 ? NULL : &picture->parcels[picture->parcel_count - 1];
}

bool answer_names(const struct answer *answer) {
    return answer->parcel > 0 || answer->picture->prospect_count > 1;
}

static bool there(const struct picture *picture) {
    for (int i = 0; i < picture->parcel_count; i++)
        if (picture->parcels[i].status != STATUS_DELIVERED)
            return false;
    return picture->parcel_count > 0 && !picture->outstanding;
}

static bool cancelled(const struct picture *picture) {
    return picture->parcel_count == 0 && picture->order->state == STATUS_CANCELLED;
}

/* Aspects */

static void tell_by_day(struct answer *answer) {
    when_tell(answer, WHEN_DEADLINE);
    situation_tell_once(answer);
}

static void aspect_status(struct answer *answer) {
    if (answer->goal->asked >= answer->picture->today)
        tell_by_day(answer);
    else
        situation_tell(answer);
}

static void aspect_arrival(struct answer *answer) {
    if (when_measured(answer))
        tell_by_day(answer);
    else if (!situation_told(answer) || answer->told)
        situation_tell(answer);
    else
        when_tell(answer, WHEN_ARRIVES);
}

/* The last of them; *count is how many there are. */
static const struct parcel_view *delivered_parcel(const struct answer *answer, int *count) {
    const struct picture *picture = answer->picture;
    const struct parcel_view *last = NULL;
    for (int i = 0; i < picture->parcel_count; i++)
        if (picture->parcels[i].status == STATUS_DELIVERED) {
            last = &picture->parcels[i];
            ++*count;
        }
    return last;
}

/* The customer may not have it all the same. */
static void tell_delivered(struct answer *answer) {
    const struct picture *picture = answer->picture;
    for (int i = 0; i < picture->parcel_count; i++) {
        struct values values;
        values_init(&values);
        if (picture->parcels[i].status != STATUS_DELIVERED)
            continue;
        values_text(&values, FACT_SUBJECT, facts_subject(answer, &picture->parcels[i], true), source_none);
        facts_proof(answer, &picture->parcels[i], &values);
        speech_phrase(answer->speech, "late.delivered", &values);
        answer->check = true;
    }
}

static void aspect_not_received(struct answer *answer);

static void aspect_late(struct answer *answer) {
    const struct picture *picture = answer->picture;
    if (there(picture)) {
        aspect_not_received(answer); /* delivered, they say, and not there, says the customer */
        return;
    }
    if (!situation_told(answer)) {
        aspect_status(answer);
        return;
    }
    /* "I never got it" may mean the one that is said to have come. */
    tell_delivered(answer);
    when_tell(answer, WHEN_LATE);
}

static void tell_shipped(struct answer *answer, const struct parcel_view *view) {
    const struct parcel *parcel = view->parcel;
    struct values values;
    values_init(&values);
    if (!status_with_carrier(view->status)) {
        bool ahead = !answer->picture->dispatch_missed;
        values_moment(&values, FACT_DISPATCH_BY, ahead ? answer->picture->dispatch_by : (struct moment){0},
                      facts_source(answer, "dispatch_by"));
        speech_phrase(answer->speech, "aspect.shipped_no", &values);
        return;
    }
    for (int i = 0; i < parcel->checkpoint_count; i++)
        if (status_with_carrier(parcel->checkpoints[i].status)) {
            values_moment(&values, FACT_SINCE, facts_past(answer, parcel->checkpoints[i].at),
                          facts_parcel_source(answer, view, "first scan"));
            break;
        }
    values_text(&values, FACT_CARRIER, parcel->carrier, facts_parcel_source(answer, view, "carrier"));
    speech_phrase(answer->speech, "aspect.shipped_yes", &values);
}

static void aspect_shipped(struct answer *answer) {
    const struct picture *picture = answer->picture;
    if (!situation_told(answer)) {
        situation_tell(answer); /* it says where the parcel is */
        return;
    }
    if (cancelled(picture)) {
        when_tell(answer, WHEN_ARRIVES);
        return;
    }
    for (int i = 0; i < picture->parcel_count; i++) {
        if (answer_names(answer))
            when_name(answer, &picture->prospects[i]);
        tell_shipped(answer, &picture->parcels[i]);
    }
    if (picture->parcel_count == 0) {
        static const struct parcel_view nothing;
        tell_shipped(answer, &nothing);
    } else if (picture->outstanding)
        situation_tell_rest(answer);
}

/* One sentence for each parcel that is still to come; for all of them when everything is there. */
static void each_parcel(struct answer *answer, const char *with, const char *without, enum fact needed) {
    const struct picture *picture = answer->picture;
    bool any = false, all = picture->final;
    for (int i = 0; i < picture->parcel_count; i++) {
        const struct parcel_view *view = &picture->parcels[i];
        if (!all && status_final(view->status))
            continue;
        struct values values;
        values_init(&values);
        const struct parcel *parcel = view->parcel;
        values_text(&values, FACT_CARRIER, parcel->carrier, facts_parcel_source(answer, view, "carrier"));
        values_text(&values, FACT_TRACKING, parcel->tracking_number,
                    facts_parcel_source(answer, view, "tracking_number"));
        values_link(&values, FACT_LINK, view->link, facts_origin(answer, view->link_source));
        if (view->count > 1)
            values_text(&values, FACT_SUBJECT, facts_subject(answer, view, true), source_none);
        if (values_has(&values, needed)) {
            speech_phrase(answer->speech, with, &values);
            parts_link(answer, view);
            any = true;
        }
    }
    if (any)
        return;
    const struct parcel_view *view = open_parcel(picture);
    if (cancelled(picture) || (view != NULL && view->status == STATUS_READY_FOR_PICKUP))
        when_tell(answer, WHEN_ARRIVES); /* "not handed to a carrier yet" would not be true */
    else {
        bool left = view != NULL && status_with_carrier(view->status) && needed != FACT_LINK;
        speech_phrase(answer->speech, left ? "aspect.not_told" : without, NULL);
    }
}

static void aspect_carrier(struct answer *answer) {
    each_parcel(answer, "aspect.carrier", "aspect.carrier_none", FACT_CARRIER);
}

static void aspect_number(struct answer *answer) {
    each_parcel(answer, "aspect.number", "aspect.number_none", FACT_TRACKING);
}

static void aspect_link(struct answer *answer) {
    each_parcel(answer, "aspect.link", "aspect.link_none", FACT_LINK);
}

static void aspect_certain(struct answer *answer) {
    if (there(answer->picture) || !situation_told(answer))
        aspect_status(answer);
    else
        when_tell(answer, WHEN_CERTAIN);
}

static void aspect_pickup(struct answer *answer) {
    const struct parcel_view *view = open_parcel(answer->picture);
    if (view == NULL || text_empty(view->parcel->pickup.name)) {
        struct values values;
        values_init(&values);
        values_text(&values, FACT_OPTION, answer->picture->order->option, facts_source(answer, "option"));
        speech_phrase(answer->speech, "aspect.pickup_none", &values);
    }
    if (situation_told(answer) && view != NULL && view->status == STATUS_READY_FOR_PICKUP) {
        when_tell_prospect(answer, picture_prospect(answer->picture, view), WHEN_ARRIVES);
        situation_offer_details(answer, view);
    } else
        situation_tell(answer);
}

static int32_t working_days(int32_t day, int count) {
    while (count > 0)
        if (calendar_weekday(++day) <= 5)
            count--;
    return day;
}

/* For each that is said to have come, named where others have not, and once a carrier. */
static void tell_inquiry(struct answer *answer, int delivered) {
    const struct picture *picture = answer->picture;
    int days = answer->speech->dialogue->shop->inquiry_days;
    bool names = answer->parcel > 0 || picture->prospect_count > delivered;
    for (int i = 0; names && i < picture->parcel_count; i++)
        if (picture->parcels[i].status == STATUS_DELIVERED)
            when_name(answer, picture_prospect(picture, &picture->parcels[i]));
    for (int i = 0; i < picture->parcel_count; i++) {
        const struct parcel_view *view = &picture->parcels[i];
        struct values values;
        values_init(&values);
        if (view->status != STATUS_DELIVERED)
            continue;
        values_text(&values, FACT_CARRIER, view->parcel->carrier,
                    facts_parcel_source(answer, view, "carrier"));
        values_moment(&values, FACT_NEXT_STEP,
                      days > 0 ? moment_day(working_days(picture->today, days)) : (struct moment){0},
                      source_named("shop inquiry_days"));
        speech_phrase(answer->speech, "not_received.inquiry", &values);
    }
    answer->topic = "not_received";
}

static bool proof_says_where(const struct answer *answer, const struct parcel_view *view) {
    const struct proof_of_delivery *proof = &view->parcel->proof;
    return answer->tier >= 2 && (!text_empty(proof->where) || !text_empty(proof->to));
}

static void ask_to_look(struct answer *answer, const struct parcel_view *view) {
    struct values values;
    values_init(&values);
    values_text(&values, FACT_CARRIER, view->parcel->carrier, facts_parcel_source(answer, view, "carrier"));
    facts_proof(answer, view, &values);
    if (answer_names(answer))
        when_name(answer, picture_prospect(answer->picture, view));
    speech_phrase(answer->speech,
                  proof_says_where(answer, view) ? "not_received.check_where" : "not_received.check",
                  &values);
    parts_timeline(answer, view);
    answer->check = true;
}

static void aspect_not_received(struct answer *answer) {
    const struct picture *picture = answer->picture;
    int count = 0;
    const struct parcel_view *view = delivered_parcel(answer, &count);
    if (view == NULL) {
        aspect_late(answer);
        return;
    }
    if (!answer->checked && picture->prospect_count > count)
        when_tell(answer, WHEN_ARRIVES);
    if (answer->checked)
        tell_inquiry(answer, count);
    else if (count > 1)
        tell_delivered(answer); /* which of them it is, they will say */
    else
        ask_to_look(answer, view);
    situation_remember(answer);
    answer->told = true;
}

static void aspect_confirmation(struct answer *answer) {
    struct values values;
    values_init(&values);
    facts_order(answer, &values, false, false);
    if (answer->picture->order->state != STATUS_CANCELLED)
        speech_phrase(answer->speech, "aspect.confirmation", &values);
    situation_tell_once(answer);
}

static void aspect_rest(struct answer *answer) {
    const struct picture *picture = answer->picture;
    if (situation_rests(answer)) {
        situation_tell_split(answer, false);
        return;
    }
    if (answer->parcel > 0) {
        if (there(picture) && situation_told(answer))
            tell_delivered(answer); /* "parcel 1 is not here" */
        else
            aspect_status(answer);
        return;
    }
    struct values values;
    values_init(&values);
    values_text(&values, FACT_ORDER, picture->order->number, facts_source(answer, ""));
    if (there(picture))
        speech_phrase(answer->speech, picture->parcel_count > 1 ? "split.rest_none" : "split.single",
                      &values);
    else if (picture->parcel_count > 1 || (picture->parcel_count == 1 && picture->outstanding)) {
        situation_tell_split(answer, situation_told(answer));
        situation_remember(answer);
        for (int i = 0; i < picture->prospect_count; i++)
            if (picture->prospects[i].view == NULL && picture->prospects[i].outlook == OUTLOOK_DUE)
                when_tell_prospect(answer, &picture->prospects[i], WHEN_ARRIVES);
        return;
    } else if (picture->parcel_count == 1)
        speech_phrase(answer->speech, "split.single", &values);
    situation_tell_once(answer);
}

static void tell_not_delivered(struct answer *answer) {
    if (!cancelled(answer->picture))
        speech_phrase(answer->speech, "aspect.not_delivered", NULL);
    if (situation_told(answer))
        when_tell(answer, WHEN_ARRIVES);
    else
        situation_tell(answer);
}

/* What happens next: after a failed attempt the state says so, before any the delivery itself is next. */
static void aspect_missed(struct answer *answer) {
    const struct parcel_view *view = open_parcel(answer->picture);
    bool failed = view != NULL && view->status == STATUS_ATTEMPT_FAILED;
    if (failed || !situation_told(answer) || there(answer->picture))
        aspect_status(answer);
    else
        tell_not_delivered(answer);
}

static void aspect_items(struct answer *answer) {
    const struct picture *picture = answer->picture;
    if (answer->tier < 2) {
        answer->needs_factor = true;
        return;
    }
    bool any = false;
    for (int parcel = ITEMS_UNASSIGNED; parcel < picture->order->parcel_count; parcel++) {
        if (answer->parcel > 0 && parcel != answer->parcel - 1)
            continue;
        struct values values;
        values_init(&values);
        const char *list = facts_items(answer, parcel);
        if (list == NULL)
            continue;
        values_text(&values, FACT_ITEMS, list, facts_source(answer, "lines"));
        if (parcel >= 0 && picture->parcel_count > 1)
            values_text(&values, FACT_SUBJECT, facts_subject(answer, &picture->parcels[parcel], false),
                        source_none);
        else if (answer->parcel > 0)
            values_text(&values, FACT_SUBJECT, facts_subject(answer, picture->parcels, false), source_none);
        speech_phrase(answer->speech, "aspect.items", &values);
        any = true;
    }
    if (!any)
        speech_phrase(answer->speech, "aspect.items_unknown", NULL);
}

/* Of each that has one. */
static void aspect_proof(struct answer *answer) {
    const struct picture *picture = answer->picture;
    int count = 0;
    bool any = false;
    if (delivered_parcel(answer, &count) == NULL) {
        tell_not_delivered(answer);
        return;
    }
    if (answer->tier < 2) {
        situation_tell_once(answer);
        answer->needs_factor = true;
        return;
    }
    for (int i = 0; i < picture->parcel_count; i++) {
        const struct parcel_view *view = &picture->parcels[i];
        struct values values;
        values_init(&values);
        if (view->status != STATUS_DELIVERED || !proof_says_where(answer, view))
            continue;
        if (answer_names(answer))
            when_name(answer, picture_prospect(picture, view));
        facts_proof(answer, view, &values);
        speech_phrase(answer->speech, "aspect.proof", &values);
        any = true;
    }
    if (!any)
        speech_phrase(answer->speech, "aspect.proof_none", NULL);
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
    {"missed", aspect_missed},
    {"pickup", aspect_pickup},
    {"not_received", aspect_not_received},
    {"confirmation", aspect_confirmation},
    {"rest", aspect_rest},
    {"preorder", aspect_status},
    {"window", when_tell_window},
    {"certain", aspect_certain},
    {"items", aspect_items},
    {"proof", aspect_proof},
};

void answer_aspect(struct answer *answer, const char *aspect) {
    int before = answer->speech->sentence_count;
    void (*tell)(struct answer *) = aspect_status;
    for (size_t i = 0; i < sizeof aspects / sizeof *aspects; i++)
        if (text_is(aspects[i].name, aspect)) {
            tell = aspects[i].tell;
            break;
        }
    tell(answer);
    /* Nothing left to say of it, told as it was before: then the state again rather than silence. */
    if (answer->speech->sentence_count == before && !answer->needs_factor && !answer->told)
        situation_tell(answer);
}

enum status answer_state(const struct picture *picture) {
    const struct parcel_view *view = open_parcel(picture);
    return view == NULL ? picture->order->state : view->status;
}

/* "on its way", in the conversation's language. */
static const char *state_words(struct speech *speech, const struct picture *picture) {
    const char *name = arena_format(speech->arena, "state.%s", status_name(answer_state(picture)));
    return speech_words(speech, phrasebook_has(speech->dialogue->book, name) ? name : "state.unknown", NULL);
}

void answer_listed(struct speech *speech, const struct picture *picture, struct values *values) {
    const struct order *order = picture->order;
    struct source from = {.order = order->number, .origin = {0, ""}};
    values_text(values, FACT_ORDER, order->number, from);
    values_moment(values, FACT_PLACED, order->placed_at, from);
    values_text(values, FACT_STATE, state_words(speech, picture), from);
}
