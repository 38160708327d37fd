#include "bot/outbox/outbox.h"
#include "base/calendar.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "bot/outbox/errand.h"
#include "bot/outbox/routes.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    TELLERS = 4,
    AT_ONCE = 3,   /* of one shop: a slow system leaves a teller to the others */
    LOOK_MS = 100, /* how often it is looked for changes */
    TICK_MS = 1000,
    LEASE_MS = 15 * 60 * 1000, /* nothing takes as long */
    COMPLAIN_MS = 60 * 1000
};

struct teller {
    struct outbox *outbox;
    pthread_t thread;
    struct store *store;
    struct courier courier;
    struct arena arena;

    bool busy; /* what it does; under the lock, as is the route */
    struct routes *routes;
    struct route *route;
    struct outgoing what;
};

struct outbox {
    struct outbox_options options;
    struct arena arena;
    struct post post;
    struct libcurl curl; /* once it is started */
    int64_t began_ms;    /* monotonic */
    pthread_mutex_t lock;
    pthread_cond_t wake, work; /* of the one who sees; of the tellers */
    struct routes *routes;
    int turn; /* the route that is asked first */
    bool started, again;
    atomic_bool ending;
    pthread_t seer;
    struct store *store; /* the seer's */
    int64_t complained_ms;
    struct teller tellers[TELLERS];
    struct outbox_counts counts[TARGET_CHATWOOT + 1];
};

static int64_t now_ms(const struct outbox *outbox) {
    if (!outbox->options.now_ms)
        return clock_ms(CLOCK_REALTIME);
    return outbox->options.now_ms + clock_ms(CLOCK_MONOTONIC) - outbox->began_ms;
}

/* Telling. */

static enum told tell(struct errand *errand, struct error *err) {
    static enum told (*const tells[])(struct errand *, struct error *) = {
        [TARGET_WEBHOOK] = webhook_tell, [TARGET_MAIL] = mail_tell, [TARGET_CHATWOOT] = chatwoot_tell};
    switch (dossier_read(&errand->dossier, errand->store, errand->what, errand->arena, err)) {
    case FOUND:
        return tells[errand->target->kind](errand, err);
    case MISSING:
        return TOLD; /* erased: there is nothing left to tell */
    case FAILED:
        break;
    }
    return TOLD_NOT;
}

static int64_t wait_of(const struct errand *errand) {
    uint32_t chance;
    hash_random(&chance, sizeof chance);
    int64_t wait = patience_wait(errand->what->attempts, chance);
    return wait > errand->again_ms ? wait : errand->again_ms;
}

/* What has become of it, written down. */
static void settle(struct teller *teller, const struct errand *errand, enum told told,
                   const struct error *why) {
    const struct outgoing *what = errand->what;
    const char *to = target_name(errand->target->kind);
    struct error err = {""};
    bool written = true;
    int64_t wait = told == TOLD_LATER ? errand->again_ms : wait_of(errand);
    if (told == TOLD || told == TOLD_WHOLE)
        written = store_outgoing_sent(teller->store, what, told == TOLD_WHOLE, &err);
    else if (told == TOLD_NEVER) {
        log_line(LOG_ERROR, "outbox", "hand-off %s: given up, %s: %s", what->handoff, to, why->text);
        written = store_outgoing_give_up(teller->store, what->id, why->text, &err);
    } else {
        if (told == TOLD_NOT)
            log_line(LOG_WARNING, "outbox",
                     "hand-off %s: not told to the shop's %s, attempt %d, again in %lld s: %s", what->handoff,
                     to, what->attempts, (long long)(wait + 999) / 1000, why->text);
        written = store_outgoing_put_off(teller->store, what->id, now_ms(teller->outbox) + wait,
                                         told == TOLD_NOT ? why->text : "", &err);
    }
    if (!written)
        log_line(LOG_ERROR, "outbox", "hand-off %s: %s", what->handoff, err.text);
}

static bool teller_do(struct teller *teller) {
    struct outbox *outbox = teller->outbox;
    struct error err = {""};
    struct errand errand = {.what = &teller->what,
                            .target = &teller->route->target,
                            .post = &outbox->post,
                            .zone = teller->route->zone,
                            .dossier = {.shop_name = teller->route->shop_name},
                            .store = teller->store,
                            .courier = &teller->courier,
                            .arena = &teller->arena,
                            .now_ms = now_ms(outbox)};
    enum told told = tell(&errand, &err);
    settle(teller, &errand, told, &err);
    return told != TOLD_NOT && told != TOLD_NEVER;
}

static void *teller_run(void *context) {
    struct teller *teller = context;
    struct outbox *outbox = teller->outbox;
    pthread_mutex_lock(&outbox->lock);
    for (;;) {
        while (!teller->busy && !atomic_load(&outbox->ending))
            pthread_cond_wait(&outbox->work, &outbox->lock);
        if (!teller->busy)
            break;
        pthread_mutex_unlock(&outbox->lock);
        bool good = teller_do(teller);
        pthread_mutex_lock(&outbox->lock);
        struct outbox_counts *counts = &outbox->counts[teller->route->target.kind];
        *(good ? &counts->sent : &counts->failed) += 1;
        teller->route->under_way--;
        breaker_done(&teller->route->breaker, good, now_ms(outbox));
        routes_leave(teller->routes);
        teller->busy = false;
        arena_reset(&teller->arena);
        outbox->again = true;
        pthread_cond_signal(&outbox->wake);
    }
    pthread_mutex_unlock(&outbox->lock);
    return NULL;
}

/* Seeing what is due. */

static void complain(struct outbox *outbox, const struct error *err) {
    int64_t now = clock_ms(CLOCK_MONOTONIC);
    if (outbox->complained_ms && now - outbox->complained_ms < COMPLAIN_MS)
        return;
    outbox->complained_ms = now;
    log_line(LOG_ERROR, "outbox", "%s", err->text);
}

static struct teller *idle(struct outbox *outbox) {
    for (int i = 0; i < TELLERS; i++)
        if (!outbox->tellers[i].busy)
            return &outbox->tellers[i];
    return NULL;
}

/* Gives one row that is due to a teller that is idle. The lock is held, but not while the store is asked. */
static bool give(struct outbox *outbox) {
    struct routes *routes = outbox->routes;
    struct teller *teller = idle(outbox);
    struct error err = {""};
    enum found found = MISSING;
    routes->users++;
    for (int i = 0; teller && found == MISSING && i < routes->count; i++) {
        int at = (outbox->turn + i) % routes->count;
        struct route *route = &routes->list[at];
        int64_t now = now_ms(outbox);
        if (route->target.kind == TARGET_DESK || route->under_way >= AT_ONCE ||
            !breaker_lets(&route->breaker, now, route->under_way))
            continue;
        pthread_mutex_unlock(&outbox->lock);
        found = store_outgoing_take(outbox->store, route->shop, now, now + LEASE_MS, &teller->arena,
                                    &teller->what, &err);
        pthread_mutex_lock(&outbox->lock);
        if (found != FOUND)
            continue;
        teller->routes = routes;
        teller->route = route;
        teller->busy = true;
        route->under_way++;
        outbox->turn = at + 1;
        pthread_cond_broadcast(&outbox->work);
    }
    if (found == FAILED)
        complain(outbox, &err);
    if (found != FOUND)
        routes_leave(routes);
    return found == FOUND;
}

static void expire(struct outbox *outbox) {
    struct error err;
    int count;
    if (!store_outgoing_expire(outbox->store, now_ms(outbox) - (int64_t)outbox->options.give_up_s * 1000,
                               &count, &err))
        complain(outbox, &err);
    else if (count)
        log_line(LOG_ERROR, "outbox",
                 "%d messages about hand-offs were given up: they stand in the queue as not delivered",
                 count);
}

static void *seer_run(void *context) {
    struct outbox *outbox = context;
    int64_t tick = 0;
    pthread_mutex_lock(&outbox->lock);
    while (!atomic_load(&outbox->ending)) {
        int64_t now = clock_ms(CLOCK_MONOTONIC);
        bool look = outbox->again;
        outbox->again = false;
        if (now >= tick) {
            look = true;
            tick = now + TICK_MS;
            expire(outbox);
        }
        if (store_changed(outbox->store) || look)
            while (!atomic_load(&outbox->ending) && give(outbox)) {
            }
        if (outbox->again || atomic_load(&outbox->ending))
            continue;
        now = clock_ms(CLOCK_MONOTONIC) + LOOK_MS;
        pthread_cond_timedwait(&outbox->wake, &outbox->lock,
                               &(struct timespec){now / 1000, now % 1000 * 1000000});
    }
    pthread_mutex_unlock(&outbox->lock);
    return NULL;
}

/* Beginning and end. */

static bool teller_open(struct outbox *outbox, struct teller *teller, struct error *err) {
    teller->outbox = outbox;
    arena_init(&teller->arena);
    teller->store = store_open(outbox->options.db, STORE_WRITE, err);
    return teller->store &&
           courier_open(&teller->courier, &outbox->curl, outbox->options.ca, &outbox->ending, err);
}

static void teller_close(struct teller *teller) {
    if (teller->thread)
        pthread_join(teller->thread, NULL);
    courier_close(&teller->courier);
    store_close(teller->store);
    if (teller->outbox)
        arena_clear(&teller->arena);
}

static bool thread_start(pthread_t *thread, void *(*run)(void *), void *context, struct error *err) {
    int code = pthread_create(thread, NULL, run, context);
    return code == 0 || error_set(err, "a thread of the outbox cannot be started: %s", strerror(code));
}

static void stop(struct outbox *outbox) {
    pthread_mutex_lock(&outbox->lock);
    atomic_store(&outbox->ending, true);
    pthread_cond_broadcast(&outbox->wake);
    pthread_cond_broadcast(&outbox->work);
    pthread_mutex_unlock(&outbox->lock);
    if (outbox->seer)
        pthread_join(outbox->seer, NULL);
    for (int i = 0; i < TELLERS; i++)
        teller_close(&outbox->tellers[i]);
    store_close(outbox->store);
    libcurl_close(&outbox->curl);
}

/* Wholly or not at all: a reload may try again. */
static bool start(struct outbox *outbox, struct error *err) {
    outbox->store = store_open(outbox->options.db, STORE_WRITE, err);
    bool good = outbox->store && store_outgoing_wake(outbox->store, now_ms(outbox), err) &&
                libcurl_open(&outbox->curl, err);
    for (int i = 0; good && i < TELLERS; i++)
        good = teller_open(outbox, &outbox->tellers[i], err) &&
               thread_start(&outbox->tellers[i].thread, teller_run, &outbox->tellers[i], err);
    good = good && thread_start(&outbox->seer, seer_run, outbox, err);
    outbox->started = good;
    if (good)
        return true;
    stop(outbox);
    outbox->store = NULL;
    memset(outbox->tellers, 0, sizeof outbox->tellers);
    atomic_store(&outbox->ending, false);
    return false;
}

static bool is_needed(struct outbox *outbox, bool *needed, struct error *err) {
    struct outgoing_count *counts;
    int count = 0;
    *needed = routes_lead_outside(outbox->routes);
    if (*needed)
        return true;
    struct store *store = store_open(outbox->options.db, STORE_READ, err);
    bool read = store && store_outgoing_counts(store, &outbox->arena, &counts, &count, err) != FAILED;
    for (int i = 0; read && i < count; i++)
        *needed |= counts[i].pending > 0; /* of a shop that has changed its mind */
    store_close(store);
    return read;
}

struct outbox *outbox_open(const struct outbox_options *options, const struct shop *shops, int count,
                           struct error *err) {
    struct outbox *outbox = calloc(1, sizeof *outbox);
    pthread_condattr_t clock;
    bool needed;
    if (!outbox)
        memory_exhausted();
    arena_init(&outbox->arena);
    outbox->options = *options;
    outbox->options.db = arena_string(&outbox->arena, options->db);
    outbox->options.ca = arena_string(&outbox->arena, options->ca);
    outbox->post = (struct post){arena_string(&outbox->arena, options->smtp),
                                 arena_string(&outbox->arena, options->smtp_user),
                                 arena_string(&outbox->arena, options->smtp_password),
                                 arena_string(&outbox->arena, options->mail_from)};
    outbox->began_ms = clock_ms(CLOCK_MONOTONIC);
    outbox->routes = routes_new(shops, count);
    pthread_mutex_init(&outbox->lock, NULL);
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&outbox->wake, &clock);
    pthread_cond_init(&outbox->work, &clock);
    pthread_condattr_destroy(&clock);
    if (is_needed(outbox, &needed, err) && (!needed || start(outbox, err)))
        return outbox;
    outbox_close(outbox);
    return NULL;
}

bool outbox_use(struct outbox *outbox, const struct shop *shops, int count, struct error *err) {
    struct routes *routes = routes_new(shops, count);
    pthread_mutex_lock(&outbox->lock);
    routes_leave(outbox->routes);
    outbox->routes = routes;
    outbox->turn = 0;
    outbox->again = true;
    bool needed = !outbox->started && routes_lead_outside(routes);
    pthread_cond_signal(&outbox->wake);
    pthread_mutex_unlock(&outbox->lock);
    return !needed || start(outbox, err);
}

void outbox_close(struct outbox *outbox) {
    if (!outbox)
        return;
    stop(outbox);
    routes_leave(outbox->routes);
    pthread_cond_destroy(&outbox->wake);
    pthread_cond_destroy(&outbox->work);
    pthread_mutex_destroy(&outbox->lock);
    arena_clear(&outbox->arena);
    free(outbox);
}

void outbox_count(struct outbox *outbox, struct outbox_counts counts[TARGET_CHATWOOT + 1]) {
    pthread_mutex_lock(&outbox->lock);
    memcpy(counts, outbox->counts, sizeof outbox->counts);
    pthread_mutex_unlock(&outbox->lock);
}
