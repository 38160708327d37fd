#include "intents/fold_sign.h"
#include "base/text.h"
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

enum {
    DECOMPOSED_MAX = 8,
    LATIN_FIRST = 0x80,
    LATIN_END = 0x180,
    PUNCTUATION_FIRST = 0x2010,
    PUNCTUATION_END = 0x2028,
    EURO = 0x20AC
};

/* What fold_sign_by_unicode makes of the letters of Europe and of typography: tests compare them. */
static const char latin[LATIN_END - LATIN_FIRST][4] = {
    " ",  " ", " ", " ",  " ",  " ",  " ",   " ",   " ",   " ", " ", " ",  " ",  " ",  " ", " ", " ",  " ",
    " ",  " ", " ", " ",  " ",  " ",  " ",   " ",   " ",   " ", " ", " ",  " ",  " ",  " ", " ", "$",  "$",
    "$",  "$", " ", " ",  " ",  " ",  "a",   "\"",  " ",   "",  " ", " ",  "~",  " ",  "2", "3", "'",  "μ",
    " ",  " ", " ", "1",  "~",  "\"", "1/4", "1/2", "3/4", " ", "a", "a",  "a",  "a",  "a", "a", "ae", "c",
    "e",  "e", "e", "e",  "i",  "i",  "i",   "i",   "d",   "n", "o", "o",  "o",  "o",  "o", " ", "o",  "u",
    "u",  "u", "u", "y",  "th", "ss", "a",   "a",   "a",   "a", "a", "a",  "ae", "c",  "e", "e", "e",  "e",
    "i",  "i", "i", "i",  "d",  "n",  "o",   "o",   "o",   "o", "o", " ",  "o",  "u",  "u", "u", "u",  "y",
    "th", "y", "a", "a",  "a",  "a",  "a",   "a",   "c",   "c", "c", "c",  "c",  "c",  "c", "c", "d",  "d",
    "d",  "d", "e", "e",  "e",  "e",  "e",   "e",   "e",   "e", "e", "e",  "g",  "g",  "g", "g", "g",  "g",
    "g",  "g", "h", "h",  "ħ",  "ħ",  "i",   "i",   "i",   "i", "i", "i",  "i",  "i",  "i", "i", "ij", "ij",
    "j",  "j", "k", "k",  "ĸ",  "l",  "l",   "l",   "l",   "l", "l", "l ", "l ", "l",  "l", "n", "n",  "n",
    "n",  "n", "n", "'n", "ŋ",  "ŋ",  "o",   "o",   "o",   "o", "o", "o",  "oe", "oe", "r", "r", "r",  "r",
    "r",  "r", "s", "s",  "s",  "s",  "s",   "s",   "s",   "s", "t", "t",  "t",  "t",  "ŧ", "ŧ", "u",  "u",
    "u",  "u", "u", "u",  "u",  "u",  "u",   "u",   "u",   "u", "w", "w",  "y",  "y",  "y", "z", "z",  "z",
    "z",  "z", "z", "s"};
static const char punctuation[PUNCTUATION_END - PUNCTUATION_FIRST][4] = {
    "-", "-", "-", "-", "-", "-", " ", " ", "'", "'",  " ",   "'",
    " ", " ", " ", " ", " ", " ", " ", " ", ".", "..", "...", " "};

/* What NFKD does not take apart, or takes apart otherwise than a customer types it. */
static const struct {
    UChar32 code_point;
    const char *plain;
} special[] = {
    {0x00DF, "ss"},
    {0x00E6, "ae"},
    {0x00F0, "d"},
    {0x00F8, "o"},
    {0x00FE, "th"},
    {0x0111, "d"},
    {0x0131, "i"},
    {0x0142, "l"},
    {0x0153, "oe"},
    {0x2116, "n~"},
    {0x00B0, "~"},
    {0x00BA, "~"},
    {0x2018, "'"},
    {0x2019, "'"},
    {0x201B, "'"},
    {0x02BC, "'"},
    {0x00B4, "'"},
    {0x2032, "'"},
    {0x2026, "..."},
    {0x2044, "/"},
    {0x3002, "."},
    {0x00AB, "\""},
    {0x00BB, "\""},
    {0x1F44D, " \U0001F44D "},
    {0x1F44E, " \U0001F44E "},
    {0x1F44C, " \U0001F44C "}, /* thumbs are words of every language */
};

static const char *special_find(UChar32 code_point) {
    for (size_t i = 0; i < sizeof special / sizeof special[0]; i++)
        if (special[i].code_point == code_point)
            return special[i].plain;
    return NULL;
}

struct sign {
    char *text;
    size_t len;
};

static void put(struct sign *sign, const char *bytes, size_t count) {
    if (sign->len + count < FOLD_SIGN_MAX) {
        memcpy(sign->text + sign->len, bytes, count);
        sign->len += count;
    }
}

static void put_folded(struct sign *sign, UChar32 code_point) {
    code_point = u_foldCase(code_point, U_FOLD_CASE_DEFAULT);
    const char *plain = special_find(code_point);
    int type = u_charType(code_point);
    char bytes[4];
    if (plain)
        put(sign, plain, strlen(plain));
    else if (code_point < 0x20 || code_point == 0x7F)
        put(sign, " ", 1);
    else if (code_point < 0x80)
        put(sign, &(char){(char)code_point}, 1);
    else if (u_charDigitValue(code_point) >= 0)
        put(sign, &(char){(char)('0' + u_charDigitValue(code_point))}, 1);
    else if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK || type == U_FORMAT_CHAR)
        return;
    else if (type == U_CURRENCY_SYMBOL)
        put(sign, "$", 1);
    else if (type == U_DASH_PUNCTUATION || code_point == 0x2212)
        put(sign, "-", 1);
    else if (u_isalpha(code_point) || type == U_COMBINING_SPACING_MARK)
        put(sign, bytes, text_put(bytes, (uint32_t)code_point));
    else
        put(sign, " ", 1);
}

const char *fold_sign_by_unicode(uint32_t code_point, char room[FOLD_SIGN_MAX]) {
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *normalizer = unorm2_getNFKDInstance(&status);
    UChar units[DECOMPOSED_MAX];
    struct sign sign = {.text = room};
    int32_t count = -1;
    if (!special_find((UChar32)code_point))
        count = unorm2_getDecomposition(normalizer, (UChar32)code_point, units, DECOMPOSED_MAX, &status);
    if (U_FAILURE(status)) /* a whole phrase in one sign, such as U+FDFA */
        put(&sign, " ", 1);
    else if (count < 0)
        put_folded(&sign, (UChar32)code_point);
    for (int32_t i = 0; U_SUCCESS(status) && i < count;) {
        UChar32 part;
        U16_NEXT(units, i, count, part);
        put_folded(&sign, part);
    }
    room[sign.len] = '\0';
    return room;
}

const char *fold_sign(uint32_t code_point, char room[FOLD_SIGN_MAX]) {
    if (code_point >= LATIN_FIRST && code_point < LATIN_END)
        return latin[code_point - LATIN_FIRST];
    if (code_point >= PUNCTUATION_FIRST && code_point < PUNCTUATION_END)
        return punctuation[code_point - PUNCTUATION_FIRST];
    return code_point == EURO ? "$" : fold_sign_by_unicode(code_point, room);
}
