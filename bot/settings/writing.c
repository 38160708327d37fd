#include "bot/settings/writing.h"
#include "base/moment.h"
#include "base/text.h"
#include "bot/settings/settings.h"
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/* The sentence that every kind of a single value fails with. */
bool writing_refuse(const struct writing *writing, const char *value, struct error *err) {
    return error_set(err, "expected %s, found \"%s\"", writing->expected, value);
}
#define refuse writing_refuse

static bool set_text(const struct writing *writing, struct arena *arena, void *field,
                     const char *const *values, int count, struct error *err) {
    (void)arena, (void)count;
    if (!text_valid(values[0], strlen(values[0])))
        return error_set(err, "expected %s, found text that is not UTF-8", writing->expected);
    *(const char **)field = values[0];
    return true;
}

static bool set_folder(const struct writing *writing, struct arena *arena, void *field,
                       const char *const *values, int count, struct error *err) {
    struct stat about;
    if (values[0][0] && (stat(values[0], &about) != 0 || !S_ISDIR(about.st_mode)))
        return refuse(writing, values[0], err);
    return set_text(writing, arena, field, values, count, err);
}

static bool set_flag(const struct writing *writing, struct arena *arena, void *field,
                     const char *const *values, int count, struct error *err) {
    (void)writing, (void)arena, (void)values, (void)count, (void)err;
    *(bool *)field = true;
    return true;
}

static bool set_yes_no(const struct writing *writing, struct arena *arena, void *field,
                       const char *const *values, int count, struct error *err) {
    (void)arena, (void)count;
    bool yes = text_is(values[0], "yes");
    if (!yes && !text_is(values[0], "no"))
        return refuse(writing, values[0], err);
    *(bool *)field = yes;
    return true;
}

static bool set_number(const struct writing *writing, struct arena *arena, void *field,
                       const char *const *values, int count, struct error *err) {
    (void)arena, (void)count;
    char *end = NULL;
    errno = 0;
    long number = strtol(values[0], &end, 10);
    if (errno || end == values[0] || *end || !isdigit((unsigned char)values[0][0]) || number < writing->min ||
        number > writing->max || (writing == &written_factors && number == 1))
        return refuse(writing, values[0], err);
    *(int *)field = (int)number;
    return true;
}

static bool set_pace(const struct writing *writing, struct arena *arena, void *field,
                     const char *const *values, int count, struct error *err) {
    (void)arena, (void)count;
    struct pace pace = {0};
    char *end = NULL;
    long a_second = isdigit((unsigned char)values[0][0]) ? strtol(values[0], &end, 10) : -1, at_once = 0;
    if (a_second > 0 && *end == '/' && isdigit((unsigned char)end[1]))
        at_once = strtol(end + 1, &end, 10);
    if (a_second < 0 || *end || a_second > writing->max || at_once > writing->max ||
        (a_second > 0 && at_once < 1))
        return refuse(writing, values[0], err);
    pace.a_second = (int)a_second;
    pace.at_once = (int)at_once;
    *(struct pace *)field = pace;
    return true;
}

static bool set_addresses(const struct writing *writing, struct arena *arena, void *field,
                          const char *const *values, int count, struct error *err) {
    unsigned char bytes[sizeof(struct in6_addr)];
    (void)count;
    for (const char *at = values[0] + strspn(values[0], " "); *at; at += strspn(at, " ")) {
        const char *address = arena_format(arena, "%.*s", (int)strcspn(at, " "), at);
        if (inet_pton(AF_INET, address, bytes) != 1 && inet_pton(AF_INET6, address, bytes) != 1)
            return refuse(writing, address, err);
        at += strlen(address);
    }
    *(const char **)field = values[0];
    return true;
}

static bool set_level(const struct writing *writing, struct arena *arena, void *field,
                      const char *const *values, int count, struct error *err) {
    static const char *const names[] = {
        [LOG_ERROR] = "error", [LOG_WARNING] = "warning", [LOG_INFO] = "info", [LOG_DEBUG] = "debug"};
    (void)arena, (void)count;
    for (enum log_level level = LOG_ERROR; level <= LOG_DEBUG; level++)
        if (text_is(values[0], names[level])) {
            *(enum log_level *)field = level;
            return true;
        }
    return refuse(writing, values[0], err);
}

/* Whose clock it is by is known when all is read. */
static bool set_moment(const struct writing *writing, struct arena *arena, void *field,
                       const char *const *values, int count, struct error *err) {
    (void)arena, (void)count;
    struct moment moment;
    if (values[0][0] && (!moment_parse(&moment, values[0], NULL) || moment.ms <= 0))
        return refuse(writing, values[0], err);
    *(const char **)field = values[0];
    return true;
}

static bool set_id(const struct writing *writing, struct arena *arena, void *field, const char *const *values,
                   int count, struct error *err) {
    size_t len = strspn(values[0], "abcdefghijklmnopqrstuvwxyz0123456789-_");
    if (values[0][len] || len > 31 || len == 0)
        return refuse(writing, values[0], err);
    return set_text(writing, arena, field, values, count, err);
}

static bool set_locale(const struct writing *writing, struct arena *arena, void *field,
                       const char *const *values, int count, struct error *err) {
    const char *tag = values[0];
    size_t letters = strspn(tag, "abcdefghijklmnopqrstuvwxyz");
    bool region = tag[letters] == '-' && isupper((unsigned char)tag[letters + 1]) &&
                  isupper((unsigned char)tag[letters + 2]) && !tag[letters + 3];
    if (letters < 2 || letters > 3 || (tag[letters] && !region))
        return refuse(writing, tag, err);
    return set_text(writing, arena, field, values, count, err);
}

static bool set_country(const struct writing *writing, struct arena *arena, void *field,
                        const char *const *values, int count, struct error *err) {
    const char *code = values[0];
    if (code[0] && !(isupper((unsigned char)code[0]) && isupper((unsigned char)code[1]) && !code[2]))
        return refuse(writing, code, err);
    return set_text(writing, arena, field, values, count, err);
}

static bool set_zone(const struct writing *writing, struct arena *arena, void *field,
                     const char *const *values, int count, struct error *err) {
    (void)writing, (void)arena, (void)count;
    struct zone *zone = zone_open(values[0], err);
    if (!zone)
        return false;
    zone_close(*(struct zone **)field);
    *(struct zone **)field = zone;
    return true;
}

static bool set_pattern(const struct writing *writing, struct arena *arena, void *field,
                        const char *const *values, int count, struct error *err) {
    (void)writing, (void)arena, (void)count;
    struct number_pattern *pattern = NULL;
    if (values[0][0] && !(pattern = number_pattern_new(values[0], err)))
        return false;
    number_pattern_free(*(struct number_pattern **)field);
    *(struct number_pattern **)field = pattern;
    return true;
}

static bool set_texts(const struct writing *writing, struct arena *arena, void *field,
                      const char *const *values, int count, struct error *err) {
    const char **list = ARENA_ARRAY(arena, const char *, (size_t)count + 1);
    for (int i = 0; i < count; i++)
        if (!set_text(writing, arena, &list[i], &values[i], 1, err))
            return false;
    *(const char *const **)field = list;
    return true;
}

/* As a browser writes one: scheme, host, port when it is not the scheme's own; nothing after it. */
static bool set_origins(const struct writing *writing, struct arena *arena, void *field,
                        const char *const *values, int count, struct error *err) {
    for (int i = 0; i < count; i++) {
        const char *host = strncmp(values[i], "https://", 8) == 0  ? values[i] + 8
                           : strncmp(values[i], "http://", 7) == 0 ? values[i] + 7
                                                                   : "";
        if (!host[0] || host[strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789.-:[]")])
            return refuse(writing, values[i], err);
    }
    return set_texts(writing, arena, field, values, count, err);
}

/* "09:30" at *at; -1 when it is none. */
static int clock_minute(const char **at) {
    const char *text = *at;
    for (int i = 0; i < 5; i++)
        if (i == 2 ? text[i] != ':' : !isdigit((unsigned char)text[i]))
            return -1;
    int minute = ((text[0] - '0') * 10 + text[1] - '0') * 60 + (text[3] - '0') * 10 + text[4] - '0';
    *at = text + 5;
    return text[3] < '6' && minute <= 24 * 60 ? minute : -1;
}

static bool set_hours(const struct writing *writing, struct arena *arena, void *field,
                      const char *const *values, int count, struct error *err) {
    (void)arena, (void)count;
    struct hours hours = {0};
    if (!text_is(values[0], "closed")) {
        const char *at = values[0];
        hours.open = clock_minute(&at);
        bool dash = hours.open >= 0 && *at++ == '-';
        hours.close = dash ? clock_minute(&at) : -1;
        if (hours.close <= hours.open || *at)
            return refuse(writing, values[0], err);
    }
    *(struct hours *)field = hours;
    return true;
}

static const struct {
    const char *name;
    enum factor factor;
} factor_names[] = {{"number", FACTOR_NUMBER},
                    {"email", FACTOR_EMAIL},
                    {"postcode", FACTOR_POSTCODE},
                    {"phone", FACTOR_PHONE},
                    {"phone4", FACTOR_PHONE4}};
enum { FACTOR_NAMES = sizeof factor_names / sizeof factor_names[0] };

static unsigned factor_named(const char *name, size_t len) {
    for (int i = 0; i < FACTOR_NAMES; i++)
        if (strlen(factor_names[i].name) == len && memcmp(factor_names[i].name, name, len) == 0)
            return factor_names[i].factor;
    return 0;
}

/* "number+email": at least two, for whatever is one thing alone can be read off a label or guessed. */
static bool set_proofs(const struct writing *writing, struct arena *arena, void *field,
                       const char *const *values, int count, struct error *err) {
    (void)arena;
    unsigned sets[SHOP_TIER1_SETS] = {0};
    if (count < 1 || count >= SHOP_TIER1_SETS)
        return error_set(err, "expected one to %d combinations, found %d", SHOP_TIER1_SETS - 1, count);
    for (int i = 0; i < count; i++) {
        int factors = 0;
        for (const char *at = values[i]; *at;) {
            size_t len = strcspn(at, "+");
            unsigned factor = factor_named(at, len);
            if (!factor || (sets[i] & factor))
                return refuse(writing, values[i], err);
            sets[i] |= factor;
            factors++;
            at += len + (at[len] == '+');
        }
        if (factors < 2)
            return error_set(err, "\"%s\" is one thing alone, which proves nothing: expected %s", values[i],
                             writing->expected);
    }
    memcpy(field, sets, sizeof sets);
    return true;
}

static bool set_link(const struct writing *writing, struct arena *arena, void *field,
                     const char *const *values, int count, struct error *err) {
    if (values[0][0] && (strncmp(values[0], "https://", 8) != 0 || strpbrk(values[0], " \"'<>")))
        return refuse(writing, values[0], err);
    return set_text(writing, arena, field, values, count, err);
}

enum { SECRET_MIN = 32, SECRET_MAX = 1024, TOKEN_MIN = 12 };

/* The secret is everything in the file up to the first line's end. */
static const char *secret_read(const char *path, struct arena *arena, struct error *err) {
    FILE *in = fopen(path, "re");
    if (!in) {
        error_set(err, "cannot read the key file %s: %s", path, strerror(errno));
        return NULL;
    }
    struct stat about;
    if (fstat(fileno(in), &about) == 0 && (about.st_mode & S_IRWXO))
        log_line(LOG_WARNING, "settings", "%s: every user of this machine can read this key: chmod 600 %s",
                 path, path);
    char line[SECRET_MAX + 2];
    bool read = fgets(line, sizeof line, in) != NULL;
    fclose(in);
    if (!read) {
        error_set(err, "the key file %s is empty", path);
        return NULL;
    }
    line[strcspn(line, "\r\n")] = 0;
    return arena_string(arena, line);
}

const char *writing_secret(const char *source, const char *place, struct arena *arena, struct error *err) {
    if (text_is(source, "file"))
        return secret_read(place, arena, err);
    const char *value = text_is(source, "env") ? getenv(place) : NULL;
    if (text_is(source, "env") && !value)
        error_set(err, "the environment has no %s", place);
    else if (!value) /* it may be the secret itself: it is not shown */
        error_set(err, "expected \"file PATH\" or \"env NAME\"");
    return arena_string(arena, value);
}

/* Without what begins a path: "/voice/twilio" is put behind it. */
static bool set_public(const struct writing *writing, struct arena *arena, void *field,
                       const char *const *values, int count, struct error *err) {
    const char *url = values[0];
    size_t len = strlen(url);
    bool whole = strncmp(url, "https://", 8) == 0 ? len > 8 : strncmp(url, "http://", 7) == 0 && len > 7;
    if (len && (!whole || url[len - 1] == '/' || strpbrk(url, " \"'<>?#")))
        return refuse(writing, url, err);
    return set_text(writing, arena, field, values, count, err);
}

static bool set_secret(const struct writing *writing, struct arena *arena, void *field,
                       const char *const *values, int count, struct error *err) {
    (void)writing, (void)count;
    char *source = arena_string(arena, values[0]), *place = source + strcspn(source, " ");
    if (*place)
        *place++ = 0;
    const char *secret = writing_secret(source, place, arena, err);
    if (!secret)
        return false;
    if (strlen(secret) < TOKEN_MIN)
        return error_set(err, "the secret is %zu bytes long, expected at least %d", strlen(secret),
                         TOKEN_MIN);
    *(const char **)field = secret;
    return true;
}

static bool set_keys(const struct writing *writing, struct arena *arena, void *field,
                     const char *const *values, int count, struct error *err) {
    struct signing_key keys[SHOP_KEYS] = {0};
    if (count > SHOP_KEYS)
        return error_set(err, "expected at most %d keys, found %d", SHOP_KEYS, count);
    for (int i = 0; i < count; i++) {
        char *words = arena_string(arena, values[i]);
        char *source = words + strcspn(words, " "), *place;
        if (!*source)
            return refuse(writing, values[i], err);
        *source++ = 0;
        place = source + strcspn(source, " ");
        if (!*place || !words[0] || strpbrk(words, "."))
            return refuse(writing, values[i], err);
        *place++ = 0;
        if (!text_is(source, "file") && !text_is(source, "env"))
            return refuse(writing, values[i], err);
        const char *secret = writing_secret(source, place, arena, err);
        if (!secret)
            return error_prefix(err, "key \"%s\"", words);
        if (strlen(secret) < SECRET_MIN)
            return error_set(err, "key \"%s\" is %zu bytes long, expected at least %d: openssl rand -hex 32",
                             words, strlen(secret), SECRET_MIN);
        keys[i].id = words;
        keys[i].secret = secret;
    }
    memcpy(field, keys, sizeof keys);
    return true;
}

bool writing_pair(char *text, const char **value) {
    char *equals = strstr(text, " = ");
    if (!equals || equals == text || !equals[3])
        return false;
    *equals = 0;
    *value = equals + 3;
    return true;
}

static bool set_queues(const struct writing *writing, struct arena *arena, void *field,
                       const char *const *values, int count, struct error *err) {
    struct queue_name *rows = ARENA_ARRAY(arena, struct queue_name, (size_t)count + 1);
    for (int i = 0; i < count; i++) {
        char *pair = arena_string(arena, values[i]);
        if (!text_valid(pair, strlen(pair)) || !writing_pair(pair, &rows[i].name))
            return refuse(writing, values[i], err);
        rows[i].queue = pair;
    }
    *(const struct queue_name **)field = rows;
    return true;
}

static bool set_carriers(const struct writing *writing, struct arena *arena, void *field,
                         const char *const *values, int count, struct error *err) {
    struct carrier_link *rows = ARENA_ARRAY(arena, struct carrier_link, (size_t)count + 1);
    for (int i = 0; i < count; i++) {
        char *pair = arena_string(arena, values[i]);
        if (!text_valid(pair, strlen(pair)) || !writing_pair(pair, &rows[i].link) ||
            strncmp(rows[i].link, "https://", 8) != 0 || strpbrk(rows[i].link, " \"'<>") ||
            !strstr(rows[i].link, "{number}"))
            return refuse(writing, values[i], err);
        rows[i].carrier = pair;
    }
    *(const struct carrier_link **)field = rows;
    return true;
}

const struct writing written_text = {"TEXT", "text", false, 0, 0, set_text};
const struct writing written_file = {"FILE", "a path", false, 0, 0, set_text};
const struct writing written_folder = {"DIR", "a folder that exists", false, 0, 0, set_folder};
const struct writing written_flag = {NULL, "no value", false, 0, 0, set_flag};
const struct writing written_yes_no = {"yes|no", "yes or no", false, 0, 0, set_yes_no};
const struct writing written_port = {"N", "a number from 0 to 65535", false, 0, 65535, set_number};
const struct writing written_days = {"N", "a number from 0 to 36500", false, 0, 36500, set_number};
const struct writing written_count = {"N", "a number from 1 to 100", false, 1, 100, set_number};
const struct writing written_pace = {
    "N/N", "a number a second and a number at once such as 30/300, or 0", false, 0, 1000000, set_pace};
const struct writing written_addresses = {
    "LIST", "addresses between blanks such as 127.0.0.1", false, 0, 0, set_addresses};
const struct writing written_factors = {"N", "a number from 2 to 5, or 0", false, 0, 5, set_number};
const struct writing written_level = {"LEVEL", "error, warning, info or debug", false, 0, 0, set_level};
const struct writing written_moment = {
    "TIME",    "a day such as 2026-03-11 or a time such as 2026-03-11T09:00, of the shop's zone", false, 0, 0,
    set_moment};
const struct writing written_id = {"ID", "up to 31 of a-z 0-9 - _", false, 0, 0, set_id};
const struct writing written_locale = {"L", "a language such as fr or fr-CA", false, 0, 0, set_locale};
const struct writing written_country = {"CC", "a country such as FR", false, 0, 0, set_country};
const struct writing written_zone = {"ZONE", "a time zone such as Europe/Paris", false, 0, 0, set_zone};
const struct writing written_pattern = {"REGEX", "a regular expression", false, 0, 0, set_pattern};
const struct writing written_texts = {"LIST", "a list of texts", true, 0, 0, set_texts};
const struct writing written_origins = {
    "LIST", "an origin such as https://shop.example, lower case, without a path", true, 0, 0, set_origins};
const struct writing written_hours = {"HOURS",  "hours such as 09:00-18:00, or closed", false, 0, 0,
                                      set_hours};
const struct writing written_proofs = {
    "LIST", "things joined by +: number, email, postcode, phone, phone4", true, 0, 0, set_proofs};
const struct writing written_link = {"URL", "an address that begins with https://", false, 0, 0, set_link};
const struct writing written_keys = {
    "LIST", "\"ID file PATH\" or \"ID env NAME\", the id without dots", true, 0, 0, set_keys};
const struct writing written_queues = {"LIST", "\"QUEUE = NAME\"", true, 0, 0, set_queues};
const struct writing written_carriers = {"LIST",      "\"CARRIER = https://…{number}…\"", true, 0, 0,
                                         set_carriers};
const struct writing written_public = {
    "URL", "an address such as https://wismo.example.com, without / at its end", false, 0, 0, set_public};
const struct writing written_secret = {"SECRET", "\"file PATH\" or \"env NAME\"", false, 0, 0, set_secret};
