#include "bot/cli/cli.h"

enum exit_status version_run(struct settings *settings) {
    (void)settings;
    puts("wismo " WISMO_VERSION);
    return EXIT_DONE;
}
