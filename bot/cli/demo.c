#include "base/text.h"
#include "bot/cli/cli.h"
#include "db/import.h"

enum exit_status demo_run(struct settings *settings) {
    struct error err = {""};
    struct import_summary summary = {0};
    if (settings->argument_count)
        return cli_usage(VERB_DEMO, "takes no argument, found \"%s\"", settings->arguments[0]);
    struct store *store = store_open(settings->db, STORE_CREATE, &err);
    if (!store)
        return cli_fail(VERB_DEMO, &err);
    bool done =
        demo_load(store, settings->shop->id, settings->shop->zone, cli_now_ms(settings), &summary, &err);
    store_close(store);
    return done ? EXIT_DONE : cli_fail(VERB_DEMO, &err);
}
