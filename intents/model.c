#include "intents/model.h"
#include "intents/features.h"
#include "intents/language.h"
#include "intents/worth.h"
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct model {
    struct model_file file;
    struct weighed {
        float scale, bias;
        int kind;
        int intent;           /* as an index of the domain; -1: a kind, or not of this domain */
    } weighed[MODEL_CLASSES]; /* each class, without its name: closer together */
};

struct model *model_new(const char *bytes, size_t len, const struct domain *domain, struct error *err) {
    struct model *model = calloc(1, sizeof *model);
    assert((uintptr_t)bytes % sizeof(double) == 0);
    if (!model) {
        error_set(err, "out of memory for the model of intents");
        return NULL;
    }
    if (!model_file_open(&model->file, bytes, len)) {
        error_set(err, "the embedded model of intents is damaged: build wismo again");
        free(model);
        return NULL;
    }
    for (uint32_t i = 0; i < model->file.header->classes; i++)
        model->weighed[i] = (struct weighed){.scale = model->file.classes[i].scale,
                                             .bias = model->file.classes[i].bias,
                                             .kind = (int)model->file.classes[i].kind,
                                             .intent = domain_find(domain, model->file.classes[i].name)};
    return model;
}

void model_free(struct model *model) {
    free(model);
}

struct stops model_stops(const struct model *model) {
    return (struct stops){model->file.stops, model->file.header->stops_bias};
}

bool model_fits(const struct model *model) {
    for (uint32_t i = 0; i < model->file.header->classes; i++)
        if (model->file.classes[i].name[0] && model->weighed[i].intent < 0)
            return false;
    return true;
}

/* Which tags a line has is hard to guess, and a wrong guess waits for memory before the next line is asked:
 * eight 16-bit numbers are compared at once, without a branch. */
enum { EIGHT = 8, BITS_EACH = 2 };

/* BITS_EACH bits for each of the eight that is the number. */
static inline unsigned same(const void *eight, uint16_t number) {
    typedef uint16_t numbers __attribute__((vector_size(EIGHT * sizeof(uint16_t))));
    typedef char bytes __attribute__((vector_size(sizeof(numbers))));
    numbers all;
    memcpy(&all, eight, sizeof all);
    bytes equal = (bytes)(all == number);
#ifdef __SSE2__
    return (unsigned)__builtin_ia32_pmovmskb128(equal);
#else
    unsigned bits = 0;
    for (size_t i = 0; i < sizeof all; i++)
        bits |= (equal[i] & 1u) << i;
    return bits;
#endif
}

/* What a feature says of kinds, as the bytes of a number: nothing, mostly. */
static inline uint32_t find_kinds(const struct model *model, uint32_t feature) {
    enum { NONE = 1 << MODEL_LINE_KINDS * BITS_EACH };
    uint16_t tag = model_tag(feature);
    for (const struct model_kind_line *line =
             model->file.kind_lines + model_place(feature, model->file.header->kind_lines);
         ; line++) {
        const uint16_t *tags = (const uint16_t *)(const void *)line;
        unsigned found = same(tags, tag) | (same(tags + EIGHT, tag) << EIGHT * BITS_EACH & (NONE - 1));
        uint32_t at = (uint32_t)__builtin_ctz(found | NONE) / BITS_EACH, said;
        if ((at == MODEL_LINE_KINDS) & ((line->more & model_more(tag)) != 0))
            continue;
        memcpy(&said, (const char *)line + offsetof(struct model_kind_line, kinds) + at * MODEL_KINDS,
               sizeof said);
        return said & ((uint32_t)(at == MODEL_LINE_KINDS) - 1);
    }
}

/* A number for each kind, all added at once. */
typedef int32_t kind_sums __attribute__((vector_size(MODEL_KINDS * sizeof(int32_t))));

/* Of the four bytes of a number: each is spread over a lane, and its sign kept. */
static inline kind_sums sums_of(uint32_t said) {
    typedef int8_t bytes __attribute__((vector_size(sizeof(kind_sums))));
    bytes all = (bytes)(kind_sums){(int32_t)said};
    all = __builtin_shufflevector(all, all, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7);
    all = __builtin_shufflevector(all, all, 0, 1, 0, 1, 2, 3, 2, 3, 4, 5, 4, 5, 6, 7, 6, 7);
    return (kind_sums)all >> 24;
}

static kind_sums add_kinds(const struct model *model, const uint32_t *features, int count, kind_sums sums) {
    for (int i = 0; i < count; i++)
        sums += sums_of(find_kinds(model, features[i]));
    return sums;
}

/* One bit of SAID_BITS for each that is of the tag. */
enum { SAID_BITS = 2 * BITS_EACH };
static inline uint64_t said_of(const struct model_intent_line *line, uint16_t tag) {
    enum { STEPS = sizeof *line / (EIGHT * sizeof(uint16_t)) };
    const uint16_t *numbers = (const uint16_t *)(const void *)line;
    uint64_t bits = 0;
    for (int i = 0; i < STEPS; i++)
        bits |= (uint64_t)same(numbers + i * EIGHT, tag) << i * EIGHT * BITS_EACH;
    return bits & UINT64_C(0x0111111111111111);
}

static void add_intents(const struct model *model, const uint32_t *features, int count,
                        int32_t sums[MODEL_CLASSES]) {
    for (int i = 0; i < count; i++) {
        const struct model_intent_line *line =
            model->file.intent_lines + model_place(features[i], model->file.header->intent_lines);
        uint16_t tag = model_tag(features[i]);
        bool more = true;
        for (; more; more = (line++->more & model_more(tag)) != 0)
            for (uint64_t said = said_of(line, tag); said; said &= said - 1) {
                int at = __builtin_ctzll(said) / SAID_BITS;
                sums[line->said[at].class] += line->said[at].weight;
            }
    }
}

/* NULL: it is not known. */
static const struct model_word *find_word(const struct model *model, uint32_t hash) {
    const struct model_word *end = model->file.words + model->file.header->words,
                            *word = model->file.words + model_word_place(hash, model->file.header->words);
    while (word->hash && word->hash != hash)
        word = word + 1 < end ? word + 1 : model->file.words;
    return word->hash ? word : NULL;
}

bool model_knows(const struct model *model, uint32_t hash) {
    return find_word(model, hash) != NULL;
}

static uint64_t families_of(const struct model *model, const struct word *word) {
    int singular = features_singular(word);
    const struct model_word *known = singular ? find_word(model, features_word(word->text, singular)) : NULL;
    return known ? model->file.sets[known->set] : 0;
}

/* What is looked up lies anywhere in some hundred kilobytes: all is on its way before the first is needed. */
static void fetch_features(const struct model *model, const uint32_t *features, int count) {
    for (int i = 0; i < count; i++)
        __builtin_prefetch(model->file.kind_lines + model_place(features[i], model->file.header->kind_lines));
}

/* Most rows that are asked for take two lines or three. */
static void expect_row(const struct model *model, uint32_t number) {
    enum { LINE = 64 };
    const char *row = (const char *)model_row_at(&model->file, number);
    __builtin_prefetch(row);
    __builtin_prefetch(row + LINE);
    __builtin_prefetch(row + 2 * LINE);
}

struct sight {
    const struct word *words;
    struct glimpse glimpses[FEATURES_WORDS];
    struct alone {
        const struct model_word *known; /* NULL: its features are asked */
        const uint32_t *features;
        int count;
        bool again; /* it was said before */
    } alone[FEATURES_WORDS];
    int count;
    bool asks;
    uint32_t neighbours[FEATURES_NEIGHBOURS]; /* features */
    int neighbour_count;
};

void model_expect(const struct model *model, const struct word *words, int count) {
    for (int i = 0; i < count; i++)
        __builtin_prefetch(model->file.words + model_word_place(words[i].hash, model->file.header->words));
}

/* The features of a word that is not known. */
static void see_alone(const struct model *model, struct sight *sight, int word, struct arena *arena) {
    const size_t size = FEATURES_ALONE * sizeof(uint32_t);
    uint32_t *features = arena_room(arena, size);
    int count = features_alone(&sight->words[word], &sight->glimpses[word], features);
    arena_return(arena, (char *)features, size, (size_t)count * sizeof *features);
    fetch_features(model, features, count);
    sight->alone[word].features = features;
    sight->alone[word].count = count;
}

struct sight *model_glance(const struct model *model, const struct utterance *utterance,
                           struct arena *arena) {
    struct sight *sight = arena_room(arena, sizeof *sight);
    uint64_t said = 0;
    sight->asks = features_asks(utterance);
    sight->words = utterance->words;
    sight->count = utterance->count < FEATURES_WORDS ? utterance->count : FEATURES_WORDS;
    for (int i = 0; i < sight->count; i++) {
        struct glimpse *glimpse = &sight->glimpses[i];
        *glimpse = features_glimpse(&sight->words[i], NULL);
        const struct model_word *known = find_word(model, glimpse->hash);
        sight->alone[i] =
            (struct alone){.known = known, .again = features_said_before(sight->glimpses, i, &said)};
        if (known)
            expect_row(model, known->row);
        else if (!sight->alone[i].again)
            see_alone(model, sight, i, arena);
        if (!glimpse->families)
            glimpse->families = known ? model->file.sets[known->set] : families_of(model, &sight->words[i]);
    }
    return sight;
}

const struct sight *model_see(const struct model *model, struct sight *sight) {
    sight->neighbour_count =
        features_neighbours(sight->glimpses, sight->count, sight->asks, sight->neighbours);
    fetch_features(model, sight->neighbours, sight->neighbour_count);
    for (uint64_t rest = features_families(sight->glimpses, sight->count); rest; rest &= rest - 1)
        expect_row(model, model->file.header->families[__builtin_ctzll(rest)]);
    return sight;
}

/* Of families those that are still counted: features_said has no more room. */
static inline uint64_t take_room(uint64_t families, int *room) {
    uint64_t rest = families;
    for (; rest && *room > 0; rest &= rest - 1)
        (*room)--;
    return families ^ rest;
}

static inline kind_sums add_row(const struct model_row *row, uint64_t beside, kind_sums sums) {
    uint64_t known = model_bits(row->known);
    for (beside &= known; beside; beside &= beside - 1) {
        uint32_t said;
        memcpy(&said, row->kinds[model_count_bits(known & ((beside & -beside) - 1))], sizeof said);
        sums += sums_of(said);
    }
    return sums;
}

/* What is said in one sentence, as features_said sees it. */
static kind_sums add_sentence(const struct model *model, const struct sight *sight, int first, int end,
                              int *room, kind_sums sums) {
    const struct glimpse *glimpses = sight->glimpses;
    uint64_t all = features_families(glimpses + first, end - first), near[FEATURES_WORDS];
    for (uint64_t rest = all; rest; rest &= rest - 1)
        sums = add_row(model_row_at(&model->file, model->file.header->families[__builtin_ctzll(rest)]),
                       take_room(rest & (rest - 1), room), sums);
    features_near(glimpses + first, end - first, near);
    for (int i = first; i < end && all; i++) {
        const struct model_word *known = sight->alone[i].known;
        uint64_t beside = take_room(near[i - first] & ~glimpses[i].families, room);
        if (known) /* else nothing is learned of it beside others */
            sums = add_row(model_row_at(&model->file, known->row), beside, sums);
    }
    return sums;
}

static int sum_between(const struct model *model, const struct sight *sight, kind_sums *all) {
    int room = FEATURES_BETWEEN - sight->neighbour_count;
    kind_sums sums = add_kinds(model, sight->neighbours, sight->neighbour_count, *all);
    uint64_t spoken_of = take_room(features_families(sight->glimpses, sight->count), &room);
    for (uint64_t rest = spoken_of; rest; rest &= rest - 1)
        sums = add_row(model_row_at(&model->file, model->file.header->families[__builtin_ctzll(rest)]),
                       rest & -rest, sums);
    for (int first = 0, end; first < sight->count; first = end) {
        for (end = first + 1; end < sight->count && !sight->glimpses[end].sentence;)
            end++;
        sums = add_sentence(model, sight, first, end, &room, sums);
    }
    *all = sums;
    return (FEATURES_BETWEEN - room) * WORTH_WHOLE;
}

/* Both return what the features are worth. */
static int sum_kinds(const struct model *model, const struct sight *sight, kind_sums *sums) {
    int worth = sum_between(model, sight, sums);
    for (int i = 0; i < sight->count; i++) {
        const struct alone *alone = &sight->alone[i];
        if (alone->again)
            continue;
        if (alone->known) {
            worth += alone->known->worth;
            const int16_t *said = alone->known->sums;
            *sums += (kind_sums){said[0], said[1], said[2], said[3]};
        } else {
            *sums = add_kinds(model, alone->features, alone->count, *sums);
            worth += worth_of(alone->features, alone->count);
        }
    }
    return worth;
}

static void fetch_intents(const struct model *model, const uint32_t *features, int count) {
    for (int i = 0; i < count; i++) {
        const struct model_intent_line *line =
            model->file.intent_lines + model_place(features[i], model->file.header->intent_lines);
        __builtin_prefetch(line);
        __builtin_prefetch(line + 1);
    }
}

static int sum_intents(const struct model *model, const struct sight *sight, int32_t sums[MODEL_CLASSES]) {
    uint32_t together[FEATURES_BETWEEN];
    fetch_intents(model, sight->neighbours, sight->neighbour_count);
    int count =
            features_said(sight->glimpses, sight->count, together, FEATURES_BETWEEN - sight->neighbour_count),
        worth = (sight->neighbour_count + count) * WORTH_WHOLE;
    fetch_intents(model, together, count);
    for (int i = 0; i < sight->count; i++)
        if (!sight->alone[i].known && !sight->alone[i].again)
            fetch_intents(model, sight->alone[i].features, sight->alone[i].count);
    for (int i = 0; i < sight->count; i++) {
        const struct alone *alone = &sight->alone[i];
        const struct model_row *row = alone->known ? model_row_at(&model->file, alone->known->row) : NULL;
        if (alone->again)
            continue;
        if (row && row->told > 0) {
            worth += alone->known->worth;
            for (const uint32_t *number = model_row_numbers(row), *end = number + row->told - 1; number < end;
                 number++)
                sums[*number >> 16] += (int16_t)*number;
            continue;
        }
        uint32_t room[FEATURES_ALONE];
        const uint32_t *features = row ? room : alone->features;
        int more = row ? features_alone(&sight->words[i], &sight->glimpses[i], room) : alone->count;
        add_intents(model, features, more, sums);
        worth += worth_of(features, more);
    }
    add_intents(model, sight->neighbours, sight->neighbour_count, sums);
    add_intents(model, together, count, sums);
    return worth;
}

static double value_of(const struct weighed *class, int32_t sum, int worth) {
    return class->bias + class->scale * sum / sqrt((double)worth / WORTH_WHOLE);
}

void model_read(const struct model *model, const struct sight *sight, struct opinion *out) {
    const struct model_header *header = model->file.header;
    kind_sums sums = {0};
    *out = (struct opinion){.worth = 0};
    for (int i = 0; i < KIND_COUNT; i++)
        out->kinds[i].intent = -1;
    int worth = out->worth = sum_kinds(model, sight, &sums);
    for (int i = 0; i < model->file.kinds_end && worth > 0; i++) {
        const struct weighed *class = &model->weighed[i];
        double odds =
            header->slopes[class->kind] * value_of(class, sums[i], worth) + header->offsets[class->kind];
        out->kinds[class->kind].probability = odds > 0 ? 1 / (1 + exp(-odds)) : 0;
        out->track = class->kind == KIND_TRACK ? odds : out->track;
    }
}

void model_read_intents(const struct model *model, const struct sight *sight, unsigned kinds,
                        struct opinion *out) {
    const struct model_header *header = model->file.header;
    double totals[KIND_COUNT] = {0}, highest[KIND_COUNT];
    int32_t sums[MODEL_CLASSES] = {0};
    int worth = sum_intents(model, sight, sums);
    for (int i = 0; i < KIND_COUNT; i++)
        highest[i] = -INFINITY;
    for (uint32_t i = (uint32_t)model->file.kinds_end; i < header->classes && worth > 0; i++) {
        const struct weighed *class = &model->weighed[i];
        if (!(kinds >> class->kind & 1))
            continue;
        double value = value_of(class, sums[i], worth);
        totals[class->kind] += exp(header->sharpness[class->kind] * value);
        if (class->intent >= 0 && value > highest[class->kind]) {
            highest[class->kind] = value;
            out->kinds[class->kind].intent = class->intent;
        }
    }
    for (int i = 0; i < KIND_COUNT; i++)
        if (out->kinds[i].intent >= 0)
            out->kinds[i].share = exp(header->sharpness[i] * highest[i]) / totals[i];
}

double model_track(const struct model *model, const struct opinion *opinion, enum evidence evidence) {
    const struct model_header *header = model->file.header;
    return 1 / (1 + exp(-(header->trust * opinion->track + header->votes[evidence])));
}
