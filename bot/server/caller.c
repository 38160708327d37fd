#include "bot/server/caller.h"
#include "base/hash.h"
#include "base/text.h"
#include "bot/channels/ssml.h"
#include <string.h>
#include <utlist.h>

const struct shop *caller_shop(const struct loop *loop, const char *id) {
    const struct shop *shop = shop_find(loop->brain.shops, loop->brain.shop_count, id);
    return shop ? shop : loop->brain.shops;
}

const struct shop *caller_shop_of(const struct socket *socket) {
    return caller_shop(socket->loop, ((const struct caller *)socket->own)->shop);
}

const char *caller_line(struct socket *socket, enum line_says line, const char *locale, struct arena *arena) {
    const struct caller *caller = socket->own;
    return spoken_line(socket->loop->brain.book, line, caller_shop_of(socket),
                       text_empty(locale) ? caller->tag : locale, arena);
}

/* What is delivered. */

static void speak(struct socket *socket, const struct delivery *turn) {
    struct caller *caller = socket->own;
    struct arena *arena = &socket->loop->arena;
    if (!text_empty(turn->locale) && !spoken_same_language(turn->locale, caller->tag)) {
        TEXT_SET(caller->tag, spoken_tag(turn->locale, caller_shop_of(socket)->country, arena));
        caller->platform->language(socket, caller->tag);
    }
    caller->platform->say(socket, ssml_words(turn->text, caller->marked, arena), turn->firm);
}

void caller_listen_again(struct socket *socket) {
    enum { LISTEN_MS = 8000 }; /* when nothing else is known */
    const struct caller *caller = socket->own;
    caller->platform->listen(
        socket, &(struct delivery){.kind = DELIVERY_LISTEN, .expects = "open", .timeout_ms = LISTEN_MS});
}

static void fault(struct socket *socket, enum fault_code code) {
    const struct platform *platform = ((const struct caller *)socket->own)->platform;
    bool begun = hub_conversation(&socket->ear.listener) != NULL; /* else it was the hello */
    switch (code) {
    case FAULT_HELLO_FIRST:
    case FAULT_HELLO_AGAIN:
        break; /* what a platform does not do of itself is not answered */
    case FAULT_SLOW_DOWN:
        if (begun && !platform->owes)
            break;
        /* fall through */
    case FAULT_BUSY:
    case FAULT_NOT_STORED:
        if (begun) {
            platform->say(socket, caller_line(socket, LINE_AGAIN, NULL, &socket->loop->arena), false);
            caller_listen_again(socket);
            break;
        }
        /* fall through */
    default:
        platform->trouble(socket);
    }
}

static void deliver(struct ear *ear, const struct delivery *delivery) {
    struct socket *socket = (struct socket *)ear;
    struct caller *caller = socket->own;
    if (caller->over)
        return;
    switch (delivery->kind) {
    case DELIVERY_WELCOME:
        TEXT_SET(caller->shop, delivery->shop);
        break;
    case DELIVERY_TURN:
        if (text_is(delivery->from, "customer"))
            break;
        speak(socket, delivery);
        if (text_is(delivery->from, "agent"))
            caller_listen_again(socket); /* nothing closes what a person says */
        break;
    case DELIVERY_LISTEN:
        caller->platform->listen(socket, delivery);
        break;
    case DELIVERY_TRANSFER:
        caller->platform->transfer(socket, delivery);
        break;
    case DELIVERY_END:
        caller->platform->hang_up(socket);
        caller->over = true;
        break;
    case DELIVERY_FAULT:
        fault(socket, delivery->fault->code);
        break;
    case DELIVERY_TYPING:
    case DELIVERY_HANDLING:
        break;
    }
}

void caller_open(struct socket *socket, const struct platform *platform) {
    struct caller *caller = socket->own;
    caller->platform = platform;
    socket->ear = (struct ear){
        .listener = {.channel = "phone", .voice = VOICE_SPOKEN, .own_silence = platform->own_silence},
        .deliver = deliver};
}

/* The platform has opened another one for the call: nobody listens to the earlier any more. */
static void replace(struct socket *socket, const struct caller *caller) {
    struct socket *other;
    DL_FOREACH(socket->loop->sockets, other) {
        struct caller *earlier = other->own;
        if (other != socket && other->endpoint == socket->endpoint && text_is(earlier->id, caller->id)) {
            earlier->over = true;
            hub_leave(other->loop->hub, &other->ear.listener);
            socket_end(other, 1000);
        }
    }
}

/* What the call says of itself goes before what the shop has set. */
static bool wants_marks(const struct caller *caller, const struct shop *shop, const char *ssml,
                        const char *engine) {
    bool wanted = ssml ? text_is(ssml, SSML_SAY_AS) : shop->ssml;
    return wanted && (!caller->platform->names_engine || ssml_taken(engine ? engine : shop->engine));
}

const struct shop *caller_settle(const struct loop *loop, struct message *hello, const char *called) {
    const char *locale;
    const struct shop *shop = spoken_shop(loop->brain.shops, loop->brain.shop_count, called, &locale);
    if (!hello->shop && shop)
        hello->shop = shop->id;
    if (!hello->locale)
        hello->locale = locale;
    return caller_shop(loop, hello->shop);
}

void caller_begin(struct socket *socket, struct message *hello, const char *called, const char *ssml,
                  const char *engine, const char *speaks) {
    const struct loop *loop = socket->loop;
    struct caller *caller = socket->own;
    const struct shop *shop = caller_settle(loop, hello, called);
    TEXT_SET(caller->shop, shop->id);
    TEXT_SET(caller->tag,
             spoken_tag(hello->locale ? hello->locale : shop->locale, shop->country, &socket->loop->arena));
    TEXT_SET(caller->id, hello->call);
    TEXT_SET(caller->number, hello->caller);
    caller->marked = wants_marks(caller, shop, ssml, engine);
    socket->ear.listener.address = caller->number[0] ? caller->number : caller->id;
    if (caller->id[0])
        replace(socket, caller);
    if (speaks && !spoken_same_language(speaks, caller->tag))
        caller->platform->language(socket, caller->tag);
    hub_hear(loop->hub, &socket->ear.listener, hello);
}

bool caller_known(const struct socket *socket) {
    return ((const struct caller *)socket->own)->id[0] != '\0';
}

bool caller_secret(const char *secret, const char *shown) {
    return !text_empty(secret) && shown && strlen(secret) == strlen(shown) &&
           hash_equal(secret, shown, strlen(secret));
}

const char *caller_url(const struct loop *loop, bool socket, const char *path, struct arena *arena) {
    const char *url = loop->voice.public_url;
    return socket ? arena_format(arena, "ws%s%s", url + strlen("http"), path)
                  : arena_format(arena, "%s%s", url, path);
}
