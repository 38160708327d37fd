/* How well are messages understood that people have labelled? */
#include "base/text.h"
#include "bot/cli/cli.h"
#include "bot/cli/measure.h"
#include "bot/cli/mind.h"
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { OUT_MAX = 64 << 20 };

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
        measure_figures(tally, figures);
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

static void print_measure(struct measure *measure, const struct labelled_table *table) {
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
        measure_figures(&group->tally, figures);
        json_open(out, NULL, '{');
        json_text(out, "lang", group->lang);
        json_text(out, "channel", group->channel);
        json_number(out, "hits", group->tally.hits);
        json_number(out, "falses", group->tally.falses);
        json_number(out, "misses", group->tally.misses);
        json_number(out, "rejections", group->tally.rejections);
        for (int j = 0; j < FIGURES; j++)
            json_interval(out, measure_figure_names[j], figures[j]);
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

static void json_measure(const struct measure *measure, const struct labelled_table *table) {
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

static void measure_rows(struct measure *measure, const struct labelled_table *table, const struct mind *mind,
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
        measure_count(measure, row, &reading);
        if (wrong && (reading.kind == KIND_TRACK) != row->tracking)
            write_wrong(wrong, row, &reading);
        arena_reset(&arena);
    }
    arena_clear(&arena);
    measure_sort(measure);
}

static bool measure_file(struct settings *settings, struct labelled_table *table, const struct mind *mind,
                         struct error *err) {
    struct read_options options = mind_read_options(settings->shop, NULL, cli_now_ms(settings));
    if (settings->locale[0])
        options.locale = settings->locale;
    FILE *wrong = NULL;
    if (settings->wrong[0] && !(wrong = fopen(settings->wrong, "we")))
        return error_set(err, "cannot write the wrong rows to %s: %s", settings->wrong, strerror(errno));
    if (wrong)
        fputs("error\ttext\tlabel\tfine\tlang\tchannel\tkind\tintent\tscore\trule\tseen\n", wrong);
    struct measure measure;
    measure_init(&measure, table->arena, table->count);
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
    struct labelled_table table = {.arena = &settings->arena, .path = settings->arguments[0]};
    bool good = labelled_read(&table, &err) && mind_open_reader(&mind, settings, &err) &&
                measure_file(settings, &table, &mind, &err);
    mind_close(&mind);
    free(table.rows);
    return good ? EXIT_DONE : cli_fail(VERB_EVAL, &err);
}
