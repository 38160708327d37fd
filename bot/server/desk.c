/* /desk/live: wismo.desk.v1 (docs/desk.md), and the desk that the loop has. */
#include "db/desk.h"
#include "base/clock.h"
#include "base/key.h"
#include "base/log.h"
#include "base/text.h"
#include "bot/server/aside.h"
#include "bot/server/crossing.h"
#include "bot/server/endpoints.h"
#include "bot/server/loops.h"
#include "bot/server/metrics.h"
#include "bot/server/signin.h"
#include <string.h>
#include <utlist.h>

enum { FOUND_MOST = 30, TEXT_SHOWN = 300 };

/* A socket's own. */
struct chair {
    struct seat seat; /* first: the desk's deliveries find the chair through it */
    struct socket *socket;
    char session[HASH_HEX_SIZE];
    struct chair *prev, *next;
};

/* The desk's world, and the hub's. */

static int64_t now_ms(void *context) {
    return loop_now_ms(context);
}

/* The loop's own; where others look as well, one as coarse that any thread may read. */
static int64_t queue_ms(void *context) {
    const struct loop *loop = context;
    if (loop->loops->count == 1)
        return (int64_t)uv_now(&loop->uv) + 1;
    return clock_ms(CLOCK_MONOTONIC_COARSE) + 1;
}

static void send_to(void *context, struct seat *seat, const char *frame, size_t len) {
    (void)context;
    socket_send(((struct chair *)seat)->socket, frame, len);
}

void desk_told(struct loop *first, const struct change *change) {
    pthread_mutex_t *lock = change->handoff_count ? &first->loops->desk : NULL;
    if (!first->desk)
        return;
    if (lock)
        pthread_mutex_lock(lock);
    desk_happened(first->desk, change);
    if (lock)
        pthread_mutex_unlock(lock);
}

static void happened(void *context, const struct change *change, int64_t took_us) {
    struct loop *loop = context;
    metrics_stored(loop->metrics, &loop->brain, change, took_us);
    if (loop->number == 0)
        desk_told(loop, change);
    else
        crossing_happened(loop, change);
}

static void typing(void *context, const char *conversation) {
    struct loop *loop = context;
    if (loop->number > 0)
        crossing_typed(loop, conversation);
    else if (loop->desk)
        desk_typing(loop->desk, conversation);
}

static void acted(void *context, void *ticket, const char *code, const char *why) {
    struct loop *loop = context;
    if (loop->number > 0)
        crossing_acted(loop, ticket, code, why);
    else
        desk_acted(loop->desk, ticket, code, why);
}

static void place(void *context, const char *shop, const char *conversation, struct place *out) {
    const struct loop *loop = context;
    struct loops *loops = loop->loops;
    if (loop->number == 0) {
        if (loop->desk)
            desk_place(loop->desk, shop, conversation, out);
        return;
    }
    pthread_mutex_lock(&loops->desk);
    desk_place(loops->list[0]->desk, shop, conversation, out);
    pthread_mutex_unlock(&loops->desk);
}

void desk_world(struct world *world) {
    world->happened = happened;
    world->typing = typing;
    world->acted = acted;
    world->place = place;
}

bool desk_open(struct loop *loop, struct error *err) {
    const struct desk_world world = {loop,         now_ms,          queue_ms,      send_to,
                                     crossing_act, crossing_typing, crossing_place};
    const struct desk_options options = {.shops = loop->brain.shops,
                                         .shop_count = loop->brain.shop_count,
                                         .forgets = loop->options->memory_only,
                                         .lost_ms = loop->options->agent_lost_s * (int64_t)1000};
    loop->desk = desk_new(&world, &options, loop->stored.store, err);
    return loop->desk != NULL;
}

void desk_due(struct loop *loop) {
    struct chair *chair;
    pthread_mutex_lock(&loop->loops->desk);
    desk_look(loop->desk);
    pthread_mutex_unlock(&loop->loops->desk);
    desk_tick(loop->desk);
    arena_reset(&loop->arena);
    DL_FOREACH(loop->chairs, chair) {
        if (!signin_again(loop, chair->session))
            socket_end(chair->socket, 1008); /* signed out, or it is over */
    }
}

/* The socket. */

static bool admit(struct http_request *request, struct http_reply *reply) {
    struct staff staff;
    char hash[HASH_HEX_SIZE];
    if (!signin_own_page(request))
        http_reply_plain(reply, 403, "This page is not the desk's.\n");
    else if (!signin_who(request, &staff, hash))
        http_reply_plain(reply, 401, "Sign in at /desk.\n");
    else
        return true;
    return false;
}

static void opened(struct socket *socket, struct http_request *request) {
    struct chair *chair = socket->own;
    struct staff staff;
    chair->socket = socket;
    DL_APPEND(socket->loop->chairs, chair);
    socket->loop->loops->desk_watched = true;
    if (!signin_who(request, &staff, chair->session)) {
        socket_end(socket, 1008);
        return;
    }
    TEXT_SET(chair->seat.name, staff.name);
    TEXT_SET(chair->seat.shop, staff.shop);
    chair->seat.role = staff.role;
}

static bool known(const struct socket *socket) {
    return ((const struct chair *)socket->own)->seat.desk != NULL;
}

static bool more(struct socket *socket) {
    return desk_more(socket->loop->desk, &((struct chair *)socket->own)->seat);
}

static void closed(struct socket *socket) {
    struct chair *chair = socket->own;
    DL_DELETE(socket->loop->chairs, chair);
    socket->loop->loops->desk_watched = socket->loop->chairs != NULL;
    aside_forget(socket->loop, socket);
    desk_leave(socket->loop->desk, &chair->seat);
}

static void tell(struct socket *socket, const struct buffer *out) {
    socket_send(socket, out->bytes, out->len);
}

static void tell_error(struct socket *socket, const char *id, const char *code, const char *why) {
    struct buffer *out = &socket->loop->out;
    buffer_reset(out);
    desk_write_error(out, id, code, why);
    tell(socket, out);
}

/* Searching: another thread reads. */

struct searching {
    struct aside aside;
    const char *id;
    struct search search;
    struct search_row *rows;
    int count;
};

static bool search(struct aside *aside, struct store *store, struct error *err) {
    struct searching *searching = (struct searching *)aside;
    if (store_search(store, &searching->search, &aside->arena, &searching->rows, &searching->count, err) ==
        FAILED)
        return false;
    for (int i = 0; i < searching->count; i++) {
        struct search_row *row = &searching->rows[i];
        row->order = store_order_number(store, row->shop, row->order, &aside->arena);
    }
    return true;
}

static void write_found(struct json_out *out, const struct search_row *row) {
    char text[TEXT_SHOWN];
    TEXT_SET(text, row->text);
    json_open(out, NULL, '{');
    json_text(out, "conversation", row->conversation);
    json_text(out, "shop", row->shop);
    json_text(out, "channel", row->channel);
    json_text(out, "locale", row->locale);
    json_text(out, "handling", row->handling);
    json_maybe(out, "handoff", row->handoff);
    json_maybe(out, "order", row->order);
    json_maybe(out, "queue", row->queue);
    json_maybe(out, "reason", row->reason);
    json_maybe(out, "agent", row->agent);
    json_maybe(out, "text", text);
    json_number(out, "started", row->started_ms);
    json_number(out, "updated", row->updated_ms);
    json_close(out, '}');
}

static void searched(struct aside *aside) {
    struct searching *searching = (struct searching *)aside;
    struct socket *socket = aside->context;
    if (!aside->good)
        log_line(LOG_ERROR, "server", "search: %s", aside->err.text);
    if (!socket)
        return;
    if (!aside->good) {
        tell_error(socket, searching->id, "failed", "The search failed; try again.");
        return;
    }
    struct json_out out = {.buffer = &aside->loop->out};
    buffer_reset(out.buffer);
    json_open(&out, NULL, '{');
    json_text(&out, "type", "found");
    json_text(&out, "re", searching->id);
    json_open(&out, "rows", '[');
    for (int i = 0; i < searching->count; i++)
        write_found(&out, &searching->rows[i]);
    json_close(&out, ']');
    json_flag(&out, "all", searching->count < FOUND_MOST);
    json_close(&out, '}');
    tell(socket, out.buffer);
}

static void search_start(struct socket *socket, const struct desk_message *message) {
    const struct chair *chair = socket->own;
    struct searching *searching = aside_new(socket->loop, sizeof *searching);
    char key[KEY_SIZE];
    if (!searching) {
        tell_error(socket, message->id, "busy", "Too much to do just now; try again.");
        return;
    }
    struct arena *arena = &searching->aside.arena;
    searching->id = arena_string(arena, message->id);
    searching->search =
        (struct search){.shop = arena_string(arena, chair->seat.shop),
                        .words = arena_string(arena, message->text),
                        .order = key_number(key, message->text) ? arena_string(arena, key) : "",
                        .all = chair->seat.role == STAFF_MANAGER,
                        .most = FOUND_MOST};
    searching->aside.mode = STORE_READ;
    searching->aside.run = search;
    searching->aside.done = searched;
    searching->aside.context = socket;
    aside_start(&searching->aside, 0);
}

/* Answers that lie ready. */

struct keeping {
    struct aside aside;
    const char *id, *agent;
    struct canned canned;
};

static bool keep(struct aside *aside, struct store *store, struct error *err) {
    const struct keeping *keeping = (const struct keeping *)aside;
    const struct act act = {
        .agent = keeping->agent,
        .shop = keeping->canned.shop,
        .verb = text_empty(keeping->canned.text) ? "canned_gone" : "canned",
        .text = arena_format(&aside->arena, "%s %s", keeping->canned.locale, keeping->canned.name),
        .at_ms = loop_now_ms(aside->loop)};
    return store_canned_put(store, &keeping->canned, err) && store_act(store, &act, err);
}

static void kept(struct aside *aside) {
    const struct keeping *keeping = (const struct keeping *)aside;
    struct buffer *out = &aside->loop->out;
    struct socket *socket = aside->context;
    if (!aside->good)
        log_line(LOG_ERROR, "server", "answers that lie ready: %s", aside->err.text);
    else if (aside->loop->desk)
        desk_tell_canned(aside->loop->desk);
    if (!socket)
        return;
    buffer_reset(out);
    if (aside->good)
        desk_write_done(out, keeping->id);
    else
        desk_write_error(out, keeping->id, "failed", "It could not be stored; try again.");
    tell(socket, out);
}

static void keep_start(struct socket *socket, const struct desk_message *message) {
    const struct chair *chair = socket->own;
    struct keeping *keeping =
        chair->seat.role == STAFF_MANAGER ? aside_new(socket->loop, sizeof *keeping) : NULL;
    if (!keeping) {
        bool manager = chair->seat.role == STAFF_MANAGER;
        tell_error(socket, message->id, manager ? "busy" : "forbidden",
                   manager ? "Too much to do just now; try again." : "Only a manager may do that.");
        return;
    }
    struct arena *arena = &keeping->aside.arena;
    keeping->id = arena_string(arena, message->id);
    keeping->agent = arena_string(arena, chair->seat.name);
    keeping->canned = (struct canned){.shop = arena_string(arena, chair->seat.shop),
                                      .name = arena_string(arena, message->name),
                                      .locale = arena_string(arena, message->locale),
                                      .text = arena_string(arena, message->text)};
    keeping->aside.mode = STORE_WRITE;
    keeping->aside.run = keep;
    keeping->aside.done = kept;
    keeping->aside.context = socket;
    aside_start(&keeping->aside, 0);
}

static void heard(struct socket *socket, const char *frame, size_t len) {
    struct loop *loop = socket->loop;
    struct chair *chair = socket->own;
    struct desk_message message;
    struct fault fault;
    arena_reset(&loop->arena);
    if (!desk_read(frame, len, &loop->arena, &message, &fault)) {
        buffer_reset(&loop->out);
        desk_write_fault(&loop->out, &fault);
        tell(socket, &loop->out);
    } else if (chair->seat.desk && message.kind == DESK_SEARCH)
        search_start(socket, &message);
    else if (chair->seat.desk && message.kind == DESK_CANNED)
        keep_start(socket, &message);
    else
        desk_hear(loop->desk, &chair->seat, &message);
}

const struct endpoint desk_endpoint = {.path = "/desk/live",
                                       .protocol = DESK_PROTOCOL,
                                       .frame_max = DESK_FRAME_MAX,
                                       .own_size = sizeof(struct chair),
                                       .admit = admit,
                                       .opened = opened,
                                       .heard = heard,
                                       .known = known,
                                       .more = more,
                                       .closed = closed};
