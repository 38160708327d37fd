#include "intents/postcode.h"
#include "base/text.h"
#include <string.h>

/* '#' a digit, '@' a letter, '?' either, ' ' or '-' where the code is divided; the rest stands for itself.
 * `needed`: without its dash it would be a mere number, but in a shop of that country. */
static const struct {
    const char *countries, *shape;
    bool needed;
} shapes[] = {
    {"FR DE ES IT US MC", "#####", false},
    {"BE CH LU AT LI DK NO", "####", false},
    {"NL", "#### @@", false},
    {"PT", "####-###", true},
    {"US", "#####-####", true},
    {"BR", "#####-###", true},
    {"GB", "@# #@@", false},
    {"GB", "@## #@@", false},
    {"GB", "@@# #@@", false},
    {"GB", "@@## #@@", false},
    {"GB", "@#@ #@@", false},
    {"GB", "@@#@ #@@", false},
    {"CA", "@#@ #@#", false},
    {"IE", "@## ????", false},
    {"IE", "D6W ????", false},
    {"LU", "L-####", true},
    {"BE", "B-####", true},
    {"CH", "CH-####", true},
    {"AT", "A-####", true},
    {"FR", "F-#####", true},
    {"DE", "D-#####", true},
};

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

static bool is_letter(char byte) {
    return byte >= 'A' && byte <= 'Z';
}

/* What is heard for the other: the letter O and zero, the letter I and one. */
static char alike(char byte) {
    static const char pairs[] = "O0I1";
    const char *at = byte ? strchr(pairs, byte) : NULL;
    return at ? pairs[(at - pairs) ^ 1] : '\0';
}

/* Writes the key into `value` as the shape divides it; *divided is where. How many signs of it stand for
 * those that sound alike, where more letters stand for themselves; -1: it does not fit. */
static int fits(const char *key, const char *shape, char value[POSTCODE_SIZE], int *divided) {
    int len = 0, letters = 0, mended = 0;
    const char *begin = key;
    for (; *shape; shape++) {
        if (len == POSTCODE_SIZE - 1)
            return -1;
        if (*shape == ' ' || *shape == '-') {
            *divided = (int)(key - begin);
            value[len++] = *shape;
            continue;
        }
        bool fit = *shape == '#'   ? is_digit(*key)
                   : *shape == '@' ? is_letter(*key)
                   : *shape == '?' ? is_digit(*key) || is_letter(*key)
                                   : *key == *shape;
        char other = fit ? *key : alike(*key);
        if (!fit && !(other && strchr("#@", *shape) && is_digit(other) == (*shape == '#')))
            return -1;
        letters += fit && is_letter(*key);
        mended += !fit;
        value[len++] = other;
        key++;
    }
    value[len] = '\0';
    return *key == '\0' && (mended == 0 || mended < letters) ? mended : -1;
}

/* bare: the dash may be missing. */
static bool read_shapes(const char *key, int dash, const char *country, bool heard, bool bare,
                        struct postcode *out) {
    bool found = false;
    int fewest = 0;
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        struct postcode postcode;
        int divided = 0, mended = fits(key, shapes[i].shape, postcode.value, &divided);
        if (mended < 0 || heard != (mended > 0))
            continue;
        bool here = !text_empty(country) && strstr(shapes[i].countries, country);
        if (dash != divided && (dash > 0 || (shapes[i].needed && !here && !bare)))
            continue;
        postcode.distinct = shapes[i].needed && dash > 0;
        postcode.local = here || text_empty(country);
        for (const char *at = key; *at; at++)
            postcode.distinct |= is_letter(*at);
        if (shapes[i].shape[1] == '-' ||
            shapes[i].shape[2] == '-') /* the country's letter is no part of the code */
            memmove(postcode.value, strchr(postcode.value, '-') + 1, strlen(strchr(postcode.value, '-')));
        if (!found || postcode.local > out->local || (postcode.local == out->local && mended < fewest)) {
            *out = postcode;
            fewest = mended;
        }
        found = true;
    }
    return found;
}

bool postcode_read(const char *key, int dash, const char *country, struct postcode *out) {
    return read_shapes(key, dash, country, false, false, out);
}

bool postcode_hear(const char *key, const char *country, struct postcode *out) {
    return read_shapes(key, 0, country, true, false, out);
}

bool postcode_asked(const char *key, const char *country, struct postcode *out) {
    return read_shapes(key, 0, country, false, true, out);
}
