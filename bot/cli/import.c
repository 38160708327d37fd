#include "db/import.h"
#include "base/text.h"
#include "bot/cli/cli.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void print_reject(const char *message, void *context) {
    bool *terminal = context;
    fprintf(stderr, "%s%s\n", *terminal ? "\r\033[K" : "", message);
}

static void print_progress(int64_t rows, void *context) {
    bool *terminal = context;
    if (*terminal)
        fprintf(stderr, "\r%" PRId64 " rows", rows);
}

static bool format_of(const char *name, enum import_format *format) {
    static const struct {
        const char *name;
        enum import_format format;
    } names[] = {{"", IMPORT_GUESS}, {"csv", IMPORT_CSV}, {"jsonl", IMPORT_JSONL}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (text_is(names[i].name, name)) {
            *format = names[i].format;
            return true;
        }
    return false;
}

static bool dates_of(const char *name, enum moment_order *dates) {
    static const char *const names[] = {[MOMENT_ISO] = "", [MOMENT_DMY] = "dmy", [MOMENT_MDY] = "mdy"};
    for (*dates = MOMENT_ISO; *dates <= MOMENT_MDY; ++*dates)
        if (text_is(names[*dates], name))
            return true;
    return false;
}

/* A database that is not there is filled aside, which is several times as fast. */
static struct store *open_store(const char *path, struct error *err) {
    return access(path, F_OK) != 0 && errno == ENOENT ? store_fill(path, err)
                                                      : store_open(path, STORE_CREATE, err);
}

static enum exit_status run(struct settings *settings, struct store *store, FILE *in, FILE *rejects,
                            struct import_options *options, struct import_summary *summary) {
    struct error err = {""};
    bool terminal = isatty(STDERR_FILENO);
    options->rejects = rejects;
    options->reject = print_reject;
    options->progress = print_progress;
    options->context = &terminal;
    options->shop = settings->shop->id;
    options->zone = settings->shop->zone;
    options->country = settings->shop->country;
    options->now_ms = cli_now_ms(settings);
    bool filling = store_filling(store),
         done = import_run(store, in, options, summary, &err) && (!filling || store_fill_end(store, &err));
    if (!done && filling) /* nothing was kept */
        summary->added = summary->changed = summary->same = 0;
    if (terminal)
        fputs("\r\033[K", stderr);
    printf("read %" PRId64 ", new %" PRId64 ", changed %" PRId64 ", same %" PRId64 ", rejected %" PRId64 "\n",
           summary->read, summary->added, summary->changed, summary->same, summary->rejected);
    if (!done)
        return cli_fail(VERB_IMPORT, &err);
    return summary->rejected ? EXIT_FAILED : EXIT_DONE;
}

/* Under whatever name: another spelling, a link, what the shell has opened. */
static bool same_file(const char *path, const struct stat *other) {
    struct stat it;
    return stat(path, &it) == 0 && it.st_dev == other->st_dev && it.st_ino == other->st_ino;
}

static bool plain_file(const char *path, struct stat *it) {
    return lstat(path, it) == 0 && S_ISREG(it->st_mode);
}

/* Customers' rows: as private as the database. */
static FILE *open_private(const char *path) {
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    return file < 0 ? NULL : fdopen(file, "w");
}

/* The rejects of an earlier import may be what somebody mends just now: they are moved aside. */
static FILE *open_rejects(const char *path, const char *aside, struct error *err) {
    struct stat it;
    bool earlier = plain_file(path, &it) && it.st_size;
    FILE *rejects = earlier && rename(path, aside) != 0 ? NULL : open_private(path);
    if (!rejects)
        error_set(err, "cannot write the rejected rows to %s: %s; --rejects names another file", path,
                  strerror(errno));
    else if (earlier)
        fprintf(stderr, "what an earlier import rejected is in %s now\n", aside);
    return rejects;
}

enum exit_status import_verb_run(struct settings *settings) {
    struct error err = {""};
    struct import_options options = {0};
    struct import_summary summary = {0};
    if (settings->argument_count != 1)
        return cli_usage(VERB_IMPORT,
                         settings->argument_count ? "takes one FILE, found \"%s\" too"
                                                  : "expected a FILE, or - for standard input%s",
                         settings->argument_count ? settings->arguments[1] : "");
    const char *path = settings->arguments[0];
    bool standard = text_is(path, "-");
    options.label = path;
    if (!format_of(settings->format, &options.format))
        return cli_usage(VERB_IMPORT, "--format: expected csv or jsonl, found \"%s\"", settings->format);
    if (!dates_of(settings->dates, &options.dates))
        return cli_usage(VERB_IMPORT, "--dates: expected dmy or mdy, found \"%s\"", settings->dates);
    FILE *in = standard ? stdin : fopen(path, "re");
    struct stat it;
    if (in && fstat(fileno(in), &it) == 0 && S_ISDIR(it.st_mode)) {
        fclose(in);
        in = NULL;
        errno = EISDIR;
    }
    if (!in) {
        error_set(&err, "cannot read %s: %s", path, strerror(errno));
        return cli_fail(VERB_IMPORT, &err);
    }
    const char *rejects_path = settings->rejects[0] ? settings->rejects
                               : standard           ? NULL
                                                    : arena_format(&settings->arena, "%s.rejects", path);
    const char *aside = rejects_path ? arena_format(&settings->arena, "%s~", rejects_path) : NULL;
    if (rejects_path && fstat(fileno(in), &it) == 0 &&
        (same_file(rejects_path, &it) || same_file(aside, &it))) {
        fclose(in);
        return cli_usage(VERB_IMPORT, "--rejects: %s is what is read; name another file", path);
    }
    FILE *rejects = NULL;
    struct store *store = NULL;
    enum exit_status status = EXIT_FAILED;
    if (rejects_path && !(rejects = open_rejects(rejects_path, aside, &err))) {
        cli_fail(VERB_IMPORT, &err);
    } else if (!(store = open_store(settings->db, &err))) {
        cli_fail(VERB_IMPORT, &err);
    } else
        status = run(settings, store, in, rejects, &options, &summary);
    store_close(store);
    if (rejects && fclose(rejects) != 0) {
        error_set(&err, "cannot write %s: %s", rejects_path, strerror(errno));
        status = cli_fail(VERB_IMPORT, &err);
    }
    if (rejects && summary.rejected)
        fprintf(stderr, "the rejected rows are in %s\n", rejects_path);
    else if (rejects && plain_file(rejects_path, &it))
        unlink(rejects_path);
    if (!standard)
        fclose(in);
    return status;
}
