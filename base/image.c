#include "base/image.h"
#include "base/image_file.h"

/* Half a word, of `len` bytes. */
static inline uint64_t unpack(const unsigned char **at, unsigned len) {
    uint32_t bytes;
    memcpy(&bytes, *at, sizeof bytes);
    *at += len;
    return bytes & (uint32_t)((UINT64_C(1) << 8 * len) - 1);
}

const void *image_open(const char *bytes, size_t len, struct arena *arena) {
    struct image_header header;
    if (len < sizeof header)
        return NULL;
    memcpy(&header, bytes, sizeof header);
    size_t rows = header.words / 64 * sizeof(uint64_t);
    if (header.words % 64 != 0 || header.words > len || header.thing >= header.words ||
        len - sizeof header < rows + header.words + IMAGE_ROW)
        return NULL;
    uint64_t *piece = arena_lines_room(arena, header.words * sizeof *piece), *word = piece;
    const unsigned char *row = (const unsigned char *)bytes + sizeof header, *lens = row + rows,
                        *at = lens + header.words, *end = (const unsigned char *)bytes + len;
    for (; word < piece + header.words && end - at >= IMAGE_ROW; row += sizeof(uint64_t)) {
        uint64_t addresses;
        memcpy(&addresses, row, sizeof addresses);
        for (int i = 0; i < 64; i++, lens++) {
            uint64_t low = unpack(&at, *lens & 7);
            word[i] = low | unpack(&at, *lens >> 4 & 7) << 32;
        }
        for (; addresses; addresses &= addresses - 1)
            word[__builtin_ctzll(addresses)] += (uintptr_t)piece;
        word += 64;
    }
    return word == piece + header.words && end - at == IMAGE_ROW ? piece + header.thing : NULL;
}
