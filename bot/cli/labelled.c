#include "bot/cli/labelled.h"
#include "base/text.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    enum column column;
} column_names[] = {{"text", COLUMN_TEXT},       {"label", COLUMN_LABEL},        {"our_label", COLUMN_LABEL},
                    {"fine", COLUMN_FINE},       {"fine_label", COLUMN_FINE},    {"lang", COLUMN_LANG},
                    {"channel", COLUMN_CHANNEL}, {"ambiguous", COLUMN_AMBIGUOUS}};

static bool read_header(struct labelled_table *table, char *line, struct error *err) {
    for (int i = 0; i < COLUMNS; i++)
        table->places[i] = -1;
    int place = 0;
    for (char *cell; (cell = strsep(&line, "\t")); place++)
        for (size_t i = 0; i < sizeof column_names / sizeof column_names[0]; i++)
            if (text_is(column_names[i].name, cell) && table->places[column_names[i].column] < 0)
                table->places[column_names[i].column] = place;
    if (table->places[COLUMN_TEXT] >= 0 && table->places[COLUMN_LABEL] >= 0)
        return true;
    return error_set(err,
                     "%s:1: expected a header with the columns text and label (or our_label), between tabs; "
                     "lang, channel, fine and ambiguous are read, too",
                     table->path);
}

static bool read_row(struct labelled_table *table, char *line, int number, struct error *err) {
    struct labelled row = {.tracking = false};
    for (int i = 0; i < COLUMNS; i++)
        row.cells[i] = "";
    char *cell;
    for (int place = 0; (cell = strsep(&line, "\t")); place++)
        for (int i = 0; i < COLUMNS; i++)
            if (table->places[i] == place)
                row.cells[i] = arena_string(table->arena, cell);
    const char *label = row.cells[COLUMN_LABEL];
    row.mixed = text_is(label, "mixed");
    row.tracking = row.mixed || text_is(label, "tracking");
    if (!row.tracking && !text_is(label, "not_tracking"))
        return error_set(err, "%s:%d: label: expected tracking, mixed or not_tracking, found \"%s\"",
                         table->path, number, label);
    if (text_is(row.cells[COLUMN_AMBIGUOUS], "1")) {
        table->ambiguous++;
        return true;
    }
    if (table->count == table->size) {
        int size = table->size ? 2 * table->size : 256;
        struct labelled *rows = realloc(table->rows, (size_t)size * sizeof *rows);
        if (!rows)
            return error_set(err, "%s:%d: out of memory", table->path, number);
        table->rows = rows;
        table->size = size;
    }
    table->rows[table->count++] = row;
    return true;
}

static bool read_lines(struct labelled_table *table, FILE *in, struct error *err) {
    char *line = NULL;
    size_t size = 0;
    bool good = true;
    ssize_t len;
    for (int number = 1; good && (len = getline(&line, &size, in)) >= 0; number++) {
        while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r'))
            line[--len] = '\0';
        char *from = number == 1 && strncmp(line, "\xEF\xBB\xBF", 3) == 0 ? line + 3 : line;
        if (!text_valid(line, (size_t)len))
            good = error_set(err, "%s:%d: expected UTF-8", table->path, number);
        else if (number == 1)
            good = read_header(table, from, err);
        else if (len > 0)
            good = read_row(table, from, number, err);
    }
    if (good && ferror(in))
        good = error_set(err, "cannot read %s: %s", table->path, strerror(errno));
    free(line);
    if (good && table->count == 0)
        return error_set(err, "%s: there is no row to measure with", table->path);
    return good;
}

bool labelled_read(struct labelled_table *table, struct error *err) {
    bool standard = text_is(table->path, "-");
    FILE *in = standard ? stdin : fopen(table->path, "re");
    if (!in)
        return error_set(err, "cannot read %s: %s", table->path, strerror(errno));
    bool good = read_lines(table, in, err);
    if (!standard)
        fclose(in);
    return good;
}
