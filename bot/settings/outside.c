/* The kinds of values that lead hand-offs out of the program: targets, the mail relay, durations. */
#include "base/hash.h"
#include "base/key.h"
#include "base/text.h"
#include "bot/settings/settings.h"
#include "bot/settings/writing.h"
#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 12, KEY_LEAST = 24, KEY_MOST = 64, DOOR_LEAST = 16 };

/* The words of a value, cut apart in a copy. -1: too many. */
static int words_split(const char *value, struct arena *arena, const char *words[WORDS_MAX]) {
    char *at = arena_string(arena, value);
    int count = 0;
    for (at += strspn(at, " "); *at && count < WORDS_MAX; at += strspn(at, " ")) {
        words[count++] = at;
        at += strcspn(at, " ");
        if (*at)
            *at++ = '\0';
    }
    return *at ? -1 : count;
}

static bool is_url(const char *word, const char *const *schemes) {
    for (; *schemes; schemes++) {
        size_t len = strlen(*schemes);
        if (strncmp(word, *schemes, len) == 0 && (isalnum((unsigned char)word[len]) || word[len] == '[') &&
            !strpbrk(word, "\"'<>\\@") && text_valid(word, strlen(word)))
            return true;
    }
    return false;
}

static bool is_number(const char *word) {
    return word[0] && word[strspn(word, "0123456789")] == '\0' && strlen(word) < 10;
}

static bool is_mail(const char *word) {
    char key[EMAIL_SIZE];
    return key_email(key, word) && !strpbrk(word, "<>\"(),;:\\ \r\n") && strchr(word, '@') != word;
}

/* Of Standard Webhooks: "whsec_" and base64. */
static bool secret_good(const char *secret, struct error *err) {
    static const char prefix[] = "whsec_";
    uint8_t key[KEY_MOST];
    size_t len = 0;
    bool good = strncmp(secret, prefix, sizeof prefix - 1) == 0;
    const char *text = good ? secret + sizeof prefix - 1 : "";
    good = good && base64_decode(key, sizeof key, &len, text, strlen(text)) && len >= KEY_LEAST;
    return good || error_set(err,
                             "the secret of a webhook is \"whsec_\" and %d to %d bytes in base64: "
                             "echo whsec_$(openssl rand -base64 32)",
                             KEY_LEAST, KEY_MOST);
}

static bool is_door(const char *word) {
    return strlen(word) >= DOOR_LEAST &&
           word[strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")] == '\0';
}

/* What follows the name of each kind: words, then secrets as pairs of words. */
static const struct {
    const char *name;
    enum target_kind kind;
    int words, secrets_least, secrets_most;
} targets[] = {{"desk", TARGET_DESK, 0, 0, 0},
               {"webhook", TARGET_WEBHOOK, 1, 1, 1},
               {"mail", TARGET_MAIL, 1, 0, 0},
               {"chatwoot", TARGET_CHATWOOT, 3, 1, 3}};
enum { TARGETS = sizeof targets / sizeof *targets };

static bool target_good(const struct target *target, struct error *err) {
    static const char *const schemes[] = {"https://", "http://", NULL};
    switch (target->kind) {
    case TARGET_DESK:
        return true;
    case TARGET_MAIL:
        return is_mail(target->address) ||
               error_set(err, "expected mail ADDRESS, found \"%s\"", target->address);
    case TARGET_WEBHOOK:
        return is_url(target->address, schemes)
                   ? secret_good(target->secret, err)
                   : error_set(err, "expected an address that begins with https://, found \"%s\"",
                               target->address);
    case TARGET_CHATWOOT:
        break;
    }
    if (!is_url(target->address, schemes) || !is_number(target->account) || !is_number(target->inbox))
        return error_set(err, "expected chatwoot, its address, the number of the account and of the inbox");
    if (!target->secret[0] || strpbrk(target->secret, " \t\r\n"))
        return error_set(err, "expected the token of Chatwoot's API in one word");
    return !target->door[0] || is_door(target->door) ||
           error_set(err,
                     "the secret of the address that Chatwoot calls: expected at least %d letters and "
                     "digits: openssl rand -hex 32",
                     DOOR_LEAST);
}

static bool set_target(const struct writing *writing, struct arena *arena, void *field,
                       const char *const *values, int count, struct error *err) {
    const char *words[WORDS_MAX];
    struct target target = {.address = "", .account = "", .inbox = "", .secret = "", .door = "", .signs = ""};
    const char **plain[] = {&target.address, &target.account, &target.inbox},
               **secrets[] = {&target.secret, &target.door, &target.signs};
    int kind = 0;
    count = words_split(values[0], arena, words);
    while (count > 0 && kind < TARGETS && !text_is(targets[kind].name, words[0]))
        kind++;
    if (count <= 0 || kind == TARGETS)
        return error_set(err, "expected %s", writing->expected); /* a secret may stand in it */
    int pairs = (count - 1 - targets[kind].words) / 2, first = 1 + targets[kind].words;
    if (count != first + 2 * pairs || pairs < targets[kind].secrets_least ||
        pairs > targets[kind].secrets_most)
        return error_set(err, "expected %s", writing->expected);
    target.kind = targets[kind].kind;
    for (int i = 0; i < targets[kind].words; i++)
        *plain[i] = words[1 + i];
    for (int i = 0; i < pairs; i++)
        if (!(*secrets[i] = writing_secret(words[first + 2 * i], words[first + 2 * i + 1], arena, err)))
            return false;
    size_t len = strlen(target.address); /* "https://chat.example/": paths are added to it */
    if (target.kind == TARGET_CHATWOOT && len && target.address[len - 1] == '/')
        target.address = arena_copy(arena, target.address, len - 1);
    if (!target_good(&target, err))
        return false;
    *(struct target *)field = target;
    return true;
}

static bool set_relay(const struct writing *writing, struct arena *arena, void *field,
                      const char *const *values, int count, struct error *err) {
    static const char *const schemes[] = {"smtps://", "smtp://", NULL};
    const char *words[WORDS_MAX];
    struct relay relay = {.url = "", .user = "", .password = ""};
    count = words_split(values[0], arena, words);
    if ((count != 1 && count != 4) || !is_url(words[0], schemes))
        return error_set(err, "expected %s", writing->expected);
    relay.url = words[0];
    if (count == 4) {
        relay.user = words[1];
        if (!(relay.password = writing_secret(words[2], words[3], arena, err)))
            return false;
    }
    *(struct relay *)field = relay;
    return true;
}

static bool set_duration(const struct writing *writing, struct arena *arena, void *field,
                         const char *const *values, int count, struct error *err) {
    static const struct {
        char letter;
        int seconds;
    } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
    char *end = NULL;
    long number = isdigit((unsigned char)values[0][0]) ? strtol(values[0], &end, 10) : 0;
    (void)arena, (void)count;
    for (size_t i = 0; number > 0 && i < sizeof units / sizeof *units; i++)
        if (end[0] == units[i].letter && !end[1] && number <= writing->max / units[i].seconds) {
            *(int *)field = (int)number * units[i].seconds;
            return true;
        }
    return writing_refuse(writing, values[0], err);
}

static bool set_mail(const struct writing *writing, struct arena *arena, void *field,
                     const char *const *values, int count, struct error *err) {
    (void)arena, (void)count;
    if (!is_mail(values[0]))
        return writing_refuse(writing, values[0], err);
    *(const char **)field = values[0];
    return true;
}

/* "127.0.0.1:9464", "[::1]:9464". */
static bool set_endpoint(const struct writing *writing, struct arena *arena, void *field,
                         const char *const *values, int count, struct error *err) {
    const char *colon = strrchr(values[0], ':'), *host = values[0];
    char *end = NULL;
    (void)count;
    long port = colon && isdigit((unsigned char)colon[1]) ? strtol(colon + 1, &end, 10) : -1;
    if (port < 0 || port > writing->max || *end || colon == host)
        return writing_refuse(writing, values[0], err);
    bool brackets = host[0] == '[' && colon[-1] == ']';
    *(struct endpoint_address *)field = (struct endpoint_address){
        arena_copy(arena, host + brackets, (size_t)(colon - host) - 2 * brackets), (int)port};
    return true;
}

static bool set_format(const struct writing *writing, struct arena *arena, void *field,
                       const char *const *values, int count, struct error *err) {
    (void)arena, (void)count;
    bool json = text_is(values[0], "json");
    if (!json && !text_is(values[0], "text"))
        return writing_refuse(writing, values[0], err);
    *(enum log_format *)field = json ? LOG_JSON : LOG_TEXT;
    return true;
}

const struct writing written_target = {
    "TARGET", "desk, webhook URL file PATH, mail ADDRESS, or chatwoot URL ACCOUNT INBOX file PATH",
    false,    0,
    0,        set_target};
const struct writing written_relay = {
    "RELAY",  "an address such as smtps://mail.example:465, then perhaps USER file PATH", false, 0, 0,
    set_relay};
const struct writing written_duration = {
    "TIME", "a time such as 90s, 15m, 24h or 7d", false, 0, 365 * 86400, set_duration};
const struct writing written_mail = {"ADDRESS", "an e-mail address", false, 0, 0, set_mail};
const struct writing written_endpoint = {
    "ADDRESS:PORT", "an address and port such as 127.0.0.1:9464", false, 0, 65535, set_endpoint};
const struct writing written_format = {"FORMAT", "text or json", false, 0, 0, set_format};
