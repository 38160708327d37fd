/* A token as a shop's own pages sign it (docs/tokens.md). */
#pragma once
#include "base/hash.h"
#include "bot/dialogue/token.h"
#include <stdio.h>
#include <string.h>

static inline void signed_token(char out[TOKEN_MAX], const struct shop *shop, const char *email,
                                const char *order, int64_t expires_ms) {
    const struct signing_key *key = &shop->keys[0];
    char payload[TOKEN_MAX / 2], encoded[TOKEN_MAX];
    uint8_t hash[HASH_SIZE];
    int len =
        snprintf(payload, sizeof payload, "{\"shop\":\"%s\",\"exp\":%lld,\"email\":\"%s\",\"order\":\"%s\"}",
                 shop->id, (long long)expires_ms / 1000, email, order);
    base64url_encode(encoded, payload, (size_t)len);
    len = snprintf(out, TOKEN_MAX, "v1.%s.%s", key->id, encoded);
    hash_keyed(hash, key->secret, strlen(key->secret), out, (size_t)len);
    out[len++] = '.';
    base64url_encode(out + len, hash, sizeof hash);
}
