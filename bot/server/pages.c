/* The pages that are built in. */
#include "base/text.h"
#include "bot/server/loop.h"
#include "bot/server/routes.h"

static const struct {
    const char *path, *file, *type;
} pages[] = {
    {"/", "demo.html", "text/html; charset=utf-8"},
    {"/demo.js", "demo.js", "text/javascript; charset=utf-8"},
    {"/demo.css", "demo.css", "text/css; charset=utf-8"},
    {"/demo.svg", "demo.svg", "image/svg+xml; charset=utf-8"},
};

enum http_when page_get(struct http_request *request, struct http_reply *reply) {
    const struct data_file *file = request->loop->options->pages;
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        for (; text_is(request->path, pages[i].path) && file && file->name; file++)
            if (text_is(file->name, pages[i].file)) {
                reply->type = pages[i].type;
                reply->body = file->begin;
                reply->len = (size_t)(file->end - file->begin);
                return HTTP_NOW;
            }
    http_reply_plain(reply, 404, "There is no such page here.\n");
    return HTTP_NOW;
}
