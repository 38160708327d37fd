#include "base/json.h"
#include "base/arena.h"
#include "base/text.h"
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const struct json_limits json_frame_limits = {16 * 1024, 8, 256};
const struct json_limits json_file_limits = {8 * 1024 * 1024, 32, 500000};

/* Where a byte of the text stands: line and column (in code points), both from 1. */
static void place_of(const char *text, const char *at, int *line, int *column) {
    *line = *column = 1;
    for (; text < at; text++) {
        if (*text == '\n') {
            ++*line;
            *column = 1;
        } else
            *column += ((unsigned char)*text & 0xc0) != 0x80;
    }
}

/* Past the string whose opening quote is at `at`. */
static const char *skip_string(const char *at, const char *end) {
    for (at++; at < end && *at != '"'; at++)
        if (*at == '\\' && at + 1 < end)
            at++;
    return at < end ? at + 1 : end;
}

/* Depth and number of values (each but the first follows a bracket or a comma), without building anything. */
static bool within(const char *text, size_t len, const struct json_limits *limits, const char *label,
                   struct error *err) {
    int depth = 0, values = 1, line, column;
    const char *end = text + len;
    for (const char *at = text; at < end;) {
        if (*at == '"') {
            at = skip_string(at, end);
            continue;
        }
        bool opens = *at == '{' || *at == '[';
        depth += opens;
        depth -= *at == '}' || *at == ']';
        values += opens || *at == ',';
        if (depth > limits->depth || values > limits->values) {
            place_of(text, at, &line, &column);
            return depth > limits->depth
                       ? error_set(err, "%s:%d:%d: nested deeper than %d levels", label, line, column,
                                   limits->depth)
                       : error_set(err, "%s:%d:%d: more than %d values", label, line, column, limits->values);
        }
        at++;
    }
    return true;
}

json_t *json_read(const char *text, size_t len, const struct json_limits *limits, const char *label,
                  struct error *err) {
    json_error_t fault;
    if (len > limits->bytes) {
        error_set(err, "%s:1:1: at most %zu bytes are read, found %zu", label, limits->bytes, len);
        return NULL;
    }
    if (!within(text, len, limits, label, err))
        return NULL;
    json_t *json = json_loadb(text, len, JSON_REJECT_DUPLICATES, &fault);
    if (!json)
        error_set(err, "%s:%d:%d: %s", label, fault.line > 0 ? fault.line : 1,
                  fault.column > 0 ? fault.column : 1, fault.text);
    return json;
}

static const char *skip_blank(const char *at, const char *end) {
    while (at < end && strchr(" \t\r\n", *at) && *at)
        at++;
    return at;
}

/* Past the value at `at`. */
static const char *skip_value(const char *at, const char *end) {
    int depth = 0;
    do {
        at = skip_blank(at, end);
        if (at >= end)
            return end;
        if (*at == '"')
            at = skip_string(at, end);
        else if (*at == '{' || *at == '[') {
            depth++;
            at++;
        } else if (*at == '}' || *at == ']') {
            depth--;
            at++;
        } else if (*at == ',' || *at == ':')
            at++;
        else
            while (at < end && *at && !strchr(" \t\r\n,:{}[]\"", *at))
                at++;
        if (at < end && !*at)
            return end;
    } while (depth > 0);
    return at;
}

/* Is the key whose opening quote is at `at` the one wanted? */
static bool key_is(const char *at, const char *past, const char *wanted) {
    size_t len = strlen(wanted);
    if (!memchr(at, '\\', (size_t)(past - at)))
        return (size_t)(past - at) == len + 2 && memcmp(at + 1, wanted, len) == 0;
    json_t *key = json_loadb(at, (size_t)(past - at), JSON_DECODE_ANY, NULL);
    bool same = key && text_is(json_string_value(key), wanted);
    json_decref(key);
    return same;
}

/* From the bracket at `at` to the member that one step of a path names; NULL when there is none. */
static const char *step_into(const char *at, const char *end, const char *step) {
    char close = *at == '{' ? '}' : ']';
    char *rest;
    unsigned long wanted = strtoul(step, &rest, 10);
    if (close == ']' && (!isdigit((unsigned char)step[0]) || *rest))
        return NULL;
    at = skip_blank(at + 1, end);
    for (unsigned long i = 0; at < end && *at != close; i++) {
        bool found = close == ']' && i == wanted;
        if (close == '}') {
            if (*at != '"')
                return NULL;
            const char *past = skip_string(at, end);
            found = key_is(at, past, step);
            at = skip_blank(past, end);
            if (at >= end || *at != ':')
                return NULL;
            at = skip_blank(at + 1, end);
        }
        if (found)
            return at;
        at = skip_blank(skip_value(at, end), end);
        if (at < end && *at == ',')
            at = skip_blank(at + 1, end);
        else if (at < end && *at != close)
            return NULL;
    }
    return NULL;
}

bool json_locate(const char *text, size_t len, const char *path, int *line, int *column) {
    const char *end = text + len, *at = skip_blank(text, end);
    while (*path) {
        char step[256];
        size_t count = 0;
        for (; *path && *path != '/'; path++) {
            if (count == sizeof step - 1)
                return false;
            if (path[0] == '~' && (path[1] == '0' || path[1] == '1'))
                step[count++] = *++path == '0' ? '~' : '/';
            else
                step[count++] = *path;
        }
        step[count] = '\0';
        if (*path == '/')
            path++;
        if (at >= end || (*at != '{' && *at != '['))
            return false;
        at = step_into(at, end, step);
        if (!at)
            return false;
    }
    if (at >= end)
        return false;
    place_of(text, at, line, column);
    return true;
}

/* Bytes that may have to be escaped: control, ", \, DEL, < and the first of U+2028 and U+2029. */
static bool telling(unsigned char byte) {
    static const uint64_t bits[4] = {UINT64_C(0x10000004ffffffff), UINT64_C(0x8000000010000000), 0,
                                     UINT64_C(0x0000000400000000)};
    return bits[byte >> 6] >> (byte & 63) & 1;
}

/* Is there anything to escape? A byte too many only costs time. Sixteen bytes may be read behind `len`. */
static bool is_plain(const char *string, size_t len) {
    typedef unsigned char block __attribute__((vector_size(16)));
    static const block places = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    block found = {0};
    uint64_t any[2];
    for (size_t done = 0; done < len; done += sizeof(block)) {
        block at;
        memcpy(&at, string + done, sizeof at);
        /* Control and "; < and \, with | as well. */
        block hits = (block)(((at ^ 2) <= ' ') | ((at | 0x60) == '|') | (at == 0x7f) | (at == 0xe2));
        if (len - done < sizeof at)
            hits &= (block)(places < (unsigned char)(len - done));
        found |= hits;
    }
    memcpy(any, &found, sizeof any);
    return !(any[0] | any[1]);
}

static void escape(struct buffer *buffer, const char *string) {
    const char *plain = string;
    for (const char *at = string;; at++) {
        unsigned char byte = (unsigned char)*at;
        if (!telling(byte))
            continue;
        bool line_break = byte == 0xe2 && (unsigned char)at[1] == 0x80 && ((unsigned char)at[2] | 1) == 0xa9;
        bool markup = byte == '<' && (at[1] == '/' || at[1] == '!'); /* would end a script */
        if ((byte == 0xe2 && !line_break) || (byte == '<' && !markup))
            continue;
        buffer_add(buffer, plain, (size_t)(at - plain));
        if (!byte)
            break;
        if (line_break) {
            buffer_string(buffer, (unsigned char)at[2] == 0xa8 ? "\\u2028" : "\\u2029");
            at += 2;
        } else if (byte == '"' || byte == '\\')
            buffer_format(buffer, "\\%c", byte);
        else if (byte == '\n')
            buffer_string(buffer, "\\n");
        else
            buffer_format(buffer, "\\u%04x", byte);
        plain = at + 1;
    }
}

/* Copied first and looked at where it then stands: there it does no harm to read on behind it. */
static void json_quote(struct buffer *buffer, char *room, const char *string, size_t len) {
    enum { BEHIND = 16 };
    room[0] = room[len + 1] = '"';
    memcpy(room + 1, string, len);
    if (buffer->size - buffer->len >= BEHIND && is_plain(room + 1, len))
        return;
    buffer->len = (size_t)(room - buffer->bytes) + 1;
    escape(buffer, string);
    buffer_byte(buffer, '"');
}

char *json_room(struct json_out *out, const char *key, size_t key_len, size_t len) {
    size_t comma = out->comma;
    char *at = buffer_room(out->buffer, comma + (key ? key_len + 3 : 0) + len);
    out->comma = true;
    if (!at)
        return NULL;
    if (comma)
        *at++ = ',';
    if (key) {
        *at++ = '"';
        memcpy(at, key, key_len);
        at += key_len;
        *at++ = '"';
        *at++ = ':';
    }
    return at;
}

void json_add_text(struct json_out *out, const char *key, size_t key_len, const char *value) {
    size_t len = value ? strlen(value) : 0;
    char *at = json_room(out, key, key_len, value ? len + 2 : 4);
    if (at && value)
        json_quote(out->buffer, at, value, len);
    else if (at)
        memcpy(at, "null", 4);
}

void json_add_word(struct json_out *out, const char *key, size_t key_len, const char *word) {
    size_t len = strlen(word);
    char *at = json_room(out, key, key_len, len + 2);
    if (!at)
        return;
    *at = '"';
    memcpy(at + 1, word, len);
    at[len + 1] = '"';
}

void json_add_number(struct json_out *out, const char *key, size_t key_len, int64_t value) {
    char digits[TEXT_NUMBER_SIZE];
    size_t len = text_number(digits, value);
    char *at = json_room(out, key, key_len, len);
    if (at)
        memcpy(at, digits, len);
}

void json_decimal(struct json_out *out, const char *key, double value) {
    if (!isfinite(value) || fabs(value) > 1e14) {
        json_write(out, key, "null", 4);
        return;
    }
    json_begin(out, key, 0);
    /* By whole numbers, because printf writes the point as the locale has it. */
    long long scaled = llround(value * 10000), size = llabs(scaled);
    int digits = 4;
    long long rest = size % 10000;
    while (digits && rest % 10 == 0) {
        rest /= 10;
        digits--;
    }
    buffer_format(out->buffer, "%s%lld", scaled < 0 ? "-" : "", size / 10000);
    if (digits)
        buffer_format(out->buffer, ".%0*lld", digits, rest);
}

const char *json_text_kept(const json_t *object, const char *name, int most, struct arena *arena) {
    const char *text = json_text_in(object, name), *end = text;
    for (int i = 0; i < most && *end; i++)
        text_next(&end);
    return arena_format(arena, "%.*s", (int)(end - text), text);
}
