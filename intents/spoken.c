/* Digits and letters as they are said: "double five seven two oh nine", "quatre-vingt-dix-sept douze", "b as
 * in bob".
 *
 * A run of such words is read in every way that its words allow; the cheapest are candidates. */
#include "intents/spoken.h"
#include "base/text.h"
#include "intents/entities.h"
#include "intents/number_pattern.h"
#include "intents/values.h"
#include "intents/ways.h"
#include <stdlib.h>
#include <string.h>

enum { RUN_WORDS = 48, RUNS = 8 /* of one message */, SHORTEST = 3 };

/* A letter that is no word of its own, beside which "a" and "i" are letters, too. */
static bool is_bare_letter(const struct run *run, int at) {
    int span;
    bool common = false;
    return at >= 0 && at < run->count && run_letter(run, at, &span, &common) && !common;
}

/* How many words at `at` can be a part of a run: *core tells that they can begin or end one, *exact that they
 * are surely a digit or a number in words. */
static int part_at(const struct run *all, int at, bool *core, bool *exact) {
    const struct word *word = &all->words[at];
    int span, letters = 1, as_in;
    bool common = false;
    *core = *exact = false;
    if (word->has_digit) {
        *core = true;
        return word->len <= 12;
    }
    if (run_find(all, at, RUN_NUMBERS, &span)) {
        *core = *exact = true;
        return span;
    }
    char letter = run_letter(all, at, &letters, &common);
    if (letter) {
        int after = at + letters;
        *core = !common || all->spelling || is_bare_letter(all, at - 1) || is_bare_letter(all, after);
        if (run_find(all, after, WORD_AS_IN, &as_in) && after + as_in < all->count &&
            all->words[after + as_in].text[0] == letter - 'A' + 'a' && all->words[after + as_in].len > 1) {
            *core = true;
            return letters + as_in + 1;
        }
        return letters;
    }
    if (run_letters(all, at)) {
        *core = true;
        return 1;
    }
    if (run_find(all, at, WORD_HOMOPHONE, &span)) {
        *core = run_digit_like(all, at + span) || run_number_ends(all, at);
        return span;
    }
    return run_find(all, at, WORD_AND | WORD_SEPARATOR | WORD_FILLER, &span) ? span : 0;
}

struct bounds {
    int first, end;
    int next;   /* where to look on; not before `end` */
    bool exact; /* a number word or a spelled letter is among them: not only written digits */
    int digits, letters;
};

/* "ten and twelve" are two numbers, "one hundred and twelve" is one. */
static bool parts_numbers(const struct run *all, int first, int at) {
    int span;
    if (!run_find(all, at, WORD_AND, &span))
        return false;
    for (int from = first; from < at; from++) {
        struct values values = {0};
        values_read(all, from, &values);
        for (int i = 0; i < values.count; i++)
            if (from + values.list[i].words > at)
                return false;
    }
    return true;
}

/* After a number in digits alone, a letter with as much behind it as a postcode has begins that. */
static bool begins_postcode(const struct run *all, const struct bounds *so_far, int at) {
    enum { NUMBER = 4, POSTCODE = 5 };
    int signs = 0, more = 0, letters;
    bool common, core, exact, digit = false;
    for (int i = so_far->first; i < so_far->end; i++)
        signs += all->words[i].has_digit ? all->words[i].len : 1;
    if (so_far->letters > 0 || signs < NUMBER || !run_letter(all, at, &letters, &common))
        return false;
    for (int here = at, words; here < all->count && more <= 2 * POSTCODE; here += words) {
        words = part_at(all, here, &core, &exact);
        if (words == 0)
            break;
        digit |= exact || all->words[here].has_digit;
        more += core ? words : 0;
    }
    return digit && more >= POSTCODE;
}

/* The run that begins at `at`; its end is `at` when there is none. */
static struct bounds find_run(const struct run *all, int at, const struct entities *entities) {
    struct bounds bounds = {at, at, at, false, 0, 0};
    int here = at;
    while (here < all->count) {
        bool core, exact;
        int origin = all->origin[here];
        if (entities->marks[origin].taken ||
            (here > at && entities->utterance->words[origin].sentence && !entities->options->voice))
            break;
        int words = part_at(all, here, &core, &exact);
        if (words == 0 || (here == at && !core))
            break;
        if (here > at && begins_postcode(all, &bounds, here))
            break;
        if (here > at && parts_numbers(all, at, here)) {
            bounds.next = here + 1;
            break;
        }
        bounds.digits += (exact || all->words[here].has_digit) * words;
        bounds.letters += core && !exact && !all->words[here].has_digit;
        bounds.exact |= core && !all->words[here].has_digit;
        here += words;
        if (core)
            bounds.end = here;
    }
    return bounds;
}

static bool spells_expected(const struct entities *entities) {
    int expected = entities->options->expected;
    return expected == SLOT_ORDER_NUMBER || expected == SLOT_POSTCODE || expected == SLOT_TRACKING_NUMBER;
}

static void count_signs(const char *text, int *digits, int *letters) {
    *digits = *letters = 0;
    for (; *text; text++) {
        bool digit = *text >= '0' && *text <= '9';
        *digits += digit;
        *letters += !digit;
    }
}

/* Letters that recognisers take for each other; one wrong letter is worth a look in the order table. */
static const char *const alike[] = {"BDPTVEGC3", "MN", "FS", "A8", "O0", "I1", "JK", "QU"};

static void add_misheard(struct entities *entities, const struct number *heard, double weight) {
    char text[WAY_LEN];
    if (!entities->options->voice || !TEXT_SET(text, heard->value))
        return;
    struct number number = *heard;
    number.value = text;
    for (size_t i = 0; text[i]; i++) {
        char kept = text[i];
        for (size_t row = 0; kept >= 'A' && kept <= 'Z' && row < sizeof alike / sizeof alike[0]; row++)
            for (const char *other = strchr(alike[row], kept) ? alike[row] : ""; *other; other++)
                if (*other != kept) {
                    text[i] = *other;
                    number_classify(entities, &number, weight);
                }
        text[i] = kept;
    }
}

static void read_run(struct entities *entities, const struct run *all, struct bounds bounds) {
    struct run run = *all;
    run.words += bounds.first;
    run.count = bounds.end - bounds.first;
    const struct ways *ways = ways_read(&run, entities->arena);
    double doubt = 1;
    for (int i = 0; i < ways->count; i++) {
        int digits, letters;
        count_signs(ways->list[i].text, &digits, &letters);
        if (i == 0 && digits + letters < SHORTEST && !spells_expected(entities))
            doubt = .4; /* "forty two" is rather 42 than 402 */
        if (digits + letters < 2 || (digits == 0 && !spells_expected(entities) && !entities->options->number))
            continue;
        if (letters > 0 && digits + letters < 4)
            continue;
        struct number number = {.value = ways->list[i].text,
                                .first = all->origin[bounds.first],
                                .end = all->origin[bounds.end - 1] + 1,
                                .spoken = true};
        double weight = (1 - .04 * i) * doubt;
        if (number_classify(entities, &number, weight) > .7 && i == 0)
            doubt = .5; /* a telephone number, say: the other ways to hear it count for less */
        if (i == 0 && letters > 0)
            add_misheard(entities, &number, weight * .4); /* after the other ways to hear it */
    }
}

static bool any_means(const struct word *words, int count, uint64_t flags) {
    for (int i = 0; i < count; i++)
        if (words[i].entry && (words[i].entry->flags | words[i].entry->begun) & flags)
            return true;
    return false;
}

static bool any_is_joined(const struct language *language, const struct utterance *utterance) {
    for (int i = 0; i < utterance->count; i++)
        if (run_may_be_joined(language, &utterance->words[i]))
            return true;
    return false;
}

void spoken_read(struct entities *entities) {
    const struct utterance *utterance = entities->utterance;
    bool letters = entities->options->voice || spells_expected(entities);
    bool joined = entities->language->joined;
    if (!letters &&
        !any_means(utterance->words, utterance->count, RUN_NUMBERS | (joined ? WORD_HOMOPHONE : 0)) &&
        !(joined && any_is_joined(entities->language, utterance)))
        return;
    struct run *all = run_new(entities->language, utterance, entities->arena);
    if (!letters && !any_means(all->words, all->count, RUN_NUMBERS | WORD_HOMOPHONE))
        return;
    all->spelling = spells_expected(entities);
    all->letters = letters;
    for (int at = 0, runs = 0; at < all->count && runs < RUNS;) {
        struct bounds bounds = find_run(all, at, entities);
        if (bounds.exact && bounds.digits + bounds.letters > 1 && bounds.end - at <= RUN_WORDS) {
            read_run(entities, all, bounds);
            runs++;
        }
        at = bounds.next > at ? bounds.next : bounds.end > at ? bounds.end : at + 1;
    }
}

bool spoken_alone(const struct entities *entities) {
    const struct utterance *utterance = entities->utterance;
    int signs = 0, digits = 0;
    if (!spells_expected(entities) && entities->options->expected != SLOT_PHONE)
        return false;
    dictionary_look_up(&entities->language->dictionary, utterance->words, utterance->count);
    struct run *all = run_new(entities->language, utterance, entities->arena);
    all->spelling = spells_expected(entities);
    all->letters = true;
    for (int at = 0, words; at < all->count; at += words) {
        bool core, exact, written = all->words[at].has_digit;
        words = part_at(all, at, &core, &exact);
        if (words == 0)
            return false;
        signs += written ? all->words[at].len : core ? words : 0;
        digits += written || exact;
    }
    return digits > 0 && signs >= SHORTEST;
}

bool spoken_numbers(const struct language *language, struct utterance *utterance, struct arena *arena) {
    int span = 1;
    dictionary_look_up(&language->dictionary, utterance->words, utterance->count);
    const struct run *run = run_new(language, utterance, arena);
    for (int at = 0; at < run->count; at += span)
        if (!run_find(run, at, RUN_NUMBERS | WORD_AND, &span))
            return false;
    return run->count > 0;
}

int spoken_value(const struct language *language, const char *text, struct arena *arena) {
    struct utterance utterance;
    struct values values = {0};
    fold_utterance(&utterance, text, arena);
    dictionary_look_up(&language->dictionary, utterance.words, utterance.count);
    const struct run *run = run_new(language, &utterance, arena);
    if (run->count == 0)
        return -1;
    if (run->words[0].has_digit)
        return (int)strtol(run->words[0].text, NULL, 10);
    int span;
    const struct entry *ordinal = run_find(run, 0, WORD_ORDINAL, &span);
    if (ordinal && span == run->count)
        return ordinal->ordinal;
    values_read(run, 0, &values);
    for (int i = 0; i < values.count; i++)
        if (values.list[i].words == run->count)
            return values.list[i].value;
    return run->count == 1 ? run_digit(run, 0) : -1;
}
