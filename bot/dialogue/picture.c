#include "bot/dialogue/picture.h"
#include "base/text.h"

bool picture_timed(struct moment moment) {
    enum { MINUTE_MS = 60000, DAY_MS = 86400000 };
    return moment.kind == MOMENT_TIME && (moment.ms + (int64_t)moment.offset * MINUTE_MS) % DAY_MS != 0;
}

/* Where it begins at a time of day, midnight is one, too: the end of the day before. */
struct moment picture_last(struct due due) {
    if (picture_timed(due.from) && due.to.kind == MOMENT_TIME && !picture_timed(due.to))
        return moment_at(due.to.ms - 1, due.to.offset);
    return due.to.kind != MOMENT_NONE ? due.to : due.from;
}

static bool on_the_way(enum status status) {
    return status == STATUS_IN_TRANSIT || status == STATUS_CUSTOMS || status == STATUS_EXCEPTION ||
           status == STATUS_EXPIRED;
}

struct candidate_due {
    struct due due;
    struct origin source;
    bool promised;
};

bool picture_over(const struct picture *picture, struct moment last, const struct zone *zone) {
    return picture_timed(last) ? last.ms <= picture->now_ms
                               : last.kind != MOMENT_NONE && zone_moment_day(zone, last) < picture->today;
}

/* A span that has ended says nothing about when it will come: it is left out, never told as if it lay ahead.
 */
static void view_due(struct parcel_view *view, const struct candidate_due *candidates, int count,
                     const struct shop *shop, const struct picture *picture) {
    for (int i = 0; i < count; i++) {
        struct moment last = picture_last(candidates[i].due);
        if (last.kind == MOMENT_NONE || picture_over(picture, last, shop->zone))
            continue;
        view->due = last;
        /* "Between Thursday and Thursday" is one day, and nothing comes from yesterday on. */
        struct moment from = candidates[i].due.from, to = candidates[i].due.to;
        bool span = moment_known(from) && moment_known(to);
        int32_t first = zone_moment_day(shop->zone, from), day = zone_moment_day(shop->zone, last);
        if (span && first < day)
            view->due_since = first;
        else if (span && first == day && from.kind == MOMENT_TIME && to.kind == MOMENT_TIME &&
                 (picture_timed(from) || picture_timed(to)))
            view->slot = candidates[i].due;
        if (view->due_since >= picture->today)
            view->due_from = from;
        view->due_source = candidates[i].source;
        view->due_promised = candidates[i].promised;
        return;
    }
}

/* Days by which `due` (or today, when nothing lies ahead) is past what was agreed. */
static int days_after(const struct shop *shop, struct moment promised, struct moment due, int32_t today) {
    if (promised.kind == MOMENT_NONE)
        return 0;
    int32_t agreed = zone_moment_day(shop->zone, promised);
    int32_t coming = due.kind != MOMENT_NONE ? zone_moment_day(shop->zone, due) : today;
    return coming > agreed ? coming - agreed : 0;
}

bool picture_ahead(struct moment moment, int64_t now_ms, int32_t today) {
    return moment.ms > (moment.kind == MOMENT_TIME ? now_ms : moment_day(today).ms);
}

const struct checkpoint *picture_last_scan(const struct parcel *parcel, bool by_carrier, int64_t now_ms,
                                           int32_t today) {
    for (int i = parcel->checkpoint_count - 1; i >= 0; i--)
        if ((!by_carrier || status_with_carrier(parcel->checkpoints[i].status)) &&
            !picture_ahead(parcel->checkpoints[i].at, now_ms, today))
            return &parcel->checkpoints[i];
    return NULL;
}

static void view_parcel(struct picture *picture, int index, const struct parcel *parcel,
                        const struct shop *shop, struct arena *arena) {
    struct parcel_view *view = &picture->parcels[index - 1];
    const struct order *order = picture->order;
    int32_t today = picture->today;
    view->parcel = parcel;
    view->index = index;
    view->count = picture->parcel_count;
    /* What the shop says of the order holds for a parcel of which nothing is known; what its other parcels
     * say does not. */
    bool derived = order->state == order_derive(order);
    view->status = parcel->status != STATUS_UNKNOWN ? parcel->status
                   : derived                        ? STATUS_UNKNOWN
                                                    : order->state;
    if (order->state == STATUS_CANCELLED && !status_with_carrier(view->status))
        view->status = STATUS_CANCELLED;
    /* The round of another day has ended; where it did not bring the parcel, that is on its way as before. */
    if (view->status == STATUS_OUT_FOR_DELIVERY && parcel->status_at.kind != MOMENT_NONE &&
        zone_moment_day(shop->zone, parcel->status_at) < today)
        view->status = STATUS_IN_TRANSIT;
    /* What was estimated or promised before an attempt failed was that attempt. */
    bool failed = view->status == STATUS_ATTEMPT_FAILED;
    const struct candidate_due candidates[] = {
        {failed ? (struct due){.to = parcel->next_attempt} : parcel->estimate,
         {index, failed ? "next_attempt" : "estimate"},
         false},
        {order->revised, {0, "revised promise"}, true},
        {order->promise, {0, "promise"}, true},
    };
    view_due(view, candidates, failed ? 1 : 3, shop, picture);
    view->promised = picture_last(order->promise);
    /* What waits at a pick-up point has come, too: late or not is settled by that day. */
    bool came = (view->status == STATUS_DELIVERED || view->status == STATUS_READY_FOR_PICKUP) &&
                parcel->status_at.kind != MOMENT_NONE;
    struct moment by = came ? parcel->status_at : view->due;
    int days = days_after(shop, view->promised, by, today);
    bool told = view->promised.kind != MOMENT_NONE && (came || !status_final(view->status)) &&
                (days > 0 || by.kind != MOMENT_NONE);
    view->lateness = told ? days : -1;
    if (!status_final(view->status) && view->status != STATUS_UNKNOWN) {
        view->days_late = days;
        view->early = view->due.kind != MOMENT_NONE && view->promised.kind != MOMENT_NONE &&
                      zone_moment_day(shop->zone, view->due) < zone_moment_day(shop->zone, view->promised);
    }
    bool given = !text_empty(parcel->tracking_url);
    view->link =
        given ? parcel->tracking_url : shop_link(shop, parcel->carrier, parcel->tracking_number, arena);
    view->link_source = (struct origin){index, given ? "tracking_url" : "tracking_number, shop carriers"};
    view->last_scan = picture_last_scan(parcel, true, picture->now_ms, today);
    if (view->last_scan != NULL && on_the_way(view->status)) {
        view->days_silent = today - zone_moment_day(shop->zone, view->last_scan->at);
        view->stalled = shop->stalled_days > 0 && view->days_silent >= shop->stalled_days;
    }
}

static bool before_shipping(enum status status) {
    return status <= STATUS_PREPARING || status == STATUS_CANCELLED;
}

static struct moment held_until(const struct picture *picture, const struct shop *shop) {
    struct moment until = picture->order->hold_until;
    return picture_over(picture, until, shop->zone) ? (struct moment){0} : until;
}

bool picture_waits(const struct order *order, const struct line *line) {
    /* Whoever says of no line in which parcel it is has not said that it is in none. */
    bool assigned = order->parcel_count == 0;
    for (int i = 0; i < order->line_count; i++)
        assigned |= order->lines[i].parcel >= 0;
    bool own = line->state != STATUS_UNKNOWN && order->state != STATUS_CANCELLED;
    enum status state = own ? line->state : order->state;
    return line->parcel < 0 && (assigned || line->state != STATUS_UNKNOWN) && !status_with_carrier(state) &&
           !status_final(state);
}

static void draw_outstanding(struct picture *picture, const struct shop *shop) {
    const struct order *order = picture->order;
    for (int i = 0; i < order->line_count; i++) {
        const struct line *line = &order->lines[i];
        if (!picture_waits(order, line))
            continue;
        picture->outstanding = true;
        if (line->state != STATUS_PREPARING && !picture_over(picture, line->available, shop->zone) &&
            moment_compare(line->available, picture->available, shop->zone) > 0)
            picture->available = line->available;
    }
    picture->dispatch_by = order->dispatch_by;
    picture->available_source = "lines available";
    if (picture->available.kind == MOMENT_NONE) {
        picture->available = held_until(picture, shop);
        picture->available_source = "hold_until";
    }
}

/* A label that has lain here for longer than is left until the parcel is due. */
static bool lies_too_long(const struct parcel_view *view, const struct shop *shop, int32_t today) {
    if (view->parcel->status_at.kind == MOMENT_NONE)
        return false;
    int32_t labelled = zone_moment_day(shop->zone, view->parcel->status_at);
    return zone_moment_day(shop->zone, view->due) - today < today - labelled;
}

static enum outlook outlook_of(const struct prospect *prospect) {
    if (prospect->due.kind != MOMENT_NONE)
        return OUTLOOK_DUE;
    return prospect->days_late > 0 ? OUTLOOK_OVERDUE : OUTLOOK_NONE;
}

static bool missed(struct moment moment, const struct shop *shop, int32_t today) {
    return moment.kind != MOMENT_NONE && zone_moment_day(shop->zone, moment) < today;
}

static void expect_parcel(struct prospect *prospect, const struct parcel_view *view,
                          const struct picture *picture, const struct shop *shop) {
    *prospect = (struct prospect){.view = view,
                                  .due = view->due,
                                  .due_from = view->due_from,
                                  .due_since = view->due_since,
                                  .due_source = view->due_source,
                                  .due_promised = view->due_promised,
                                  .promised = view->promised,
                                  .days_late = view->days_late,
                                  .shaky = view->stalled || view->status == STATUS_EXCEPTION};
    switch (view->status) {
    case STATUS_DELIVERED:
        prospect->outlook = OUTLOOK_THERE;
        break;
    case STATUS_READY_FOR_PICKUP:
        prospect->outlook =
            picture_over(picture, view->parcel->pickup.deadline, shop->zone) ? OUTLOOK_KEPT : OUTLOOK_WAITS;
        break;
    case STATUS_RETURNING:
    case STATUS_RETURNED:
    case STATUS_LOST:
    case STATUS_DAMAGED:
    case STATUS_CANCELLED:
        prospect->outlook = OUTLOOK_OVER;
        break;
    default:
        prospect->outlook = outlook_of(prospect);
    }
    if (prospect->outlook != OUTLOOK_DUE || view->days_late > 0)
        return;
    /* The shop promised before it went wrong, and the carrier, who knows, has no date ahead. */
    if (view->status == STATUS_EXCEPTION && view->due_promised)
        prospect->outlook = OUTLOOK_BEHIND;
    if (status_with_carrier(view->status))
        return;
    bool late_out = picture->dispatch_missed;
    if (late_out || lies_too_long(view, shop, picture->today)) {
        prospect->outlook = OUTLOOK_BEHIND;
        prospect->dispatch_by = late_out ? picture->dispatch_by : (struct moment){0};
    }
}

/* What is in no parcel yet: the whole order, or the rest of it. */
static void expect_rest(struct prospect *prospect, const struct picture *picture, const struct shop *shop) {
    const struct order *order = picture->order;
    bool revised = order->revised.to.kind != MOMENT_NONE || order->revised.from.kind != MOMENT_NONE;
    *prospect = (struct prospect){.due = picture->due,
                                  .due_since = picture->due_since,
                                  .due_source = {0, revised ? "revised promise" : "promise"},
                                  .due_promised = true,
                                  .promised = picture->promised,
                                  .days_late = picture->days_late};
    prospect->outlook = order->state == STATUS_CANCELLED ? OUTLOOK_OVER : outlook_of(prospect);
    if (prospect->outlook != OUTLOOK_DUE)
        return;
    bool late_out = picture->dispatch_missed && picture->days_late == 0;
    bool late_in = picture->available.kind != MOMENT_NONE && zone_moment_day(shop->zone, picture->available) >
                                                                 zone_moment_day(shop->zone, picture->due);
    if (late_out || late_in) {
        prospect->outlook = OUTLOOK_BEHIND;
        prospect->dispatch_by = late_out ? picture->dispatch_by : (struct moment){0};
        prospect->available = late_in ? picture->available : (struct moment){0};
    }
}

static void draw_prospects(struct picture *picture, const struct shop *shop, struct arena *arena) {
    picture->prospects = ARENA_ARRAY(arena, struct prospect, (size_t)picture->parcel_count + 1);
    for (int i = 0; i < picture->parcel_count; i++)
        expect_parcel(&picture->prospects[picture->prospect_count++], &picture->parcels[i], picture, shop);
    if (picture->outstanding || picture->parcel_count == 0)
        expect_rest(&picture->prospects[picture->prospect_count++], picture, shop);
}

/* A voided label is no parcel; nor, once the order is cancelled, is one that has not left. */
static bool any_stands(const struct order *order) {
    for (int i = 0; i < order->parcel_count; i++) {
        enum status status = order->parcels[i].status;
        if (status_with_carrier(status) || (order->state != STATUS_CANCELLED && status != STATUS_CANCELLED))
            return true;
    }
    return false;
}

/* Of an order that nobody tells the parcels of: part of it may have left, as its lines say. */
static enum status state_of(const struct order *order) {
    for (int i = 0; i < order->line_count && order->parcel_count == 0 && order->state != STATUS_CANCELLED;
         i++)
        if (before_shipping(order->state) && status_with_carrier(order->lines[i].state))
            return order->lines[i].state;
    return order->state;
}

void picture_draw(struct picture *picture, const struct order *order, const struct shop *shop, int64_t now_ms,
                  struct arena *arena) {
    *picture = (struct picture){.order = order, .now_ms = now_ms, .today = zone_day(shop->zone, now_ms)};
    int count = any_stands(order) ? order->parcel_count : 0;
    const struct parcel *parcels = order->parcels;
    enum status state = state_of(order);
    if (count == 0 && !before_shipping(state)) {
        /* A shop that tells states but no parcels: the order is its own single parcel. */
        struct parcel *whole = ARENA_NEW(arena, struct parcel);
        *whole = (struct parcel){.id = "",
                                 .carrier = "",
                                 .tracking_number = "",
                                 .tracking_url = "",
                                 .reason = "",
                                 .status = state,
                                 .pickup = {.name = "", .address = "", .hours = "", .code = ""},
                                 .proof = {.where = "", .to = ""}};
        parcels = whole;
        count = 1;
    }
    picture->parcels = ARENA_ARRAY(arena, struct parcel_view, (size_t)(count > 0 ? count : 1));
    picture->parcel_count = count;
    picture->final = count > 0 || status_final(order->state);
    for (int i = 0; i < count; i++) {
        view_parcel(picture, i + 1, &parcels[i], shop, arena);
        picture->final = picture->final && status_final(picture->parcels[i].status);
        picture->shipped = picture->shipped || status_with_carrier(picture->parcels[i].status);
    }
    draw_outstanding(picture, shop);
    picture->final = picture->final && !picture->outstanding;

    struct parcel_view whole = {0};
    const struct candidate_due candidates[] = {{.due = order->revised}, {.due = order->promise}};
    view_due(&whole, candidates, 2, shop, picture);
    picture->due = whole.due;
    picture->due_since = whole.due_since;
    picture->promised = picture_last(order->promise);
    picture->days_late = days_after(shop, picture->promised, picture->due, picture->today);
    picture->dispatch_missed = missed(picture->dispatch_by, shop, picture->today);
    draw_prospects(picture, shop, arena);
}

void picture_narrow(struct picture *picture, int parcel) {
    picture->parcels += parcel - 1;
    picture->prospects += parcel - 1;
    picture->parcel_count = picture->prospect_count = 1;
    picture->outstanding = false;
    picture->final = status_final(picture->parcels->status);
}

const struct prospect *picture_prospect(const struct picture *picture, const struct parcel_view *view) {
    return &picture->prospects[view - picture->parcels];
}
