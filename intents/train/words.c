#include "intents/train/words.h"
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

static struct occurrences read_words(const struct word_source *source, struct arena *arena) {
    struct occurrences out = {.size = 1024};
    out.words = ARENA_ARRAY(arena, struct word, (size_t)out.size);
    for (int i = 0; i < source->examples->count; i++)
        add_text(&out, source->examples->rows[i].text, 1, arena);
    for (int i = 0; i < source->family_words->count; i++)
        add_text(&out, source->family_words->texts[i], SEEN_MIN, arena);
    qsort(out.words, (size_t)out.count, sizeof *out.words, compare);
    return out;
}

static uint16_t set_of(struct word_table *table, uint64_t families) {
    uint32_t set = 0;
    while (set < table->set_count && table->sets[set] != families)
        set++;
    if (set == table->set_count)
        table->sets[table->set_count++] = families;
    return (uint16_t)set;
}

static void add_word(struct word_table *table, const struct word_source *source, const struct word *word) {
    struct glimpse glimpse = features_glimpse(word, source->families);
    uint32_t features[FEATURES_ALONE], mask = (1u << table->bits) - 1,
                                       place = model_place(glimpse.hash, table->bits);
    while (table->words[place].hash && table->words[place].hash != glimpse.hash)
        place = (place + 1) & mask;
    if (table->words[place].hash == glimpse.hash || glimpse.hash == 0)
        return; /* numbers of one shape are one word */
    struct model_word *row = &table->words[place];
    row->hash = glimpse.hash;
    row->set = set_of(table, glimpse.families);
    row->count = (uint16_t)features_alone(word, &glimpse, features);
    for (int i = 0; i < row->count; i++) {
        int feature = fitter_find(source->fitter, features[i]);
        for (int j = 0; j < MODEL_KINDS && feature >= 0; j++)
            row->sums[j] = (int16_t)(row->sums[j] + source->heads[j].weights[feature]);
    }
}

void words_make(struct word_table *out, const struct word_source *source, struct arena *arena) {
    struct arena scratch;
    arena_init(&scratch);
    struct occurrences all = read_words(source, &scratch);
    int kept = 0;
    for (int i = 0, next; i < all.count; i = next) {
        for (next = i; next < all.count && compare(&all.words[i], &all.words[next]) == 0;)
            next++;
        if (next - i >= SEEN_MIN)
            all.words[kept++] = all.words[i];
    }
    *out = (struct word_table){.bits = 1};
    while (3ll << out->bits < 4ll * (kept + 1)) /* a quarter stays free, or more */
        out->bits++;
    out->words = ARENA_ARRAY(arena, struct model_word, (size_t)1 << out->bits);
    out->sets = ARENA_ARRAY(arena, uint64_t, (size_t)kept + 1);
    set_of(out, 0);
    for (int i = 0; i < kept; i++)
        add_word(out, source, &all.words[i]);
    arena_clear(&scratch);
}
