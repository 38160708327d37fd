#include "bot/outbox/dossier.h"
#include "base/calendar.h"
#include "base/key.h"
#include "base/text.h"
#include "bot/dialogue/picture.h"
#include <string.h>

/* Reading. */

static bool read_order(struct dossier *dossier, struct store *store, struct arena *arena, struct error *err) {
    char key[KEY_SIZE];
    struct order_list list = {0};
    if (text_empty(dossier->row.handoff.order) || !key_number(key, dossier->row.handoff.order))
        return true;
    struct order_query query = {
        .shop = dossier->row.shop, .by = ORDER_BY_KEY, .values = {arena_string(arena, key)}, .count = 1};
    enum found found = store_orders(store, &query, arena, &list, err);
    if (found == FOUND)
        dossier->order = list.orders[0];
    return found != FAILED;
}

enum found dossier_read(struct dossier *dossier, struct store *store, const struct outgoing *what,
                        struct arena *arena, struct error *err) {
    dossier->at_ms = what->at_ms;
    store_rest(store);
    enum found found = store_handoff(store, what->handoff, arena, &dossier->row, err);
    if (found == FOUND)
        found = store_conversation(store, what->conversation, arena, &dossier->conversation, err);
    if (found == FOUND && (store_turns(store, what->conversation, 0, arena, &dossier->turns,
                                       &dossier->turn_count, err) == FAILED ||
                           !read_order(dossier, store, arena, err)))
        found = FAILED;
    while (dossier->turn_count && dossier->turns[dossier->turn_count - 1].seq > what->seq)
        dossier->turn_count--;
    store_rest(store);
    return found;
}

int dossier_after(const struct dossier *dossier, int64_t seq) {
    int at = dossier->turn_count;
    while (at && dossier->turns[at - 1].seq > seq)
        at--;
    return at;
}

const char *dossier_email(const struct dossier *dossier) {
    const char *left = dossier->row.handoff.contact;
    if (!text_empty(left) && strchr(left, '@'))
        return left;
    return dossier->order ? dossier->order->email : "";
}

const char *dossier_phone(const struct dossier *dossier) {
    const char *left = dossier->row.handoff.contact;
    if (!text_empty(left) && left[0] == '+')
        return left;
    return dossier->order ? dossier->order->phone : "";
}

static const struct checkpoint *last_scan(const struct dossier *dossier, const struct parcel *parcel) {
    return picture_last_scan(parcel, false, dossier->at_ms, zone_day(dossier->zone, dossier->at_ms));
}

/* As JSON. */

static void put_instant(struct json_out *out, const char *key, int64_t ms) {
    char text[MOMENT_SIZE];
    moment_print(text, moment_at(ms - ms % 1000, 0));
    json_text(out, key, text);
}

static void put_moment(struct json_out *out, const char *key, struct moment moment) {
    char text[MOMENT_SIZE];
    moment_print(text, moment);
    json_text(out, key, moment.kind == MOMENT_NONE ? NULL : text);
}

static void put_text(struct json_out *out, const char *key, const char *text) {
    json_text(out, key, text_empty(text) ? NULL : text);
}

static void put_due(struct json_out *out, const char *key, const struct due *due) {
    json_open(out, key, '{');
    put_moment(out, "from", due->from);
    put_moment(out, "to", due->to);
    json_close(out, '}');
}

static void put_parcel(struct json_out *out, const struct dossier *dossier, const struct parcel *parcel) {
    const struct checkpoint *last = last_scan(dossier, parcel);
    json_open(out, NULL, '{');
    put_text(out, "id", parcel->id);
    put_text(out, "carrier", parcel->carrier);
    put_text(out, "tracking_number", parcel->tracking_number);
    put_text(out, "tracking_url", parcel->tracking_url);
    json_text(out, "status", status_name(parcel->status));
    put_moment(out, "status_at", parcel->status_at);
    put_text(out, "reason", parcel->reason);
    put_due(out, "estimated", &parcel->estimate);
    if (last) {
        json_open(out, "last", '{');
        put_moment(out, "at", last->at);
        json_text(out, "status", status_name(last->status));
        put_text(out, "place", last->place);
        json_close(out, '}');
    }
    json_close(out, '}');
}

static void put_order(struct json_out *out, const struct dossier *dossier) {
    const struct order *order = dossier->order;
    if (!order) {
        json_raw(out, "order", "null");
        return;
    }
    json_open(out, "order", '{');
    json_text(out, "number", order->number);
    json_text(out, "state", status_name(order->state));
    put_moment(out, "placed_at", order->placed_at);
    put_due(out, "promised", &order->promise);
    put_due(out, "revised", &order->revised);
    json_open(out, "lines", '[');
    for (int i = 0; i < order->line_count; i++) {
        json_open(out, NULL, '{');
        put_text(out, "sku", order->lines[i].sku);
        put_text(out, "title", order->lines[i].title);
        json_number(out, "quantity", order->lines[i].quantity);
        json_close(out, '}');
    }
    json_close(out, ']');
    json_open(out, "parcels", '[');
    for (int i = 0; i < order->parcel_count; i++)
        put_parcel(out, dossier, &order->parcels[i]);
    json_close(out, ']');
    json_close(out, '}');
}

static void put_turn(struct json_out *out, const char *key, const struct turn *turn) {
    json_open(out, key, '{');
    json_number(out, "seq", turn->seq);
    json_text(out, "from", author_name(turn->author));
    put_text(out, "agent", turn->who);
    json_text(out, "text", turn->text);
    put_instant(out, "at", turn->at_ms);
    json_close(out, '}');
}

void dossier_json(const struct dossier *dossier, const struct outgoing *what, const char *kind,
                  struct buffer *buffer) {
    const struct handoff *handoff = &dossier->row.handoff;
    struct json_out out = {.buffer = buffer};
    char type[64];
    snprintf(type, sizeof type, "handoff.%s", kind);
    json_open(&out, NULL, '{');
    json_text(&out, "type", type);
    put_instant(&out, "timestamp", what->at_ms);
    json_text(&out, "shop", dossier->row.shop);
    json_text(&out, "handoff", handoff->id);
    json_text(&out, "conversation", dossier->row.conversation);
    json_text(&out, "channel", dossier->conversation.channel);
    json_text(&out, "status", handoff_status_name(handoff->status));
    json_text(&out, "queue", handoff->queue);
    json_text(&out, "reason", handoff->reason);
    json_text(&out, "language", handoff->locale);
    put_instant(&out, "opened_at", handoff->opened_ms);
    put_text(&out, "agent", handoff->agent);
    json_open(&out, "contact", '{');
    put_text(&out, "left", handoff->contact);
    put_text(&out, "name", dossier->order ? dossier->order->first_name : "");
    put_text(&out, "email", dossier_email(dossier));
    put_text(&out, "phone", dossier_phone(dossier));
    json_close(&out, '}');
    put_order(&out, dossier);
    json_raw(&out, "summary", text_empty(handoff->summary) ? "{}" : handoff->summary);
    if (text_is(kind, "message")) {
        if (dossier->turn_count)
            put_turn(&out, "message", &dossier->turns[dossier->turn_count - 1]);
    } else {
        json_open(&out, "transcript", '[');
        for (int i = 0; i < dossier->turn_count; i++)
            put_turn(&out, NULL, &dossier->turns[i]);
        json_close(&out, ']');
    }
    json_close(&out, '}');
}

/* As text. */

static void put_line(struct buffer *out, const char *name, const char *value) {
    if (!text_empty(value))
        buffer_format(out, "%s: %s\n", name, value);
}

static void put_day(struct buffer *out, const char *name, const struct due *due) {
    char from[MOMENT_SIZE], to[MOMENT_SIZE];
    moment_print(from, due->from);
    moment_print(to, due->to);
    if (due->to.kind != MOMENT_NONE)
        buffer_format(out, "%s: %s%s%s\n", name, from, due->from.kind == MOMENT_NONE ? "" : " to ", to);
}

static void put_parcel_facts(struct buffer *out, const struct dossier *dossier, int at) {
    const struct parcel *parcel = &dossier->order->parcels[at];
    const struct checkpoint *last = last_scan(dossier, parcel);
    char moment[MOMENT_SIZE];
    moment_print(moment, parcel->status_at);
    buffer_format(out, "Parcel %d of %d: %s%s%s", at + 1, dossier->order->parcel_count,
                  status_name(parcel->status), moment[0] ? " since " : "", moment);
    if (!text_empty(parcel->carrier))
        buffer_format(out, ", %s %s", parcel->carrier, parcel->tracking_number);
    buffer_string(out, "\n");
    put_day(out, "  expected", &parcel->estimate);
    put_line(out, "  track", parcel->tracking_url);
    if (last) {
        moment_print(moment, last->at);
        buffer_format(out, "  last scan: %s %s%s%s\n", moment, status_name(last->status),
                      text_empty(last->place) ? "" : ", ", last->place);
    }
}

void dossier_facts(const struct dossier *dossier, struct buffer *out) {
    const struct handoff *handoff = &dossier->row.handoff;
    const struct order *order = dossier->order;
    put_line(out, "Reason", handoff->reason);
    put_line(out, "Queue", handoff->queue);
    put_line(out, "Language", handoff->locale);
    put_line(out, "Channel", dossier->conversation.channel);
    put_line(out, "Name", order ? order->first_name : "");
    put_line(out, "E-mail", dossier_email(dossier));
    put_line(out, "Phone", dossier_phone(dossier));
    put_line(out, "Order", order ? order->number : handoff->order);
    if (order) {
        put_line(out, "State", status_name(order->state));
        put_day(out, "Promised", &order->promise);
        put_day(out, "Promised since", &order->revised);
        for (int i = 0; i < order->line_count; i++)
            buffer_format(out, "  %d x %s\n", order->lines[i].quantity, order->lines[i].title);
        for (int i = 0; i < order->parcel_count; i++)
            put_parcel_facts(out, dossier, i);
    }
    put_line(out, "Hand-off", handoff->id);
    put_line(out, "Conversation", dossier->row.conversation);
}

void dossier_turn(const struct dossier *dossier, const struct turn *turn, struct buffer *out) {
    int minute = (int)(turn->at_ms / 60000 % 1440);
    if (dossier->zone)
        minute = zone_minute(dossier->zone, turn->at_ms);
    buffer_format(out, "[%02d:%02d] %s: ", minute / 60, minute % 60,
                  text_empty(turn->who) ? author_name(turn->author) : turn->who);
    for (const char *at = turn->text; *at; at++) /* nobody's words look like a line of ours */
        buffer_add(out, *at == '\n' || *at == '\r' ? " " : at, 1);
    buffer_string(out, "\n");
}
