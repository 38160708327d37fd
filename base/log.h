/* One line an event on standard error: "2026-03-11T08:00:00Z info server: listening on 127.0.0.1:8080". Never
 * a customer's words, name, address, number or token: who writes a log line gives ids of conversations at
 * most. */
#pragma once

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };
/* JSON: {"time":"…","level":"info","room":"server","message":"…"}. */
enum log_format { LOG_TEXT, LOG_JSON };

void log_set_level(enum log_level level);    /* any thread; the default is LOG_INFO */
void log_set_format(enum log_format format); /* likewise, LOG_TEXT */
void log_line(enum log_level level, const char *room, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
