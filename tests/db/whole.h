/* An order with a value of its own in every field, and the proof that two are equal in all of them. */
#pragma once
#include "base/arena.h"
#include "db/order.h"

struct order *whole_order(struct arena *arena);
void assert_same_order(const struct order *a, const struct order *b);
