/* POST /v1/turn: one turn of a call for platforms that ask over HTTP (docs/phone-turn.md). */
#include "bot/server/turn.h"
#include "base/memory.h"
#include "base/text.h"
#include "bot/channels/ssml.h"
#include "bot/channels/turn.h"
#include "bot/server/caller.h"
#include "bot/server/routes.h"
#include <stdlib.h>
#include <string.h>
#define uthash_fatal(message) memory_exhausted()
#include <uthash.h>

enum { IDLE_MS = 15 * 60 * 1000, SESSIONS_MAX = 20000, KEY_MAX = 160, SAY_MAX = 16 * 1024 };

/* A call. It goes on listening between requests, so that it is one conversation however long the caller
 * thinks.
 */
struct turn_call {
    struct ear ear; /* first */
    struct turns *turns;
    char key[KEY_MAX]; /* the shop that was named, the session */
    char session[TURN_SESSION_MAX + 1], shop[40], tag[16], channel[16], caller[24];
    struct http_request *asking; /* the one that waits, NULL none */
    struct buffer say;           /* of the answer that is on its way */
    bool firm, over, marked;
    int64_t used_ms;
    UT_hash_handle hh;
};

struct turns {
    struct loop *loop;
    struct turn_call *rows;
};

struct turns *turns_new(struct loop *loop) {
    struct turns *turns = calloc(1, sizeof *turns);
    if (!turns)
        memory_exhausted();
    turns->loop = loop;
    return turns;
}

static void turn_free(struct turn_call *turn) {
    HASH_DEL(turn->turns->rows, turn);
    buffer_clear(&turn->say);
    free(turn);
}

void turns_free(struct turns *turns) {
    struct turn_call *turn, *next;
    if (!turns)
        return;
    HASH_ITER(hh, turns->rows, turn, next) {
        turn_free(turn);
    }
    free(turns);
}

static void turn_end(struct turn_call *turn) {
    hub_leave(turn->turns->loop->hub, &turn->ear.listener);
    turn_free(turn);
}

void turns_sweep(struct turns *turns) {
    struct turn_call *turn, *next;
    int64_t now = (int64_t)uv_now(&turns->loop->uv);
    HASH_ITER(hh, turns->rows, turn, next) {
        if (!turn->asking && (turn->over || now - turn->used_ms > IDLE_MS))
            turn_end(turn);
    }
}

/* Out. */

static void reply(struct turn_call *turn, struct http_reply *answer) {
    struct http_request *request = turn->asking;
    turn->asking = NULL;
    http_reply_header(answer, "cache-control", "no-store");
    http_reply_later(request, answer);
    buffer_reset(&turn->say);
    turn->firm = false;
}

static void reply_closing(struct turn_call *turn, const struct delivery *closing) {
    const struct shop *shop = caller_shop(turn->turns->loop, turn->shop);
    const struct transfer *row =
        closing->kind == DELIVERY_TRANSFER ? shop_transfer(shop, closing->queue) : NULL;
    struct http_reply answer = {.type = "application/json"};
    struct buffer *out = &turn->turns->loop->out;
    buffer_reset(out);
    turn_write(out, turn->session, turn->say.bytes, turn->marked, turn->tag, turn->firm, closing, row);
    answer.body = out->bytes;
    answer.len = out->len;
    reply(turn, &answer);
}

static void reply_fault(struct turn_call *turn, const struct fault *fault) {
    static const unsigned statuses[FAULT_COUNT] = {
        [FAULT_UNKNOWN_SHOP] = 400, [FAULT_SLOW_DOWN] = 429, [FAULT_BUSY] = 503, [FAULT_NOT_STORED] = 503};
    struct http_reply answer = {0};
    unsigned status = fault && statuses[fault->code] ? statuses[fault->code] : 500;
    http_reply_problem(turn->asking, &answer, status,
                       fault ? fault_name(fault->code) : "the conversation cannot go on");
    if (status == 429 || status == 503)
        http_reply_header(&answer, "retry-after", "1");
    reply(turn, &answer);
}

static void speak(struct turn_call *turn, const struct delivery *delivery) {
    const struct shop *shop = caller_shop(turn->turns->loop, turn->shop);
    if (turn->say.len)
        buffer_string(&turn->say, " ");
    buffer_string(&turn->say, ssml_words(delivery->text, false, &turn->asking->arena));
    turn->firm |= delivery->firm;
    if (!text_empty(delivery->locale))
        TEXT_SET(turn->tag, spoken_tag(delivery->locale, shop->country, &turn->asking->arena));
}

/* What is said when nobody asks (a colleague's words, an answer that came too late) is not kept: HTTP brings
 * nothing of itself. */
static void deliver(struct ear *ear, const struct delivery *delivery) {
    struct turn_call *turn = (struct turn_call *)ear;
    switch (delivery->kind) {
    case DELIVERY_WELCOME:
        TEXT_SET(turn->shop, delivery->shop);
        break;
    case DELIVERY_TURN:
        if (turn->asking && !text_is(delivery->from, "customer"))
            speak(turn, delivery);
        break;
    case DELIVERY_END:
        turn->over = true;
        /* fall through */
    case DELIVERY_LISTEN:
    case DELIVERY_TRANSFER:
        if (turn->asking && delivery->kind == DELIVERY_END && delivery->fault)
            reply_fault(turn, delivery->fault);
        else if (turn->asking)
            reply_closing(turn, delivery);
        break;
    case DELIVERY_FAULT:
        if (turn->asking)
            reply_fault(turn, delivery->fault);
        break;
    case DELIVERY_TYPING:
    case DELIVERY_HANDLING:
        break;
    }
}

/* In. */

static void left(struct http_request *request) {
    ((struct turn_call *)request->context)->asking = NULL;
}

static struct turn_call *turn_new(struct turns *turns, const struct turn_request *asked, const char *key) {
    struct turn_call *turn = calloc(1, sizeof *turn);
    if (!turn)
        memory_exhausted();
    turn->turns = turns;
    TEXT_SET(turn->key, key);
    TEXT_SET(turn->session, asked->session);
    TEXT_SET(turn->channel, asked->channel);
    TEXT_SET(turn->caller, asked->hello.caller);
    buffer_init(&turn->say, SAY_MAX);
    turn->ear = (struct ear){.listener = {.channel = turn->channel,
                                          .voice = VOICE_SPOKEN,
                                          .address = turn->caller[0] ? turn->caller : turn->key},
                             .deliver = deliver};
    HASH_ADD_STR(turns->rows, key, turn);
    return turn;
}

/* Gives the first words of a call that is not known. */
static void begin(struct turn_call *turn, struct turn_request *asked, struct arena *arena) {
    const struct shop *shop = caller_settle(turn->turns->loop, &asked->hello, asked->called);
    TEXT_SET(turn->shop, shop->id);
    turn->marked = asked->ssml ? text_is(asked->ssml, SSML_SAY_AS) : shop->ssml;
    TEXT_SET(turn->tag,
             spoken_tag(asked->hello.locale ? asked->hello.locale : shop->locale, shop->country, arena));
    hub_hear(turn->turns->loop->hub, &turn->ear.listener, &asked->hello);
}

static bool key_shown(struct http_request *request) {
    const char *shown = http_header(request, "authorization");
    return shown && strncmp(shown, "Bearer ", 7) == 0 &&
           caller_secret(request->loop->voice.turn_key, shown + 7);
}

enum http_when turn_post(struct http_request *request, struct http_reply *answer) {
    struct turns *turns = request->loop->turns;
    struct turn_request asked;
    struct turn_call *turn;
    const char *fault;
    if (!key_shown(request)) {
        http_reply_header(answer, "www-authenticate", "Bearer realm=\"wismo\"");
        return http_reply_problem(request, answer, 401,
                                  "expected Authorization: Bearer and turn_key of wismo.conf");
    }
    if (!turn_read(&asked, request->body, request->body_len, &request->arena, &fault))
        return http_reply_problem(request, answer, 400, fault);
    const char *key = asked.hello.call;
    HASH_FIND_STR(turns->rows, key, turn);
    if (turn && turn->asking)
        return http_reply_problem(request, answer, 409, "another turn of this session is being answered");
    if (turn && (turn->over || !hub_conversation(&turn->ear.listener))) { /* its hello was refused */
        turn_end(turn);
        turn = NULL;
    }
    if (!turn && HASH_COUNT(turns->rows) >= SESSIONS_MAX)
        return http_reply_problem(request, answer, 503, "too many sessions");
    bool fresh = !turn;
    if (fresh)
        turn = turn_new(turns, &asked, key);
    turn->used_ms = (int64_t)uv_now(&request->loop->uv);
    turn->asking = request;
    request->context = turn;
    request->left = left;
    if (fresh)
        begin(turn, &asked, &request->arena);
    if (!asked.greeting)
        hub_hear(request->loop->hub, &turn->ear.listener, &asked.message);
    else if (!fresh)
        reply_closing(turn,
                      &(struct delivery){.kind = DELIVERY_LISTEN, .expects = "open", .timeout_ms = 8000});
    return HTTP_LATER;
}
