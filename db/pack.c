#include "db/pack.h"
#include <string.h>

enum { NUMBER_MAX = 10 }; /* of bytes */

static size_t number_size(uint64_t number) {
    size_t size = 1;
    for (; number >= 0x80; number >>= 7)
        size++;
    return size;
}

static char *write_number(char *to, uint64_t number) {
    for (; number >= 0x80; number >>= 7)
        *to++ = (char)(number | 0x80);
    *to++ = (char)number;
    return to;
}

void pack_long(struct buffer *out, uint64_t number) {
    char *room = buffer_room(out, NUMBER_MAX);
    if (!room)
        return;
    char *end = write_number(room, number);
    out->len -= (size_t)(room + NUMBER_MAX - end);
    *end = '\0';
}

void pack_text(struct buffer *out, const char *text) {
    size_t len = text ? strlen(text) : 0;
    char *room = buffer_room(out, number_size(len) + len + 1);
    if (room)
        memcpy(write_number(room, len), text ? text : "", len + 1);
}

uint64_t packed_long(struct packed *in) {
    uint64_t number = 0;
    for (int shift = 0; shift < 64 && in->at < in->end; shift += 7) {
        uint8_t byte = (uint8_t)*in->at++;
        number |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return number;
    }
    in->bad = true;
    return 0;
}

uint32_t pack_check(const char *bytes, size_t len) {
    uint64_t hash = 0x9e3779b97f4a7c15u ^ len;
    for (; len >= 8; bytes += 8, len -= 8) {
        uint64_t word;
        memcpy(&word, bytes, 8);
        hash = (hash ^ word) * 0xff51afd7ed558ccdu;
        hash ^= hash >> 32;
    }
    uint64_t rest = 0;
    memcpy(&rest, bytes, len);
    hash = (hash ^ rest) * 0xff51afd7ed558ccdu;
    return (uint32_t)(hash ^ hash >> 32);
}
