#include "intents/sifter.h"
#include "base/memory.h"
#include "intents/mesh.h"
#include "intents/numbering.h"
#include <stdlib.h>
#include <string.h>

enum {
    WINDOW = 62, /* words that are looked at together: their places, and the one after the last, are bits */
    STRIDE = 24, /* from window to window where no sentence ends: a match reaches over 38 words at the most */
    MANY_WAYS = 3
};

struct tried {
    uint32_t stamp;
    uint64_t places;
};

struct sifter {
    const struct sieve *sieve;
    const struct language *language;
    const struct seen *seen;
    uint32_t stamp;   /* of the window that is looked at */
    uint64_t *places; /* [number] where it stands */
    int place_count;
    uint64_t *found; /* [set of many] where one of its numbers stands */
    int found_count;
    struct tried *tried; /* [pattern] where it may end, once it was followed */
    int tried_count;
    uint64_t starts, ends; /* of sentences */
    uint64_t open;         /* words */
    uint64_t all;
    uint16_t said[WINDOW * NUMBERS_A_WORD + 1];
    int said_count;
};

struct sifter *sifter_new(void) {
    return calloc(1, sizeof(struct sifter));
}

void sifter_free(struct sifter *sifter) {
    if (!sifter)
        return;
    free(sifter->places);
    free(sifter->found);
    free(sifter->tried);
    free(sifter);
}

/* Zeroed where it grows. */
static void *fitted(void *array, int *count, int wanted, size_t item) {
    if (wanted <= *count)
        return array;
    array = realloc(array, item * (size_t)wanted);
    if (!array)
        memory_exhausted();
    memset((char *)array + item * (size_t)*count, 0, item * (size_t)(wanted - *count));
    *count = wanted;
    return array;
}

static inline uint64_t places_of(const struct sifter *sifter, int set) {
    if (set <= SET_ONE)
        return sifter->places[SET_ONE - set];
    struct members members = sifter->sieve->members[set];
    if (!members.few)
        return sifter->found[members.first];
    uint64_t places = 0;
    for (const uint16_t *few = sifter->sieve->few + members.first; *few != NUMBER_NONE; few++)
        places |= sifter->places[*few];
    return places;
}

/* From `from` over one to `most` of the words. */
static uint64_t over(uint64_t from, uint64_t words, int most) {
    uint64_t reached = 0;
    for (int i = 0; i < most && from; i++) {
        from = (from & words) << 1;
        reached |= from;
    }
    return reached;
}

static uint64_t follow(struct sifter *sifter, int actions, uint64_t at);

static uint64_t choose(struct sifter *sifter, int index, uint64_t at) {
    const struct shortcut *shortcut = &sifter->sieve->shortcuts[index];
    uint64_t reached = shortcut->words == SET_EVERY ? 0 : (at & places_of(sifter, shortcut->words)) << 1;
    if (shortcut->way_count > MANY_WAYS && shortcut->firsts != SET_EVERY &&
        !(at & places_of(sifter, shortcut->firsts)))
        return reached;
    const struct way *ways = sifter->sieve->ways;
    int way = shortcut->ways, end = way + shortcut->worded;
    for (const uint16_t *words = sifter->sieve->way_words; way < end; way++) {
        uint64_t from = at & sifter->places[words[way]];
        if (from)
            reached |= follow(sifter, ways[way].actions, from << 1);
    }
    for (end = shortcut->ways + shortcut->way_count; way < end; way++) {
        uint64_t from = ways[way].firsts == SET_EVERY ? at : at & places_of(sifter, ways[way].firsts);
        if (from)
            reached |= follow(sifter, ways[way].actions, from);
    }
    return reached;
}

/* Where the actions may end that begin at one of the places. */
static uint64_t follow(struct sifter *sifter, int actions, uint64_t at) {
    for (const struct action *action = &sifter->sieve->actions[actions]; at; action++) {
        uint64_t passed = action->maybe ? at : 0;
        switch (action->kind) {
        case ACTION_WORD:
            at = (at & sifter->places[action->number]) << 1;
            break;
        case ACTION_ANY:
            at = (at & places_of(sifter, action->of)) << 1;
            break;
        case ACTION_CHOICE:
            at = choose(sifter, action->of, at);
            break;
        case ACTION_SPOKEN:
            at = over(at, places_of(sifter, action->of), SPOKEN_NUMBER);
            break;
        case ACTION_ORDINAL: /* "the 14 th" */
            at = over(at, places_of(sifter, action->of), SPOKEN_NUMBER);
            at |= (at & sifter->open) << 1;
            break;
        case ACTION_GAP:
            at |= over(at, sifter->open, action->number);
            break;
        case ACTION_START:
            at &= sifter->starts;
            break;
        case ACTION_END:
            at &= sifter->ends;
            break;
        default:
            return at;
        }
        at |= passed;
    }
    return 0;
}

static void say(struct sifter *sifter, uint16_t number, int place) {
    const struct sieve *sieve = sifter->sieve;
    const int *set = sieve->many + sieve->many_begins[number],
              *end = sieve->many + sieve->many_begins[number + 1];
    uint64_t bit = UINT64_C(1) << place;
    if (!sifter->places[number])
        sifter->said[sifter->said_count++] = number;
    sifter->places[number] |= bit;
    for (; set < end; set++)
        sifter->found[*set] |= bit;
}

static void forget(struct sifter *sifter) {
    for (int i = 0; i < sifter->said_count; i++) {
        const int *begins = sifter->sieve->many_begins + sifter->said[i];
        sifter->places[sifter->said[i]] = 0;
        for (int j = begins[0]; j < begins[1]; j++)
            sifter->found[sifter->sieve->many[j]] = 0;
    }
    sifter->said_count = 0;
}

static void say_token(struct sifter *sifter, const struct token *token, int place) {
    uint16_t room[NUMBERS_A_WORD + 1];
    for (const uint16_t *numbers = numbering_token(sifter->language, token, room); *numbers != NUMBER_NONE;
         numbers++)
        say(sifter, *numbers, place);
}

/* Looks at the tokens from `first` on; returns how many they are. */
static int look(struct sifter *sifter, int first) {
    const struct seen *seen = sifter->seen;
    int count = seen->token_count - first < WINDOW ? seen->token_count - first : WINDOW;
    forget(sifter);
    sifter->stamp++;
    sifter->open = 0;
    sifter->starts = first == 0 || seen->tokens[first - 1].stop;
    sifter->ends = first + count == seen->token_count ? UINT64_C(1) << count : 0;
    sifter->all = (UINT64_C(2) << count) - 1;
    for (int i = 0; i < count; i++) {
        const struct token *token = &seen->tokens[first + i];
        if (token->stop) {
            sifter->ends |= UINT64_C(1) << i;
            sifter->starts |= UINT64_C(2) << i;
            continue;
        }
        sifter->open |= UINT64_C(1) << i;
        say_token(sifter, token, i);
    }
    return count;
}

void sifter_look(struct sifter *sifter, const struct sieve *sieve, const struct seen *seen,
                 const struct language *language) {
    if (sifter->stamp > UINT32_MAX / 2) { /* no stamp is ever used twice */
        sifter->tried_count = 0;
        sifter->stamp = 0;
    }
    forget(sifter);
    sifter->sieve = sieve;
    sifter->seen = seen;
    sifter->language = language;
    sifter->places = fitted(sifter->places, &sifter->place_count, sieve->numbers, sizeof *sifter->places);
    sifter->found = fitted(sifter->found, &sifter->found_count, sieve->many_count, sizeof *sifter->found);
    sifter->tried = fitted(sifter->tried, &sifter->tried_count, sieve->pattern_count, sizeof *sifter->tried);
    look(sifter, 0);
}

static bool is_met(const struct sifter *sifter, int need) {
    return need == SET_EVERY || places_of(sifter, need);
}

struct asked {
    int round;
    uint64_t about;
    void (*each)(void *context, int owner);
    void *context;
};

static void try_waiting(struct sifter *sifter, const struct waiting *waiting, const struct asked *asked) {
    struct tried *tried = &sifter->tried[waiting->pattern];
    if (!(waiting->about & asked->about) || !is_met(sifter, waiting->needs[0]) ||
        !is_met(sifter, waiting->needs[1]))
        return;
    if (tried->stamp != sifter->stamp)
        *tried = (struct tried){sifter->stamp, follow(sifter, waiting->actions, sifter->all)};
    if (tried->places)
        asked->each(asked->context, sifter->sieve->patterns[waiting->pattern].of.owner);
}

/* NUMBER_NONE comes last. */
static void try_said(struct sifter *sifter, const struct asked *asked) {
    const struct waiting *waiting = sifter->sieve->waiting;
    sifter->said[sifter->said_count] = NUMBER_NONE;
    for (const uint16_t *said = sifter->said, *last = said + sifter->said_count; said <= last; said++) {
        const int *begins = sifter->sieve->begins + *said * SIEVE_ROUNDS + asked->round;
        for (int i = begins[0]; i < begins[1]; i++)
            try_waiting(sifter, &waiting[i], asked);
    }
}

/* Where to look on after `count` tokens from `first`. */
static int after(const struct sifter *sifter, int first, int count) {
    const struct seen *seen = sifter->seen;
    for (int i = count; i > 0 && first + count < seen->token_count; i--)
        if (seen->tokens[first + i - 1].stop)
            return first + i;
    return first + (first + count < seen->token_count ? STRIDE : count);
}

void sifter_sift(struct sifter *sifter, int round, uint64_t about, void (*each)(void *context, int owner),
                 void *context) {
    const struct asked asked = {round, about, each, context};
    int tokens = sifter->seen->token_count;
    if (tokens <= WINDOW)
        try_said(sifter, &asked);
    else
        for (int first = 0, count; first < tokens; first = after(sifter, first, count)) {
            count = look(sifter, first);
            try_said(sifter, &asked);
        }
}

/* ---- the one match of many that PCRE2 would find ---- */

/* What is still to be matched after the way of a choice. */
struct rest {
    const struct step *steps;
    const struct rest *next;
};

/* One step, from one of the places. */
static uint64_t take(struct sifter *sifter, const struct step *step, uint64_t at) {
    switch (step->kind) {
    case STEP_GAP:
        return at | over(at, sifter->open, step->number);
    case STEP_START:
        return at & sifter->starts;
    case STEP_END:
        return at & sifter->ends;
    case STEP_CHOICE:
        return choose(sifter, step->choice->shortcut - 1, at);
    case STEP_MAYBE:
        return at | choose(sifter, step->choice->shortcut - 1, at);
    default:
        return (at & sifter->places[step->number]) << 1;
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

/* As expression.c writes them: of mere words the most that do, over which *at is moved; then the other ways
 * in their order, the first of which is returned. */
static const struct step *first_way(struct sifter *sifter, const struct choice *choice,
                                    const struct rest *rest, uint64_t *at) {
    bool all_plain = sifter->sieve->shortcuts[choice->shortcut - 1].plain;
    uint64_t plain = all_plain ? choose(sifter, choice->shortcut - 1, *at) : 0;
    for (int i = 0; i < choice->count && !all_plain; i++)
        if (steps_are_words(choice->ways[i]))
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
        if (!steps_are_words(choice->ways[i]) &&
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

/* The places where actions may begin. */
static uint64_t starts_of(const struct sifter *sifter, int actions) {
    uint64_t starts = 0;
    for (const struct action *action = &sifter->sieve->actions[actions];; action++) {
        if (action->kind == ACTION_START)
            continue;
        if (action->kind == ACTION_WORD)
            starts |= sifter->places[action->number];
        else if (action->kind == ACTION_ANY)
            starts |= places_of(sifter, action->of);
        else if (action->kind == ACTION_CHOICE) {
            const struct shortcut *shortcut = &sifter->sieve->shortcuts[action->of];
            if (shortcut->firsts == SET_EVERY)
                return UINT64_MAX;
            if (shortcut->words != SET_EVERY)
                starts |= places_of(sifter, shortcut->words);
            starts |= places_of(sifter, shortcut->firsts);
        } else
            return UINT64_MAX;
        if (!action->maybe)
            return starts;
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
             starts = starts_of(sifter, pattern->actions) & places;
    if (token == 0 && starts && (starts & (starts - 1)) == 0)
        ends = sifter->tried[sifted].places; /* of all places only this one led there */
    for (; starts && !ends; starts &= ends ? starts : starts - 1)
        ends = follow(sifter, pattern->actions, starts & -starts);
    if (!ends)
        return false;
    *begin = __builtin_ctzll(starts);
    if (pattern->exact)
        *end = __builtin_ctzll(
            ends & (ends - 1) ? first_end(sifter, pattern->of.steps, starts & -starts, NULL) : ends);
    return true;
}
