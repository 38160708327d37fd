/* The hands: one row a verb, one file a verb. Private to bot/cli.
 *
 * A verb gets its settings and returns its exit status. Answers go to standard output, everything else to
 * standard error. */
#pragma once
#include "bot/settings/settings.h"

enum exit_status {
    EXIT_DONE,
    EXIT_FAILED, /* it was understood and could not be done, or found something wrong */
    EXIT_USAGE
};

struct verb_row {
    const char *name;
    enum verb verb;
    const char *usage; /* what stands behind the flags: "FILE|-" */
    const char *sentence;
    const char *more; /* for --help, lines; NULL none */
    enum exit_status (*run)(struct settings *settings);
};
extern const struct verb_row verb_rows[]; /* the last has no name */

const struct verb_row *verb_named(const char *name); /* NULL: none */
void verb_help(const struct verb_row *row, FILE *out);
void verbs_help(FILE *out);

/* One line on standard error, "wismo VERB: sentence"; returns the status so that a failure is one line. */
enum exit_status cli_fail(enum verb verb, const struct error *err);
enum exit_status cli_usage(enum verb verb, const char *format, ...) __attribute__((format(printf, 2, 3)));

int64_t cli_now_ms(const struct settings *settings); /* the clock, or where it stands */

enum exit_status serve_run(struct settings *settings);
enum exit_status ask_run(struct settings *settings);
enum exit_status call_run(struct settings *settings);
enum exit_status import_verb_run(struct settings *settings);
enum exit_status check_run(struct settings *settings);
enum exit_status classify_run(struct settings *settings);
enum exit_status eval_run(struct settings *settings);
enum exit_status misses_run(struct settings *settings);
enum exit_status replay_run(struct settings *settings);
enum exit_status why_run(struct settings *settings);
enum exit_status handoffs_run(struct settings *settings);
enum exit_status staff_run(struct settings *settings);
enum exit_status forget_run(struct settings *settings);
enum exit_status export_run(struct settings *settings);
enum exit_status demo_run(struct settings *settings);
enum exit_status help_run(struct settings *settings);
enum exit_status version_run(struct settings *settings);
