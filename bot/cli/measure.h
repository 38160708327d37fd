/* How often labelled messages were read as they were meant. */
#pragma once
#include "bot/cli/labelled.h"
#include "intents/intents.h"

enum { KINDS = KIND_HUMAN + 1, SCORES = 10 };

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

enum { FIGURES = 4 };
extern const char *const measure_figure_names[FIGURES];
void measure_figures(const struct tally *tally, struct interval out[FIGURES]);

/* Room for as many rows. */
void measure_init(struct measure *measure, struct arena *arena, int rows);
void measure_count(struct measure *measure, const struct labelled *row, const struct reading *reading);
void measure_sort(struct measure *measure); /* once all are counted */
