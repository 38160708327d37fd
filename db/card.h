/* The card of an order: the whole of it packed into one row, so that an answer is one read. Knows no
 * database.
 *
 * When an order was last written is not on its card: two cards are equal when the orders are. */
#pragma once
#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "db/order.h"

enum { CARD_MAX = 4 << 20 };

void card_pack(struct buffer *out,
               const struct order *order); /* appends; `full` when it is over the buffer's maximum */

/* The strings point into a copy of the card in the arena. NULL + error when the bytes are damaged or of a
 * newer layout. */
struct order *card_unpack(const void *bytes, size_t len, struct arena *arena, struct error *err);
/* The same of what card_pack has made in this process: its check is not looked at. */
struct order *card_read(const void *bytes, size_t len, struct arena *arena, struct error *err);
