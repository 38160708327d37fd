/* The file of an image: this, a bit for each word of the piece that the thing lies in, and its words: a byte
 * that tells which of a word's eight bytes follow, and these; the others are 0. Where the bit is set the word
 * is how far from the beginning of the piece something in it stands, and has to become its address. */
#pragma once
#include <stdint.h>

struct image_header {
    uint64_t words, thing; /* a multiple of 64; the word where the thing begins */
};
