/* Folding: what remains of a text when case, accents and typography are taken away, with the way back.
 *
 * Two steps. "Plain" keeps punctuation (entities need it): NFKC, case folded, accents off, every dash '-',
 * every apostrophe '\'', every currency sign '$', emoji and controls a space. Words are the runs of letters
 * and digits in it. Knows no language. */
#pragma once
#include "base/arena.h"
#include <stdbool.h>
#include <stdint.h>

struct entry;

/* FNV-1a: short words are looked up in several tables, hashed once. */
static const uint32_t fold_hash_first = 2166136261u;
static inline uint32_t fold_hash_on(uint32_t hash, char byte) {
    return (hash ^ (unsigned char)byte) * 16777619u;
}
static inline uint32_t fold_hash_end(uint32_t hash) {
    return hash ^ hash >> 15;
}
static inline uint32_t fold_hash(const char *bytes, size_t len) {
    uint32_t hash = fold_hash_first;
    for (size_t i = 0; i < len; i++)
        hash = fold_hash_on(hash, bytes[i]);
    return fold_hash_end(hash);
}

struct word {
    const char *text;          /* NUL-terminated */
    const struct entry *entry; /* in the dictionary of the language that reads it now; NULL unknown there */
    int len;
    uint32_t hash;
    int begin, end; /* bytes of the plain text */
    bool sentence;  /* the first of a sentence */
    bool begins;    /* no sign tells, but so it seems (stops.h): the first of a sentence */
    bool comma;     /* a comma, a colon, a bracket or the end of a line stands before it */
    bool elided;    /* an apostrophe touches it: the s of "it's", the j of "j'ai" */
    bool has_digit, has_letter;
};

struct utterance {
    const char *text; /* as written */
    int len;
    const char *plain; /* NUL-terminated */
    int plain_len;
    const uint16_t *origin; /* origin[i]: the byte of text that plain[i] came from; origin[plain_len] = len */
    struct word *words;
    int count;
    bool has_digit, beyond_ascii;
    bool parted; /* patterns do not see beyond what begins, either; models never do */
};

/* text: valid UTF-8; cut at UTTERANCE_MAX. */
void fold_utterance(struct utterance *out, const char *text, struct arena *arena);

/* The words of a catalogue's entry, one space between: "Où est-il ?" → "ou est il". */
char *fold_words(const char *text, struct arena *arena);
