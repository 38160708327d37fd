#include "intents/values.h"

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

static int skip_and(const struct run *run, int at) {
    int span;
    return run_find(run, at, WORD_AND, &span) ? at + span : at;
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
    int unit = run_digit(run, at);
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
        int next = skip_and(run, at + head.words), tail = run_digit(run, next);
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
        if (head.value >= factor * 10 || head.value >= 1000 || !run_find(run, after, flag, &span))
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

void values_read(const struct run *run, int at, struct values *out) {
    values_below_thousand(run, at, out);
    multiplied(run, at, WORD_THOUSAND, 1000, values_below_thousand, out);
}
