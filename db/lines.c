#include "db/lines.h"
#include <string.h>

void lines_init(struct lines *lines, FILE *in) {
    *lines = (struct lines){.in = in};
    buffer_init(&lines->line, LINES_MAX);
    buffer_init(&lines->back, LINES_MAX);
}

void lines_clear(struct lines *lines) {
    buffer_clear(&lines->line);
    buffer_clear(&lines->back);
}

bool lines_refill(struct lines *lines) {
    if (lines->at < lines->len)
        return true;
    lines->at = 0;
    lines->len = fread(lines->chunk, 1, sizeof lines->chunk, lines->in);
    return lines->len > 0;
}

/* Where the line that begins at `bytes` ends, its end included; 0: not within len bytes. A CR that is the
 * last byte may be half of a CRLF. */
static size_t line_end(const char *bytes, size_t len, bool *open_cr) {
    const char *lf = memchr(bytes, '\n', len);
    const char *cr = memchr(bytes, '\r', lf ? (size_t)(lf - bytes) : len);
    *open_cr = cr == bytes + len - 1;
    if (cr && cr + 1 != lf && !*open_cr)
        return (size_t)(cr - bytes) + 1;
    return lf ? (size_t)(lf - bytes) + 1 : 0;
}

static bool take_back(struct lines *lines) {
    bool open_cr;
    const char *from = lines->back.bytes + lines->back_at;
    size_t len = lines->back.len - lines->back_at;
    if (!len)
        return false;
    size_t end = line_end(from, len, &open_cr);
    buffer_add(&lines->line, from, end ? end : len);
    lines->back_at += end ? end : len;
    return true;
}

bool lines_next(struct lines *lines) {
    bool open_cr = false, any = false;
    buffer_reset(&lines->line);
    lines->over = false;
    lines->number++;
    if (take_back(lines))
        return true;
    while (lines_refill(lines)) {
        const char *from = lines->chunk + lines->at;
        size_t len = lines->len - lines->at;
        any = true;
        if (open_cr && *from != '\n')
            break;
        size_t end = open_cr ? 1 : line_end(from, len, &open_cr);
        buffer_add(&lines->line, from, end ? end : len);
        lines->over |= lines->line.full;
        lines->at += end ? end : len;
        if (end)
            break;
    }
    return any;
}

void lines_back(struct lines *lines, const char *bytes, size_t len, int64_t number) {
    struct buffer again;
    buffer_init(&again, 8 * LINES_MAX);
    buffer_add(&again, bytes, len);
    buffer_add(&again, lines->back.bytes + lines->back_at, lines->back.len - lines->back_at);
    buffer_clear(&lines->back);
    lines->back = again;
    lines->back_at = 0;
    lines->number = number;
}
