/* Tokens signed by the shop's own pages and mails: "v1.KEYID.PAYLOAD.SIGNATURE", payload and signature
 * base64url; payload is the JSON
 * {"shop","exp" (seconds), "email"|"order"}; signature is HMAC-SHA256 over "v1.KEYID.PAYLOAD". docs/tokens.md
 * shows how to make one. */
#pragma once
#include "bot/dialogue/shop.h"

enum { TOKEN_MAX = 1024 };

struct token {
    char email[256]; /* key_email, or "" */
    char order[64];  /* key_number, or "" */
};

/* False + error: which check failed, for the log, never for the customer. */
bool token_verify(const struct shop *shop, const char *token, int64_t now_ms, struct token *out,
                  struct error *err);
