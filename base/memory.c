#include "base/memory.h"
#include "base/log.h"
#include <stdlib.h>

void memory_exhausted(void) {
    log_line(LOG_ERROR, "base", "out of memory");
    abort();
}
