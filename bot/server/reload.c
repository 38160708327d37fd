/* SIGHUP: what the files say now, unless they are not sound. */
#include "base/log.h"
#include "base/memory.h"
#include "bot/server/loops.h"
#include "bot/server/tls.h"
#include <stdlib.h>

struct taking {
    struct round round;
    struct loop *first;
    struct brain brains[LOOPS_MAX];
};

static void take_up(struct round *round, struct loop *loop) {
    loop->brain = ((struct taking *)round)->brains[loop->number];
    hub_use(loop->hub, &loop->brain);
}

/* What was used before is in use no more: now it may be freed by another reload. */
static void taken_up(struct round *round, bool good) {
    struct loop *first = ((struct taking *)round)->first;
    free(round);
    first->reloading = false;
    if (!good)
        return;
    log_line(LOG_INFO, "server", "reloaded");
    if (first->reload_again)
        loop_reload(first);
}

static void read_again(struct loop *first) {
    struct error err;
    struct voice_access voice = first->voice;
    struct tls_files tls = first->tls_files;
    struct taking *taking = calloc(1, sizeof *taking);
    if (!taking)
        memory_exhausted();
    taking->round = (struct round){take_up, taken_up};
    taking->first = first;
    if (!first->options->reload(taking->brains, &voice, &tls, first->options->context, &err)) {
        log_line(LOG_ERROR, "server", "not reloaded, what was loaded before stays: %s", err.text);
        free(taking);
        return;
    }
    const struct brain *brain = &taking->brains[0];
    first->voice = voice;
    first->tls_files = tls;
    desk_use(first->desk, brain->shops, brain->shop_count);
    if (!outbox_use(first->outbox, brain->shops, brain->shop_count, &err))
        log_line(LOG_ERROR, "server", "hand-offs to other systems: %s", err.text);
    first->reloading = true;
    round_begin(&taking->round, first);
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
    loop->reload_again = loop->reloading;
    if (loop->reloading)
        return;
    if (loop->options->reload)
        read_again(loop);
    if (loop->tls)
        certify(loop);
}
