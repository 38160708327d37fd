#include "bot/dialogue/parts.h"
#include "base/text.h"

enum { STEPS = 5 };

/* The five steps that people know, and the first status that means a step is reached. */
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
    case STATUS_CANCELLED:
        return 0;
    case STATUS_PREPARING:
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

/* The time of the first checkpoint that reached a step. */
static struct moment step_at(const struct order *order, const struct parcel *parcel, int step) {
    if (step == 0)
        return order->placed_at;
    for (int i = 0; parcel != NULL && i < parcel->checkpoint_count; i++)
        if (reached(parcel->checkpoints[i].status) == step)
            return parcel->checkpoints[i].at;
    return (struct moment){0};
}

static void road_part(struct answer *answer, const struct parcel *parcel, enum status status) {
    struct speech *speech = answer->speech;
    struct part *part = speech_part(speech, PART_TIMELINE);
    if (part == NULL)
        return;
    int now = reached(status);
    part->order = answer->picture->order->number;
    part->status = status_name(status);
    part->step_count = STEPS;
    part->steps = ARENA_ARRAY(speech->arena, struct step, STEPS);
    for (int i = 0; i < STEPS; i++) {
        struct step *step = &part->steps[i];
        *step = (struct step){.name = road[i].name, .done = i <= now, .current = i == now};
        if (step->done)
            step->at = step_at(answer->picture->order, parcel, i);
    }
    if (status != road[now].reached && status != STATUS_UNKNOWN)
        part->steps[now].name = status_name(status);
}

void parts_timeline(struct answer *answer, const struct parcel_view *view) {
    struct speech *speech = answer->speech;
    int before = speech->part_count;
    road_part(answer, view->parcel, view->status);
    if (speech->part_count == before)
        return;
    struct part *part = &speech->parts[before];
    part->carrier = view->parcel->carrier;
    part->tracking = view->parcel->tracking_number;
    part->index = view->index;
    part->count = view->count;
    part->promised = view->promised;
    part->due = view->due;
    part->days_late = view->days_late;
}

void parts_order_timeline(struct answer *answer) {
    struct speech *speech = answer->speech;
    int before = speech->part_count;
    road_part(answer, NULL, answer->picture->order->state);
    if (speech->part_count == before)
        return;
    speech->parts[before].promised = answer->picture->promised;
    speech->parts[before].due = answer->picture->due;
    speech->parts[before].days_late = answer->picture->days_late;
}

void parts_link(struct answer *answer, const struct parcel_view *view) {
    struct values values;
    values_init(&values);
    values_link(&values, "link", view->link, source_none);
    if (!values.list[0].present)
        return;
    values_text(&values, "carrier", view->parcel->carrier, source_none);
    struct part *part = speech_part(answer->speech, PART_LINK);
    if (part == NULL)
        return;
    part->url = view->link;
    part->label = speech_words(answer->speech, "choice.link", &values);
}

void parts_pickup(struct answer *answer, const struct parcel_view *view) {
    const struct pickup *pickup = &view->parcel->pickup;
    if (text_empty(pickup->name))
        return;
    struct part *part = speech_part(answer->speech, PART_PICKUP);
    if (part == NULL)
        return;
    struct pickup *shown = ARENA_NEW(answer->speech->arena, struct pickup);
    *shown = *pickup;
    if (answer->tier < 2)
        shown->address = shown->code = "";
    part->pickup = shown;
}

static void moment_field(struct json_out *out, const char *key, struct moment moment) {
    char text[MOMENT_SIZE];
    if (moment.kind == MOMENT_NONE)
        return;
    moment_print(text, moment);
    json_text(out, key, text);
}

static void text_field(struct json_out *out, const char *key, const char *text) {
    if (!text_empty(text))
        json_text(out, key, text);
}

static void part_json(struct json_out *out, const struct part *part) {
    static const char *const names[] = {"choices", "link", "timeline", "pickup"};
    json_open(out, NULL, '{');
    json_text(out, "kind", names[part->kind]);
    switch (part->kind) {
    case PART_CHOICES:
        json_open(out, "choices", '[');
        for (int i = 0; i < part->choice_count; i++) {
            json_open(out, NULL, '{');
            json_text(out, "id", part->choices[i].id);
            json_text(out, "label", part->choices[i].label);
            json_close(out, '}');
        }
        json_close(out, ']');
        break;
    case PART_LINK:
        json_text(out, "url", part->url);
        json_text(out, "label", part->label);
        break;
    case PART_TIMELINE:
        json_text(out, "order", part->order);
        text_field(out, "carrier", part->carrier);
        text_field(out, "tracking", part->tracking);
        if (part->count > 0) {
            json_number(out, "index", part->index);
            json_number(out, "count", part->count);
        }
        json_text(out, "status", part->status);
        moment_field(out, "promised", part->promised);
        moment_field(out, "due", part->due);
        if (part->days_late > 0)
            json_number(out, "days_late", part->days_late);
        json_open(out, "steps", '[');
        for (int i = 0; i < part->step_count; i++) {
            json_open(out, NULL, '{');
            json_text(out, "name", part->steps[i].name);
            moment_field(out, "at", part->steps[i].at);
            json_flag(out, "done", part->steps[i].done);
            json_flag(out, "current", part->steps[i].current);
            json_close(out, '}');
        }
        json_close(out, ']');
        break;
    case PART_PICKUP:
        json_text(out, "name", part->pickup->name);
        text_field(out, "address", part->pickup->address);
        text_field(out, "hours", part->pickup->hours);
        text_field(out, "code", part->pickup->code);
        moment_field(out, "deadline", part->pickup->deadline);
        break;
    }
    json_close(out, '}');
}

const char *parts_json(const struct say *say, struct arena *arena) {
    enum { PARTS_MAX = 16384 };
    if (say->part_count == 0)
        return NULL;
    struct buffer buffer;
    buffer_init(&buffer, PARTS_MAX);
    struct json_out out = {.buffer = &buffer};
    json_open(&out, NULL, '[');
    for (int i = 0; i < say->part_count; i++)
        part_json(&out, &say->parts[i]);
    json_close(&out, ']');
    const char *json = buffer.full ? NULL : arena_copy(arena, buffer.bytes, buffer.len);
    buffer_clear(&buffer);
    return json;
}
