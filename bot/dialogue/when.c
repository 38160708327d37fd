#include "bot/dialogue/when.h"
#include "base/text.h"
#include "bot/dialogue/facts.h"
#include "bot/dialogue/parts.h"
#include "bot/dialogue/situation.h"

/* What answers each question; NULL: the whole state does. For a date that lies ahead see due_phrase. */
static const char *const phrases[][WHEN_QUESTIONS] = {
    [OUTLOOK_NONE] = {"aspect.due_unknown", NULL, "aspect.due_unknown", "deadline.unknown"},
    [OUTLOOK_BEHIND] = {"late.risk", "late.risk", "late.risk", "deadline.risk"},
    [OUTLOOK_OVERDUE] = {"late.overdue", "late.overdue", "late.overdue", "deadline.unknown"},
    [OUTLOOK_WAITS] = {"aspect.waits", "aspect.waits", "aspect.waits", "aspect.waits"},
    [OUTLOOK_KEPT] = {"aspect.pickup_over", "aspect.pickup_over", "aspect.pickup_over", "aspect.pickup_over"},
    [OUTLOOK_THERE] = {NULL, NULL, NULL, "deadline.delivered"},
    [OUTLOOK_OVER] = {"aspect.not_coming", "aspect.not_coming", "aspect.not_coming", "aspect.not_coming"},
};

static int32_t day_of(struct answer *answer, struct moment moment) {
    return zone_moment_day(answer->speech->dialogue->shop->zone, moment);
}

static const char *due_phrase(struct answer *answer, const struct prospect *prospect,
                              enum when_question question) {
    int32_t asked = answer->goal->asked, due = day_of(answer, prospect->due);
    switch (question) {
    case WHEN_ARRIVES:
        return prospect->due_promised && prospect->days_late == 0 && !moment_known(prospect->due_from)
                   ? "aspect.due_promised"
                   : "aspect.due";
    case WHEN_LATE:
        return prospect->days_late > 0            ? "late.new_date"
               : moment_known(prospect->promised) ? "late.no"
                                                  : "aspect.due";
    case WHEN_CERTAIN:
        return prospect->due_promised ? "aspect.certain_promised" : "aspect.certain";
    default:
        if (due == asked && prospect->outlook == OUTLOOK_DUE)
            return "deadline.same_day";
        /* "No, it is due on Friday" would vouch for Friday. */
        if (due > asked && prospect->outlook == OUTLOOK_BEHIND)
            return "late.risk";
        bool within = due > asked && asked >= answer->picture->today && prospect->due_since != 0 &&
                      asked >= prospect->due_since;
        if (within && !prospect->shaky)
            return "deadline.within";
        return due > asked && !within                                   ? "deadline.no"
               : prospect->shaky || prospect->outlook == OUTLOOK_BEHIND ? "deadline.risk"
                                                                        : "deadline.yes";
    }
}

/* Where the reason for the silence, or the next step, says more than a date would. */
static bool state_says_more(const struct prospect *prospect, enum when_question question) {
    const struct parcel_view *view = prospect->view;
    bool failed = view != NULL && view->status == STATUS_ATTEMPT_FAILED;
    if (view == NULL || question == WHEN_DEADLINE)
        return failed && !moment_known(view->due);
    return failed || (view->stalled && prospect->outlook == OUTLOOK_DUE) ||
           (view->status == STATUS_OUT_FOR_DELIVERY && question == WHEN_ARRIVES);
}

static void tell_state(struct answer *answer, const struct prospect *prospect) {
    if (prospect->view != NULL && answer->picture->prospect_count > 1)
        situation_tell_parcel(answer, prospect->view);
    else
        situation_tell(answer);
}

static void tell_reason(struct answer *answer, const struct prospect *prospect) {
    struct values values;
    values_init(&values);
    if (prospect->view != NULL)
        values_text(&values, FACT_REASON, prospect->view->parcel->reason,
                    facts_parcel_source(answer, prospect->view, "reason"));
    else
        values_text(&values, FACT_HOLD_REASON, answer->picture->order->hold_reason,
                    facts_source(answer, "hold_reason"));
    speech_phrase(answer->speech, "late.why", &values);
}

void when_name(struct answer *answer, const struct prospect *prospect) {
    struct speech *speech = answer->speech;
    struct values values, rest;
    values_init(&values);
    values_init(&rest);
    values_text(&rest, FACT_ITEMS, facts_items(answer, ITEMS_WAITING), facts_source(answer, "lines"));
    values_text(&values, FACT_SUBJECT,
                prospect->view != NULL ? facts_subject(answer, prospect->view, false)
                                       : speech_words(speech, "subject.rest", &rest),
                source_none);
    speech_phrase(speech, "subject.each", &values);
}

static void tell_prospect(struct answer *answer, const struct prospect *prospect, enum when_question question,
                          bool named) {
    bool dated = prospect->outlook == OUTLOOK_DUE || prospect->outlook == OUTLOOK_BEHIND;
    /* A day that has passed is too late for any date; without one there is nothing to measure. */
    if (question == WHEN_DEADLINE && !dated && answer->goal->asked < answer->picture->today)
        question = WHEN_ARRIVES;
    bool chosen = prospect->outlook == OUTLOOK_DUE || (dated && question == WHEN_DEADLINE);
    const char *phrase =
        chosen ? due_phrase(answer, prospect, question) : phrases[prospect->outlook][question];
    if (phrase == NULL || state_says_more(prospect, question)) {
        tell_state(answer, prospect);
        return;
    }
    if (named)
        when_name(answer, prospect);
    struct values values;
    values_init(&values);
    facts_prospect(answer, prospect, &values);
    values_moment(&values, FACT_ASKED, moment_day(answer->goal->asked), source_named("customer"));
    speech_phrase(answer->speech, phrase, &values);
    if (prospect->outlook == OUTLOOK_OVER)
        tell_state(answer, prospect);
    bool late = prospect->days_late > 0 && (dated || prospect->outlook == OUTLOOK_OVERDUE);
    if (question == WHEN_LATE && late)
        tell_reason(answer, prospect);
    bool missed = question == WHEN_DEADLINE && !text_is(phrase, "deadline.yes") && dated;
    if (prospect->outlook == OUTLOOK_KEPT)
        situation_follow(answer, NULL, "pickup_over");
    if (missed || prospect->outlook == OUTLOOK_BEHIND || prospect->outlook == OUTLOOK_OVERDUE ||
        (question == WHEN_LATE && late))
        situation_follow(answer, NULL, "late");
}

/* What is said of one is said of both. */
static bool alike(struct answer *answer, const struct prospect *a, const struct prospect *b,
                  enum when_question question) {
    if (a->outlook != b->outlook || a->outlook == OUTLOOK_WAITS || a->outlook == OUTLOOK_KEPT ||
        a->outlook == OUTLOOK_OVER || state_says_more(a, question) || state_says_more(b, question))
        return false;
    return moment_known(a->due) ? moment_known(b->due) && day_of(answer, a->due) == day_of(answer, b->due)
                                : !moment_known(b->due);
}

void when_tell(struct answer *answer, enum when_question question) {
    const struct picture *picture = answer->picture;
    const struct prospect *first = NULL;
    bool same = true;
    for (int i = 0; i < picture->prospect_count; i++) {
        const struct prospect *prospect = &picture->prospects[i];
        if (prospect->outlook == OUTLOOK_THERE)
            continue;
        same = same && (first == NULL || alike(answer, first, prospect, question));
        first = first == NULL ? prospect : first;
    }
    for (int i = 0; first != NULL && !same && i < picture->prospect_count; i++) {
        if (picture->prospects[i].outlook == OUTLOOK_THERE)
            continue;
        tell_prospect(answer, &picture->prospects[i], question, true);
    }
    if (first == NULL && question == WHEN_DEADLINE) {
        struct values values;
        values_init(&values);
        facts_proof(answer, &picture->parcels[picture->parcel_count - 1], &values);
        speech_phrase(answer->speech, "deadline.delivered", &values);
        situation_remember(answer);
    } else if (first == NULL)
        situation_tell(answer);
    else if (same)
        tell_prospect(answer, first, question, answer->parcel > 0);
}

void when_tell_prospect(struct answer *answer, const struct prospect *prospect, enum when_question question) {
    tell_prospect(answer, prospect, question, false);
}

bool when_measured(const struct answer *answer) {
    const struct zone *zone = answer->speech->dialogue->shop->zone;
    int32_t asked = answer->goal->asked;
    return asked >= answer->picture->today ||
           (asked != 0 && asked > zone_moment_day(zone, answer->picture->order->placed_at));
}

void when_tell_window(struct answer *answer) {
    const struct picture *picture = answer->picture;
    const struct prospect *next = NULL;
    for (int i = 0; next == NULL && i < picture->prospect_count; i++)
        if (picture->prospects[i].outlook != OUTLOOK_THERE)
            next = &picture->prospects[i];
    struct values values;
    values_init(&values);
    bool dated = next != NULL && (next->outlook == OUTLOOK_DUE || next->outlook == OUTLOOK_BEHIND);
    if (dated && next->view != NULL && facts_window(answer, next->view, &values)) {
        if (day_of(answer, next->due) != picture->today)
            when_tell_prospect(answer, next, WHEN_ARRIVES);
        speech_phrase(answer->speech, "aspect.window", &values);
        return;
    }
    if (next == NULL || (next->outlook != OUTLOOK_DUE && next->outlook != OUTLOOK_NONE)) {
        when_tell(answer, WHEN_ARRIVES);
        return;
    }
    values_init(&values);
    values_moment(&values, FACT_DUE, next->due, facts_origin(answer, next->due_source));
    if (next->view != NULL) {
        values_link(&values, FACT_LINK, next->view->link, facts_origin(answer, next->view->link_source));
        parts_link(answer, next->view);
    }
    situation_tell_once(answer);
    speech_phrase(answer->speech, "aspect.window_none", &values);
}
