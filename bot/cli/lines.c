#include "bot/cli/lines.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>

bool lines_next(struct lines *lines) {
    ssize_t len = getline(&lines->text, &lines->size, stdin);
    if (len < 0)
        return false;
    while (len > 0 && (lines->text[len - 1] == '\n' || lines->text[len - 1] == '\r'))
        lines->text[--len] = 0;
    lines->len = (size_t)len;
    lines->number++;
    return true;
}

void lines_clear(struct lines *lines) {
    free(lines->text);
    *lines = (struct lines){0};
}
