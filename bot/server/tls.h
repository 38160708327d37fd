/* The certificate that the listener shows, read from PEM files; another takes its place without a chat
 * noticing. Knows no sockets. */
#pragma once
#include "base/error.h"
#include "bot/server/server.h"
#include <openssl/types.h>

/* How every connection is to be spoken with: TLS 1.2 at least, little memory while nothing is said. */
void tls_settle(SSL_CTX *context);

/* Puts certificate and key into the context: connections to come are shown them, those that are there keep
 * theirs. False + error: one of them cannot be read, or they do not belong together; the context is as it
 * was. A certificate that has expired is taken, and logged. */
bool tls_use(SSL_CTX *context, const struct tls_files *files, struct error *err);

/* Seconds since 1970 at which the certificate expires; 0: there is none. */
int64_t tls_expires(const SSL_CTX *context);
