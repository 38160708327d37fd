#include "intents/train/fit.h"
#include "intents/worth.h"
#include <linear.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Found by cross-validation (docs/understanding.md): the figures are flat around them. */
enum { SEEN_MIN = 2 };
const double feature_unit = 8;
static const double cost = 4, cost_of_stops = 1, precision = .1, never = 9;

struct fitter {
    uint32_t *hashes;
    int feature_count, example_count;
    struct feature_node **vectors; /* of each example */
    struct feature_node **chosen;  /* while fitting */
    double *labels;
};

static int compare(const void *a, const void *b) {
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* Sorts what each example has once, and keeps what comes often enough. */
static void choose_features(struct fitter *fitter, size_t count) {
    qsort(fitter->hashes, count, sizeof *fitter->hashes, compare);
    for (size_t i = 0, next; i < count; i = next) {
        for (next = i; next < count && fitter->hashes[next] == fitter->hashes[i];)
            next++;
        if (next - i >= SEEN_MIN)
            fitter->hashes[fitter->feature_count++] = fitter->hashes[i];
    }
}

int fitter_find(const struct fitter *fitter, uint32_t hash) {
    const uint32_t *found =
        bsearch(&hash, fitter->hashes, (size_t)fitter->feature_count, sizeof hash, compare);
    return found ? (int)(found - fitter->hashes) : -1;
}

static struct feature_node *make_vector(const struct fitter *fitter, struct feature_node *node,
                                        const uint32_t *features, int count) {
    double unit = feature_unit / sqrt((double)worth_of(features, count) / WORTH_WHOLE);
    for (int i = 0, next; i < count; i = next) {
        for (next = i; next < count && features[next] == features[i];)
            next++;
        int found = fitter_find(fitter, features[i]);
        if (found >= 0)
            *node++ = (struct feature_node){found + 1, unit * (next - i) * worth_value(features[i])};
    }
    *node++ = (struct feature_node){fitter->feature_count + 1, 1};
    *node++ = (struct feature_node){-1, 0};
    return node;
}

static void be_silent(const char *text) {
    (void)text;
}

struct fitter *fitter_new(const struct material *material, struct arena *arena) {
    struct fitter *fitter = ARENA_NEW(arena, struct fitter);
    size_t examples = material->header.examples, count = 0;
    fitter->example_count = (int)examples;
    fitter->hashes = ARENA_ARRAY(arena, uint32_t, material->header.features + 1);
    fitter->vectors = ARENA_ARRAY(arena, struct feature_node *, examples + 1);
    struct feature_node *node =
        ARENA_ARRAY(arena, struct feature_node, material->header.features + 2 * examples);
    for (size_t i = 0; i < examples; i++) {
        const uint32_t *features = material->features + material->examples[i].begin;
        for (uint32_t j = 0; j < material->examples[i].count; j++)
            if (j == 0 || features[j] != features[j - 1])
                fitter->hashes[count++] = features[j];
    }
    choose_features(fitter, count);
    fitter->hashes[fitter->feature_count] = 0; /* the bias is no piece of a word */
    for (size_t i = 0; i < examples; i++) {
        const struct material_example *example = &material->examples[i];
        fitter->vectors[i] = node;
        node = make_vector(fitter, node, material->features + example->begin, (int)example->count);
    }
    fitter->chosen = ARENA_ARRAY(arena, struct feature_node *, examples + 1);
    fitter->labels = ARENA_ARRAY(arena, double, examples + 1);
    set_print_string_function(be_silent);
    return fitter;
}

int fitter_features(const struct fitter *fitter) {
    return fitter->feature_count;
}

uint32_t fitter_hash(const struct fitter *fitter, int feature) {
    return fitter->hashes[feature];
}

static void learn(const struct problem *problem, double penalty, double *weights) {
    struct parameter parameter = {.solver_type = L2R_LR_DUAL, .eps = precision, .C = penalty};
    struct model *model = train(problem, &parameter);
    double sign = model->label[0] == MEANT ? 1 : -1;
    for (int i = 0; i < problem->n; i++)
        weights[i] = sign * model->w[i];
    free_and_destroy_model(&model);
}

void fitter_fit(struct fitter *fitter, const signed char *wanted, double *weights) {
    size_t size = (size_t)fitter->feature_count + 1;
    struct problem problem = {.n = (int)size, .x = fitter->chosen, .y = fitter->labels, .bias = 1};
    bool has[2] = {false, false};
    memset(weights, 0, size * sizeof *weights);
    for (int i = 0; i < fitter->example_count; i++)
        if (wanted[i] != NOT_KNOWN) {
            fitter->chosen[problem.l] = fitter->vectors[i];
            fitter->labels[problem.l++] = wanted[i];
            has[wanted[i] == MEANT] = true;
        }
    if (!has[0] || !has[1]) { /* nothing to tell apart */
        weights[size - 1] = has[1] ? never : -never;
        return;
    }
    learn(&problem, cost, weights);
    for (size_t i = 0; i < size; i++)
        weights[i] *= worth_value(fitter->hashes[i]);
}

double fitter_sum(const struct fitter *fitter, const double *weights, int example) {
    double sum = 0;
    for (const struct feature_node *node = fitter->vectors[example]; node->index > 0; node++)
        sum += weights[node->index - 1] * node->value / worth_value(fitter->hashes[node->index - 1]);
    return sum;
}

void fit_stops(const struct material *material, struct arena *arena, double weights[STOPS_PLACES + 1]) {
    enum { NODES = STOPS_FEATURES + 2 };
    size_t gaps = material->header.gaps;
    struct problem problem = {.l = (int)gaps,
                              .n = STOPS_PLACES + 1,
                              .bias = 1,
                              .x = ARENA_ARRAY(arena, struct feature_node *, gaps),
                              .y = ARENA_ARRAY(arena, double, gaps)};
    struct feature_node *node = ARENA_ARRAY(arena, struct feature_node, gaps * NODES);
    for (size_t i = 0; i < gaps; i++) {
        const struct material_gap *gap = &material->gaps[i];
        problem.x[i] = node;
        problem.y[i] = gap->stop;
        for (int j = 0; j < STOPS_FEATURES; j++)
            *node++ = (struct feature_node){(int)gap->features[j] + 1, 1};
        *node++ = (struct feature_node){STOPS_PLACES + 1, 1};
        *node++ = (struct feature_node){-1, 0};
    }
    learn(&problem, cost_of_stops, weights);
}
