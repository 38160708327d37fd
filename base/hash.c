#include "base/hash.h"
#include "base/log.h"
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char base64url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static const char crockford[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static _Noreturn void hash_failed(void) {
    log_line(LOG_ERROR, "base", "HMAC-SHA256 failed: out of memory, or OpenSSL is not installed whole");
    abort();
}

void hash_keyed(uint8_t out[HASH_SIZE], const void *key, size_t key_len, const void *bytes, size_t len) {
    unsigned int size = HASH_SIZE;
    if (!HMAC(EVP_sha256(), key ? key : "", (int)key_len, bytes, len, out, &size))
        hash_failed();
}

struct hash_key *hash_key_new(const void *key, size_t len) {
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *ready = mac ? EVP_MAC_CTX_new(mac) : NULL;
    char digest[] = "SHA256";
    OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string("digest", digest, 0), OSSL_PARAM_construct_end()};
    if (!ready || !EVP_MAC_init(ready, key, len, params))
        hash_failed();
    EVP_MAC_free(mac); /* the context keeps it */
    return (struct hash_key *)ready;
}

void hash_key_free(struct hash_key *key) {
    EVP_MAC_CTX_free((EVP_MAC_CTX *)key);
}

void hash_with(uint8_t out[HASH_SIZE], struct hash_key *key, const void *bytes, size_t len) {
    EVP_MAC_CTX *ready = (EVP_MAC_CTX *)key;
    size_t size;
    if (!EVP_MAC_init(ready, NULL, 0, NULL) || !EVP_MAC_update(ready, bytes, len) ||
        !EVP_MAC_final(ready, out, &size, HASH_SIZE))
        hash_failed();
}

void hash_keyed_sha1(uint8_t out[HASH_SHA1_SIZE], const void *key, size_t key_len, const void *bytes,
                     size_t len) {
    unsigned int size = HASH_SHA1_SIZE;
    if (!HMAC(EVP_sha1(), key ? key : "", (int)key_len, bytes, len, out, &size)) {
        log_line(LOG_ERROR, "base", "HMAC-SHA1 failed: out of memory, or OpenSSL is not installed whole");
        abort();
    }
}

void hash_hex(char out[HASH_HEX_SIZE], const uint8_t hash[HASH_SIZE]) {
    static const char digits[] = "0123456789abcdef";
    for (int i = 0; i < HASH_SIZE; i++) {
        out[2 * i] = digits[hash[i] >> 4];
        out[2 * i + 1] = digits[hash[i] & 15];
    }
    out[HASH_HEX_SIZE - 1] = '\0';
}

/* In two plain loops, which compilers turn into a few steps of many bytes. */
bool hash_unhex(uint8_t out[HASH_SIZE], const char *hex) {
    enum { NO_DIGIT = 0x80 };
    uint8_t digits[2 * HASH_SIZE], seen = 0;
    if (strlen(hex) != sizeof digits)
        return false;
    for (size_t i = 0; i < sizeof digits; i++) {
        uint8_t number = (uint8_t)(hex[i] - '0'), letter = (uint8_t)(hex[i] - 'a');
        digits[i] = number < 10 ? number : letter < 6 ? (uint8_t)(letter + 10) : NO_DIGIT;
        seen |= digits[i];
    }
    for (int i = 0; i < HASH_SIZE; i++)
        out[i] = (uint8_t)(digits[2 * i] << 4 | digits[2 * i + 1]);
    return seen < NO_DIGIT;
}

bool hash_equal(const void *a, const void *b, size_t len) {
    return CRYPTO_memcmp(a, b, len) == 0;
}

void hash_random(void *out, size_t len) {
    if (RAND_bytes(out, (int)len) != 1) {
        log_line(LOG_ERROR, "base", "no random bytes from the system");
        abort();
    }
}

size_t base64url_encode(char *out, const void *bytes, size_t len) {
    const uint8_t *in = bytes;
    size_t count = 0;
    uint32_t bits = 0;
    int held = 0;
    for (size_t i = 0; i < len; i++) {
        bits = bits << 8 | in[i];
        for (held += 8; held >= 6; held -= 6)
            out[count++] = base64url[bits >> (held - 6) & 63];
    }
    if (held)
        out[count++] = base64url[bits << (6 - held) & 63];
    out[count] = '\0';
    return count;
}

size_t base64_encode(char *out, const void *bytes, size_t len) {
    return (size_t)EVP_EncodeBlock((unsigned char *)out, bytes, (int)len);
}

static bool decode(const char *alphabet, uint8_t *out, size_t size, size_t *len, const char *text,
                   size_t text_len) {
    uint32_t bits = 0;
    int held = 0;
    *len = 0;
    if (text_len % 4 == 1)
        return false;
    for (size_t i = 0; i < text_len; i++) {
        const char *found = text[i] ? strchr(alphabet, text[i]) : NULL;
        if (!found)
            return false;
        bits = bits << 6 | (uint32_t)(found - alphabet);
        held += 6;
        if (held >= 8) {
            held -= 8;
            if (*len == size)
                return false;
            out[(*len)++] = (uint8_t)(bits >> held);
        }
    }
    return (bits & ((1U << held) - 1)) == 0; /* one writing for each value */
}

bool base64url_decode(uint8_t *out, size_t size, size_t *len, const char *text, size_t text_len) {
    return decode(base64url, out, size, len, text, text_len);
}

bool base64_decode(uint8_t *out, size_t size, size_t *len, const char *text, size_t text_len) {
    *len = 0;
    if (text_len % 4)
        return false;
    for (int i = 0; i < 2 && text_len && text[text_len - 1] == '='; i++)
        text_len--;
    return decode(base64, out, size, len, text, text_len);
}

void id_new(char out[ID_SIZE], int64_t now_ms) {
    uint8_t chance[10];
    hash_random(chance, sizeof chance);
    for (int i = 9; i >= 0; i--, now_ms >>= 5)
        out[i] = crockford[now_ms & 31];
    uint32_t bits = 0;
    int held = 0;
    char *at = out + 10;
    for (size_t i = 0; i < sizeof chance; i++) {
        bits = bits << 8 | chance[i];
        for (held += 8; held >= 5; held -= 5)
            *at++ = crockford[bits >> (held - 5) & 31];
    }
    *at = '\0';
}

bool id_valid(const char *id) {
    return id && strlen(id) == ID_SIZE - 1 && strspn(id, crockford) == ID_SIZE - 1 && id[0] <= '7';
}
