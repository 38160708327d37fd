/* JSON in with limits and positions (jansson), JSON out into a buffer. Guards against what jansson accepts
 * too readily: duplicate keys are refused, depth and values are bounded before anything is allocated. */
#pragma once
#include "base/buffer.h"
#include "base/error.h"
#include "base/text.h"
#include <jansson.h>
#include <stdint.h>
#include <string.h>

struct json_limits {
    size_t bytes; /* longest text */
    int depth;
    int values;
};
extern const struct json_limits json_frame_limits; /* a chat or voice frame: 16 KiB, depth 8, 256 values */
extern const struct json_limits json_file_limits;  /* a catalogue: 8 MiB, depth 32, 500,000 values */

/* A new reference, or NULL with an error that starts "label:line:column:". The text must be an object or
 * array. */
json_t *json_read(const char *text, size_t len, const struct json_limits *limits, const char *label,
                  struct error *err);

/* Where the value stands that was read last by json_read with `file` limits is not kept by jansson;
 * json_locate finds it again in the text by its path ("patterns/3/match", RFC 6901 without the leading
 * slash): line and column from 1. False when it is not there. */
bool json_locate(const char *text, size_t len, const char *path, int *line, int *column);

/* A member that is a text; "" where it is none. */
static inline const char *json_text_in(const json_t *object, const char *name) {
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

/* The same for who keeps it: in the arena, and no more than `most` code points of it. */
struct arena;
const char *json_text_kept(const json_t *object, const char *name, int most, struct arena *arena);

/* Out. Strings are escaped (also U+2028/9, so that the text may stand in a script); invalid UTF-8 is not
 * expected here. A writer keeps the commas: json_open('{') … json_close('}'). A key is a plain word of ours,
 * written as it is; NULL inside arrays. */
struct json_out {
    struct buffer *buffer;
    bool comma;
};

/* A comma if one is due, the key, and room for `len` bytes of its value: where they go, NULL where there is
 * no room. */
char *json_room(struct json_out *out, const char *key, size_t key_len, size_t len);
void json_add_text(struct json_out *out, const char *key, size_t key_len, const char *value);
void json_add_word(struct json_out *out, const char *key, size_t key_len, const char *word);
void json_add_number(struct json_out *out, const char *key, size_t key_len, int64_t value);

/* In the header, so that nobody counts the letters of a key which stands in the text. */
static inline char *json_begin(struct json_out *out, const char *key, size_t len) {
    return json_room(out, key, key ? strlen(key) : 0, len);
}

static inline void json_write(struct json_out *out, const char *key, const char *json, size_t len) {
    char *at = json_begin(out, key, len);
    if (at)
        memcpy(at, json, len);
}

static inline void json_open(struct json_out *out, const char *key, char bracket) {
    json_write(out, key, &bracket, 1);
    out->comma = false;
}

static inline void json_close(struct json_out *out, char bracket) {
    buffer_byte(out->buffer, bracket);
    out->comma = true;
}

static inline void json_text(struct json_out *out, const char *key, const char *value) { /* NULL: null */
    json_add_text(out, key, key ? strlen(key) : 0, value);
}

/* Left out where it is empty. */
static inline void json_maybe(struct json_out *out, const char *key, const char *value) {
    if (!text_empty(value))
        json_text(out, key, value);
}

/* A word of our own, such as a name or a moment, that holds nothing to escape. */
static inline void json_word(struct json_out *out, const char *key, const char *word) {
    json_add_word(out, key, key ? strlen(key) : 0, word);
}

static inline void json_number(struct json_out *out, const char *key, int64_t value) {
    json_add_number(out, key, key ? strlen(key) : 0, value);
}

static inline void json_flag(struct json_out *out, const char *key, bool value) {
    json_write(out, key, value ? "true" : "false", value ? 4 : 5);
}

static inline void json_raw(struct json_out *out, const char *key, const char *json) { /* JSON already */
    json_write(out, key, json, strlen(json));
}

void json_decimal(struct json_out *out, const char *key, double value); /* up to 4 digits after the point */
