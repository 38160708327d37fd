#include "db/cells.h"
#include "base/memory.h"
#include <string.h>

void cells_init(struct cells *cells, struct lines *lines) {
    *cells = (struct cells){.lines = lines};
    buffer_init(&cells->text, 2 * LINES_MAX + 1024);
    buffer_init(&cells->raw, 2 * LINES_MAX + 1024);
}

void cells_clear(struct cells *cells) {
    csv_free(&cells->parser);
    buffer_clear(&cells->text);
    buffer_clear(&cells->raw);
}

static void start_parser(struct cells *cells) {
    csv_free(&cells->parser);
    if (csv_init(&cells->parser, CSV_STRICT) != 0)
        memory_exhausted();
    csv_set_delim(&cells->parser, (unsigned char)cells->delimiter);
}

/* Comma, semicolon or tab: whichever the header has most of, outside quotes. */
static char find_delimiter(const char *line) {
    static const char candidates[] = ",;\t";
    int counts[3] = {0}, best = 0;
    bool quoted = false;
    for (; *line; line++) {
        const char *found = strchr(candidates, *line);
        quoted ^= *line == '"';
        if (found && !quoted)
            counts[found - candidates]++;
    }
    for (int i = 1; i < 3; i++)
        if (counts[i] > counts[best])
            best = i;
    return candidates[best];
}

bool cells_begin(struct cells *cells) {
    struct lines *lines = cells->lines;
    do
        if (!lines_next(lines))
            return false;
    while (strspn(lines->line.bytes, " \t\r\n") == lines->line.len);
    cells->delimiter = find_delimiter(lines->line.bytes);
    buffer_add(&cells->raw, lines->line.bytes, lines->line.len);
    lines_back(lines, cells->raw.bytes, cells->raw.len, lines->number - 1);
    start_parser(cells);
    return true;
}

static void take_cell(void *bytes, size_t len, void *context) {
    struct cells *cells = context;
    if (cells->count < CELLS_MAX) {
        cells->starts[cells->count] = cells->text.len;
        buffer_add(&cells->text, bytes, len);
        buffer_add(&cells->text, "", 1);
    }
    cells->count++;
}

static void end_row(int end, void *context) {
    (void)end;
    ((struct cells *)context)->row_ended = true;
}

static bool blank(char byte) {
    return byte == ' ' || byte == '\t';
}

/* A line without quotes, as libcsv would read it: blanks around a cell are not its own. */
static void cut(struct cells *cells, const char *line, size_t len) {
    while (len && (line[len - 1] == '\n' || line[len - 1] == '\r'))
        len--;
    buffer_add(&cells->text, line, len);
    char *at = cells->text.bytes, *end = at + len;
    for (bool more = true; more; cells->count++) {
        char *stop = memchr(at, cells->delimiter, (size_t)(end - at));
        more = stop;
        if (!stop)
            stop = end;
        char *next = stop + 1;
        while (at < stop && blank(*at))
            at++;
        while (at < stop && blank(stop[-1]))
            stop--;
        *stop = '\0';
        if (cells->count < CELLS_MAX)
            cells->starts[cells->count] = (size_t)(at - cells->text.bytes);
        at = next;
    }
    cells->row_ended = true;
}

/* The first physical line is given up; what followed it within the broken row is read again. */
static enum row_read give_up_line(struct cells *cells) {
    size_t first = strcspn(cells->raw.bytes, "\r\n");
    if (cells->raw.bytes[first] == '\r' && cells->raw.bytes[first + 1] == '\n')
        first++;
    if (first < cells->raw.len)
        first++;
    lines_back(cells->lines, cells->raw.bytes + first, cells->raw.len - first, cells->line);
    cells->raw.len = first;
    cells->raw.bytes[first] = '\0';
    start_parser(cells);
    return ROW_BAD;
}

enum row_read cells_next(struct cells *cells, struct error *why) {
    struct lines *lines = cells->lines;
    buffer_reset(&cells->raw);
    buffer_reset(&cells->text);
    cells->count = 0;
    cells->row_ended = false;
    while (!cells->row_ended) {
        if (!lines_next(lines)) {
            if (!cells->raw.len)
                return ROW_NONE;
            error_set(why, "a quote is opened and never closed");
            return give_up_line(cells);
        }
        const char *line = lines->line.bytes;
        size_t len = lines->line.len;
        if (!cells->raw.len) {
            cells->line = lines->number;
            if (strspn(line, " \t\r\n") == len)
                continue; /* a blank line is no row */
        }
        bool first = !cells->raw.len, ended = len && strchr("\r\n", line[len - 1]);
        size_t start = cells->raw.len;
        buffer_add(&cells->raw, line, len);
        if (!ended)
            buffer_add(&cells->raw, "\n", 1);
        if (lines->over || cells->raw.len > LINES_MAX) {
            error_set(why, "a row may have %d bytes; perhaps a quote is opened and never closed", LINES_MAX);
            return give_up_line(cells);
        }
        const char *from = cells->raw.bytes + start;
        len = cells->raw.len - start;
        if (first && !memchr(from, '"', len))
            cut(cells, from, len);
        else if (csv_parse(&cells->parser, from, len, take_cell, end_row, cells) != len) {
            error_set(why, "a quote stands where none may; quotes inside quotes are doubled");
            return give_up_line(cells);
        }
    }
    return ROW_GOOD;
}

size_t cells_guess(const struct cells *cells, int index, const char **bytes) {
    const char *at = cells->raw.bytes;
    for (int i = 0; i < index; i++) {
        at += strcspn(at, (char[]){cells->delimiter, '\0'});
        if (*at)
            at++;
    }
    *bytes = at;
    return strcspn(at, (char[]){cells->delimiter, '\r', '\n', '\0'});
}
