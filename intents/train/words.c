#include "intents/train/words.h"

static uint16_t set_of(struct word_table *table, uint64_t families) {
    uint32_t set = 0;
    while (set < table->set_count && table->sets[set] != families)
        set++;
    if (set == table->set_count)
        table->sets[table->set_count++] = families;
    return (uint16_t)set;
}

static void add_word(struct word_table *table, const struct word_source *source,
                     const struct material_word *word) {
    uint32_t mask = (1u << table->bits) - 1, place = model_place(word->hash, table->bits);
    while (table->words[place].hash && table->words[place].hash != word->hash)
        place = (place + 1) & mask;
    if (table->words[place].hash == word->hash || word->hash == 0)
        return; /* numbers of one shape are one word */
    struct model_word *row = &table->words[place];
    row->hash = word->hash;
    row->set = set_of(table, word->families);
    row->count = (uint16_t)word->count;
    for (uint32_t i = 0; i < word->count; i++) {
        int feature = fitter_find(source->fitter, source->material->features[word->begin + i]);
        for (int j = 0; j < MODEL_KINDS && feature >= 0; j++)
            row->sums[j] = (int16_t)(row->sums[j] + source->heads[j].weights[feature]);
    }
}

void words_make(struct word_table *out, const struct word_source *source, struct arena *arena) {
    uint32_t count = source->material->header.words;
    *out = (struct word_table){.bits = 1};
    while (3ull << out->bits < 4ull * (count + 1)) /* a quarter stays free, or more */
        out->bits++;
    out->words = ARENA_ARRAY(arena, struct model_word, (size_t)1 << out->bits);
    out->sets = ARENA_ARRAY(arena, uint64_t, (size_t)count + 1);
    set_of(out, 0);
    for (uint32_t i = 0; i < count; i++)
        add_word(out, source, &source->material->words[i]);
}
