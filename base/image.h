/* A thing that was made when wismo was built, as it stood in memory: to have it again is to unpack it and to
 * set its addresses right. Knows not what it is: only that it and all that it points to lie in one arena, and
 * that the program that reads it was compiled with the one that wrote it. */
#pragma once
#include "base/arena.h"
#include "base/error.h"

/* The thing, in the arena. NULL: that is no image. */
const void *image_open(const char *bytes, size_t len, struct arena *arena);

/* Writes one. `make` makes the thing in an arena, all of it, NULL + error; it is called twice, for two
 * places: what is not alike then are the addresses. For tools of the build. */
bool image_write(const char *path, void *(*make)(void *context, struct arena *arena, struct error *err),
                 void *context, struct error *err);
