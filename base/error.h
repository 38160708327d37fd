/* Errors that are a place and a sentence.
 *
 * A function that can fail returns bool or a pointer and takes a struct error. The sentence names what was
 * expected, what was found and what to do; where a file is concerned it begins file:line:column. Knows
 * nothing of exit codes. */
#pragma once
#include <stdarg.h>
#include <stdbool.h>

struct error {
    char text[768]; /* NUL-terminated, without newline, never empty after a failure */
};

/* Writes the sentence (err may be NULL) and returns false, so that a failure is one line: return
 * error_set(err, "…"). */
bool error_set(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Puts "prefix: " before the sentence that stands there. Returns false. */
bool error_prefix(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
