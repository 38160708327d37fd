/* What the system says of this process, under the names that Prometheus' clients give it. */
#pragma once
#include "base/buffer.h"

void process_print(struct buffer *out);
