#include "base/error.h"
#include "base/text.h"
#include <stdio.h>
#include <string.h>

/* One line of UTF-8, whatever the arguments held. */
static void error_write(struct error *err, const char *sentence) {
    text_set(err->text, sizeof err->text, sentence[0] ? sentence : "failed without a reason");
    bool valid = text_valid(err->text, strlen(err->text));
    for (char *at = err->text; *at; at++)
        if ((unsigned char)*at < ' ')
            *at = ' ';
        else if (!valid && (unsigned char)*at >= 0x80)
            *at = '?';
}

bool error_set(struct error *err, const char *format, ...) {
    if (err) {
        char sentence[sizeof err->text]; /* an argument may be err->text itself */
        va_list args;
        va_start(args, format);
        vsnprintf(sentence, sizeof sentence, format, args);
        va_end(args);
        error_write(err, sentence);
    }
    return false;
}

bool error_prefix(struct error *err, const char *format, ...) {
    if (err) {
        char sentence[2 * sizeof err->text + 4], prefix[sizeof err->text];
        va_list args;
        va_start(args, format);
        vsnprintf(prefix, sizeof prefix, format, args);
        va_end(args);
        snprintf(sentence, sizeof sentence, "%s: %s", prefix, err->text);
        error_write(err, sentence);
    }
    return false;
}
