/* Memory that lives as long as a turn: many small pieces, one reset, no free.
 *
 * Out of memory ends the process (abort with one log line): a turn that cannot allocate its few KiB cannot be
 * answered and the customer's conversation is safe in the database. */
#pragma once
#include <stdarg.h>
#include <stddef.h>

struct arena_block;
struct arena {
    struct arena_block *head;
    char *next, *end;
};

void arena_init(struct arena *arena); /* allocates nothing yet */
void arena_clear(struct arena *arena);
void arena_reset(struct arena *arena); /* keeps the block it is in */

void *arena_alloc(struct arena *arena, size_t size); /* zeroed, aligned for any type */
void *arena_room(struct arena *arena, size_t size);  /* not zeroed */
/* Of a piece of `size` bytes only `used` are needed; the rest goes back when nothing was taken after it. */
void arena_return(struct arena *arena, char *piece, size_t size, size_t used);
char *arena_copy(struct arena *arena, const char *bytes, size_t len); /* NUL-terminated copy */
char *arena_string(struct arena *arena, const char *string);          /* NULL gives NULL */
char *arena_format(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_alloc((arena), sizeof(type) * (count)))
