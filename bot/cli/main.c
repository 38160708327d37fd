#include "base/clock.h"
#include "base/pages.h"
#include "base/text.h"
#include "bot/cli/cli.h"
#include "intents/intents.h"
#include <locale.h>
#include <signal.h>
#include <string.h>

int64_t cli_now_ms(const struct settings *settings) {
    return settings->now_ms ? settings->now_ms : clock_ms(CLOCK_REALTIME);
}

static const char *name_of(enum verb verb) {
    const struct verb_row *row = verb_rows;
    while (row->verb != verb)
        row++;
    return row->name;
}

enum exit_status cli_fail(enum verb verb, const struct error *err) {
    fprintf(stderr, "wismo %s: %s\n", name_of(verb), err->text);
    return EXIT_FAILED;
}

enum exit_status cli_usage(enum verb verb, const char *format, ...) {
    va_list args;
    fprintf(stderr, "wismo %s: ", name_of(verb));
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fprintf(stderr, "\nwismo %s --help explains it.\n", name_of(verb));
    return EXIT_USAGE;
}

/* "--help", "-h" and "--version" are what people try first. */
static const char *verb_of(const char *word) {
    if (text_is(word, "--help") || text_is(word, "-h"))
        return "help";
    return text_is(word, "--version") ? "version" : word;
}

static enum exit_status unknown_verb(const char *word) {
    const char *names[32] = {0};
    for (int i = 0; verb_rows[i].name; i++)
        names[i] = verb_rows[i].name;
    const char *near = settings_nearest(word, names);
    fprintf(stderr, "wismo: there is no verb \"%s\"", word);
    if (near)
        fprintf(stderr, ": did you mean %s?", near);
    fputs("\nwismo help lists them.\n", stderr);
    return EXIT_USAGE;
}

/* What is imported, and who is answered, belongs to one shop. */
static void say_shop(const struct verb_row *row, const struct settings *settings) {
    if (row->verb & (VERB_IMPORT | VERB_ASK | VERB_CALL | VERB_DEMO) && settings->shop_count > 1 &&
        !settings->shop_id[0])
        fprintf(stderr, "wismo %s: for the shop \"%s\", the first of %d; --shop ID names another\n",
                row->name, settings->shop->id, settings->shop_count);
}

#ifndef WISMO_SANITIZED /* sanitizers begin later */
/* Before libraries begin: eight megabytes of ICU's data would be read for the first page of its code. */
static void begin(void) {
    pages_sparse("/libicudata.", intents_embedded[0].begin);
}
__attribute__((section(".preinit_array"), used)) static void (*const first)(void) = begin;
#endif

int main(int argc, char **argv) {
    struct error err = {""};
    setlocale(LC_CTYPE, "C.UTF-8");
    signal(SIGPIPE, SIG_IGN); /* a reader that goes away is an error of write */
    if (argc < 2) {
        verbs_help(stderr);
        return EXIT_USAGE;
    }
    const struct verb_row *row = verb_named(verb_of(argv[1]));
    if (!row)
        return unknown_verb(argv[1]);
    struct settings *settings = settings_load(row->verb, argc - 1, argv + 1, &err);
    if (!settings)
        return cli_usage(row->verb, "%s", err.text);
    log_set_level(settings->log_level);
    log_set_format(settings->log_format);
    enum exit_status status = EXIT_DONE;
    if (!settings->help)
        say_shop(row, settings);
    if (settings->help)
        verb_help(row, stdout);
    else
        status = row->run(settings);
    settings_free(settings);
    if (fflush(stdout) != 0 && status == EXIT_DONE)
        status = EXIT_FAILED;
    return status;
}
