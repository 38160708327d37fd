/* The values that numbers in words may have. */
#pragma once
#include "intents/run.h"

enum { VALUES = 48 };

struct values {
    struct value {
        int words, value;
    } list[VALUES];
    int count;
};

/* Adds those that begin at `at`. */
void values_read(const struct run *run, int at, struct values *out);
