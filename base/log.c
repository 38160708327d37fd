#include "base/log.h"
#include "base/text.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static _Atomic enum log_level level_max = LOG_INFO; /* a reload may change them while others log */

static _Atomic enum log_format format_now = LOG_TEXT;

void log_set_level(enum log_level level) {
    level_max = level;
}

void log_set_format(enum log_format format) {
    format_now = format;
}

/* Bytes that are no UTF-8 of at most four: their place is taken by a question mark. */
static size_t whole(const char *at) {
    for (size_t len = 1; len <= 4; len++)
        if (text_valid(at, len))
            return len;
        else if (!at[len - 1])
            break;
    return 0;
}

static size_t put_json(char *out, size_t size, const char *time, const char *level, const char *room,
                       const char *sentence) {
    int head = snprintf(out, size, "{\"time\":\"%s\",\"level\":\"%s\",\"room\":\"%s\",\"message\":\"", time,
                        level, room);
    size_t len = (size_t)head;
    for (const char *at = sentence; *at && len + 8 < size;) {
        size_t bytes = whole(at);
        if (*at == '"' || *at == '\\')
            out[len++] = '\\';
        if (!bytes)
            out[len++] = '?';
        for (size_t i = 0; i < bytes; i++)
            out[len++] = at[i];
        at += bytes ? bytes : 1;
    }
    out[len++] = '"';
    out[len++] = '}';
    return len;
}

void log_line(enum log_level level, const char *room, const char *format, ...) {
    static const char *const names[] = {"error", "warning", "info", "debug"};
    enum { SENTENCE_MAX = 960, LINE_MAX_BYTES = 2 * SENTENCE_MAX + 128 };
    if (level > level_max)
        return;
    char sentence[SENTENCE_MAX], at[32], line[LINE_MAX_BYTES];
    time_t now = time(NULL);
    struct tm utc;
    va_list args;
    gmtime_r(&now, &utc);
    strftime(at, sizeof at, "%Y-%m-%dT%H:%M:%SZ", &utc);
    va_start(args, format);
    vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    for (char *byte = sentence; *byte; byte++) /* one event, one line, and nothing that moves a cursor */
        if ((unsigned char)*byte < ' ' || *byte == 0x7f)
            *byte = ' ';
    size_t len = format_now == LOG_JSON ? put_json(line, sizeof line - 1, at, names[level], room, sentence)
                                        : (size_t)snprintf(line, sizeof line - 1, "%s %s %s: %s", at,
                                                           names[level], room, sentence);
    line[len++] = '\n';
    ssize_t written = write(STDERR_FILENO, line, len); /* one call: lines of several threads do not mix */
    (void)written;
}
