#include "bot/dialogue/pace.h"
#include "base/text.h"
#include <ctype.h>
#include <string.h>

/* About 160 words a minute, and what an engine needs to begin. */
enum { BEGIN_MS = 400, SIGN_MS = 65 };

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

const char *pace_slow(const char *text, struct arena *arena) {
    char *slow = arena_alloc(arena, 2 * strlen(text) + 1), *out = slow;
    for (const char *at = text; *at != '\0'; at++) {
        *out++ = *at;
        if (single(text, at) && at[1] == ' ' && single(text, at + 2))
            *out++ = ',';
    }
    *out = '\0';
    return slow;
}
