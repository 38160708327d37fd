/* Memory that lives as long as a turn: many small pieces, one reset, no free.
 *
 * Out of memory ends the process (abort with one log line): a turn that cannot allocate its few KiB cannot be
 * answered and the customer's conversation is safe in the database. */
#pragma once
#include <stdalign.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Under the address sanitizer a red zone follows each piece, so that an overrun is found where it happens. */
#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define ARENA_GUARDED 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define ARENA_GUARDED 1
#endif

struct arena_block;
struct arena {
    struct arena_block *head;
    char *next, *end;
    bool lasting;
};

void arena_init(struct arena *arena); /* allocates nothing yet */
/* Of megabytes that are looked up here and there for as long as the process lives: in pages of two, where the
 * system has them. */
void arena_init_lasting(struct arena *arena);
void arena_clear(struct arena *arena);
void arena_reset(struct arena *arena); /* keeps the block it is in */

void *arena_more(struct arena *arena, size_t size); /* what arena_room does where its block is full */
/* Not zeroed, aligned for any type. */
static inline void *arena_room(struct arena *arena, size_t size) {
#ifndef ARENA_GUARDED
    size_t left = (size_t)(arena->end - arena->next),
           need = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    if (size < left && need <= left) {
        char *piece = arena->next;
        arena->next += need;
        return piece;
    }
#endif
    return arena_more(arena, size);
}
/* Zeroed. */
static inline void *arena_alloc(struct arena *arena, size_t size) {
    return memset(arena_room(arena, size), 0, size);
}
enum { ARENA_LINE = 64 };
/* From where a line of the processor's cache begins. */
void *arena_lines_room(struct arena *arena, size_t size);
static inline void *arena_lines(struct arena *arena, size_t size) { /* zeroed */
    return memset(arena_lines_room(arena, size), 0, size);
}
/* Of a piece of `size` bytes only `used` are needed; the rest goes back when nothing was taken after it. */
void arena_return(struct arena *arena, char *piece, size_t size, size_t used);
/* Makes it longer where it stands; false when something was taken after it, or its block is full. */
bool arena_extend(struct arena *arena, char *piece, size_t size, size_t wanted);
char *arena_copy(struct arena *arena, const char *bytes, size_t len); /* NUL-terminated copy */
/* What malloc gave, moved into the arena; NULL stays. */
void *arena_take(struct arena *arena, void *bytes, size_t len);
char *arena_string(struct arena *arena, const char *string); /* NULL gives NULL */
char *arena_format(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_alloc((arena), sizeof(type) * (count)))
