#include "tests/db/card_sign.h"
#include <stdint.h>
#include <string.h>

/* As card.c computes it. */
void card_sign(char *bytes, size_t len) {
    const char *at = bytes;
    size_t left = len - 4;
    uint64_t hash = 0x9e3779b97f4a7c15u ^ left, rest = 0;
    for (; left >= 8; at += 8, left -= 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        hash = (hash ^ word) * 0xff51afd7ed558ccdu;
        hash ^= hash >> 32;
    }
    memcpy(&rest, at, left);
    hash = (hash ^ rest) * 0xff51afd7ed558ccdu;
    uint32_t check = (uint32_t)(hash ^ hash >> 32);
    memcpy(bytes + len - 4, &check, 4);
}
