#include "intents/train/calibrate.h"
#include <assert.h>
#include <math.h>
#include <string.h>

enum { ROUNDS = 100, GROUPS_MAX = 16 };
static const double step = 1e-3; /* what is finer is noise */

static double to_step(double value) {
    return round(value / step) * step;
}

/* Newton's method on two parameters; the tiny ridge keeps it defined where all sums are alike. */
void calibrate_line(const double *sums, const signed char *meant, int count, double *slope, double *offset) {
    double positives = 0, a = 1, b = 0;
    for (int i = 0; i < count; i++)
        positives += meant[i] > 0;
    double high = (positives + 1) / (positives + 2), low = 1 / (count - positives + 2);
    for (int round = 0; round < ROUNDS; round++) {
        double ga = 0, gb = 0, haa = 1e-6, hab = 0, hbb = 1e-6;
        for (int i = 0; i < count; i++) {
            double p = 1 / (1 + exp(-(a * sums[i] + b))), gap = p - (meant[i] > 0 ? high : low),
                   w = p * (1 - p);
            ga += gap * sums[i];
            gb += gap;
            haa += w * sums[i] * sums[i];
            hab += w * sums[i];
            hbb += w;
        }
        double determinant = haa * hbb - hab * hab, da = (hbb * ga - hab * gb) / determinant,
               db = (haa * gb - hab * ga) / determinant;
        a -= da;
        b -= db;
        if (fabs(da) + fabs(db) < 1e-9)
            break;
    }
    *slope = to_step(a);
    *offset = to_step(b);
}

static double loss(const double *sums, int width, const int *chosen, int count, double sharpness) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
        const double *row = sums + (long)i * width;
        double total = 0;
        for (int j = 0; j < width; j++)
            total += exp(sharpness * (row[j] - row[chosen[i]]));
        sum += log(total);
    }
    return sum;
}

/* The loss has one valley: golden sections. */
double calibrate_sharpness(const double *sums, int width, const int *chosen, int count) {
    const double golden = .6180339887498949;
    double low = .05, high = 20;
    while (high - low > step / 4) {
        double third = high - golden * (high - low), other = low + golden * (high - low);
        if (loss(sums, width, chosen, count, third) < loss(sums, width, chosen, count, other))
            high = other;
        else
            low = third;
    }
    return to_step((low + high) / 2);
}

/* Each group's vote by Newton's method while trust stands, then trust while the votes stand, and again. */
void calibrate_groups(const struct grouped *grouped, double *trust, double *votes) {
    enum { PASSES = 200 };
    static const double ridge = 4; /* as if so much were known already */
    const double trust_before = *trust;
    double votes_before[GROUPS_MAX], meant = 0;
    for (int i = 0; i < grouped->count; i++)
        meant += grouped->meant[i] > 0;
    const double weights[2] = {(grouped->count + 2) / 2. / (grouped->count - meant + 1),
                               (grouped->count + 2) / 2. / (meant + 1)};
    assert(grouped->group_count <= GROUPS_MAX);
    memcpy(votes_before, votes, sizeof *votes * (size_t)grouped->group_count);
    for (int pass = 0; pass < PASSES; pass++)
        for (int group = -1; group < grouped->group_count; group++) {
            double *value = group < 0 ? trust : &votes[group], curve = ridge,
                   gradient = ridge * (*value - (group < 0 ? trust_before : votes_before[group]));
            for (int i = 0; i < grouped->count; i++) {
                if (group >= 0 && grouped->groups[i] != group)
                    continue;
                double p = 1 / (1 + exp(-(*trust * grouped->odds[i] + votes[grouped->groups[i]]))),
                       x = group < 0 ? grouped->odds[i] : 1, weight = weights[grouped->meant[i] > 0];
                gradient += weight * (p - (grouped->meant[i] > 0)) * x;
                curve += weight * p * (1 - p) * x * x;
            }
            *value -= gradient / curve;
        }
    *trust = to_step(*trust);
    for (int group = 0; group < grouped->group_count; group++)
        votes[group] = to_step(votes[group]);
}
