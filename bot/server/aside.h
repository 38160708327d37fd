/* What takes too long for a loop, or writes a row of its own: done on another thread with a connection of its
 * own to the store, and answered on the loop's thread. */
#pragma once
#include "bot/server/loop.h"

struct aside {
    enum store_mode mode;
    bool (*run)(struct aside *aside, struct store *store, struct error *err); /* on the other thread */
    void (*done)(struct aside *aside); /* on the loop's, then it is freed: own memory goes with the arena */
    void *context;                     /* whoever waits; set it to NULL when it goes (aside_forget) */

    struct loop *loop; /* the rest is aside.c's to set */
    struct arena arena;
    bool good;
    struct error err;
    uv_work_t work;
    uv_timer_t delay;
    struct aside *prev, *next;
};

enum { ASIDES_MAX = 64 };

/* Zeroed, of `size` bytes, which begin with a struct aside; NULL when there are too many. */
void *aside_new(struct loop *loop, size_t size);
void aside_start(struct aside *aside, int64_t after_ms);
void aside_forget(struct loop *loop, const void *context);
