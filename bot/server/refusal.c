#include "bot/server/refusal.h"
#include "base/log.h"
#include "base/text.h"
#include "bot/server/loop.h"
#include <stdio.h>

enum { LINES_AT_ONCE = 10, LINE_AGAIN_S = 60 };

void refusal_log(struct loop *loop, const char *origin, const char *why, size_t len) {
    struct refusals *refusals = &loop->refusals;
    if (bucket_take(&refusals->lines, 1.0 / LINE_AGAIN_S, LINES_AT_ONCE, (int64_t)uv_now(&loop->uv) + 1)) {
        refusals->unsaid++;
        return;
    }
    char more[48] = "";
    if (refusals->unsaid)
        snprintf(more, sizeof more, " (%d more since the last line)", refusals->unsaid);
    refusals->unsaid = 0;
    log_line(LOG_WARNING, "server", "chat refused to %s%.96s: %.*s%s",
             text_empty(origin) ? "a program" : "a page of ", origin ? origin : "", (int)len, why, more);
}
