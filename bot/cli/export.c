#include "bot/cli/cli.h"
#include "bot/cli/who.h"
#include "db/store.h"

enum { EXPORT_MAX = 256 * 1024 * 1024 };

enum exit_status export_run(struct settings *settings) {
    struct error err = {""};
    struct who who;
    struct buffer buffer;
    enum exit_status status = EXIT_DONE;
    if (!who_named(&who, settings, &err))
        return cli_usage(VERB_EXPORT, "%s", err.text);
    struct store *store = store_open(settings->db, STORE_READ, &err);
    if (!store)
        return cli_fail(VERB_EXPORT, &err);
    buffer_init(&buffer, EXPORT_MAX);
    if (!store_export(store, &who.query, &buffer, &err)) {
        status = cli_fail(VERB_EXPORT, &err);
    } else if (buffer.full) {
        error_set(&err, "more than %d MiB are stored on this customer", EXPORT_MAX / 1024 / 1024);
        status = cli_fail(VERB_EXPORT, &err);
    } else
        puts(buffer.bytes);
    buffer_clear(&buffer);
    store_close(store);
    return status;
}
