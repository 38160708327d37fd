#include "base/buffer.h"
#include "base/json.h"
#include "bot/server/http.h"
#include <stdlib.h>
#include <string.h>

void http_reply_header(struct http_reply *reply, const char *name, const char *value) {
    if (reply->header_count == HTTP_REPLY_HEADERS)
        abort();
    reply->headers[reply->header_count].name = name;
    reply->headers[reply->header_count++].value = value;
}

void http_reply_text(struct http_reply *reply, const char *type, const char *text) {
    reply->type = type;
    reply->body = text;
    reply->len = strlen(text);
}

void http_reply_plain(struct http_reply *reply, unsigned status, const char *sentence) {
    reply->status = status;
    http_reply_text(reply, "text/plain; charset=utf-8", sentence);
}

static const char *title(unsigned status) {
    static const struct {
        unsigned status;
        const char *title;
    } titles[] = {
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {409, "Conflict"},
        {413, "Content Too Large"},
        {415, "Unsupported Media Type"},
        {422, "Unprocessable Content"},
        {429, "Too Many Requests"},
        {503, "Service Unavailable"},
    };
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (titles[i].status == status)
            return titles[i].title;
    return "Internal Server Error";
}

enum http_when http_reply_problem(struct http_request *request, struct http_reply *reply, unsigned status,
                                  const char *detail) {
    struct buffer buffer;
    struct json_out out = {.buffer = &buffer};
    buffer_init(&buffer, 4096);
    json_open(&out, NULL, '{');
    json_text(&out, "type", "about:blank");
    json_text(&out, "title", title(status));
    json_number(&out, "status", status);
    if (detail)
        json_text(&out, "detail", detail);
    json_close(&out, '}');
    reply->status = status;
    http_reply_text(reply, "application/problem+json", arena_copy(&request->arena, buffer.bytes, buffer.len));
    buffer_clear(&buffer);
    return HTTP_NOW;
}
