#include "bot/cli/cli.h"

enum exit_status help_run(struct settings *settings) {
    if (settings->settings_table) {
        settings_print_table(stdout);
        return EXIT_DONE;
    }
    if (settings->argument_count == 0) {
        verbs_help(stdout);
        return EXIT_DONE;
    }
    const struct verb_row *row = verb_named(settings->arguments[0]);
    if (!row)
        return cli_usage(VERB_HELP, "there is no verb \"%s\"", settings->arguments[0]);
    verb_help(row, stdout);
    return EXIT_DONE;
}
