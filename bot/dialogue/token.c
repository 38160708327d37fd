#include "bot/dialogue/token.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/key.h"
#include "base/text.h"
#include <string.h>

static const char version[] = "v1.";
static const struct json_limits payload_limits = {.bytes = 700, .depth = 2, .values = 8};

static const struct signing_key *find_key(const struct shop *shop, const char *id, size_t len) {
    for (int i = 0; i < SHOP_KEYS; i++) {
        const struct signing_key *key = &shop->keys[i];
        if (key->id != NULL && strlen(key->id) == len && memcmp(key->id, id, len) == 0)
            return key;
    }
    return NULL;
}

static bool payload_read(const struct shop *shop, json_t *payload, int64_t now_ms, struct token *out,
                         struct error *err) {
    const char *named = json_string_value(json_object_get(payload, "shop"));
    if (!text_is(named, shop->id))
        return error_set(err, "token: is for another shop than \"%s\"", shop->id);
    json_t *expires = json_object_get(payload, "exp");
    if (!json_is_integer(expires))
        return error_set(err, "token: \"exp\" must be whole seconds since 1970");
    if (json_integer_value(expires) <= now_ms / 1000)
        return error_set(err, "token: has expired");
    const char *email = json_string_value(json_object_get(payload, "email"));
    const char *order = json_string_value(json_object_get(payload, "order"));
    if (text_empty(email) && text_empty(order))
        return error_set(err, "token: names neither \"email\" nor \"order\"");
    if (!text_empty(email) && !key_email(out->email, email))
        return error_set(err, "token: \"email\" is not an e-mail address");
    if (!text_empty(order) && !key_number(out->order, order))
        return error_set(err, "token: \"order\" is not an order number");
    return true;
}

bool token_verify(const struct shop *shop, const char *token, int64_t now_ms, struct token *out,
                  struct error *err) {
    memset(out, 0, sizeof *out);
    size_t len = strnlen(token, TOKEN_MAX);
    if (len == TOKEN_MAX || strncmp(token, version, strlen(version)) != 0)
        return error_set(err, "token: expected \"v1.KEY.PAYLOAD.SIGNATURE\" of less than %d bytes",
                         TOKEN_MAX);
    const char *id = token + strlen(version);
    const char *payload = strchr(id, '.');
    const char *signature = payload == NULL ? NULL : strchr(payload + 1, '.');
    if (signature == NULL)
        return error_set(err, "token: expected four parts divided by dots");
    const struct signing_key *key = find_key(shop, id, (size_t)(payload - id));
    if (key == NULL)
        return error_set(err, "token: signed with a key that is not configured");

    uint8_t expected[HASH_SIZE], given[HASH_SIZE + 1];
    size_t given_len;
    hash_keyed(expected, key->secret, strlen(key->secret), token, (size_t)(signature - token));
    if (!base64url_decode(given, sizeof given, &given_len, signature + 1, strlen(signature + 1)) ||
        given_len != HASH_SIZE || !hash_equal(expected, given, HASH_SIZE))
        return error_set(err, "token: the signature does not fit");

    uint8_t json[TOKEN_MAX];
    size_t json_len;
    if (!base64url_decode(json, sizeof json, &json_len, payload + 1, (size_t)(signature - payload - 1)))
        return error_set(err, "token: the payload is not base64url");
    json_t *object = json_read((const char *)json, json_len, &payload_limits, "token", err);
    if (object == NULL)
        return false;
    bool ok = payload_read(shop, object, now_ms, out, err);
    json_decref(object);
    return ok;
}
