#include "intents/train/words.h"
#include "base/memory.h"
#include "intents/worth.h"
#include <string.h>

/* Words that are so are told of whole: nine of ten that are said. */
enum { FREQUENT = 16 };

static void add_number(struct word_table *table, uint32_t number) {
    table->rows = memory_grown(table->rows, (int)table->row_count, &table->row_size, sizeof *table->rows);
    table->rows[table->row_count++] = number;
}

static void add_bits(struct word_table *table, uint64_t bits) {
    add_number(table, (uint32_t)bits);
    add_number(table, (uint32_t)(bits >> 32));
}

/* What is learned of a word alone, for each intent for which that is something; returns how many. */
static uint32_t add_told(struct word_table *table, const struct word_source *source,
                         const struct material_word *word) {
    uint32_t before = table->row_count;
    for (int head = MODEL_KINDS; head < source->head_count; head++) {
        int sum = 0;
        for (uint32_t i = 0; i < word->count; i++) {
            int feature = fitter_find(source->fitter, source->material->features[word->begin + i]);
            sum += feature >= 0 ? source->heads[head].weights[feature] : 0;
        }
        if (sum != 0)
            add_number(table, (uint32_t)head << 16 | (uint16_t)sum);
    }
    return table->row_count - before;
}

/* Returns where the row begins: of nothing at the first number. word: NULL for a family. */
static uint32_t add_row(struct word_table *table, const struct word_source *source,
                        const struct material_word *word, const uint32_t features[MODEL_FAMILIES]) {
    int8_t kinds[MODEL_FAMILIES][MODEL_KINDS] = {{0}};
    uint32_t begin = table->row_count, told = begin + offsetof(struct model_row, told) / sizeof *table->rows;
    uint64_t own = word ? word->families : 0, known = 0;
    bool frequent = word && word->seen >= FREQUENT;
    for (int i = 0; i < MODEL_FAMILIES; i++) {
        int feature = features[i] ? fitter_find(source->fitter, features[i]) : -1;
        for (int j = 0; j < MODEL_KINDS && feature >= 0; j++) {
            kinds[i][j] = source->heads[j].weights[feature];
            known |= (uint64_t)(kinds[i][j] != 0) << i;
        }
    }
    if (!own && !known && !frequent)
        return 0;
    add_bits(table, own);
    add_bits(table, known);
    add_number(table, 0);
    for (; known; known &= known - 1) {
        uint32_t number;
        memcpy(&number, kinds[__builtin_ctzll(known)], sizeof number);
        add_number(table, number);
    }
    if (frequent) {
        uint32_t count = add_told(table, source, word);
        table->rows[told] = 1 + count;
    }
    return begin;
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
    const uint32_t *features = source->material->features + word->begin;
    row->worth = (uint32_t)worth_of(features, (int)word->count) & 0xFF;
    row->row = add_row(table, source, word, features + word->count) & 0xFFFFFF;
    for (uint32_t i = 0; i < word->count; i++) {
        int feature = fitter_find(source->fitter, features[i]);
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
    add_bits(out, 0);
    add_bits(out, 0);
    add_number(out, 0);
    for (uint32_t i = 0; i < count; i++)
        add_word(out, source, &source->material->words[i]);
    for (int i = 0; i < MODEL_FAMILIES; i++)
        out->families[i] =
            add_row(out, source, NULL,
                    source->material->features + source->material->header.together + i * MODEL_FAMILIES);
}
