/* The world that a loop's hub lives in: time, the writer, the mailbox by which it answers. */
#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "bot/server/loops.h"
#include <stdlib.h>

enum { COMMIT_AT_ONCE = 32 /* changes: they do not wait for more */ };

int64_t loop_now_ms(const struct loop *loop) {
    return loop->options->now_ms ? loop->options->now_ms : clock_ms(CLOCK_REALTIME);
}

static int64_t now_ms(void *context) {
    return loop_now_ms(context);
}

static int64_t now_us(void *context) {
    (void)context;
    return clock_us(CLOCK_MONOTONIC);
}

/* Writing. */

/* On the writer's thread. */
static void committed(void *context, bool ok, const struct error *err) {
    struct mail *mail = context;
    if (!ok) {
        mail->err = malloc(sizeof *err);
        if (!mail->err)
            memory_exhausted();
        *mail->err = *err;
    }
    mail->ok = ok;
    mailbox_add(mail);
}

/* The change as it is until it has been told. NULL: the writer has too much to do. */
static const struct change *put(struct loop *loop, const struct change *change,
                                void (*done)(void *ticket, bool ok, const struct error *err), void *ticket) {
    struct satchel *satchel = satchel_take(&loop->satchels);
    struct mail *mail = mail_new_in(satchel, &loop->mailbox, ticket);
    const struct change *packed = change_pack(&satchel->arena, change);
    mail->done = done;
    loop->put++;
    if (writer_add(loop->writer, packed, committed, mail))
        return packed;
    mail_free(mail);
    return NULL;
}

static enum answer commit(void *context, const struct change *change, void *ticket,
                          const struct change **kept, struct error *err) {
    struct loop *loop = context;
    if (loop->options->memory_only)
        return ANSWER_FOUND;
    *kept = put(loop, change, NULL, ticket);
    if (*kept)
        return ANSWER_LATER;
    error_set(err, "the writer has too much to do");
    return ANSWER_MISSING;
}

bool loop_put(struct loop *loop, const struct change *change,
              void (*done)(void *ticket, bool ok, const struct error *err), void *ticket) {
    return put(loop, change, done, ticket) != NULL;
}

bool loop_ask(struct loop *loop, const struct request *request,
              void (*done)(void *ticket, bool ok, const struct error *err), void *ticket) {
    return loop_put(loop, &(struct change){.asks = request, .ask_count = 1, .promise = true}, done, ticket);
}

void loop_mail(struct loop *loop, bool live) {
    for (struct mail *mail = mailbox_take(&loop->mailbox), *next; mail; mail = next) {
        next = mail->next;
        if (mail->done)
            mail->done(mail->ticket, mail->ok && live, mail->err);
        else if (live)
            hub_committed(loop->hub, mail->ticket, mail->ok, mail->err);
        mail_free(mail);
    }
}

bool loop_commit(struct loop *loop, int64_t next_ms) {
    int64_t now = (int64_t)uv_now(&loop->uv);
    if (loop->put < COMMIT_AT_ONCE && now < next_ms)
        return false;
    writer_wake(loop->writer);
    loop->committed_ms = now;
    loop->committed_few = loop->put < COMMIT_AT_ONCE;
    loop->put = 0;
    return true;
}

/* Of a thousand messages that wait to be read, the first are answered before the last are heard: what is
 * under way stays little, and in the processor's cache. */
void loop_served(struct loop *loop) {
    mailbox_attend(&loop->mailbox);
    if (loop->put >= COMMIT_AT_ONCE)
        loop_commit(loop, INT64_MAX);
    if (mailbox_any(&loop->mailbox))
        loop_mail(loop, true);
}

/* Telling. */

static void deliver(void *context, struct listener *listener, const struct delivery *delivery) {
    struct ear *ear = (struct ear *)listener;
    (void)context;
    ear->deliver(ear, delivery);
}

/* The reading connection cannot, and there is so little to refuse that a connection of its own will do. */
static void refuse(void *context, int64_t request, const char *why) {
    struct loop *loop = context;
    struct error err;
    struct store *store = store_open(loop->options->db, STORE_WRITE, &err);
    if (!store || !store_request_refuse(store, request, why, &err))
        log_line(LOG_ERROR, "server", "request %lld: %s", (long long)request, err.text);
    store_close(store);
}

static void hub_due(uv_timer_t *timer) {
    hub_tick(((struct loop *)timer->data)->hub);
}

static void wake(void *context, int64_t at_ms) {
    struct loop *loop = context;
    int64_t wait = at_ms - now_ms(loop);
    if (!at_ms)
        uv_timer_stop(&loop->wake);
    else
        uv_timer_start(&loop->wake, hub_due, wait > 0 ? (uint64_t)wait : 0, 0);
}

static bool owns(void *context, const char *id) {
    return loop_owner(context, id) == context;
}

bool world_open(struct loop *loop, const uint8_t secret[HASH_SIZE], struct error *err) {
    struct hub_options options = hub_defaults;
    struct world world = {.context = loop};
    bool several = loop->loops->count > 1;
    stored_world(&world);
    desk_world(&world);
    world.now_ms = now_ms;
    world.now_us = now_us;
    world.commit = commit;
    world.forgets = loop->options->memory_only;
    world.refuse = refuse;
    world.deliver = deliver;
    world.wake = loop->options->now_ms ? NULL : wake;
    world.owns = several ? owns : NULL;
    options.brain = loop->brain;
    options.secret = secret;
    options.limiter = loop->loops->limiter;
    if (loop->options->memory_only)
        options.idle_ms = INT64_MAX / 2;
    options.per_conversation = loop->options->per_conversation;
    options.per_address = loop->options->per_address;
    loop->hub = hub_new(&world, &options, err);
    return loop->hub != NULL;
}
