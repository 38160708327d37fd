#include "intents/examples/words.h"
#include <stdlib.h>

enum { SEEN_MIN = 2 };

struct occurrences {
    struct word *words;
    int count, size;
};

static int compare(const void *a, const void *b) {
    const struct word *x = a, *y = b;
    return x->hash != y->hash ? x->hash < y->hash ? -1 : 1 : x->has_digit - y->has_digit;
}

static void add_text(struct occurrences *out, const char *text, int times, struct arena *arena) {
    struct utterance utterance;
    fold_utterance(&utterance, text, arena);
    for (int i = 0; i < utterance.count * times; i++) {
        if (out->count == out->size) {
            struct word *grown = ARENA_ARRAY(arena, struct word, 2 * (size_t)out->size);
            for (int j = 0; j < out->count; j++)
                grown[j] = out->words[j];
            out->words = grown;
            out->size *= 2;
        }
        out->words[out->count++] = utterance.words[i / times];
    }
}

void words_find(struct known_words *out, const struct examples *examples,
                const struct family_words *family_words, struct arena *arena) {
    struct occurrences all = {.size = 1024};
    all.words = ARENA_ARRAY(arena, struct word, (size_t)all.size);
    for (int i = 0; i < examples->count; i++)
        add_text(&all, examples->rows[i].text, 1, arena);
    for (int i = 0; i < family_words->count; i++)
        add_text(&all, family_words->texts[i], SEEN_MIN, arena);
    qsort(all.words, (size_t)all.count, sizeof *all.words, compare);
    *out = (struct known_words){.words = all.words, .seen = ARENA_ARRAY(arena, int, (size_t)all.count + 1)};
    for (int i = 0, next; i < all.count; i = next) {
        for (next = i; next < all.count && compare(&all.words[i], &all.words[next]) == 0;)
            next++;
        if (next - i < SEEN_MIN)
            continue;
        out->seen[out->count] = next - i;
        out->words[out->count++] = all.words[i];
    }
}
