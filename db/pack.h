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

/* Once something does not fit, `bad` is set and what is read is 0 or "". */
struct packed {
    const char *at, *end;
    bool bad;
};

uint64_t packed_number(struct packed *in);
int64_t packed_signed(struct packed *in);
int packed_count(struct packed *in, uint64_t most); /* of things that take at least a byte each */
const char *packed_text(struct packed *in);

uint32_t pack_check(const char *bytes, size_t len); /* quick, and no secret */
