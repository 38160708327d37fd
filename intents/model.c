#include "intents/model.h"
#include "intents/features.h"
#include "intents/language.h"
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char model_magic[8] = "wismo-lm";

struct model {
    const struct model_header *header;
    const uint64_t *sets;
    const struct model_word *words;
    const struct model_class *classes;
    const uint32_t *places;
    const unsigned char *rows;
    int kinds_end;              /* the first class after those of kinds */
    int intents[MODEL_CLASSES]; /* of each class, as an index of the domain; -1: a kind, or not of this domain
                                 */
};

/* Do the rows fill their places exactly? */
static bool rows_fit(const struct model *model) {
    uint32_t places = 1u << model->header->bits, at = 0;
    if (model->places[0] != 0 || model->places[places] != model->header->bytes)
        return false;
    for (uint32_t i = 0; i < places; i++) {
        uint32_t end = model->places[i + 1];
        if (end < model->places[i] || end > model->header->bytes)
            return false;
        while (at < end) {
            if (end - at < MODEL_ROW || (end - at - MODEL_ROW) / 2 < model->rows[at + 2])
                return false;
            for (uint32_t j = 0; j < model->rows[at + 2]; j++)
                if (model->rows[at + MODEL_ROW + 2 * j] >= model->header->classes)
                    return false;
            at += MODEL_ROW + 2u * model->rows[at + 2];
        }
    }
    return true;
}

uint32_t model_place(uint32_t hash, uint32_t bits) {
    return hash * 0x9E3779B1u >> (32 - bits);
}

/* Is there a free place, where a search ends? */
static bool words_fit(const struct model *model) {
    bool ends = false;
    for (uint32_t i = 0; i < 1u << model->header->word_bits; i++) {
        ends |= model->words[i].hash == 0;
        if (model->words[i].set >= model->header->sets)
            return false;
    }
    return ends;
}

static bool classes_fit(struct model *model) {
    for (uint32_t i = 0; i < model->header->classes; i++) {
        const struct model_class *class = &model->classes[i];
        if (class->kind >= KIND_COUNT || !memchr(class->name, '\0', MODEL_NAME))
            return false;
        if (!class->name[0] && (model->kinds_end++ != (int)i || i >= MODEL_KINDS))
            return false;
    }
    return true;
}

static bool open_model(struct model *model, const char *bytes, size_t len) {
    const struct model_header *header = model->header = (const struct model_header *)(const void *)bytes;
    if (len < sizeof *header || memcmp(header->magic, model_magic, sizeof header->magic) != 0 ||
        header->format != MODEL_FORMAT || header->classes > MODEL_CLASSES || header->bits < 1 ||
        header->bits > 20 || header->word_bits < 1 || header->word_bits > 20 || header->sets > UINT16_MAX)
        return false;
    size_t sets = header->sets * sizeof *model->sets,
           words = ((size_t)1 << header->word_bits) * sizeof *model->words,
           classes = header->classes * sizeof *model->classes,
           places = ((1u << header->bits) + 1) * sizeof *model->places;
    if (len != sizeof *header + sets + words + classes + places + header->bytes)
        return false;
    bytes += sizeof *header;
    model->sets = (const uint64_t *)(const void *)bytes;
    model->words = (const struct model_word *)(const void *)(bytes += sets);
    model->classes = (const struct model_class *)(const void *)(bytes += words);
    model->places = (const uint32_t *)(const void *)(bytes += classes);
    model->rows = (const unsigned char *)bytes + places;
    return classes_fit(model) && words_fit(model) && rows_fit(model);
}

struct model *model_new(const char *bytes, size_t len, const struct domain *domain, struct error *err) {
    struct model *model = calloc(1, sizeof *model);
    assert((uintptr_t)bytes % sizeof(double) == 0);
    if (!model) {
        error_set(err, "out of memory for the model of intents");
        return NULL;
    }
    if (!open_model(model, bytes, len)) {
        error_set(err, "the embedded model of intents is damaged: build wismo again");
        free(model);
        return NULL;
    }
    for (uint32_t i = 0; i < model->header->classes; i++)
        model->intents[i] = domain_find(domain, model->classes[i].name);
    return model;
}

void model_free(struct model *model) {
    free(model);
}

bool model_fits(const struct model *model) {
    for (uint32_t i = 0; i < model->header->classes; i++)
        if (model->classes[i].name[0] && model->intents[i] < 0)
            return false;
    return true;
}

/* Adds the weights of a feature, where it has any, for the classes before `end`. */
static void add_feature(const struct model *model, uint32_t hash, int end, int32_t sums[MODEL_CLASSES]) {
    uint32_t place = hash >> (32 - model->header->bits);
    const unsigned char *row = model->rows + model->places[place],
                        *last = model->rows + model->places[place + 1];
    for (; row < last; row += MODEL_ROW + 2 * row[2]) {
        if ((row[0] | row[1] << 8) != (int)(hash & 0xFFFF))
            continue;
        for (int i = 0; i < row[2] && row[MODEL_ROW + 2 * i] < end; i++)
            sums[row[MODEL_ROW + 2 * i]] += (int8_t)row[MODEL_ROW + 2 * i + 1];
        return;
    }
}

static void add_features(const struct model *model, const uint32_t *features, int count, int end,
                         struct opinion *out, int32_t sums[MODEL_CLASSES]) {
    out->count += count;
    for (int i = 0; i < count; i++)
        add_feature(model, features[i], end, sums);
}

/* NULL: it is not known. */
static const struct model_word *find_word(const struct model *model, uint32_t hash) {
    uint32_t mask = (1u << model->header->word_bits) - 1, place = model_place(hash, model->header->word_bits);
    while (model->words[place].hash && model->words[place].hash != hash)
        place = (place + 1) & mask;
    return model->words[place].hash ? &model->words[place] : NULL;
}

static uint64_t families_of(const struct model *model, const struct word *word) {
    int singular = features_singular(word);
    const struct model_word *known = singular ? find_word(model, features_word(word->text, singular)) : NULL;
    return known ? model->sets[known->set] : 0;
}

/* What the word alone says for the classes before `end`. */
static void add_word(const struct model *model, const struct word *word, struct glimpse *glimpse, int end,
                     struct opinion *out, int32_t sums[MODEL_CLASSES]) {
    const struct model_word *known = find_word(model, glimpse->hash);
    uint32_t alone[FEATURES_ALONE];
    if (!glimpse->families)
        glimpse->families = known ? model->sets[known->set] : families_of(model, word);
    if (!known || end > model->kinds_end) {
        add_features(model, alone, features_alone(word, glimpse, alone), end, out, sums);
        return;
    }
    out->count += known->count;
    for (int i = 0; i < MODEL_KINDS; i++)
        sums[i] += known->sums[i];
}

static int sum(const struct model *model, const struct utterance *utterance, int end, struct opinion *out,
               double values[MODEL_CLASSES]) {
    struct glimpse words[FEATURES_WORDS];
    uint32_t between[FEATURES_BETWEEN];
    int32_t sums[MODEL_CLASSES] = {0};
    int seen = utterance->count < FEATURES_WORDS ? utterance->count : FEATURES_WORDS;
    out->count = 0;
    for (int i = 0; i < seen; i++) {
        words[i] = features_glimpse(&utterance->words[i], NULL);
        add_word(model, &utterance->words[i], &words[i], end, out, sums);
    }
    int count = features_between(words, seen, features_asks(utterance), between);
    add_features(model, between, count, end, out, sums);
    double root = sqrt(out->count > 0 ? out->count : 1);
    for (int i = 0; i < end; i++)
        values[i] = model->classes[i].bias + model->classes[i].scale * sums[i] / root;
    return out->count;
}

void model_read(const struct model *model, const struct utterance *utterance, struct opinion *out) {
    const struct model_header *header = model->header;
    double values[MODEL_CLASSES];
    *out = (struct opinion){.count = 0};
    for (int i = 0; i < KIND_COUNT; i++)
        out->kinds[i].intent = -1;
    if (sum(model, utterance, model->kinds_end, out, values) == 0)
        return;
    for (int i = 0; i < model->kinds_end; i++) {
        const struct model_class *class = &model->classes[i];
        double odds = header->slopes[class->kind] * values[i] + header->offsets[class->kind];
        if (class->name[0])
            continue;
        out->kinds[class->kind].probability = 1 / (1 + exp(-odds));
        out->track = class->kind == KIND_TRACK ? odds : out->track;
    }
}

void model_read_intents(const struct model *model, const struct utterance *utterance, struct opinion *out) {
    const struct model_header *header = model->header;
    double values[MODEL_CLASSES], totals[KIND_COUNT] = {0}, highest[KIND_COUNT];
    if (sum(model, utterance, (int)header->classes, out, values) == 0)
        return;
    for (int i = 0; i < KIND_COUNT; i++)
        highest[i] = -INFINITY;
    for (uint32_t i = 0; i < header->classes; i++) {
        const struct model_class *class = &model->classes[i];
        if (class->name[0])
            totals[class->kind] += exp(header->sharpness[class->kind] * values[i]);
        if (model->intents[i] >= 0 && values[i] > highest[class->kind]) {
            highest[class->kind] = values[i];
            out->kinds[class->kind].intent = model->intents[i];
        }
    }
    for (int i = 0; i < KIND_COUNT; i++)
        if (out->kinds[i].intent >= 0)
            out->kinds[i].share = exp(header->sharpness[i] * highest[i]) / totals[i];
}

double model_track(const struct model *model, const struct opinion *opinion, enum evidence evidence) {
    const struct model_header *header = model->header;
    return 1 / (1 + exp(-(header->trust * opinion->track + header->votes[evidence])));
}
