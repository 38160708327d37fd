#include "bot/dialogue/pace.h"
#include "base/buffer.h"
#include "base/text.h"
#include <ctype.h>
#include <string.h>

/* About 160 words a minute, and what an engine needs to begin. */
enum { BEGIN_MS = 400, SIGN_MS = 65, SLOW_MAX = 4096 };

int64_t pace_ms(const char *text) {
    return BEGIN_MS + SIGN_MS * (int64_t)text_length(text);
}

static bool ends_sentence(const char *at) {
    return strchr(".?!", *at) != NULL && *at != '\0' && at[1] == ' ';
}

size_t pace_sentence(const char *text, size_t at) {
    size_t begin = 0;
    for (size_t i = 0; text[i] != '\0' && i + 1 < at; i++)
        if (ends_sentence(text + i))
            begin = i + 2;
    return begin;
}

size_t pace_last_sentence(const char *text) {
    return pace_sentence(text, strlen(text));
}

static bool single(const char *text, const char *at) {
    bool sign = isdigit((unsigned char)*at) || isupper((unsigned char)*at);
    bool begins = at == text || !isalnum((unsigned char)at[-1]);
    return sign && begins && !isalnum((unsigned char)at[1]) && (unsigned char)at[1] < 0x80;
}

size_t pace_run(const char *text, const char *at, bool *digits) {
    const char *end = at;
    *digits = false;
    while (single(text, end)) {
        *digits |= isdigit((unsigned char)*end) != 0;
        size_t gap = strspn(end + 1, ", ");
        if (gap == 0 || !single(text, end + 1 + gap))
            return (size_t)(end + 1 - at);
        end += 1 + gap;
    }
    return (size_t)(end - at);
}

const char *pace_slow(const char *text, const struct phrasebook *book, const char *locale,
                      struct arena *arena) {
    struct buffer out;
    buffer_init(&out, SLOW_MAX);
    for (const char *at = text; *at != '\0';) {
        bool reference;
        const char *end = at + pace_run(text, at, &reference);
        for (bool first = true; at < end; at++) {
            if (strchr(", ", *at) != NULL)
                continue;
            const char *spelled = reference ? phrasebook_spell(book, locale, *at) : NULL;
            buffer_format(&out, "%s%.*s", first ? "" : ", ", spelled != NULL ? (int)strlen(spelled) : 1,
                          spelled != NULL ? spelled : at);
            first = false;
        }
        if (*at != '\0')
            buffer_add(&out, at++, 1);
    }
    const char *slow = out.full ? text : arena_copy(arena, out.bytes, out.len);
    buffer_clear(&out);
    return slow;
}
