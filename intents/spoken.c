/* Digits and letters as they are said: "double five seven two oh nine", "quatre-vingt-dix-sept douze", "b as
 * in bob".
 *
 * A run of such words is read in every way that its words allow; the cheapest 16 readings are candidates. A
 * reading costs about one a group of words that make one number, so that "fifty seven twelve" is 57 12 before
 * it is 50 7 12. */
#include "intents/spoken.h"
#include "base/text.h"
#include "intents/entities.h"
#include "intents/number_pattern.h"
#include <stdlib.h>
#include <string.h>

enum {
    RUN_WORDS = 48,
    RUNS = 8 /* of one message */,
    VALUES = 48,
    WAYS = SLOT_CANDIDATES,
    WAY_LEN = 40,
    JOINED_PARTS = 6,
    SHORTEST = 3
};

static const uint64_t number_words =
    WORD_DIGIT | WORD_VALUE | WORD_HUNDRED | WORD_THOUSAND | WORD_DOUBLE | WORD_TRIPLE;

/* The words of a run; a word written together ("einundzwanzig") is several. */
struct run {
    const struct language *language;
    const struct utterance *utterance;
    struct word *words;
    int *origin; /* the utterance's word */
    int count, size;
    bool letters;  /* letters may be spelled here */
    bool spelling; /* what was asked for is spelled: even ordinary words may be letters */
};

static const struct entry *find(const struct run *run, int at, uint64_t flags, int *span) {
    return dictionary_find(&run->language->dictionary, run->words, run->count, at, flags, span);
}

/* ---- numbers ---- */

struct value {
    int words, value;
};

struct values {
    struct value list[VALUES];
    int count;
};

static void add_value(struct values *values, int words, int value) {
    for (int i = 0; i < values->count; i++)
        if (values->list[i].words == words && values->list[i].value == value)
            return;
    if (values->count < VALUES)
        values->list[values->count++] = (struct value){words, value};
}

static bool takes_teens(const struct run *run, int tens) {
    for (size_t i = 0; i < sizeof run->language->takes_teens / sizeof run->language->takes_teens[0]; i++)
        if (run->language->takes_teens[i] == tens)
            return true;
    return false;
}

static int digit_at(const struct run *run, int at) {
    int span;
    const struct entry *entry = find(run, at, WORD_DIGIT, &span);
    return entry && span == 1 ? entry->digit : -1;
}

static int skip_and(const struct run *run, int at) {
    int span;
    return find(run, at, WORD_AND, &span) ? at + span : at;
}

/* Every entry of the dictionary with a value that begins here, whatever its length. */
static void plain_values(const struct run *run, int at, struct values *out) {
    for (int span, room = run->count; room > at; room = at + span - 1) {
        const struct entry *entry =
            dictionary_find(&run->language->dictionary, run->words, room, at, WORD_VALUE, &span);
        if (!entry)
            return;
        add_value(out, span, entry->value);
    }
}

/* 1 to 99, and what the dictionary has beyond. */
static void small_values(const struct run *run, int at, struct values *out) {
    struct values heads = {0};
    int unit = digit_at(run, at);
    if (unit > 0)
        add_value(out, 1, unit);
    if (unit > 0 && run->language->units_first) {
        int next = skip_and(run, at + 1);
        struct values tens = {0};
        if (next > at + 1)
            plain_values(run, next, &tens);
        for (int i = 0; i < tens.count; i++)
            if (tens.list[i].value % 10 == 0 && tens.list[i].value < 100)
                add_value(out, next - at + tens.list[i].words, tens.list[i].value + unit);
    }
    plain_values(run, at, &heads);
    for (int i = 0; i < heads.count; i++) {
        struct value head = heads.list[i];
        add_value(out, head.words, head.value);
        if (head.value % 10 != 0 || head.value < 20)
            continue;
        int next = skip_and(run, at + head.words), tail = digit_at(run, next);
        if (tail > 0 && head.value < 100)
            add_value(out, next + 1 - at, head.value + tail);
        struct values teens = {0};
        if (takes_teens(run, head.value))
            plain_values(run, next, &teens);
        for (int j = 0; j < teens.count; j++)
            if (teens.list[j].value < 20)
                add_value(out, next + teens.list[j].words - at, head.value + teens.list[j].value);
    }
}

/* Heads followed by a multiplier ("two hundred"), or the multiplier alone ("cent"), and what comes after. */
static void multiplied(const struct run *run, int at, uint64_t flag, int factor,
                       void (*below)(const struct run *run, int at, struct values *out), struct values *out) {
    struct values heads = {0};
    add_value(&heads, 0, 1);
    below(run, at, &heads);
    for (int i = 0; i < heads.count; i++) {
        struct value head = heads.list[i];
        int after = at + head.words, span;
        if (head.value >= factor * 10 || head.value >= 1000 || !find(run, after, flag, &span))
            continue;
        after += span;
        add_value(out, after - at, head.value * factor);
        struct values tails = {0};
        int next = skip_and(run, after);
        below(run, next, &tails);
        for (int j = 0; j < tails.count; j++)
            if (tails.list[j].value < factor)
                add_value(out, next + tails.list[j].words - at, head.value * factor + tails.list[j].value);
    }
}

/* Hundreds that are a word of their own: "setecentos e treze". */
static void whole_hundreds(const struct run *run, int at, struct values *out) {
    struct values heads = {0};
    plain_values(run, at, &heads);
    for (int i = 0; i < heads.count; i++) {
        struct value head = heads.list[i];
        if (head.value % 100 != 0 || head.value >= 1000)
            continue;
        struct values tails = {0};
        int next = skip_and(run, at + head.words);
        small_values(run, next, &tails);
        for (int j = 0; j < tails.count; j++)
            if (tails.list[j].value < 100)
                add_value(out, next + tails.list[j].words - at, head.value + tails.list[j].value);
    }
}

static void values_below_thousand(const struct run *run, int at, struct values *out) {
    small_values(run, at, out);
    whole_hundreds(run, at, out);
    multiplied(run, at, WORD_HUNDRED, 100, small_values, out);
}

static void values_at(const struct run *run, int at, struct values *out) {
    values_below_thousand(run, at, out);
    multiplied(run, at, WORD_THOUSAND, 1000, values_below_thousand, out);
}

/* ---- ways to read a run ---- */

struct way {
    char text[WAY_LEN];
    double cost;
};

struct ways {
    struct way list[WAYS]; /* cheapest first */
    int count;
};

static void add_way(struct ways *ways, const char *before, const char *text, double cost) {
    struct way way = {.cost = cost};
    size_t len = strlen(before), more = strlen(text);
    if (len + more >= WAY_LEN)
        return;
    memcpy(way.text, before, len);
    memcpy(way.text + len, text, more + 1);
    for (int i = 0; i < ways->count; i++)
        if (text_is(ways->list[i].text, way.text)) {
            if (ways->list[i].cost <= cost)
                return;
            memmove(&ways->list[i], &ways->list[i + 1], sizeof way * (size_t)(ways->count - i - 1));
            ways->count--;
            break;
        }
    int at = ways->count;
    while (at > 0 && ways->list[at - 1].cost > cost)
        at--;
    if (at == WAYS)
        return;
    ways->count += ways->count < WAYS;
    memmove(&ways->list[at + 1], &ways->list[at], sizeof way * (size_t)(ways->count - at - 1));
    ways->list[at] = way;
}

struct reading_of_run {
    struct run *run;
    struct ways *ways; /* [run->count + 1] of the words before */
};

/* `words` words from `at` say `text`. */
static void step(struct reading_of_run *reading, int at, int words, const char *text, double cost) {
    if (at + words > reading->run->count)
        return;
    for (int i = 0; i < reading->ways[at].count; i++)
        add_way(&reading->ways[at + words], reading->ways[at].list[i].text, text,
                reading->ways[at].list[i].cost + cost);
}

/* Leaves words out: a common word is rather none of the number before its first sign than in its midst. */
static void step_over(struct reading_of_run *reading, int at, int words, double before, double midst) {
    if (at + words > reading->run->count)
        return;
    for (int i = 0; i < reading->ways[at].count; i++) {
        const struct way *way = &reading->ways[at].list[i];
        add_way(&reading->ways[at + words], way->text, "", way->cost + (way->text[0] ? midst : before));
    }
}

/* "è" is a word, never the name of the letter. */
static bool accented(const struct run *run, int at) {
    const struct utterance *utterance = run->utterance;
    int begin = utterance->words[run->origin[at]].begin;
    return (unsigned char)utterance->text[utterance->origin[begin]] >= 0x80;
}

/* The letter that is said at `at`, 0 none: "b", "bee", "bravo". *common: it is an ordinary word, too. */
static char letter_at(const struct run *run, int at, int *span, bool *common) {
    const struct word *word = &run->words[at];
    const struct entry *plain = word->entry;
    const struct entry *entry = find(run, at, WORD_LETTER, span);
    if (!run->letters || word->has_digit || (word->len == 1 && accented(run, at)))
        return '\0';
    *common = plain && plain->flags & WORD_FUNCTION;
    if (entry)
        return (char)(entry->letter - 'a' + 'A');
    *span = 1;
    return word->len == 1 && !word->elided && word->text[0] >= 'a' && word->text[0] <= 'z'
               ? (char)(word->text[0] - 'a' + 'A')
               : '\0';
}

static bool is_single_digit(const struct word *word) {
    return word->has_digit && !word->has_letter && word->len <= 2;
}

/* Is there a digit in words, or a lone digit, right there? */
static bool digit_like(const struct run *run, int at) {
    int span;
    return at >= 0 && at < run->count &&
           (is_single_digit(&run->words[at]) || find(run, at, number_words & ~(uint64_t)WORD_HUNDRED, &span));
}

static bool ends_number_word(const struct run *run, int at) {
    return at > 0 && (is_single_digit(&run->words[at - 1]) ||
                      dictionary_before(&run->language->dictionary, run->words, at, WORD_DIGIT | WORD_VALUE));
}

static void step_letters(struct reading_of_run *reading, int at) {
    const struct run *run = reading->run;
    int span, as_in;
    bool common;
    char text[2] = {letter_at(run, at, &span, &common), '\0'};
    if (!text[0])
        return;
    int after = at + span;
    bool digit = find(run, at, WORD_DIGIT, &as_in) != NULL;
    step(reading, at, span, text, text[0] == 'O' || digit ? 1.2 : 1);
    if (text[0] == 'O')
        step(reading, at, span, "0", 1);
    if (common)
        step_over(reading, at, span, .8, 2.5);
    if (find(run, after, WORD_AS_IN, &as_in) && after + as_in < run->count &&
        run->words[after + as_in].text[0] == text[0] - 'A' + 'a' && run->words[after + as_in].len > 1)
        step(reading, at, span + as_in + 1, text, .9);
}

static void step_repeats(struct reading_of_run *reading, int at, uint64_t flag, int times) {
    const struct run *run = reading->run;
    int span, letter_span = 1;
    bool common;
    char text[4] = "";
    if (!find(run, at, flag, &span) || at + span >= run->count)
        return;
    int next = at + span, digit = digit_at(run, next);
    const struct word *word = &run->words[next];
    char sign = digit >= 0 ? (char)('0' + digit) : word->has_digit && word->len == 1 ? word->text[0] : '\0';
    if (!sign)
        sign = letter_at(run, next, &letter_span, &common);
    memset(text, sign, (size_t)times);
    if (sign)
        step(reading, at, span + (digit >= 0 ? 1 : letter_span), text, sign >= 'A' ? 1.2 : 1);
}

/* "ls six two": letters that a recogniser wrote as one word. */
static bool is_letters(const struct run *run, int at) {
    enum { TOGETHER = 2 };
    const struct word *word = &run->words[at];
    return run->spelling && word->len == TOGETHER && !word->entry && !word->has_digit && !word->elided &&
           word->text[0] >= 'a' && word->text[0] <= 'z' && word->text[1] >= 'a' && word->text[1] <= 'z' &&
           (digit_like(run, at + 1) || ends_number_word(run, at));
}

static void step_words(struct reading_of_run *reading, int at) {
    const struct run *run = reading->run;
    const struct word *word = &run->words[at];
    char text[24];
    int span;
    if (word->has_digit) {
        char upper[WAY_LEN] = "";
        for (int i = 0; i < word->len && i < WAY_LEN - 1; i++)
            upper[i] =
                word->text[i] >= 'a' && word->text[i] <= 'z' ? (char)(word->text[i] - 32) : word->text[i];
        step(reading, at, 1, upper, 1);
        return;
    }
    const struct entry *entry = find(run, at, WORD_DIGIT, &span);
    if (entry) {
        snprintf(text, sizeof text, "%d", entry->digit);
        step(reading, at, span, text, 1);
    }
    entry = find(run, at, WORD_HOMOPHONE, &span);
    if (entry && (digit_like(run, at + span) || ends_number_word(run, at))) {
        snprintf(text, sizeof text, "%d", entry->digit);
        step(reading, at, span, text, 1.2);
        /* "… to zero eight seven": few numbers are so short that it was only a word. */
        bool short_of_it = run->count - at - span == 3;
        step_over(reading, at, span, short_of_it ? 1.4 : 1, at + span == run->count ? 1 : 2.5);
    }
    struct values values = {0};
    values_at(run, at, &values);
    for (int i = 0; i < values.count; i++)
        if (values.list[i].value >= 10) {
            snprintf(text, sizeof text, "%d", values.list[i].value);
            step(reading, at, values.list[i].words, text, 1);
        }
    if (find(run, at, WORD_SEPARATOR | WORD_FILLER, &span))
        step(reading, at, span, "", .05);
    if (find(run, at, WORD_AND, &span))
        step(reading, at, span, "", .6);
    step_repeats(reading, at, WORD_DOUBLE, 2);
    step_repeats(reading, at, WORD_TRIPLE, 3);
    step_letters(reading, at);
    if (is_letters(run, at)) {
        snprintf(text, sizeof text, "%c%c", word->text[0] - 32, word->text[1] - 32);
        step(reading, at, 1, text, 1);
    }
}

static void read_ways(struct reading_of_run *reading) {
    add_way(&reading->ways[0], "", "", 0);
    for (int at = 0; at < reading->run->count; at++)
        step_words(reading, at);
}

/* ---- runs in an utterance ---- */

/* A word of a language that writes numbers together, taken apart: the parts are all number words, or it is
 * left whole. */
static int take_apart(const struct language *language, const char *word, int len,
                      struct word parts[JOINED_PARTS], int count, struct arena *arena) {
    if (len == 0)
        return count;
    if (count == JOINED_PARTS)
        return 0;
    for (int part = len; part >= 2; part--) {
        const struct entry *entry = dictionary_word(&language->dictionary, word, part);
        if (!entry || !(entry->flags & (number_words | WORD_AND)))
            continue;
        int all = take_apart(language, word + part, len - part, parts, count + 1, arena);
        if (all > 0) {
            parts[count] = (struct word){.text = arena_copy(arena, word, (size_t)part),
                                         .entry = entry,
                                         .len = part,
                                         .has_letter = true};
            return all;
        }
    }
    return 0;
}

/* Adds a word of the utterance to the run; false when the run is full. */
static bool add_word(struct run *run, const struct word *word, int origin, struct arena *arena) {
    struct word parts[JOINED_PARTS];
    int count = 0;
    if (run->language->joined && !word->has_digit && word->len > 4 && !word->entry)
        count = take_apart(run->language, word->text, word->len, parts, 0, arena);
    if (run->count + (count > 0 ? count : 1) > run->size)
        return false;
    for (int i = 0; i < count; i++) {
        run->words[run->count] = parts[i];
        run->origin[run->count++] = origin;
    }
    if (count == 0) {
        run->words[run->count] = *word;
        run->origin[run->count++] = origin;
    }
    return true;
}

/* A letter that is no word of its own, beside which "a" and "i" are letters, too. */
static bool is_bare_letter(const struct run *run, int at) {
    int span;
    bool common = false;
    return at >= 0 && at < run->count && letter_at(run, at, &span, &common) && !common;
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
    if (find(all, at, number_words, &span)) {
        *core = *exact = true;
        return span;
    }
    char letter = letter_at(all, at, &letters, &common);
    if (letter) {
        int after = at + letters;
        *core = !common || all->spelling || is_bare_letter(all, at - 1) || is_bare_letter(all, after);
        if (find(all, after, WORD_AS_IN, &as_in) && after + as_in < all->count &&
            all->words[after + as_in].text[0] == letter - 'A' + 'a' && all->words[after + as_in].len > 1) {
            *core = true;
            return letters + as_in + 1;
        }
        return letters;
    }
    if (is_letters(all, at)) {
        *core = true;
        return 1;
    }
    if (find(all, at, WORD_HOMOPHONE, &span)) {
        *core = digit_like(all, at + span) || ends_number_word(all, at);
        return span;
    }
    return find(all, at, WORD_AND | WORD_SEPARATOR | WORD_FILLER, &span) ? span : 0;
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
    if (!find(all, at, WORD_AND, &span))
        return false;
    for (int from = first; from < at; from++) {
        struct values values = {0};
        values_at(all, from, &values);
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
    if (so_far->letters > 0 || signs < NUMBER || !letter_at(all, at, &letters, &common))
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
    struct reading_of_run reading = {
        &run, arena_room(entities->arena, sizeof *reading.ways * ((size_t)run.count + 1))};
    for (int i = 0; i <= run.count; i++)
        reading.ways[i].count = 0;
    read_ways(&reading);
    const struct ways *ways = &reading.ways[run.count];
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
            add_misheard(entities, &number, weight * .5);
    }
}

static struct run *run_new(const struct language *language, const struct utterance *utterance,
                           struct arena *arena) {
    struct run *run = ARENA_NEW(arena, struct run);
    run->language = language;
    run->utterance = utterance;
    run->size = utterance->count * (language->joined ? 2 : 1) + JOINED_PARTS;
    run->words = ARENA_ARRAY(arena, struct word, (size_t)run->size);
    run->origin = ARENA_ARRAY(arena, int, (size_t)run->size);
    for (int i = 0; i < utterance->count && add_word(run, &utterance->words[i], i, arena); i++)
        ;
    return run;
}

static bool any_means(const struct word *words, int count, uint64_t flags) {
    for (int i = 0; i < count; i++)
        if (words[i].entry && (words[i].entry->flags | words[i].entry->begun) & flags)
            return true;
    return false;
}

void spoken_read(struct entities *entities) {
    const struct utterance *utterance = entities->utterance;
    bool letters = entities->options->voice || spells_expected(entities);
    if (!letters && !entities->language->joined &&
        !any_means(utterance->words, utterance->count, number_words))
        return;
    struct run *all = run_new(entities->language, utterance, entities->arena);
    if (!letters && !any_means(all->words, all->count, number_words | WORD_HOMOPHONE))
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
    const struct entry *ordinal = find(run, 0, WORD_ORDINAL, &span);
    if (ordinal && span == run->count)
        return ordinal->ordinal;
    values_at(run, 0, &values);
    for (int i = 0; i < values.count; i++)
        if (values.list[i].words == run->count)
            return values.list[i].value;
    return run->count == 1 ? digit_at(run, 0) : -1;
}
