/* SIGHUP: what the files say now, unless they are not sound. */
#include "base/log.h"
#include "bot/server/loop.h"
#include "bot/server/tls.h"

static void take_up(struct loop *loop) {
    struct error err;
    struct brain brain = loop->brain;
    struct voice_access voice = loop->voice;
    struct tls_files tls = loop->tls_files;
    if (!loop->options->reload(&brain, &voice, &tls, loop->options->context, &err)) {
        log_line(LOG_ERROR, "server", "not reloaded, what was loaded before stays: %s", err.text);
        return;
    }
    loop->brain = brain;
    loop->voice = voice;
    loop->tls_files = tls;
    hub_use(loop->hub, &loop->brain);
    desk_use(loop->desk, loop->brain.shops, loop->brain.shop_count);
    if (!outbox_use(loop->outbox, brain.shops, brain.shop_count, &err))
        log_line(LOG_ERROR, "server", "hand-offs to other systems: %s", err.text);
    log_line(LOG_INFO, "server", "reloaded");
}

/* A certificate that was renewed counts, also where the rest cannot be reloaded. */
static void certify(struct loop *loop) {
    struct error err;
    if (tls_use(loop->tls, &loop->tls_files, &err))
        log_line(LOG_INFO, "server", "the certificate was read again");
    else
        log_line(LOG_ERROR, "server", "the certificate that is shown stays the old one: %s", err.text);
}

void loop_reload(struct loop *loop) {
    if (loop->options->reload)
        take_up(loop);
    if (loop->tls)
        certify(loop);
}
