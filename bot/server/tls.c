#include "bot/server/tls.h"
#include "base/log.h"
#include "base/memory.h"
#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static bool readable(const char *setting, const char *path, struct error *err) {
    return access(path, R_OK) == 0 ||
           error_set(err, "%s: cannot read %s: %s", setting, path, strerror(errno));
}

/* Nobody is there to type it. */
static int no_password(char *out, int size, int writes, void *asked) {
    (void)out, (void)size, (void)writes;
    *(bool *)asked = true;
    return -1;
}

static bool prove_certificate(SSL_CTX *proof, const char *path, struct error *err) {
    return SSL_CTX_use_certificate_chain_file(proof, path) == 1 ||
           error_set(err,
                     "tls_certificate: %s: expected certificates in PEM (-----BEGIN CERTIFICATE-----), the "
                     "server's own first, then those that vouch for it",
                     path);
}

static bool prove_key(SSL_CTX *proof, const struct tls_files *files, struct error *err) {
    bool asked = false;
    SSL_CTX_set_default_passwd_cb(proof, no_password);
    SSL_CTX_set_default_passwd_cb_userdata(proof, &asked);
    bool good = SSL_CTX_use_PrivateKey_file(proof, files->key, SSL_FILETYPE_PEM) == 1;
    if (asked)
        return error_set(err,
                         "tls_key: %s is locked with a password; store it without one, for the service's "
                         "eyes only: openssl pkey -in %s -out OTHER",
                         files->key, files->key);
    if (!good && ERR_GET_LIB(ERR_peek_last_error()) != ERR_LIB_X509)
        return error_set(err, "tls_key: %s: expected a private key in PEM", files->key);
    return (good && SSL_CTX_check_private_key(proof) == 1) ||
           error_set(err,
                     "tls_key: %s is not the key of the certificate in %s (its first one, which must be the "
                     "server's own)",
                     files->key, files->certificate);
}

/* In a context of its own, so that a pair that is not sound changes nothing. */
static bool prove(SSL_CTX *proof, const struct tls_files *files, struct error *err) {
    return readable("tls_certificate", files->certificate, err) &&
           prove_certificate(proof, files->certificate, err) && readable("tls_key", files->key, err) &&
           prove_key(proof, files, err);
}

static int64_t expires(const X509 *certificate) {
    struct tm at = {0};
    return certificate && ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &at) ? (int64_t)timegm(&at) : 0;
}

void tls_settle(SSL_CTX *context) {
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF); /* tickets do, and cost us nothing */
}

bool tls_use(SSL_CTX *context, const struct tls_files *files, struct error *err) {
    SSL_CTX *proof = SSL_CTX_new(TLS_server_method());
    STACK_OF(X509) *chain = NULL;
    char why[256] = "";
    if (!proof)
        memory_exhausted();
    bool good = prove(proof, files, err);
    X509 *certificate = SSL_CTX_get0_certificate(proof);
    ERR_clear_error();
    if (good &&
        (SSL_CTX_get0_chain_certs(proof, &chain) != 1 ||
         SSL_CTX_use_cert_and_key(context, certificate, SSL_CTX_get0_privatekey(proof), chain, 1) != 1)) {
        ERR_error_string_n(ERR_get_error(), why, sizeof why);
        ERR_clear_error();
        good = error_set(err, "tls_certificate: %s: OpenSSL will not use it: %s", files->certificate, why);
    }
    if (good && expires(certificate) < (int64_t)time(NULL))
        log_line(LOG_WARNING, "server",
                 "tls_certificate: %s has expired: browsers and telephone platforms refuse it",
                 files->certificate);
    SSL_CTX_free(proof);
    return good;
}

int64_t tls_expires(const SSL_CTX *context) {
    return context ? expires(SSL_CTX_get0_certificate(context)) : 0;
}
