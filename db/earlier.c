#include "db/earlier.h"
#include "base/memory.h"
#include "base/text.h"
#include <stdlib.h>

static uint64_t *place_of(const struct earlier *earlier, uint64_t hash) {
    size_t at = hash & (earlier->size - 1);
    while (earlier->slots[at] && earlier->slots[at] != hash)
        at = (at + 1) & (earlier->size - 1);
    return &earlier->slots[at];
}

static void grow(struct earlier *earlier) {
    struct earlier more = {.size = earlier->size ? earlier->size * 2 : 4096, .count = earlier->count};
    if (!(more.slots = calloc(more.size, sizeof *more.slots)))
        memory_exhausted();
    for (size_t i = 0; i < earlier->size; i++)
        if (earlier->slots[i])
            *place_of(&more, earlier->slots[i]) = earlier->slots[i];
    free(earlier->slots);
    *earlier = more;
}

bool earlier_add(struct earlier *earlier, const char *key) {
    uint64_t hash = text_hash(key);
    hash += !hash; /* 0 is an empty slot */
    if (earlier->count * 2 >= earlier->size)
        grow(earlier);
    uint64_t *place = place_of(earlier, hash);
    if (*place)
        return true;
    *place = hash;
    earlier->count++;
    return false;
}

void earlier_clear(struct earlier *earlier) {
    free(earlier->slots);
    *earlier = (struct earlier){0};
}
