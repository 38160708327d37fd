#include "base/key.h"
#include "base/text.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

enum { WIDE_SIZE = 512 };

/* Normalised text; its length, or -1 when it is no UTF-8 or too long to be any key. */
static int fold(UChar wide[WIDE_SIZE], const char *string, const UNormalizer2 *(*form)(UErrorCode *)) {
    UErrorCode code = U_ZERO_ERROR;
    UChar source[WIDE_SIZE];
    int32_t len = 0;
    if (!string)
        return -1;
    for (; len < WIDE_SIZE && string[len] > 0; len++)
        wide[len] = (UChar)string[len];
    if (len < WIDE_SIZE && !string[len])
        return len; /* ASCII is its own normal form */
    u_strFromUTF8(source, WIDE_SIZE, &len, string, -1, &code);
    const UNormalizer2 *normalizer = form(&code);
    len = U_SUCCESS(code) ? unorm2_normalize(normalizer, source, len, wide, WIDE_SIZE, &code) : 0;
    return U_SUCCESS(code) ? len : -1;
}

static int digit_of(UChar32 code_point) {
    if (code_point >= 128)
        return u_charDigitValue(code_point);
    return code_point >= '0' && code_point <= '9' ? code_point - '0' : -1;
}

/* Most keys are ASCII, which is its own normal form. False: this one is not. */
static bool key_ascii(char key[KEY_SIZE], const char *string, bool letters, bool *good) {
    int count = 0;
    for (; *string; string++) {
        unsigned char byte = (unsigned char)*string, lower = byte | 0x20;
        bool letter = lower >= 'a' && lower <= 'z', digit = byte >= '0' && byte <= '9';
        if (byte >= 0x80)
            return false;
        if (!digit && !(letter && letters))
            continue;
        if (count == KEY_SIZE - 1)
            break;
        key[count++] = (char)(letter ? byte & ~0x20 : byte);
    }
    key[count] = '\0';
    *good = count > 0 && !*string;
    return true;
}

/* ASCII letters (when wanted) and digits of any script. The decomposed form lets an accented letter count as
 * its base. */
static bool key_alphanumeric(char key[KEY_SIZE], const char *string, bool letters) {
    UChar wide[WIDE_SIZE];
    bool good;
    if (string && key_ascii(key, string, letters, &good))
        return good;
    int len = fold(wide, string, unorm2_getNFKDInstance), count = 0;
    for (int i = 0; i < len;) {
        UChar32 code_point;
        U16_NEXT(wide, i, len, code_point);
        int digit = digit_of(code_point);
        if (digit < 0 && !(letters && code_point < 128 && isalpha(code_point)))
            continue;
        if (count == KEY_SIZE - 1)
            return false;
        key[count++] = digit >= 0 ? (char)('0' + digit) : (char)toupper(code_point);
    }
    key[count] = '\0';
    return count > 0;
}

bool key_number(char key[KEY_SIZE], const char *number) {
    return key_alphanumeric(key, number, true);
}

bool key_digits(char key[KEY_SIZE], const char *number) {
    return key_alphanumeric(key, number, false);
}

bool key_postcode(char key[KEY_SIZE], const char *postcode) {
    return key_alphanumeric(key, postcode, true);
}

/* Most of what an address is made of is neither. */
static bool printable(UChar32 code_point) {
    return code_point > ' ' && code_point < 0x7f;
}

static UChar32 lower_case(UChar32 code_point) {
    return code_point < 128 ? tolower(code_point) : u_tolower(code_point);
}

bool key_email(char key[EMAIL_SIZE], const char *email) {
    UChar wide[WIDE_SIZE];
    int len = fold(wide, email, unorm2_getNFKCInstance), start = 0, count = 0;
    key[0] = '\0';
    while (start < len && !printable(wide[start]) && u_isUWhiteSpace(wide[start]))
        start++;
    while (len > start && !printable(wide[len - 1]) && u_isUWhiteSpace(wide[len - 1]))
        len--;
    while (start < len) {
        UChar32 code_point;
        U16_NEXT(wide, start, len, code_point);
        bool odd = !printable(code_point) && (u_isUWhiteSpace(code_point) || u_iscntrl(code_point));
        if (odd || count + 4 >= EMAIL_SIZE) {
            key[0] = '\0';
            return false;
        }
        count += (int)text_put(key + count, (uint32_t)lower_case(code_point));
    }
    key[count] = '\0';
    const char *at = strchr(key, '@'), *dot = at ? strchr(at, '.') : NULL;
    bool good = at && at > key && !strchr(at + 1, '@') && dot && dot > at + 1 && key[count - 1] != '.' &&
                !strstr(at, "..");
    if (!good)
        key[0] = '\0';
    return good;
}

/* How national numbers are written, from the numbering plans that the ITU publishes: the prefix of the
 * country, the trunk prefix that is dropped abroad, and how many digits a national number has without it. */
struct numbering {
    char country[3], prefix[4], trunk[3];
    int shortest, longest;
};

static const struct numbering plans[] = {
    {"AD", "376", "", 6, 9},   {"AE", "971", "0", 7, 9},  {"AR", "54", "0", 10, 11},
    {"AT", "43", "0", 4, 13},  {"AU", "61", "0", 9, 9},   {"BE", "32", "0", 8, 9},
    {"BG", "359", "0", 7, 9},  {"BR", "55", "0", 10, 11}, {"CA", "1", "1", 10, 10},
    {"CH", "41", "0", 9, 9},   {"CL", "56", "", 9, 9},    {"CN", "86", "0", 9, 11},
    {"CO", "57", "", 8, 10},   {"CY", "357", "", 8, 8},   {"CZ", "420", "", 9, 9},
    {"DE", "49", "0", 5, 13},  {"DK", "45", "", 8, 8},    {"DZ", "213", "0", 8, 9},
    {"EE", "372", "", 7, 8},   {"EG", "20", "0", 8, 10},  {"ES", "34", "", 9, 9},
    {"FI", "358", "0", 5, 12}, {"FR", "33", "0", 9, 9},   {"GB", "44", "0", 9, 10},
    {"GF", "594", "0", 9, 9},  {"GP", "590", "0", 9, 9},  {"GR", "30", "", 10, 10},
    {"HK", "852", "", 8, 8},   {"HR", "385", "0", 8, 9},  {"HU", "36", "06", 8, 9},
    {"IE", "353", "0", 7, 9},  {"IL", "972", "0", 8, 9},  {"IN", "91", "0", 10, 10},
    {"IS", "354", "", 7, 9},   {"IT", "39", "", 6, 11},   {"JP", "81", "0", 9, 10},
    {"KR", "82", "0", 8, 10},  {"LI", "423", "", 7, 9},   {"LT", "370", "8", 8, 8},
    {"LU", "352", "", 4, 11},  {"LV", "371", "", 8, 8},   {"MA", "212", "0", 9, 9},
    {"MC", "377", "0", 8, 9},  {"MQ", "596", "0", 9, 9},  {"MT", "356", "", 8, 8},
    {"MX", "52", "", 10, 10},  {"NL", "31", "0", 9, 9},   {"NO", "47", "", 8, 8},
    {"NZ", "64", "0", 8, 10},  {"PL", "48", "", 9, 9},    {"PT", "351", "", 9, 9},
    {"RE", "262", "0", 9, 9},  {"RO", "40", "0", 9, 9},   {"RS", "381", "0", 8, 9},
    {"RU", "7", "8", 10, 10},  {"SA", "966", "0", 8, 9},  {"SE", "46", "0", 7, 10},
    {"SG", "65", "", 8, 8},    {"SI", "386", "0", 8, 8},  {"SK", "421", "0", 9, 9},
    {"SM", "378", "", 6, 10},  {"TN", "216", "", 8, 8},   {"TR", "90", "0", 10, 10},
    {"UA", "380", "0", 9, 9},  {"US", "1", "1", 10, 10},  {"ZA", "27", "0", 9, 9},
};

static const struct numbering *plan_of_country(const char *country) {
    for (size_t i = 0; country && i < sizeof plans / sizeof plans[0]; i++)
        if (text_is(plans[i].country, country))
            return &plans[i];
    return NULL;
}

/* The plan whose prefix an international number begins with: no prefix of a country begins another's. */
static const struct numbering *plan_of_number(const char *digits) {
    for (size_t i = 0; i < sizeof plans / sizeof plans[0]; i++)
        if (strncmp(digits, plans[i].prefix, strlen(plans[i].prefix)) == 0)
            return &plans[i];
    return NULL;
}

/* Digits of any script; *plus when a '+' stands before them, and no other sign but those of the trade. */
static int phone_digits(char digits[KEY_SIZE], const char *phone, bool *plus) {
    UChar wide[WIDE_SIZE];
    int len = fold(wide, phone, unorm2_getNFKCInstance), count = 0;
    *plus = false;
    for (int i = 0; i < len;) {
        UChar32 code_point;
        U16_NEXT(wide, i, len, code_point);
        int digit = digit_of(code_point);
        if (digit >= 0) {
            if (count == KEY_SIZE - 1)
                return 0;
            digits[count++] = (char)('0' + digit);
        } else if (code_point == '+' && count == 0 && !*plus)
            *plus = true;
        else if (code_point == '+' || u_isalpha(code_point) || code_point == '@')
            return 0;
    }
    digits[count] = '\0';
    return count;
}

/* The national part without the trunk prefix, as long as the plan has it. A trunk of 0 or 1 begins no
 * national number; others are dropped only when the number would be too long. */
static const char *national_part(const struct numbering *plan, const char *digits) {
    size_t trunk = strlen(plan->trunk);
    bool reserved = trunk && plan->trunk[0] <= '1';
    const char *national = digits;
    if (trunk && strncmp(digits, plan->trunk, trunk) == 0 &&
        (reserved || strlen(digits) > (size_t)plan->longest))
        national += trunk;
    size_t len = strlen(national);
    bool good = len >= (size_t)plan->shortest && len <= (size_t)plan->longest;
    return good && !(reserved && national[0] == plan->trunk[0]) ? national : NULL;
}

bool key_phone(char key[KEY_SIZE], const char *phone, const char *country) {
    char digits[KEY_SIZE];
    bool plus;
    key[0] = '\0';
    if (!phone_digits(digits, phone, &plus))
        return false;
    const struct numbering *plan = plan_of_country(country);
    const char *number = digits, *national;
    bool abroad = plan && text_is(plan->prefix, "1") && strncmp(digits, "011", 3) == 0;
    if (!plus && (abroad || strncmp(digits, "00", 2) == 0)) {
        number += abroad ? 3 : 2;
        plus = true;
    }
    const char *prefix = "";
    if (plus) {
        plan = plan_of_number(number);
        prefix = plan ? plan->prefix : "";
        number += strlen(prefix);
    } else if (!plan)
        return false;
    else
        prefix = plan->prefix;
    national = plan ? national_part(plan, number) : number;
    if (!national && !plus && strncmp(number, prefix, strlen(prefix)) == 0)
        national = national_part(plan, number + strlen(prefix)); /* "33612345678", the plus forgotten */
    if (!national)
        return false;
    size_t len = strlen(prefix) + strlen(national);
    if (len < 7 || len > 15 || (!prefix[0] && national[0] == '0'))
        return false;
    key[0] = '+';
    memcpy(key + 1, prefix, strlen(prefix));
    memcpy(key + 1 + strlen(prefix), national, strlen(national) + 1);
    return true;
}

const char *key_phone_national(const char *key) {
    enum { PREFIX_MOST = 3 };
    const struct numbering *plan = plan_of_number(key + 1);
    return key + 1 + (plan ? strlen(plan->prefix) : PREFIX_MOST);
}
