#include "responses/spoken.h"
#include "base/text.h"
#include <ctype.h>
#include <string.h>
#include <unicode/uchar.h>

enum { REFERENCE_SIZE = 64, LONG_REFERENCE = 12, GROUP = 3 };

/* Letters and digits in upper case; a space where something else stood between them. */
static size_t reference_signs(const char *reference, char signs[REFERENCE_SIZE]) {
    size_t len = 0;
    for (; *reference && len < REFERENCE_SIZE - 2; reference++) {
        if (isalnum((unsigned char)*reference))
            signs[len++] = (char)toupper((unsigned char)*reference);
        else if (len && signs[len - 1] != ' ')
            signs[len++] = ' ';
    }
    while (len && signs[len - 1] == ' ')
        len--;
    signs[len] = '\0';
    return len;
}

/* How many signs follow that are all digits or all letters. */
static size_t run_length(const char *signs) {
    bool digits = isdigit((unsigned char)*signs);
    size_t len = 0;
    while (signs[len] && signs[len] != ' ' && !isdigit((unsigned char)signs[len]) == !digits)
        len++;
    return len;
}

void spoken_reference(const char *reference, bool last4, struct buffer *out) {
    char signs[REFERENCE_SIZE];
    const char *at = signs;
    size_t len = reference_signs(reference, signs), count = 0;
    for (size_t i = 0; i < len; i++)
        count += signs[i] != ' ';
    if (last4 || count > LONG_REFERENCE)
        for (size_t skip = count > 4 ? count - 4 : 0; skip; at++)
            skip -= *at != ' ';
    for (bool first = true; *at; first = false) {
        at += strspn(at, " ");
        size_t run = run_length(at), group = run <= GROUP + 1 ? run : GROUP;
        buffer_string(out, first ? "" : ", ");
        for (size_t i = 0; i < group; i++)
            buffer_format(out, i ? " %c" : "%c", at[i]);
        at += group;
    }
}

static bool is_symbol(uint32_t code_point) {
    if (code_point < 0x80 && strchr("&*#_/\\@[]{}()\"%", (int)code_point))
        return true;
    return (U_GET_GC_MASK(code_point) & (U_GC_S_MASK | U_GC_C_MASK)) != 0 ||
           u_hasBinaryProperty((UChar32)code_point, UCHAR_EXTENDED_PICTOGRAPHIC);
}

static bool word_is(const char *word, size_t len, const char *other) {
    return strlen(other) == len && memcmp(word, other, len) == 0;
}

static bool is_link(const char *word, size_t len) {
    return memmem(word, len, "://", 3) || (len > 4 && memcmp(word, "www.", 4) == 0);
}

static bool is_unsaid(uint32_t code_point, const char *kept) {
    UChar32 sign = (UChar32)code_point;
    if (code_point < 0x80 && strchr("&<>*#_~^`|\\[]{}", (int)code_point))
        return !strchr(kept, (int)code_point);
    return (U_GET_GC_MASK(sign) & U_GC_C_MASK) != 0 ||
           u_hasBinaryProperty(sign, UCHAR_EXTENDED_PICTOGRAPHIC) ||
           u_hasBinaryProperty(sign, UCHAR_EMOJI_MODIFIER) ||
           u_hasBinaryProperty(sign, UCHAR_REGIONAL_INDICATOR) ||
           u_hasBinaryProperty(sign, UCHAR_VARIATION_SELECTOR);
}

/* Where a link begins in a word, its length when there is none. */
static size_t link_begin(const char *word, size_t len) {
    const char *mark = memmem(word, len, "://", 3), *www = memmem(word, len, "www.", 4);
    while (mark && mark > word && isalpha((unsigned char)mark[-1]))
        mark--;
    if (www && (!mark || www < mark))
        mark = www;
    while (mark && mark > word && strchr("([<", mark[-1]))
        mark--;
    return mark ? (size_t)(mark - word) : len;
}

void spoken_clean(const char *text, const char *kept, struct buffer *out) {
    size_t begin = out->len;
    while (*text) {
        size_t len = strcspn(text, " \t\r\n"), last = link_begin(text, len), stop = len;
        bool space = true;
        while (last < stop && strchr(".,;:?!", text[stop - 1]))
            stop--; /* what ends the sentence is not the link's */
        for (const char *at = text; at < text + len;) {
            const char *sign = at;
            bool unsaid = is_unsaid(text_next(&at), kept);
            if (unsaid || ((size_t)(sign - text) >= last && (size_t)(sign - text) < stop)) {
                space |= unsaid;
                continue;
            }
            if (space && out->len > begin && !strchr(".,;:?!)", *sign))
                buffer_string(out, " ");
            space = false;
            buffer_add(out, sign, (size_t)(at - sign));
        }
        text += len;
        text += strspn(text, " \t\r\n");
    }
}

void spoken_text(const char *text, const struct language *language, struct buffer *out) {
    size_t begin = out->len;
    bool space = false;
    while (*text) {
        size_t len = strcspn(text, " ");
        const struct pronounced *row = language->pronounced;
        while (row && !word_is(text, len, row->word))
            row = row->next;
        const char *at = row ? row->spoken : text, *end = row ? at + strlen(at) : text + len;
        if (!row && is_link(text, len))
            at = end;
        space = true;
        while (at < end) {
            const char *sign = at;
            if (!row && is_symbol(text_next(&at))) {
                space = true;
                continue;
            }
            if (row)
                at = end;
            if (space && out->len > begin)
                buffer_add(out, " ", 1);
            space = false;
            buffer_add(out, sign, (size_t)(at - sign));
        }
        text += len;
        text += strspn(text, " ");
    }
}
