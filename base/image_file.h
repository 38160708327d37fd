/* The file of an image: this, a bit for each word of the piece that the thing lies in, a byte for each word,
 * and its words: of each half, the lower one first, as many of its lower bytes as the four bits of its byte
 * tell; the others are 0. Then IMAGE_ROW bytes of 0, so that a row of 64 words can be read whatever they are
 * told to be. Where the bit is set the word is how far from the beginning of the piece something in it
 * stands, and has to become its address. */
#pragma once
#include <stdint.h>

struct image_header {
    uint64_t words, thing; /* a multiple of 64; the word where the thing begins */
};
enum { IMAGE_ROW = 1024 };
