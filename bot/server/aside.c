#include "bot/server/aside.h"
#include <stdlib.h>
#include <utlist.h>

void *aside_new(struct loop *loop, size_t size) {
    struct aside *aside = loop->aside_count < ASIDES_MAX ? calloc(1, size) : NULL;
    if (!aside)
        return NULL;
    aside->loop = loop;
    arena_init(&aside->arena);
    DL_APPEND(loop->asides, aside);
    loop->aside_count++;
    return aside;
}

static void timer_closed(uv_handle_t *handle) {
    struct aside *aside = handle->data;
    arena_clear(&aside->arena);
    free(aside);
}

static void run(uv_work_t *work) {
    struct aside *aside = work->data;
    struct store *store = store_open(aside->loop->options->db, aside->mode, &aside->err);
    aside->good = store && aside->run(aside, store, &aside->err);
    store_close(store);
}

static void ran(uv_work_t *work, int status) {
    struct aside *aside = work->data;
    aside->good &= status == 0;
    aside->done(aside);
    DL_DELETE(aside->loop->asides, aside);
    aside->loop->aside_count--;
    uv_close((uv_handle_t *)&aside->delay, timer_closed);
}

static void begin(uv_timer_t *timer) {
    struct aside *aside = timer->data;
    uv_queue_work(&aside->loop->uv, &aside->work, run, ran);
}

void aside_start(struct aside *aside, int64_t after_ms) {
    aside->work.data = aside->delay.data = aside;
    uv_timer_init(&aside->loop->uv, &aside->delay);
    uv_timer_start(&aside->delay, begin, after_ms > 0 ? (uint64_t)after_ms : 0, 0);
}

void aside_forget(struct loop *loop, const void *context) {
    struct aside *aside;
    DL_FOREACH(loop->asides, aside) {
        if (aside->context == context)
            aside->context = NULL;
    }
}
