#include "base/text.h"
#include <ctype.h>
#include <endian.h>
#include <string.h>
#include <unicode/uchar.h>

bool text_set(char *field, size_t size, const char *value) {
    size_t len = value ? strlen(value) : 0;
    bool whole = len < size;
    if (!whole)
        for (len = size - 1; len > 0 && ((unsigned char)value[len] & 0xc0) == 0x80;)
            len--;
    if (len)
        memmove(field, value, len);
    field[len] = '\0';
    return whole;
}

static uint64_t hash_add(uint64_t hash, uint64_t word) {
    hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 32;
}

uint64_t text_hash(const char *string) {
    size_t len = strlen(string);
    uint64_t word, hash = len;
    for (; len >= sizeof word; len -= sizeof word, string += sizeof word) {
        memcpy(&word, string, sizeof word);
        hash = hash_add(hash, word);
    }
    for (word = 0; len > 0; len--)
        word = word << 8 | (unsigned char)string[len - 1];
    return hash_add(hash, word);
}

const char text_pairs[] =
    "0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849"
    "5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";

static size_t digit_count(uint64_t number) {
    size_t count = 1;
    for (; number >= 10000; number /= 10000)
        count += 4;
    return count + (number >= 10) + (number >= 100) + (number >= 1000);
}

size_t text_number(char out[TEXT_NUMBER_SIZE], int64_t number) {
    if (number >= 0 && number < 10) {
        out[0] = (char)('0' + number);
        out[1] = '\0';
        return 1;
    }
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    size_t len = digit_count(rest) + (number < 0);
    char *at = out + len;
    *at = '\0';
    for (; rest >= 100; rest /= 100)
        memcpy(at -= 2, text_pairs + rest % 100 * 2, 2);
    if (rest >= 10)
        memcpy(at -= 2, text_pairs + rest * 2, 2);
    else
        *--at = (char)('0' + rest);
    if (number < 0)
        *--at = '-';
    return len;
}

bool text_valid(const char *bytes, size_t len) {
    /* The least code point that a sequence of so many bytes may stand for. */
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *at = (const unsigned char *)bytes, *end = at + len;
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
    while (at < end) {
        uint64_t word, others;
        for (others = 0; !others && end - at >= 8; at += others ? __builtin_ctzll(others) / 8 : 8) {
            memcpy(&word, at, 8);
            word = le64toh(word);
            others = (word | (word - ones)) & tops; /* the first of them is no ASCII, or NUL */
        }
        while (at < end && *at - 1U < 0x7f)
            at++;
        if (end - at >= 2 && *at >= 0xc2 && *at < 0xe0 && (at[1] & 0xc0) == 0x80) {
            at += 2;
            continue;
        }
        if (at == end)
            break;
        unsigned char lead = *at;
        int count = lead < 0x80   ? 1
                    : lead < 0xc2 ? 0
                    : lead < 0xe0 ? 2
                    : lead < 0xf0 ? 3
                    : lead < 0xf5 ? 4
                                  : 0;
        if (!count || count > end - at || !lead)
            return false;
        uint32_t code_point = count == 1 ? lead : lead & (0xffU >> (count + 1));
        for (int i = 1; i < count; i++) {
            if ((at[i] & 0xc0) != 0x80)
                return false;
            code_point = code_point << 6 | (at[i] & 0x3f);
        }
        if (code_point < least[count] || code_point > 0x10ffff ||
            (code_point >= 0xd800 && code_point <= 0xdfff))
            return false;
        at += count;
    }
    return true;
}

size_t text_length(const char *string) {
    size_t count = 0, len = strlen(string);
    for (size_t i = 0; i < len; i++)
        count += ((unsigned char)string[i] & 0xc0) != 0x80;
    return count;
}

uint32_t text_next(const char **at) {
    const unsigned char *byte = (const unsigned char *)*at;
    if (!*byte)
        return 0;
    int count = *byte < 0x80 ? 1 : *byte < 0xe0 ? 2 : *byte < 0xf0 ? 3 : 4;
    uint32_t code_point = count == 1 ? *byte : *byte & (0xffU >> (count + 1));
    int i = 1;
    for (; i < count && byte[i]; i++)
        code_point = code_point << 6 | (byte[i] & 0x3f);
    *at += i;
    return code_point;
}

size_t text_put(char *out, uint32_t code_point) {
    static const unsigned char leads[] = {0, 0, 0xc0, 0xe0, 0xf0};
    size_t count = code_point < 0x80 ? 1 : code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
    for (size_t i = count; i-- > 1; code_point >>= 6)
        out[i] = (char)(0x80 | (code_point & 0x3f));
    out[0] = (char)(leads[count] | code_point);
    return count;
}

/* Masking. The text is seen as words of letters and digits; a number is written in one word or in several
 * with one separator between each two. */

enum { BARE_MAX = 34, WORDS_MAX = BARE_MAX };

struct word {
    const char *begin, *end;
    char bare[BARE_MAX + 1]; /* ASCII, upper case; a letter beyond ASCII is '?' */
    int len, digits;         /* len is over BARE_MAX when the word is longer */
};

static bool is_separator(uint32_t code_point) {
    return u_isUWhiteSpace((UChar32)code_point) || u_charType((UChar32)code_point) == U_DASH_PUNCTUATION ||
           code_point == 0x2212;
}

/* The word that begins at `at`; len 0 when none does. */
static struct word word_read(const char *at) {
    struct word word = {.begin = at, .end = at};
    while (*at) {
        UChar32 code_point = (UChar32)text_next(&at);
        int digit = u_charDigitValue(code_point);
        if (digit < 0 && !u_isalpha(code_point))
            break;
        if (word.len < BARE_MAX)
            word.bare[word.len] = digit >= 0         ? (char)('0' + digit)
                                  : code_point < 128 ? (char)toupper(code_point)
                                                     : '?';
        word.len++;
        word.digits += digit >= 0;
        word.end = at;
    }
    return word;
}

/* The words from `at` on that one number could be written in. */
static int words_read(const char *at, struct word words[WORDS_MAX]) {
    int count = 0;
    while (count < WORDS_MAX) {
        struct word word = word_read(at);
        if (!word.len)
            break;
        words[count++] = word;
        at = word.end;
        if (!is_separator(text_next(&at)))
            break;
    }
    return count;
}

static bool passes_luhn(const char *digits, int len) {
    int sum = 0;
    for (int i = 0; i < len; i++) {
        int digit = digits[len - 1 - i] - '0';
        sum += i % 2 ? digit * 2 - (digit > 4) * 9 : digit;
    }
    return sum % 10 == 0;
}

/* Which first digits at which lengths are cards (ISO/IEC 7812 ranges as the schemes publish them). Luhn alone
 * would take every tenth parcel number for one. */
static const struct {
    int digits, from, to, shortest, longest;
} issuers[] = {
    {1, 4, 4, 13, 19},       /* Visa */
    {2, 51, 55, 16, 16},     /* Mastercard */
    {4, 2221, 2720, 16, 16}, /* Mastercard */
    {2, 34, 34, 15, 15},     /* American Express */
    {2, 37, 37, 15, 15},     /* American Express */
    {3, 300, 305, 14, 19},   /* Diners */
    {2, 36, 36, 14, 19},     /* Diners */
    {2, 38, 39, 14, 19},     /* Diners */
    {4, 3528, 3589, 16, 19}, /* JCB */
    {4, 6011, 6011, 16, 19}, /* Discover */
    {3, 644, 659, 16, 19},   /* Discover */
    {2, 62, 62, 16, 19},     /* UnionPay */
    {4, 5018, 5038, 13, 19}, /* Maestro */
    {4, 5893, 5893, 13, 19}, /* Maestro */
    {4, 6304, 6304, 13, 19}, /* Maestro */
    {4, 6759, 6763, 13, 19}, /* Maestro */
};

static bool is_card(const char *digits, int len) {
    for (size_t i = 0; i < sizeof issuers / sizeof *issuers; i++) {
        int prefix = 0;
        for (int d = 0; d < issuers[i].digits; d++)
            prefix = prefix * 10 + digits[d] - '0';
        if (prefix >= issuers[i].from && prefix <= issuers[i].to && len >= issuers[i].shortest &&
            len <= issuers[i].longest)
            return passes_luhn(digits, len);
    }
    return false;
}

static bool passes_97(const char *bare, int len) {
    int rest = 0;
    for (int i = 0; i < len; i++) {
        char letter = bare[(i + 4) % len];
        rest = isdigit((unsigned char)letter) ? (rest * 10 + letter - '0') % 97
                                              : (rest * 100 + letter - 'A' + 10) % 97;
    }
    return rest == 1;
}

static bool is_iban_start(const struct word *word) {
    const char *bare = word->bare;
    return word->len >= 4 && bare[0] >= 'A' && bare[0] <= 'Z' && bare[1] >= 'A' && bare[1] <= 'Z' &&
           isdigit((unsigned char)bare[2]) && isdigit((unsigned char)bare[3]);
}

/* How many of these words are an IBAN: one word, or a first of four ("FR76") and others that have a digit or
 * four letters, so that a sentence behind an order number is not taken in. All in use have 12 digits or more.
 */
static int iban_words(const struct word *words, int count, char bare[BARE_MAX + 1], int *len) {
    if (!is_iban_start(&words[0]))
        return 0;
    int found = 0, digits = 0, so_far = 0;
    char all[BARE_MAX + 1];
    for (int i = 0; i < count && so_far + words[i].len <= BARE_MAX; i++) {
        if (i && (words[0].len != 4 || (!words[i].digits && words[i].len != 4)))
            break;
        if (memchr(words[i].bare, '?', (size_t)words[i].len))
            break;
        memcpy(all + so_far, words[i].bare, (size_t)words[i].len);
        so_far += words[i].len;
        digits += words[i].digits;
        if (so_far >= 15 && digits >= 12 && passes_97(all, so_far)) {
            found = i + 1;
            *len = so_far;
            memcpy(bare, all, (size_t)so_far);
            bare[so_far] = '\0';
        }
    }
    return found;
}

/* How many of these words are a card number: the longest run of whole digit groups that passes. */
static int card_words(const struct word *words, int count, char bare[BARE_MAX + 1], int *len) {
    int found = 0, so_far = 0;
    char all[BARE_MAX + 1];
    for (int i = 0; i < count && words[i].digits == words[i].len && so_far + words[i].len <= 19; i++) {
        memcpy(all + so_far, words[i].bare, (size_t)words[i].len);
        so_far += words[i].len;
        if (so_far >= 13 && is_card(all, so_far)) {
            found = i + 1;
            *len = so_far;
            memcpy(bare, all, (size_t)so_far);
            bare[so_far] = '\0';
        }
    }
    return found;
}

/* Copies words with their separators to `out`, letters and digits but the last four as '*'. */
static char *mask_words(char *out, const char *begin, const char *end, int len) {
    for (int seen = 0; begin < end;) {
        const char *from = begin;
        UChar32 code_point = (UChar32)text_next(&begin);
        bool counts = u_charDigitValue(code_point) >= 0 || u_isalpha(code_point);
        if (counts && seen++ < len - 4)
            *out++ = '*';
        else {
            memmove(out, from, (size_t)(begin - from));
            out += begin - from;
        }
    }
    return out;
}

/* A card number glued to letters ("visa4111…"): the part of one word that is digits only. */
static int card_in_word(const struct word *word, struct word *part, char bare[BARE_MAX + 1], int *len) {
    if (word->digits < 13 || word->digits == word->len)
        return 0;
    for (const char *at = word->begin; at < word->end;) {
        const char *begin = at;
        if (u_charDigitValue((UChar32)text_next(&at)) < 0)
            continue;
        *part = (struct word){.begin = begin, .end = begin};
        for (at = begin; at < word->end; part->end = at) {
            int digit = u_charDigitValue((UChar32)text_next(&at));
            if (digit < 0)
                break;
            if (part->len < BARE_MAX)
                part->bare[part->len] = (char)('0' + digit);
            part->len++;
        }
        part->digits = part->len;
        if (card_words(part, 1, bare, len))
            return 1;
    }
    return 0;
}

/* Neither a card number nor an IBAN has fewer than twelve digits, in whatever script. */
static bool has_few_digits(const char *string) {
    size_t digits = 0, len = strlen(string);
    for (size_t i = 0; i < len; i++)
        digits += (unsigned char)(string[i] - '0') < 10 || (unsigned char)string[i] >= 0xc0;
    return digits < 12;
}

bool text_maskable(const char *string) {
    return !has_few_digits(string);
}

size_t text_mask(char *string, bool (*is_known)(const char *bare, void *context), void *context) {
    size_t masked = 0;
    if (has_few_digits(string))
        return 0;
    const char *at = string;
    char *out = string;
    while (*at) {
        struct word words[WORDS_MAX], part;
        char bare[BARE_MAX + 1];
        int len = 0;
        const char *from = at;
        int count = words_read(at, words);
        if (!count) {
            text_next(&at);
            memmove(out, from, (size_t)(at - from));
            out += at - from;
            continue;
        }
        int found = iban_words(words, count, bare, &len);
        if (!found)
            found = card_words(words, count, bare, &len);
        const char *end = words[found ? found - 1 : 0].end;
        if (!found && card_in_word(&words[0], &part, bare, &len)) {
            char whole[BARE_MAX + 1] = "";
            if (words[0].len <= BARE_MAX)
                memcpy(whole, words[0].bare, (size_t)words[0].len);
            found = !(is_known && is_known(whole, context));
            if (found) {
                memmove(out, from, (size_t)(part.begin - from));
                out += part.begin - from;
                from = part.begin;
                end = part.end;
            }
        }
        if (found && !(is_known && is_known(bare, context))) {
            out = mask_words(out, from, end, len);
            masked++;
        } else {
            end = words[0].end > from ? words[0].end : end;
            memmove(out, from, (size_t)(end - from));
            out += end - from;
        }
        at = end;
    }
    *out = '\0';
    return masked;
}
