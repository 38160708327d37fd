/* "did you mean …?" */
#include "bot/settings/settings.h"
#include <limits.h>
#include <string.h>

enum { WORD_MAX = 40 };

/* Insertions, deletions, replacements and swapped neighbours between two short words. */
static int distance(const char *a, const char *b) {
    size_t rows = strlen(a), columns = strlen(b);
    int cost[WORD_MAX + 1][WORD_MAX + 1];
    if (rows > WORD_MAX || columns > WORD_MAX)
        return INT_MAX;
    for (size_t i = 0; i <= rows; i++)
        for (size_t j = 0; j <= columns; j++) {
            if (!i || !j) {
                cost[i][j] = (int)(i + j);
                continue;
            }
            int best = cost[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            if (cost[i - 1][j] + 1 < best)
                best = cost[i - 1][j] + 1;
            if (cost[i][j - 1] + 1 < best)
                best = cost[i][j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                cost[i - 2][j - 2] + 1 < best)
                best = cost[i - 2][j - 2] + 1;
            cost[i][j] = best;
        }
    return cost[rows][columns];
}

const char *settings_nearest(const char *word, const char *const *names) {
    const char *nearest = NULL;
    int least = (int)strlen(word) / 3 + 1;
    for (; *names; names++) {
        int far = distance(word, *names);
        if (far <= least && (!nearest || far < least)) {
            least = far;
            nearest = *names;
        }
    }
    return nearest;
}
