/* An order as the JSON that an import reads. */
#pragma once
#include "base/json.h"
#include "db/order.h"

void order_print(struct json_out *out, const char *key, const struct order *order);
