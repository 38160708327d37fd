#include "bot/server/tls.h"
#include "base/log.h"
#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <string.h>
#include <time.h>

struct identity {
    X509 *certificate;
    STACK_OF(X509) * chain; /* those that vouch for it */
    EVP_PKEY *key;
};

static void identity_clear(struct identity *identity) {
    X509_free(identity->certificate);
    sk_X509_pop_free(identity->chain, X509_free);
    EVP_PKEY_free(identity->key);
}

static FILE *file_open(const char *setting, const char *path, struct error *err) {
    FILE *in = fopen(path, "re");
    if (!in)
        error_set(err, "%s: cannot read %s: %s", setting, path, strerror(errno));
    return in;
}

/* Nobody is there to type it. */
static int no_password(char *out, int size, int writes, void *asked) {
    (void)out, (void)size, (void)writes;
    *(bool *)asked = true;
    return -1;
}

static bool certificate_read(struct identity *identity, const char *path, struct error *err) {
    FILE *in = file_open("tls_certificate", path, err);
    bool asked, good = true;
    if (!in)
        return false;
    identity->certificate = PEM_read_X509(in, NULL, no_password, &asked);
    identity->chain = sk_X509_new_null();
    for (X509 *next; identity->certificate && good && (next = PEM_read_X509(in, NULL, no_password, &asked));)
        good = sk_X509_push(identity->chain, next) > 0;
    /* The end of the file is the one reason to stop that is none. */
    unsigned long why = ERR_peek_last_error();
    good = good && identity->certificate && ERR_GET_REASON(why) == PEM_R_NO_START_LINE;
    ERR_clear_error();
    fclose(in);
    return good || error_set(err,
                             "tls_certificate: %s: expected certificates in PEM (-----BEGIN "
                             "CERTIFICATE-----), the server's own first, then those that vouch for it",
                             path);
}

static bool key_read(struct identity *identity, const char *path, struct error *err) {
    FILE *in = file_open("tls_key", path, err);
    bool asked = false;
    if (!in)
        return false;
    identity->key = PEM_read_PrivateKey(in, NULL, no_password, &asked);
    ERR_clear_error();
    fclose(in);
    if (asked)
        return error_set(err,
                         "tls_key: %s is locked with a password; store it without one, for the service's "
                         "eyes only: openssl pkey -in %s -out OTHER",
                         path, path);
    return identity->key || error_set(err, "tls_key: %s: expected a private key in PEM", path);
}

static bool identity_read(struct identity *identity, const struct tls_files *files, struct error *err) {
    if (!certificate_read(identity, files->certificate, err) || !key_read(identity, files->key, err))
        return false;
    bool fits = X509_check_private_key(identity->certificate, identity->key) == 1;
    ERR_clear_error();
    return fits || error_set(err,
                             "tls_key: %s is not the key of the certificate in %s (its first one, which "
                             "must be the server's own)",
                             files->key, files->certificate);
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
    struct identity identity = {0};
    char why[256] = "";
    bool good = identity_read(&identity, files, err);
    if (good &&
        SSL_CTX_use_cert_and_key(context, identity.certificate, identity.key, identity.chain, 1) != 1) {
        ERR_error_string_n(ERR_get_error(), why, sizeof why);
        ERR_clear_error();
        good = error_set(err, "tls_certificate: %s: OpenSSL will not use it: %s", files->certificate, why);
    }
    if (good && expires(identity.certificate) < (int64_t)time(NULL))
        log_line(LOG_WARNING, "server",
                 "tls_certificate: %s has expired: browsers and telephone platforms refuse it",
                 files->certificate);
    identity_clear(&identity);
    return good;
}

int64_t tls_expires(const SSL_CTX *context) {
    return context ? expires(SSL_CTX_get0_certificate(context)) : 0;
}
