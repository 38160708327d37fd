/* A file's physical lines, ended by LF, CRLF or CR, with their numbers. Private to this room. */
#pragma once
#include "base/buffer.h"
#include <stdint.h>
#include <stdio.h>

enum { LINES_MAX = 1 << 20 /* bytes of one line; of one row, newlines in quotes included */ };

struct lines {
    FILE *in;
    char chunk[65536];
    size_t at, len;
    struct buffer line; /* with its end, when it had one */
    struct buffer back; /* read again before the rest of the file */
    size_t back_at;
    int64_t number; /* of `line`, from 1 */
    bool over;      /* longer than LINES_MAX: the line is cut */
};

void lines_init(struct lines *lines, FILE *in);
void lines_clear(struct lines *lines);
/* False: the file has no more of them. */
bool lines_next(struct lines *lines);
/* Reads these bytes again next, as the lines that follow line `number`. */
void lines_back(struct lines *lines, const char *bytes, size_t len, int64_t number);
/* What of the file stands in `chunk` from `at` on: at least its beginning before the first line is read. */
bool lines_refill(struct lines *lines);
