#include "base/log.h"
#include "bot/server/loop.h"
#include "bot/server/loops.h"
#include "bot/server/socket.h"
#include "bot/server/supervisor.h"
#include <stdlib.h>

enum {
    DRAIN_TICK_MS = 20,
    DRAIN_COMMITS_MS = 5000, /* time for what is under way */
    DRAIN_CLOSES_MS = 3000   /* … then for the good-byes */
};

static bool all_at(const struct loops *loops, enum stage stage) {
    bool all = true;
    for (int i = 0; i < loops->count; i++)
        all &= loops->list[i]->stage >= stage;
    return all;
}

/* First what is under way is committed and told, then everyone hears good-bye, then the loops stop: none
 * before what another's customers were to be told has reached them. */
static void drain_due(uv_timer_t *timer) {
    struct loop *loop = timer->data;
    int64_t now = (int64_t)uv_now(&loop->uv), spent = now - loop->drain_ms;
    if (hub_count(loop->hub).working == 0 && loop->stage < STAGE_TOLD)
        loop->stage = STAGE_TOLD;
    if (!loop->stopping && (all_at(loop->loops, STAGE_TOLD) || spent > DRAIN_COMMITS_MS)) {
        loop->stopping = true;
        loop->drain_ms = now;
        loop_mail(loop, true);
        sockets_close(loop, 1012);
    } else if (loop->stopping && (!loop->socket_count || spent > DRAIN_CLOSES_MS))
        loop->stage = STAGE_CLOSED;
    if (loop->number == 0 && all_at(loop->loops, STAGE_CLOSED))
        uv_stop(&loop->uv); /* who runs all loops stops the others then */
}

static void drain_begin(struct round *round, struct loop *loop) {
    (void)round;
    loop->draining = true;
    loop->drain_ms = (int64_t)uv_now(&loop->uv);
    uv_timer_start(&loop->drain, drain_due, 0, DRAIN_TICK_MS);
}

static void drain_begun(struct round *round, bool good) {
    (void)good;
    free(round);
}

void loop_drain(struct loop *first) {
    struct round *round = first->draining ? NULL : malloc(sizeof *round);
    int chats = first->socket_count;
    if (!round)
        return;
    for (int i = 1; i < first->loops->count; i++)
        chats += first->loops->list[i]->chats;
    log_line(LOG_INFO, "server", "stopping: %d chats", chats);
    supervisor_tell("STOPPING=1");
    gate_close(&first->gate);
    *round = (struct round){drain_begin, drain_begun};
    round_begin(round, first);
}
