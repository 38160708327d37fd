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

/* Of those that begin alike the first stays the first. */
void typo_settle(struct typo *typo, struct arena *arena) {
    struct typo_word *sorted = ARENA_ARRAY(arena, struct typo_word, (size_t)typo->count + 1);
    int next[256];
    for (int i = 0; i < typo->count; i++)
        typo->begins[(unsigned char)typo->words[i].word[0] + 1]++;
    for (int first = 0; first < 256; first++) {
        next[first] = typo->begins[first];
        typo->begins[first + 1] += typo->begins[first];
    }
    for (int i = 0; i < typo->count; i++)
        sorted[next[(unsigned char)typo->words[i].word[0]]++] = typo->words[i];
    free(typo->words);
    typo->words = sorted;
}

void typo_add(struct typo *typo, const char *word) {
    int len = (int)strlen(word);
    if (len < SHORTEST || len > LONGEST)
        return;
    typo->words = memory_grown(typo->words, typo->count, &typo->size, sizeof *typo->words);
    typo->words[typo->count++] = (struct typo_word){word, len, letters_of(word, len)};
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
    int len, edits;
    uint32_t letters;
    const char *nearest; /* of several the first; NULL: none */
    int distance;
};

static void look_under(const struct typo *typo, unsigned char first, bool swapped, struct search *search) {
    const struct typo_word *end = typo->words + typo->begins[first + 1];
    for (const struct typo_word *meant = typo->words + typo->begins[first]; meant < end; meant++) {
        int allowed = least(meant->len >= LONG ? 2 : 1, search->edits);
        if (abs(meant->len - search->len) > allowed || (swapped && meant->word[1] != search->word[0]) ||
            __builtin_popcount(search->letters ^ meant->letters) > 2 * allowed)
            continue;
        int distance = distance_between(search->word, search->len, meant->word, meant->len);
        if (distance <= allowed && distance < search->distance) {
            search->nearest = meant->word;
            search->distance = distance;
        }
    }
}

/* People rarely miss the first letter, but swap it with the second; words that differ there are mostly other
 * words ("border"). */
const char *typo_correct(const struct typo *typo, const char *word, int len, int edits) {
    if (len < SHORTEST - 1 || len > LONGEST + 2)
        return NULL;
    struct search search = {word, len, edits, letters_of(word, len), NULL, FAR};
    look_under(typo, (unsigned char)word[0], false, &search);
    look_under(typo, (unsigned char)word[1], true, &search);
    return search.nearest;
}
