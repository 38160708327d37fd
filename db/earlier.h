/* The keys of the orders of one file so far, as hashes: to know orders that come back. Two keys may rarely
 * count as one. Private to import*.c. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct earlier {
    uint64_t *slots;
    size_t size, count;
};

bool earlier_add(struct earlier *earlier, const char *key); /* true: it was there before */
void earlier_clear(struct earlier *earlier);
