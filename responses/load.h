/* What reads a book's files has in its hands, and how each of them says that something is not as expected. */
#pragma once
#include "base/json.h"
#include "responses/book.h"

struct loader {
    struct phrasebook *book;
    const struct data *data;
    struct book_file *file; /* the one being read */
    struct language *language;
    struct forms forms; /* of the language's first locale */
    bool proved;        /* the program's own files, checked before it was shipped: loaded on first use */
    struct error *err;
};

/* Each false or NULL sets the error, with the place. A path is of the JSON of the file that is being read. */
bool load_fails(struct loader *loader, const char *path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
bool load_expect(struct loader *loader, const char *path, const json_t *json, json_type type);
/* A key that nothing reads is a mistake of spelling. known ends with NULL. */
bool load_known_keys(struct loader *loader, const char *path, json_t *object, const char *const *known);
struct template *load_template(struct loader *loader, const char *path, const json_t *string,
                               const struct vocabulary *vocabulary, int current, bool sentences);
/* The file of that name is the one being read from here on; load_json: and what it says, an object. */
bool load_text(struct loader *loader, const char *name);
json_t *load_json(struct loader *loader, const char *name);

bool load_phrases(struct loader *loader, json_t *json);  /* phrases.json */
bool load_wordings(struct loader *loader, json_t *json); /* LANGUAGE.json, into loader->language */
