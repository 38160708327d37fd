/* Makes the model of a language (intents/model_file.h) from its examples: wismo_train EXAMPLES FILE writes
 * it, wismo_train EXAMPLES --measure prints how well it does on what it has not seen of them. */
#include "base/text.h"
#include "intents/train/calibrate.h"
#include "intents/train/fit.h"
#include "intents/train/lines.h"
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BINS = 10, KINDS = MODEL_KINDS };
/* Small talk is for rules alone. */
static const enum kind kinds[KINDS] = {KIND_TRACK, KIND_ACTION, KIND_INFO, KIND_HUMAN};
static const char *const kind_names[KINDS] = {"track", "action", "info", "human"};

struct training {
    struct arena arena;
    const char *path;
    struct material material;
    int count; /* of the examples */
    struct fitter *fitter;
    struct head *heads;
    int head_count;
    double *sums; /* of each example and head, by what was learned without the example's fold */
    struct model_header header;
    bool measures;
};

static double *sum_of(const struct training *training, int example, int head) {
    return &training->sums[(size_t)example * (size_t)training->head_count + (size_t)head];
}

static int head_of_kind(const struct training *training, int kind) {
    for (int i = 0; i < training->head_count; i++)
        if (training->heads[i].kind == kind && training->heads[i].intent < 0)
            return i;
    return -1;
}

static void add_head(struct training *training, int kind, int intent) {
    training->heads[training->head_count++] = (struct head){
        .kind = kind,
        .intent = intent,
        .weights = ARENA_ARRAY(&training->arena, int8_t, (size_t)fitter_features(training->fitter))};
}

static bool has_examples(const struct training *training, int intent) {
    for (int i = 0; i < training->count; i++)
        if (material_means(&training->material, i, intent) == MEANT)
            return true;
    return false;
}

static bool prepare(struct training *training, struct error *err) {
    struct material *material = &training->material;
    if (!material_read(material, training->path, &training->arena, err))
        return false;
    int intents = (int)material->header.intents;
    training->count = (int)material->header.examples;
    training->fitter = fitter_new(material, &training->arena);
    training->heads = ARENA_ARRAY(&training->arena, struct head, (size_t)intents + KIND_COUNT);
    for (int i = 0; i < KINDS; i++)
        add_head(training, kinds[i], -1);
    for (int i = 0; i < intents; i++)
        if (material->intents[i].kind != KIND_SOCIAL && has_examples(training, i))
            add_head(training, (int)material->intents[i].kind, i);
    if (training->head_count > MODEL_CLASSES)
        return error_set(err, "%d intents are the most for the model", MODEL_CLASSES - KIND_COUNT);
    training->sums =
        ARENA_ARRAY(&training->arena, double, (size_t)training->count *(size_t)training->head_count);
    return true;
}

/* A kind is told from all else; an intent from the others of its kind. */
static enum meant wanted_of(const struct training *training, const struct head *head, int example) {
    enum meant kind = training->material.examples[example].kinds[head->kind];
    if (head->intent < 0)
        return kind;
    return kind == MEANT ? material_means(&training->material, example, head->intent) : NOT_KNOWN;
}

/* held_out: a fold, or -1. */
static void fit_head(struct training *training, struct head *head, int held_out, double *weights) {
    signed char *wanted = ARENA_ARRAY(&training->arena, signed char, (size_t)training->count);
    for (int i = 0; i < training->count; i++)
        if ((int)training->material.examples[i].fold != held_out)
            wanted[i] = (signed char)wanted_of(training, head, i);
    fitter_fit(training->fitter, wanted, weights);
    head_round(head, weights, training->fitter);
}

/* The intents of a kind are many, and all that is made of theirs is one figure a kind. */
static int folds_of(const struct training *training, const struct head *head) {
    return head->intent < 0 || training->measures ? FOLDS : 2;
}

static void cross_validate(struct training *training) {
    double *weights = ARENA_ARRAY(&training->arena, double, (size_t)fitter_features(training->fitter) + 1);
    for (int h = 0; h < training->head_count; h++)
        for (int fold = 0; fold < folds_of(training, &training->heads[h]); fold++) {
            fit_head(training, &training->heads[h], fold, weights);
            for (int i = 0; i < training->count; i++)
                if ((int)training->material.examples[i].fold == fold)
                    *sum_of(training, i, h) = fitter_sum(training->fitter, weights, i);
        }
}

static void fit_all(struct training *training) {
    double *weights = ARENA_ARRAY(&training->arena, double, (size_t)fitter_features(training->fitter) + 1);
    for (int h = 0; h < training->head_count; h++)
        fit_head(training, &training->heads[h], -1, weights);
}

/* ---- probabilities ---- */

static void calibrate_kind(struct training *training, int kind) {
    int head = head_of_kind(training, kind), count = 0;
    double *sums = ARENA_ARRAY(&training->arena, double, (size_t)training->count);
    signed char *meant = ARENA_ARRAY(&training->arena, signed char, (size_t)training->count);
    for (int i = 0; i < training->count; i++)
        if (training->material.examples[i].kinds[kind] != NOT_KNOWN) {
            sums[count] = *sum_of(training, i, head);
            meant[count++] = training->material.examples[i].kinds[kind];
        }
    calibrate_line(sums, meant, count, &training->header.slopes[kind], &training->header.offsets[kind]);
}

static double odds_of(const struct training *training, int example, int kind) {
    double sum = *sum_of(training, example, head_of_kind(training, kind));
    return training->header.slopes[kind] * sum + training->header.offsets[kind];
}

/* What rules and model are worth beside each other: told by the lessons, which the rules do not know. It
 * begins as what it is in languages of a thousand lessons and more. */
static void calibrate_votes(struct training *training) {
    static const double votes[EVIDENCE_COUNT] = {
        [EVIDENCE_NONE] = .3,   [EVIDENCE_WEAK] = .9, [EVIDENCE_STRONG] = 1.5,
        [EVIDENCE_OTHER] = -.7, [EVIDENCE_BOTH] = .6, [EVIDENCE_WEAK_OTHER] = 0};
    memcpy(training->header.votes, votes, sizeof votes);
    training->header.trust = .7;
    int count = 0;
    double *odds = ARENA_ARRAY(&training->arena, double, (size_t)training->count);
    int *evidence = ARENA_ARRAY(&training->arena, int, (size_t)training->count);
    signed char *meant = ARENA_ARRAY(&training->arena, signed char, (size_t)training->count);
    for (int i = 0; i < training->count; i++) {
        const struct material_example *row = &training->material.examples[i];
        if (!row->lesson)
            continue;
        odds[count] = odds_of(training, i, KIND_TRACK);
        evidence[count] = (int)row->evidence;
        meant[count++] = row->kinds[KIND_TRACK];
    }
    calibrate_groups(&(struct grouped){odds, evidence, meant, count, EVIDENCE_COUNT}, &training->header.trust,
                     training->header.votes);
}

/* The heads of a kind's intents stand together. */
static int intents_of(const struct training *training, int kind, int *count) {
    int first = -1;
    *count = 0;
    for (int i = 0; i < training->head_count; i++)
        if (training->heads[i].kind == kind && training->heads[i].intent >= 0) {
            first = first < 0 ? i : first;
            *count = i + 1 - first;
        }
    return first;
}

static int right_intent(const struct training *training, int example, int kind, int first, int count) {
    const struct material_example *row = &training->material.examples[example];
    for (int i = 0; i < count && row->kinds[kind] == MEANT; i++)
        if (material_means(&training->material, example, training->heads[first + i].intent) == MEANT)
            return i;
    return -1;
}

static void calibrate_intents(struct training *training, int kind) {
    int width, first = intents_of(training, kind, &width), count = 0;
    if (width == 0)
        return;
    double *sums = ARENA_ARRAY(&training->arena, double, (size_t)training->count *(size_t)width);
    int *chosen = ARENA_ARRAY(&training->arena, int, (size_t)training->count);
    for (int i = 0; i < training->count; i++) {
        int right = right_intent(training, i, kind, first, width);
        if (right < 0 ||
            (int)training->material.examples[i].fold >= folds_of(training, &training->heads[first]))
            continue;
        memcpy(sums + (size_t)count * (size_t)width, sum_of(training, i, first),
               (size_t)width * sizeof *sums);
        chosen[count++] = right;
    }
    training->header.sharpness[kind] = calibrate_sharpness(sums, width, chosen, count);
}

/* ---- the file ---- */

static void write_classes(const struct training *training, FILE *out) {
    for (int i = 0; i < training->head_count; i++) {
        const struct head *head = &training->heads[i];
        struct model_class class = {.kind = (uint32_t)head->kind,
                                    .scale = (float)(head->scale * feature_unit),
                                    .bias = (float)head->bias};
        if (head->intent >= 0)
            memcpy(class.name, training->material.intents[head->intent].name, MODEL_NAME);
        fwrite(&class, sizeof class, 1, out);
    }
}

static bool make_tables(struct training *training, struct line_tables *lines, struct word_table *words,
                        struct error *err) {
    const struct word_source source = {&training->material, training->fitter, training->heads,
                                       training->head_count};
    struct model_header *header = &training->header;
    lines_make(lines, &source, &training->arena);
    if (!words_make(words, &source, &training->arena, err))
        return false;
    memcpy(header->magic, model_magic, sizeof header->magic);
    header->format = MODEL_FORMAT;
    header->classes = (uint32_t)training->head_count;
    header->kind_lines = lines->kind_count;
    header->intent_lines = lines->intent_count;
    header->words = words->places;
    header->sets = words->set_count;
    header->rows = words->row_count;
    memcpy(header->families, words->families, sizeof words->families);
    return true;
}

/* A byte a weight: what all of a gap add up to is more than nothing, or not. */
static void make_stops(struct training *training, int8_t table[STOPS_PLACES]) {
    enum { LARGEST = 127 };
    static const double weight_step = 1e-3, doubt = .25; /* one that is none costs more than one unseen */
    double *weights = ARENA_ARRAY(&training->arena, double, STOPS_PLACES + 1), largest = weight_step;
    fit_stops(&training->material, &training->arena, weights);
    for (int i = 0; i < STOPS_PLACES; i++)
        largest = fmax(largest, round(fabs(weights[i]) / weight_step) * weight_step);
    for (int i = 0; i < STOPS_PLACES; i++)
        table[i] = (int8_t)lround(weights[i] / largest * LARGEST);
    training->header.stops_bias = (int32_t)lround((weights[STOPS_PLACES] - doubt) / largest * LARGEST);
}

static bool write_model(struct training *training, const char *path, struct error *err) {
    int8_t *stops = ARENA_ARRAY(&training->arena, int8_t, STOPS_PLACES);
    make_stops(training, stops);
    struct line_tables lines;
    struct word_table words = {.rows = NULL};
    FILE *out = make_tables(training, &lines, &words, err) ? fopen(path, "we") : NULL;
    if (!out) {
        free(words.rows);
        return err->text[0] ? false : error_set(err, "cannot write %s: %s", path, strerror(errno));
    }
    fwrite(&training->header, sizeof training->header, 1, out);
    fwrite(lines.kinds, sizeof *lines.kinds, lines.kind_count, out);
    fwrite(lines.intents, sizeof *lines.intents, lines.intent_count, out);
    fwrite(words.words, sizeof *words.words, words.places, out);
    fwrite(words.sets, sizeof *words.sets, words.set_count, out);
    write_classes(training, out);
    fwrite(words.rows, sizeof *words.rows, words.row_count, out);
    fwrite(stops, sizeof *stops, STOPS_PLACES, out);
    long size = ftell(out);
    free(words.rows);
    bool written = !ferror(out);
    if (fclose(out) != 0 || !written)
        return error_set(err, "cannot write %s: %s", path, strerror(errno));
    printf("%s: %d examples, %u of %d features, %ld KiB\n", path, training->count, lines.features,
           fitter_features(training->fitter), size / 1024);
    return true;
}

/* ---- figures ---- */

static double probability_of(const struct training *training, int example, int kind) {
    return 1 / (1 + exp(-odds_of(training, example, kind)));
}

static double together_of(const struct training *training, int example) {
    double odds = odds_of(training, example, KIND_TRACK);
    return 1 / (1 + exp(-(training->header.trust * odds +
                          training->header.votes[training->material.examples[example].evidence])));
}

/* A line of the first table: messages read as a kind from a probability on. */
struct line {
    const char *label;
    enum kind kind;
    double from;
    enum { ALL, LESSONS, TOGETHER } which; /* messages that no rule knows; these, with the rules' vote */
};

static void print_line(const struct training *training, const struct line *line) {
    double hits = 0, falses = 0, misses = 0, rejections = 0;
    for (int i = 0; i < training->count; i++) {
        const struct material_example *row = &training->material.examples[i];
        if (row->kinds[line->kind] == NOT_KNOWN || (line->which != ALL && !row->lesson))
            continue;
        double p = probability_of(training, i, line->kind);
        bool read = (line->which == TOGETHER ? together_of(training, i) : p) >= line->from;
        *(row->kinds[line->kind] == MEANT ? read ? &hits : &misses : read ? &falses : &rejections) += 1;
    }
    printf("| %s | %.2f | %.0f | %.0f | %.3f | %.3f | %.3f | %.1f %% |\n", line->label, line->from,
           hits + falses + misses + rejections, hits + misses, hits / (hits + falses), hits / (hits + misses),
           2 * hits / (2 * hits + falses + misses), 100 * falses / (falses + rejections));
}

static void print_intents(const struct training *training) {
    puts("\n| kind | intents | examples | intent right, given the kind |\n|---|--:|--:|--:|");
    for (int k = 0; k < KINDS; k++) {
        int kind = kinds[k], width, first = intents_of(training, kind, &width), count = 0, right = 0;
        for (int i = 0; i < training->count; i++) {
            int best = 0;
            if (right_intent(training, i, kind, first, width) < 0)
                continue;
            for (int j = 1; j < width; j++)
                if (*sum_of(training, i, first + j) > *sum_of(training, i, first + best))
                    best = j;
            count++;
            right += material_means(&training->material, i, training->heads[first + best].intent) == MEANT;
        }
        if (count)
            printf("| %s | %d | %d | %.3f |\n", kind_names[k], width, count, (double)right / count);
    }
}

static void print_reliability(const struct training *training) {
    struct {
        double sum;
        int count, meant;
    } bins[2][BINS] = {0}; /* of tracking, of all kinds */
    for (int i = 0; i < training->count; i++)
        for (int k = 0; k < KINDS; k++) {
            int kind = kinds[k];
            if (training->material.examples[i].kinds[kind] == NOT_KNOWN)
                continue;
            double p = probability_of(training, i, kind);
            int bin = p < 1 ? (int)(p * BINS) : BINS - 1;
            for (int all = kind != KIND_TRACK; all < 2; all++) {
                bins[all][bin].count++;
                bins[all][bin].sum += p;
                bins[all][bin].meant += training->material.examples[i].kinds[kind] == MEANT;
            }
        }
    puts("\n| told | tracking: examples | told, mean | meant | every kind: examples | told, mean | meant "
         "|\n|---|--:|--:|--:|--:|--:|--:|");
    for (int i = 0; i < BINS; i++) {
        printf("| %.1f–%.1f |", (double)i / BINS, (double)(i + 1) / BINS);
        for (int all = 0; all < 2; all++)
            printf(" %d | %.3f | %.3f |", bins[all][i].count, bins[all][i].sum / bins[all][i].count,
                   (double)bins[all][i].meant / bins[all][i].count);
        puts("");
    }
}

static void print_measure(const struct training *training) {
    static const double levels[] = {.5, .6, .7, .8, .9, .95};
    printf("\n%s\n\n", training->path);
    puts("| kind | from | examples | meant | precision | recall | F1 | false "
         "|\n|---|--:|--:|--:|--:|--:|--:|--:|");
    for (int i = 0; i < KINDS; i++)
        print_line(training, &(struct line){kind_names[i], kinds[i], .5, ALL});
    static const char *const labels[] = {"track", "track, lessons", "track, lessons, with the rules"};
    for (int which = ALL; which <= TOGETHER; which++)
        for (size_t i = which == ALL; i < sizeof levels / sizeof levels[0]; i++)
            print_line(training, &(struct line){labels[which], KIND_TRACK, levels[i], which});
    print_intents(training);
    print_reliability(training);
}

static bool run(struct training *training, const char *out, struct error *err) {
    training->measures = text_is(out, "--measure");
    if (!prepare(training, err))
        return false;
    cross_validate(training);
    for (int i = 0; i < KINDS; i++) {
        calibrate_kind(training, kinds[i]);
        calibrate_intents(training, kinds[i]);
    }
    calibrate_votes(training);
    if (training->measures) {
        print_measure(training);
        return true;
    }
    fit_all(training);
    return write_model(training, out, err);
}

int main(int argc, char **argv) {
    struct error err = {""};
    if (argc != 3) {
        fputs("wismo_train EXAMPLES FILE|--measure\n", stderr);
        return 2;
    }
    struct training training = {.path = argv[1]};
    arena_init(&training.arena);
    bool good = run(&training, argv[2], &err);
    if (!good)
        fprintf(stderr, "wismo_train: %s\n", err.text);
    arena_clear(&training.arena);
    return good ? 0 : 1;
}
