#include "intents/sets.h"
#include "base/memory.h"
#include <stdlib.h>
#include <string.h>

enum { FIRST_BUCKETS = 1024 };

void sets_clear(struct sets *sets) {
    arena_clear(&sets->arena);
    free(sets->list);
    free(sets->buckets);
    *sets = (struct sets){0};
}

void sets_gather(struct gathered *gathered, uint16_t number) {
    gathered->list = memory_grown(gathered->list, gathered->count, &gathered->size, sizeof *gathered->list);
    gathered->list[gathered->count++] = number;
}

struct word_numbers sets_numbers(const struct sets *sets, int set, uint16_t *room) {
    *room = set == SET_EVERY ? 0 : (uint16_t)(SET_ONE - set);
    return set < 0 ? (struct word_numbers){room, 1}
                   : (struct word_numbers){sets->list[set].numbers, sets->list[set].count};
}

void sets_gather_set(struct gathered *gathered, const struct sets *sets, int set) {
    uint16_t room;
    struct word_numbers numbers = sets_numbers(sets, set, &room);
    if (set == SET_EVERY)
        gathered->every = true;
    else
        for (int i = 0; i < numbers.count; i++)
            sets_gather(gathered, numbers.list[i]);
}

static int compare_numbers(const void *a, const void *b) {
    return (int)*(const uint16_t *)a - (int)*(const uint16_t *)b;
}

static void put_in_order(struct gathered *gathered) {
    int kept = 0;
    if (gathered->count > 1)
        qsort(gathered->list, (size_t)gathered->count, sizeof *gathered->list, compare_numbers);
    for (int i = 0; i < gathered->count; i++)
        if (i == 0 || gathered->list[i] != gathered->list[i - 1])
            gathered->list[kept++] = gathered->list[i];
    gathered->count = kept;
}

static uint32_t hash_of(const uint16_t *numbers, int count) {
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (int i = 0; i < count; i++)
        hash = (hash ^ numbers[i]) * 16777619u;
    return hash ^ hash >> 15;
}

static int *bucket_of(const struct sets *sets, const uint16_t *numbers, int count) {
    return &sets->buckets[hash_of(numbers, count) % (unsigned)sets->bucket_count];
}

static void rehash(struct sets *sets) {
    free(sets->buckets);
    sets->bucket_count = sets->bucket_count ? sets->bucket_count * 4 : FIRST_BUCKETS;
    sets->buckets = malloc(sizeof *sets->buckets * (size_t)sets->bucket_count);
    if (!sets->buckets)
        memory_exhausted();
    for (int i = 0; i < sets->bucket_count; i++)
        sets->buckets[i] = -1;
    for (int i = 0; i < sets->count; i++) {
        int *bucket = bucket_of(sets, sets->list[i].numbers, sets->list[i].count);
        sets->list[i].next = *bucket;
        *bucket = i;
    }
}

static unsigned cost_of_number(const struct sets *sets, uint16_t number) {
    return 1 + 8 * sets->said[number];
}

int sets_take(struct sets *sets, struct gathered *gathered) {
    bool every = gathered->every;
    put_in_order(gathered);
    int count = gathered->count;
    gathered->count = 0;
    gathered->every = false;
    if (every)
        return SET_EVERY;
    if (count == 1)
        return SET_ONE - gathered->list[0];
    if (sets->count >= sets->bucket_count)
        rehash(sets);
    int *bucket = bucket_of(sets, gathered->list, count);
    for (int i = *bucket; i >= 0; i = sets->list[i].next)
        if (sets->list[i].count == count &&
            (count == 0 ||
             memcmp(sets->list[i].numbers, gathered->list, sizeof *gathered->list * (size_t)count) == 0))
            return i;
    sets->list = memory_grown(sets->list, sets->count, &sets->size, sizeof *sets->list);
    struct set *set = &sets->list[sets->count];
    *set = (struct set){
        .numbers = ARENA_ARRAY(&sets->arena, uint16_t, (size_t)count + 1), .count = count, .next = *bucket};
    if (count > 0)
        memcpy(set->numbers, gathered->list, sizeof *gathered->list * (size_t)count);
    for (int i = 0; i < count; i++)
        set->cost += cost_of_number(sets, set->numbers[i]);
    *bucket = sets->count;
    return sets->count++;
}

unsigned sets_cost(const struct sets *sets, int set) {
    return set <= SET_ONE ? cost_of_number(sets, (uint16_t)(SET_ONE - set)) : sets->list[set].cost;
}
