/* What is counted, as Prometheus reads it (text format 0.0.4). Labels are few and of our own making:
 * channels, intents, kinds of answers, targets; never an order, a customer or an address. Belongs to one
 * loop. */
#pragma once
#include "base/buffer.h"
#include "bot/hub/hub.h"

struct census;
struct loop;
struct metrics;

struct metrics *metrics_new(void);
void metrics_free(struct metrics *metrics);
/* A change has been stored, and what it says is told. */
void metrics_stored(struct metrics *metrics, const struct brain *brain, const struct change *change,
                    int64_t took_us);
/* A WebSocket was refused with this status. */
void metrics_refused(struct metrics *metrics, unsigned status);
void metrics_add(struct metrics *metrics, const struct metrics *more);
/* On the first loop's thread. */
void metrics_print(const struct census *census, struct loop *loop, struct buffer *out);
