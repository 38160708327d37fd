/* All that sieve_add gathered, laid down as the sifter walks through it. */
#include "intents/mesh.h"
#include "base/memory.h"
#include "intents/sieve.h"
#include <stdlib.h>
#include <string.h>

static void *room_for(struct sieve *sieve, size_t count, size_t item) {
    return arena_lines(sieve->arena, (count + 1) * item);
}

/* Calls for each number and round that a pattern waits for, of the last pattern first. What needs nothing
 * waits for every word. */
static void each_box(struct sieve *sieve,
                     void (*each)(struct sieve *sieve, int pattern, struct numbered *numbered, int round)) {
    uint16_t room;
    for (int i = sieve->pattern_count - 1; i >= 0; i--) {
        struct word_numbers numbers = sets_numbers(&sieve->sets, sieve->added[i].needs[0], &room);
        for (int j = 0; j < numbers.count; j++)
            for (int round = 0; round < SIEVE_ROUNDS; round++)
                if (sieve->added[i].of.rounds & 1u << round)
                    each(sieve, i, &sieve->numbered[numbers.list[j]], round);
    }
}

static void count_waiting(struct sieve *sieve, int pattern, struct numbered *numbered, int round) {
    numbered->begins[round]++;
    if (round == SIEVE_ROUNDS - 1)
        numbered->about |= sieve->abouts[sieve->added[pattern].about];
}

/* The first of its needs that has so few. */
static void list_any(const struct sieve *sieve, struct waiting *waiting) {
    bool listed = false;
    for (int need = 0; need < NEEDS - 1 && !listed; need++) {
        uint16_t room;
        struct word_numbers numbers = sets_numbers(&sieve->sets, waiting->needs[need], &room);
        listed = numbers.count > 0 && numbers.count <= ANY;
        for (int i = 0; i < ANY && listed; i++)
            waiting->any[i] = numbers.list[i < numbers.count ? i : 0];
        if (listed)
            waiting->needs[need] = SET_EVERY;
    }
}

/* Before those that stand there already. */
static void place_waiting(struct sieve *sieve, int pattern, struct numbered *numbered, int round) {
    const struct added *added = &sieve->added[pattern];
    struct waiting *waiting = &sieve->waiting[--numbered->begins[round]];
    *waiting = (struct waiting){.needs = {added->needs[1], added->needs[2]},
                                .about = added->about,
                                .pattern = pattern,
                                .owner = added->of.owner,
                                .actions = sieve->patterns[pattern].actions,
                                .least = (uint8_t)added->before.least,
                                .most = (uint8_t)added->before.most};
    list_any(sieve, waiting);
}

static void add_waiting(struct sieve *sieve) {
    sieve->numbered = room_for(sieve, (size_t)sieve->numbers, sizeof *sieve->numbered);
    each_box(sieve, count_waiting);
    for (int number = 0; number < sieve->numbers; number++) { /* where each ends */
        int *begins = sieve->numbered[number].begins;
        for (int round = 0; round < SIEVE_ROUNDS; round++)
            begins[round] = sieve->waiting_count += begins[round];
        begins[SIEVE_ROUNDS] = sieve->waiting_count;
    }
    sieve->waiting = room_for(sieve, (size_t)sieve->waiting_count, sizeof *sieve->waiting);
    each_box(sieve, place_waiting);
}

/* Calls for each place of the mesh that asks where one of a set stands. Other sets only helped to choose what
 * patterns need. */
static void each_asking(struct sieve *sieve, void (*each)(int *asking, int *context), int *context) {
    for (int i = 0; i < sieve->waiting_count; i++)
        for (int j = 0; j < NEEDS - 1; j++)
            each(&sieve->waiting[i].needs[j], context);
    for (int i = 0; i < sieve->action_count; i++) {
        struct action *action = &sieve->actions[i];
        if (action->kind == ACTION_ANY || action->kind == ACTION_SPOKEN || action->kind == ACTION_ORDINAL)
            each(&action->of, context);
        if (action->kind == ACTION_CHOICE)
            each(&action[1].of, context);
    }
    for (int i = 0; i < sieve->shortcut_count; i++) {
        struct shortcut *shortcut = &sieve->shortcuts[i];
        each(&shortcut->words, context);
        each(&shortcut->heads, context);
        each(&shortcut->begins, context);
        for (int way = shortcut->worded; way < shortcut->way_count; way++)
            each(&sieve->ways[shortcut->ways + way].first, context);
    }
}

static void expect(int *asking, int *expected) {
    if (*asking >= 0)
        expected[*asking] = true;
}

static void replace(int *asking, int *replacements) {
    if (*asking >= 0)
        *asking = replacements[*asking];
}

static int add_few(struct sieve *sieve, const struct set *set, int *size) {
    int at = *size;
    uint64_t signs = 0;
    for (int i = 0; i < set->count; i++)
        signs |= sign_of(set->numbers[i]);
    memcpy(sieve->few + at, &signs, sizeof signs);
    if (set->count > 0)
        memcpy(sieve->few + at + FEW_HEAD, set->numbers, sizeof *set->numbers * (size_t)set->count);
    sieve->few[at + FEW_HEAD + set->count] = NUMBER_NONE;
    *size += FEW_HEAD + set->count + 1;
    return 2 * at + 1;
}

static int add_many(struct sieve *sieve, const struct set *set, int bit) {
    size_t word = (size_t)bit / ROW_BITS;
    for (int i = 0; i < set->count; i++)
        sieve->rows[sieve->numbered[set->numbers[i]].row + word] |= UINT64_C(1) << bit % ROW_BITS;
    return 2 * bit;
}

/* What is in one of the sets of many gets a row. */
static void make_rows(struct sieve *sieve, const int *asked) {
    const struct set *sets = sieve->sets.list;
    int many = 0;
    for (int i = 0; i < sieve->sets.count; i++)
        many += asked[i] && sets[i].count > FEW;
    sieve->row_words = (many / ROW_BITS / ROW_STEP + 1) * ROW_STEP;
    uint32_t words = (uint32_t)sieve->row_words, end = words;
    for (int i = 0; i < sieve->sets.count; i++)
        for (int j = 0; j < sets[i].count && asked[i] && sets[i].count > FEW; j++) {
            uint32_t *row = &sieve->numbered[sets[i].numbers[j]].row;
            if (*row == 0) {
                *row = end;
                end += words;
            }
        }
    sieve->rows = room_for(sieve, end, sizeof *sieve->rows);
}

static void ask_sets(struct sieve *sieve) {
    const struct set *sets = sieve->sets.list;
    int count = sieve->sets.count, *asked = calloc((size_t)count + 1, sizeof *asked), few = 0, many = 0;
    if (!asked)
        memory_exhausted();
    each_asking(sieve, expect, asked);
    make_rows(sieve, asked);
    for (int i = 0; i < count; i++)
        few += asked[i] && sets[i].count <= FEW;
    sieve->few = room_for(sieve, (size_t)few * (FEW + FEW_HEAD + 1), sizeof *sieve->few);
    few = 0;
    for (int i = 0; i < count; i++)
        if (asked[i])
            asked[i] =
                sets[i].count <= FEW ? add_few(sieve, &sets[i], &few) : add_many(sieve, &sets[i], many++);
    each_asking(sieve, replace, asked);
    free(asked);
}

static void *taken(struct sieve *sieve, void *array, int count, size_t item) {
    void *room = room_for(sieve, (size_t)count, item);
    if (count > 0)
        memcpy(room, array, (size_t)count * item);
    free(array);
    return room;
}

void sieve_finish(struct sieve *sieve) {
    add_waiting(sieve);
    ask_sets(sieve);
    sets_clear(&sieve->sets);
    sieve->patterns = taken(sieve, sieve->patterns, sieve->pattern_count, sizeof *sieve->patterns);
    sieve->actions = taken(sieve, sieve->actions, sieve->action_count, sizeof *sieve->actions);
    sieve->shortcuts = taken(sieve, sieve->shortcuts, sieve->shortcut_count, sizeof *sieve->shortcuts);
    sieve->ways = taken(sieve, sieve->ways, sieve->way_count, sizeof *sieve->ways);
    sieve->abouts = taken(sieve, sieve->abouts, sieve->about_count, sizeof *sieve->abouts);
    free(sieve->arranged);
    free(sieve->added);
    sieve->arranged = NULL;
    sieve->added = NULL;
    sieve->arena = NULL;
}
