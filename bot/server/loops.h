/* The loops of a process, a thread each. The first does everything; the others, if there are any, only carry
 * chats. A conversation has one owner, the loop that a hash of its id names: who reaches it from another loop
 * sends letters. What loops share stands here, and immutable snapshots; nothing else. */
#pragma once
#include "bot/server/loop.h"
#include <pthread.h>

struct loops {
    int count;
    struct loop *list[LOOPS_MAX]; /* the first first */
    pthread_t threads[LOOPS_MAX]; /* of the others */
    int running;                  /* … that have been started, the first counted in */
    struct visitors *visitors;
    struct limiter *limiter; /* of all hubs; NULL: there is but one, which has its own */
    pthread_mutex_t
        desk; /* held by the first while hand-offs change, by others while they look for a place */
    atomic_bool desk_watched; /* somebody sits there, who may look at any conversation */
};

/* From zeroed memory of the caller. The others run from now on; the first has the caller's thread. */
bool loops_open(struct loops *loops, const struct server_options *options, struct writer *writer,
                struct outbox *outbox, const uint8_t secret[HASH_SIZE], struct error *err);
void loops_run(struct loops *loops);   /* until all have drained */
void loops_close(struct loops *loops); /* after the writer, whether it has opened or not */

struct loop *loop_first(const struct loop *loop);
/* Whose the conversation is; of a token of resuming too, which begins with its id. */
struct loop *loop_owner(struct loop *loop, const char *id);

/* What one loop tells another: opened on the other's thread, in the order in which it was sent, then freed.
 * live: false at the end of the process, when there is nobody left to tell. */
struct letter {
    struct loop *to;
    struct arena arena;
    void (*open)(struct letter *letter, bool live);
};

/* Zeroed, of `size` bytes, which begin with a struct letter. */
void *letter_new(struct loop *to, size_t size, void (*open)(struct letter *letter, bool live));
void letter_send(struct letter *letter);

/* A round of all loops: `visit` on the thread of each, one after the other, then `done` on the first's, from
 * which it starts. With one loop all of it before the function returns. good: false when the process ended
 * on the way. */
struct round {
    void (*visit)(struct round *round, struct loop *loop);
    void (*done)(struct round *round, bool good); /* frees it */
};
void round_begin(struct round *round, struct loop *first);
