/* From sums to probabilities. */
#pragma once

/* The line that makes sums log-odds (Platt, 1999, with his targets): P = 1 / (1 + exp(-(slope * sum +
 * offset))). */
void calibrate_line(const double *sums, const signed char *meant, int count, double *slope, double *offset);

/* How sharply the highest of some sums wins: P(i) ~ exp(sharpness * sums[i]). A row for each choice, `width`
 * sums a row; chosen: the right one. */
double calibrate_sharpness(const double *sums, int width, const int *chosen, int count);

/* Examples of a probability each, in groups: whatever the odds, those of a group are meant more or less
 * often. They count as if half of them were meant: how an author shares them out says nothing of customers.
 */
struct grouped {
    const double *odds;
    const int *groups;
    const signed char *meant;
    int count, group_count;
};
/* log-odds = trust * odds + vote of the group. Both begin as what they were found to be elsewhere, and with
 * few examples stay near it. */
void calibrate_groups(const struct grouped *grouped, double *trust, double *votes);
