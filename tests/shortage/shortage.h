/* Runs something again and again, each time with another allocation that fails: the first, the second, and so
 * on until none is left to fail. Of our own code, of the C library and of all other libraries but ICU. */
#pragma once
#include "base/error.h"

struct ordeal {
    const char *name;
    void *(*begin)(void); /* what is there before; may be NULL */
    bool (*run)(void *room,
                struct error *err); /* does it and checks what came out; false: err says why not */
    void (*end)(void *room);        /* may be NULL */
};

/* For each n: it is done all the same, or it is refused with an error and done when it is tried once more, or
 * the process ends as base/memory.h says. Nothing else may happen, and nothing may leak. Returns how often an
 * allocation failed; says what is wrong and ends the program otherwise. */
int shortage_run(const struct ordeal *ordeal);
