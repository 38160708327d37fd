#include "bot/settings/settings.h"
#include "base/text.h"
#include "bot/settings/file.h"
#include "bot/settings/table.h"
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LIST_MAX = 64 };

/* What stood behind a flag; NULL: the flag was not given. */
struct given {
    const char *values[SETTINGS_MAX];
};

static int row_count(void) {
    int count = 0;
    while (option_rows[count].name)
        count++;
    return count;
}

/* The text of a list's default: "{a, b}". */
static int list_split(const char *text, struct arena *arena, const char **values) {
    int count = 0;
    for (const char *at = text + strspn(text, "{ "); *at && *at != '}' && count < LIST_MAX;) {
        size_t len = strcspn(at, ",}");
        values[count++] = arena_copy(arena, at, len);
        at += len;
        at += strspn(at, ", ");
    }
    return count;
}

bool settings_set(struct settings *settings, struct shop *shop, const struct option_row *row,
                  const char *const *values, int count, struct error *err) {
    char *base = row->scope == SCOPE_SHOP ? (char *)shop : (char *)settings;
    const char *kept[LIST_MAX];
    if (count > LIST_MAX)
        return error_set(err, "%s: expected at most %d values", row->name, LIST_MAX);
    for (int i = 0; i < count; i++)
        kept[i] = arena_string(&settings->arena, values[i]);
    if (row->scope == SCOPE_PROCESS)
        settings->written[row - option_rows] = kept[0];
    return row->writing->set(row->writing, &settings->arena, base + row->offset, kept, count, err);
}

static bool set_standard(struct settings *settings, struct shop *shop, const struct option_row *row,
                         struct error *err) {
    const char *values[LIST_MAX] = {row->standard};
    int count = row->writing->list ? list_split(row->standard, &settings->arena, values) : 1;
    return settings_set(settings, shop, row, values, count, err) ||
           error_prefix(err, "default of %s", row->name);
}

struct shop *settings_add_shop(struct settings *settings, const char *id, struct error *err) {
    if (settings->shop_count == SHOPS_MAX) {
        error_set(err, "expected at most %d shops", SHOPS_MAX);
        return NULL;
    }
    struct shop *shop = &settings->shops[settings->shop_count];
    if (!written_id.set(&written_id, &settings->arena, &shop->id, &id, 1, err)) {
        error_prefix(err, "shop");
        return NULL;
    }
    shop->id = arena_string(&settings->arena, id);
    settings->shop_count++;
    for (const struct option_row *row = option_rows; row->name; row++)
        if (row->scope == SCOPE_SHOP && !set_standard(settings, shop, row, err))
            return NULL;
    return shop;
}

/* One getopt_long value a row: its index after the 256 that are letters. */
static bool flags_read(struct settings *settings, enum verb verb, int argc, char **argv, struct given *given,
                       struct error *err) {
    struct option longs[SETTINGS_MAX + 1] = {0};
    const char *names[SETTINGS_MAX + 1] = {0};
    int count = 0;
    for (int i = 0; i < row_count(); i++) {
        const struct option_row *row = &option_rows[i];
        if (!(row->verbs & verb))
            continue;
        char name[OPTION_NAME_MAX];
        option_flag(name, row);
        names[count] = arena_format(&settings->arena, "--%s", name);
        longs[count].name = names[count] + 2;
        longs[count].has_arg = row->writing->argument ? required_argument : no_argument;
        longs[count++].val = 256 + i;
    }
    optind = 0; /* a fresh start, as glibc has it */
    opterr = 0;
    for (int found; (found = getopt_long(argc, argv, ":h", longs, NULL)) != -1;) {
        if (found == 'h')
            settings->help = true;
        else if (found >= 256)
            given->values[found - 256] = optarg ? optarg : "";
        else {
            const char *word = optind > 0 && optind <= argc ? argv[optind - 1] : "";
            if (found == ':')
                return error_set(err, "%s needs a value", word);
            if (optopt >= 256)
                return error_set(err, "%.*s takes no value", (int)strcspn(word, "="), word);
            char *flag = optopt ? arena_format(&settings->arena, "-%c", optopt)
                                : arena_copy(&settings->arena, word, strcspn(word, "="));
            const char *near = settings_nearest(flag, names);
            return near ? error_set(err, "%s is no flag of %s: did you mean %s?", flag, argv[0], near)
                        : error_set(err, "%s is no flag of %s", flag, argv[0]);
        }
    }
    settings->arguments = (const char *const *)argv + optind;
    settings->argument_count = argc - optind;
    return true;
}

static const struct option_row *row_of(const char *name, enum scope scope) {
    const struct option_row *row = option_rows;
    while (row->name && (row->scope != scope || !text_is(row->name, name)))
        row++;
    return row;
}

/* The file that --conf or WISMO_CONF names must exist; the one that nobody named need not. */
static bool file_read(struct settings *settings, const struct given *given, struct error *err) {
    const struct option_row *row = row_of("conf", SCOPE_PROCESS);
    const char *path = given->values[row - option_rows];
    if (!path)
        path = getenv("WISMO_CONF");
    bool named = !text_empty(path);
    if (!named)
        path = row->standard;
    if (!named && access(path, F_OK) != 0) {
        settings->conf = "";
        return true;
    }
    settings->conf = arena_string(&settings->arena, path);
    return settings_file_read(settings, path, err);
}

static bool variables_and_flags(struct settings *settings, const struct given *given, struct error *err) {
    for (const struct option_row *row = option_rows; row->name; row++) {
        if (text_is(row->name, "conf") || row->scope == SCOPE_SHOP)
            continue;
        char name[OPTION_NAME_MAX];
        option_variable(name, row);
        const char *variable = row->scope == SCOPE_PROCESS ? getenv(name) : NULL;
        if (!text_empty(variable) && !settings_set(settings, NULL, row, &variable, 1, err))
            return error_prefix(err, "%s", name);
        const char *flag = given->values[row - option_rows];
        option_flag(name, row);
        if (flag && !settings_set(settings, NULL, row, &flag, 1, err))
            return error_prefix(err, "--%s", name);
    }
    return true;
}

static const char *const demo_prefixes[] = {"FR-", "UK-", NULL};

/* 0: none was written. */
static int64_t instant_of(const char *written, const struct zone *zone) {
    struct moment moment = {0};
    moment_parse(&moment, written, zone);
    return moment.kind == MOMENT_DAY ? zone_instant(zone, zone_day(NULL, moment.ms), 0) : moment.ms;
}

static bool shops_settle(struct settings *settings, struct error *err) {
    if (settings->shop_count == 0) {
        struct shop *shop = settings_add_shop(settings, "default", err);
        if (!shop)
            return false;
        shop->name = "Maison Demo"; /* the shop of db/demo.jsonl */
        shop->number_prefixes = demo_prefixes;
    }
    for (int i = 0; i < settings->shop_count; i++)
        if (!settings->shops[i].name[0])
            settings->shops[i].name = settings->shops[i].id;
    for (int i = 0; i < settings->shop_count; i++)
        if (settings->shops[i].handoff_to.kind == TARGET_MAIL &&
            (!settings->smtp.url[0] || !settings->mail_from[0]))
            return error_set(err, "shop \"%s\": handoff_to: mail needs the settings smtp and mail_from",
                             settings->shops[i].id);
    settings->shop = settings->shop_id[0] ? settings_shop(settings, settings->shop_id) : settings->shops;
    if (settings->shop) {
        settings->now_ms = instant_of(settings->now, settings->shop->zone);
        settings->since_ms = instant_of(settings->since, settings->shop->zone);
        return true;
    }
    const char *names[SHOPS_MAX + 1] = {0};
    for (int i = 0; i < settings->shop_count; i++)
        names[i] = settings->shops[i].id;
    const char *near = settings_nearest(settings->shop_id, names);
    return error_set(err, "--shop: %s has no shop \"%s\"; %s \"%s\"",
                     settings->conf[0] ? settings->conf : "the default configuration", settings->shop_id,
                     near ? "did you mean" : "the first is", near ? near : names[0]);
}

static bool tls_whole(const struct settings *settings, struct error *err) {
    bool certificate = settings->tls_certificate[0], key = settings->tls_key[0];
    return certificate == key ||
           error_set(err, "%s is set without %s: TLS needs both files", key ? "tls_key" : "tls_certificate",
                     key ? "tls_certificate" : "tls_key");
}

/* What Twilio signs is this address, and the calls that it or its like gives us go there. */
static bool public_whole(const struct settings *settings, struct error *err) {
    bool twilio = settings->twilio_token[0], relay = settings->relay_token[0];
    return settings->public_url[0] || !(twilio || relay) ||
           error_set(err, "%s is set without public_url: where calls are sent must be known",
                     twilio ? "twilio_token" : "relay_token");
}

static bool load(struct settings *settings, enum verb verb, int argc, char **argv, struct error *err) {
    struct given given = {0};
    arena_init(&settings->arena);
    settings->shops = ARENA_ARRAY(&settings->arena, struct shop, SHOPS_MAX);
    for (const struct option_row *row = option_rows; row->name; row++)
        if (row->scope != SCOPE_SHOP && row->writing->argument) {
            /* an optional text that nobody gives is "" without being checked */
            if (!row->standard[0])
                *(const char **)((char *)settings + row->offset) = "";
            else if (!set_standard(settings, NULL, row, err))
                return false;
        }
    if (!flags_read(settings, verb, argc, argv, &given, err))
        return false;
    if (settings->help || given.values[row_of("help", SCOPE_FLAG) - option_rows])
        return settings->help = true;
    return file_read(settings, &given, err) && variables_and_flags(settings, &given, err) &&
           tls_whole(settings, err) && public_whole(settings, err) && shops_settle(settings, err);
}

struct settings *settings_load(enum verb verb, int argc, char **argv, struct error *err) {
    struct settings *settings = calloc(1, sizeof *settings);
    if (!settings) {
        error_set(err, "out of memory");
        return NULL;
    }
    settings->verb = verb;
    settings->argc = argc;
    settings->argv = argv;
    if (!load(settings, verb, argc, argv, err)) {
        settings_free(settings);
        return NULL;
    }
    return settings;
}

struct settings *settings_again(const struct settings *settings, struct error *err) {
    return settings_load(settings->verb, settings->argc, settings->argv, err);
}

const char *settings_waiting(struct settings *settings, const struct settings *started) {
    const char *names = "";
    for (const struct option_row *row = option_rows; row->name; row++) {
        const char *now = settings->written[row - option_rows], *then = started->written[row - option_rows];
        /* certificates are renewed, but TLS is not switched on or off */
        bool renewed = !text_is(row->name, "tls_certificate") || text_empty(now) == text_empty(then);
        if (!text_is(now, then) && !(row->verbs & RELOADED && renewed))
            names = arena_format(&settings->arena, "%s%s%s", names, *names ? ", " : "", row->name);
    }
    return names;
}

void settings_free(struct settings *settings) {
    if (!settings)
        return;
    for (int i = 0; i < settings->shop_count; i++) {
        zone_close((struct zone *)settings->shops[i].zone);
        number_pattern_free((struct number_pattern *)settings->shops[i].number);
    }
    arena_clear(&settings->arena);
    free(settings);
}

const struct shop *settings_shop(const struct settings *settings, const char *id) {
    return shop_find(settings->shops, settings->shop_count, id);
}

void settings_print_flags(enum verb verb, FILE *out) {
    for (const struct option_row *row = option_rows; row->name; row++) {
        if (!(row->verbs & verb))
            continue;
        char flag[OPTION_NAME_MAX], whole[2 * OPTION_NAME_MAX];
        option_flag(flag, row);
        snprintf(whole, sizeof whole, "--%s%s%s", flag, row->writing->argument ? " " : "",
                 row->writing->argument ? row->writing->argument : "");
        fprintf(out, "  %-22s %s%s%s%s\n", whole, row->sentence, row->standard[0] ? " (default " : "",
                row->standard, row->standard[0] ? ")" : "");
    }
}

static void print_cell(FILE *out, const char *text) {
    fputs(" ", out);
    for (; *text; text++)
        fprintf(out, *text == '|' ? "\\|" : "%c", *text);
    fputs(" |", out);
}

void settings_print_table(FILE *out) {
    fputs("| Setting | Flag | Environment | Default | What it does |\n|---|---|---|---|---|\n", out);
    for (const struct option_row *row = option_rows; row->name; row++) {
        char flag[OPTION_NAME_MAX], variable[OPTION_NAME_MAX];
        if (row->scope != SCOPE_PROCESS)
            continue;
        option_flag(flag, row);
        option_variable(variable, row);
        fprintf(out, "| `%s` | `--%s` | `%s` | %s%s%s |", row->name, flag, variable,
                row->standard[0] ? "`" : "", row->standard, row->standard[0] ? "`" : "");
        print_cell(out, row->sentence);
        fputs("\n", out);
    }
    fputs("\nInside `shop \"id\" { … }`:\n\n| Setting | Default | What it does |\n|---|---|---|\n", out);
    for (const struct option_row *row = option_rows; row->name; row++) {
        if (row->scope != SCOPE_SHOP)
            continue;
        fprintf(out, "| `%s` | %s%s%s |", row->name, row->standard[0] ? "`" : "", row->standard,
                row->standard[0] ? "`" : "");
        print_cell(out, row->sentence);
        fputs("\n", out);
    }
}
