#include "intents/train/head.h"
#include "intents/worth.h"
#include <math.h>

enum { LARGEST = 127 };
/* What is nearer to nothing is nothing. Figures and size as cross-validation weighed them: which kind it is
 * matters most. */
enum { SMALLEST_OF_KIND = 4, SMALLEST_OF_INTENT = 16 };
static const double scale_step = 1e-4, weight_step = 1e-3, bias_step = 1e-2;

static double to_step(double value, double step) {
    return round(value / step) * step;
}

void head_round(struct head *head, double *weights, const struct fitter *fitter) {
    int features = fitter_features(fitter);
    double largest = 0;
    for (int i = 0; i < features; i++)
        largest = fmax(largest, fabs(to_step(weights[i], weight_step)));
    head->scale = ceil(largest / LARGEST / scale_step) * scale_step;
    head->bias = weights[features] = to_step(weights[features], bias_step);
    int smallest = head->intent < 0 ? SMALLEST_OF_KIND : SMALLEST_OF_INTENT;
    for (int i = 0; i < features; i++) {
        double weight = head->scale > 0 ? to_step(weights[i], weight_step) / head->scale : 0;
        bool says = fabs(weight) >= smallest * worth_value(fitter_hash(fitter, i));
        head->weights[i] = (int8_t)(says ? lround(weight) : 0);
        weights[i] = head->weights[i] * head->scale;
    }
}
