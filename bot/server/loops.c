#include "bot/server/loops.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "bot/hub/limiter.h"
#include <stdlib.h>
#include <string.h>

enum { LIMITER_KEYS = 65536 };

struct loop *loop_first(const struct loop *loop) {
    return loop->loops->list[0];
}

struct loop *loop_owner(struct loop *loop, const char *id) {
    char name[ID_SIZE];
    if (loop->loops->count == 1)
        return loop;
    text_set(name, sizeof name, id); /* as much of it as there is room for */
    return loop->loops->list[text_hash(name) % (uint64_t)loop->loops->count];
}

/* Letters. */

void *letter_new(struct loop *to, size_t size, void (*open)(struct letter *letter, bool live)) {
    struct letter *letter = calloc(1, size);
    if (!letter)
        memory_exhausted();
    letter->to = to;
    letter->open = open;
    arena_init(&letter->arena);
    return letter;
}

static void letter_open(void *ticket, bool live, const struct error *err) {
    struct letter *letter = ticket;
    (void)err;
    letter->open(letter, live);
    arena_clear(&letter->arena);
    free(letter);
}

void letter_send(struct letter *letter) {
    struct mailbox *mailbox = &letter->to->mailbox;
    struct mail *mail = mail_new(mailbox, letter);
    mail->done = letter_open;
    mail->ok = true;
    mailbox_add(mail);
    mailbox_wake(mailbox);
}

/* Rounds. */

struct stop {
    struct letter letter;
    struct round *round;
};

static void round_go(struct round *round, struct loop *to);

static void stop_open(struct letter *letter, bool live) {
    struct round *round = ((struct stop *)letter)->round;
    struct loop *loop = letter->to;
    if (!live || loop->number == 0) {
        round->done(round, live);
        return;
    }
    round->visit(round, loop);
    round_go(round, loop->loops->list[(loop->number + 1) % loop->loops->count]);
}

static void round_go(struct round *round, struct loop *to) {
    struct stop *stop = letter_new(to, sizeof *stop, stop_open);
    stop->round = round;
    letter_send(&stop->letter);
}

void round_begin(struct round *round, struct loop *first) {
    round->visit(round, first);
    if (first->loops->count > 1)
        round_go(round, first->loops->list[1]);
    else
        round->done(round, true);
}

/* All of them. */

static void end_open(struct letter *letter, bool live) {
    if (live)
        uv_stop(&letter->to->uv);
}

static void others_end(struct loops *loops) {
    for (int i = 1; i < loops->running; i++)
        letter_send(letter_new(loops->list[i], sizeof(struct letter), end_open));
    for (int i = 1; i < loops->running; i++)
        pthread_join(loops->threads[i], NULL);
    loops->running = 1;
}

static void *other_run(void *loop) {
    loop_run(loop);
    return NULL;
}

/* On the writer's thread. */
static void all_committed(void *context) {
    const struct loops *loops = context;
    for (int i = 0; i < loops->count; i++)
        mailbox_wake(&loops->list[i]->mailbox);
}

static bool others_run(struct loops *loops, struct error *err) {
    for (; loops->running < loops->count; loops->running++) {
        int i = loops->running, code = pthread_create(&loops->threads[i], NULL, other_run, loops->list[i]);
        if (code != 0)
            return error_set(err, "a loop's thread cannot be started: %s", strerror(code));
    }
    return true;
}

/* A connection that speaks TLS shows nobody but its own loop where it wants to go. */
static int count_of(const struct server_options *options) {
    bool tls = !text_empty(options->tls.certificate);
    if (tls && options->loops > 1)
        log_line(LOG_WARNING, "server",
                 "loops: one loop answers all, because wismo speaks TLS itself; let a proxy speak it");
    return tls || options->loops < 1 ? 1 : options->loops;
}

bool loops_open(struct loops *loops, const struct server_options *options, struct writer *writer,
                struct outbox *outbox, const uint8_t secret[HASH_SIZE], struct error *err) {
    pthread_mutex_init(&loops->desk, NULL);
    loops->visitors = visitors_new();
    loops->count = count_of(options);
    loops->running = 1;
    if (loops->count > 1) {
        loops->limiter = limiter_new(LIMITER_KEYS);
        limiter_share(loops->limiter);
    }
    bool good = true;
    for (int i = 0; good && i < loops->count; i++)
        good = loop_open(loops, i, options, writer, outbox, secret, err);
    if (good)
        writer_after(writer, all_committed, loops);
    good = good && others_run(loops, err);
    if (!good)
        others_end(loops);
    return good;
}

void loops_run(struct loops *loops) {
    loop_run(loops->list[0]);
    others_end(loops);
}

/* All threads but this one have ended; what one loop lets go of may still reach another's mailbox. */
void loops_close(struct loops *loops) {
    for (int i = 0; i < loops->count; i++)
        loop_close(loops->list[i]);
    for (int i = 0; i < loops->count; i++)
        loop_forget(loops->list[i]);
    for (int i = 0; i < loops->count; i++)
        loop_free(loops->list[i]);
    limiter_free(loops->limiter);
    visitors_free(loops->visitors);
    pthread_mutex_destroy(&loops->desk);
}
