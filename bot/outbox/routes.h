/* Where each shop's hand-offs go now: a copy of what the shops say, pinned by those who use it while another
 * takes its place. Private to bot/outbox; all under the outbox's lock. */
#pragma once
#include "base/arena.h"
#include "bot/dialogue/shop.h"
#include "bot/outbox/patience.h"

struct route {
    const char *shop, *shop_name, *zone; /* "" UTC */
    struct target target;
    struct breaker breaker;
    int under_way;
};

struct routes {
    struct arena arena;
    struct route *list;
    int count;
    int users; /* errands, and the outbox itself */
};

struct routes *routes_new(const struct shop *shops, int count);
void routes_leave(struct routes *routes); /* frees it with the last user */
bool routes_lead_outside(const struct routes *routes);
