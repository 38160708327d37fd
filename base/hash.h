/* Hashes, keyed hashes, random bytes and ids (OpenSSL). */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HASH_SIZE = 32, HASH_HEX_SIZE = 65, ID_SIZE = 27 };

void hash_keyed(uint8_t out[HASH_SIZE], const void *key, size_t key_len, const void *bytes,
                size_t len); /* HMAC-SHA256 */
/* HMAC-SHA1, for platforms that sign so. */
enum { HASH_SHA1_SIZE = 20 };
void hash_keyed_sha1(uint8_t out[HASH_SHA1_SIZE], const void *key, size_t key_len, const void *bytes,
                     size_t len);

/* The same with a key that has been made ready, for whoever hashes often. Belongs to one thread. */
struct hash_key;
struct hash_key *hash_key_new(const void *key, size_t len);
void hash_key_free(struct hash_key *key);
void hash_with(uint8_t out[HASH_SIZE], struct hash_key *key, const void *bytes, size_t len);

void hash_hex(char out[HASH_HEX_SIZE], const uint8_t hash[HASH_SIZE]);
bool hash_unhex(uint8_t out[HASH_SIZE], const char *hex);  /* false: it is not what hash_hex gives */
bool hash_equal(const void *a, const void *b, size_t len); /* constant time */
void hash_random(void *out, size_t len);

/* base64url without padding (RFC 4648 section 5). encode: out holds at least len*4/3+3. decode: false on any
 * other character. */
size_t base64url_encode(char *out, const void *bytes, size_t len);
bool base64url_decode(uint8_t *out, size_t size, size_t *len, const char *text, size_t text_len);

/* base64 with padding (RFC 4648 section 4). encode: out holds at least (len+2)/3*4+1. */
size_t base64_encode(char *out, const void *bytes, size_t len);
bool base64_decode(uint8_t *out, size_t size, size_t *len, const char *text, size_t text_len);

/* An id that sorts by time and cannot be guessed: 48 bits of ms, 80 of chance, Crockford base32, as ULID does
 * (github.com/ulid/spec). */
void id_new(char out[ID_SIZE], int64_t now_ms);
bool id_valid(const char *id);
