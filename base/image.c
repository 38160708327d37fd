#include "base/image.h"
#include "base/image_file.h"

static const unsigned char *unpack(const unsigned char *at, uint64_t *out) {
    uint64_t word = 0;
    for (unsigned which = *at++; which; which &= which - 1)
        word |= (uint64_t)*at++ << 8 * __builtin_ctz(which);
    *out = word;
    return at;
}

const void *image_open(const char *bytes, size_t len, struct arena *arena) {
    struct image_header header;
    if (len < sizeof header)
        return NULL;
    memcpy(&header, bytes, sizeof header);
    size_t rows = header.words / 64 * sizeof(uint64_t);
    if (header.words % 64 != 0 || header.words > len || header.thing >= header.words ||
        len - sizeof header < rows + header.words)
        return NULL;
    uint64_t *piece = arena_room(arena, header.words * sizeof *piece), *word = piece;
    const unsigned char *row = (const unsigned char *)bytes + sizeof header, *at = row + rows,
                        *end = (const unsigned char *)bytes + len;
    for (; word < piece + header.words && end - at >= 64; row += sizeof(uint64_t)) {
        uint64_t addresses;
        memcpy(&addresses, row, sizeof addresses);
        for (int i = 0; i < 64; i++)
            at = unpack(at, &word[i]);
        for (; addresses; addresses &= addresses - 1)
            word[__builtin_ctzll(addresses)] += (uintptr_t)piece;
        word += 64;
    }
    return word == piece + header.words && at == end ? piece + header.thing : NULL;
}
