#include "bot/server/call.h"
#include "base/hash.h"
#include "base/text.h"
#include <string.h>
#include <utlist.h>

const struct shop *call_shop(const struct loop *loop, const char *id) {
    for (int i = 0; i < loop->brain.shop_count; i++)
        if (text_is(loop->brain.shops[i].id, id))
            return &loop->brain.shops[i];
    return loop->brain.shops;
}

const struct shop *call_shop_of(const struct socket *socket) {
    return call_shop(socket->loop, ((const struct call *)socket->own)->shop);
}

const char *call_line(struct socket *socket, enum line_says line, const char *locale, struct arena *arena) {
    const struct call *call = socket->own;
    return spoken_line(socket->loop->brain.book, line, call_shop_of(socket),
                       text_empty(locale) ? call->tag : locale, arena);
}

/* The platform has opened another one for the call: nobody listens to the earlier any more. */
static void replace(struct socket *socket, const struct call *call) {
    struct socket *other;
    DL_FOREACH(socket->loop->sockets, other) {
        struct call *earlier = other->own;
        if (other != socket && other->endpoint == socket->endpoint && text_is(earlier->id, call->id)) {
            earlier->over = true;
            hub_leave(other->loop->hub, &other->ear.listener);
            socket_end(other, 1000);
        }
    }
}

void call_begin(struct socket *socket, struct message *hello, const char *called) {
    const struct loop *loop = socket->loop;
    struct call *call = socket->own;
    const char *locale;
    const struct shop *shop = spoken_shop(loop->brain.shops, loop->brain.shop_count, called, &locale);
    if (!hello->shop && shop)
        hello->shop = shop->id;
    if (!hello->locale)
        hello->locale = locale;
    shop = call_shop(loop, hello->shop);
    TEXT_SET(call->shop, shop->id);
    TEXT_SET(call->tag,
             spoken_tag(hello->locale ? hello->locale : shop->locale, shop->country, &socket->loop->arena));
    TEXT_SET(call->id, hello->call);
    TEXT_SET(call->caller, hello->caller);
    if (call->caller[0])
        socket->ear.listener.address = call->caller;
    if (call->id[0])
        replace(socket, call);
    hub_hear(loop->hub, &socket->ear.listener, hello);
}

bool call_secret(const char *secret, const char *shown) {
    return !text_empty(secret) && shown && strlen(secret) == strlen(shown) &&
           hash_equal(secret, shown, strlen(secret));
}

const char *call_url(const struct loop *loop, bool socket, const char *path, struct arena *arena) {
    const char *url = loop->voice.public_url;
    return socket ? arena_format(arena, "ws%s%s", url + strlen("http"), path)
                  : arena_format(arena, "%s%s", url, path);
}
