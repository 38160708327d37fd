/* What all loops count, put together for who watches. */
#pragma once
#include "bot/server/http.h"
#include "bot/server/loop.h"

struct census {
    struct hub_counts hub;
    int64_t sockets, read_errors, limit_hits; /* limit_hits: of patterns */
    struct metrics *metrics;
    struct {
        int chats, conversations; /* carried; owned */
    } loops[LOOPS_MAX];
    int loop_count;
};

/* Goes round the loops, then has `print` make the reply of what they count; HTTP_LATER. */
enum http_when census_take(struct http_request *request,
                           void (*print)(struct http_request *request, const struct census *census,
                                         struct http_reply *reply));
