/* What was not understood in stored conversations, was corrected, or ended with a person: grouped by
 * likeness, the most frequent first, ready to become examples of a catalogue. */
#include "base/memory.h"
#include "base/text.h"
#include "bot/cli/cli.h"
#include "bot/cli/past.h"
#include "bot/cli/redact.h"
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 64, SAMPLES = 5, OUT_MAX = 16 << 20 };

enum reason { NOT_UNDERSTOOD, CORRECTED, ESCALATED, REASONS };
static const char *const reason_names[REASONS] = {"not_understood", "corrected", "escalated"};

/* Messages that share most of their words. Lives as long as the verb. */
struct group {
    const char *words[WORDS_MAX]; /* of the first of them, folded, sorted, each once */
    int word_count;
    const char *locale;
    const char *samples[SAMPLES]; /* redacted, different ones */
    int sample_count, count, reasons[REASONS];
};

struct misses {
    struct settings *settings;
    struct mind mind;
    struct arena arena; /* of the groups */
    struct group **groups;
    int group_count, size, conversations;
};

static int by_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_number(const char *word) {
    return word[strspn(word, "0123456789")] == '\0';
}

/* The different words of a folded text but numbers, which tell no two wishes apart. */
static int split(char *folded, const char *words[WORDS_MAX]) {
    int count = 0;
    for (char *word; count < WORDS_MAX && (word = strsep(&folded, " ")) != NULL;)
        if (word[0] != '\0' && word[0] != '.' && !is_number(word))
            words[count++] = word;
    qsort(words, (size_t)count, sizeof *words, by_text);
    int different = 0;
    for (int i = 0; i < count; i++)
        if (i == 0 || !text_is(words[i], words[i - 1]))
            words[different++] = words[i];
    return different;
}

/* Shared words among all words of both (Jaccard). */
static bool alike(const struct group *group, const char *const *words, int count) {
    int shared = 0, a = 0, b = 0;
    while (a < group->word_count && b < count) {
        int order = strcmp(group->words[a], words[b]);
        shared += order == 0;
        a += order <= 0;
        b += order >= 0;
    }
    int all = group->word_count + count - shared;
    return all == 0 || shared * 5 >= all * 3;
}

static struct group *group_of(struct misses *misses, const char *locale, const char *const *words,
                              int count) {
    for (int i = 0; i < misses->group_count; i++)
        if (text_is(misses->groups[i]->locale, locale) && alike(misses->groups[i], words, count))
            return misses->groups[i];
    if (misses->group_count == misses->size) {
        misses->size = misses->size ? misses->size * 2 : 64;
        misses->groups = realloc(misses->groups, (size_t)misses->size * sizeof *misses->groups);
        if (!misses->groups)
            memory_exhausted();
    }
    struct group *group = ARENA_NEW(&misses->arena, struct group);
    group->locale = arena_string(&misses->arena, locale);
    for (int i = 0; i < count; i++)
        group->words[i] = arena_string(&misses->arena, words[i]);
    group->word_count = count;
    misses->groups[misses->group_count++] = group;
    return group;
}

static void miss(struct misses *misses, const struct past *past, const struct turn *turn, enum reason reason,
                 struct arena *arena) {
    const struct shop *shop = settings_shop(misses->settings, past->conversation.shop);
    struct read_options options =
        mind_read_options(shop ? shop : misses->settings->shop, past->conversation.channel, turn->at_ms);
    struct reading reading;
    const char *words[WORDS_MAX];
    options.locale = past->conversation.locale;
    intents_read(misses->mind.reader, turn->text, &options, arena, &reading);
    int count = split(arena_string(arena, reading.folded), words);
    const char *text = redact(misses->mind.reader, &options, turn->text, (const char *const[]){NULL},
                              (const char *const[]){NULL}, arena);
    struct group *group = group_of(misses, past->conversation.locale, words, count);
    group->count++;
    group->reasons[reason]++;
    for (int i = 0; i < group->sample_count; i++)
        if (text_is(group->samples[i], text))
            return;
    if (group->sample_count < SAMPLES)
        group->samples[group->sample_count++] = arena_string(&misses->arena, text);
}

static const struct turn *turn_at(const struct past *past, int64_t seq) {
    for (int i = 0; i < past->turn_count; i++)
        if (past->turns[i].seq == seq && past->turns[i].author == AUTHOR_CUSTOMER)
            return &past->turns[i];
    return NULL;
}

/* The customer's message before this one: what its answer did not settle. */
static const struct turn *turn_before(const struct past *past, int64_t seq) {
    const struct turn *found = NULL;
    for (int i = 0; i < past->turn_count && past->turns[i].seq < seq; i++)
        if (past->turns[i].author == AUTHOR_CUSTOMER)
            found = &past->turns[i];
    return found;
}

static bool begins_with_a_correction(struct misses *misses, const struct past *past, const struct turn *turn,
                                     struct arena *arena) {
    struct reading reading;
    struct read_options options =
        mind_read_options(misses->settings->shop, past->conversation.channel, turn->at_ms);
    options.locale = past->conversation.locale;
    intents_read(misses->mind.reader, turn->text, &options, arena, &reading);
    return reading.corrected;
}

static void look_through(const struct past *past, struct store *store, struct arena *arena, void *context) {
    struct misses *misses = context;
    (void)store;
    misses->conversations++;
    for (int i = 0; i < past->note_count; i++) {
        const struct note *note = &past->notes[i];
        const struct turn *turn = turn_at(past, note->seq), *before = turn_before(past, note->seq);
        bool lost = text_is(note->kind, "not_understood") || text_is(note->kind, "escalation");
        bool asked_for_person = text_is(note->kind, "handoff") && text_is(note->intent, "human.person");
        bool disliked = text_is(note->kind, "rating") && note->score < 0;
        if (lost && turn)
            miss(misses, past, turn, NOT_UNDERSTOOD, arena);
        else if ((asked_for_person || disliked) && before)
            miss(misses, past, before, asked_for_person ? ESCALATED : CORRECTED, arena);
    }
    for (int i = 1; i < past->turn_count; i++) {
        const struct turn *turn = &past->turns[i], *before = turn_before(past, turn->seq);
        if (turn->author == AUTHOR_CUSTOMER && before && begins_with_a_correction(misses, past, turn, arena))
            miss(misses, past, before, CORRECTED, arena);
    }
}

static int by_count(const void *a, const void *b) {
    const struct group *first = *(const struct group *const *)a, *second = *(const struct group *const *)b;
    return second->count - first->count ? second->count - first->count
                                        : strcmp(first->samples[0], second->samples[0]);
}

static void print_group(const struct group *group, bool json) {
    struct buffer buffer;
    struct json_out out = {&buffer, false};
    buffer_init(&buffer, OUT_MAX);
    if (json) {
        json_open(&out, NULL, '{');
        json_number(&out, "count", group->count);
        json_text(&out, "locale", group->locale);
        for (int i = 0; i < REASONS; i++)
            json_number(&out, reason_names[i], group->reasons[i]);
        json_open(&out, "examples", '[');
    } else {
        printf("%d × %s ", group->count, group->locale);
        for (int i = 0; i < REASONS; i++)
            if (group->reasons[i] > 0)
                printf(" %s %d", reason_names[i], group->reasons[i]);
        putchar('\n');
    }
    for (int i = 0; i < group->sample_count; i++) {
        json_text(&out, NULL, group->samples[i]);
        if (!json) { /* as a line of "examples": [ … ] */
            printf("    %s,\n", buffer.bytes);
            buffer_reset(&buffer);
            out.comma = false;
        }
    }
    if (json) {
        json_close(&out, ']');
        json_close(&out, '}');
        puts(buffer.bytes);
    }
    buffer_clear(&buffer);
}

enum exit_status misses_run(struct settings *settings) {
    struct misses misses = {.settings = settings};
    struct error err = {""};
    if (settings->argument_count > 0)
        return cli_usage(VERB_MISSES, "expected no arguments, found \"%s\"", settings->arguments[0]);
    arena_init(&misses.arena);
    bool ok =
        mind_open_reader(&misses.mind, settings, &err) && past_each(settings, look_through, &misses, &err);
    if (ok) {
        if (misses.group_count > 1)
            qsort(misses.groups, (size_t)misses.group_count, sizeof *misses.groups, by_count);
        for (int i = 0; i < misses.group_count; i++)
            print_group(misses.groups[i], settings->json);
        fprintf(stderr, "%d kinds of messages in %d conversations\n", misses.group_count,
                misses.conversations);
    }
    mind_close(&misses.mind);
    free(misses.groups);
    arena_clear(&misses.arena);
    return ok ? EXIT_DONE : cli_fail(VERB_MISSES, &err);
}
