#include "db/earlier.h"
#include "base/memory.h"
#include "base/text.h"
#include <stdlib.h>

static struct earlier_order *place_of(const struct earlier *earlier, uint64_t key) {
    size_t at = key & (earlier->size - 1);
    while (earlier->slots[at].key && earlier->slots[at].key != key)
        at = (at + 1) & (earlier->size - 1);
    return &earlier->slots[at];
}

static void grow(struct earlier *earlier) {
    struct earlier more = {.size = earlier->size ? earlier->size * 2 : 4096, .count = earlier->count};
    if (!(more.slots = calloc(more.size, sizeof *more.slots)))
        memory_exhausted();
    for (size_t i = 0; i < earlier->size; i++)
        if (earlier->slots[i].key)
            *place_of(&more, earlier->slots[i].key) = earlier->slots[i];
    free(earlier->slots);
    *earlier = more;
}

static uint64_t hash_of(const char *text) {
    uint64_t hash = text_hash(text);
    return hash + !hash; /* 0 is none */
}

enum earlier_found earlier_add(struct earlier *earlier, const char *key, const char *email) {
    struct earlier_order order = {hash_of(key), text_empty(email) ? 0 : hash_of(email)};
    if (earlier->count * 2 >= earlier->size)
        grow(earlier);
    struct earlier_order *place = place_of(earlier, order.key);
    bool before = place->key;
    if (before && order.email && place->email && order.email != place->email)
        return EARLIER_OTHERS;
    if (!before || order.email)
        *place = order;
    earlier->count += !before;
    return before ? EARLIER_SAME : EARLIER_NONE;
}

void earlier_clear(struct earlier *earlier) {
    free(earlier->slots);
    *earlier = (struct earlier){0};
}
