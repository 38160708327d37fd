/* Standard input, a line at a time. Private to bot/cli. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct lines {
    char *text; /* the line, without its end */
    size_t len, size;
    int number; /* from 1 */
};

bool lines_next(struct lines *lines); /* false at the end */
void lines_clear(struct lines *lines);
