/* The desk's door: pages, /desk/login, /desk/logout. */
#include "bot/server/signin.h"
#include "base/log.h"
#include "base/password.h"
#include "base/text.h"
#include "bot/hub/limiter.h"
#include "bot/server/aside.h"
#include "bot/server/routes.h"
#include "db/desk.h"
#include <string.h>
#include <strings.h>

#define COOKIE "wismo_desk"

enum {
    TOKEN_SIZE = 32,
    SESSION_S = 12 * 3600,
    NAME_FREE_TRIES = 3, /* then answers are held back, half a second at first, 8 at most */
    FIELDS_MAX = 4
};
/* Tries of one address: so many at once, then one in five seconds. */
static const struct hub_rate per_address = {0.2, 20};

static int64_t now_ms(const struct loop *loop) {
    return loop_now_ms(loop);
}

static void hash_of(const struct loop *loop, const char *token, char out[HASH_HEX_SIZE]) {
    uint8_t hash[HASH_SIZE];
    hash_keyed(hash, loop->secret, sizeof loop->secret, token, strlen(token));
    hash_hex(out, hash);
}

bool signin_who(struct http_request *request, struct staff *staff, char hash[HASH_HEX_SIZE]) {
    const char *token = http_cookie(request, COOKIE);
    struct error err = {""};
    if (text_empty(token))
        return false;
    hash_of(request->loop, token, hash);
    enum found found =
        store_session(request->loop->stored.store, hash, now_ms(request->loop), &request->arena, staff, &err);
    if (found == FAILED)
        log_line(LOG_ERROR, "server", "session: %s", err.text);
    return found == FOUND;
}

bool signin_again(struct loop *loop, const char *hash) {
    struct staff staff;
    struct error err;
    return store_session(loop->stored.store, hash, now_ms(loop), &loop->arena, &staff, &err) != MISSING;
}

bool signin_own_page(struct http_request *request) {
    const char *origin = http_header(request, "origin"), *host = http_header(request, "host");
    if (text_empty(origin) || text_empty(host))
        return false;
    return text_is(origin, arena_format(&request->arena, "http://%s", host)) ||
           text_is(origin, arena_format(&request->arena, "https://%s", host));
}

/* Pages. */

enum http_when desk_file_get(struct http_request *request, struct http_reply *reply) {
    enum http_when when = page_get(request, reply);
    /* A form that is sent from here says from where; no-referrer would make that "null". */
    http_reply_header(reply, "referrer-policy", "same-origin");
    http_reply_header(reply, "content-security-policy",
                      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
                      "img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
                      "require-trusted-types-for 'script'; trusted-types 'none'");
    return when;
}

enum http_when desk_get(struct http_request *request, struct http_reply *reply) {
    struct staff staff;
    char hash[HASH_HEX_SIZE];
    request->path = signin_who(request, &staff, hash) ? "/desk/desk.html" : "/desk/login.html";
    enum http_when when = desk_file_get(request, reply);
    http_reply_header(reply, "cache-control", "no-store");
    return when;
}

/* In and out. */

static void go(struct http_reply *reply, const char *where) {
    http_reply_plain(reply, 303, "");
    http_reply_header(reply, "location", where);
    http_reply_header(reply, "cache-control", "no-store");
}

static bool secure(struct http_request *request) {
    const char *scheme = http_header(request, "x-forwarded-proto");
    return lws_is_ssl(request->wsi) || (scheme && strcasecmp(scheme, "https") == 0);
}

static const char *cookie(struct http_request *request, const char *value, int seconds) {
    return arena_format(&request->arena, COOKIE "=%s; Path=/desk; Max-Age=%d; HttpOnly; SameSite=Strict%s",
                        value, seconds, secure(request) ? "; Secure" : "");
}

struct entry {
    struct aside aside;
    const char *name, *password; /* as it was typed */
    char token[2 * TOKEN_SIZE], hash[HASH_HEX_SIZE];
    bool right;
};

/* On another thread: scrypt takes its time. */
static bool enter(struct aside *aside, struct store *store, struct error *err) {
    struct entry *entry = (struct entry *)aside;
    struct staff staff = {0};
    int64_t now = now_ms(aside->loop);
    uint8_t chance[TOKEN_SIZE];
    enum found found = store_staff(store, entry->name, &aside->arena, &staff, err);
    if (found == FAILED)
        return false;
    store_rest(store);
    entry->right = password_matches(found == FOUND ? staff.password : NULL, entry->password);
    explicit_bzero((char *)entry->password, strlen(entry->password));
    if (!entry->right)
        return true;
    hash_random(chance, sizeof chance);
    base64url_encode(entry->token, chance, sizeof chance);
    hash_of(aside->loop, entry->token, entry->hash);
    const struct act act = {.agent = staff.name, .shop = staff.shop, .verb = "sign_in", .at_ms = now};
    return store_session_begin(store, entry->hash, staff.name, now, now + SESSION_S * 1000LL, err) &&
           store_act(store, &act, err);
}

static void entered(struct aside *aside) {
    struct entry *entry = (struct entry *)aside;
    struct http_request *request = aside->context;
    struct http_reply reply = {0};
    if (!aside->good)
        log_line(LOG_ERROR, "server", "sign-in: %s", aside->err.text);
    if (aside->good && entry->right)
        limiter_pardon(aside->loop->sign_ins, arena_format(&aside->arena, "name %s", entry->name));
    if (!request)
        return;
    if (!aside->good)
        http_reply_plain(&reply, 503, "Signing in is not possible just now; try again.\n");
    else
        go(&reply, entry->right ? "/desk" : "/desk#wrong");
    if (aside->good && entry->right)
        http_reply_header(&reply, "set-cookie", cookie(request, entry->token, SESSION_S));
    http_reply_later(request, &reply);
}

static void left(struct http_request *request) {
    aside_forget(request->loop, request);
}

static bool foreign(struct http_request *request, struct http_reply *reply) {
    if (signin_own_page(request))
        return false;
    http_reply_plain(reply, 403, "This comes from another page than the desk's.\n");
    return true;
}

enum http_when desk_login_post(struct http_request *request, struct http_reply *reply) {
    struct loop *loop = request->loop;
    struct http_field fields[FIELDS_MAX];
    int count = http_form(request, fields, FIELDS_MAX);
    const char *name = count < 0 ? NULL : http_form_value(fields, count, "name"),
               *password = count < 0 ? NULL : http_form_value(fields, count, "password");
    int64_t now = (int64_t)uv_now(&loop->uv) + 1;
    if (foreign(request, reply))
        return HTTP_NOW;
    if (text_empty(name) || text_empty(password) || !text_valid(name, strlen(name)) ||
        text_length(name) > PASSWORD_MOST || strlen(password) > 4 * PASSWORD_MOST) {
        go(reply, "/desk#wrong");
        return HTTP_NOW;
    }
    const char *address = arena_format(&request->arena, "at %s", request->address);
    struct entry *entry = limiter_take(loop->sign_ins, address, per_address.rate, per_address.burst, now) == 0
                              ? aside_new(loop, sizeof *entry)
                              : NULL;
    if (!entry) {
        go(reply, "/desk#wait");
        return HTTP_NOW;
    }
    entry->name = arena_string(&entry->aside.arena, name);
    entry->password = arena_string(&entry->aside.arena, password);
    entry->aside.mode = STORE_WRITE;
    entry->aside.run = enter;
    entry->aside.done = entered;
    entry->aside.context = request;
    request->left = left;
    const char *key = arena_format(&request->arena, "name %s", name);
    aside_start(&entry->aside, limiter_try(loop->sign_ins, key, NAME_FREE_TRIES, now));
    return HTTP_LATER;
}

struct leaving {
    struct aside aside;
    char hash[HASH_HEX_SIZE];
    const char *name;
};

static bool leave(struct aside *aside, struct store *store, struct error *err) {
    struct leaving *leaving = (struct leaving *)aside;
    const struct act act = {.agent = leaving->name, .verb = "sign_out", .at_ms = now_ms(aside->loop)};
    return store_session_end(store, leaving->hash, err) && store_act(store, &act, err);
}

static void has_left(struct aside *aside) {
    struct http_request *request = aside->context;
    struct http_reply reply = {0};
    if (!aside->good)
        log_line(LOG_ERROR, "server", "sign-out: %s", aside->err.text);
    if (!request)
        return;
    go(&reply, "/desk");
    http_reply_header(&reply, "set-cookie", cookie(request, "", 0));
    http_reply_header(&reply, "clear-site-data", "\"storage\"");
    http_reply_later(request, &reply);
}

enum http_when desk_logout_post(struct http_request *request, struct http_reply *reply) {
    struct staff staff;
    char hash[HASH_HEX_SIZE];
    if (foreign(request, reply))
        return HTTP_NOW;
    struct leaving *leaving =
        signin_who(request, &staff, hash) ? aside_new(request->loop, sizeof *leaving) : NULL;
    if (!leaving) {
        go(reply, "/desk");
        return HTTP_NOW;
    }
    TEXT_SET(leaving->hash, hash);
    leaving->name = arena_string(&leaving->aside.arena, staff.name);
    leaving->aside.mode = STORE_WRITE;
    leaving->aside.run = leave;
    leaving->aside.done = has_left;
    leaving->aside.context = request;
    request->left = left;
    aside_start(&leaving->aside, 0);
    return HTTP_LATER;
}
