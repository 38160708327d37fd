/* What happens when memory has run out: the process ends, after a line in the log. A turn that cannot have
 * its few KiB cannot be answered either; what was acknowledged is stored, and whoever watches the process
 * starts it again. */
#pragma once
#include <stddef.h>

/* "out of memory", then abort. */
_Noreturn void memory_exhausted(void);

/* An array of *size items that has room for one more than count; new ones are zeroed. */
void *memory_grown(void *array, int count, int *size, size_t item);

/* From begin to before end: on its way from memory, a line of the processor's cache after the other. */
enum { MEMORY_LINE = 64 };
static inline void memory_fetch(const void *begin, const void *end) {
    for (const char *at = begin; at < (const char *)end; at += MEMORY_LINE)
        __builtin_prefetch(at);
}

/* Gives the system the pages that hold nothing any more; milliseconds where much was freed. */
void memory_give_back(void);
