#include "bot/channels/ssml.h"
#include "base/text.h"
#include "bot/dialogue/pace.h"
#include "responses/spoken.h"
#include <string.h>

enum { WORDS_MAX = 64 * 1024 };

const char *ssml_words(const char *text, bool marked, struct arena *arena) {
    struct buffer out;
    buffer_init(&out, WORDS_MAX);
    spoken_clean(text, marked ? "&<>" : "", &out);
    const char *words = arena_copy(arena, out.bytes, out.len);
    buffer_clear(&out);
    return words;
}

static void escape(struct buffer *out, char sign) {
    static const char *const names[] = {['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;"};
    if ((size_t)(unsigned char)sign < sizeof names / sizeof *names && names[(unsigned char)sign])
        buffer_string(out, names[(unsigned char)sign]);
    else
        buffer_add(out, &sign, 1);
}

/* "1 0 0, 4 2": two groups. */
static void mark_run(struct buffer *out, const char *run, size_t len) {
    buffer_string(out, "<say-as interpret-as=\"characters\">");
    for (const char *at = run; at < run + len; at++)
        if (*at == ',')
            buffer_string(out, "</say-as><break time=\"250ms\"/><say-as interpret-as=\"characters\">");
        else if (*at != ' ')
            buffer_add(out, at, 1);
    buffer_string(out, "</say-as>");
}

void ssml_mark(struct buffer *out, const char *words) {
    for (const char *at = words; *at;) {
        bool digits;
        size_t run = pace_run(words, at, &digits);
        if (digits && run > 1) {
            mark_run(out, at, run);
            at += run;
        } else
            escape(out, *at++);
    }
}

bool ssml_taken(const char *engine) {
    return text_is(engine, "Google") || text_is(engine, "Amazon"); /* ElevenLabs takes phonemes only */
}
