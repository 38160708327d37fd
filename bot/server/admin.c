/* For those who watch over the service, on a listener of their own: /metrics, /readyz, and /healthz as
 * everywhere. */
#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "bot/server/census.h"
#include "bot/server/metrics.h"
#include "bot/server/routes.h"
#include "db/outgoing.h"
#include <stdlib.h>

static void metrics_show(struct http_request *request, const struct census *census,
                         struct http_reply *reply) {
    struct loop *loop = request->loop;
    buffer_reset(&loop->out);
    arena_reset(&loop->arena);
    metrics_print(census, loop, &loop->out);
    if (loop->out.full) {
        http_reply_plain(reply, 500, "There is more to tell than fits.\n");
        return;
    }
    reply->type = "text/plain; version=0.0.4; charset=utf-8";
    reply->body = loop->out.bytes;
    reply->len = loop->out.len;
}

enum http_when admin_metrics(struct http_request *request, struct http_reply *reply) {
    (void)reply;
    return census_take(request, metrics_show);
}

/* Ready: a commit goes through. A system that hand-offs go to may be down: that is told, but it is no reason
 * to send customers away. */
struct probe {
    struct http_request *request;
};

static void probe_left(struct http_request *request) {
    ((struct probe *)request->context)->request = NULL;
}

static void outbox_print(struct loop *loop, struct json_out *out) {
    struct outgoing_count *rows = NULL;
    struct error err;
    int count = 0;
    int64_t pending = 0, failed = 0, oldest_ms = 0;
    arena_reset(&loop->arena);
    store_outgoing_counts(loop->stored.store, &loop->arena, &rows, &count, &err);
    for (int i = 0; i < count; i++) {
        pending += rows[i].pending;
        failed += rows[i].failed;
        if (rows[i].oldest_ms && (!oldest_ms || rows[i].oldest_ms < oldest_ms))
            oldest_ms = rows[i].oldest_ms;
    }
    json_open(out, "outbox", '{');
    json_number(out, "pending", pending);
    json_number(out, "failed", failed);
    json_number(out, "oldest_seconds", oldest_ms ? (loop_now_ms(loop) - oldest_ms) / 1000 : 0);
    json_close(out, '}');
}

static void ready_print(struct loop *loop, bool writable, struct http_reply *reply) {
    struct json_out out = {.buffer = &loop->out};
    bool good = writable && !loop->draining;
    buffer_reset(&loop->out);
    json_open(&out, NULL, '{');
    json_flag(&out, "ok", good);
    json_flag(&out, "writable", writable);
    json_flag(&out, "draining", loop->draining);
    outbox_print(loop, &out);
    json_close(&out, '}');
    buffer_string(&loop->out, "\n");
    reply->status = good ? 200 : 503;
    reply->type = "application/json";
    reply->body = loop->out.bytes;
    reply->len = loop->out.len;
}

static void probe_done(void *ticket, bool ok, const struct error *err) {
    struct probe *probe = ticket;
    struct http_request *request = probe->request;
    struct http_reply reply = {0};
    (void)err;
    free(probe);
    if (!request)
        return;
    request->left = NULL;
    ready_print(request->loop, ok, &reply);
    http_reply_later(request, &reply);
}

enum http_when admin_ready(struct http_request *request, struct http_reply *reply) {
    struct probe *probe = malloc(sizeof *probe);
    if (!probe)
        memory_exhausted();
    probe->request = request;
    if (!loop_put(request->loop, &(struct change){.probe = true, .promise = true}, probe_done, probe)) {
        free(probe);
        ready_print(request->loop, false, reply);
        return HTTP_NOW;
    }
    request->context = probe;
    request->left = probe_left;
    return HTTP_LATER;
}
