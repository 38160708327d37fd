#define PCRE2_CODE_UNIT_WIDTH 8
#include "intents/number_pattern.h"
#include "base/buffer.h"
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

enum { PATTERN_MAX = 1024, MATCH_LIMIT = 10000, DEPTH_LIMIT = 100, HEAP_LIMIT_KIB = 256 };

struct number_pattern {
    pcre2_code *code;
    pcre2_match_context *limits;
};

static bool is_separator(char byte) {
    return byte != '\0' && strchr("-/ #_", byte) != NULL;
}

/* The length of one piece of a regular expression: an escape, a class, or a character. */
static size_t piece_len(const char *at) {
    if (at[0] == '\\')
        return at[1] ? 2 : 1;
    if (at[0] != '[')
        return 1;
    size_t len = 1 + (at[1] == '^');
    for (len += at[len] == ']'; at[len] && at[len] != ']'; len++)
        if (at[len] == '\\' && at[len + 1])
            len++;
    return len + (at[len] == ']');
}

static bool piece_is_separator(const char *at, size_t len) {
    if (at[0] == '\\')
        return len == 2 && (is_separator(at[1]) || at[1] == '.');
    if (at[0] != '[')
        return is_separator(at[0]);
    for (size_t i = 1; i + 1 < len; i++)
        if (!is_separator(at[i]) && at[i] != '\\' && at[i] != '.')
            return false;
    return len > 2;
}

static size_t quantifier_len(const char *at) {
    const char *end = at[0] == '{' ? strchr(at, '}') : NULL;
    size_t len = end ? (size_t)(end - at) + 1 : strchr("?*+", at[0]) && at[0] ? 1 : 0;
    return len > 0 && at[len] && strchr("?+", at[len]) ? len + 1 : len;
}

/* Separators are ignored in what the customer writes, so they leave the pattern too: "FR-?\d+" → "FR\d+". */
static void without_separators(struct buffer *out, const char *pattern) {
    while (*pattern) {
        size_t len = piece_len(pattern);
        if (piece_is_separator(pattern, len))
            pattern += len + quantifier_len(pattern + len);
        else {
            buffer_add(out, pattern, len);
            pattern += len;
        }
    }
}

struct number_pattern *number_pattern_new(const char *pattern, struct error *err) {
    struct number_pattern *number = calloc(1, sizeof *number);
    struct buffer source;
    int code;
    PCRE2_SIZE offset;
    if (!number) {
        error_set(err, "out of memory for the order number pattern");
        return NULL;
    }
    if (!pattern || !pattern[0])
        return number;
    buffer_init(&source, PATTERN_MAX);
    without_separators(&source, pattern);
    number->code = pcre2_compile(
        (PCRE2_SPTR)source.bytes, source.len,
        PCRE2_CASELESS | PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_NEVER_BACKSLASH_C, &code, &offset, NULL);
    number->limits = pcre2_match_context_create(NULL);
    bool good = number->code && number->limits && !source.full;
    buffer_clear(&source);
    if (!good) {
        char reason[128];
        pcre2_get_error_message(code, (PCRE2_UCHAR *)reason, sizeof reason);
        error_set(err, "the order number pattern \"%.200s\" is no regular expression: %s", pattern, reason);
        number_pattern_free(number);
        return NULL;
    }
    pcre2_set_match_limit(number->limits, MATCH_LIMIT);
    pcre2_set_depth_limit(number->limits, DEPTH_LIMIT);
    pcre2_set_heap_limit(number->limits, HEAP_LIMIT_KIB);
    return number;
}

void number_pattern_free(struct number_pattern *pattern) {
    if (!pattern)
        return;
    pcre2_code_free(pattern->code);
    pcre2_match_context_free(pattern->limits);
    free(pattern);
}

bool number_pattern_given(const struct number_pattern *pattern) {
    return pattern && pattern->code;
}

bool number_pattern_takes(const struct number_pattern *pattern, const char *bare) {
    if (!number_pattern_given(pattern))
        return false;
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    int matched =
        data ? pcre2_match(pattern->code, (PCRE2_SPTR)bare, strlen(bare), 0, 0, data, pattern->limits) : -1;
    pcre2_match_data_free(data);
    return matched >= 0;
}
