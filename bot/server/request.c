/* What a request says, read by the library's own functions. */
#include "base/text.h"
#include "bot/server/http.h"
#include <string.h>
#include <strings.h>

static const char *copy_token(struct http_request *request, enum lws_token_indexes token) {
    int len = lws_hdr_total_length(request->wsi, token);
    if (len <= 0)
        return NULL;
    char *value = arena_alloc(&request->arena, (size_t)len + 1);
    return lws_hdr_copy(request->wsi, value, len + 1, token) < 0 ? NULL : value;
}

const char *http_header(struct http_request *request, const char *name) {
    const char *with_colon = arena_format(&request->arena, "%s:", name);
    int name_len = (int)strlen(with_colon);
    for (int token = 0; token < WSI_TOKEN_COUNT; token++) {
        const unsigned char *known = lws_token_to_string((enum lws_token_indexes)token);
        if (known && text_is((const char *)known, with_colon))
            return copy_token(request, (enum lws_token_indexes)token);
    }
    int len = lws_hdr_custom_length(request->wsi, with_colon, name_len);
    if (len < 0)
        return NULL;
    char *value = arena_alloc(&request->arena, (size_t)len + 1);
    return lws_hdr_custom_copy(request->wsi, value, len + 1, with_colon, name_len) < 0 ? NULL : value;
}

const char *http_cookie(struct http_request *request, const char *name) {
    size_t size = (size_t)lws_hdr_total_length(request->wsi, WSI_TOKEN_HTTP_COOKIE) + 1;
    char *value = arena_alloc(&request->arena, size);
    return lws_http_cookie_get(request->wsi, name, value, &size) == 0 ? value : NULL;
}

static const char *query_at(struct http_request *request, int place) {
    int len = lws_hdr_fragment_length(request->wsi, WSI_TOKEN_HTTP_URI_ARGS, place);
    if (len <= 0)
        return NULL;
    char *query = arena_alloc(&request->arena, (size_t)len + 1);
    return lws_hdr_copy_fragment(request->wsi, query, len + 1, WSI_TOKEN_HTTP_URI_ARGS, place) < 0 ? NULL
                                                                                                   : query;
}

const char *http_query(struct http_request *request, const char *name) {
    const char *query;
    size_t len = strlen(name);
    for (int place = 0; (query = query_at(request, place)); place++)
        if (strncmp(query, name, len) == 0 && query[len] == '=')
            return query + len + 1;
    return NULL;
}

const char *http_queries(struct http_request *request) {
    const char *all = "", *query;
    for (int place = 0; (query = query_at(request, place)); place++)
        all = arena_format(&request->arena, "%s%s%s", all, *all ? "&" : "", query);
    return all;
}

static const char *decoded(struct arena *arena, const char *bytes, size_t len) {
    char *value = arena_alloc(arena, len + 1);
    return lws_urldecode(value, arena_copy(arena, bytes, len), (int)len) == 0 ? value : NULL;
}

int http_form(struct http_request *request, struct http_field *fields, int max) {
    static const char wanted[] = "application/x-www-form-urlencoded";
    const char *type = http_header(request, "content-type");
    if (!type || strncasecmp(type, wanted, sizeof wanted - 1) != 0)
        return -1;
    return http_form_read(&request->arena, request->body, fields, max);
}

int http_form_read(struct arena *arena, const char *body, struct http_field *fields, int max) {
    int count = 0;
    for (const char *at = body; *at; at += *at == '&') {
        size_t len = strcspn(at, "&"), name = strcspn(at, "=&");
        if (len) {
            if (count == max)
                return -1;
            fields[count].name = decoded(arena, at, name);
            fields[count].value = name < len ? decoded(arena, at + name + 1, len - name - 1) : "";
            if (!fields[count].name || !fields[count].value)
                return -1;
            count++;
        }
        at += len;
    }
    return count;
}

const char *http_form_value(const struct http_field *fields, int count, const char *name) {
    for (int i = 0; i < count; i++)
        if (text_is(fields[i].name, name))
            return fields[i].value;
    return NULL;
}
