#include "bot/dialogue/parts.h"
#include "base/text.h"
#include "bot/dialogue/facts.h"
#include <string.h>

enum { STEPS = 5 };

/* The five steps that people know, and the status that each names. */
static const struct {
    const char *name;
    enum status reached;
} road[STEPS] = {
    {"placed", STATUS_PLACED},       {"preparing", STATUS_PREPARING},
    {"shipped", STATUS_IN_TRANSIT},  {"out_for_delivery", STATUS_OUT_FOR_DELIVERY},
    {"delivered", STATUS_DELIVERED},
};

/* How far along the road a status is; what went wrong stands where it happened. */
static int reached(enum status status) {
    switch (status) {
    case STATUS_UNKNOWN:
    case STATUS_PLACED:
    case STATUS_CONFIRMED:
    case STATUS_ON_HOLD:
    case STATUS_BACKORDER:
        return 0;
    case STATUS_PREPARING:
    case STATUS_CANCELLED:
    case STATUS_INFO_RECEIVED:
        return 1;
    case STATUS_IN_TRANSIT:
    case STATUS_CUSTOMS:
    case STATUS_EXCEPTION:
    case STATUS_RETURNING:
    case STATUS_RETURNED:
    case STATUS_LOST:
    case STATUS_DAMAGED:
    case STATUS_EXPIRED:
        return 2;
    case STATUS_OUT_FOR_DELIVERY:
    case STATUS_ATTEMPT_FAILED:
    case STATUS_READY_FOR_PICKUP:
        return 3;
    case STATUS_DELIVERED:
    case STATUS_COUNT:
        break;
    }
    return 4;
}

/* When it came to be what a step names; none where no row says so. It is shipped from its first scan on, and
 * anything else since the last word on it. */
static struct moment step_at(const struct answer *answer, const struct parcel *parcel, enum status status) {
    struct moment at = {0};
    if (status == STATUS_PLACED)
        at = answer->picture->order->placed_at;
    else if (parcel == NULL)
        return at;
    else if (status == STATUS_DELIVERED && moment_known(parcel->proof.at))
        at = parcel->proof.at;
    else if (status == parcel->status && status != STATUS_IN_TRANSIT)
        at = parcel->status_at;
    else
        for (int i = 0; i < parcel->checkpoint_count && !moment_known(at); i++)
            if (parcel->checkpoints[i].status == status)
                at = parcel->checkpoints[i].at;
    return facts_past(answer, at);
}

static void moment_field(struct json_out *out, const char *key, struct moment moment) {
    char text[MOMENT_SIZE];
    if (moment.kind == MOMENT_NONE)
        return;
    moment_print(text, moment);
    json_word(out, key, text);
}

#define STEP "{\"name\":\""
#define LATER(name) "," STEP name "\"}"

/* The steps behind each step as JSON: nothing changes in them. */
static const char *const ahead[STEPS] = {
    LATER("preparing") LATER("shipped") LATER("out_for_delivery") LATER("delivered"),
    LATER("shipped") LATER("out_for_delivery") LATER("delivered"),
    LATER("out_for_delivery") LATER("delivered"),
    LATER("delivered"),
    "",
};

/* A step that is reached as JSON, written at `at`; behind it. */
static char *step_out(char *at, const char *name, struct moment moment, bool current) {
    at = text_append(text_append(at, STEP), name);
    if (moment_known(moment)) {
        at = text_append(at, "\",\"at\":\"");
        moment_print(at, moment);
        at += strlen(at);
    }
    return text_append(at, current ? "\",\"done\":true,\"current\":true}" : "\",\"done\":true}");
}

static void steps(struct json_out *out, const struct answer *answer, const struct parcel_view *view) {
    enum { STEP_SIZE = 160 };
    char text[STEPS * STEP_SIZE], *at = text;
    enum status status = view->status;
    int now = reached(status);
    bool over = view->parcel == NULL ? status_final(status)
                                     : picture_prospect(answer->picture, view)->outlook == OUTLOOK_OVER;
    for (int i = 0; i <= now; i++) {
        enum status told = i < now || status == STATUS_UNKNOWN ? road[i].reached : status;
        *at++ = i == 0 ? '[' : ',';
        at = step_out(at, told == road[i].reached ? road[i].name : status_name(told),
                      step_at(answer, view->parcel, told), i == now);
    }
    at = text_append(text_append(at, over ? "" : ahead[now]), "]");
    json_write(out, "steps", text, (size_t)(at - text));
}

void parts_timeline(struct answer *answer, const struct parcel_view *view) {
    struct json_out *out = speech_part(answer->speech, "timeline");
    if (out == NULL)
        return;
    json_text(out, "order", answer->picture->order->number);
    if (view->parcel != NULL) {
        json_maybe(out, "carrier", view->parcel->carrier);
        json_maybe(out, "tracking", view->parcel->tracking_number);
    }
    if (view->count > 1) {
        json_number(out, "index", view->index);
        json_number(out, "count", view->count);
    }
    json_word(out, "status", status_name(view->status));
    moment_field(out, "promised", view->promised);
    moment_field(out, "due", view->due);
    if (view->days_late > 0)
        json_number(out, "days_late", view->days_late);
    steps(out, answer, view);
    json_close(out, '}');
}

void parts_order_timeline(struct answer *answer) {
    const struct picture *picture = answer->picture;
    const struct parcel_view order = {.status = picture->order->state,
                                      .promised = picture->promised,
                                      .due = picture->due,
                                      .days_late = picture->days_late};
    parts_timeline(answer, &order);
}

void parts_link(struct answer *answer, const struct parcel_view *view) {
    struct values values;
    values_init(&values);
    values_link(&values, FACT_LINK, view->link, source_none);
    if (!values_has(&values, FACT_LINK))
        return;
    values_text(&values, FACT_CARRIER, view->parcel->carrier, source_none);
    struct json_out *out = speech_part(answer->speech, "link");
    if (out == NULL)
        return;
    json_text(out, "url", view->link);
    json_text(out, "label", speech_words(answer->speech, "choice.link", &values));
    json_close(out, '}');
}

void parts_pickup(struct answer *answer, const struct parcel_view *view) {
    const struct pickup *pickup = &view->parcel->pickup;
    struct json_out *out = text_empty(pickup->name) ? NULL : speech_part(answer->speech, "pickup");
    if (out == NULL)
        return;
    json_text(out, "name", pickup->name);
    if (answer->tier >= 2)
        json_maybe(out, "address", pickup->address);
    json_maybe(out, "hours", pickup->hours);
    if (answer->tier >= 2)
        json_maybe(out, "code", pickup->code);
    moment_field(out, "deadline", pickup->deadline);
    json_close(out, '}');
}
