/* What a phrasebook is inside: what phrases.json declares, and each language's words for it. */
#pragma once
#include "responses/locale.h"
#include "responses/template.h"
#include <pthread.h>
#include <stdatomic.h>

enum { BOOK_REGIONS_MAX = 8, BOOK_TEXT_MAX = 4096 };

/* Where a template or an entry stands, for messages: the file and its path in the file's JSON. */
struct book_file {
    const char *name, *label, *text;
    size_t len;
};

struct declared_value {
    enum fact fact;
    bool optional;
};

struct declared_phrase {
    const char *name;
    const struct declared_value *values;
    int value_count;
    atomic_bool reported; /* a missing value is logged once */
};

struct variant {
    const struct template *template;
    const char *path;
};

/* How a language says one phrase. */
struct wording {
    const char *path; /* NULL: it does not */
    const struct variant *variants[2];
    int count[2]; /* by enum voice */
};

/* What a code value's texts are: "nobody_home": "il n'y avait personne". */
struct code_text {
    const char *code;
    struct variant text;
    struct code_text *next;
};

struct pronounced {
    const char *word, *spoken;
    struct pronounced *next;
};

/* Words of which one names a machine: "robot", or "automat*" for all that begin so. */
struct machine_word {
    const char *word;
    struct machine_word *next;
};

struct language {
    const char *name;   /* "fr" */
    atomic_bool loaded; /* what follows, but `next`, is there: language_use */
    struct book_file file;
    struct wording *wordings;      /* by phrase */
    struct code_text **codes;      /* by value; NULL: says the code itself */
    struct pronounced *pronounced; /* words that are spoken otherwise than written */
    struct pronounced *spelling;   /* letters that are easily misheard: "B": "B as in Bravo" */
    struct machine_word *machine;
    _Atomic(struct locale *) locales[BOOK_REGIONS_MAX]; /* the first is the default; opened on first use */
    const char *tags[BOOK_REGIONS_MAX];
    struct forms forms[BOOK_REGIONS_MAX];
    int locale_count;
    struct language *next;
};

struct phrasebook {
    struct data data;
    struct arena arena; /* after phrasebook_load: under the lock */
    pthread_mutex_t lock;
    struct book_file file;           /* phrases.json */
    struct declared_phrase *phrases; /* sorted by name */
    int phrase_count;
    uint16_t *places; /* by the hash of its name: 1 + its index, 0 none */
    uint32_t place_mask;
    struct language *languages;
};

extern const struct data_file
    responses_images[]; /* what the built-in ones became when they were read: "fr.image" … */
/* What reading has made of another, in the same memory. */
void language_take(struct language *language, const struct language *read);
/* The language loaded, which it is on its first use when the files are those of the program. */
const struct language *language_use(const struct phrasebook *book, const struct language *language);
const struct locale *language_locale(const struct phrasebook *book, const struct language *language,
                                     int region);

int book_phrase(const struct phrasebook *book, const char *name); /* -1: there is none */

/* "label:line:column: " of a place in a file; offset counts bytes of the string that stands there. */
void book_place(const struct book_file *file, const char *path, size_t offset, char *out, size_t size);

/* The words of a variant; used and missing as struct template_reader has them. */
void book_render(const struct language *language, const struct locale *locale,
                 const struct template *template, const struct phrase *phrase, struct buffer *out,
                 uint64_t *used, int *missing);
