/* JSON in with limits and positions (jansson), JSON out into a buffer. Guards against what jansson accepts
 * too readily: duplicate keys are refused, depth and values are bounded before anything is allocated. */
#pragma once
#include "base/buffer.h"
#include "base/error.h"
#include <jansson.h>
#include <stdint.h>

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

/* Out. Strings are escaped (also U+2028/9, so that the text may stand in a script); invalid UTF-8 is not
 * expected here. A writer keeps the commas: json_open('{') … json_close('}'); key is NULL inside arrays. */
struct json_out {
    struct buffer *buffer;
    bool comma;
};
void json_open(struct json_out *out, const char *key, char bracket);
void json_close(struct json_out *out, char bracket);
void json_text(struct json_out *out, const char *key, const char *value); /* NULL writes null */
void json_number(struct json_out *out, const char *key, int64_t value);
void json_decimal(struct json_out *out, const char *key, double value); /* up to 4 digits after the point */
void json_flag(struct json_out *out, const char *key, bool value);
void json_raw(struct json_out *out, const char *key, const char *json); /* a value that is JSON already */
