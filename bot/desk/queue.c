/* What is open: known from the store at the start, from committed changes afterwards. */
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "bot/desk/room.h"
#include "db/desk.h"
#include <string.h>

/* The customer has said something within LATELY turns, or long ago. */
enum { LATELY = 32 };
enum { PLACES_MS = 5000, LOOK_MS = 5000, CLAIMS_LEAST = 3, CLAIMS_FRESH_MS = 3600 * 1000 };

/* The line of those that wait. */

static int compare(const struct item *one, const char *shop, int64_t opened_ms, const char *handoff) {
    int shops = strcmp(one->shop, shop);
    if (shops || one->opened_ms == opened_ms)
        return shops ? shops : strcmp(one->handoff, handoff);
    return one->opened_ms < opened_ms ? -1 : 1;
}

/* How many stand before this one, or would. */
static int line_before(const struct desk *desk, const char *shop, int64_t opened_ms, const char *handoff) {
    int from = 0, to = desk->line_count;
    while (from < to) {
        int middle = (from + to) / 2;
        if (compare(desk->line[middle], shop, opened_ms, handoff) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

/* What it is found by must not change while it stands in the line. */
static void line_leave(struct desk *desk, const struct item *item) {
    int at = line_before(desk, item->shop, item->opened_ms, item->handoff);
    if (at == desk->line_count || desk->line[at] != item)
        return;
    desk->line_count--;
    memmove(desk->line + at, desk->line + at + 1, sizeof *desk->line * (size_t)(desk->line_count - at));
}

static void line_join(struct desk *desk, struct item *item) {
    if (item->status != HANDOFF_WAITING)
        return;
    desk->line = memory_grown(desk->line, desk->line_count, &desk->line_room, sizeof *desk->line);
    int at = line_before(desk, item->shop, item->opened_ms, item->handoff);
    memmove(desk->line + at + 1, desk->line + at, sizeof *desk->line * (size_t)(desk->line_count - at));
    desk->line[at] = item;
    desk->line_count++;
}

/* Changes. */

static void item_changed(struct desk *desk, struct item *item) {
    if (item->change)
        DL_DELETE(desk->by_change, item);
    item->change = ++desk->change;
    DL_APPEND(desk->by_change, item);
}

static struct item *item_add(struct desk *desk, const char *conversation, const char *handoff) {
    struct item *item = calloc(1, sizeof *item);
    if (!item)
        memory_exhausted();
    TEXT_SET(item->conversation, conversation);
    TEXT_SET(item->handoff, handoff);
    item->since_ms = desk_clock(desk);
    item->seen = desk->look;
    HASH_ADD_STR(desk->items, conversation, item);
    return item;
}

static void item_remove(struct desk *desk, struct item *item) {
    struct gone *gone = &desk->gone[desk->gone_count++ % GONE_MAX];
    TEXT_SET(gone->handoff, item->handoff);
    TEXT_SET(gone->shop, item->shop);
    gone->change = ++desk->change;
    line_leave(desk, item);
    if (item->change)
        DL_DELETE(desk->by_change, item);
    HASH_DEL(desk->items, item);
    free(item);
}

/* What is not told stays as it was, as in the store. */
static void take_over(struct desk *desk, struct item *item, const struct handoff *handoff) {
    const struct {
        char *field;
        size_t size;
        const char *value;
    } fields[] = {{item->queue, sizeof item->queue, handoff->queue},
                  {item->reason, sizeof item->reason, handoff->reason},
                  {item->order, sizeof item->order,
                   store_order_number(desk->store, item->shop, handoff->order, &desk->arena)},
                  {item->locale, sizeof item->locale, handoff->locale},
                  {item->contact, sizeof item->contact, handoff->contact},
                  {item->agent, sizeof item->agent, handoff->agent}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (!text_empty(fields[i].value))
            text_set(fields[i].field, fields[i].size, fields[i].value);
    item->status = handoff->status;
    item->opened_ms = handoff->opened_ms;
    item->changed_ms = handoff->changed_ms;
    if (handoff->status == HANDOFF_WAITING)
        item->agent[0] = '\0';
}

static void take_turn(struct item *item, const struct turn *turn) {
    item->turn = turn->seq;
    if (turn->author != AUTHOR_CUSTOMER)
        return;
    item->said = turn->seq;
    item->said_ms = turn->at_ms;
    TEXT_SET(item->words, turn->text);
}

static void handoff_happened(struct desk *desk, const struct conversation *c, const struct handoff *handoff) {
    struct item *item = desk_item(desk, c->id);
    if (item && !text_is(item->handoff, handoff->id)) {
        item_remove(desk, item);
        item = NULL;
    }
    if (!handoff_open(handoff->status)) {
        if (item)
            item_remove(desk, item);
        return;
    }
    bool was_taken = item && item->status == HANDOFF_TAKEN;
    if (item)
        line_leave(desk, item);
    else
        item = item_add(desk, c->id, handoff->id);
    TEXT_SET(item->shop, c->shop);
    take_over(desk, item, handoff);
    line_join(desk, item);
    TEXT_SET(item->channel, c->channel);
    if (!item->locale[0])
        TEXT_SET(item->locale, c->locale);
    if (handoff->status == HANDOFF_TAKEN && !was_taken) {
        desk->claims[desk->claim_count++ % CLAIMS] = desk_clock(desk);
        item->since_ms = desk_clock(desk);
        item->outside = false;
    }
}

void queue_happened(struct desk *desk, const struct change *change) {
    const struct conversation *c = change->conversation;
    int64_t before = desk->change;
    struct seat *seat;
    for (int i = 0; i < change->handoff_count; i++)
        handoff_happened(desk, c, &change->handoffs[i]);
    struct item *item = desk_item(desk, c->id);
    for (int i = 0; item && i < change->turn_count; i++)
        take_turn(item, &change->turns[i]);
    if (item && (change->handoff_count || change->turn_count))
        item_changed(desk, item);
    if (desk->change == before)
        return;
    DL_FOREACH(desk->seats, seat) {
        if (!seat->behind)
            seat->behind = queue_tell(desk, seat);
    }
}

/* Telling. */

bool queue_known(const struct desk *desk, const char *epoch, int64_t seq) {
    int64_t forgotten = desk->gone_count > GONE_MAX ? desk->gone[desk->gone_count % GONE_MAX].change : 0;
    return text_is(epoch, desk->epoch) && seq >= forgotten && seq <= desk->change && seq > 0;
}

static void write_item(struct json_out *out, const struct item *item) {
    const struct desk_item row = {.handoff = item->handoff,
                                  .conversation = item->conversation,
                                  .shop = item->shop,
                                  .channel = item->channel,
                                  .locale = item->locale,
                                  .queue = item->queue,
                                  .reason = item->reason,
                                  .order = item->order,
                                  .contact = item->contact,
                                  .agent = item->agent,
                                  .status = item->status,
                                  .opened_ms = item->opened_ms,
                                  .changed_ms = item->changed_ms,
                                  .turn = item->turn,
                                  .said = item->said,
                                  .said_ms = item->said_ms,
                                  .words = item->words,
                                  .delivery = item->delivery,
                                  .trouble = item->trouble};
    desk_write_item(out, NULL, &row);
}

/* The first item behind the number: from the end, for a seat is seldom far behind. */
static struct item *item_after(const struct desk *desk, int64_t number) {
    struct item *item = desk->by_change ? desk->by_change->prev : NULL, *first = NULL;
    for (; item && item->change > number; item = item == desk->by_change ? NULL : item->prev)
        first = item;
    return first;
}

bool queue_tell(struct desk *desk, struct seat *seat) {
    struct json_out out = {.buffer = &desk->out};
    int64_t from = seat->heard, to = desk->change;
    int64_t oldest = desk->gone_count > GONE_MAX ? desk->gone_count - GONE_MAX : 0;
    struct item *item = item_after(desk, from);
    buffer_reset(&desk->out);
    json_open(&out, NULL, '{');
    json_text(&out, "type", "changes");
    json_open(&out, "items", '[');
    for (int count = 0; item; item = item->next) {
        if (!desk_sees(seat, item->shop))
            continue;
        if (count++ == PORTION_ITEMS) {
            to = item->change - 1;
            break;
        }
        write_item(&out, item);
    }
    json_close(&out, ']');
    json_open(&out, "gone", '[');
    for (int64_t i = desk->gone_count - 1; i >= oldest && from; i--) {
        const struct gone *gone = &desk->gone[i % GONE_MAX];
        if (gone->change <= from)
            break;
        if (gone->change <= to && desk_sees(seat, gone->shop))
            json_text(&out, NULL, gone->handoff);
    }
    json_close(&out, ']');
    json_number(&out, "seq", to);
    json_flag(&out, "more", to < desk->change);
    json_close(&out, '}');
    seat->heard = to;
    seat_send(desk, seat);
    return to < desk->change;
}

/* Places. */

/* How long a place takes: the time between the last claims, while they are fresh. */
static int64_t pace_ms(const struct desk *desk) {
    int64_t now = desk_clock(desk), first = 0, last = 0;
    int count = 0;
    for (int64_t i = desk->claim_count - 1; i >= 0 && i > desk->claim_count - 1 - CLAIMS; i--) {
        int64_t at = desk->claims[i % CLAIMS];
        if (now - at > CLAIMS_FRESH_MS)
            break;
        last = last ? last : at;
        first = at;
        count++;
    }
    return count < CLAIMS_LEAST ? 0 : (last - first) / (count - 1);
}

static void place_at(const struct desk *desk, int position, struct place *out) {
    *out = (struct place){position, (int)((position * pace_ms(desk) + 999) / 1000)};
}

void desk_place(const struct desk *desk, const char *shop, const char *conversation, struct place *out) {
    if (desk->line_count == 0) {
        place_at(desk, 1, out);
        return;
    }
    const struct item *own = desk_item(desk, conversation);
    bool waits = own && own->status == HANDOFF_WAITING;
    int ahead = line_before(desk, shop, waits ? own->opened_ms : INT64_MAX, waits ? own->handoff : "");
    place_at(desk, ahead - line_before(desk, shop, INT64_MIN, "") + 1, out);
}

static bool people_there(const struct desk *desk, const char *id) {
    const struct shop *shop = shop_find(desk->options.shops, desk->options.shop_count, id);
    return !shop || shop_open(shop, desk->world.now_ms(desk->world.context));
}

/* Those whose place is another than they were told are told; out of hours there is none. */
static void tell_places(struct desk *desk) {
    int position = 0, count = desk->line_count;
    bool there = true;
    struct item **waiting = ARENA_ARRAY(&desk->arena, struct item *, (size_t)count + 1);
    if (count)
        memcpy(waiting, desk->line, sizeof *waiting * (size_t)count);
    for (int i = 0; i < count; i++) {
        struct place place;
        bool same = i && text_is(waiting[i]->shop, waiting[i - 1]->shop);
        position = same ? position + 1 : 1;
        there = same ? there : people_there(desk, waiting[i]->shop);
        int told = there ? position : 0;
        if (waiting[i]->position == told)
            continue;
        waiting[i]->position = told;
        place_at(desk, position, &place);
        desk->world.place(desk->world.context, waiting[i]->conversation, &place);
    }
}

/* What the desk does itself. */

static void do_it(struct desk *desk, const struct item *item, const char *verb, const char *agent) {
    const struct request request = {.conversation = item->conversation,
                                    .handoff = item->handoff,
                                    .verb = verb,
                                    .agent = agent,
                                    .text = "",
                                    .at_ms = desk->world.now_ms(desk->world.context)};
    desk_ask(desk, NULL, NULL, &request);
}

/* Taken by somebody whose connection is lost for too long. True: it goes back. */
static bool left_behind(struct desk *desk, struct item *item) {
    struct presence *presence;
    struct staff staff;
    struct error err;
    int64_t since = item->since_ms;
    HASH_FIND_STR(desk->presences, item->agent, presence);
    if (item->outside || !desk->options.lost_ms || (presence && presence->seats > 0))
        return false;
    if (presence && presence->left_ms > since)
        since = presence->left_ms;
    if (desk_clock(desk) - since < desk->options.lost_ms)
        return false;
    /* Staff commands and other systems have no connection that could be lost. */
    item->outside = store_staff(desk->store, item->agent, &desk->arena, &staff, &err) != FOUND;
    item->since_ms = desk_clock(desk); /* if it cannot be done now, not at every tick */
    return !item->outside;
}

/* Was the customer told already that nobody has come, before a restart? */
static bool told_already(struct desk *desk, const struct item *item) {
    struct act *acts = NULL;
    struct error err;
    int count = 0;
    bool told = store_acts(desk->store, item->conversation, &desk->arena, &acts, &count, &err) == FAILED;
    for (int i = 0; i < count; i++)
        told |= text_is(acts[i].verb, "nobody") && text_is(acts[i].handoff, item->handoff);
    return told;
}

static bool waits_too_long(struct desk *desk, struct item *item) {
    const struct shop *shop = shop_find(desk->options.shops, desk->options.shop_count, item->shop);
    int64_t now = desk->world.now_ms(desk->world.context);
    if (item->asked || !shop || !shop->answer_within || item->contact[0] ||
        now - item->opened_ms < shop->answer_within * (int64_t)1000)
        return false;
    item->asked = true;
    return !told_already(desk, item);
}

/* What the store has of those that are open, at once: what has become of hand-offs to a shop's own system. */
static bool look_at(struct desk *desk, enum handoff_status status) {
    struct handoff_row *rows = NULL;
    struct error err;
    int count = 0;
    if (store_handoffs(desk->store, NULL, (int)status, &desk->arena, &rows, &count, &err) == FAILED) {
        log_line(LOG_ERROR, "desk", "hand-offs: %s", err.text);
        return false;
    }
    for (int i = 0; i < count; i++) {
        struct item *item = desk_item(desk, rows[i].conversation);
        if (!item)
            continue;
        item->seen = desk->look;
        if (text_is(item->delivery, rows[i].delivery) && text_is(item->trouble, rows[i].trouble))
            continue;
        TEXT_SET(item->delivery, rows[i].delivery);
        TEXT_SET(item->trouble, rows[i].trouble);
        item_changed(desk, item);
    }
    return true;
}

/* Who is not there, twice, has been erased by another process: once may be a look from before it was stored.
 */
void desk_look(struct desk *desk) {
    struct item *item, *next;
    struct seat *seat;
    int64_t before_change = desk->change;
    if (desk_clock(desk) - desk->looked_ms < LOOK_MS)
        return;
    arena_reset(&desk->arena);
    desk->looked_ms = desk_clock(desk);
    desk->look++;
    bool whole = look_at(desk, HANDOFF_WAITING) && look_at(desk, HANDOFF_TAKEN);
    HASH_ITER(hh, desk->items, item, next) {
        if (whole && !desk->options.forgets && item->seen < desk->look - 1)
            item_remove(desk, item);
    }
    DL_FOREACH(desk->seats, seat) {
        if (!seat->behind && desk->change != before_change)
            seat->behind = queue_tell(desk, seat);
    }
}

void queue_tick(struct desk *desk) {
    struct item *item, *next;
    HASH_ITER(hh, desk->items, item, next) {
        if (item->status == HANDOFF_TAKEN && left_behind(desk, item))
            do_it(desk, item, "lost", arena_string(&desk->arena, item->agent));
        else if (item->status == HANDOFF_WAITING && waits_too_long(desk, item))
            do_it(desk, item, "nobody", "");
    }
    if (desk_clock(desk) - desk->placed_ms < PLACES_MS)
        return;
    desk->placed_ms = desk_clock(desk);
    tell_places(desk);
}

/* At the start. */

static bool load(struct desk *desk, enum handoff_status status, struct error *err) {
    struct handoff_row *rows = NULL;
    int count = 0;
    if (store_handoffs(desk->store, NULL, (int)status, &desk->arena, &rows, &count, err) == FAILED)
        return false;
    for (int i = 0; i < count; i++) {
        struct conversation c = {0};
        struct turn *turns = NULL;
        int turn_count = 0;
        if (store_conversation(desk->store, rows[i].conversation, &desk->arena, &c, err) == FAILED ||
            (c.id && store_turns(desk->store, c.id, c.seq - LATELY, &desk->arena, &turns, &turn_count, err) ==
                         FAILED))
            return false;
        if (!c.id || desk_item(desk, c.id))
            continue; /* past its time of keeping */
        struct item *item = item_add(desk, c.id, rows[i].handoff.id);
        TEXT_SET(item->shop, rows[i].shop);
        take_over(desk, item, &rows[i].handoff);
        line_join(desk, item);
        TEXT_SET(item->channel, c.channel);
        TEXT_SET(item->delivery, rows[i].delivery);
        TEXT_SET(item->trouble, rows[i].trouble);
        for (int k = 0; k < turn_count; k++)
            take_turn(item, &turns[k]);
        item_changed(desk, item);
    }
    return true;
}

bool queue_load(struct desk *desk, struct error *err) {
    return load(desk, HANDOFF_TAKEN, err) && load(desk, HANDOFF_WAITING, err);
}
