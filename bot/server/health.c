/* /healthz: whether the database can be read, whether the last thing that was to be written was, and how busy
 * the service is. What cannot be written is no reason to say no: what is stored is still answered. */
#include "base/json.h"
#include "bot/server/census.h"
#include "bot/server/routes.h"

static void print(struct http_request *request, const struct census *census, struct http_reply *reply) {
    struct loop *loop = request->loop;
    struct json_out out = {.buffer = &loop->out};
    struct conversation none;
    struct error err;
    bool readable = store_conversation(loop->stored.store, "00000000000000000000000000", &request->arena,
                                       &none, &err) != FAILED;
    buffer_reset(&loop->out);
    json_open(&out, NULL, '{');
    json_flag(&out, "ok", readable && !loop->draining);
    json_flag(&out, "db", readable);
    json_flag(&out, "writable", !writer_count(loop->writer).troubled);
    json_number(&out, "read_errors", census->read_errors);
    json_flag(&out, "draining", loop->draining);
    json_number(&out, "queue", census->hub.working);
    json_number(&out, "chats", census->sockets);
    json_number(&out, "conversations", census->hub.sessions);
    json_text(&out, "version", WISMO_VERSION);
    json_close(&out, '}');
    buffer_string(&loop->out, "\n");
    reply->status = readable && !loop->draining ? 200 : 503;
    reply->type = "application/json";
    reply->body = loop->out.bytes;
    reply->len = loop->out.len;
}

enum http_when health_get(struct http_request *request, struct http_reply *reply) {
    (void)reply;
    return census_take(request, print);
}
