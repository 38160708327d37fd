#include "tests/shortage/allocator.h"
#include <errno.h>
#include <stdatomic.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void __libc_free(void *at);
void *__interceptor_malloc(size_t size) __attribute__((weak)); /* a sanitizer's, if there is one */
void *__interceptor_calloc(size_t count, size_t size) __attribute__((weak));
void *__interceptor_realloc(void *old, size_t size) __attribute__((weak));
void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *old, size_t size);

/* The one exception to the rule: an allocator has nowhere else to count. */
static atomic_long left;
static atomic_bool failed;

void allocator_count(long n) {
    atomic_store(&failed, false);
    atomic_store(&left, n);
}

bool allocator_failed(void) {
    return atomic_load(&failed);
}

static bool fails(void) {
    if (atomic_load(&left) <= 0 || atomic_fetch_sub(&left, 1) != 1)
        return false;
    atomic_store(&failed, true);
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size) {
    if (fails())
        return NULL;
    return __interceptor_malloc ? __interceptor_malloc(size) : __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    if (fails())
        return NULL;
    return __interceptor_calloc ? __interceptor_calloc(count, size) : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size) {
    if (fails())
        return NULL;
    return __interceptor_realloc ? __interceptor_realloc(old, size) : __libc_realloc(old, size);
}

void *allocator_spare(void *old, size_t size) {
    return __libc_realloc(old, size);
}

void allocator_spare_free(void *at) {
    __libc_free(at);
}
