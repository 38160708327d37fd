/* Memory of changes that are on their way to the writer and back, with the mail that tells of them: a few lie
 * together, so that it stays little and close, and go when all have been told. One thread's own; the writer
 * reads in it. */
#pragma once
#include "base/arena.h"

struct satchel {
    struct arena arena;
    int count, left; /* that were put in; … and have not been told */
    struct satchels *satchels;
    struct satchel *next;
};

struct satchels {
    struct satchel *filling, *spare;
    int spare_count;
};

struct satchel *satchel_take(struct satchels *satchels); /* for one more; ends with satchel_leave */
void satchel_leave(struct satchel *satchel);
void satchels_clear(struct satchels *satchels); /* when all have left */
