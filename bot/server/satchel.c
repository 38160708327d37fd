#include "bot/server/satchel.h"
#include "base/memory.h"
#include <stdlib.h>

enum { TOGETHER = 12 /* answers fill a block of an arena */, SPARE_MAX = 32 };

static void satchel_free(struct satchel *satchel) {
    if (satchel)
        arena_clear(&satchel->arena);
    free(satchel);
}

static struct satchel *satchel_new(struct satchels *satchels) {
    struct satchel *satchel = satchels->spare;
    if (satchel) {
        satchels->spare = satchel->next;
        satchels->spare_count--;
        return satchel;
    }
    satchel = calloc(1, sizeof *satchel);
    if (!satchel)
        memory_exhausted();
    satchel->satchels = satchels;
    arena_init(&satchel->arena);
    return satchel;
}

struct satchel *satchel_take(struct satchels *satchels) {
    if (!satchels->filling || satchels->filling->count == TOGETHER)
        satchels->filling = satchel_new(satchels);
    satchels->filling->count++;
    satchels->filling->left++;
    return satchels->filling;
}

void satchel_leave(struct satchel *satchel) {
    struct satchels *satchels = satchel->satchels;
    if (--satchel->left > 0)
        return;
    arena_reset(&satchel->arena);
    satchel->count = 0;
    if (satchel == satchels->filling)
        return;
    if (satchels->spare_count == SPARE_MAX) {
        satchel_free(satchel);
        return;
    }
    satchel->next = satchels->spare;
    satchels->spare = satchel;
    satchels->spare_count++;
}

void satchels_clear(struct satchels *satchels) {
    satchel_free(satchels->filling);
    for (struct satchel *satchel = satchels->spare, *next; satchel; satchel = next) {
        next = satchel->next;
        satchel_free(satchel);
    }
    *satchels = (struct satchels){0};
}
