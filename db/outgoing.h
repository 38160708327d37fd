/* What other systems are still to be told of hand-offs: the part of the store that bot/outbox lives on. Rows
 * come in with a change (change.outgoing); one of each hand-off at a time is taken, tried, and then sent, put
 * off or given up. */
#pragma once
#include "db/store.h"

/* The one that is due for longest among the shop's hand-offs, each of which is told in order. It counts as an
 * attempt and is not given again before `until_ms`, unless store_outgoing_wake says so. MISSING: none is due.
 */
enum found store_outgoing_take(struct store *store, const char *shop, int64_t now_ms, int64_t until_ms,
                               struct arena *arena, struct outgoing *out, struct error *err);
/* The other system has it. covers: what was given up before it is told with it. */
bool store_outgoing_sent(struct store *store, const struct outgoing *sent, bool covers, struct error *err);
bool store_outgoing_put_off(struct store *store, int64_t id, int64_t due_ms, const char *why,
                            struct error *err);
bool store_outgoing_give_up(struct store *store, int64_t id, const char *why, struct error *err);
/* Gives up all that was written before. */
bool store_outgoing_expire(struct store *store, int64_t before_ms, int *count, struct error *err);
/* After a start nothing is under way: what waits is due now. */
bool store_outgoing_wake(struct store *store, int64_t now_ms, struct error *err);
/* What was given up of a hand-off is to be tried again. *count: rows. */
bool store_outgoing_again(struct store *store, const char *handoff, int64_t now_ms, int *count,
                          struct error *err);

/* What the other system calls a thing, and how far it has been told. Value in the arena. */
enum found store_mark(struct store *store, const char *handoff, const char *name, struct arena *arena,
                      const char **value, struct error *err);
bool store_mark_set(struct store *store, const char *handoff, const char *name, const char *value,
                    struct error *err);
/* The shop's hand-off that bears the mark, the newest if several do. */
enum found store_marked(struct store *store, const char *shop, const char *name, const char *value,
                        struct arena *arena, struct handoff_row *out, struct error *err);

/* For health and metrics: a row a target that has something waiting or given up. */
struct outgoing_count {
    const char *target;
    int64_t pending, failed;
    int64_t oldest_ms; /* of the pending ones; 0 none */
};
enum found store_outgoing_counts(struct store *store, struct arena *arena, struct outgoing_count **out,
                                 int *count, struct error *err);
