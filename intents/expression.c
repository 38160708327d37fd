#include "intents/expression.h"
#include "base/buffer.h"
#include "base/text.h"
#include <stdlib.h>
#include <string.h>

enum { SOURCE_MAX = 256 << 10, PLAIN_MAX = 512 };

struct writer {
    struct buffer source;
    const struct expression_words *words;
    struct arena *arena;
};

static void write_steps(struct writer *writer, const struct step *steps);

static void write_mark(struct writer *writer, const struct step *step) {
    const char *date = text_is(step->text, "date") ? writer->words->date : "";
    buffer_format(&writer->source, "(?: <[a-z_,]*%s[a-z_,]*>%s%s)", step->text, date[0] ? "|" : "", date);
}

static void write_number(struct writer *writer, bool ordinal) {
    const struct expression_words *words = writer->words;
    if (ordinal)
        buffer_format(&writer->source, "( \\d{1,2} ?(?:%s)%s%s)",
                      words->ordinals[0] ? words->ordinals : "(*FAIL)", words->ordinal_words[0] ? "|" : "",
                      words->ordinal_words);
    else
        buffer_format(&writer->source, "( \\d{1,4}(?:%s)?%s%s)", words->ordinals, words->number[0] ? "|" : "",
                      words->number);
}

/* Words alone, " where is", that fit: no sign of the regular expression's. */
static const char *plain_words(const struct step *steps, struct arena *arena) {
    char text[PLAIN_MAX];
    size_t len = 0;
    if (!steps)
        return NULL;
    for (; steps; steps = steps->next) {
        size_t more = steps->kind == STEP_WORD ? strlen(steps->text) : sizeof text;
        if (len + more + 1 >= sizeof text)
            return NULL;
        text[len++] = ' ';
        memcpy(text + len, steps->text, more);
        len += more;
    }
    return arena_copy(arena, text, len);
}

static int compare_strings(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorted strings that share their first `depth` bytes, as alternatives that branch where they differ: " b", "
 * bad", " bar" → " b(?:a(?:d|r))?". What is not tried byte by byte is not tried at all. */
static void write_trie(struct buffer *source, const char *const *strings, int count, size_t depth) {
    bool ends = strings[0][depth] == '\0';
    while (count > 0 && strings[0][depth] == '\0') { /* and its copies */
        strings++;
        count--;
    }
    if (count == 0)
        return;
    bool branches = strings[0][depth] != strings[count - 1][depth];
    if (ends || branches)
        buffer_string(source, "(?:");
    for (int begin = 0, end; begin < count; begin = end) {
        for (end = begin + 1; end < count && strings[end][depth] == strings[begin][depth];)
            end++;
        if (begin > 0)
            buffer_string(source, "|");
        buffer_add(source, &strings[begin][depth], 1);
        write_trie(source, strings + begin, end - begin, depth + 1);
    }
    if (ends || branches)
        buffer_string(source, ends ? ")?" : ")");
}

static void write_choice(struct writer *writer, const struct choice *choice) {
    const char **plain = ARENA_ARRAY(writer->arena, const char *, (size_t)choice->count);
    bool *done = ARENA_ARRAY(writer->arena, bool, (size_t)choice->count);
    int count = 0;
    for (int i = 0; i < choice->count; i++)
        if ((plain[count] = plain_words(choice->ways[i], writer->arena))) {
            done[i] = true;
            count++;
        }
    buffer_string(&writer->source, "(?:");
    if (count > 0) {
        qsort(plain, (size_t)count, sizeof *plain, compare_strings);
        write_trie(&writer->source, plain, count, 0);
    }
    for (int i = 0, before = count; i < choice->count; i++)
        if (!done[i]) {
            if (before++ > 0)
                buffer_string(&writer->source, "|");
            write_steps(writer, choice->ways[i]);
        }
    buffer_string(&writer->source, ")");
}

static void write_steps(struct writer *writer, const struct step *steps) {
    struct buffer *source = &writer->source;
    for (const struct step *step = steps; step; step = step->next)
        switch (step->kind) {
        case STEP_WORD:
            buffer_string(source, " ");
            buffer_string(source, step->text);
            break;
        case STEP_BEGINNING:
            buffer_format(source, " %s[^ ]*", step->text);
            break;
        case STEP_MARK:
            write_mark(writer, step);
            break;
        case STEP_NUMBER:
        case STEP_ORDINAL:
            write_number(writer, step->kind == STEP_ORDINAL);
            break;
        case STEP_GAP:
            buffer_format(source, "(?: [^ .][^ ]*){0,%d}?", step->number);
            break;
        case STEP_START:
            buffer_string(source, "(?:^|(?<= \\.))");
            break;
        case STEP_END:
            buffer_string(source, "(?= \\z| \\. )");
            break;
        case STEP_CHOICE:
            write_choice(writer, step->choice);
            break;
        case STEP_MAYBE:
            write_choice(writer, step->choice);
            buffer_string(source, "?");
            break;
        }
}

const char *expression_write(const struct step *steps, const struct expression_words *words,
                             struct arena *arena) {
    struct writer writer = {.words = words, .arena = arena};
    buffer_init(&writer.source, SOURCE_MAX);
    write_steps(&writer, steps);
    buffer_string(&writer.source, "(?= )");
    const char *copy = arena_copy(arena, writer.source.bytes, writer.source.len);
    buffer_clear(&writer.source);
    return copy;
}
