#include "intents/sieve.h"
#include "base/memory.h"
#include "intents/mesh.h"
#include <stdlib.h>

static const struct shortcut *shortcut_of(struct sieve *sieve, struct choice *choice);

static const struct arranged *arranged_of(struct sieve *sieve, struct choice *choice) {
    shortcut_of(sieve, choice);
    return &sieve->arranged[choice->shortcut - 1];
}

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

static int need_of(struct sieve *sieve, const struct step *step) {
    if (step->kind == STEP_NUMBER)
        return sieve->number;
    if (step->kind == STEP_ORDINAL)
        return sieve->ordinal;
    if (step_is_date(step))
        return sieve->date;
    if (step->kind == STEP_CHOICE || step->kind == STEP_MAYBE) {
        int need = shortcut_of(sieve, step->choice)->need;
        return step->kind == STEP_CHOICE ? need : SET_EVERY;
    }
    return step_is_one_word(step) ? SET_ONE - step->number : SET_EVERY;
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

/* ---- how many words steps take ---- */

static struct reach reach_over(struct reach a, struct reach b) {
    int least = a.least + b.least, most = a.most + b.most;
    return (struct reach){least < REACH_MAX ? least : REACH_MAX, most < REACH_MAX ? most : REACH_MAX};
}

static struct reach reach_of(struct sieve *sieve, const struct step *step) {
    if (step->kind == STEP_GAP)
        return (struct reach){0, step->number};
    if (step->kind == STEP_NUMBER || step_is_date(step))
        return (struct reach){1, SPOKEN_NUMBER};
    if (step->kind == STEP_ORDINAL)
        return (struct reach){1, SPOKEN_NUMBER + 1};
    if (step->choice) {
        struct reach reach = arranged_of(sieve, step->choice)->reach;
        return (struct reach){step->kind == STEP_MAYBE ? 0 : reach.least, reach.most};
    }
    return step_is_one_word(step) ? (struct reach){1, 1} : (struct reach){0, 0};
}

static struct reach reach_of_all(struct sieve *sieve, const struct step *steps) {
    struct reach reach = {0, 0};
    for (const struct step *step = steps; step; step = step->next)
        reach = reach_over(reach, reach_of(sieve, step));
    return reach;
}

/* From the beginning of steps to the word that one of them needs. */
static struct reach reach_before(struct sieve *sieve, const struct step *steps, int need) {
    struct reach reach = {0, 0};
    for (const struct step *step = steps; step && need != SET_EVERY; step = step->next) {
        struct reach here = reach_of(sieve, step);
        if (need_of(sieve, step) == need)
            return reach_over(reach, (struct reach){0, here.most - 1});
        reach = reach_over(reach, here);
    }
    return (struct reach){0, REACH_MAX};
}

/* What steps may begin with. */
static void gather_firsts(struct sieve *sieve, const struct step *steps, struct gathered *out) {
    for (const struct step *step = steps; step; step = step->next) {
        if (step->kind == STEP_START)
            continue;
        if (step->kind == STEP_CHOICE || step->kind == STEP_MAYBE) {
            sets_gather_set(out, &sieve->sets, shortcut_of(sieve, step->choice)->begins);
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
        if (step_is_date(step))
            return (struct action){.kind = ACTION_SPOKEN, .of = sieve->date};
        return (struct action){.kind = ACTION_WORD, .number = step->number};
    }
}

static void add_action(struct sieve *sieve, struct action action) {
    sieve->actions =
        memory_grown(sieve->actions, sieve->action_count, &sieve->action_size, sizeof *sieve->actions);
    sieve->actions[sieve->action_count++] = action;
}

static void add_step(struct sieve *sieve, const struct step *step) {
    struct action action = action_of(sieve, step);
    add_action(sieve, action);
    if (action.kind == ACTION_CHOICE)
        add_action(sieve, (struct action){.of = sieve->shortcuts[action.of].begins});
}

/* The choices in them are arranged before. */
static int add_actions(struct sieve *sieve, const struct step *steps) {
    for (const struct step *step = steps; step; step = step->next)
        if (step->choice)
            shortcut_of(sieve, step->choice);
    int first = sieve->action_count;
    for (const struct step *step = steps; step; step = step->next)
        add_step(sieve, step);
    add_action(sieve, (struct action){.kind = ACTION_DONE});
    return first;
}

static bool is_worded(const struct step *steps) {
    return step_is_one_word(steps) && steps->next;
}

static void add_way(struct sieve *sieve, const struct step *steps) {
    struct way way;
    struct gathered firsts = {0};
    if (is_worded(steps)) {
        way.word = steps->number;
        steps = steps->next;
        way.next = step_is_one_word(steps) ? steps->number : NUMBER_NONE;
    } else {
        gather_firsts(sieve, steps, &firsts);
        way.first = sets_take(&sieve->sets, &firsts);
        free(firsts.list);
    }
    way.actions = add_actions(sieve, steps);
    sieve->ways = memory_grown(sieve->ways, sieve->way_count, &sieve->way_size, sizeof *sieve->ways);
    sieve->ways[sieve->way_count++] = way;
}

static int heads_of(struct sieve *sieve, const struct shortcut *shortcut) {
    struct gathered heads = {0};
    for (int i = 0; i < shortcut->worded; i++)
        sets_gather(&heads, sieve->ways[shortcut->ways + i].word);
    int set = sets_take(&sieve->sets, &heads);
    free(heads.list);
    return set;
}

/* Its other ways stand side by side, once the choices in them are arranged. */
static void add_ways(struct sieve *sieve, const struct choice *choice, struct shortcut *shortcut) {
    shortcut->ways = sieve->way_count;
    for (int i = 0; i < choice->count; i++)
        if (is_worded(choice->ways[i]))
            add_way(sieve, choice->ways[i]);
    shortcut->worded = sieve->way_count - shortcut->ways;
    shortcut->heads = shortcut->worded > 0 ? heads_of(sieve, shortcut) : SET_EVERY;
    for (int i = 0; i < choice->count; i++)
        if (!step_is_one_word(choice->ways[i]))
            add_way(sieve, choice->ways[i]);
    shortcut->way_count = sieve->way_count - shortcut->ways;
}

/* Is what passes matched? Of a number or date in words only PCRE2 knows the whole. */
static bool is_exact(struct sieve *sieve, const struct step *steps) {
    bool exact = sieve->numbers < UINT16_MAX; /* else some words share a number */
    for (const struct step *step = steps; step; step = step->next)
        exact &= step->kind != STEP_NUMBER && step->kind != STEP_ORDINAL && !step_is_date(step) &&
                 (!step->choice || arranged_of(sieve, step->choice)->exact);
    return exact;
}

static struct shortcut arrange(struct sieve *sieve, const struct choice *choice, struct arranged *out) {
    struct shortcut shortcut = {.plain = true};
    *out = (struct arranged){.reach = {REACH_MAX, 0}, .exact = true};
    struct gathered words = {0}, begins = {0}, needs = {0};
    for (int i = 0; i < choice->count; i++) {
        int need;
        struct reach reach = reach_of_all(sieve, choice->ways[i]);
        out->reach.least = reach.least < out->reach.least ? reach.least : out->reach.least;
        out->reach.most = reach.most > out->reach.most ? reach.most : out->reach.most;
        out->exact &= is_exact(sieve, choice->ways[i]);
        shortcut.plain &= steps_are_words(choice->ways[i]);
        if (step_is_one_word(choice->ways[i]) && !choice->ways[i]->next) {
            sets_gather(&words, choice->ways[i]->number);
            sets_gather(&begins, choice->ways[i]->number);
            sets_gather(&needs, choice->ways[i]->number);
            continue;
        }
        find_needs(sieve, choice->ways[i], &need, 1);
        sets_gather_set(&needs, &sieve->sets, need);
        gather_firsts(sieve, choice->ways[i], &begins);
    }
    shortcut.words = words.count > 0 ? sets_take(&sieve->sets, &words) : SET_EVERY;
    shortcut.begins = sets_take(&sieve->sets, &begins);
    shortcut.need = sets_take(&sieve->sets, &needs);
    free(words.list);
    free(begins.list);
    free(needs.list);
    add_ways(sieve, choice, &shortcut);
    return shortcut;
}

static const uint16_t *heads_in_order(struct sieve *sieve, const struct choice *choice) {
    uint16_t *heads = ARENA_ARRAY(sieve->arena, uint16_t, (size_t)choice->count);
    for (int i = 0; i < choice->count; i++)
        heads[i] = step_is_one_word(choice->ways[i]) ? choice->ways[i]->number : NUMBER_NONE;
    return heads;
}

static const struct shortcut *shortcut_of(struct sieve *sieve, struct choice *choice) {
    if (!choice->shortcut) {
        choice->heads = heads_in_order(sieve, choice);
        struct arranged arranged;
        struct shortcut shortcut = arrange(sieve, choice, &arranged);
        sieve->shortcuts = memory_grown(sieve->shortcuts, sieve->shortcut_count, &sieve->shortcut_size,
                                        sizeof *sieve->shortcuts);
        sieve->arranged = memory_grown(sieve->arranged, sieve->shortcut_count, &sieve->arranged_size,
                                       sizeof *sieve->arranged);
        sieve->arranged[sieve->shortcut_count] = arranged;
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

static uint16_t about_of(struct sieve *sieve, uint64_t about) {
    int at = 0;
    while (at < sieve->about_count && at < UINT16_MAX && sieve->abouts[at] != about)
        at++;
    sieve->abouts =
        memory_grown(sieve->abouts, sieve->about_count, &sieve->about_size, sizeof *sieve->abouts);
    if (at == sieve->about_count)
        sieve->about_count++;
    sieve->abouts[at] |= about;
    return (uint16_t)at;
}

int sieve_add(struct sieve *sieve, const struct sieve_pattern *pattern) {
    int index = sieve->pattern_count;
    sieve->patterns = memory_grown(sieve->patterns, index, &sieve->pattern_size, sizeof *sieve->patterns);
    sieve->added = memory_grown(sieve->added, index, &sieve->added_size, sizeof *sieve->added);
    struct added *added = &sieve->added[index];
    *added = (struct added){.of = *pattern, .about = about_of(sieve, pattern->about)};
    find_needs(sieve, pattern->steps, added->needs, NEEDS);
    added->before = reach_before(sieve, pattern->steps, added->needs[0]);
    sieve->patterns[index] = (struct sifted){.steps = pattern->steps,
                                             .actions = add_actions(sieve, pattern->steps),
                                             .exact = is_exact(sieve, pattern->steps)};
    return sieve->pattern_count++;
}
