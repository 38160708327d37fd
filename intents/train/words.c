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

static uint32_t begin_row(struct word_table *table) {
    while (table->row_count % MODEL_ROW != 0)
        add_number(table, 0);
    return table->row_count;
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

/* Returns its number: 0 of one that says nothing. word: NULL for a family. */
static uint32_t add_row(struct word_table *table, const struct word_source *source,
                        const struct material_word *word, const uint32_t features[MODEL_FAMILIES]) {
    int8_t kinds[MODEL_FAMILIES][MODEL_KINDS] = {{0}};
    uint64_t known = 0;
    bool frequent = word && word->seen >= FREQUENT;
    for (int i = 0; i < MODEL_FAMILIES; i++) {
        int feature = features[i] ? fitter_find(source->fitter, features[i]) : -1;
        for (int j = 0; j < MODEL_KINDS && feature >= 0; j++) {
            kinds[i][j] = source->heads[j].weights[feature];
            known |= (uint64_t)(kinds[i][j] != 0) << i;
        }
    }
    if (!known && !frequent)
        return 0;
    uint32_t begin = begin_row(table), told = begin + offsetof(struct model_row, told) / sizeof *table->rows;
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
    return begin / MODEL_ROW;
}

static uint32_t set_of(struct word_table *table, uint64_t families) {
    uint32_t set = 0;
    while (set < table->set_count && table->sets[set] != families)
        set++;
    if (set == table->set_count && set < MODEL_SETS)
        table->sets[table->set_count++] = families;
    return set;
}

static bool add_word(struct word_table *table, const struct word_source *source,
                     const struct material_word *word, struct error *err) {
    struct model_word *row = table->words + model_word_place(word->hash, table->places);
    while (row->hash && row->hash != word->hash)
        row = row + 1 < table->words + table->places ? row + 1 : table->words;
    if (row->hash == word->hash)
        return true; /* numbers of one shape are one word; one of hash 0 is not known */
    const uint32_t *features = source->material->features + word->begin;
    uint32_t worth = (uint32_t)worth_of(features, (int)word->count), set = set_of(table, word->families),
             number = add_row(table, source, word, features + word->count);
    *row = (struct model_word){
        .hash = word->hash, .worth = worth & 0x7F, .set = set & (MODEL_SETS - 1), .row = number & 0xFFFF};
    for (uint32_t i = 0; i < word->count; i++) {
        int feature = fitter_find(source->fitter, features[i]);
        for (int j = 0; j < MODEL_KINDS && feature >= 0; j++)
            row->sums[j] = (int16_t)(row->sums[j] + source->heads[j].weights[feature]);
    }
    return (row->worth == worth && row->set == set && row->row == number) ||
           error_set(err, "there is no room for more words: give struct model_word more bits");
}

bool words_make(struct word_table *out, const struct word_source *source, struct arena *arena,
                struct error *err) {
    uint32_t count = source->material->header.words;
    *out = (struct word_table){.set_count = 1, .places = count + count / 3 + 2}; /* a quarter stays free */
    out->words = ARENA_ARRAY(arena, struct model_word, out->places);
    for (int i = 0; i < MODEL_ROW; i++)
        add_number(out, 0);
    for (uint32_t i = 0; i < count; i++)
        if (!add_word(out, source, &source->material->words[i], err))
            return false;
    for (int i = 0; i < MODEL_FAMILIES; i++)
        out->families[i] =
            add_row(out, source, NULL,
                    source->material->features + source->material->header.together + i * MODEL_FAMILIES);
    begin_row(out);
    return true;
}
