#include "intents/fold.h"
#include "base/text.h"
#include "intents/intents.h"
#include <assert.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

enum { DECOMPOSED_MAX = 8 };

struct writer {
    char *text;
    uint16_t *origin;
    int len, size;
};

static void put(struct writer *writer, char byte, int origin) {
    if (writer->len < writer->size) {
        writer->text[writer->len] = byte;
        writer->origin[writer->len++] = (uint16_t)origin;
    }
}

static void put_string(struct writer *writer, const char *string, int origin) {
    for (; *string; string++)
        put(writer, *string, origin);
}

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

static void put_folded(struct writer *writer, UChar32 code_point, int origin) {
    code_point = u_foldCase(code_point, U_FOLD_CASE_DEFAULT);
    const char *plain = special_find(code_point);
    int type = u_charType(code_point);
    if (plain)
        put_string(writer, plain, origin);
    else if (code_point < 0x20 || code_point == 0x7F)
        put(writer, ' ', origin);
    else if (code_point < 0x80)
        put(writer, (char)code_point, origin);
    else if (u_charDigitValue(code_point) >= 0)
        put(writer, (char)('0' + u_charDigitValue(code_point)), origin);
    else if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK || type == U_FORMAT_CHAR)
        return;
    else if (type == U_CURRENCY_SYMBOL)
        put(writer, '$', origin);
    else if (type == U_DASH_PUNCTUATION || code_point == 0x2212)
        put(writer, '-', origin);
    else if (u_isalpha(code_point) || type == U_COMBINING_SPACING_MARK) {
        char bytes[4];
        size_t count = text_put(bytes, (uint32_t)code_point);
        for (size_t i = 0; i < count; i++)
            put(writer, bytes[i], origin);
    } else
        put(writer, ' ', origin);
}

static void put_decomposed(struct writer *writer, UChar32 code_point, int origin) {
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *normalizer = unorm2_getNFKDInstance(&status);
    UChar units[DECOMPOSED_MAX];
    if (special_find(code_point)) {
        put_folded(writer, code_point, origin);
        return;
    }
    int32_t count = unorm2_getDecomposition(normalizer, code_point, units, DECOMPOSED_MAX, &status);
    if (U_FAILURE(status)) /* a whole phrase in one sign, such as U+FDFA */
        put(writer, ' ', origin);
    else if (count < 0)
        put_folded(writer, code_point, origin);
    for (int32_t i = 0; U_SUCCESS(status) && i < count;) {
        UChar32 part;
        U16_NEXT(units, i, count, part);
        put_folded(writer, part, origin);
    }
}

static void fold_plain(struct utterance *out, struct arena *arena) {
    int size = 2 * out->len + 16; /* more than any text of a person grows; what is over is dropped */
    struct writer writer = {arena_alloc(arena, (size_t)size + 1),
                            ARENA_ARRAY(arena, uint16_t, (size_t)size + 1), 0, size};
    const char *at = out->text, *end = out->text + out->len;
    while (at < end) {
        int origin = (int)(at - out->text);
        unsigned char byte = (unsigned char)*at;
        if (byte < 0x80) {
            bool upper = byte >= 'A' && byte <= 'Z', control = byte < 0x20 && byte != '\n';
            put(&writer,
                (char)(upper                     ? byte + 32
                       : control || byte == 0x7F ? ' '
                       : byte == '`'             ? '\''
                                                 : byte),
                origin);
            at++;
        } else
            put_decomposed(&writer, (UChar32)text_next(&at), origin);
    }
    writer.text[writer.len] = '\0';
    writer.origin[writer.len] = (uint16_t)out->len;
    out->plain = writer.text;
    out->plain_len = writer.len;
    out->origin = writer.origin;
}

static bool is_letter(char byte) {
    return (byte >= 'a' && byte <= 'z') || (unsigned char)byte >= 0x80;
}

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

/* "M. Dupont", "Dr. House", "no. 1042"; of longer words none is so frequent that it matters. */
static bool is_abbreviation(const struct word *word, char next) {
    static const char shortened[][3] = {"av", "bd", "dr", "fr", "hr", "mr", "ms", "sr", "st", "vs"},
                      numbering[][3] = {"nr", "no", "tf"};
    if (word->has_digit || word->len > 2)
        return false;
    for (size_t i = 0; i < sizeof shortened / sizeof shortened[0]; i++)
        if (strcmp(word->text, shortened[i]) == 0)
            return true;
    for (size_t i = 0; i < sizeof numbering / sizeof numbering[0]; i++)
        if (strcmp(word->text, numbering[i]) == 0)
            return is_digit(next);
    return word->len == 1;
}

/* Between two words: does a sentence end here? "where is it? I" yes; "M. Dupont", "1.5", "my parcel... late"
 * no. */
static bool ends_sentence(const struct utterance *out, const struct word *before, int begin) {
    for (int i = before->end; i < begin; i++) {
        char byte = out->plain[i], next = out->plain[i + 1];
        if (byte == '?' || byte == '!' || byte == ';')
            return true;
        if (byte == '.' && next == '.')
            while (out->plain[i + 1] == '.')
                i++;
        else if (byte == '.' && (next == ' ' || next == '\n') && !is_abbreviation(before, out->plain[begin]))
            return true;
    }
    return false;
}

static void split_words(struct utterance *out, struct arena *arena) {
    int limit = out->plain_len / 2 + 1;
    out->words = ARENA_ARRAY(arena, struct word, (size_t)limit);
    const char *plain = out->plain;
    for (int i = 0; i < out->plain_len;) {
        if (!is_letter(plain[i]) && !is_digit(plain[i])) {
            i++;
            continue;
        }
        assert(out->count < limit);
        struct word *word = &out->words[out->count];
        word->begin = i;
        for (; is_letter(plain[i]) || is_digit(plain[i]); i++)
            if (is_digit(plain[i]))
                word->has_digit = true;
            else
                word->has_letter = true;
        word->end = i;
        word->len = i - word->begin;
        word->text = arena_copy(arena, plain + word->begin, (size_t)word->len);
        word->hash = fold_hash(word->text, (size_t)word->len);
        word->elided = plain[i] == '\'' || (word->begin > 0 && plain[word->begin - 1] == '\'');
        word->sentence = out->count == 0 || ends_sentence(out, word - 1, word->begin);
        out->count++;
    }
}

void fold_utterance(struct utterance *out, const char *text, struct arena *arena) {
    size_t len = strlen(text);
    if (len > UTTERANCE_MAX)
        for (len = UTTERANCE_MAX; len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80;)
            len--;
    *out = (struct utterance){.text = text, .len = (int)len};
    fold_plain(out, arena);
    split_words(out, arena);
}

/* Words of small letters with single spaces, as most entries of a catalogue are. */
static bool is_folded(const char *text, size_t len) {
    for (size_t i = 0; i < len; i++)
        if (!(text[i] >= 'a' && text[i] <= 'z') && !is_digit(text[i]) &&
            !(text[i] == ' ' && i > 0 && i + 1 < len && text[i - 1] != ' '))
            return false;
    return true;
}

char *fold_words(const char *text, struct arena *arena) {
    size_t text_len = strlen(text);
    if (is_folded(text, text_len))
        return arena_copy(arena, text, text_len);
    struct utterance utterance;
    fold_utterance(&utterance, text, arena);
    char *folded = arena_alloc(arena, (size_t)utterance.plain_len + 2);
    size_t len = 0;
    for (int i = 0; i < utterance.count; i++) {
        if (i > 0)
            folded[len++] = ' ';
        memcpy(folded + len, utterance.words[i].text, (size_t)utterance.words[i].len);
        len += (size_t)utterance.words[i].len;
    }
    return folded;
}
