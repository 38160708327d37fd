#include "intents/sifter.h"
#include "base/memory.h"
#include "intents/mesh.h"
#include "intents/numbering.h"
#include <stdlib.h>
#include <string.h>

enum {
    WINDOW = 62, /* words that are looked at together: their places, and the one after the last, are bits */
    SAID_MAX = WINDOW * NUMBERS_A_WORD,
    STRIDE = 24, /* from window to window where no sentence ends: a match reaches over 38 words at the most */
    LIKELY_MAX = 64,
    LINE_WORDS = 8 /* of a line of the processor's cache */
};

struct tried {
    uint32_t stamp;
    uint64_t places;
};

/* Patterns share their choices. */
struct chosen {
    uint32_t stamp;
    uint64_t at, reached;
};

struct sifter {
    const struct sieve *sieve;
    const struct language *language;
    const struct seen *seen;
    uint32_t stamp;    /* of the window that is looked at */
    uint16_t *said_as; /* [number] where it is in `said`; 0: it is not said */
    int said_as_count;
    uint16_t said[SAID_MAX + 1];   /* numbers, from 1 on */
    uint64_t places[SAID_MAX + 1]; /* [in said] where it stands */
    int said_count;
    uint64_t signs;                             /* of those numbers */
    const uint16_t *numbers[WINDOW];            /* [place] of the word there */
    uint16_t rooms[WINDOW][NUMBERS_A_WORD + 1]; /* for them */
    const uint64_t *rows[WINDOW + 1];           /* [place] of which sets of many the word there is */
    uint64_t *mixed;                            /* rows: of all words, and of those of several numbers */
    int mixed_count;
    struct tried *tried; /* [pattern] where it may end, once it was followed */
    int tried_count;
    struct chosen *chosen; /* [shortcut] what was asked of it last */
    int chosen_count;
    uint64_t starts, ends; /* of sentences */
    uint64_t open;         /* words */
    uint64_t all;
};

struct sifter *sifter_new(void) {
    return calloc(1, sizeof(struct sifter));
}

void sifter_free(struct sifter *sifter) {
    if (!sifter)
        return;
    free(sifter->said_as);
    free(sifter->mixed);
    free(sifter->tried);
    free(sifter->chosen);
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

static inline uint64_t places_of_number(const struct sifter *sifter, uint16_t number) {
    return sifter->places[sifter->said_as[number]];
}

static inline uint64_t bit_of(const uint64_t *row, unsigned bit) {
    return row[bit / ROW_BITS] >> bit % ROW_BITS & 1;
}

static inline bool is_few(int set) {
    return set & 1;
}

/* A list of few, if one of it may be said; else its end. */
static inline const uint16_t *few_of(const struct sifter *sifter, int set) {
    static const uint16_t none = NUMBER_NONE;
    const uint16_t *list = sifter->sieve->few + set / 2;
    uint64_t signs;
    memcpy(&signs, list, sizeof signs);
    return signs & sifter->signs ? list + FEW_HEAD : &none;
}

/* On which of the places stands one of the set? */
static inline uint64_t among(const struct sifter *sifter, int set, uint64_t at) {
    uint64_t places = 0;
    if (set <= SET_ONE)
        return at & places_of_number(sifter, (uint16_t)(SET_ONE - set));
    if (is_few(set)) {
        for (const uint16_t *few = few_of(sifter, set); *few != NUMBER_NONE; few++)
            places |= places_of_number(sifter, *few);
        return at & places;
    }
    unsigned bit = (unsigned)set / 2;
    if (!bit_of(sifter->mixed, bit)) /* most that is asked for is said nowhere */
        return 0;
    for (; at; at &= at - 1) {
        int place = __builtin_ctzll(at);
        places |= bit_of(sifter->rows[place], bit) << place;
    }
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

/* The ways of a choice that begin with the word at a place. */
static uint64_t choose_worded(struct sifter *sifter, const struct shortcut *shortcut, int place) {
    const struct way *ways = sifter->sieve->ways + shortcut->ways;
    const uint16_t *words = sifter->sieve->way_words + shortcut->ways;
    uint64_t reached = 0;
    for (const uint16_t *number = sifter->numbers[place]; *number != NUMBER_NONE; number++)
        for (int way = 0; way < shortcut->worded; way++)
            if (words[way] == *number)
                reached |= follow(sifter, ways[way].actions, UINT64_C(2) << place);
    return reached;
}

static uint64_t choose_anew(struct sifter *sifter, const struct shortcut *shortcut, uint64_t at) {
    uint64_t reached = shortcut->words == SET_EVERY ? 0 : among(sifter, shortcut->words, at) << 1,
             heads = shortcut->heads == SET_EVERY ? 0 : among(sifter, shortcut->heads, at);
    for (; heads; heads &= heads - 1)
        reached |= choose_worded(sifter, shortcut, __builtin_ctzll(heads));
    for (int way = shortcut->ways + shortcut->worded, end = shortcut->ways + shortcut->way_count; way < end;
         way++) {
        const struct way *other = &sifter->sieve->ways[way];
        uint64_t from = other->firsts == SET_EVERY ? at : among(sifter, other->firsts, at);
        if (from)
            reached |= follow(sifter, other->actions, from);
    }
    return reached;
}

static uint64_t choose(struct sifter *sifter, int index, uint64_t at) {
    const struct shortcut *shortcut = &sifter->sieve->shortcuts[index];
    struct chosen *chosen = &sifter->chosen[index];
    if (shortcut->begins != SET_EVERY)
        at = among(sifter, shortcut->begins, at);
    if (!at)
        return 0;
    if (chosen->stamp != sifter->stamp || chosen->at != at)
        *chosen = (struct chosen){sifter->stamp, at, choose_anew(sifter, shortcut, at)};
    return chosen->reached;
}

/* Where the actions may end that begin at one of the places. */
static uint64_t follow(struct sifter *sifter, int actions, uint64_t at) {
    for (const struct action *action = &sifter->sieve->actions[actions]; at; action++) {
        uint64_t passed = action->maybe ? at : 0;
        switch (action->kind) {
        case ACTION_WORD:
            at = (at & places_of_number(sifter, action->number)) << 1;
            break;
        case ACTION_ANY:
            at = among(sifter, action->of, at) << 1;
            break;
        case ACTION_CHOICE:
            at = choose(sifter, action->of, at);
            break;
        case ACTION_SPOKEN:
            at = over(at, among(sifter, action->of, sifter->open), SPOKEN_NUMBER);
            break;
        case ACTION_ORDINAL: /* "the 14 th" */
            at = over(at, among(sifter, action->of, sifter->open), SPOKEN_NUMBER);
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
    uint16_t *as = &sifter->said_as[number];
    if (*as == 0) {
        *as = (uint16_t)++sifter->said_count;
        sifter->said[*as] = number;
        sifter->places[*as] = 0;
        sifter->signs |= sign_of(number);
    }
    sifter->places[*as] |= UINT64_C(1) << place;
}

static void forget(struct sifter *sifter) {
    for (int i = 1; i <= sifter->said_count; i++)
        sifter->said_as[sifter->said[i]] = 0;
    sifter->said_count = 0;
    sifter->signs = sign_of(NUMBER_NONE); /* of what needs nothing */
}

static const uint64_t *row_of(const struct sieve *sieve, uint16_t number) {
    return sieve->rows + sieve->row_of[number] * (size_t)sieve->row_words;
}

static void mix(uint64_t *restrict row, const uint64_t *restrict more, int words) {
    for (int i = 0; i < words; i++)
        row[i] |= more[i];
}

/* Few words have several numbers. */
static const uint64_t *row_of_several(struct sifter *sifter, const uint16_t *numbers, int place) {
    int words = sifter->sieve->row_words;
    uint64_t *row = sifter->mixed + (size_t)(place + 1) * (size_t)words;
    memset(row, 0, sizeof *row * (size_t)words);
    for (; *numbers != NUMBER_NONE; numbers++)
        mix(row, row_of(sifter->sieve, *numbers), words);
    return row;
}

static void say_token(struct sifter *sifter, int place) {
    const uint16_t *numbers = sifter->numbers[place];
    bool several = numbers[0] != NUMBER_NONE && numbers[1] != NUMBER_NONE;
    const uint64_t *row = sifter->rows[place] =
        several ? row_of_several(sifter, numbers, place) : row_of(sifter->sieve, numbers[0]);
    mix(sifter->mixed, row, sifter->sieve->row_words);
    for (; *numbers != NUMBER_NONE; numbers++)
        say(sifter, *numbers, place);
}

/* What is asked of a number lies anywhere in a megabyte: it is on its way before it is needed. */
static void expect(const struct sieve *sieve, uint16_t number) {
    const uint64_t *row = row_of(sieve, number);
    for (int i = 0; i < sieve->row_words; i += LINE_WORDS)
        __builtin_prefetch(row + i);
    __builtin_prefetch(&sieve->begins[number * SIEVE_ROUNDS]);
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
    memset(sifter->mixed, 0, sizeof *sifter->mixed * (size_t)sifter->sieve->row_words);
    sifter->rows[count] = sifter->sieve->rows;
    for (int i = 0; i < count; i++) {
        const struct token *token = &seen->tokens[first + i];
        if (token->stop) {
            sifter->ends |= UINT64_C(1) << i;
            sifter->starts |= UINT64_C(2) << i;
            sifter->rows[i] = sifter->sieve->rows;
            continue;
        }
        sifter->open |= UINT64_C(1) << i;
        sifter->numbers[i] = numbering_token(sifter->language, token, sifter->rooms[i]);
        __builtin_prefetch(sifter->numbers[i]);
    }
    for (uint64_t rest = sifter->open; rest; rest &= rest - 1)
        expect(sifter->sieve, *sifter->numbers[__builtin_ctzll(rest)]);
    for (uint64_t rest = sifter->open; rest; rest &= rest - 1)
        say_token(sifter, __builtin_ctzll(rest));
    return count;
}

void sifter_look(struct sifter *sifter, const struct sieve *sieve, const struct seen *seen,
                 const struct language *language) {
    if (sifter->stamp > UINT32_MAX / 2) { /* no stamp is ever used twice */
        sifter->tried_count = sifter->chosen_count = 0;
        sifter->stamp = 0;
    }
    forget(sifter);
    sifter->sieve = sieve;
    sifter->seen = seen;
    sifter->language = language;
    sifter->said_as =
        fitted(sifter->said_as, &sifter->said_as_count, sieve->numbers, sizeof *sifter->said_as);
    sifter->mixed =
        fitted(sifter->mixed, &sifter->mixed_count, (WINDOW + 1) * sieve->row_words, sizeof *sifter->mixed);
    sifter->tried = fitted(sifter->tried, &sifter->tried_count, sieve->pattern_count, sizeof *sifter->tried);
    sifter->chosen =
        fitted(sifter->chosen, &sifter->chosen_count, sieve->shortcut_count, sizeof *sifter->chosen);
    look(sifter, 0);
}

static bool any_of_few(const struct sifter *sifter, int set) {
    unsigned said = 0;
    for (const uint16_t *few = few_of(sifter, set); *few != NUMBER_NONE; few++)
        said |= sifter->said_as[*few];
    return said > 0;
}

static inline bool is_met(const struct sifter *sifter, int need) {
    if (need <= SET_ONE)
        return sifter->said_as[SET_ONE - need] > 0;
    if (need == SET_EVERY)
        return true;
    return is_few(need) ? any_of_few(sifter, need) : bit_of(sifter->mixed, (unsigned)need / 2);
}

struct asked {
    int round;
    uint64_t about;
    void (*each)(void *context, int owner);
    void *context;
};

/* Where may begin what has a word at one of the places? */
static uint64_t back(uint64_t places, struct reach before) {
    if (before.most >= WINDOW)
        return UINT64_MAX;
    places >>= before.least;
    for (int left = before.most - before.least, step = 1; left > 0; left -= step, step *= 2)
        places |= places >> (step < left ? step : left);
    return places;
}

/* Patterns to be followed. */
struct likely {
    int count;
    const struct waiting *waiting[LIKELY_MAX];
    uint64_t places[LIKELY_MAX]; /* of the word under which it waits */
};

/* Has it all that it needs, with the word under which it waits? */
static inline bool is_likely(const struct sifter *sifter, const struct waiting *waiting, uint64_t about) {
    return (waiting->about & about) && (waiting->signs[0] & sifter->signs) &&
           (waiting->signs[1] & sifter->signs) && is_met(sifter, waiting->needs[0]) &&
           is_met(sifter, waiting->needs[1]);
}

static void try_waiting(struct sifter *sifter, const struct waiting *waiting, uint64_t places,
                        const struct asked *asked) {
    struct tried *tried = &sifter->tried[waiting->pattern];
    if (tried->stamp != sifter->stamp)
        *tried = (struct tried){sifter->stamp, 0};
    tried->places |= follow(sifter, waiting->actions, sifter->all & back(places, waiting->before));
    if (tried->places)
        asked->each(asked->context, sifter->sieve->patterns[waiting->pattern].of.owner);
}

static const int *begins_of(const struct sieve *sieve, uint16_t number, int round) {
    return sieve->begins + number * SIEVE_ROUNDS + round;
}

static void try_likely(struct sifter *sifter, struct likely *likely, const struct asked *asked) {
    for (int i = 0; i < likely->count; i++)
        try_waiting(sifter, likely->waiting[i], likely->places[i], asked);
    likely->count = 0;
}

/* What it will be followed with is on its way while others are looked for. */
static void add_likely(struct sifter *sifter, struct likely *likely, const struct waiting *waiting,
                       uint64_t places) {
    __builtin_prefetch(&sifter->sieve->actions[waiting->actions]);
    __builtin_prefetch(&sifter->tried[waiting->pattern]);
    likely->waiting[likely->count] = waiting;
    likely->places[likely->count++] = places;
}

/* NUMBER_NONE comes last. */
static void try_said(struct sifter *sifter, const struct asked *asked) {
    const struct sieve *sieve = sifter->sieve;
    struct likely likely;
    likely.count = 0;
    sifter->said[0] = NUMBER_NONE;
    for (int said = sifter->said_count; said >= 0; said--)
        __builtin_prefetch(&sieve->waiting[*begins_of(sieve, sifter->said[said], asked->round)]);
    for (int said = sifter->said_count; said >= 0; said--) {
        const int *begins = begins_of(sieve, sifter->said[said], asked->round);
        for (int i = begins[0]; i < begins[1]; i++) {
            if (is_likely(sifter, &sieve->waiting[i], asked->about))
                add_likely(sifter, &likely, &sieve->waiting[i], sifter->places[said]);
            if (likely.count == LIKELY_MAX)
                try_likely(sifter, &likely, asked);
        }
    }
    try_likely(sifter, &likely, asked);
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

/* At which of the places may actions begin? */
static uint64_t starts_of(const struct sifter *sifter, int actions, uint64_t at) {
    uint64_t starts = 0;
    for (const struct action *action = &sifter->sieve->actions[actions];; action++) {
        if (action->kind == ACTION_START)
            continue;
        if (action->kind == ACTION_WORD)
            starts |= at & places_of_number(sifter, action->number);
        else if (action->kind == ACTION_ANY)
            starts |= among(sifter, action->of, at);
        else if (action->kind == ACTION_CHOICE) {
            const struct shortcut *shortcut = &sifter->sieve->shortcuts[action->of];
            if (shortcut->begins == SET_EVERY)
                return at;
            starts |= among(sifter, shortcut->begins, at);
        } else
            return at;
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
             starts = starts_of(sifter, pattern->actions, places);
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
