/* A malloc that fails once. It is the program's own and goes before all others: every library's allocations
 * come by it. Compiled without sanitizers, for theirs is set up while it is in use. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

void allocator_count(long n); /* the n-th from now on fails; 0: none does */
bool allocator_failed(void);  /* has it? */
/* What never fails and is not counted. */
void *allocator_spare(void *old, size_t size); /* as realloc */
void allocator_spare_free(void *at);
