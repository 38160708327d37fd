#include "base/text.h"
#include "bot/cli/cli.h"
#include "bot/cli/terminal.h"
#include "db/outgoing.h"
#include "db/staff.h"
#include <string.h>
#include <time.h>

enum { WAIT_MS = 10000, STEP_MS = 50, QUEUE_MAX = 16 * 1024 * 1024 };

static void print_json(const struct handoff_row *row, struct buffer *buffer) {
    const struct handoff *handoff = &row->handoff;
    struct json_out out = {buffer, false};
    json_open(&out, NULL, '{');
    json_text(&out, "id", handoff->id);
    json_text(&out, "conversation", row->conversation);
    json_text(&out, "shop", row->shop);
    json_text(&out, "status", handoff_status_name(handoff->status));
    json_text(&out, "queue", handoff->queue);
    json_text(&out, "reason", handoff->reason);
    json_text(&out, "order", handoff->order);
    json_text(&out, "locale", handoff->locale);
    json_text(&out, "contact", handoff->contact);
    json_text(&out, "agent", handoff->agent);
    json_number(&out, "opened_ms", handoff->opened_ms);
    json_number(&out, "changed_ms", handoff->changed_ms);
    json_text(&out, "delivery", row->delivery);
    json_text(&out, "trouble", row->trouble);
    json_raw(&out, "summary", text_empty(handoff->summary) ? "{}" : handoff->summary);
    json_close(&out, '}');
    puts(buffer->bytes);
    buffer_reset(buffer);
}

/* Of one shop where --shop names it, else of all. */
static const char *shop_of(const struct settings *settings) {
    return text_empty(settings->shop_id) ? NULL : settings->shop_id;
}

static void print_row(const struct handoff_row *row, const struct settings *settings) {
    const struct handoff *handoff = &row->handoff;
    const struct shop *own = settings_shop(settings, row->shop), *shop = own ? own : settings->shop;
    const char *order = text_empty(handoff->order) ? "-" : handoff->order;
    char opened[MOMENT_SIZE];
    moment_print(opened, moment_at(handoff->opened_ms - handoff->opened_ms % 1000,
                                   (int16_t)zone_offset(shop->zone, handoff->opened_ms)));
    if (settings->shop_count > 1)
        printf("%-10s  ", row->shop);
    printf("%-26s  %-8s %-11s %-22s %-12s %-3s %s%s%s%s%s%s%s%s%s\n", handoff->id,
           handoff_status_name(handoff->status), handoff->queue, handoff->reason, order, handoff->locale,
           opened, text_empty(handoff->agent) ? "" : "  taken by ",
           text_empty(handoff->agent) ? "" : handoff->agent, text_empty(handoff->contact) ? "" : "  contact ",
           text_empty(handoff->contact) ? "" : handoff->contact,
           text_empty(row->delivery) ? "" : "  delivery ", row->delivery,
           text_empty(row->trouble) ? "" : ": ", row->trouble);
}

static enum exit_status list(const struct settings *settings, struct store *store) {
    struct handoff_row *rows = NULL;
    struct error err;
    struct arena arena;
    struct buffer buffer;
    int count = 0, open = 0;
    enum exit_status status = EXIT_DONE;
    arena_init(&arena);
    buffer_init(&buffer, QUEUE_MAX);
    if (store_handoffs(store, shop_of(settings), -1, &arena, &rows, &count, &err) == FAILED)
        status = cli_fail(VERB_HANDOFFS, &err);
    for (int i = 0; i < count && status == EXIT_DONE; i++) {
        if (!handoff_open(rows[i].handoff.status))
            continue;
        open++;
        if (settings->json)
            print_json(&rows[i], &buffer);
        else
            print_row(&rows[i], settings);
    }
    if (status == EXIT_DONE && !open && !settings->json)
        puts("nobody is waiting");
    buffer_clear(&buffer);
    arena_clear(&arena);
    return status;
}

/* The open hand-off that the id means: its own or its conversation's. */
static bool find(struct store *store, const char *shop, const char *id, struct arena *arena,
                 struct request *request, struct error *err) {
    struct handoff_row *rows = NULL;
    int count = 0;
    if (store_handoffs(store, shop, -1, arena, &rows, &count, err) == FAILED)
        return false;
    const struct handoff_row *closed = NULL;
    for (int i = 0; i < count; i++) {
        if (!text_is(rows[i].handoff.id, id) && !text_is(rows[i].conversation, id))
            continue;
        if (!handoff_open(rows[i].handoff.status)) {
            closed = &rows[i];
            continue;
        }
        request->handoff = rows[i].handoff.id;
        request->conversation = rows[i].conversation;
        return text_empty(rows[i].handoff.agent) || text_is(rows[i].handoff.agent, request->agent) ||
               error_set(err, "%s has taken it; if that is you: --agent \"%s\"", rows[i].handoff.agent,
                         rows[i].handoff.agent);
    }
    return closed ? error_set(err, "hand-off %s is %s already", closed->handoff.id,
                              handoff_status_name(closed->handoff.status))
                  : error_set(err, "%s%s has no hand-off or conversation %s; wismo handoffs lists them",
                              shop ? "shop " : "the database", shop ? shop : "", id);
}

/* Waits until the request has been answered, at most wait_ms. False + error: refused, or not answered. */
static bool answered(struct store *store, int64_t id, int wait_ms, struct arena *arena, struct error *err) {
    for (int waited = 0;; waited += STEP_MS) {
        const char *why = NULL;
        enum found found = store_request_done(store, id, arena, &why, err);
        store_rest(store);
        if (found == FOUND)
            return text_empty(why) || error_set(err, "%s", why);
        if (found == FAILED)
            return false;
        if (waited >= wait_ms)
            return wait_ms ? error_set(err, "the server has not answered in %d seconds; it will when it can",
                                       wait_ms / 1000)
                           : error_set(err, "it could not be done now; it stays asked for, and the next "
                                            "wismo serve does it");
        nanosleep(&(struct timespec){.tv_nsec = STEP_MS * 1000000L}, NULL);
    }
}

/* Nobody serves the database: carry the request out with a hub of our own. */
static bool carry_out(const struct settings *settings, const struct request *request, struct error *err) {
    struct mind mind = {0};
    struct terminal terminal = {0};
    bool opened = mind_open(&mind, settings, err) && terminal_open(&terminal, settings, &mind, err);
    if (opened)
        hub_request(terminal.hub, request);
    terminal_close(&terminal);
    mind_close(&mind);
    return opened;
}

static bool act(struct settings *settings, struct store *store, struct error *err) {
    struct request request = {.verb = settings->arguments[0],
                              .agent = settings->agent,
                              .text = arena_string(&settings->arena, ""),
                              .at_ms = cli_now_ms(settings)};
    for (int i = 2; i < settings->argument_count; i++)
        request.text =
            arena_format(&settings->arena, "%s%s%s", request.text, i > 2 ? " " : "", settings->arguments[i]);
    if (!text_valid(request.agent, strlen(request.agent)) || strlen(request.agent) >= AGENT_SIZE)
        return error_set(err, "--agent: expected a name of at most %d bytes in UTF-8", AGENT_SIZE - 1);
    if (!text_valid(request.text, strlen(request.text)))
        return error_set(err, "expected words in UTF-8");
    if (!find(store, shop_of(settings), settings->arguments[1], &settings->arena, &request, err))
        return false;
    struct error held = {""};
    struct store_lease *lease = store_lease_take(settings->db, &held);
    bool done = store_request(store, &request, &request.id, err) &&
                (!lease || carry_out(settings, &request, err)) &&
                answered(store, request.id, lease ? 0 : WAIT_MS, &settings->arena, err);
    store_lease_drop(lease);
    return done;
}

/* What could not be told to the shop's own system is tried again. */
static bool retry(struct settings *settings, struct store *store, struct error *err) {
    struct handoff_row row;
    const char *id = settings->arguments[1];
    int count = 0;
    enum found found = store_handoff(store, id, &settings->arena, &row, err);
    if (found == MISSING)
        error_set(err, "there is no hand-off %s; wismo handoffs lists them", id);
    store_rest(store);
    return found == FOUND && store_outgoing_again(store, id, cli_now_ms(settings), &count, err) &&
           (count || error_set(err, "hand-off %s: nothing of it was given up", id));
}

enum exit_status handoffs_run(struct settings *settings) {
    static const struct {
        const char *verb, *done;
        int most; /* arguments */
        bool (*act)(struct settings *settings, struct store *store, struct error *err);
    } verbs[] = {{"take", "taken", 2, act},
                 {"say", "said", 256, act},
                 {"return", "returned", 2, act},
                 {"close", "closed", 2, act},
                 {"retry", "will be tried again", 2, retry}};
    struct error err = {""};
    int verb = -1;
    for (int i = 0; settings->argument_count && i < (int)(sizeof verbs / sizeof verbs[0]); i++)
        if (text_is(settings->arguments[0], verbs[i].verb))
            verb = i;
    if (settings->argument_count && verb < 0)
        return cli_usage(VERB_HANDOFFS, "expected take, say, return, close or retry, found \"%s\"",
                         settings->arguments[0]);
    if (verb >= 0 && settings->argument_count < 2)
        return cli_usage(VERB_HANDOFFS, "%s whom? Expected the ID of a hand-off", settings->arguments[0]);
    if (verb >= 0 && settings->argument_count > verbs[verb].most)
        return cli_usage(VERB_HANDOFFS, "%s takes one ID, found \"%s\" too", settings->arguments[0],
                         settings->arguments[verbs[verb].most]);
    if (verb == 1 && settings->argument_count < 3)
        return cli_usage(VERB_HANDOFFS, "say what? Expected words behind the ID");
    struct store *store = store_open(settings->db, verb < 0 ? STORE_READ : STORE_WRITE, &err);
    if (!store)
        return cli_fail(VERB_HANDOFFS, &err);
    enum exit_status status = EXIT_DONE;
    if (verb < 0)
        status = list(settings, store);
    else if (!verbs[verb].act(settings, store, &err))
        status = cli_fail(VERB_HANDOFFS, &err);
    else
        puts(verbs[verb].done);
    store_close(store);
    return status;
}
