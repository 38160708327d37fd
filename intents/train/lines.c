#include "intents/train/lines.h"
#include <stdlib.h>
#include <string.h>

/* So many stand in a line on average: the more, the smaller the table, and the more often its next is asked.
 */
enum { KINDS_ON_AVERAGE = 7, INTENTS_ON_AVERAGE = 9 };

struct filling {
    const struct word_source *source;
    bool *in_rows; /* features that the rows of words and families speak for */
    int feature_count;
};

static void mark(struct filling *filling, uint32_t begin, uint32_t count) {
    const struct word_source *source = filling->source;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t hash = source->material->features[begin + i];
        int feature = hash ? fitter_find(source->fitter, hash) : -1;
        if (feature >= 0)
            filling->in_rows[feature] = true;
    }
}

static void mark_rows(struct filling *filling) {
    const struct material *material = filling->source->material;
    for (uint32_t i = 0; i < material->header.words; i++)
        mark(filling, material->words[i].begin + material->words[i].count, MODEL_FAMILIES);
    mark(filling, material->header.together, MODEL_FAMILIES * MODEL_FAMILIES);
}

static bool says_kinds(const struct filling *filling, int feature) {
    bool says = false;
    for (int head = 0; head < MODEL_KINDS; head++)
        says |= filling->source->heads[head].weights[feature] != 0;
    return says;
}

static uint32_t count_intents(const struct filling *filling, int feature) {
    uint32_t count = 0;
    for (int head = MODEL_KINDS; head < filling->source->head_count; head++)
        count += filling->source->heads[head].weights[feature] != 0;
    return count;
}

/* From its place on, in a line of `size` of the `count` lines. Features come in the order of their lines. */
static bool find_room(uint32_t *line, uint32_t *used, uint32_t place, uint32_t size, uint32_t count) {
    if (place > *line || *used == size) {
        *line = place > *line ? place : *line + 1;
        *used = 0;
    }
    return *line < count;
}

static bool fill_kinds(const struct filling *filling, struct model_kind_line *lines, uint32_t count) {
    uint32_t at = 0, used = 0;
    for (int i = 0; i < filling->feature_count; i++) {
        uint32_t hash = fitter_hash(filling->source->fitter, i), place = model_place(hash, count);
        if (filling->in_rows[i] || !says_kinds(filling, i))
            continue;
        if (!find_room(&at, &used, place, MODEL_LINE_KINDS, count))
            return false;
        for (uint32_t line = place; line < at; line++)
            lines[line].more |= model_more(model_tag(hash));
        lines[at].tags[used] = model_tag(hash);
        for (int head = 0; head < MODEL_KINDS; head++)
            lines[at].kinds[used][head] = filling->source->heads[head].weights[i];
        used++;
    }
    return true;
}

static bool fill_intents(const struct filling *filling, struct model_intent_line *lines, uint32_t count) {
    uint32_t at = 0, used = 0;
    for (int i = 0; i < filling->feature_count; i++) {
        uint32_t hash = fitter_hash(filling->source->fitter, i), place = model_place(hash, count);
        for (int head = MODEL_KINDS; head < filling->source->head_count; head++) {
            int8_t weight = filling->source->heads[head].weights[i];
            if (weight == 0)
                continue;
            if (!find_room(&at, &used, place, MODEL_LINE_INTENTS, count))
                return false;
            for (uint32_t line = place; line < at; line++)
                lines[line].more |= model_more(model_tag(hash));
            lines[at].said[used].tag = model_tag(hash);
            lines[at].said[used].class = (uint8_t)head;
            lines[at].said[used++].weight = weight;
        }
    }
    return true;
}

void lines_make(struct line_tables *out, const struct word_source *source, struct arena *arena) {
    int features = fitter_features(source->fitter);
    struct filling filling = {source, ARENA_ARRAY(arena, bool, (size_t)features + 1), features};
    uint32_t kinds = 0, intents = 0;
    *out = (struct line_tables){.features = 0};
    mark_rows(&filling);
    for (int i = 0; i < features; i++) {
        uint32_t said = count_intents(&filling, i);
        bool says = says_kinds(&filling, i);
        kinds += says && !filling.in_rows[i];
        intents += said;
        out->features += says || said > 0;
    }
    out->kind_count = kinds / KINDS_ON_AVERAGE;
    do
        out->kinds = ARENA_ARRAY(arena, struct model_kind_line, ++out->kind_count);
    while (!fill_kinds(&filling, out->kinds, out->kind_count));
    out->intent_count = intents / INTENTS_ON_AVERAGE;
    do
        out->intents = ARENA_ARRAY(arena, struct model_intent_line, ++out->intent_count);
    while (!fill_intents(&filling, out->intents, out->intent_count));
}
