#include "base/memory.h"
#include "base/log.h"
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

void memory_exhausted(void) {
    log_line(LOG_ERROR, "base", "out of memory");
    abort();
}

void *memory_grown(void *array, int count, int *size, size_t item) {
    enum { FIRST_SIZE = 64 };
    if (count < *size)
        return array;
    size_t before = (size_t)*size * item;
    *size = *size ? *size * 2 : FIRST_SIZE;
    array = realloc(array, (size_t)*size * item);
    if (!array)
        memory_exhausted();
    memset((char *)array + before, 0, (size_t)*size * item - before);
    return array;
}

void memory_give_back(void) {
    malloc_trim(0);
}
