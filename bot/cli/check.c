#include "bot/cli/cli.h"
#include "bot/cli/mind.h"
#include <sys/stat.h>

static void print_fault(const char *message, void *context) {
    (void)context;
    puts(message);
}

static bool is_folder(const char *path) {
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

/* A catalogue that cannot even be loaded is one fault. */
static int check_intents(const char *folder) {
    struct data data = {.embedded = intents_embedded, .folder = folder};
    struct error err = {""};
    struct catalogue *catalogue = catalogue_load(&data, &err);
    if (!catalogue) {
        puts(err.text);
        return 1;
    }
    int faults = catalogue_check(catalogue, print_fault, NULL);
    catalogue_free(catalogue);
    return faults;
}

static int check_responses(const char *folder) {
    struct data data = {.embedded = responses_embedded, .folder = folder};
    struct error err = {""};
    struct phrasebook *book = phrasebook_load(&data, &err);
    if (!book) {
        puts(err.text);
        return 1;
    }
    int faults = phrasebook_check(book, print_fault, NULL);
    phrasebook_free(book);
    return faults;
}

enum exit_status check_run(struct settings *settings) {
    int faults = 0;
    if (settings->argument_count > 1)
        return cli_usage(VERB_CHECK, "takes one folder, found \"%s\" too", settings->arguments[1]);
    if (settings->argument_count == 0) {
        faults = check_intents(NULL) + check_responses(NULL);
    } else {
        const char *folder = settings->arguments[0];
        const char *intents = arena_format(&settings->arena, "%s/intents", folder);
        const char *responses = arena_format(&settings->arena, "%s/responses", folder);
        if (!is_folder(intents) && !is_folder(responses))
            return cli_usage(VERB_CHECK, "expected %s or %s, found neither", intents, responses);
        faults += is_folder(intents) ? check_intents(intents) : 0;
        faults += is_folder(responses) ? check_responses(responses) : 0;
    }
    fprintf(stderr,
            faults == 1 ? "%d fault\n"
            : faults    ? "%d faults\n"
                        : "the catalogues are sound\n",
            faults);
    return faults ? EXIT_FAILED : EXIT_DONE;
}
