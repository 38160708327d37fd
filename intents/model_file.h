/* The file of a model: its format, which train/ writes, and the proof that one may be read without looking
 * where it leads. What its numbers say is model.h's. */
#pragma once
#include "intents/intents.h"
#include "intents/stops.h"

enum { MODEL_CLASSES = 255, MODEL_NAME = 40, MODEL_FORMAT = 10, MODEL_KINDS = 4, MODEL_FAMILIES = 64 };
enum { MODEL_LINE_KINDS = 10, MODEL_LINE_INTENTS = 15, MODEL_ROW = 4, MODEL_SETS = 1 << 9 };

/* What the rules alone make of a message, as far as tracking goes. */
enum evidence {
    EVIDENCE_NONE,
    EVIDENCE_WEAK,       /* a weak pattern says tracking */
    EVIDENCE_STRONG,     /* a strong one */
    EVIDENCE_OTHER,      /* a strong one says something else */
    EVIDENCE_BOTH,       /* strong ones say both */
    EVIDENCE_WEAK_OTHER, /* a weak one says something else */
    EVIDENCE_COUNT
};

/* The file, in the byte order of the machine that built it: header, kind_lines, intent_lines, words, sets,
 * classes, rows (numbers), stops. A line is one of the processor's cache. A feature stands in the line of its
 * hash (model_place) or, where that has its bit of `more`, in the next: few are looked for that far. A word
 * stands in the first free place from that of its hash on, of which the first follows the last. */
struct model_header {
    char magic[8];
    uint32_t format, classes, kind_lines, intent_lines, words /* places */, sets, rows;
    int32_t stops_bias;
    uint32_t families[MODEL_FAMILIES];   /* the row of each: it alone, and beside those after it */
    double trust, votes[EVIDENCE_COUNT]; /* log-odds of tracking, rules and model together: trust * the
                                            model's + the vote of the evidence */
    double slopes[KIND_COUNT], offsets[KIND_COUNT]; /* P(kind) = 1 / (1 + exp(-(slope * sum + offset))) */
    double sharpness[KIND_COUNT];                   /* P(intent | kind) ~ exp(sharpness * sum) */
    double reserved_too[2];                         /* so that lines begin where the processor's do */
};
/* What features say for the first classes; those of words together with families are in rows instead. */
struct model_kind_line {
    uint16_t tags[MODEL_LINE_KINDS]; /* model_tag; free ones come last, and say nothing */
    int8_t kinds[MODEL_LINE_KINDS][MODEL_KINDS];
    uint32_t more; /* model_more of those that had no room here: they stand in the next line, or after it */
};
/* What features say for other classes, as many times as it is something. */
struct model_intent_line {
    struct {
        uint16_t tag;
        uint8_t class;
        int8_t weight;
    } said[MODEL_LINE_INTENTS];
    uint32_t more;
};
/* What is learned of a word whatever stands beside it, added up: most words of a message are known, and each
 * is one look then. */
struct model_word {
    uint32_t hash; /* 0: a free place */
    int16_t sums[MODEL_KINDS];
    uint32_t worth : 7; /* of its features */
    uint32_t set : 9;   /* its families: a number among the sets, of bits */
    uint32_t row : 16;  /* begins at MODEL_ROW times that number */
};
/* What is learned of a word, or of a family, together with a family in the same sentence. */
struct model_row {
    uint32_t known[2]; /* bits: the families that say something with it; the lower ones first */
    uint32_t told; /* of a word: one more than the numbers that follow `kinds`, each of which says for a class
                      what is learned of the word alone: class << 16 | sum, as 16 bits; 0: ask its features */
    int8_t kinds[][MODEL_KINDS]; /* what each of these says */
};
/* The classes of kinds come first. */
struct model_class {
    char name[MODEL_NAME]; /* of the intent; "": the kind itself */
    uint32_t kind;
    float scale, bias; /* sum = bias + scale * (weights of its features) / sqrt(what they are worth) */
};

static const char model_magic[8] = "wismo-lm";

static inline uint32_t model_place(uint32_t hash, uint32_t count) {
    return (uint32_t)((uint64_t)hash * count >> 32);
}
/* The top bits choose the line, and the lowest tells a piece of a word. */
static inline uint16_t model_tag(uint32_t feature) {
    return (uint16_t)(feature >> 1);
}
static inline uint32_t model_more(uint16_t tag) {
    return UINT32_C(1) << tag % 32;
}
/* The hashes of words are mixed less well than those of features. */
static inline uint32_t model_word_place(uint32_t hash, uint32_t count) {
    return model_place(hash * 0x9E3779B1u, count);
}

/* Where what begins, in the bytes of the file. */
struct model_file {
    const struct model_header *header;
    const struct model_kind_line *kind_lines;
    const struct model_intent_line *intent_lines;
    const struct model_word *words;
    const uint64_t *sets;
    const struct model_class *classes;
    const uint32_t *rows;
    const int8_t *stops;
    int kinds_end; /* the first class after those of kinds */
};

/* False: they are no whole model. The bytes must outlive `file` and be aligned to 8. */
bool model_file_open(struct model_file *file, const char *bytes, size_t len);

static inline const struct model_row *model_row_at(const struct model_file *file, uint32_t row) {
    return (const struct model_row *)(const void *)(file->rows + (size_t)row * MODEL_ROW);
}

static inline uint64_t model_bits(const uint32_t halves[2]) {
    return halves[0] | (uint64_t)halves[1] << 32;
}

static inline int model_count_bits(uint64_t bits) {
    bits -= bits >> 1 & 0x5555555555555555u;
    bits = (bits & 0x3333333333333333u) + (bits >> 2 & 0x3333333333333333u);
    return (int)(((bits + (bits >> 4)) & 0x0F0F0F0F0F0F0F0Fu) * 0x0101010101010101u >> 56);
}

/* The numbers that follow what a row says of kinds. */
static inline const uint32_t *model_row_numbers(const struct model_row *row) {
    return (const uint32_t *)(const void *)row->kinds[model_count_bits(model_bits(row->known))];
}
