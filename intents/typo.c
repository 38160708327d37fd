#include "intents/typo.h"
#include "base/memory.h"
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { SHORTEST = 4, LONG = 8, LONGEST = 32, FAR = 3 };

static uint32_t letters_of(const char *word, int len) {
    uint32_t letters = 0;
    for (int i = 0; i < len; i++)
        if (word[i] >= 'a' && word[i] <= 'z')
            letters |= UINT32_C(1) << (word[i] - 'a');
    return letters;
}

void typo_clear(struct typo *typo) {
    free(typo->words);
    *typo = (struct typo){0};
}

void typo_settle(struct typo *typo, struct arena *arena) {
    typo->words = arena_take(arena, typo->words, sizeof *typo->words * (size_t)typo->count);
}

void typo_add(struct typo *typo, const char *word) {
    int len = (int)strlen(word);
    if (len < SHORTEST || len > LONGEST)
        return;
    int *last = &typo->last[(unsigned char)word[0]];
    for (int i = *last - 1; i >= 0; i = typo->words[i].next)
        if (strcmp(typo->words[i].word, word) == 0)
            return;
    typo->words = memory_grown(typo->words, typo->count, &typo->size, sizeof *typo->words);
    typo->words[typo->count++] = (struct typo_word){word, len, letters_of(word, len), *last - 1};
    *last = typo->count;
}

static int least(int a, int b) {
    return a < b ? a : b;
}

/* FAR: that or more. */
static int distance_between(const char *a, int a_len, const char *b, int b_len) {
    int rows[3][LONGEST + 4], *before = rows[0], *last = rows[1], *row = rows[2];
    if (a_len > LONGEST + 2 || b_len > LONGEST + 2 || abs(a_len - b_len) >= FAR)
        return FAR;
    for (int j = 0; j <= b_len; j++)
        last[j] = j;
    for (int i = 1; i <= a_len; i++) {
        row[0] = i;
        for (int j = 1; j <= b_len; j++) {
            row[j] = least(least(last[j], row[j - 1]) + 1, last[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], before[j - 2] + 1);
        }
        int *free_row = before;
        before = last;
        last = row;
        row = free_row;
    }
    return least(last[b_len], FAR);
}

struct search {
    const char *word;
    int len;
    uint32_t letters;
    int nearest, distance; /* -1: none; of several the first */
};

static void look_under(const struct typo *typo, unsigned char first, bool swapped, struct search *search) {
    for (int i = typo->last[first] - 1; i >= 0; i = typo->words[i].next) {
        const struct typo_word *meant = &typo->words[i];
        int allowed = meant->len >= LONG ? 2 : 1;
        if (abs(meant->len - search->len) > allowed || (swapped && meant->word[1] != search->word[0]) ||
            __builtin_popcount(search->letters ^ meant->letters) > 2 * allowed)
            continue;
        int distance = distance_between(search->word, search->len, meant->word, meant->len);
        if (distance <= allowed && distance <= search->distance) {
            search->nearest = i;
            search->distance = distance;
        }
    }
}

/* People rarely miss the first letter, but swap it with the second; words that differ there are mostly other
 * words ("border"). */
const char *typo_correct(const struct typo *typo, const char *word, int len) {
    if (len < SHORTEST - 1 || len > LONGEST + 2)
        return NULL;
    struct search search = {word, len, letters_of(word, len), -1, FAR}, other = search;
    look_under(typo, (unsigned char)word[0], false, &search);
    look_under(typo, (unsigned char)word[1], true, &other);
    if (other.nearest >= 0 && (other.distance < search.distance ||
                               (other.distance == search.distance && other.nearest < search.nearest)))
        search = other;
    return search.nearest < 0 ? NULL : typo->words[search.nearest].word;
}
