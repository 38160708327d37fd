/* Of all matches the one that PCRE2 would find, which tries one way after the other. */
#include "intents/places.h"
#include "intents/sifter.h"

/* What is still to be matched after the way of a choice. */
struct rest {
    const struct step *steps;
    const struct rest *next;
};

static uint64_t choose(struct sifter *sifter, const struct choice *choice, uint64_t at) {
    at = places_beginning(sifter, sifter->sieve->shortcuts[choice->shortcut - 1].begins, at);
    return at ? places_choose(sifter, choice->shortcut - 1, at) : 0;
}

/* One step, from one of the places. */
static uint64_t take(struct sifter *sifter, const struct step *step, uint64_t at) {
    switch (step->kind) {
    case STEP_GAP:
        return at | places_over(at, sifter->open, step->number);
    case STEP_START:
        return at & sifter->starts;
    case STEP_END:
        return at & sifter->ends;
    case STEP_CHOICE:
        return choose(sifter, step->choice, at);
    case STEP_MAYBE:
        return at | choose(sifter, step->choice, at);
    default:
        return (at & places_of_number(sifter, step->number)) << 1;
    }
}

static uint64_t take_all(struct sifter *sifter, const struct step *steps, uint64_t at) {
    for (; steps && at; steps = steps->next)
        at = take(sifter, steps, at);
    return at;
}

static bool leads_on(struct sifter *sifter, const struct rest *rest, uint64_t at) {
    for (; rest && at; rest = rest->next)
        at = take_all(sifter, rest->steps, at);
    return at != 0;
}

/* Most ways begin with a word that is not said there, and are not looked at. */
static bool may_begin(const struct sifter *sifter, const struct choice *choice, int way, uint64_t at) {
    uint16_t head = choice->heads[way];
    return head == NUMBER_NONE || at & places_of_number(sifter, head);
}

/* As expression.c writes them: of mere words the most that do, over which *at is moved; then the other ways
 * in their order, the first of which is returned. */
static const struct step *first_way(struct sifter *sifter, const struct choice *choice,
                                    const struct rest *rest, uint64_t *at) {
    bool all_plain = sifter->sieve->shortcuts[choice->shortcut - 1].plain;
    uint64_t plain = all_plain ? choose(sifter, choice, *at) : 0;
    for (int i = 0; i < choice->count && !all_plain; i++)
        if (may_begin(sifter, choice, i, *at) && steps_are_words(choice->ways[i]))
            plain |= take_all(sifter, choice->ways[i], *at);
    while (plain) {
        uint64_t last = UINT64_C(1) << (63 - __builtin_clzll(plain));
        if (leads_on(sifter, rest, last)) {
            *at = last;
            return NULL;
        }
        plain ^= last;
    }
    for (int i = 0; i < choice->count && !all_plain; i++)
        if (may_begin(sifter, choice, i, *at) && !steps_are_words(choice->ways[i]) &&
            leads_on(sifter, rest, take_all(sifter, choice->ways[i], *at)))
            return choice->ways[i];
    return NULL;
}

/* Where the first of all ways to match from the place `at` ends, of which there is one at least: a gap takes
 * as few words as do, what may be left out is so last. */
static uint64_t first_end(struct sifter *sifter, const struct step *steps, uint64_t at,
                          const struct rest *rest) {
    for (; !steps && rest; rest = rest->next)
        steps = rest->steps;
    if (!steps)
        return at;
    struct rest after = {steps->next, rest};
    const struct step *way = NULL;
    if (steps->kind == STEP_CHOICE || steps->kind == STEP_MAYBE)
        way = first_way(sifter, steps->choice, &after, &at);
    else if (steps->kind != STEP_GAP)
        at = take(sifter, steps, at);
    else
        while (!leads_on(sifter, &after, at))
            at <<= 1;
    return first_end(sifter, way, at, &after);
}

/* At which of the places may actions begin? */
static uint64_t starts_of(const struct sifter *sifter, int actions, uint64_t at) {
    uint64_t starts = 0;
    for (const struct action *action = &sifter->sieve->actions[actions];; action++) {
        if (action->kind == ACTION_START)
            continue;
        if (action->kind == ACTION_WORD)
            starts |= at & places_of_number(sifter, action->number);
        else if (action->kind == ACTION_ANY)
            starts |= places_among(sifter, action->of, at);
        else if (action->kind == ACTION_CHOICE) {
            if (action[1].of == SET_EVERY)
                return at;
            starts |= places_among(sifter, action[1].of, at);
        } else
            return at;
        if (!action->maybe)
            return starts;
        action += action->kind == ACTION_CHOICE;
    }
}

bool sifter_match(struct sifter *sifter, int sifted, int token, int *begin, int *end) {
    const struct sifted *pattern = &sifter->sieve->patterns[sifted];
    int count = sifter->seen->token_count;
    *begin = token;
    *end = -1;
    if (count > WINDOW) /* the places of the beginning are forgotten */
        return token < count;
    uint64_t places = (UINT64_C(1) << count) - (UINT64_C(1) << token), ends = 0,
             starts = starts_of(sifter, pattern->actions, places);
    if (token == 0 && starts && (starts & (starts - 1)) == 0)
        ends = sifter->tried[sifted].places; /* of all places only this one led there */
    for (; starts && !ends; starts &= ends ? starts : starts - 1)
        ends = places_follow(sifter, pattern->actions, starts & -starts);
    if (!ends)
        return false;
    *begin = __builtin_ctzll(starts);
    if (pattern->exact)
        *end = __builtin_ctzll(ends & (ends - 1) ? first_end(sifter, pattern->steps, starts & -starts, NULL)
                                                 : ends);
    return true;
}
