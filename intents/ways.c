#include "intents/ways.h"
#include "base/text.h"
#include "intents/values.h"
#include <stdio.h>
#include <string.h>

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
    const struct run *run;
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

static void step_letters(struct reading_of_run *reading, int at) {
    const struct run *run = reading->run;
    int span, as_in;
    bool common;
    char text[2] = {run_letter(run, at, &span, &common), '\0'};
    if (!text[0])
        return;
    int after = at + span;
    bool digit = run_find(run, at, WORD_DIGIT, &as_in) != NULL;
    step(reading, at, span, text, text[0] == 'O' || digit ? 1.2 : 1);
    if (text[0] == 'O')
        step(reading, at, span, "0", 1);
    if (common) /* where something is spelled, rather a letter of it than a word before it */
        step_over(reading, at, span, run->spelling ? 1.1 : .8, 2.5);
    if (run_find(run, after, WORD_AS_IN, &as_in) && after + as_in < run->count &&
        run->words[after + as_in].text[0] == text[0] - 'A' + 'a' && run->words[after + as_in].len > 1)
        step(reading, at, span + as_in + 1, text, .9);
}

static void step_repeats(struct reading_of_run *reading, int at, uint64_t flag, int times) {
    const struct run *run = reading->run;
    int span, letter_span = 1;
    bool common;
    char text[4] = "";
    if (!run_find(run, at, flag, &span) || at + span >= run->count)
        return;
    int next = at + span, digit = run_digit(run, next);
    const struct word *word = &run->words[next];
    char sign = digit >= 0 ? (char)('0' + digit) : word->has_digit && word->len == 1 ? word->text[0] : '\0';
    if (!sign)
        sign = run_letter(run, next, &letter_span, &common);
    memset(text, sign, (size_t)times);
    if (sign)
        step(reading, at, span + (digit >= 0 ? 1 : letter_span), text, sign >= 'A' ? 1.2 : 1);
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
    const struct entry *entry = run_find(run, at, WORD_DIGIT, &span);
    if (entry) {
        snprintf(text, sizeof text, "%d", entry->digit);
        step(reading, at, span, text, 1);
    }
    entry = run_find(run, at, WORD_HOMOPHONE, &span);
    if (entry && (run_digit_like(run, at + span) || run_number_ends(run, at))) {
        snprintf(text, sizeof text, "%d", entry->digit);
        step(reading, at, span, text, 1.2);
        /* "… to zero eight seven": few numbers are so short that it was only a word. */
        bool short_of_it = run->count - at - span == 3;
        step_over(reading, at, span, short_of_it ? 1.4 : 1, at + span == run->count ? 1 : 2.5);
    }
    struct values values = {0};
    values_read(run, at, &values);
    for (int i = 0; i < values.count; i++)
        if (values.list[i].value >= 10) {
            snprintf(text, sizeof text, "%d", values.list[i].value);
            step(reading, at, values.list[i].words, text, 1);
        }
    if (run_find(run, at, WORD_SEPARATOR | WORD_FILLER, &span))
        step(reading, at, span, "", .05);
    if (run_find(run, at, WORD_AND, &span))
        step(reading, at, span, "", .6);
    step_repeats(reading, at, WORD_DOUBLE, 2);
    step_repeats(reading, at, WORD_TRIPLE, 3);
    step_letters(reading, at);
    if (run_letters(run, at)) {
        snprintf(text, sizeof text, "%c%c", word->text[0] - 32, word->text[1] - 32);
        step(reading, at, 1, text, 1);
    }
}

const struct ways *ways_read(const struct run *run, struct arena *arena) {
    struct reading_of_run reading = {run, arena_room(arena, sizeof *reading.ways * ((size_t)run->count + 1))};
    for (int i = 0; i <= run->count; i++)
        reading.ways[i].count = 0;
    add_way(&reading.ways[0], "", "", 0);
    for (int at = 0; at < run->count; at++)
        step_words(&reading, at);
    return &reading.ways[run->count];
}
