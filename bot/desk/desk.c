#include "db/desk.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "bot/desk/room.h"
#include <string.h>

enum { TYPED_MS = 2000 };

int64_t desk_clock(const struct desk *desk) {
    return desk->world.clock_ms(desk->world.context);
}

struct item *desk_item(const struct desk *desk, const char *conversation) {
    struct item *item;
    HASH_FIND_STR(desk->items, conversation, item);
    return item;
}

bool desk_sees(const struct seat *seat, const char *shop) {
    return !seat->shop[0] || text_is(seat->shop, shop);
}

/* Telling. */

void seat_send(struct desk *desk, struct seat *seat) {
    if (desk->out.full)
        log_line(LOG_ERROR, "desk", "a frame of more than %zu bytes was not sent", desk->out.max);
    else
        desk->world.send(desk->world.context, seat, desk->out.bytes, desk->out.len);
}

static void seat_error(struct desk *desk, struct seat *seat, const char *id, const char *code,
                       const char *why) {
    buffer_reset(&desk->out);
    desk_write_error(&desk->out, id, code, why);
    seat_send(desk, seat);
}

static void seat_done(struct desk *desk, struct seat *seat, const char *id) {
    buffer_reset(&desk->out);
    desk_write_done(&desk->out, id);
    seat_send(desk, seat);
}

/* Who is there, and what they look at. */
static void tell_presence(struct desk *desk) {
    struct json_out out = {.buffer = &desk->out};
    struct seat *seat;
    buffer_reset(&desk->out);
    json_open(&out, NULL, '{');
    json_text(&out, "type", "presence");
    json_open(&out, "agents", '[');
    DL_FOREACH(desk->seats, seat) {
        json_open(&out, NULL, '{');
        json_text(&out, "name", seat->name);
        json_text(&out, "role", staff_role_name(seat->role));
        if (seat->watching[0])
            json_text(&out, "watching", seat->watching);
        json_close(&out, '}');
    }
    json_close(&out, ']');
    json_close(&out, '}');
    DL_FOREACH(desk->seats, seat) {
        seat_send(desk, seat);
    }
}

static void write_canned(struct desk *desk, const struct seat *seat, struct json_out *out) {
    struct canned *canned = NULL;
    struct error err;
    int count = 0;
    if (store_canned(desk->store, seat->shop, &desk->arena, &canned, &count, &err) == FAILED)
        log_line(LOG_ERROR, "desk", "answers that lie ready: %s", err.text);
    json_open(out, "canned", '[');
    for (int i = 0; i < count; i++) {
        json_open(out, NULL, '{');
        json_text(out, "name", canned[i].name);
        json_text(out, "locale", canned[i].locale);
        json_text(out, "text", canned[i].text);
        json_close(out, '}');
    }
    json_close(out, ']');
}

static void tell_all(struct desk *desk, const char *type,
                     void (*write)(struct desk *desk, const struct seat *seat, struct json_out *out)) {
    struct seat *seat;
    DL_FOREACH(desk->seats, seat) {
        struct json_out out = {.buffer = &desk->out};
        arena_reset(&desk->arena);
        buffer_reset(&desk->out);
        json_open(&out, NULL, '{');
        json_text(&out, "type", type);
        write(desk, seat, &out);
        json_close(&out, '}');
        seat_send(desk, seat);
    }
}

void desk_tell_canned(struct desk *desk) {
    tell_all(desk, "canned", write_canned);
}

static void write_names(struct json_out *out, const char *key, const char *const *names) {
    json_open(out, key, '[');
    for (; *names; names++)
        json_text(out, NULL, *names);
    json_close(out, ']');
}

/* The queues of the product, by the shop's own names. */
static void write_shops(struct desk *desk, const struct seat *seat, struct json_out *out) {
    static const char *const queues[] = {"general",  "delivery", "claims",   "returns",    "orders",
                                         "payments", "products", "accounts", "complaints", NULL};
    json_open(out, "shops", '[');
    for (int i = 0; i < desk->options.shop_count; i++) {
        const struct shop *shop = &desk->options.shops[i];
        const char *names[sizeof queues / sizeof *queues];
        if (!desk_sees(seat, shop->id))
            continue;
        json_open(out, NULL, '{');
        json_text(out, "id", shop->id);
        json_text(out, "name", shop->name);
        for (size_t k = 0; k < sizeof queues / sizeof *queues; k++)
            names[k] = queues[k] ? shop_queue(shop, queues[k]) : NULL;
        write_names(out, "queues", names);
        json_text(out, "time_zone", zone_name(shop->zone));
        json_flag(out, "open", shop_open(shop, desk->world.now_ms(desk->world.context)));
        json_close(out, '}');
    }
    json_close(out, ']');
}

/* Those who may be given what the seat sees. */
static void write_staff(struct desk *desk, const struct seat *seat, struct json_out *out) {
    struct staff *staff = NULL;
    struct error err;
    int count = 0;
    if (store_staff_all(desk->store, &desk->arena, &staff, &count, &err) == FAILED)
        log_line(LOG_ERROR, "desk", "staff: %s", err.text);
    json_open(out, "staff", '[');
    for (int i = 0; i < count; i++)
        if (text_empty(staff[i].shop) || desk_sees(seat, staff[i].shop))
            json_text(out, NULL, staff[i].name);
    json_close(out, ']');
}

static void write_shops_and_staff(struct desk *desk, const struct seat *seat, struct json_out *out) {
    write_shops(desk, seat, out);
    write_staff(desk, seat, out);
}

static void welcome(struct desk *desk, struct seat *seat, bool resumed) {
    struct json_out out = {.buffer = &desk->out};
    buffer_reset(&desk->out);
    json_open(&out, NULL, '{');
    json_text(&out, "type", "welcome");
    json_text(&out, "agent", seat->name);
    json_text(&out, "role", staff_role_name(seat->role));
    json_text(&out, "epoch", desk->epoch);
    json_flag(&out, "resumed", resumed);
    json_number(&out, "now", desk->world.now_ms(desk->world.context));
    write_shops_and_staff(desk, seat, &out);
    write_names(&out, "reasons", desk_reasons);
    write_canned(desk, seat, &out);
    json_close(&out, '}');
    seat_send(desk, seat);
}

/* Presence. */

static struct presence *presence_of(struct desk *desk, const char *name) {
    struct presence *presence;
    HASH_FIND_STR(desk->presences, name, presence);
    if (presence)
        return presence;
    presence = calloc(1, sizeof *presence);
    if (!presence)
        memory_exhausted();
    TEXT_SET(presence->name, name);
    HASH_ADD_STR(desk->presences, name, presence);
    return presence;
}

static void hello(struct desk *desk, struct seat *seat, const struct desk_message *message) {
    if (seat->desk) {
        seat_error(desk, seat, NULL, "hello_again", "This connection has said hello already.");
        return;
    }
    bool resumed = queue_known(desk, message->epoch, message->seq);
    seat->desk = desk;
    seat->heard = resumed ? message->seq : 0;
    DL_APPEND(desk->seats, seat);
    presence_of(desk, seat->name)->seats++;
    welcome(desk, seat, resumed);
    tell_presence(desk);
    seat->behind = queue_tell(desk, seat);
}

void desk_leave(struct desk *desk, struct seat *seat) {
    struct asked *asked;
    if (!seat->desk)
        return;
    DL_FOREACH(desk->asked, asked) {
        if (asked->seat == seat)
            asked->seat = NULL;
    }
    DL_DELETE(desk->seats, seat);
    seat->desk = NULL;
    struct presence *presence = presence_of(desk, seat->name);
    presence->seats--;
    presence->left_ms = desk_clock(desk);
    tell_presence(desk);
}

bool desk_more(struct desk *desk, struct seat *seat) {
    if (seat->desk && seat->behind)
        seat->behind = queue_tell(desk, seat);
    return seat->desk && seat->behind;
}

/* Acting. */

void desk_ask(struct desk *desk, struct seat *seat, const char *id, const struct request *request) {
    struct asked *asked = calloc(1, sizeof *asked);
    if (!asked)
        memory_exhausted();
    asked->seat = seat;
    TEXT_SET(asked->id, id);
    DL_APPEND(desk->asked, asked);
    desk->world.act(desk->world.context, request, id, asked);
}

void desk_acted(struct desk *desk, void *ticket, const char *code, const char *why) {
    struct asked *asked = ticket;
    DL_DELETE(desk->asked, asked);
    if (asked->seat && code)
        seat_error(desk, asked->seat, asked->id, code, why);
    else if (asked->seat)
        seat_done(desk, asked->seat, asked->id);
    else if (code)
        log_line(LOG_DEBUG, "desk", "not done: %s", why);
    free(asked);
}

/* What a message asks the hub to do. */
static const struct {
    const char *verb;
    size_t text; /* of the request: a member of the message */
    bool manager;
} acts[] = {
    [DESK_CLAIM] = {"take", 0, false},
    [DESK_SAY] = {"say", offsetof(struct desk_message, text), false},
    [DESK_NOTE] = {"note", offsetof(struct desk_message, text), false},
    [DESK_TRANSFER] = {"transfer", offsetof(struct desk_message, queue), false},
    [DESK_RELEASE] = {"release", 0, false},
    [DESK_RETURN] = {"return", 0, false},
    [DESK_RESOLVE] = {"close", offsetof(struct desk_message, reason), false},
    [DESK_ASSIGN] = {"assign", 0, true},
};
enum { ACT_COUNT = sizeof acts / sizeof *acts };

static bool listed(const char *const *names, const char *name) {
    for (; *names; names++)
        if (text_is(*names, name))
            return true;
    return false;
}

/* May the seat do it at all? The hub decides whether it can be done now. */
static bool allowed(struct desk *desk, struct seat *seat, const struct desk_message *message) {
    const struct item *item = desk_item(desk, message->conversation);
    struct staff staff;
    struct error err;
    if (acts[message->kind].manager && seat->role != STAFF_MANAGER)
        seat_error(desk, seat, message->id, "forbidden", "Only a manager may do that.");
    else if (item ? !desk_sees(seat, item->shop)
                  : message->kind != DESK_NOTE || !text_is(seat->watching, message->conversation))
        seat_error(desk, seat, message->id, item ? "forbidden" : "not_open",
                   item ? "This conversation belongs to another shop."
                        : "This hand-off is not open any more.");
    else if (message->kind == DESK_RESOLVE && !listed(desk_reasons, message->reason))
        seat_error(desk, seat, message->id, "invalid", "Expected one of the reasons of the welcome.");
    else if (message->kind == DESK_ASSIGN &&
             (store_staff(desk->store, message->agent, &desk->arena, &staff, &err) != FOUND ||
              !(text_empty(staff.shop) || text_is(staff.shop, item->shop))))
        seat_error(desk, seat, message->id, "nobody", "Nobody of this name works for this shop.");
    else
        return true;
    return false;
}

static void act(struct desk *desk, struct seat *seat, const struct desk_message *message) {
    if (!allowed(desk, seat, message))
        return;
    bool given = message->kind == DESK_ASSIGN;
    const char *text = acts[message->kind].text
                           ? *(const char *const *)((const char *)message + acts[message->kind].text)
                           : "";
    const struct request request = {.conversation = message->conversation,
                                    .verb = acts[message->kind].verb,
                                    .agent = given ? message->agent : seat->name,
                                    .text = given ? seat->name : text,
                                    .at_ms = desk->world.now_ms(desk->world.context)};
    desk_ask(desk, seat, message->id, &request);
}

static void watch(struct desk *desk, struct seat *seat, const char *conversation) {
    if (text_is(seat->watching, conversation))
        return;
    TEXT_SET(seat->watching, conversation);
    tell_presence(desk);
}

/* To the customer, and to those who look on. */
static void type(struct desk *desk, struct seat *seat, const struct desk_message *message) {
    const struct item *item = desk_item(desk, message->conversation);
    int64_t now = desk_clock(desk);
    struct seat *other;
    if (!item || !text_is(item->agent, seat->name) || now - seat->typed_ms < TYPED_MS)
        return;
    seat->typed_ms = now;
    desk->world.typing(desk->world.context, item->conversation, seat->name);
    buffer_reset(&desk->out);
    desk_write_typing(&desk->out, item->conversation, "agent", seat->name);
    DL_FOREACH(desk->seats, other) {
        if (other != seat && text_is(other->watching, item->conversation))
            seat_send(desk, other);
    }
}

void desk_typing(struct desk *desk, const char *conversation) {
    struct seat *seat;
    buffer_reset(&desk->out);
    desk_write_typing(&desk->out, conversation, "customer", NULL);
    DL_FOREACH(desk->seats, seat) {
        if (text_is(seat->watching, conversation))
            seat_send(desk, seat);
    }
}

void desk_hear(struct desk *desk, struct seat *seat, const struct desk_message *message) {
    arena_reset(&desk->arena);
    if (message->kind != DESK_HELLO && !seat->desk)
        seat_error(desk, seat, message->id, "hello_first", "The first message of a connection is hello.");
    else if (message->kind == DESK_HELLO)
        hello(desk, seat, message);
    else if (message->kind == DESK_OPEN && view_open(desk, seat, message->id, message->conversation))
        watch(desk, seat, message->conversation);
    else if (message->kind == DESK_OPEN)
        seat_error(desk, seat, message->id, "unknown", "There is no such conversation for you to see.");
    else if (message->kind == DESK_LEAVE)
        watch(desk, seat, "");
    else if (message->kind == DESK_TYPING)
        type(desk, seat, message);
    else if (message->kind == DESK_PING)
        seat_done(desk, seat, message->id);
    else if ((int)message->kind < ACT_COUNT && acts[message->kind].verb)
        act(desk, seat, message);
}

void desk_happened(struct desk *desk, const struct change *change) {
    struct seat *seat;
    bool written = false;
    queue_happened(desk, change);
    if (!change->turn_count && !change->note_count && !change->act)
        return;
    DL_FOREACH(desk->seats, seat) {
        if (!text_is(seat->watching, change->conversation->id) ||
            (change->turn_count && change->conversation->seq <= seat->shown))
            continue; /* what was stored before it is told here may have been seen */
        if (!written) {
            buffer_reset(&desk->out);
            desk_write_news(&desk->out, change);
            written = true;
        }
        seat_send(desk, seat);
    }
}

void desk_tick(struct desk *desk) {
    struct seat *seat, *next;
    arena_reset(&desk->arena);
    queue_tick(desk);
    DL_FOREACH_SAFE(desk->seats, seat, next) {
        view_tick(desk, seat);
    }
}

/* The desk itself. */

struct desk *desk_new(const struct desk_world *world, const struct desk_options *options, struct store *store,
                      struct error *err) {
    struct desk *desk = calloc(1, sizeof *desk);
    if (!desk)
        memory_exhausted();
    desk->world = *world;
    desk->options = *options;
    desk->store = store;
    arena_init(&desk->arena);
    buffer_init(&desk->out, DESK_OUT_MAX);
    id_new(desk->epoch, world->now_ms(world->context));
    if (queue_load(desk, err))
        return desk;
    desk_free(desk);
    return NULL;
}

void desk_free(struct desk *desk) {
    struct item *item, *next_item;
    struct presence *presence, *next_presence;
    struct asked *asked, *next_asked;
    if (!desk)
        return;
    free(desk->line);
    HASH_ITER(hh, desk->items, item, next_item) {
        HASH_DEL(desk->items, item);
        free(item);
    }
    HASH_ITER(hh, desk->presences, presence, next_presence) {
        HASH_DEL(desk->presences, presence);
        free(presence);
    }
    DL_FOREACH_SAFE(desk->asked, asked, next_asked) {
        free(asked);
    }
    buffer_clear(&desk->out);
    arena_clear(&desk->arena);
    free(desk);
}

void desk_use(struct desk *desk, const struct shop *shops, int count) {
    desk->options.shops = shops;
    desk->options.shop_count = count;
    tell_all(desk, "shops", write_shops_and_staff);
}
