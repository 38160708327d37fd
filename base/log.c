#include "base/log.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static enum log_level level_max = LOG_INFO; /* written before threads start, then only read */

void log_set_level(enum log_level level) {
    level_max = level;
}

void log_line(enum log_level level, const char *room, const char *format, ...) {
    static const char *const names[] = {"error", "warning", "info", "debug"};
    if (level > level_max)
        return;
    char line[1024];
    time_t now = time(NULL);
    struct tm utc;
    gmtime_r(&now, &utc);
    size_t len = strftime(line, sizeof line, "%Y-%m-%dT%H:%M:%SZ ", &utc);
    size_t room_left = sizeof line - len;
    int added = snprintf(line + len, room_left, "%s %s: ", names[level], room);
    len += added < 0 ? 0 : (size_t)added < room_left ? (size_t)added : room_left - 1;
    room_left = sizeof line - len;
    va_list args;
    va_start(args, format);
    added = vsnprintf(line + len, room_left, format, args);
    va_end(args);
    size_t sentence = len;
    len += added < 0 ? 0 : (size_t)added < room_left ? (size_t)added : room_left - 1;
    for (size_t i = sentence; i < len; i++) /* one event, one line, and nothing that moves a cursor */
        if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
            line[i] = ' ';
    line[len++] = '\n';
    ssize_t written = write(STDERR_FILENO, line, len); /* one call: lines of several threads do not mix */
    (void)written;
}
