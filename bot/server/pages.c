/* The pages that are built in, and the scripts that shops embed in theirs. */
#include "base/hash.h"
#include "base/text.h"
#include "bot/server/loop.h"
#include "bot/server/routes.h"
#include <string.h>

enum { TAG_BYTES = 8 }; /* of the hash: enough to tell versions apart */

static const struct {
    const char *suffix, *type;
} types[] = {
    {".html", "text/html; charset=utf-8"}, {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},   {".svg", "image/svg+xml; charset=utf-8"},
    {".json", "application/json"},
};

/* Pages by another name than their file's, and files that no path leads to. */
static const struct { const char *path, *file; } pages[] = {{"/", "demo.html"}, {"/demo.html", NULL}};

static const char *type_of(const char *name) {
    const char *suffix = name ? strrchr(name, '.') : NULL;
    for (size_t i = 0; suffix && i < sizeof types / sizeof *types; i++)
        if (text_is(suffix, types[i].suffix))
            return types[i].type;
    return NULL;
}

static const struct data_file *file_find(const struct data_file *files, const char *name) {
    for (; name && files && files->name; files++)
        if (text_is(files->name, name))
            return files;
    return NULL;
}

static const char *file_of(const char *path) {
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        if (text_is(path, pages[i].path))
            return pages[i].file;
    return path + 1;
}

static bool takes_gzip(struct http_request *request) {
    const char *accepted = http_header(request, "accept-encoding");
    const char *gzip = accepted ? strstr(accepted, "gzip") : NULL;
    return gzip && strncmp(gzip, "gzip;q=0", 8) != 0;
}

/* Their name by what is in them. */
static const char *tag_of(const struct data_file *file, struct arena *arena) {
    uint8_t hash[HASH_SIZE];
    char hex[HASH_HEX_SIZE];
    hash_keyed(hash, "", 0, file->begin, (size_t)(file->end - file->begin));
    hash_hex(hex, hash);
    return arena_format(arena, "\"%.*s\"", TAG_BYTES * 2, hex);
}

enum http_when page_get(struct http_request *request, struct http_reply *reply) {
    const struct data_file *files = request->loop->options->pages;
    const char *name = file_of(request->path);
    const struct data_file *file = file_find(files, name), *packed = NULL;
    reply->type = type_of(name);
    if (!file || !reply->type) {
        http_reply_plain(reply, 404, "There is no such page here.\n");
        return HTTP_NOW;
    }
    if (takes_gzip(request))
        packed = file_find(files, arena_format(&request->arena, "%s.gz", name));
    http_reply_header(reply, "vary", "accept-encoding");
    if (packed) {
        file = packed;
        http_reply_header(reply, "content-encoding", "gzip");
    }
    const char *tag = tag_of(file, &request->arena), *known = http_header(request, "if-none-match");
    http_reply_header(reply, "etag", tag);
    if (strncmp(name, "widget", 6) == 0) {
        http_reply_header(reply, "access-control-allow-origin", "*");
        http_reply_header(reply, "cross-origin-resource-policy", "cross-origin");
        http_reply_header(reply, "cache-control", "public, max-age=300, stale-while-revalidate=86400");
    }
    if (known && strstr(known, tag)) {
        reply->status = 304;
        return HTTP_NOW;
    }
    reply->body = file->begin;
    reply->len = (size_t)(file->end - file->begin);
    return HTTP_NOW;
}
