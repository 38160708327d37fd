/* A byte buffer that grows up to a stated maximum. Over it, `full` is set, nothing more is added, and the
 * caller asks once at the end. Always NUL-terminated, so that `bytes` is a C string when no NUL was added. */
#pragma once
#include "base/arena.h"
#include <stdbool.h>

struct buffer {
    char *bytes; /* never NULL after init */
    size_t len, size, max;
    bool full;
    struct arena *arena; /* whose memory it is; NULL: its own */
};

void buffer_init(struct buffer *buffer, size_t max);
/* In an arena: nothing to clear, and what buffer_text gives lives as long as the arena. */
void buffer_init_in(struct buffer *buffer, struct arena *arena, size_t max);
const char *buffer_text(struct buffer *buffer); /* the end of it: the room that is left goes back */
void buffer_clear(struct buffer *buffer);       /* frees; buffer_init again before use */
void buffer_reset(struct buffer *buffer);       /* empties, keeps the memory */

void buffer_add(struct buffer *buffer, const char *bytes, size_t len);
/* Room for len more bytes and the NUL; false when that would be over the maximum. */
bool buffer_reserve(struct buffer *buffer, size_t len);
/* Adds len bytes that the caller fills in; NULL when they do not fit. */
static inline char *buffer_room(struct buffer *buffer, size_t len) {
    bool fits = !buffer->full && len < buffer->size - buffer->len; /* the size is at most the maximum and 1 */
    if (!fits && !buffer_reserve(buffer, len))
        return NULL;
    char *room = buffer->bytes + buffer->len;
    buffer->len += len;
    room[len] = '\0';
    return room;
}
static inline void buffer_byte(struct buffer *buffer, char byte) {
    char *room = buffer_room(buffer, 1);
    if (room)
        *room = byte;
}
void buffer_string(struct buffer *buffer, const char *string);
void buffer_format(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
