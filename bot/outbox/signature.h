/* Signatures of webhooks, ours and theirs: Standard Webhooks (standardwebhooks.com), and Chatwoot's. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SIGNATURE_SIZE = 48, SIGNATURE_AGE_S = 300 };

/* "v1,…" of "id.seconds.body". False: the secret is none ("whsec_" and base64). */
bool signature_make(char out[SIGNATURE_SIZE], const char *secret, const char *id, int64_t seconds,
                    const char *body, size_t len);
/* signatures: one or several between blanks, as the header brings them; timestamp: seconds as text, at most
 * SIGNATURE_AGE_S from now. */
bool signature_good(const char *signatures, const char *secret, const char *id, const char *timestamp,
                    const char *body, size_t len, int64_t now_ms);
/* "sha256=" and hex, of "timestamp.body". */
bool signature_good_chatwoot(const char *signature, const char *secret, const char *timestamp,
                             const char *body, size_t len, int64_t now_ms);
