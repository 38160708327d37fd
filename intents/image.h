/* A thing that was made when wismo was built, as it stood in memory: to have it again is to unpack it and to
 * set its addresses right. Knows not what it is: only that it and all that it points to lie in one piece, and
 * that the program that reads it was compiled with those that wrote it. */
#pragma once
#include "base/arena.h"
#include <stdint.h>

/* The file: this, a bit for each word of the piece, and its words: a byte that tells which of a word's eight
 * bytes follow, and these; the others are 0. Where the bit is set the word is how far from the beginning of
 * the piece something in it stands, and has to become its address. */
struct image_header {
    uint64_t words, thing; /* a multiple of 64; the word where the thing begins */
};

/* The thing, in the arena. NULL: that is no image. */
const void *image_open(const char *bytes, size_t len, struct arena *arena);
