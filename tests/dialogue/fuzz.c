/* Any bytes are a token that nobody has signed; any payload that somebody has signed is checked; any bytes
 * are a state in its row, which prints to what reads the same. The first byte says which:
 * build/fuzz/tests/dialogue/fuzz_dialogue -max_len=2048 */
#include "base/hash.h"
#include "base/key.h"
#include "base/text.h"
#include "bot/dialogue/state.h"
#include "bot/dialogue/token.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#define KEY "0123456789abcdef0123456789abcdef"
static const struct shop shop = {.id = "maison", .keys = {{"2026a", KEY}}};
static const int64_t now = 1773216000000;

static void must_be_token(const struct token *token) {
    assert(token->email[0] || token->order[0]);
    assert(text_valid(token->email, strlen(token->email)) && text_valid(token->order, strlen(token->order)));
}

static void unsigned_token(const char *text) {
    struct token token;
    struct error err = {""};
    assert(!token_verify(&shop, text, now, &token, &err) && err.text[0]);
    assert(text_valid(err.text, strlen(err.text)));
}

static void signed_token(const char *payload, size_t len) {
    char text[TOKEN_MAX + 256] = "v1.2026a.";
    uint8_t mac[HASH_SIZE];
    struct token token;
    struct error err = {""};
    if (len > 680)
        return;
    size_t at = strlen(text);
    at += base64url_encode(text + at, (const uint8_t *)payload, len);
    hash_keyed(mac, (const uint8_t *)KEY, strlen(KEY), text, at);
    text[at++] = '.';
    at += base64url_encode(text + at, mac, sizeof mac);
    text[at] = '\0';
    if (token_verify(&shop, text, now, &token, &err))
        must_be_token(&token);
    else
        assert(err.text[0] && text_valid(err.text, strlen(err.text)));
}

static void stored_state(const char *text) {
    struct state state, again;
    struct error err = {""};
    struct buffer out, twice;
    if (!state_parse(&state, text, &err)) {
        assert(err.text[0]);
        return;
    }
    buffer_init(&out, 64 * 1024);
    buffer_init(&twice, 64 * 1024);
    state_print(&state, &out);
    assert(!out.full && state_parse(&again, out.bytes, &err));
    state_print(&again, &twice);
    assert(out.len == twice.len && memcmp(out.bytes, twice.bytes, out.len) == 0);
    buffer_clear(&out);
    buffer_clear(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    if (len == 0)
        return 0;
    char *text = calloc(1, len);
    assert(text);
    memcpy(text, bytes + 1, len - 1);
    if (bytes[0] % 3 == 0)
        unsigned_token(text);
    else if (bytes[0] % 3 == 1)
        signed_token(text, len - 1);
    else
        stored_state(text);
    free(text);
    return 0;
}
