/* One class of the model, as the model keeps it: a byte a weight, most of them nothing. */
#pragma once
#include "intents/model_file.h"
#include "intents/train/fit.h"

struct head {
    int kind, intent; /* as an index of the domain; -1: the kind itself */
    int8_t *weights;  /* of each feature */
    double scale, bias;
};

/* Rounds the weights to what the head keeps, in both. Small differences between machines (BLAS adds in its
 * own order) are rounded away first. */
void head_round(struct head *head, double *weights, const struct fitter *fitter);
