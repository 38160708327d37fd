/* Logistic regression on the features of examples: liblinear's, of which this is the sole user. */
#pragma once
#include "intents/train/material.h"

/* The value of a feature that comes once in an example, times the root of what its features are worth. */
extern const double feature_unit;

struct fitter;
/* Keeps the features that at least two examples have. Lives in the arena. */
struct fitter *fitter_new(const struct material *material, struct arena *arena);

int fitter_features(const struct fitter *fitter);
int fitter_find(const struct fitter *fitter, uint32_t hash);    /* -1: it is not kept */
uint32_t fitter_hash(const struct fitter *fitter, int feature); /* in ascending order */

/* wanted: an enum meant of each example. Writes a weight for each feature as it comes (half a feature's is
 * halved) and then the bias. */
void fitter_fit(struct fitter *fitter, const signed char *wanted, double *weights);
/* Where sentences begin: a weight for each place of the table, and then the bias. */
void fit_stops(const struct material *material, struct arena *arena, double weights[STOPS_PLACES + 1]);
double fitter_sum(const struct fitter *fitter, const double *weights, int example);
