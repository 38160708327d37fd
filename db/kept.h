/* Cards of orders that were looked up lately, kept in memory for whoever asks about the same order again.
 * They are used only as long as nobody can have written an order: every commit, of any process, moves a
 * counter in the index of the log, and the writer says which of these commits were its own and wrote
 * conversations only. */
#pragma once
#include "db/store.h"
#include <stdatomic.h>

/* The counter before the first and after the last of the writer's commits that follow each other: two halves.
 */
struct quiet {
    _Atomic uint64_t span;
};

/* The writer's connection says from now on what it commits; the other one keeps cards by it. Both must live
 * as long as `quiet` is read. */
void store_tell_quiet(struct store *store, struct quiet *quiet);
void store_keep(struct store *store, const struct quiet *quiet);

/* store_orders of orders that the customer may see. Not for tries at proof: what is kept is found sooner, and
 * so would tell that it exists. These are always read; one that has proved what it should is kept for the
 * questions that follow, if it is told before anything else is looked up. */
enum found store_orders_kept(struct store *store, const struct order_query *query, struct arena *arena,
                             struct order_list *out, struct error *err);
enum found store_orders_tried(struct store *store, const struct order_query *query, struct arena *arena,
                              struct order_list *out, struct error *err);
void store_order_proved(struct store *store, const struct order *order);
