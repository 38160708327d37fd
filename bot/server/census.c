#include "bot/server/census.h"
#include "base/memory.h"
#include "bot/server/loops.h"
#include "bot/server/metrics.h"
#include <stdlib.h>

struct taking {
    struct round round;
    struct http_request *request; /* NULL: nobody waits any more */
    void (*print)(struct http_request *request, const struct census *census, struct http_reply *reply);
    struct census census;
};

static void visit(struct round *round, struct loop *loop) {
    struct census *census = &((struct taking *)round)->census;
    struct hub_counts counts = hub_count(loop->hub);
    census->hub.sessions += counts.sessions;
    census->hub.resident += counts.resident;
    census->hub.working += counts.working;
    census->hub.slowed += counts.slowed;
    census->hub.held_back += counts.held_back;
    census->sockets += loop->socket_count;
    census->read_errors += loop->stored.failed;
    census->limit_hits += reader_limit_hits(loop->brain.reader);
    census->loops[census->loop_count].chats = loop->chats;
    census->loops[census->loop_count++].conversations = counts.sessions;
    metrics_add(census->metrics, loop->metrics);
}

static void done(struct round *round, bool good) {
    struct taking *taking = (struct taking *)round;
    struct http_request *request = taking->request;
    struct http_reply reply = {0};
    if (good && request) {
        request->left = NULL;
        taking->print(request, &taking->census, &reply);
        http_reply_later(request, &reply);
    }
    metrics_free(taking->census.metrics);
    free(taking);
}

static void left(struct http_request *request) {
    ((struct taking *)request->context)->request = NULL;
}

enum http_when census_take(struct http_request *request,
                           void (*print)(struct http_request *request, const struct census *census,
                                         struct http_reply *reply)) {
    struct taking *taking = calloc(1, sizeof *taking);
    if (!taking)
        memory_exhausted();
    taking->round = (struct round){visit, done};
    taking->request = request;
    taking->print = print;
    taking->census.metrics = metrics_new();
    request->context = taking;
    request->left = left;
    round_begin(&taking->round, request->loop);
    return HTTP_LATER;
}
