#include "base/key.h"
#include "base/text.h"
#include "bot/cli/cli.h"
#include "db/import.h"
#include <string.h>

enum { FIRST_LOOK = 2 };

/* How one would ask, by the language of the order; the first is for all others. */
static const struct {
    const char *language, *question;
} questions[] = {{"en", "where is my order"}, {"fr", "où est ma commande"}};

static const char *question_in(const char *locale) {
    for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++)
        if (strncmp(locale, questions[i].language, strlen(questions[i].language)) == 0)
            return questions[i].question;
    return questions[0].question;
}

/* True when the demo's first order is stored: a database with a shop's own orders has nothing to show. */
static enum found has_demo(struct store *store, const char *shop, const struct demo_order *order,
                           struct arena *arena, struct error *err) {
    char key[KEY_SIZE];
    struct order_list found = {0};
    key_number(key, order->number);
    struct order_query query = {.shop = shop, .by = ORDER_BY_KEY, .values = {key}, .count = 1};
    enum found answer = store_orders(store, &query, arena, &found, err);
    return answer == FOUND && !text_is(found.orders[0]->email, order->email) ? MISSING : answer;
}

static bool show(const struct settings *settings, struct store *store, struct arena *arena,
                 struct error *err) {
    int count = 0;
    const struct demo_order *orders = demo_orders(arena, &count, err);
    if (!orders)
        return false;
    enum found found = has_demo(store, settings->shop->id, &orders[0], arena, err);
    if (found == FAILED)
        return false;
    if (found == MISSING) {
        printf("%s has no demo orders.\n", settings->db);
        return true;
    }
    printf("%d demo orders are in %s. Type, for instance:\n\n", count, settings->db);
    for (int i = 0; i < count && i < FIRST_LOOK; i++)
        printf("  %s %s\n    e-mail %s, postcode %s (%s)\n", question_in(orders[i].locale), orders[i].number,
               orders[i].email, orders[i].postcode, orders[i].shows);
    puts("\nwismo demo --print prints them all.");
    return true;
}

static bool load(const struct settings *settings, struct store *store, struct error *err) {
    struct import_summary summary = {0};
    return demo_load(store, settings->shop->id, settings->shop->zone, cli_now_ms(settings), &summary, err);
}

enum exit_status demo_run(struct settings *settings) {
    struct error err = {""};
    struct arena arena;
    if (settings->argument_count)
        return cli_usage(VERB_DEMO, "takes no argument, found \"%s\"", settings->arguments[0]);
    if (settings->print)
        return demo_print(stdout, settings->shop->zone, cli_now_ms(settings), &err)
                   ? EXIT_DONE
                   : cli_fail(VERB_DEMO, &err);
    struct store *store = store_open(settings->db, settings->show ? STORE_READ : STORE_CREATE, &err);
    if (!store)
        return cli_fail(VERB_DEMO, &err);
    arena_init(&arena);
    bool done = (settings->show || load(settings, store, &err)) && show(settings, store, &arena, &err);
    arena_clear(&arena);
    store_close(store);
    return done ? EXIT_DONE : cli_fail(VERB_DEMO, &err);
}
