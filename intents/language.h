/* One language file, loaded: its words, its patterns as steps, and the sieve that tells which of them are
 * worth trying. */
#pragma once
#include "base/data.h"
#include "base/json.h"
#include "intents/dictionary.h"
#include "intents/expression.h"
#include "intents/intents.h"
#include "intents/typo.h"
#include <stdatomic.h>

struct domain {
    struct intent *intents;
    int count;
};
int domain_find(const struct domain *domain, const char *name); /* -1: no such */

enum target {
    TARGET_INTENT,
    TARGET_UNLESS,
    TARGET_YES,
    TARGET_NO,
    TARGET_CHOICE,
    TARGET_CORRECTION,
    TARGET_IN,  /* "in # days" */
    TARGET_AGO, /* "# days ago" */
    TARGET_DAY  /* "the #th" */
};

/* When a pattern is asked for. */
enum round {
    ROUND_STRONG, /* strong ones, and small talk, yes and no, dates … */
    ROUND_WEAK,   /* weak patterns of matters: only where no strong one decides */
    ROUND_UNLESS, /* hard negatives: only for the intents that were hit */
};

/* Some intents share one. */
static inline uint64_t intent_bit(int intent) {
    return UINT64_C(1) << intent % 64;
}

struct pattern {
    uint64_t about;   /* bits of the intents that it is of or strikes; all where it is of none */
    const char *name; /* the intent, the beginning of intents ("track.") for TARGET_UNLESS, or the choice */
    const struct step *steps;
    const char *regex; /* in place of steps */
    const char *rule;  /* how it is named: "fr.json:track.where/3", ":track.where/unless/1", ":dates/in/2" */
    int intent;        /* -1 when the target is none */
    int sifted;        /* by what the sieve knows its steps */
    int twin;          /* the first pattern of the same text: itself, mostly */
    int next_twin;     /* -1: the last */
    uint8_t target;    /* enum target */
    uint8_t round;     /* enum round */
    bool weak, talk;   /* talk: of an intent that is small talk */
};

/* Words that begin so: "deliver*". */
struct beginning {
    const char *text;
    int len;
    uint16_t number;
    struct beginning *next; /* of the same first byte */
};

/* The same, arranged: what the first bytes of a word are compared with. */
struct opening {
    uint64_t bytes, mask;
    const char *text;
    int len;
    uint16_t number;
};

struct feast {
    bool easter;
    int days;         /* after Easter Sunday */
    int month, day;   /* 0 when by weekday */
    int weekday, nth; /* the nth of that month; -1 the last */
};

struct list;

struct language {
    const char *code, *file, *label;
    const char *text;
    size_t len;
    struct arena *arena;
    atomic_bool loaded; /* what stands below is there, and in the arena all of it */
    struct dictionary dictionary;
    struct typo meant; /* the words that patterns have with a tilde */
    struct typo near;  /* those of five letters and more, all that they have */
    struct list *lists;
    int list_count;
    struct pattern *patterns;
    int pattern_count, pattern_size;
    struct sieve *sieve;
    int *always; /* patterns that are regular expressions */
    int always_count, always_size;
    struct opening *openings;
    int opening_begins[257]; /* by their first byte */
    int numbers;             /* how many words patterns know, NUMBER_NONE included */
    struct expression_words expression_words;
    struct feast *feasts;
    int feast_count;
    bool units_first, joined;
    uint32_t number_firsts, number_lasts; /* letter_bit of the first and last letters of number words */
    int takes_teens[4];
    const char *ordinals; /* "st|nd|rd|th" */
    /* While it is loaded: */
    json_t *root;
    struct twin *twins;                /* a hash of uthash: text → pattern */
    struct beginning *beginnings[256]; /* by their first byte */
    struct arena scratch;
};

/* Fetches the text of the file. */
bool language_open(struct language *language, const struct data *data, const char *file, struct arena *arena,
                   struct error *err);
/* Its "language", without reading the rest; NULL: not to be found. */
const char *language_peek(const struct language *language);
/* Reads all of it. */
bool language_load(struct language *language, const struct domain *domain, struct error *err);
extern const struct data_file
    intents_images[]; /* what the built-in ones became when they were read: "fr.image" … */
/* The same from such an image (base/image.h). */
bool language_wake(struct language *language, const struct data_file *image, struct error *err);
/* The file itself, of which only what is needed to read messages is kept: to be freed by json_decref. */
json_t *language_json(const struct language *language, struct error *err);
void language_clear(struct language *language);

/* A value of the file: the one at path, or of the array there the one at index. */
struct place {
    const char *path;
    long index; /* -1: path itself */
};

static inline struct place language_at(const char *path) {
    return (struct place){path, -1};
}

static inline struct place language_at_index(const char *path, size_t index) {
    return (struct place){path, (long)index};
}

/* The path of what stands under a key, for as long as the language is loaded. */
const char *language_path(struct language *language, const char *above, const char *key);
/* What stands at a path of plain keys; NULL: nothing. */
json_t *language_section(const struct language *language, const char *path);
/* Has the object only keys of that list, NULL after the last? */
bool language_check_keys(struct language *language, json_t *object, const char *path, const char *const *keys,
                         const char *expected, struct error *err);

/* err becomes "file:line:column: …"; offset: bytes into the value, or -1. Returns false. */
bool language_fault(const struct language *language, struct place place, int offset, struct error *err,
                    const char *format, ...) __attribute__((format(printf, 5, 6)));
