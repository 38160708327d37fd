#include "intents/sieve.h"
#include "base/memory.h"
#include "intents/language.h"
#include <stdlib.h>
#include <string.h>

enum {
    WINDOW = 62, /* words that are looked at together: their places, and the one after the last, are bits */
    STRIDE = 24, /* from window to window where no sentence ends: a match reaches over 38 words at the most */
    NUMBERS_A_WORD = 24,
    SPOKEN_NUMBER = 12, /* words of a number or date, at the most */
    NEEDS = 3,
    EVERY = -1, /* in place of a set: whatever stands there */
    ONE = -2    /* less a number: the set of that number alone */
};

struct set {
    uint16_t *numbers; /* in order */
    int count;
    unsigned cost;
    bool asked; /* is where one of it stands ever asked? */
    int next;   /* of the same hash */
};

/* Steps, side by side in memory: most of the time of a sifting is spent on fetching them. */
struct action {
    uint8_t kind; /* enum step_kind, or STEPS_DONE */
    uint8_t most; /* words of a gap */
    uint16_t number;
    int shortcut;
};
enum { STEPS_DONE = 255 };

/* A way of more words than one: its first word, where it begins with a mere word, and what follows. */
struct way {
    uint16_t first; /* NUMBER_NONE: the actions are all of it */
    int actions;
};

/* A choice, arranged to be followed fast. */
struct shortcut {
    int words;           /* ways that are one word; EVERY: none are */
    int ways, way_count; /* the others */
    int firsts;          /* what the others begin with */
    int need;            /* one of these must be said; EVERY: nothing is known */
    bool exact;
};

struct waiting {
    int pattern;          /* in sieve->patterns */
    int needs[NEEDS - 1]; /* besides that under which it waits; EVERY: none */
    int actions;
};

struct sifted {
    const struct step *steps;
    int actions, owner;
    bool exact;
    int needs[NEEDS];
};

struct sieve {
    struct arena *arena;
    struct sieve_words words;
    int date, number, ordinal; /* sets */
    struct set *sets;
    int set_count, set_size;
    int *buckets; /* of sets by their hash */
    int bucket_count;
    struct sifted *patterns;
    int pattern_count, pattern_size;
    struct action *actions;
    int action_count, action_size;
    struct shortcut *shortcuts;
    int shortcut_count, shortcut_size;
    struct way *ways;
    int way_count, way_size;
    int *begins; /* [number] the first of those that wait for it */
    struct waiting *waiting;
    int *member_begins; /* [number] the first of the sets that it is in */
    int *members;
};

/* ---- sets ---- */

/* Numbers as they are gathered: each once. */
struct gathered {
    uint16_t *list;
    int count, size;
    bool every;
};

static void *grown(void *array, int count, int *size, size_t item) {
    if (count < *size)
        return array;
    *size = *size ? *size * 2 : 64;
    array = realloc(array, (size_t)*size * item);
    if (!array)
        memory_exhausted();
    return array;
}

static void gather(struct gathered *gathered, uint16_t number) {
    gathered->list = grown(gathered->list, gathered->count, &gathered->size, sizeof *gathered->list);
    gathered->list[gathered->count++] = number;
}

static void gather_all(struct gathered *gathered, const uint16_t *list, int count) {
    for (int i = 0; i < count; i++)
        gather(gathered, list[i]);
}

/* Of none: that which every word stands under. */
static struct word_numbers numbers_in(const struct sieve *sieve, int set, uint16_t *room) {
    *room = set == EVERY ? NUMBER_NONE : (uint16_t)(ONE - set);
    return set < 0 ? (struct word_numbers){room, 1}
                   : (struct word_numbers){sieve->sets[set].numbers, sieve->sets[set].count};
}

static void gather_set(struct gathered *gathered, const struct sieve *sieve, int set) {
    uint16_t room;
    struct word_numbers numbers = numbers_in(sieve, set, &room);
    if (set == EVERY)
        gathered->every = true;
    else
        gather_all(gathered, numbers.list, numbers.count);
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

static void rehash(struct sieve *sieve) {
    free(sieve->buckets);
    sieve->bucket_count = sieve->bucket_count ? sieve->bucket_count * 4 : 1024;
    sieve->buckets = malloc(sizeof *sieve->buckets * (size_t)sieve->bucket_count);
    if (!sieve->buckets)
        memory_exhausted();
    for (int i = 0; i < sieve->bucket_count; i++)
        sieve->buckets[i] = -1;
    for (int i = 0; i < sieve->set_count; i++) {
        int *bucket = &sieve->buckets[hash_of(sieve->sets[i].numbers, sieve->sets[i].count) %
                                      (unsigned)sieve->bucket_count];
        sieve->sets[i].next = *bucket;
        *bucket = i;
    }
}

static unsigned cost_of_number(const struct sieve *sieve, uint16_t number) {
    return 1 + 8 * sieve->words.said[number];
}

/* The set of what was gathered, which is empty afterwards. */
static int set_of(struct sieve *sieve, struct gathered *gathered) {
    bool every = gathered->every;
    put_in_order(gathered);
    int count = gathered->count;
    gathered->count = 0;
    gathered->every = false;
    if (every)
        return EVERY;
    if (count == 1)
        return ONE - gathered->list[0];
    if (sieve->set_count >= sieve->bucket_count)
        rehash(sieve);
    int *bucket = &sieve->buckets[hash_of(gathered->list, count) % (unsigned)sieve->bucket_count];
    for (int i = *bucket; i >= 0; i = sieve->sets[i].next)
        if (sieve->sets[i].count == count &&
            (count == 0 ||
             memcmp(sieve->sets[i].numbers, gathered->list, sizeof *gathered->list * (size_t)count) == 0))
            return i;
    sieve->sets = grown(sieve->sets, sieve->set_count, &sieve->set_size, sizeof *sieve->sets);
    struct set *set = &sieve->sets[sieve->set_count];
    *set = (struct set){
        .numbers = ARENA_ARRAY(sieve->arena, uint16_t, (size_t)count + 1), .count = count, .next = *bucket};
    if (count > 0)
        memcpy(set->numbers, gathered->list, sizeof *gathered->list * (size_t)count);
    for (int i = 0; i < count; i++)
        set->cost += cost_of_number(sieve, set->numbers[i]);
    *bucket = sieve->set_count;
    return sieve->set_count++;
}

static int set_of_words(struct sieve *sieve, struct word_numbers words, uint16_t also) {
    struct gathered gathered = {0};
    gather_all(&gathered, words.list, words.count);
    gather(&gathered, also);
    int set = set_of(sieve, &gathered);
    free(gathered.list);
    return set;
}

/* ---- what a pattern needs ---- */

static const struct shortcut *shortcut_of(struct sieve *sieve, struct choice *choice);

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
        return step->kind == STEP_CHOICE ? need : EVERY;
    }
    return is_one_word(step) ? ONE - step->number : EVERY;
}

static unsigned cost_of(const struct sieve *sieve, int set) {
    return set <= ONE ? cost_of_number(sieve, (uint16_t)(ONE - set)) : sieve->sets[set].cost;
}

static bool is_rarer(const struct sieve *sieve, int set, int than) {
    return than == EVERY || cost_of(sieve, set) < cost_of(sieve, than);
}

/* The rarest that steps need, the rarest first. */
static void find_needs(struct sieve *sieve, const struct step *steps, int needs[], int size) {
    for (int i = 0; i < size; i++)
        needs[i] = EVERY;
    for (const struct step *step = steps; step; step = step->next) {
        int need = need_of(sieve, step), at = 0;
        if (need == EVERY)
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
            if (shortcut->words != EVERY)
                gather_set(out, sieve, shortcut->words);
            if (shortcut->way_count > 0)
                gather_set(out, sieve, shortcut->firsts);
            if (step->kind == STEP_MAYBE)
                continue;
        } else
            gather_set(out, sieve, need_of(sieve, step));
        return;
    }
    out->every = true;
}

static int add_actions(struct sieve *sieve, const struct step *steps) {
    int first = sieve->action_count;
    for (const struct step *step = steps; step; step = step->next) {
        bool choice = step->kind == STEP_CHOICE || step->kind == STEP_MAYBE;
        sieve->actions =
            grown(sieve->actions, sieve->action_count, &sieve->action_size, sizeof *sieve->actions);
        sieve->actions[sieve->action_count++] =
            (struct action){.kind = (uint8_t)step->kind,
                            .most = step->kind == STEP_GAP ? (uint8_t)step->number : 0,
                            .number = step->number,
                            .shortcut = choice ? step->choice->shortcut - 1 : 0};
    }
    sieve->actions = grown(sieve->actions, sieve->action_count, &sieve->action_size, sizeof *sieve->actions);
    sieve->actions[sieve->action_count++] = (struct action){.kind = STEPS_DONE};
    return first;
}

/* Its other ways stand side by side, once the choices in them are arranged. */
static void add_ways(struct sieve *sieve, const struct choice *choice, struct shortcut *shortcut) {
    shortcut->ways = sieve->way_count;
    for (int i = 0; i < choice->count; i++) {
        const struct step *first = choice->ways[i];
        bool word = is_one_word(first);
        if (word && !first->next)
            continue;
        sieve->ways = grown(sieve->ways, sieve->way_count, &sieve->way_size, sizeof *sieve->ways);
        sieve->ways[sieve->way_count++] =
            (struct way){word ? first->number : NUMBER_NONE, add_actions(sieve, word ? first->next : first)};
        shortcut->way_count++;
    }
}

/* Is what passes matched? Of a number or date in words only PCRE2 knows the whole. */
static bool is_exact(struct sieve *sieve, const struct step *steps) {
    bool exact = sieve->words.count < UINT16_MAX; /* else some words share a number */
    for (const struct step *step = steps; step; step = step->next)
        exact &= step->kind != STEP_NUMBER && step->kind != STEP_ORDINAL && !is_date(step) &&
                 (!step->choice || shortcut_of(sieve, step->choice)->exact);
    return exact;
}

static struct shortcut arrange(struct sieve *sieve, const struct choice *choice) {
    struct shortcut shortcut = {.exact = true};
    struct gathered words = {0}, firsts = {0}, needs = {0};
    for (int i = 0; i < choice->count; i++) {
        int need;
        shortcut.exact &= is_exact(sieve, choice->ways[i]);
        if (is_one_word(choice->ways[i]) && !choice->ways[i]->next) {
            gather(&words, choice->ways[i]->number);
            gather(&needs, choice->ways[i]->number);
            continue;
        }
        find_needs(sieve, choice->ways[i], &need, 1);
        gather_set(&needs, sieve, need);
        gather_firsts(sieve, choice->ways[i], &firsts);
    }
    shortcut.words = words.count > 0 ? set_of(sieve, &words) : EVERY;
    shortcut.firsts = set_of(sieve, &firsts);
    shortcut.need = set_of(sieve, &needs);
    free(words.list);
    free(firsts.list);
    free(needs.list);
    add_ways(sieve, choice, &shortcut);
    return shortcut;
}

static const struct shortcut *shortcut_of(struct sieve *sieve, struct choice *choice) {
    if (!choice->shortcut) {
        struct shortcut shortcut = arrange(sieve, choice);
        sieve->shortcuts =
            grown(sieve->shortcuts, sieve->shortcut_count, &sieve->shortcut_size, sizeof *sieve->shortcuts);
        sieve->shortcuts[sieve->shortcut_count++] = shortcut;
        choice->shortcut = sieve->shortcut_count;
    }
    return &sieve->shortcuts[choice->shortcut - 1];
}

/* ---- the sieve ---- */

struct sieve *sieve_new(const struct sieve_words *words, struct arena *arena) {
    struct sieve *sieve = calloc(1, sizeof *sieve);
    if (!sieve)
        memory_exhausted();
    sieve->arena = arena;
    sieve->words = *words;
    sieve->date = set_of_words(sieve, words->date, MARK_NUMBER_DATE);
    sieve->number = set_of_words(sieve, words->number, NUMBER_DIGITS);
    sieve->ordinal = set_of_words(sieve, words->ordinal, NUMBER_DIGITS);
    return sieve;
}

void sieve_free(struct sieve *sieve) {
    if (!sieve)
        return;
    free(sieve->sets);
    free(sieve->buckets);
    free(sieve->patterns);
    free(sieve->actions);
    free(sieve->shortcuts);
    free(sieve->ways);
    free(sieve->begins);
    free(sieve->waiting);
    free(sieve->member_begins);
    free(sieve->members);
    free(sieve);
}

int sieve_add(struct sieve *sieve, const struct step *steps, int pattern) {
    sieve->patterns =
        grown(sieve->patterns, sieve->pattern_count, &sieve->pattern_size, sizeof *sieve->patterns);
    struct sifted *sifted = &sieve->patterns[sieve->pattern_count++];
    *sifted = (struct sifted){.steps = steps, .owner = pattern, .exact = is_exact(sieve, steps)};
    find_needs(sieve, steps, sifted->needs, NEEDS);
    sifted->actions = add_actions(sieve, steps);
    return sieve->pattern_count - 1;
}

/* Things that lie under numbers, those of one number side by side from begins[number] to
 * begins[number + 1]: first all are counted, then each is told its place. */
static int *shelf_new(int numbers) {
    int *begins = calloc((size_t)numbers + 2, sizeof *begins);
    if (!begins)
        memory_exhausted();
    return begins;
}

static void shelf_count(int *begins, struct word_numbers numbers) {
    for (int i = 0; i < numbers.count; i++)
        begins[numbers.list[i] + 2]++;
}

/* Returns memory for all the things. */
static void *shelf_open(int *begins, int numbers, size_t item) {
    for (int i = 2; i < numbers + 2; i++)
        begins[i] += begins[i - 1];
    void *things = malloc(item * ((size_t)begins[numbers + 1] + 1));
    if (!things)
        memory_exhausted();
    return things;
}

static int shelf_place(int *begins, uint16_t number) {
    return begins[number + 1]++;
}

/* What needs nothing waits for every word. */
static void add_waiting(struct sieve *sieve) {
    uint16_t room;
    sieve->begins = shelf_new(sieve->words.count);
    for (int i = 0; i < sieve->pattern_count; i++)
        shelf_count(sieve->begins, numbers_in(sieve, sieve->patterns[i].needs[0], &room));
    sieve->waiting = shelf_open(sieve->begins, sieve->words.count, sizeof *sieve->waiting);
    for (int i = 0; i < sieve->pattern_count; i++) {
        const int *needs = sieve->patterns[i].needs;
        struct word_numbers numbers = numbers_in(sieve, needs[0], &room);
        for (int j = 0; j < numbers.count; j++)
            sieve->waiting[shelf_place(sieve->begins, numbers.list[j])] =
                (struct waiting){i, {needs[1], needs[2]}, sieve->patterns[i].actions};
    }
}

static void expect(struct sieve *sieve, int set) {
    if (set >= 0)
        sieve->sets[set].asked = true;
}

/* The others helped to choose what patterns need. */
static void expect_sets(struct sieve *sieve) {
    const int own[] = {sieve->date, sieve->number, sieve->ordinal};
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        expect(sieve, own[i]);
    for (int i = 0; i < sieve->pattern_count; i++)
        for (int j = 1; j < NEEDS; j++)
            expect(sieve, sieve->patterns[i].needs[j]);
    for (const struct shortcut *shortcut = sieve->shortcuts;
         shortcut < sieve->shortcuts + sieve->shortcut_count; shortcut++) {
        expect(sieve, shortcut->words);
        expect(sieve, shortcut->way_count > 0 ? shortcut->firsts : EVERY);
    }
}

static struct word_numbers members_of(const struct set *set) {
    return (struct word_numbers){set->numbers, set->asked ? set->count : 0};
}

static void add_members(struct sieve *sieve) {
    sieve->member_begins = shelf_new(sieve->words.count);
    for (int i = 0; i < sieve->set_count; i++)
        shelf_count(sieve->member_begins, members_of(&sieve->sets[i]));
    sieve->members = shelf_open(sieve->member_begins, sieve->words.count, sizeof *sieve->members);
    for (int i = 0; i < sieve->set_count; i++) {
        struct word_numbers numbers = members_of(&sieve->sets[i]);
        for (int j = 0; j < numbers.count; j++)
            sieve->members[shelf_place(sieve->member_begins, numbers.list[j])] = i;
    }
}

void sieve_finish(struct sieve *sieve) {
    add_waiting(sieve);
    expect_sets(sieve);
    add_members(sieve);
}

/* ---- sifting ---- */

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
    uint64_t *found; /* [set] where one of its numbers stands */
    int found_count;
    struct tried *tried; /* [pattern] where it may end, once it was followed */
    int tried_count;
    uint64_t starts, ends, open; /* of sentences; words */
    uint16_t said[WINDOW * NUMBERS_A_WORD];
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
    return set <= ONE ? sifter->places[ONE - set] : sifter->found[set];
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
    uint64_t reached = shortcut->words == EVERY ? 0 : (at & places_of(sifter, shortcut->words)) << 1;
    if (shortcut->way_count == 0 ||
        (shortcut->firsts != EVERY && !(at & places_of(sifter, shortcut->firsts))))
        return reached;
    const struct way *way = &sifter->sieve->ways[shortcut->ways], *end = way + shortcut->way_count;
    for (; way < end; way++) {
        uint64_t from = way->first ? (at & sifter->places[way->first]) << 1 : at;
        if (from)
            reached |= follow(sifter, way->actions, from);
    }
    return reached;
}

/* Where the actions may end that begin at one of the places. */
static uint64_t follow(struct sifter *sifter, int actions, uint64_t at) {
    for (const struct action *action = &sifter->sieve->actions[actions]; at; action++)
        switch (action->kind) {
        case STEP_WORD:
        case STEP_BEGINNING:
            at = (at & sifter->places[action->number]) << 1;
            break;
        case STEP_MARK:
            at = action->number == MARK_NUMBER_DATE
                     ? over(at, places_of(sifter, sifter->sieve->date), SPOKEN_NUMBER)
                     : (at & sifter->places[action->number]) << 1;
            break;
        case STEP_NUMBER:
            at = over(at, places_of(sifter, sifter->sieve->number), SPOKEN_NUMBER);
            break;
        case STEP_ORDINAL: /* "the 14 th" */
            at = over(at, places_of(sifter, sifter->sieve->ordinal), SPOKEN_NUMBER);
            at |= (at & sifter->open) << 1;
            break;
        case STEP_GAP:
            at |= over(at, sifter->open, action->most);
            break;
        case STEP_START:
            at &= sifter->starts;
            break;
        case STEP_END:
            at &= sifter->ends;
            break;
        case STEP_CHOICE:
            at = choose(sifter, action->shortcut, at);
            break;
        case STEP_MAYBE:
            at |= choose(sifter, action->shortcut, at);
            break;
        default:
            return at;
        }
    return 0;
}

static void say(struct sifter *sifter, uint16_t number, int place) {
    const struct sieve *sieve = sifter->sieve;
    const int *member = sieve->members + sieve->member_begins[number],
              *end = sieve->members + sieve->member_begins[number + 1];
    uint64_t bit = UINT64_C(1) << place;
    if (!sifter->places[number])
        sifter->said[sifter->said_count++] = number;
    sifter->places[number] |= bit;
    for (; member < end; member++)
        sifter->found[*member] |= bit;
}

static void forget(struct sifter *sifter) {
    const struct sieve *sieve = sifter->sieve;
    for (int i = 0; i < sifter->said_count; i++) {
        uint16_t number = sifter->said[i];
        sifter->places[number] = 0;
        for (int j = sieve->member_begins[number]; j < sieve->member_begins[number + 1]; j++)
            sifter->found[sieve->members[j]] = 0;
    }
    sifter->said_count = 0;
}

static void say_token(struct sifter *sifter, const struct token *token, int place) {
    uint16_t numbers[NUMBERS_A_WORD];
    int count = language_numbers(sifter->language, token, numbers, NUMBERS_A_WORD);
    for (int i = 0; i < count; i++)
        say(sifter, numbers[i], place);
}

static void try_waiting(struct sifter *sifter, uint16_t number, uint64_t all,
                        void (*each)(void *context, int pattern), void *context) {
    const struct sieve *sieve = sifter->sieve;
    for (int i = sieve->begins[number]; i < sieve->begins[number + 1]; i++) {
        const struct waiting *waiting = &sieve->waiting[i];
        struct tried *tried = &sifter->tried[waiting->pattern];
        if (tried->stamp == sifter->stamp ||
            (waiting->needs[0] != EVERY && !places_of(sifter, waiting->needs[0])) ||
            (waiting->needs[1] != EVERY && !places_of(sifter, waiting->needs[1])))
            continue;
        *tried = (struct tried){sifter->stamp, follow(sifter, waiting->actions, all)};
        if (tried->places)
            each(context, sieve->patterns[waiting->pattern].owner);
    }
}

/* Looks at the tokens from `first` on; returns where to go on. */
static int look(struct sifter *sifter, const struct seen *seen, int first,
                void (*each)(void *context, int pattern), void *context) {
    int count = seen->token_count - first < WINDOW ? seen->token_count - first : WINDOW, stop = 0;
    sifter->stamp++;
    forget(sifter);
    sifter->open = 0;
    sifter->starts = first == 0 || seen->tokens[first - 1].stop;
    sifter->ends = first + count == seen->token_count ? UINT64_C(1) << count : 0;
    for (int i = 0; i < count; i++) {
        const struct token *token = &seen->tokens[first + i];
        if (token->stop) {
            sifter->ends |= UINT64_C(1) << i;
            sifter->starts |= UINT64_C(2) << i;
            stop = i + 1;
            continue;
        }
        sifter->open |= UINT64_C(1) << i;
        say_token(sifter, token, i);
    }
    uint64_t all = (UINT64_C(2) << count) - 1;
    try_waiting(sifter, NUMBER_NONE, all, each, context);
    for (int i = 0; i < sifter->said_count; i++)
        try_waiting(sifter, sifter->said[i], all, each, context);
    return first + (first + count == seen->token_count ? count : stop > 0 ? stop : STRIDE);
}

void sifter_sift(struct sifter *sifter, const struct sieve *sieve, const struct seen *seen,
                 const struct language *language, void (*each)(void *context, int pattern), void *context) {
    if (sifter->stamp > UINT32_MAX / 2) { /* no stamp is ever used twice */
        sifter->tried_count = 0;
        sifter->stamp = 0;
    }
    forget(sifter);
    sifter->sieve = sieve;
    sifter->seen = seen;
    sifter->language = language;
    sifter->places = fitted(sifter->places, &sifter->place_count, sieve->words.count, sizeof *sifter->places);
    sifter->found = fitted(sifter->found, &sifter->found_count, sieve->set_count, sizeof *sifter->found);
    sifter->tried = fitted(sifter->tried, &sifter->tried_count, sieve->pattern_count, sizeof *sifter->tried);
    for (int first = 0; first < seen->token_count;)
        first = look(sifter, seen, first, each, context);
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

static bool is_plain(const struct step *steps) {
    while (steps && steps->kind == STEP_WORD)
        steps = steps->next;
    return !steps;
}

/* As expression.c writes them: of mere words the most that do, over which *at is moved; then the other ways
 * in their order, the first of which is returned. */
static const struct step *first_way(struct sifter *sifter, const struct choice *choice,
                                    const struct rest *rest, uint64_t *at) {
    uint64_t plain = 0;
    for (int i = 0; i < choice->count; i++)
        if (is_plain(choice->ways[i]))
            plain |= take_all(sifter, choice->ways[i], *at);
    while (plain) {
        uint64_t last = UINT64_C(1) << (63 - __builtin_clzll(plain));
        if (leads_on(sifter, rest, last)) {
            *at = last;
            return NULL;
        }
        plain ^= last;
    }
    for (int i = 0; i < choice->count; i++)
        if (!is_plain(choice->ways[i]) && leads_on(sifter, rest, take_all(sifter, choice->ways[i], *at)))
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
        if (action->kind == STEP_START)
            continue;
        bool mark = action->kind == STEP_MARK && action->number != MARK_NUMBER_DATE;
        if (action->kind == STEP_WORD || action->kind == STEP_BEGINNING || mark)
            return starts | sifter->places[action->number];
        if (action->kind != STEP_CHOICE && action->kind != STEP_MAYBE)
            return UINT64_MAX;
        const struct shortcut *shortcut = &sifter->sieve->shortcuts[action->shortcut];
        if (shortcut->way_count > 0 && shortcut->firsts == EVERY)
            return UINT64_MAX;
        if (shortcut->words != EVERY)
            starts |= places_of(sifter, shortcut->words);
        if (shortcut->way_count > 0)
            starts |= places_of(sifter, shortcut->firsts);
        if (action->kind == STEP_CHOICE)
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
        *end = __builtin_ctzll(ends & (ends - 1) ? first_end(sifter, pattern->steps, starts & -starts, NULL)
                                                 : ends);
    return true;
}
