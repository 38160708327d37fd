#include "intents/sieve.h"
#include "base/memory.h"
#include "intents/mesh.h"
#include <stdlib.h>
#include <string.h>

enum { FEW = 8 };

static const struct shortcut *shortcut_of(struct sieve *sieve, struct choice *choice);

static int set_of_words(struct sieve *sieve, struct word_numbers words, uint16_t also) {
    struct gathered gathered = {0};
    for (int i = 0; i < words.count; i++)
        sets_gather(&gathered, words.list[i]);
    sets_gather(&gathered, also);
    int set = sets_take(&sieve->sets, &gathered);
    free(gathered.list);
    return set;
}

/* ---- what a pattern needs ---- */

static bool is_date(const struct step *step) {
    return step->kind == STEP_MARK && step->number == MARK_NUMBER_DATE;
}

static bool is_one_word(const struct step *step) {
    return step->kind == STEP_WORD || step->kind == STEP_BEGINNING ||
           (step->kind == STEP_MARK && !is_date(step));
}

static int need_of(struct sieve *sieve, const struct step *step) {
    if (step->kind == STEP_NUMBER)
        return sieve->number;
    if (step->kind == STEP_ORDINAL)
        return sieve->ordinal;
    if (is_date(step))
        return sieve->date;
    if (step->kind == STEP_CHOICE || step->kind == STEP_MAYBE) {
        int need = shortcut_of(sieve, step->choice)->need;
        return step->kind == STEP_CHOICE ? need : SET_EVERY;
    }
    return is_one_word(step) ? SET_ONE - step->number : SET_EVERY;
}

static bool is_rarer(const struct sieve *sieve, int set, int than) {
    return than == SET_EVERY || sets_cost(&sieve->sets, set) < sets_cost(&sieve->sets, than);
}

/* The rarest that steps need, the rarest first. */
static void find_needs(struct sieve *sieve, const struct step *steps, int needs[], int size) {
    for (int i = 0; i < size; i++)
        needs[i] = SET_EVERY;
    for (const struct step *step = steps; step; step = step->next) {
        int need = need_of(sieve, step), at = 0;
        if (need == SET_EVERY)
            continue;
        while (at < size && !is_rarer(sieve, need, needs[at]))
            at++;
        if (at == size || (at > 0 && needs[at - 1] == need))
            continue;
        memmove(&needs[at + 1], &needs[at], sizeof *needs * (size_t)(size - at - 1));
        needs[at] = need;
    }
}

/* What steps may begin with. */
static void gather_firsts(struct sieve *sieve, const struct step *steps, struct gathered *out) {
    for (const struct step *step = steps; step; step = step->next) {
        if (step->kind == STEP_START)
            continue;
        if (step->kind == STEP_CHOICE || step->kind == STEP_MAYBE) {
            const struct shortcut *shortcut = shortcut_of(sieve, step->choice);
            if (shortcut->words != SET_EVERY)
                sets_gather_set(out, &sieve->sets, shortcut->words);
            if (shortcut->way_count > 0)
                sets_gather_set(out, &sieve->sets, shortcut->firsts);
            if (step->kind == STEP_MAYBE)
                continue;
        } else
            sets_gather_set(out, &sieve->sets, need_of(sieve, step));
        return;
    }
    out->every = true;
}

/* ---- steps side by side ---- */

static struct action action_of(struct sieve *sieve, const struct step *step) {
    switch (step->kind) {
    case STEP_NUMBER:
        return (struct action){.kind = ACTION_SPOKEN, .of = sieve->number};
    case STEP_ORDINAL:
        return (struct action){.kind = ACTION_ORDINAL, .of = sieve->ordinal};
    case STEP_GAP:
        return (struct action){.kind = ACTION_GAP, .number = step->number};
    case STEP_START:
        return (struct action){.kind = ACTION_START};
    case STEP_END:
        return (struct action){.kind = ACTION_END};
    case STEP_CHOICE:
    case STEP_MAYBE: {
        const struct shortcut *shortcut = shortcut_of(sieve, step->choice);
        bool maybe = step->kind == STEP_MAYBE;
        if (shortcut->way_count > 0)
            return (struct action){ACTION_CHOICE, maybe, 0, step->choice->shortcut - 1};
        if (shortcut->words <= SET_ONE)
            return (struct action){ACTION_WORD, maybe, (uint16_t)(SET_ONE - shortcut->words), 0};
        return (struct action){ACTION_ANY, maybe, 0, shortcut->words};
    }
    default:
        if (is_date(step))
            return (struct action){.kind = ACTION_SPOKEN, .of = sieve->date};
        return (struct action){.kind = ACTION_WORD, .number = step->number};
    }
}

static void add_action(struct sieve *sieve, struct action action) {
    sieve->actions =
        memory_grown(sieve->actions, sieve->action_count, &sieve->action_size, sizeof *sieve->actions);
    sieve->actions[sieve->action_count++] = action;
}

/* The choices in them are arranged before. */
static int add_actions(struct sieve *sieve, const struct step *steps) {
    for (const struct step *step = steps; step; step = step->next)
        if (step->choice)
            shortcut_of(sieve, step->choice);
    int first = sieve->action_count;
    for (const struct step *step = steps; step; step = step->next)
        add_action(sieve, action_of(sieve, step));
    add_action(sieve, (struct action){.kind = ACTION_DONE});
    return first;
}

static void add_way(struct sieve *sieve, uint16_t word, const struct step *rest) {
    struct gathered firsts = {0};
    gather_firsts(sieve, rest, &firsts);
    struct way way = {.actions = add_actions(sieve, rest), .firsts = sets_take(&sieve->sets, &firsts)};
    free(firsts.list);
    sieve->way_words =
        memory_grown(sieve->way_words, sieve->way_count, &sieve->way_word_size, sizeof *sieve->way_words);
    sieve->ways = memory_grown(sieve->ways, sieve->way_count, &sieve->way_size, sizeof *sieve->ways);
    sieve->way_words[sieve->way_count] = word;
    sieve->ways[sieve->way_count++] = way;
}

/* Its other ways stand side by side, once the choices in them are arranged. */
static void add_ways(struct sieve *sieve, const struct choice *choice, struct shortcut *shortcut) {
    shortcut->ways = sieve->way_count;
    for (int i = 0; i < choice->count; i++)
        if (is_one_word(choice->ways[i]) && choice->ways[i]->next)
            add_way(sieve, choice->ways[i]->number, choice->ways[i]->next);
    shortcut->worded = sieve->way_count - shortcut->ways;
    for (int i = 0; i < choice->count; i++)
        if (!is_one_word(choice->ways[i]))
            add_way(sieve, NUMBER_NONE, choice->ways[i]);
    shortcut->way_count = sieve->way_count - shortcut->ways;
}

/* Is what passes matched? Of a number or date in words only PCRE2 knows the whole. */
static bool is_exact(struct sieve *sieve, const struct step *steps) {
    bool exact = sieve->numbers < UINT16_MAX; /* else some words share a number */
    for (const struct step *step = steps; step; step = step->next)
        exact &= step->kind != STEP_NUMBER && step->kind != STEP_ORDINAL && !is_date(step) &&
                 (!step->choice || shortcut_of(sieve, step->choice)->exact);
    return exact;
}

static struct shortcut arrange(struct sieve *sieve, const struct choice *choice) {
    struct shortcut shortcut = {.exact = true, .plain = true};
    struct gathered words = {0}, firsts = {0}, needs = {0};
    for (int i = 0; i < choice->count; i++) {
        int need;
        shortcut.exact &= is_exact(sieve, choice->ways[i]);
        shortcut.plain &= steps_are_words(choice->ways[i]);
        if (is_one_word(choice->ways[i]) && !choice->ways[i]->next) {
            sets_gather(&words, choice->ways[i]->number);
            sets_gather(&needs, choice->ways[i]->number);
            continue;
        }
        find_needs(sieve, choice->ways[i], &need, 1);
        sets_gather_set(&needs, &sieve->sets, need);
        gather_firsts(sieve, choice->ways[i], &firsts);
    }
    shortcut.words = words.count > 0 ? sets_take(&sieve->sets, &words) : SET_EVERY;
    shortcut.firsts = sets_take(&sieve->sets, &firsts);
    shortcut.need = sets_take(&sieve->sets, &needs);
    free(words.list);
    free(firsts.list);
    free(needs.list);
    add_ways(sieve, choice, &shortcut);
    return shortcut;
}

static const struct shortcut *shortcut_of(struct sieve *sieve, struct choice *choice) {
    if (!choice->shortcut) {
        struct shortcut shortcut = arrange(sieve, choice);
        sieve->shortcuts = memory_grown(sieve->shortcuts, sieve->shortcut_count, &sieve->shortcut_size,
                                        sizeof *sieve->shortcuts);
        sieve->shortcuts[sieve->shortcut_count++] = shortcut;
        choice->shortcut = sieve->shortcut_count;
    }
    return &sieve->shortcuts[choice->shortcut - 1];
}

/* ---- the sieve ---- */

struct sieve *sieve_new(const struct sieve_words *words, struct arena *arena) {
    struct sieve *sieve = ARENA_NEW(arena, struct sieve);
    sieve->arena = arena;
    sieve->sets = (struct sets){.said = words->said};
    sieve->numbers = words->count;
    sieve->date = set_of_words(sieve, words->date, MARK_NUMBER_DATE);
    sieve->number = set_of_words(sieve, words->number, NUMBER_DIGITS);
    sieve->ordinal = set_of_words(sieve, words->ordinal, NUMBER_DIGITS);
    return sieve;
}

int sieve_add(struct sieve *sieve, const struct sieve_pattern *pattern) {
    sieve->patterns =
        memory_grown(sieve->patterns, sieve->pattern_count, &sieve->pattern_size, sizeof *sieve->patterns);
    struct sifted *sifted = &sieve->patterns[sieve->pattern_count++];
    *sifted = (struct sifted){.of = *pattern, .exact = is_exact(sieve, pattern->steps)};
    find_needs(sieve, pattern->steps, sifted->needs, NEEDS);
    sifted->actions = add_actions(sieve, pattern->steps);
    return sieve->pattern_count - 1;
}

/* Things that lie in boxes, those of one box side by side from begins[box] to begins[box + 1]: first all are
 * counted, then each is told its place. */
static int *boxes_new(struct sieve *sieve, int boxes) {
    return ARENA_ARRAY(sieve->arena, int, (size_t)boxes + 2);
}

static void boxes_count(int *begins, int box) {
    begins[box + 2]++;
}

/* Returns memory for all the things. */
static void *boxes_open(struct sieve *sieve, int *begins, int boxes, size_t item) {
    for (int i = 2; i < boxes + 2; i++)
        begins[i] += begins[i - 1];
    return arena_alloc(sieve->arena, item * ((size_t)begins[boxes + 1] + 1));
}

static int boxes_place(int *begins, int box) {
    return begins[box + 1]++;
}

/* Calls for each number and round that a pattern waits for. What needs nothing waits for every word. */
static void each_box(struct sieve *sieve, void (*each)(struct sieve *sieve, int pattern, int box)) {
    uint16_t room;
    for (int i = 0; i < sieve->pattern_count; i++) {
        struct word_numbers numbers = sets_numbers(&sieve->sets, sieve->patterns[i].needs[0], &room);
        for (int j = 0; j < numbers.count; j++)
            for (int round = 0; round < SIEVE_ROUNDS; round++)
                if (sieve->patterns[i].of.rounds & 1u << round)
                    each(sieve, i, numbers.list[j] * SIEVE_ROUNDS + round);
    }
}

static void count_waiting(struct sieve *sieve, int pattern, int box) {
    (void)pattern;
    boxes_count(sieve->begins, box);
}

static void place_waiting(struct sieve *sieve, int pattern, int box) {
    const struct sifted *sifted = &sieve->patterns[pattern];
    sieve->waiting[boxes_place(sieve->begins, box)] =
        (struct waiting){sifted->of.about, pattern, {sifted->needs[1], sifted->needs[2]}, sifted->actions};
}

static void add_waiting(struct sieve *sieve) {
    int boxes = sieve->numbers * SIEVE_ROUNDS;
    sieve->begins = boxes_new(sieve, boxes);
    each_box(sieve, count_waiting);
    sieve->waiting = boxes_open(sieve, sieve->begins, boxes, sizeof *sieve->waiting);
    each_box(sieve, place_waiting);
}

static void expect(bool *asked, int set) {
    if (set >= 0)
        asked[set] = true;
}

/* Of which sets is it asked where one of them stands? The others helped to choose what patterns need. */
static bool *expected_sets(const struct sieve *sieve) {
    bool *asked = calloc((size_t)sieve->sets.count + 1, sizeof *asked);
    if (!asked)
        memory_exhausted();
    for (int i = 0; i < sieve->pattern_count; i++)
        for (int j = 1; j < NEEDS; j++)
            expect(asked, sieve->patterns[i].needs[j]);
    for (int i = 0; i < sieve->action_count; i++) {
        const struct action *action = &sieve->actions[i];
        if (action->kind == ACTION_ANY || action->kind == ACTION_SPOKEN || action->kind == ACTION_ORDINAL)
            expect(asked, action->of);
    }
    for (int i = 0; i < sieve->shortcut_count; i++) {
        const struct shortcut *shortcut = &sieve->shortcuts[i];
        expect(asked, shortcut->words);
        expect(asked, shortcut->way_count > 0 ? shortcut->firsts : SET_EVERY);
        for (int way = shortcut->worded; way < shortcut->way_count; way++)
            expect(asked, sieve->ways[shortcut->ways + way].firsts);
    }
    return asked;
}

static void *room_for(struct sieve *sieve, size_t count, size_t item) {
    return arena_alloc(sieve->arena, (count + 1) * item);
}

static void add_members(struct sieve *sieve) {
    bool *asked = expected_sets(sieve);
    const struct set *sets = sieve->sets.list;
    int few = 0, count = sieve->sets.count;
    sieve->members = room_for(sieve, (size_t)count, sizeof *sieve->members);
    sieve->many_begins = boxes_new(sieve, sieve->numbers);
    for (int i = 0; i < count; i++) {
        struct members *members = &sieve->members[i];
        *members = (struct members){.few = sets[i].count <= FEW};
        if (!asked[i])
            continue;
        members->first = members->few ? few : sieve->many_count++;
        few += members->few ? sets[i].count + 1 : 0;
        for (int j = 0; j < sets[i].count && !members->few; j++)
            boxes_count(sieve->many_begins, sets[i].numbers[j]);
    }
    sieve->few = room_for(sieve, (size_t)few, sizeof *sieve->few);
    sieve->many = boxes_open(sieve, sieve->many_begins, sieve->numbers, sizeof *sieve->many);
    for (int i = 0; i < count; i++)
        for (int j = 0; j < sets[i].count && asked[i]; j++)
            if (sieve->members[i].few) {
                sieve->few[sieve->members[i].first + j] = sets[i].numbers[j];
                sieve->few[sieve->members[i].first + j + 1] = NUMBER_NONE;
            } else
                sieve->many[boxes_place(sieve->many_begins, sets[i].numbers[j])] = sieve->members[i].first;
    free(asked);
}

static void *taken(struct sieve *sieve, void *array, int count, size_t item) {
    return arena_take(sieve->arena, array, (size_t)count * item);
}

void sieve_finish(struct sieve *sieve) {
    add_waiting(sieve);
    add_members(sieve);
    sets_clear(&sieve->sets);
    sieve->patterns = taken(sieve, sieve->patterns, sieve->pattern_count, sizeof *sieve->patterns);
    sieve->actions = taken(sieve, sieve->actions, sieve->action_count, sizeof *sieve->actions);
    sieve->shortcuts = taken(sieve, sieve->shortcuts, sieve->shortcut_count, sizeof *sieve->shortcuts);
    sieve->ways = taken(sieve, sieve->ways, sieve->way_count, sizeof *sieve->ways);
    sieve->way_words = taken(sieve, sieve->way_words, sieve->way_count, sizeof *sieve->way_words);
    sieve->arena = NULL;
}
