#include "bot/server/caller.h"
#include "base/hash.h"
#include "base/text.h"
#include <string.h>
#include <utlist.h>

const struct shop *caller_shop(const struct loop *loop, const char *id) {
    for (int i = 0; i < loop->brain.shop_count; i++)
        if (text_is(loop->brain.shops[i].id, id))
            return &loop->brain.shops[i];
    return loop->brain.shops;
}

const struct shop *caller_shop_of(const struct socket *socket) {
    return caller_shop(socket->loop, ((const struct caller *)socket->own)->shop);
}

const char *caller_line(struct socket *socket, enum line_says line, const char *locale, struct arena *arena) {
    const struct caller *caller = socket->own;
    return spoken_line(socket->loop->brain.book, line, caller_shop_of(socket),
                       text_empty(locale) ? caller->tag : locale, arena);
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

void caller_begin(struct socket *socket, struct message *hello, const char *called) {
    const struct loop *loop = socket->loop;
    struct caller *caller = socket->own;
    const char *locale;
    const struct shop *shop = spoken_shop(loop->brain.shops, loop->brain.shop_count, called, &locale);
    if (!hello->shop && shop)
        hello->shop = shop->id;
    if (!hello->locale)
        hello->locale = locale;
    shop = caller_shop(loop, hello->shop);
    TEXT_SET(caller->shop, shop->id);
    TEXT_SET(caller->tag,
             spoken_tag(hello->locale ? hello->locale : shop->locale, shop->country, &socket->loop->arena));
    TEXT_SET(caller->id, hello->call);
    TEXT_SET(caller->number, hello->caller);
    socket->ear.listener.address = caller->number[0] ? caller->number : caller->id;
    if (caller->id[0])
        replace(socket, caller);
    hub_hear(loop->hub, &socket->ear.listener, hello);
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
