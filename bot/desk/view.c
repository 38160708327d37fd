/* One conversation as whoever opens it sees it: what was said, why the assistant said it, what people did,
 * and the orders that it is about. */
#include "base/key.h"
#include "base/log.h"
#include "base/text.h"
#include "bot/desk/room.h"
#include "bot/dialogue/picture.h"
#include "db/desk.h"
#include "db/order_json.h"
#include <limits.h>
#include <string.h>

enum { MOST = 200 };

/* Less, where it would not fit into a frame: of what was said, of each order's parcels, and of its lines and
 * scans (0: no order). */
static const struct limits {
    int most, parcels, details;
} tries[] = {{MOST, INT_MAX, INT_MAX},
             {MOST / 5, INT_MAX, MOST / 5},
             {MOST / 5, INT_MAX, MOST / 50},
             {MOST / 50, MOST / 50, MOST / 50},
             {MOST / 50, 0, 0}};
enum { TRIES = sizeof tries / sizeof *tries };

/* What is read of it. */
struct view {
    struct conversation conversation;
    struct state state;
    struct turn *turns;
    struct note *notes;
    struct act *acts;
    struct handoff_row *handoffs;
    int turn_count, note_count, act_count, handoff_count;
};

/* Agents see what was handed over at some time, managers everything; both only of their shops. */
static bool may_see(const struct seat *seat, const struct view *view) {
    return desk_sees(seat, view->conversation.shop) &&
           (seat->role == STAFF_MANAGER || view->handoff_count > 0);
}

static bool read_view(struct desk *desk, const char *id, struct view *view, struct error *err) {
    if (store_conversation(desk->store, id, &desk->arena, &view->conversation, err) != FOUND ||
        !state_parse(&view->state, view->conversation.state, err))
        return false;
    return store_turns(desk->store, id, view->conversation.seq - MOST, &desk->arena, &view->turns,
                       &view->turn_count, err) != FAILED &&
           store_notes(desk->store, id, &desk->arena, &view->notes, &view->note_count, err) != FAILED &&
           store_acts(desk->store, id, &desk->arena, &view->acts, &view->act_count, err) != FAILED &&
           store_conversation_handoffs(desk->store, id, &desk->arena, &view->handoffs, &view->handoff_count,
                                       err) != FAILED;
}

static int at_most(int count, int most) {
    return count < most ? count : most;
}

/* The first lines and parcels, and the last scans; true: some were left out. */
static bool cut(struct order *order, const struct limits *limits) {
    int details = limits->details;
    bool less = order->line_count > details || order->parcel_count > limits->parcels;
    order->line_count = at_most(order->line_count, details);
    order->parcel_count = at_most(order->parcel_count, limits->parcels);
    for (int i = 0; i < order->parcel_count; i++) {
        struct parcel *parcel = &order->parcels[i];
        int over = parcel->checkpoint_count - details;
        if (over <= 0)
            continue;
        parcel->checkpoints += over;
        parcel->checkpoint_count = details;
        less = true;
    }
    return less;
}

/* Of each parcel that is shown: days late, 0 on time, null where nobody can tell. */
static void write_late(struct desk *desk, const struct order *order, struct json_out *out) {
    const struct shop *shop = shop_find(desk->options.shops, desk->options.shop_count, order->shop);
    struct picture picture;
    if (!shop)
        return;
    picture_draw(&picture, order, shop, desk->world.now_ms(desk->world.context), &desk->arena);
    json_open(out, "late", '[');
    for (int i = 0; i < order->parcel_count; i++) {
        /* Labels that were voided are not in the picture. */
        const struct parcel_view *view = i < picture.parcel_count ? &picture.parcels[i] : NULL;
        if (view && view->parcel == &order->parcels[i] && view->lateness >= 0)
            json_number(out, NULL, view->lateness);
        else
            json_raw(out, NULL, "null");
    }
    json_close(out, ']');
}

static void write_order(struct desk *desk, const char *shop, const char *key, int tier,
                        const struct limits *limits, struct json_out *out) {
    const struct order_query query = {.shop = shop, .by = ORDER_BY_KEY, .values = {key}, .count = 1};
    struct order_list orders = {0};
    struct error err;
    if (limits->details == 0 || store_orders(desk->store, &query, &desk->arena, &orders, &err) != FOUND ||
        orders.count == 0)
        return;
    json_open(out, NULL, '{');
    json_number(out, "tier", tier);
    int parcels = orders.orders[0]->parcel_count;
    if (cut(orders.orders[0], limits)) {
        json_flag(out, "cut", true);
        json_number(out, "parcels", parcels);
    }
    write_late(desk, orders.orders[0], out);
    order_print(out, "order", orders.orders[0]);
    json_close(out, '}');
}

static const char *named_order(const struct view *view) {
    for (int i = view->handoff_count - 1; i >= 0; i--)
        if (!text_empty(view->handoffs[i].handoff.order))
            return view->handoffs[i].handoff.order;
    return "";
}

/* The orders that the customer has proved, the one that is talked about first; then the one of the hand-off,
 * proved or not. A hash of what was written. */
static uint64_t write_orders(struct desk *desk, const struct view *view, const struct limits *limits,
                             struct json_out *out) {
    const char *shop = view->conversation.shop, *named = named_order(view);
    const struct state *state = &view->state;
    size_t before = desk->out.len;
    char key[KEY_SIZE] = "";
    bool proved = false;
    if (!text_empty(named))
        key_number(key, named);
    json_open(out, "orders", '[');
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < STATE_ORDERS && state->orders[i][0]; i++) {
            bool focus = text_is(state->orders[i], state->focus);
            proved |= text_is(state->orders[i], key);
            if (focus == (pass == 0))
                write_order(desk, shop, state->orders[i], state->tiers[i], limits, out);
        }
    if (key[0] && !proved)
        write_order(desk, shop, key, 0, limits, out);
    json_close(out, ']');
    return text_hash(desk->out.bytes + before);
}

static void write_handoffs(struct desk *desk, const struct view *view, struct json_out *out) {
    json_open(out, "handoffs", '[');
    for (int i = 0; i < view->handoff_count; i++) {
        const struct handoff *handoff = &view->handoffs[i].handoff;
        const struct desk_item item = {
            .handoff = handoff->id,
            .conversation = view->conversation.id,
            .shop = view->conversation.shop,
            .channel = view->conversation.channel,
            .locale = handoff->locale,
            .queue = handoff->queue,
            .reason = handoff->reason,
            .order = store_order_number(desk->store, view->conversation.shop, handoff->order, &desk->arena),
            .contact = handoff->contact,
            .agent = handoff->agent,
            .status = handoff->status,
            .opened_ms = handoff->opened_ms,
            .changed_ms = handoff->changed_ms,
            .turn = view->conversation.seq};
        desk_write_item(out, NULL, &item);
    }
    json_close(out, ']');
}

/* The last of what it holds, `most` of each. */
static void write_view(struct desk *desk, struct seat *seat, const char *id, const struct view *view,
                       const struct limits *limits) {
    int most = limits->most;
    struct json_out out = {.buffer = &desk->out};
    int turns = at_most(view->turn_count, most), notes = at_most(view->note_count, most),
        acts = at_most(view->act_count, most);
    buffer_reset(&desk->out);
    json_open(&out, NULL, '{');
    json_text(&out, "type", "conversation");
    json_text(&out, "re", id);
    json_text(&out, "conversation", view->conversation.id);
    json_text(&out, "shop", view->conversation.shop);
    json_text(&out, "channel", view->conversation.channel);
    json_text(&out, "locale", view->conversation.locale);
    json_text(&out, "handling", view->conversation.handling);
    json_number(&out, "started", view->conversation.started_ms);
    json_number(&out, "seq", view->conversation.seq);
    json_flag(&out, "whole", view->turn_count == turns && (!turns || view->turns[0].seq == 1));
    json_open(&out, "turns", '[');
    for (int i = view->turn_count - turns; i < view->turn_count; i++)
        desk_write_turn(&out, &view->turns[i]);
    json_close(&out, ']');
    json_open(&out, "notes", '[');
    for (int i = view->note_count - notes; i < view->note_count; i++)
        desk_write_note(&out, &view->notes[i]);
    json_close(&out, ']');
    json_open(&out, "acts", '[');
    for (int i = view->act_count - acts; i < view->act_count; i++)
        desk_write_act(&out, &view->acts[i]);
    json_close(&out, ']');
    write_handoffs(desk, view, &out);
    seat->orders = write_orders(desk, view, limits, &out);
    json_close(&out, '}');
}

bool view_open(struct desk *desk, struct seat *seat, const char *id, const char *conversation) {
    struct view view = {0};
    struct error err = {""};
    if (!id_valid(conversation) || !read_view(desk, conversation, &view, &err)) {
        if (err.text[0])
            log_line(LOG_WARNING, "desk", "conversation %s: %s", conversation, err.text);
        return false;
    }
    if (!may_see(seat, &view))
        return false;
    int i = 0;
    do
        write_view(desk, seat, id, &view, &tries[i]);
    while (desk->out.full && ++i < TRIES);
    seat_send(desk, seat);
    seat->shown = view.conversation.seq;
    return true;
}

static uint64_t write_news_of_orders(struct desk *desk, const char *conversation, const struct view *view,
                                     const struct limits *limits) {
    struct json_out out = {.buffer = &desk->out};
    buffer_reset(&desk->out);
    json_open(&out, NULL, '{');
    json_text(&out, "type", "orders");
    json_text(&out, "conversation", conversation);
    uint64_t orders = write_orders(desk, view, limits, &out);
    json_close(&out, '}');
    return orders;
}

void view_tick(struct desk *desk, struct seat *seat) {
    struct view view = {0};
    struct error err;
    if (!seat->watching[0] || seat->behind ||
        store_conversation(desk->store, seat->watching, &desk->arena, &view.conversation, &err) != FOUND ||
        !state_parse(&view.state, view.conversation.state, &err) ||
        store_conversation_handoffs(desk->store, seat->watching, &desk->arena, &view.handoffs,
                                    &view.handoff_count, &err) == FAILED)
        return;
    uint64_t orders;
    int i = 0;
    do
        orders = write_news_of_orders(desk, seat->watching, &view, &tries[i]);
    while (desk->out.full && ++i < TRIES);
    if (orders != seat->orders)
        seat_send(desk, seat);
    seat->orders = orders;
}
