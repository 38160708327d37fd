#include "bot/outbox/routes.h"
#include "base/memory.h"
#include <stdlib.h>

static struct target target_copy(struct arena *arena, const struct target *target) {
    return (struct target){.kind = target->kind,
                           .address = arena_string(arena, target->address),
                           .account = arena_string(arena, target->account),
                           .inbox = arena_string(arena, target->inbox),
                           .secret = arena_string(arena, target->secret)};
}

struct routes *routes_new(const struct shop *shops, int count) {
    struct routes *routes = calloc(1, sizeof *routes);
    if (!routes)
        memory_exhausted();
    arena_init(&routes->arena);
    routes->list = ARENA_ARRAY(&routes->arena, struct route, (size_t)count);
    routes->count = count;
    routes->users = 1;
    for (int i = 0; i < count; i++)
        routes->list[i] = (struct route){
            .shop = arena_string(&routes->arena, shops[i].id),
            .shop_name = arena_string(&routes->arena, shops[i].name),
            .zone = shops[i].zone ? arena_string(&routes->arena, zone_name(shops[i].zone)) : "",
            .target = target_copy(&routes->arena, &shops[i].handoff_to)};
    return routes;
}

void routes_leave(struct routes *routes) {
    if (!routes || --routes->users)
        return;
    arena_clear(&routes->arena);
    free(routes);
}

bool routes_lead_outside(const struct routes *routes) {
    for (int i = 0; i < routes->count; i++)
        if (routes->list[i].target.kind != TARGET_DESK)
            return true;
    return false;
}
