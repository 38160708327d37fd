/* How well are messages understood that people have labelled? */
#include "base/text.h"
#include "bot/cli/cli.h"
#include "bot/cli/mind.h"
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { KINDS = KIND_HUMAN + 1, SCORES = 10, OUT_MAX = 64 << 20 };

/* ---- the file: a header, then a row a line; no quoting, since a text may contain any quote ---- */

enum column {
    COLUMN_TEXT,
    COLUMN_LABEL,
    COLUMN_FINE,
    COLUMN_LANG,
    COLUMN_CHANNEL,
    COLUMN_AMBIGUOUS,
    COLUMNS
};
static const struct {
    const char *name;
    enum column column;
} column_names[] = {{"text", COLUMN_TEXT},       {"label", COLUMN_LABEL},        {"our_label", COLUMN_LABEL},
                    {"fine", COLUMN_FINE},       {"fine_label", COLUMN_FINE},    {"lang", COLUMN_LANG},
                    {"channel", COLUMN_CHANNEL}, {"ambiguous", COLUMN_AMBIGUOUS}};

struct labelled {
    const char *cells[COLUMNS]; /* "" where the file has no such column */
    bool tracking, mixed;
};

struct table {
    struct arena *arena;
    const char *path;
    struct labelled *rows;
    int count, size, ambiguous;
    int places[COLUMNS]; /* which cell of a line; -1: the file has no such column */
};

static bool read_header(struct table *table, char *line, struct error *err) {
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

static bool read_row(struct table *table, char *line, int number, struct error *err) {
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

static bool read_lines(struct table *table, FILE *in, struct error *err) {
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
    free(line);
    if (good && table->count == 0)
        return error_set(err, "%s: there is no row to measure with", table->path);
    return good;
}

static bool read_table(struct table *table, struct error *err) {
    bool standard = text_is(table->path, "-");
    FILE *in = standard ? stdin : fopen(table->path, "re");
    if (!in)
        return error_set(err, "cannot read %s: %s", table->path, strerror(errno));
    bool good = read_lines(table, in, err);
    if (!standard)
        fclose(in);
    return good;
}

/* ---- counts ---- */

struct tally {
    int hits, falses, misses, rejections; /* read as tracking: rightly, wrongly; not: wrongly, rightly */
};

struct group { /* the rows of one language, one channel, or of both; "" takes all */
    const char *lang, *channel;
    struct tally tally;
};

struct fine_row {
    const char *label, *fine;
    int kinds[KINDS], count;
};

struct bin {
    int count, right;
    double sum;
};

struct measure {
    struct arena *arena;
    struct group *groups;
    int group_count;
    struct fine_row *fines;
    int fine_count;
    struct bin bins[SCORES];
    int mixed, mixed_whole; /* of which the request for a person was read, too */
    int locales, locales_right;
};

struct interval {
    double value, low, high;
};

/* Wilson's interval of a share, 95 %. */
static struct interval share_of(int part, int whole) {
    const double z = 1.959964, n = whole;
    if (whole == 0)
        return (struct interval){NAN, NAN, NAN};
    double p = part / n, middle = (p + z * z / (2 * n)) / (1 + z * z / n);
    double half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    return (struct interval){p, fmax(0, middle - half), fmin(1, middle + half)};
}

/* hits / (hits + falses + misses) is a share, and F1 grows with it. */
static struct interval f1_of(const struct tally *tally) {
    struct interval share = share_of(tally->hits, tally->hits + tally->falses + tally->misses);
    return (struct interval){2 * share.value / (1 + share.value), 2 * share.low / (1 + share.low),
                             2 * share.high / (1 + share.high)};
}

enum { FIGURES = 4 };
static const char *const figure_names[FIGURES] = {"precision", "recall", "f1", "false_answers"};
static void figures_of(const struct tally *tally, struct interval out[FIGURES]) {
    out[0] = share_of(tally->hits, tally->hits + tally->falses);
    out[1] = share_of(tally->hits, tally->hits + tally->misses);
    out[2] = f1_of(tally);
    out[3] = share_of(tally->falses, tally->falses + tally->rejections);
}

static void count_in_group(struct measure *measure, const char *lang, const char *channel, bool tracking,
                           bool read) {
    int at = 0;
    while (at < measure->group_count &&
           !(text_is(measure->groups[at].lang, lang) && text_is(measure->groups[at].channel, channel)))
        at++;
    if (at == measure->group_count)
        measure->groups[measure->group_count++] = (struct group){.lang = lang, .channel = channel};
    struct tally *tally = &measure->groups[at].tally;
    (*(tracking ? read ? &tally->hits : &tally->misses : read ? &tally->falses : &tally->rejections))++;
}

static void count_fine(struct measure *measure, const struct labelled *row, enum kind kind) {
    int at = 0;
    while (at < measure->fine_count && !(text_is(measure->fines[at].label, row->cells[COLUMN_LABEL]) &&
                                         text_is(measure->fines[at].fine, row->cells[COLUMN_FINE])))
        at++;
    if (at == measure->fine_count)
        measure->fines[measure->fine_count++] =
            (struct fine_row){.label = row->cells[COLUMN_LABEL], .fine = row->cells[COLUMN_FINE]};
    measure->fines[at].kinds[kind]++;
    measure->fines[at].count++;
}

static bool asks_a_person(const struct reading *reading) {
    for (int i = 0; i < reading->count; i++)
        if (reading->intents[i].intent->kind == KIND_HUMAN || reading->intents[i].intent->kind == KIND_ACTION)
            return true;
    return false;
}

static void count_row(struct measure *measure, const struct labelled *row, const struct reading *reading) {
    const char *lang = row->cells[COLUMN_LANG], *channel = row->cells[COLUMN_CHANNEL];
    bool read = reading->kind == KIND_TRACK;
    count_in_group(measure, "", "", row->tracking, read);
    if (lang[0])
        count_in_group(measure, lang, "", row->tracking, read);
    if (channel[0])
        count_in_group(measure, "", channel, row->tracking, read);
    if (lang[0] && channel[0])
        count_in_group(measure, lang, channel, row->tracking, read);
    count_fine(measure, row, reading->kind);
    measure->locales += lang[0] != 0;
    measure->locales_right += lang[0] && strncmp(reading->locale, lang, 2) == 0;
    measure->mixed += row->mixed;
    measure->mixed_whole += row->mixed && read && asks_a_person(reading);
    if (reading->count) {
        int bin = (int)(reading->intents[0].score * SCORES);
        struct bin *in = &measure->bins[bin < SCORES ? bin : SCORES - 1];
        in->count++;
        in->sum += reading->intents[0].score;
        in->right += read == row->tracking;
    }
}

static int compare_groups(const void *a, const void *b) {
    const struct group *x = a, *y = b;
    int classes =
        ((x->lang[0] != 0) + 2 * (x->channel[0] != 0)) - ((y->lang[0] != 0) + 2 * (y->channel[0] != 0));
    int langs = strcmp(x->lang, y->lang);
    return classes ? classes : langs ? langs : strcmp(x->channel, y->channel);
}

static int compare_fines(const void *a, const void *b) {
    const struct fine_row *x = a, *y = b;
    int labels = strcmp(y->label, x->label);
    return labels ? labels : y->count != x->count ? y->count - x->count : strcmp(x->fine, y->fine);
}

/* ---- telling ---- */

static const char *interval_text(struct arena *arena, struct interval interval, bool percent) {
    if (isnan(interval.value))
        return "–";
    double by = percent ? 100 : 1;
    return arena_format(arena, percent ? "%.1f %% (%.1f–%.1f)" : "%.3f (%.3f–%.3f)", interval.value * by,
                        interval.low * by, interval.high * by);
}

/* The table is Markdown, so that it can go into a document as it is. */
static void print_groups(struct measure *measure) {
    puts("| | rows | tracking | precision | recall | F1 | false answers |\n|---|--:|--:|---|---|---|---|");
    for (int i = 0; i < measure->group_count; i++) {
        const struct group *group = &measure->groups[i];
        const struct tally *tally = &group->tally;
        struct interval figures[FIGURES];
        figures_of(tally, figures);
        int tracking = tally->hits + tally->misses;
        printf("| %s%s%s | %d | %d | %s | %s | %s | %s |\n", group->lang,
               group->lang[0] && group->channel[0]     ? " "
               : !group->lang[0] && !group->channel[0] ? "all"
                                                       : "",
               group->channel, tracking + tally->falses + tally->rejections, tracking,
               interval_text(measure->arena, figures[0], false),
               interval_text(measure->arena, figures[1], false),
               interval_text(measure->arena, figures[2], false),
               interval_text(measure->arena, figures[3], true));
    }
}

static void print_fines(const struct measure *measure) {
    printf("\n| meant | fine | rows |");
    for (int kind = 0; kind < KINDS; kind++)
        printf(" %s |", kind_name((enum kind)kind));
    printf("\n|---|---|--:|");
    for (int i = 0; i < KINDS; i++)
        printf("--:|");
    puts("");
    for (int i = 0; i < measure->fine_count; i++) {
        const struct fine_row *row = &measure->fines[i];
        printf("| %s | %s | %d |", row->label, row->fine, row->count);
        for (int kind = 0; kind < KINDS; kind++)
            printf(row->kinds[kind] ? " %d |" : " |", row->kinds[kind]);
        puts("");
    }
}

static void print_measure(struct measure *measure, const struct table *table) {
    printf("%s: %d rows", table->path, table->count);
    if (table->ambiguous)
        printf(", %d ambiguous ones left out", table->ambiguous);
    puts("\n");
    print_groups(measure);
    print_fines(measure);
    puts("\n| score | rows | mean score | right |\n|---|--:|--:|--:|");
    for (int i = 0; i < SCORES; i++)
        if (measure->bins[i].count)
            printf("| %.1f–%.1f | %d | %.3f | %.3f |\n", (double)i / SCORES, (double)(i + 1) / SCORES,
                   measure->bins[i].count, measure->bins[i].sum / measure->bins[i].count,
                   (double)measure->bins[i].right / measure->bins[i].count);
    if (measure->mixed)
        printf("\nmixed: in %d of %d tracking and the request for a person were both read\n",
               measure->mixed_whole, measure->mixed);
    if (measure->locales)
        printf("language: recognised in %d of %d\n", measure->locales_right, measure->locales);
}

static void json_interval(struct json_out *out, const char *key, struct interval interval) {
    json_open(out, key, '[');
    if (!isnan(interval.value)) {
        json_decimal(out, NULL, interval.value);
        json_decimal(out, NULL, interval.low);
        json_decimal(out, NULL, interval.high);
    }
    json_close(out, ']');
}

static void json_groups(struct json_out *out, const struct measure *measure) {
    json_open(out, "groups", '[');
    for (int i = 0; i < measure->group_count; i++) {
        const struct group *group = &measure->groups[i];
        struct interval figures[FIGURES];
        figures_of(&group->tally, figures);
        json_open(out, NULL, '{');
        json_text(out, "lang", group->lang);
        json_text(out, "channel", group->channel);
        json_number(out, "hits", group->tally.hits);
        json_number(out, "falses", group->tally.falses);
        json_number(out, "misses", group->tally.misses);
        json_number(out, "rejections", group->tally.rejections);
        for (int j = 0; j < FIGURES; j++)
            json_interval(out, figure_names[j], figures[j]);
        json_close(out, '}');
    }
    json_close(out, ']');
}

static void json_fines(struct json_out *out, const struct measure *measure) {
    json_open(out, "confusion", '[');
    for (int i = 0; i < measure->fine_count; i++) {
        const struct fine_row *row = &measure->fines[i];
        json_open(out, NULL, '{');
        json_text(out, "label", row->label);
        json_text(out, "fine", row->fine);
        for (int kind = 0; kind < KINDS; kind++)
            json_number(out, kind_name((enum kind)kind), row->kinds[kind]);
        json_close(out, '}');
    }
    json_close(out, ']');
}

static void json_bins(struct json_out *out, const struct measure *measure) {
    json_open(out, "scores", '[');
    for (int i = 0; i < SCORES; i++) {
        json_open(out, NULL, '{');
        json_decimal(out, "from", (double)i / SCORES);
        json_number(out, "rows", measure->bins[i].count);
        json_number(out, "right", measure->bins[i].right);
        json_decimal(out, "mean", measure->bins[i].count ? measure->bins[i].sum / measure->bins[i].count : 0);
        json_close(out, '}');
    }
    json_close(out, ']');
}

static void json_measure(const struct measure *measure, const struct table *table) {
    struct buffer buffer;
    buffer_init(&buffer, OUT_MAX);
    struct json_out out = {&buffer, false};
    json_open(&out, NULL, '{');
    json_text(&out, "file", table->path);
    json_number(&out, "rows", table->count);
    json_number(&out, "ambiguous", table->ambiguous);
    json_groups(&out, measure);
    json_fines(&out, measure);
    json_bins(&out, measure);
    json_number(&out, "mixed", measure->mixed);
    json_number(&out, "mixed_whole", measure->mixed_whole);
    json_number(&out, "languages", measure->locales);
    json_number(&out, "languages_right", measure->locales_right);
    json_close(&out, '}');
    puts(buffer.bytes);
    buffer_clear(&buffer);
}

static void write_wrong(FILE *wrong, const struct labelled *row, const struct reading *reading) {
    const struct read_intent *best = &reading->intents[0];
    fprintf(wrong, "%s", reading->kind == KIND_TRACK ? "false" : "missed");
    for (int i = 0; i < COLUMN_AMBIGUOUS; i++)
        fprintf(wrong, "\t%s", row->cells[i]);
    fprintf(wrong, "\t%s\t%s\t%.3f\t%s\t%s\n", kind_name(reading->kind),
            reading->count ? best->intent->name : "", reading->count ? best->score : 0,
            reading->count ? best->rule : "", reading->folded);
}

/* ---- the verb ---- */

static void measure_rows(struct measure *measure, const struct table *table, const struct mind *mind,
                         const struct read_options *given, FILE *wrong) {
    struct arena arena;
    arena_init(&arena);
    for (int i = 0; i < table->count; i++) {
        const struct labelled *row = &table->rows[i];
        const char *channel = row->cells[COLUMN_CHANNEL];
        struct read_options options = *given;
        struct reading reading;
        options.voice = text_is(channel, "phone") || text_is(channel, "voice");
        intents_read(mind->reader, row->cells[COLUMN_TEXT], &options, &arena, &reading);
        count_row(measure, row, &reading);
        if (wrong && (reading.kind == KIND_TRACK) != row->tracking)
            write_wrong(wrong, row, &reading);
        arena_reset(&arena);
    }
    arena_clear(&arena);
    qsort(measure->groups, (size_t)measure->group_count, sizeof *measure->groups, compare_groups);
    qsort(measure->fines, (size_t)measure->fine_count, sizeof *measure->fines, compare_fines);
}

static bool measure_file(struct settings *settings, struct table *table, const struct mind *mind,
                         struct error *err) {
    struct read_options options = mind_read_options(settings->shop, NULL, cli_now_ms(settings));
    if (settings->locale[0])
        options.locale = settings->locale;
    FILE *wrong = NULL;
    if (settings->wrong[0] && !(wrong = fopen(settings->wrong, "we")))
        return error_set(err, "cannot write the wrong rows to %s: %s", settings->wrong, strerror(errno));
    if (wrong)
        fputs("error\ttext\tlabel\tfine\tlang\tchannel\tkind\tintent\tscore\trule\tseen\n", wrong);
    struct measure measure = {.arena = table->arena,
                              .groups = ARENA_ARRAY(table->arena, struct group, 3 * (size_t)table->count + 1),
                              .fines = ARENA_ARRAY(table->arena, struct fine_row, (size_t)table->count)};
    measure_rows(&measure, table, mind, &options, wrong);
    if (settings->json)
        json_measure(&measure, table);
    else
        print_measure(&measure, table);
    if (wrong && fclose(wrong) != 0)
        return error_set(err, "cannot write %s: %s", settings->wrong, strerror(errno));
    return true;
}

enum exit_status eval_run(struct settings *settings) {
    struct error err = {""};
    struct mind mind = {0};
    if (settings->argument_count != 1)
        return cli_usage(VERB_EVAL,
                         settings->argument_count ? "takes one FILE, found \"%s\" too"
                                                  : "expected a FILE, or - for standard input%s",
                         settings->argument_count ? settings->arguments[1] : "");
    struct table table = {.arena = &settings->arena, .path = settings->arguments[0]};
    bool good = read_table(&table, &err) && mind_open_reader(&mind, settings, &err) &&
                measure_file(settings, &table, &mind, &err);
    mind_close(&mind);
    free(table.rows);
    return good ? EXIT_DONE : cli_fail(VERB_EVAL, &err);
}
