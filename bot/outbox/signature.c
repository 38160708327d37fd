#include "bot/outbox/signature.h"
#include "base/arena.h"
#include "base/hash.h"
#include "base/text.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_MAX = 64 };

/* Keyed hash of up to three pieces, joined by dots. */
static void hash_joined(uint8_t out[HASH_SIZE], const void *key, size_t key_len, const char *id,
                        const char *seconds, const char *body, size_t len) {
    struct arena arena;
    arena_init(&arena);
    const char *head = arena_format(&arena, "%s%s%s.", id ? id : "", id ? "." : "", seconds);
    size_t head_len = strlen(head);
    char *bytes = arena_alloc(&arena, head_len + len + 1);
    memcpy(bytes, head, head_len);
    memcpy(bytes + head_len, body, len);
    hash_keyed(out, key, key_len, bytes, head_len + len);
    arena_clear(&arena);
}

static bool key_read(uint8_t key[KEY_MAX], size_t *len, const char *secret) {
    static const char prefix[] = "whsec_";
    size_t skip = sizeof prefix - 1;
    return secret && strncmp(secret, prefix, skip) == 0 &&
           base64_decode(key, KEY_MAX, len, secret + skip, strlen(secret) - skip);
}

static bool sign(char out[SIGNATURE_SIZE], const char *secret, const char *id, const char *seconds,
                 const char *body, size_t len) {
    uint8_t key[KEY_MAX], hash[HASH_SIZE];
    char text[SIGNATURE_SIZE];
    size_t key_len;
    if (!key_read(key, &key_len, secret))
        return false;
    hash_joined(hash, key, key_len, id, seconds, body, len);
    base64_encode(text, hash, sizeof hash);
    snprintf(out, SIGNATURE_SIZE, "v1,%.44s", text);
    return true;
}

bool signature_make(char out[SIGNATURE_SIZE], const char *secret, const char *id, int64_t seconds,
                    const char *body, size_t len) {
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)seconds);
    return sign(out, secret, id, text, body, len);
}

static bool recent(const char *timestamp, int64_t now_ms) {
    char *end = NULL;
    if (text_empty(timestamp) || strlen(timestamp) > 15 || timestamp[strspn(timestamp, "0123456789")])
        return false;
    int64_t apart = now_ms / 1000 - strtoll(timestamp, &end, 10);
    return apart <= SIGNATURE_AGE_S && apart >= -SIGNATURE_AGE_S;
}

bool signature_good(const char *signatures, const char *secret, const char *id, const char *timestamp,
                    const char *body, size_t len, int64_t now_ms) {
    char wanted[SIGNATURE_SIZE];
    if (text_empty(signatures) || text_empty(id) || !recent(timestamp, now_ms) ||
        !sign(wanted, secret, id, timestamp, body, len))
        return false;
    bool good = false;
    for (const char *at = signatures + strspn(signatures, " "); *at; at += strspn(at, " ")) {
        size_t found = strcspn(at, " ");
        good |= found == strlen(wanted) && hash_equal(at, wanted, found);
        at += found;
    }
    return good;
}

bool signature_good_chatwoot(const char *signature, const char *secret, const char *timestamp,
                             const char *body, size_t len, int64_t now_ms) {
    uint8_t hash[HASH_SIZE];
    char hex[HASH_HEX_SIZE], wanted[HASH_HEX_SIZE + 8];
    if (text_empty(signature) || text_empty(secret) || !recent(timestamp, now_ms))
        return false;
    hash_joined(hash, secret, strlen(secret), NULL, timestamp, body, len);
    hash_hex(hex, hash);
    snprintf(wanted, sizeof wanted, "sha256=%s", hex);
    return strlen(signature) == strlen(wanted) && hash_equal(signature, wanted, strlen(wanted));
}
