#include "base/password.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/text.h"
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* scrypt: 2^15 rounds over blocks of 8 take 32 MiB. */
enum { COST_LOG = 15, COST_LOG_MOST = 20, BLOCK = 8, LANES = 1, SALT_SIZE = 16 };
#define MEMORY_MOST (1280ul * 1024 * 1024)

static const char prefix[] = "scrypt$";

static void derive(uint8_t key[HASH_SIZE], const char *password, const uint8_t salt[SALT_SIZE],
                   int cost_log) {
    if (EVP_PBE_scrypt(password, strlen(password), salt, SALT_SIZE, 1ull << cost_log, BLOCK, LANES,
                       MEMORY_MOST, key, HASH_SIZE) != 1) {
        log_line(LOG_ERROR, "base", "scrypt failed; is there enough memory?");
        abort();
    }
}

void password_keep(char out[PASSWORD_TEXT_SIZE], const char *password) {
    uint8_t salt[SALT_SIZE], key[HASH_SIZE];
    char salt_text[32], key_text[48];
    hash_random(salt, sizeof salt);
    derive(key, password, salt, COST_LOG);
    base64url_encode(salt_text, salt, sizeof salt);
    base64url_encode(key_text, key, sizeof key);
    snprintf(out, PASSWORD_TEXT_SIZE, "%s%d$%s$%s", prefix, COST_LOG, salt_text, key_text);
}

/* "scrypt$15$salt$key" taken apart. */
static bool parse(const char *text, int *cost_log, uint8_t salt[SALT_SIZE], uint8_t key[HASH_SIZE]) {
    size_t len = 0;
    char *end;
    if (text_empty(text) || strncmp(text, prefix, strlen(prefix)) != 0)
        return false;
    long cost = strtol(text + strlen(prefix), &end, 10);
    const char *at = *end == '$' ? end + 1 : "", *second = strchr(at, '$');
    *cost_log = (int)cost;
    return cost > 0 && cost <= COST_LOG_MOST && second &&
           base64url_decode(salt, SALT_SIZE, &len, at, (size_t)(second - at)) && len == SALT_SIZE &&
           base64url_decode(key, HASH_SIZE, &len, second + 1, strlen(second + 1)) && len == HASH_SIZE;
}

bool password_matches(const char *text, const char *password) {
    uint8_t salt[SALT_SIZE] = {0}, key[HASH_SIZE], derived[HASH_SIZE];
    int cost_log = COST_LOG;
    bool kept = parse(text, &cost_log, salt, key);
    derive(derived, password, salt, kept ? cost_log : COST_LOG);
    return kept && hash_equal(key, derived, sizeof key);
}
