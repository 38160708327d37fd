/* How what an import says is laid over what is stored. */
#include "base/key.h"
#include "base/text.h"
#include "db/draft.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool given(uint64_t bits, const struct record *record, const char *name) {
    return bits >> field_find(record, name) & 1;
}

static void copy_given(void *to, const void *from, uint64_t bits, const struct record *record) {
    for (int i = 0; i < record->count; i++)
        if (bits >> i & 1)
            field_copy(to, from, &record->fields[i]);
}

static bool same_moment(struct moment a, struct moment b) {
    return a.kind == b.kind && a.ms == b.ms;
}

static bool same_due(const struct due *a, const struct due *b) {
    return same_moment(a->from, b->from) && same_moment(a->to, b->to);
}

/* Checkpoints. */

/* Of two statuses at the same instant, the one that the customer should hear: an end, else the further one.
 */
static int status_rank(enum status status) {
    return (int)status + (status_final(status) ? STATUS_COUNT : 0);
}

static int compare_checkpoints(const void *a, const void *b) {
    const struct checkpoint *x = a, *y = b;
    if (x->at.ms != y->at.ms)
        return x->at.ms < y->at.ms ? -1 : 1;
    if (x->at.kind != y->at.kind)
        return x->at.kind < y->at.kind ? -1 : 1;
    if (x->status != y->status)
        return status_rank(x->status) - status_rank(y->status);
    return strcmp(x->code, y->code);
}

static const char *greater(const char *a, const char *b) {
    return strcmp(a, b) >= 0 ? a : b;
}

/* Two reports of one event: what is kept must not depend on which came first. */
static void unite(struct checkpoint *kept, const struct checkpoint *other) {
    if (other->at.offset > kept->at.offset)
        kept->at.offset = other->at.offset;
    kept->label = greater(kept->label, other->label);
    kept->place = greater(kept->place, other->place);
    kept->source = greater(kept->source, other->source);
    if (other->received_ms < kept->received_ms)
        kept->received_ms = other->received_ms;
}

static void merge_checkpoints(struct parcel *parcel, const struct parcel *more, int64_t now_ms,
                              struct arena *arena) {
    int count = parcel->checkpoint_count + more->checkpoint_count, kept = 0;
    struct checkpoint *all = ARENA_ARRAY(arena, struct checkpoint, (size_t)count);
    for (int i = 0; i < count; i++) {
        all[i] = i < parcel->checkpoint_count ? parcel->checkpoints[i]
                                              : more->checkpoints[i - parcel->checkpoint_count];
        if (!all[i].received_ms)
            all[i].received_ms = now_ms;
    }
    if (count > 1)
        qsort(all, (size_t)count, sizeof *all, compare_checkpoints);
    for (int i = 0; i < count; i++)
        if (kept && compare_checkpoints(&all[kept - 1], &all[i]) == 0)
            unite(&all[kept - 1], &all[i]);
        else
            all[kept++] = all[i];
    int over = kept > PARCEL_CHECKPOINTS_MAX ? kept - PARCEL_CHECKPOINTS_MAX : 0;
    parcel->checkpoints = all + over;
    parcel->checkpoint_count = kept - over;
}

/* Of a day nobody knows the hour: what else was on it is neither before nor after. */
static int compare_moments(struct moment a, struct moment b, const struct zone *zone) {
    if (a.kind == MOMENT_TIME && b.kind == MOMENT_TIME)
        return (a.ms > b.ms) - (a.ms < b.ms);
    int32_t first = zone_moment_day(zone, a), second = zone_moment_day(zone, b);
    return (first > second) - (first < second);
}

/* The newest word on the parcel by its own time, be it a checkpoint or a status that was given with its time.
 */
static void settle_status(struct parcel *parcel, const struct zone *zone) {
    for (int i = 0; i < parcel->checkpoint_count; i++) {
        const struct checkpoint *checkpoint = &parcel->checkpoints[i];
        if (checkpoint->status == STATUS_UNKNOWN)
            continue;
        bool timed = parcel->status_at.kind != MOMENT_NONE || parcel->status != STATUS_DELIVERED;
        struct moment since = timed ? parcel->status_at : parcel->proof.at;
        int later = compare_moments(checkpoint->at, since, zone);
        bool newer = since.kind == MOMENT_NONE || later > 0 ||
                     (later == 0 && status_rank(checkpoint->status) >= status_rank(parcel->status));
        if (newer) {
            parcel->status = checkpoint->status;
            parcel->status_at = checkpoint->at;
        }
    }
}

/* Parcels. */

static bool same_tracking(const char *a, const char *b) {
    char x[KEY_SIZE], y[KEY_SIZE];
    return key_number(x, a) && key_number(y, b) && strcmp(x, y) == 0;
}

/* Which stored parcel is meant, of those not taken yet; -1 a new one. */
static int match_parcel(const struct order *old, const bool *taken, const struct parcel *parcel,
                        int position) {
    for (int i = 0; i < old->parcel_count; i++)
        if (!taken[i] && !text_empty(parcel->id) && text_is(old->parcels[i].id, parcel->id))
            return i;
    for (int i = 0; i < old->parcel_count; i++)
        if (!taken[i] && same_tracking(old->parcels[i].tracking_number, parcel->tracking_number))
            return i;
    bool nameless =
        text_empty(parcel->id) && position < old->parcel_count &&
        (text_empty(parcel->tracking_number) || text_empty(old->parcels[position].tracking_number));
    return nameless && !taken[position] ? position : -1;
}

static void merge_parcel(struct parcel *parcel, const struct draft_parcel *draft,
                         const struct draft_options *options, struct arena *arena) {
    uint64_t bits = draft->given;
    bool first_given = given(bits, &record_parcel, "first_estimated_to");
    /* A status without its time is as old as nothing: any checkpoint knows better. */
    if (given(bits, &record_parcel, "status") && !given(bits, &record_parcel, "status_at") &&
        draft->parcel.status != parcel->status)
        parcel->status_at = (struct moment){0};
    copy_given(parcel, &draft->parcel, bits, &record_parcel);
    if (!first_given && parcel->first_estimate.to.kind == MOMENT_NONE)
        parcel->first_estimate = parcel->estimate;
    merge_checkpoints(parcel, &draft->parcel, options->now_ms, arena);
    settle_status(parcel, options->zone);
}

static bool id_taken(const struct order *order, int count, const char *id) {
    for (int i = 0; i < count; i++)
        if (text_is(order->parcels[i].id, id))
            return true;
    return false;
}

static void name_parcels(struct order *order, struct arena *arena) {
    for (int i = 0; i < order->parcel_count; i++) {
        const char *id = order->parcels[i].id;
        for (int number = 1; text_empty(id); number++) {
            id = arena_format(arena, "%d", number);
            if (id_taken(order, order->parcel_count, id))
                id = "";
        }
        order->parcels[i].id = id;
    }
}

/* places[i] is where the stored parcel i stands in the result, -1 gone. */
static void merge_parcels(struct order *order, const struct order *old, const struct draft *draft,
                          const struct draft_options *options, int *places, struct arena *arena) {
    int room = old->parcel_count + draft->parcel_count;
    bool *taken = ARENA_ARRAY(arena, bool, (size_t)old->parcel_count);
    order->parcels = ARENA_ARRAY(arena, struct parcel, (size_t)room);
    order->parcel_count = 0;
    for (int i = 0; i < old->parcel_count; i++) {
        bool keep = !draft->parcels_given || draft->more;
        places[i] = keep ? order->parcel_count : -1;
        if (keep)
            order->parcels[order->parcel_count++] = old->parcels[i];
    }
    for (int i = 0; i < draft->parcel_count; i++) {
        const struct draft_parcel *from = &draft->parcels[i];
        int match = match_parcel(old, taken, &from->parcel, draft->more ? INT32_MAX : i);
        int place = match >= 0 && draft->more ? places[match] : order->parcel_count++;
        struct parcel *parcel = &order->parcels[place];
        if (match >= 0) {
            taken[match] = true;
            *parcel = old->parcels[match];
            places[match] = place;
        } else {
            draft_empty(parcel, &record_parcel);
        }
        merge_parcel(parcel, from, options, arena);
    }
    if (order->parcel_count > ORDER_PARCELS_MAX)
        order->parcel_count = ORDER_PARCELS_MAX;
    name_parcels(order, arena);
}

/* Lines. */

static int match_line(const struct order *old, const bool *taken, const struct line *line) {
    for (int i = 0; i < old->line_count; i++) {
        const struct line *stored = &old->lines[i];
        if (taken[i])
            continue;
        if (!text_empty(line->sku) && !text_empty(stored->sku) ? text_is(line->sku, stored->sku)
                                                               : text_is(line->title, stored->title))
            return i;
    }
    return -1;
}

static int parcel_place(const struct order *order, const char *name) {
    for (int i = 0; i < order->parcel_count; i++)
        if (text_is(order->parcels[i].id, name))
            return i;
    for (int i = 0; i < order->parcel_count; i++)
        if (same_tracking(order->parcels[i].tracking_number, name))
            return i;
    return -1;
}

static struct line moved(const struct line *line, const int *places) {
    struct line copy = *line;
    copy.parcel = line->parcel >= 0 ? places[line->parcel] : -1;
    return copy;
}

static void merge_lines(struct order *order, const struct order *old, const struct draft *draft,
                        const int *places, struct arena *arena) {
    bool *taken = ARENA_ARRAY(arena, bool, (size_t)old->line_count);
    order->lines = ARENA_ARRAY(arena, struct line, (size_t)(old->line_count + draft->line_count));
    order->line_count = 0;
    if (!draft->lines_given || draft->more)
        for (int i = 0; i < old->line_count; i++)
            order->lines[order->line_count++] = moved(&old->lines[i], places);
    for (int i = 0; i < draft->line_count; i++) {
        const struct draft_line *from = &draft->lines[i];
        int match = match_line(old, taken, &from->line);
        struct line *line = &order->lines[match >= 0 && draft->more ? match : order->line_count++];
        if (match >= 0) {
            taken[match] = true;
            *line = moved(&old->lines[match], places);
        } else {
            draft_empty(line, &record_line);
            line->quantity = 1;
        }
        copy_given(line, &from->line, from->given, &record_line);
        if (given(from->given, &record_line, "parcel"))
            line->parcel = text_empty(from->parcel) ? -1 : parcel_place(order, from->parcel);
    }
    if (order->line_count > ORDER_LINES_MAX)
        order->line_count = ORDER_LINES_MAX;
}

/* The order itself. */

/* What was first agreed stands: whatever the shop says later is the revised promise. */
static void merge_promise(struct order *order, const struct order *old, const struct draft *draft) {
    uint64_t bits = draft->given;
    struct due now = order->promise; /* as the import left it */
    if (!given(bits, &record_order, "promised_to") || old->promise.to.kind == MOMENT_NONE)
        return;
    if (now.to.kind == MOMENT_NONE) {
        if (!given(bits, &record_order, "revised_to"))
            order->revised = (struct due){{0}, {0}};
        return;
    }
    order->promise = old->promise;
    bool revised = given(bits, &record_order, "revised_to") && order->revised.to.kind != MOMENT_NONE;
    if (!revised && !same_due(&now, &old->promise))
        order->revised = now;
}

/* Where nobody has told the state, in words that we know: nothing was said, or nothing that we understand. */
static enum status untold(const struct order *old, const struct draft *draft) {
    bool unread = (draft->given & DRAFT_UNREAD) || (!text_empty(old->key) && old->state == STATUS_UNKNOWN);
    for (int i = 0; i < draft->parcel_count; i++)
        unread |= (draft->parcels[i].given & DRAFT_UNREAD) != 0;
    return unread ? STATUS_UNKNOWN : STATUS_PLACED;
}

/* Parcels know more than the shop about everything after it handed them over. */
static enum status settle_state(const struct order *order, const struct order *old,
                                const struct draft *draft) {
    enum status derived = order_derive(order), told = draft->order.state;
    if (given(draft->given, &record_order, "state") && told != STATUS_UNKNOWN) {
        bool handed_over = told == STATUS_INFO_RECEIVED ||
                           (status_with_carrier(told) && !status_final(told) && told != STATUS_DAMAGED);
        return handed_over && derived != STATUS_UNKNOWN ? derived : told;
    }
    if (given(draft->given, &record_order, "state")) /* cleared */
        return derived != STATUS_UNKNOWN ? derived : untold(old, draft);
    bool was_derived = old->state == order_derive(old);
    if (derived != STATUS_UNKNOWN && (was_derived || !status_final(old->state)))
        return derived;
    return old->state != STATUS_UNKNOWN && !was_derived ? old->state : untold(old, draft);
}

struct order *draft_merge(const struct order *old, const struct draft *draft,
                          const struct draft_options *options, struct arena *arena) {
    struct order blank = {0}, *order = ARENA_NEW(arena, struct order);
    draft_empty(&blank, &record_order);
    if (!old)
        old = &blank;
    int *places = ARENA_ARRAY(arena, int, (size_t)old->parcel_count);
    *order = *old;
    copy_given(order, &draft->order, draft->given, &record_order);
    /* These end with the state that they explain. */
    bool explains = text_is(order->hold_reason, "payment") || text_is(order->hold_reason, "refunded");
    if (explains && order->state != old->state && !given(draft->given, &record_order, "hold_reason"))
        order->hold_reason = "";
    order->shop = draft->order.shop;
    order->key = draft->order.key;
    merge_promise(order, old, draft);
    merge_parcels(order, old, draft, options, places, arena);
    merge_lines(order, old, draft, places, arena);
    order->state = settle_state(order, old, draft);
    order->updated_ms = options->now_ms;
    return order;
}
