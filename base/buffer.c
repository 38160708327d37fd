#include "base/buffer.h"
#include "base/memory.h"
#include "base/print.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_SIZE = 1024 }; /* what the allocator keeps at hand */

static char *moved(struct buffer *buffer, size_t size) {
    if (buffer->arena && buffer->bytes && arena_extend(buffer->arena, buffer->bytes, buffer->size, size))
        return buffer->bytes;
    char *bytes = buffer->arena ? arena_room(buffer->arena, size) : realloc(buffer->bytes, size);
    if (!bytes)
        memory_exhausted();
    if (buffer->arena && buffer->len)
        memcpy(bytes, buffer->bytes, buffer->len);
    return bytes;
}

static void buffer_resize(struct buffer *buffer, size_t size) {
    char *bytes = moved(buffer, size);
    buffer->bytes = bytes;
    buffer->size = size;
}

void buffer_init(struct buffer *buffer, size_t max) {
    buffer_init_in(buffer, NULL, max);
}

void buffer_init_in(struct buffer *buffer, struct arena *arena, size_t max) {
    *buffer = (struct buffer){.max = max, .arena = arena};
    buffer_resize(buffer, max < FIRST_SIZE ? max + 1 : FIRST_SIZE);
    buffer->bytes[0] = '\0';
}

const char *buffer_text(struct buffer *buffer) {
    arena_return(buffer->arena, buffer->bytes, buffer->size, buffer->len + 1);
    buffer->size = buffer->len + 1;
    return buffer->bytes;
}

void buffer_clear(struct buffer *buffer) {
    if (!buffer)
        return;
    if (!buffer->arena)
        free(buffer->bytes);
    *buffer = (struct buffer){0};
}

void buffer_reset(struct buffer *buffer) {
    buffer->len = 0;
    buffer->full = false;
    buffer->bytes[0] = '\0';
}

bool buffer_reserve(struct buffer *buffer, size_t len) {
    if (buffer->full || len > buffer->max - buffer->len) {
        buffer->full = true;
        return false;
    }
    size_t need = buffer->len + len + 1;
    if (need > buffer->size) {
        size_t size = buffer->size * 2 > need ? buffer->size * 2 : need;
        buffer_resize(buffer, size > buffer->max + 1 ? buffer->max + 1 : size);
    }
    return true;
}

void buffer_add(struct buffer *buffer, const char *bytes, size_t len) {
    char *room = buffer_room(buffer, len);
    if (room && len)
        memcpy(room, bytes, len);
}

void buffer_string(struct buffer *buffer, const char *string) {
    if (string)
        buffer_add(buffer, string, strlen(string));
}

void buffer_format(struct buffer *buffer, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    size_t room = buffer->full ? 0 : buffer->size - buffer->len;
    int len = print_args(buffer->bytes + buffer->len, room, format, args);
    if (len >= 0 && (size_t)len < room && buffer_reserve(buffer, (size_t)len))
        buffer->len += (size_t)len;
    else if (len < 0)
        buffer->full = true;
    else if (buffer_reserve(buffer, (size_t)len)) {
        print_args(buffer->bytes + buffer->len, (size_t)len + 1, format, again);
        buffer->len += (size_t)len;
    }
    if (buffer->bytes)
        buffer->bytes[buffer->len] = '\0';
    va_end(again);
    va_end(args);
}
