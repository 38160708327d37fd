/* Strings with bounds, and the UTF-8 of the outside world. Fixed fields of plain structs are written through
 * here. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Copies what fits, whole code points only, and terminates. False when something was cut. NULL is the empty
 * string. */
bool text_set(char *field, size_t size, const char *value);
#define TEXT_SET(field, value) text_set((field), sizeof(field), (value))

static inline bool text_is(const char *a, const char *b) { /* equal; NULL is the empty string */
    a = a ? a : "";
    b = b ? b : "";
    return *a == *b && strcmp(a, b) == 0;
}

static inline bool text_empty(const char *string) { /* NULL or "" */
    return !string || !*string;
}

static inline const char *text_or_null(const char *text) {
    return text_empty(text) ? NULL : text;
}

/* To find a string again in this process or in what it stores, not against anybody's will. */
uint64_t text_hash(const char *string);

/* Appends at `at`, where there is room, unterminated; behind it. */
static inline char *text_append(char *at, const char *string) {
    size_t len = strlen(string);
    memcpy(at, string, len);
    return at + len;
}

/* The number in decimal; its length. */
enum { TEXT_NUMBER_SIZE = 24 };
size_t text_number(char out[TEXT_NUMBER_SIZE], int64_t number);
extern const char text_pairs[]; /* "000102…99" */

/* Well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms, at most U+10FFFF) without NUL. */
bool text_valid(const char *bytes, size_t len);
/* The number of code points of a valid string. */
size_t text_length(const char *string);
/* The next code point at *at, which is moved on. 0 at the end. The string must be valid. */
uint32_t text_next(const char **at);
/* Writes one code point, at most 4 bytes, not terminated; returns the count. */
size_t text_put(char *out, uint32_t code_point);

/* Masks what must never be stored: payment card numbers (13 to 19 digits of an issuer's range that pass Luhn,
 * with spaces or dashes) and IBANs (ISO 13616 check digits). All but the last four characters become '*'. In
 * place: the length never grows. An order or tracking number that happens to pass is rarer than a card pasted
 * into a chat; is_known (may be NULL) may rescue one: it is given the bare digits or letters. Returns how
 * many were masked. */
size_t text_mask(char *string, bool (*is_known)(const char *bare, void *context), void *context);
/* Few texts are: the others need no copy to be masked in. */
bool text_maskable(const char *string);
