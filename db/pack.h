/* Numbers and texts packed into bytes, and read again where they stand. Numbers are LEB128, zigzag where they
 * may be negative; a text is its length, its bytes, and a NUL, so that it can be used in its place. Private
 * to this room. */
#pragma once
#include "base/buffer.h"
#include <stdint.h>

enum { PACK_TEXT_MAX = 4 << 20 };

void pack_long(struct buffer *out,
               uint64_t number); /* what pack_number does with one that takes more bytes */
static inline void pack_number(struct buffer *out, uint64_t number) {
    if (number < 0x80)
        buffer_byte(out, (char)number);
    else
        pack_long(out, number);
}
static inline void pack_signed(struct buffer *out, int64_t number) {
    pack_number(out, (uint64_t)number << 1 ^ (uint64_t)(number >> 63));
}
void pack_text(struct buffer *out, const char *text); /* NULL as "" */
/* Its bytes and a NUL alone, and where they stand then (of an arena: what grows leaves its old place as it
 * was). */
static inline const char *pack_string(struct buffer *out, const char *text) {
    size_t size = strlen(text) + 1;
    char *room = buffer_room(out, size);
    return room ? memcpy(room, text, size) : "";
}

/* Once something does not fit, `bad` is set and what is read is 0 or "". */
struct packed {
    const char *at, *end;
    bool bad;
};

/* In the header, so that the place of reading stays in a register. */
uint64_t packed_long(struct packed *in); /* what packed_number does with one of more bytes, or none */
static inline uint64_t packed_number(struct packed *in) {
    if (in->at < in->end && (uint8_t)*in->at < 0x80)
        return (uint8_t)*in->at++;
    struct packed there = *in;
    uint64_t number = packed_long(&there);
    *in = there;
    return number;
}

static inline int64_t packed_signed(struct packed *in) {
    uint64_t number = packed_number(in);
    return (int64_t)(number >> 1 ^ (0 - (number & 1)));
}

static inline int packed_count(struct packed *in, uint64_t most) { /* of things that take at least a byte */
    uint64_t count = packed_number(in);
    if (count <= most && count <= (uint64_t)(in->end - in->at))
        return (int)count;
    in->bad = true;
    return 0;
}

static inline const char *packed_text(struct packed *in) {
    size_t len = (size_t)packed_count(in, PACK_TEXT_MAX);
    const char *text = in->at;
    if (in->bad || (size_t)(in->end - text) <= len || text[len] != '\0') {
        in->bad = true;
        return "";
    }
    in->at += len + 1;
    return text;
}

static inline const char *packed_string(struct packed *in) { /* of pack_string */
    const char *text = in->at, *end = text < in->end ? memchr(text, '\0', (size_t)(in->end - text)) : NULL;
    in->bad |= !end;
    in->at = end ? end + 1 : in->end;
    return end ? text : "";
}

uint32_t pack_check(const char *bytes, size_t len); /* quick, and no secret */
