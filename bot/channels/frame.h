/* How a JSON frame is read: a table says which types there are and what each field must be; a fault names the
 * field, what was expected and what was found, never the words themselves. Private to bot/channels. */
#pragma once
#include "base/arena.h"
#include "base/json.h"
#include "bot/channels/message.h"

/* What a field must be. Text is checked against its length in code points; WORDS may not be blank. */
enum shape { SHAPE_WORDS, SHAPE_TEXT, SHAPE_ID, SHAPE_LOCALE, SHAPE_SEQ, SHAPE_RATING, SHAPE_OBJECT };

struct frame_field {
    const char *name; /* as faults name it: "resume.token" stands in the object "resume" */
    enum shape shape;
    bool required; /* within an object: when that is there */
    int max;
    size_t offset; /* of a const char *, int64_t (SEQ) or int (RATING) in the message */
};

enum { FRAME_FIELDS_MAX = 8 };

struct frame_type {
    const char *name;
    int kind;
    struct frame_field fields[FRAME_FIELDS_MAX];
};

struct frame_language {
    const struct frame_type *types;
    int count;
    const char *names; /* of all types, as a fault lists them */
    int id_max;
    const struct json_limits *limits;
    const char *expected; /* the limits in words */
};

/* Fills the fields of the message, which the caller has zeroed; the strings live in the arena. False: it is
 * no message, and fault says why. */
bool frame_read(const struct frame_language *language, const char *text, size_t len, struct arena *arena,
                void *message, int *kind, struct fault *fault);
