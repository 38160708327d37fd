#include "bot/dialogue/proof.h"
#include "base/hash.h"
#include "base/text.h"
#include <string.h>

unsigned proof_claimed(const struct claims *claims) {
    unsigned set = 0;
    if (claims->numbers[0][0] != '\0' || claims->tracking[0] != '\0')
        set |= FACTOR_NUMBER;
    if (claims->email[0] != '\0')
        set |= FACTOR_EMAIL;
    if (claims->postcode[0] != '\0')
        set |= FACTOR_POSTCODE;
    if (claims->phone[0] != '\0')
        set |= FACTOR_PHONE | FACTOR_PHONE4;
    if (claims->phone4[0] != '\0')
        set |= FACTOR_PHONE4;
    if (claims->caller[0] != '\0')
        set |= FACTOR_CALLER;
    return set;
}

bool proof_opens(const struct shop *shop, unsigned set) {
    if ((set & FACTOR_CALLER) && (set & FACTOR_POSTCODE))
        set |= FACTOR_PHONE;
    for (int i = 0; i < SHOP_TIER1_SETS && shop->tier1[i] != 0; i++)
        if ((shop->tier1[i] & set) == shop->tier1[i])
            return true;
    return false;
}

bool proof_enough(const struct shop *shop, const struct claims *claims) {
    unsigned set = proof_claimed(claims);
    if (claims->same_token)
        return proof_opens(shop, set & ~(unsigned)FACTOR_POSTCODE) ||
               proof_opens(shop, set & ~(unsigned)FACTOR_NUMBER);
    return proof_opens(shop, set);
}

/* The phone and its last four are one factor. */
static int distinct(unsigned set) {
    return !!(set & FACTOR_NUMBER) + !!(set & FACTOR_EMAIL) + !!(set & FACTOR_POSTCODE) +
           !!(set & (FACTOR_PHONE | FACTOR_PHONE4));
}

unsigned proof_lacking(const struct shop *shop, const struct claims *claims) {
    unsigned set = proof_claimed(claims), lacking = 0;
    int ways = 0, fewest = 0;
    if (claims->same_token)
        set &= ~(unsigned)FACTOR_POSTCODE;
    for (int i = 0; i < SHOP_TIER1_SETS && shop->tier1[i] != 0; i++) {
        unsigned left = shop->tier1[i] & ~set;
        if (ways > 0 && distinct(left) > fewest)
            continue;
        ways = ways > 0 && distinct(left) == fewest ? ways + 1 : 1;
        fewest = distinct(left);
        lacking = left;
    }
    return ways == 1 ? lacking : 0;
}

bool proof_names(const struct shop *shop, const char *claimed, const char *order) {
    char key[KEY_SIZE], claimed_digits[KEY_SIZE], order_digits[KEY_SIZE];
    if (text_is(claimed, order))
        return true;
    /* Prefix or suffix left out: only digits were given, and they are all the digits that the number has. */
    if (key_digits(claimed_digits, claimed) && text_is(claimed_digits, claimed) &&
        key_digits(order_digits, order) && text_is(claimed_digits, order_digits))
        return true;
    for (const char *const *prefix = shop->number_prefixes; prefix != NULL && *prefix != NULL; prefix++)
        if (key_number(key, *prefix) && strncmp(order, key, strlen(key)) == 0 &&
            text_is(order + strlen(key), claimed))
            return true;
    return false;
}

/* "90210-1234" is in 90210: one of the two has the four digits more. */
static bool same_zip(const char *a, const char *b) {
    enum { ZIP = 5, ZIP_AND_4 = 9 };
    static const char digits[] = "0123456789";
    size_t len = strlen(a), other = strlen(b);
    return strspn(a, digits) == len && strspn(b, digits) == other && len + other == ZIP + ZIP_AND_4 &&
           (len == ZIP || len == ZIP_AND_4) && strncmp(a, b, ZIP) == 0;
}

static bool same_postcode(const char *claimed, const char *printed) {
    char key[KEY_SIZE];
    return text_is(claimed, printed) ||
           (key_postcode(key, printed) && (text_is(claimed, key) || same_zip(claimed, key)));
}

static bool ends_with(const char *string, const char *end) {
    size_t len = strlen(string), end_len = strlen(end);
    return len >= end_len && text_is(string + len - end_len, end);
}

static bool postcode_matches(const struct claims *claims, const struct order *order) {
    bool matches = claims->postcode[0] != '\0' && same_postcode(claims->postcode, order->postcode);
    for (int i = 0; i < STATE_POSTCODES && claims->postcodes[i][0] != '\0'; i++)
        matches |= same_postcode(claims->postcodes[i], order->postcode);
    return matches;
}

unsigned proof_matched(const struct shop *shop, const struct claims *claims, const struct order *order) {
    unsigned set = 0;
    for (int i = 0; i < STATE_NUMBERS && claims->numbers[i][0] != '\0'; i++)
        if (proof_names(shop, claims->numbers[i], order->key))
            set |= FACTOR_NUMBER;
    for (int i = 0; i < order->parcel_count && !(set & FACTOR_NUMBER); i++) {
        char key[KEY_SIZE];
        if (!key_number(key, order->parcels[i].tracking_number))
            continue;
        if (text_is(key, claims->tracking) || text_is(key, claims->numbers[0]))
            set |= FACTOR_NUMBER;
    }
    if (claims->email[0] != '\0' && text_is(claims->email, order->email))
        set |= FACTOR_EMAIL;
    if (postcode_matches(claims, order))
        set |= FACTOR_POSTCODE;
    if (claims->phone[0] != '\0' && text_is(claims->phone, order->phone))
        set |= FACTOR_PHONE | FACTOR_PHONE4;
    bool shown = set & FACTOR_POSTCODE && text_is(claims->postcode, claims->phone4);
    if (claims->phone4[0] != '\0' && !shown && order->phone[0] != '\0' &&
        ends_with(order->phone, claims->phone4))
        set |= FACTOR_PHONE4;
    if (claims->caller[0] != '\0' && text_is(claims->caller, order->phone))
        set |= FACTOR_CALLER;
    if (claims->same_token && (set & FACTOR_NUMBER))
        set &= ~(unsigned)FACTOR_POSTCODE; /* one word cannot prove two things */
    return set;
}

unsigned proof_foreign(const struct shop *shop, const struct claims *claims, const struct order *order) {
    unsigned factors = FACTOR_EMAIL | FACTOR_POSTCODE | FACTOR_PHONE | FACTOR_PHONE4,
             either = FACTOR_POSTCODE | FACTOR_PHONE4, matched = proof_matched(shop, claims, order);
    if (matched & either && text_is(claims->postcode, claims->phone4))
        matched |= either;
    return proof_claimed(claims) & ~matched & factors;
}

int proof_tier(const struct shop *shop, unsigned matched, const struct claims *token,
               const struct order *order) {
    if ((token->numbers[0][0] != '\0' && text_is(token->numbers[0], order->key)) ||
        (token->email[0] != '\0' && text_is(token->email, order->email)))
        return 2;
    if (!proof_opens(shop, matched))
        return 0;
    return shop->tier2_factors > 0 && distinct(matched) >= shop->tier2_factors ? 2 : 1;
}

const char *proof_missing(const struct claims *claims) {
    unsigned set = proof_claimed(claims);
    int open = !(set & FACTOR_EMAIL) + !(set & FACTOR_POSTCODE) + !(set & FACTOR_PHONE4);
    if (open > 1 && !(set & FACTOR_EMAIL))
        return (set & FACTOR_POSTCODE) ? "email" : "any";
    if (!(set & FACTOR_EMAIL))
        return "email";
    return !(set & FACTOR_POSTCODE) ? "postcode" : "phone";
}

void proof_fingerprint(const struct claims *claims, char out[65]) {
    uint8_t hash[HASH_SIZE];
    hash_keyed(hash, "claims", 6, claims, sizeof *claims);
    hash_hex(out, hash);
}
