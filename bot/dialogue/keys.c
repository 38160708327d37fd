#include "bot/dialogue/keys.h"
#include "base/text.h"
#include "intents/number_pattern.h"
#include <string.h>

enum { DIGITS_MAX = 14 };

void keys_press(struct calling *call, const char *keys, int64_t now_ms) {
    size_t len = strlen(call->keys);
    for (; *keys != '\0' && len + 1 < sizeof call->keys; keys++)
        if (strchr("0123456789*#", *keys) != NULL)
            call->keys[len++] = *keys;
    call->key_ms = now_ms;
}

/* The digits are a whole order number, and no longer one begins with them. */
static bool takes(const struct shop *shop, const char *digits) {
    char bare[2 * KEY_SIZE + CALL_KEYS], prefix[KEY_SIZE];
    if (number_pattern_takes(shop->number, digits))
        return true;
    for (const char *const *at = shop->number_prefixes; at != NULL && *at != NULL; at++) {
        if (!key_number(prefix, *at))
            continue;
        TEXT_SET(bare, prefix);
        text_set(bare + strlen(prefix), sizeof bare - strlen(prefix), digits);
        if (number_pattern_takes(shop->number, bare))
            return true;
    }
    return false;
}

static bool complete(const struct shop *shop, const char *digits) {
    char longer[CALL_KEYS + 2];
    size_t len = strlen(digits);
    if (!takes(shop, digits))
        return false;
    TEXT_SET(longer, digits);
    longer[len + 1] = '\0';
    for (char next = '0'; next <= '9'; next++) {
        longer[len] = next;
        if (takes(shop, longer))
            return false;
    }
    return true;
}

int keys_digits(const struct shop *shop) {
    static const char ones[DIGITS_MAX + 1] = "11111111111111";
    int found = 0;
    for (int len = 1; len <= DIGITS_MAX; len++)
        if (takes(shop, ones + DIGITS_MAX - len)) {
            if (found != 0)
                return 0;
            found = len;
        }
    return found;
}

int64_t keys_due(const struct calling *call, const struct shop *shop) {
    if (call->keys[0] == '\0')
        return 0;
    if (strpbrk(call->keys, "#*") != NULL)
        return call->key_ms;
    int64_t pause = text_is(call->keys, "0")     ? KEYS_PERSON_MS
                    : complete(shop, call->keys) ? KEYS_WHOLE_MS
                                                 : KEYS_PAUSE_MS;
    return call->key_ms + pause;
}

static void drop(struct calling *call, size_t len) {
    size_t rest = strlen(call->keys) - len;
    memmove(call->keys, call->keys + len, rest);
    memset(call->keys + rest, 0, sizeof call->keys - rest);
}

static enum keys_found take(struct calling *call, size_t len, size_t ended, int64_t now_ms,
                            char entry[CALL_KEYS]) {
    memcpy(entry, call->keys, len);
    entry[len] = '\0';
    drop(call, len + ended);
    call->keyed_ms = ended != 0 ? 0 : now_ms;
    return text_is(entry, "0") ? KEYS_PERSON : KEYS_ENTRY;
}

enum keys_found keys_take(struct calling *call, const struct shop *shop, enum keys_for what, bool whole,
                          int64_t now_ms, char entry[CALL_KEYS]) {
    size_t len = strcspn(call->keys, "#*");
    if (call->keys[len] == '*') {
        drop(call, len + 1);
        return KEYS_CLEARED;
    }
    if (call->keys[0] == '#') {
        bool late = call->keyed_ms != 0 && now_ms - call->keyed_ms <= KEYS_LATE_MS;
        drop(call, 1);
        call->keyed_ms = 0;
        return late ? KEYS_LATE : KEYS_EMPTY;
    }
    if (len == 0)
        return KEYS_OPEN;
    if (call->keys[len] == '#')
        return take(call, len, 1, now_ms, entry);
    if (what == KEYS_FOR_CHOICE && len == 1 && strchr("012345", call->keys[0]) != NULL)
        return take(call, len, 0, now_ms, entry);
    if (whole || now_ms >= keys_due(call, shop))
        return take(call, len, 0, now_ms, entry);
    return KEYS_OPEN;
}
