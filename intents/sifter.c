#include "intents/sifter.h"
#include "base/memory.h"
#include "intents/places.h"
#include <stdlib.h>
#include <string.h>

enum {
    STRIDE = 24, /* from window to window where no sentence ends: a match reaches over 38 words at the most */
    LIKELY_MAX = 64,
    LINE_WORDS = 8, /* of a line of the processor's cache */
    LINE_WAITING = LINE_WORDS * sizeof(uint64_t) / sizeof(struct waiting),
    LINE_ACTIONS = LINE_WORDS * sizeof(uint64_t) / sizeof(struct action),
    BOX_LINES = 4 /* that are on their way before they are needed */
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
    sifter->signs = 0;
}

static const uint64_t *row_of(const struct sieve *sieve, uint16_t number) {
    return sieve->rows + sieve->numbered[number].row;
}

static void mix(uint64_t *restrict row, const uint64_t *restrict more, int words) {
    for (int i = 0; i < words; i += ROW_STEP)
        for (int j = 0; j < ROW_STEP; j++)
            row[i + j] |= more[i + j];
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

/* Of several numbers, which few words have, the first. */
void sifter_expect(const struct sieve *sieve, const struct word *words, int count) {
    for (int i = 0; i < count; i++)
        if (words[i].entry)
            __builtin_prefetch(&sieve->numbered[*words[i].entry->numbers]);
}

static void expect_box(const struct sieve *sieve, uint16_t number, int round) {
    int at = sieve->numbered[number].begins[round], end = sieve->numbered[number].begins[round + 1];
    for (int line = 0; line < BOX_LINES && at < end; line++, at = (at / LINE_WAITING + 1) * LINE_WAITING)
        __builtin_prefetch(&sieve->waiting[at]);
}

void sifter_expect_rows(const struct sieve *sieve, const struct word *words, int count) {
    for (int i = 0; i < count; i++) {
        uint16_t number = words[i].entry ? *words[i].entry->numbers : NUMBER_NONE;
        const uint64_t *row = row_of(sieve, number);
        for (int j = 0; j < sieve->row_words; j += LINE_WORDS)
            __builtin_prefetch(row + j);
        expect_box(sieve, number, 0);
    }
}

void sifter_expect_round(const struct sifter *sifter, int round) {
    for (int said = 1; said <= sifter->said_count; said++)
        expect_box(sifter->sieve, sifter->said[said], round);
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
    }
    for (uint64_t rest = sifter->open; rest; rest &= rest - 1)
        say_token(sifter, __builtin_ctzll(rest));
    return count;
}

void sifter_look(struct sifter *sifter, const struct sieve *sieve, const struct seen *seen,
                 const struct language *language) {
    if (sifter->stamp > UINT32_MAX / 2) { /* no stamp is ever used twice */
        sifter->tried_count = 0;
        memset(sifter->chosen, 0, sizeof sifter->chosen);
        sifter->stamp = 0;
    }
    sifter->sieve = sieve;
    sifter->seen = seen;
    sifter->language = language;
    sifter->said_as =
        fitted(sifter->said_as, &sifter->said_as_count, sieve->numbers, sizeof *sifter->said_as);
    sifter->said_as[NUMBER_NONE] = SAID_ALWAYS;
    sifter->mixed =
        fitted(sifter->mixed, &sifter->mixed_count, (WINDOW + 1) * sieve->row_words, sizeof *sifter->mixed);
    sifter->tried = fitted(sifter->tried, &sifter->tried_count, sieve->pattern_count, sizeof *sifter->tried);
    look(sifter, 0);
}

/* Of a list whose signs are said. */
static bool any_of_few(const struct sifter *sifter, int set) {
    unsigned said = 0;
    for (const uint16_t *few = sifter->sieve->few + set / 2 + FEW_HEAD; *few != NUMBER_NONE; few++)
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
static uint64_t back(uint64_t places, const struct waiting *waiting) {
    if (waiting->most >= WINDOW)
        return UINT64_MAX;
    places >>= waiting->least;
    for (int left = waiting->most - waiting->least, step = 1; left > 0; left -= step, step *= 2)
        places |= places >> (step < left ? step : left);
    return places;
}

/* Patterns that may be followed. */
struct likely {
    int count;
    const struct waiting *waiting[LIKELY_MAX];
    uint64_t places[LIKELY_MAX]; /* of the word under which it waits */
};

static void try_waiting(struct sifter *sifter, const struct waiting *waiting, uint64_t places,
                        const struct asked *asked) {
    struct tried *tried = &sifter->tried[waiting->pattern];
    if (tried->stamp != sifter->stamp)
        *tried = (struct tried){sifter->stamp, 0};
    tried->places |= places_follow(sifter, waiting->actions, sifter->all & back(places, waiting));
    if (tried->places) {
        __builtin_prefetch(&sifter->sieve->patterns[waiting->pattern]);
        asked->each(asked->context, waiting->owner);
    }
}

/* Leaves what has all that it needs. */
static void winnow(const struct sifter *sifter, struct likely *likely) {
    int kept = 0;
    for (int i = 0; i < likely->count; i++)
        for (int need = 0; need < NEEDS - 1; need++)
            if (likely->waiting[i]->needs[need] > 0 && is_few(likely->waiting[i]->needs[need]))
                __builtin_prefetch(sifter->sieve->few + likely->waiting[i]->needs[need] / 2);
    for (int i = 0; i < likely->count; i++) {
        const struct waiting *waiting = likely->waiting[i];
        if (!is_met(sifter, waiting->needs[0]) || !is_met(sifter, waiting->needs[1]))
            continue;
        __builtin_prefetch(&sifter->sieve->actions[waiting->actions]);
        __builtin_prefetch(&sifter->sieve->actions[waiting->actions + LINE_ACTIONS / 2]);
        __builtin_prefetch(&sifter->tried[waiting->pattern]);
        likely->waiting[kept] = waiting;
        likely->places[kept++] = likely->places[i];
    }
    likely->count = kept;
}

/* What the first step asks; most lead no further. */
static void expect_step(const struct sieve *sieve, const struct action *action) {
    bool choice = action->kind == ACTION_CHOICE;
    int set = choice ? action[1].of : action->kind == ACTION_ANY ? action->of : SET_EVERY;
    if (choice)
        __builtin_prefetch(&sieve->shortcuts[action->of]);
    if (set >= 0 && is_few(set))
        __builtin_prefetch(sieve->few + set / 2);
}

/* What each is asked with is on its way while others are asked. */
static void try_likely(struct sifter *sifter, struct likely *likely, const struct asked *asked) {
    winnow(sifter, likely);
    for (int i = 0; i < likely->count; i++)
        expect_step(sifter->sieve, &sifter->sieve->actions[likely->waiting[i]->actions]);
    for (int i = 0; i < likely->count; i++)
        try_waiting(sifter, likely->waiting[i], likely->places[i], asked);
    likely->count = 0;
}

/* Adds those of a box that may have all that they need. Which do is hard to guess: each is written down, and
 * stays where it does. */
static void add_likely(struct sifter *sifter, struct likely *likely, int said, const struct asked *asked) {
    const struct sieve *sieve = sifter->sieve;
    const struct waiting *end = waiting_end(sieve, sifter->said[said], asked->round);
    uint64_t places = sifter->places[said], about = asked->about;
    const uint16_t *said_as = sifter->said_as;
    int count = likely->count;
    for (const struct waiting *waiting = waiting_begin(sieve, sifter->said[said], asked->round);
         waiting < end; waiting++) {
        uint64_t matters = about == UINT64_MAX ? about : sieve->abouts[waiting->about] & about;
        likely->waiting[count] = waiting;
        likely->places[count] = places;
        int any = 0;
        for (int i = 0; i < ANY; i++)
            any |= said_as[waiting->any[i]];
        count += any && matters;
        if (count == LIKELY_MAX) {
            likely->count = count;
            try_likely(sifter, likely, asked);
            count = 0;
        }
    }
    likely->count = count;
}

/* NUMBER_NONE comes last. */
static void try_said(struct sifter *sifter, const struct asked *asked) {
    const struct sieve *sieve = sifter->sieve;
    struct likely likely;
    int count = 0;
    likely.count = 0;
    sifter->said[0] = NUMBER_NONE;
    for (int said = sifter->said_count; said >= 0; said--) {
        const struct numbered *numbered = &sieve->numbered[sifter->said[said]];
        int begin = numbered->begins[asked->round], end = numbered->begins[asked->round + 1];
        bool matters = asked->round < SIEVE_ROUNDS - 1 || numbered->about & asked->about;
        sifter->boxes[count] = (uint16_t)said;
        count += end > begin && matters;
    }
    for (int i = 0; i < count && asked->round == SIEVE_ROUNDS - 1; i++)
        expect_box(sieve, sifter->said[sifter->boxes[i]], asked->round);
    for (int i = 0; i < count; i++)
        add_likely(sifter, &likely, sifter->boxes[i], asked);
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
