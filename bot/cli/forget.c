#include "bot/cli/cli.h"
#include "bot/cli/who.h"
#include "db/store.h"

enum exit_status forget_run(struct settings *settings) {
    struct error err = {""};
    struct who who;
    struct erased erased = {0};
    if (!who_named(&who, settings, &err))
        return cli_usage(VERB_FORGET, "%s", err.text);
    struct store *store = store_open(settings->db, STORE_WRITE, &err);
    if (!store)
        return cli_fail(VERB_FORGET, &err);
    bool done = store_forget(store, &who.query, &erased, &err);
    store_close(store);
    if (!done)
        return cli_fail(VERB_FORGET, &err);
    printf("erased %d orders, %d conversations, %d turns, %d notes, %d hand-offs\n", erased.orders,
           erased.conversations, erased.turns, erased.notes, erased.handoffs);
    return EXIT_DONE;
}
