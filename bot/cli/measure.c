#include "bot/cli/measure.h"
#include "base/text.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

void measure_init(struct measure *measure, struct arena *arena, int rows) {
    *measure = (struct measure){.arena = arena,
                                .groups = ARENA_ARRAY(arena, struct group, 3 * (size_t)rows + 1),
                                .fines = ARENA_ARRAY(arena, struct fine_row, (size_t)rows)};
}

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

const char *const measure_figure_names[FIGURES] = {"precision", "recall", "f1", "false_answers"};

void measure_figures(const struct tally *tally, struct interval out[FIGURES]) {
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

void measure_count(struct measure *measure, const struct labelled *row, const struct reading *reading) {
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

void measure_sort(struct measure *measure) {
    qsort(measure->groups, (size_t)measure->group_count, sizeof *measure->groups, compare_groups);
    qsort(measure->fines, (size_t)measure->fine_count, sizeof *measure->fines, compare_fines);
}
