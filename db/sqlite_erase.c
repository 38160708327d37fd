/* Erasure, access and retention in the embedded database. */
#include "base/json.h"
#include "base/key.h"
#include "base/text.h"
#include "db/desk.h"
#include "db/order_json.h"
#include "db/sqlite.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { PHONE_DIGITS = 9, NUMBER_LEAST = 5 };

struct list {
    const char **items;
    int count, room;
};

static void list_add(struct list *list, const char *item, struct arena *arena) {
    if (text_empty(item))
        return;
    for (int i = 0; i < list->count; i++)
        if (text_is(list->items[i], item))
            return;
    if (list->count == list->room) {
        int room = list->room ? list->room * 2 : 8;
        const char **items = ARENA_ARRAY(arena, const char *, (size_t)room);
        if (list->count)
            memcpy(items, list->items, sizeof *items * (size_t)list->count);
        list->items = items;
        list->room = room;
    }
    list->items[list->count++] = arena_string(arena, item);
}

static bool list_has(const struct list *list, const char *item) {
    for (int i = 0; i < list->count; i++)
        if (text_is(list->items[i], item))
            return true;
    return false;
}

/* One customer: their orders, what they are known by, and their conversations. */
struct trace {
    struct arena *arena;
    int64_t shop;
    struct order_row *orders;
    int order_count;
    struct list emails, phones, keys, numbers;
    struct list hashes; /* keyed, of all of them */
    struct list conversations;
};

/* Does a text hold this key, whatever stands between its letters and digits ("FR-1042" holds "FR1042")?
 * `whole`: with nothing more of the kind on either side. */
static bool holds_key(const char *text, const char *key, bool whole) {
    for (const char *start = text; *start; start++) {
        if (!isalnum((unsigned char)*start) || (whole && start > text && isalnum((unsigned char)start[-1])))
            continue;
        const char *at = start, *wanted = key;
        while (*wanted && *at) {
            if (toupper((unsigned char)*at) == *wanted)
                wanted++;
            else if (!strchr(" -.#/_()", *at))
                break;
            at++;
        }
        if (!*wanted && !(whole && isalnum((unsigned char)*at)))
            return true;
    }
    return false;
}

static bool holds_person(const struct trace *trace, const char *text) {
    for (int i = 0; i < trace->emails.count; i++)
        if (strcasestr(text, trace->emails.items[i]))
            return true;
    for (int i = 0; i < trace->phones.count; i++) {
        const char *phone = trace->phones.items[i];
        size_t len = strlen(phone);
        if (len > PHONE_DIGITS && holds_key(text, phone + len - PHONE_DIGITS, false))
            return true;
    }
    return false;
}

/* An order's number in somebody's words. A short run of digits may be anything: then only the keyed hash
 * counts. */
static bool holds_order(const struct trace *trace, const char *text) {
    for (int i = 0; i < trace->keys.count; i++)
        if (strlen(trace->keys.items[i]) >= NUMBER_LEAST && holds_key(text, trace->keys.items[i], true))
            return true;
    return false;
}

static const char *argument(sqlite3_value **values) {
    const char *text = (const char *)sqlite3_value_text(values[0]);
    return text ? text : "";
}

static void sql_is_theirs(sqlite3_context *context, int count, sqlite3_value **values) {
    (void)count;
    const struct trace *trace = sqlite3_user_data(context);
    const char *text = argument(values);
    sqlite3_result_int(context, *text && (list_has(&trace->hashes, text) || list_has(&trace->numbers, text)));
}

static void sql_holds_person(sqlite3_context *context, int count, sqlite3_value **values) {
    (void)count;
    sqlite3_result_int(context, holds_person(sqlite3_user_data(context), argument(values)));
}

static void sql_holds_order(sqlite3_context *context, int count, sqlite3_value **values) {
    (void)count;
    sqlite3_result_int(context, holds_order(sqlite3_user_data(context), argument(values)));
}

static const struct {
    const char *name;
    void (*function)(sqlite3_context *, int, sqlite3_value **);
} functions[] = {
    {"is_theirs", sql_is_theirs}, {"holds_person", sql_holds_person}, {"holds_order", sql_holds_order}};

static bool define_functions(struct store *store, struct trace *trace, bool defined, struct error *err) {
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        if (sqlite3_create_function(store->db, functions[i].name, 1, SQLITE_UTF8, trace,
                                    defined ? functions[i].function : NULL, NULL, NULL) != SQLITE_OK)
            return sqlite_failed(store, err);
    return true;
}

static bool find_orders(struct store *store, const struct order_query *query, struct trace *trace,
                        struct error *err) {
    struct order_row *rows;
    int count;
    if (sqlite_orders(store, query, INT32_MAX, trace->arena, &rows, &count, err) == FAILED)
        return false;
    for (int i = 0; i < count; i++) {
        bool known = false;
        for (int k = 0; k < trace->order_count && !known; k++)
            known = trace->orders[k].id == rows[i].id;
        if (known)
            continue;
        struct order_row *more = ARENA_ARRAY(trace->arena, struct order_row, (size_t)trace->order_count + 1);
        if (trace->order_count)
            memcpy(more, trace->orders, sizeof *more * (size_t)trace->order_count);
        more[trace->order_count++] = rows[i];
        trace->orders = more;
    }
    return true;
}

/* Adds a value of the orders found to what the customer is known by, unless somebody else's order has it as
 * well. */
static bool add_own(struct store *store, struct trace *trace, const char *shop, enum order_by by,
                    const char *value, struct list *list, struct error *err) {
    struct order_query query = {shop, by, {value}, 1};
    struct order_row *rows;
    int count, own = 0;
    if (text_empty(value) || list_has(list, value))
        return true;
    if (sqlite_orders(store, &query, INT32_MAX, trace->arena, &rows, &count, err) == FAILED)
        return false;
    for (int i = 0; i < count; i++)
        for (int k = 0; k < trace->order_count; k++)
            own += trace->orders[k].id == rows[i].id;
    if (own == count)
        list_add(list, value, trace->arena);
    return true;
}

static bool find_customer(struct store *store, const struct order_query *who, struct trace *trace,
                          struct error *err) {
    uint8_t secret[HASH_SIZE];
    char hash[HASH_HEX_SIZE];
    if (who->by != ORDER_BY_KEY && who->by != ORDER_BY_EMAIL && who->by != ORDER_BY_PHONE)
        return error_set(err, "a customer is named by e-mail, phone or order number");
    for (int i = 0; i < who->count; i++)
        list_add(who->by == ORDER_BY_EMAIL   ? &trace->emails
                 : who->by == ORDER_BY_PHONE ? &trace->phones
                                             : &trace->keys,
                 who->values[i], trace->arena);
    if (!find_orders(store, who, trace, err))
        return false;
    /* An order names its customer: all that is theirs goes with it. */
    for (int i = 0, named = who->by == ORDER_BY_KEY ? trace->order_count : 0; i < named; i++) {
        const struct order *order = trace->orders[i].order;
        bool by_email = !text_empty(order->email);
        struct order_query query = {who->shop,
                                    by_email ? ORDER_BY_EMAIL : ORDER_BY_PHONE,
                                    {by_email ? order->email : order->phone},
                                    1};
        list_add(by_email ? &trace->emails : &trace->phones, query.values[0], trace->arena);
        if (!text_empty(query.values[0]) && !find_orders(store, &query, trace, err))
            return false;
    }
    if (!store_secret(store, secret, err))
        return false;
    for (int i = 0; i < trace->order_count; i++) {
        const struct order *order = trace->orders[i].order;
        list_add(&trace->keys, order->key, trace->arena);
        list_add(&trace->numbers, order->number, trace->arena);
        if (!add_own(store, trace, who->shop, ORDER_BY_EMAIL, order->email, &trace->emails, err) ||
            !add_own(store, trace, who->shop, ORDER_BY_PHONE, order->phone, &trace->phones, err))
            return false;
    }
    const struct {
        const char *kind;
        const struct list *list;
    } kinds[] = {{"email", &trace->emails}, {"phone", &trace->phones}, {"order", &trace->keys}};
    struct hash_key *key = hash_key_new(secret, sizeof secret);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        for (int k = 0; k < kinds[i].list->count; k++) {
            customer_hash(key, who->shop, kinds[i].kind, kinds[i].list->items[k], hash);
            list_add(&trace->hashes, hash, trace->arena);
        }
    hash_key_free(key);
    return true;
}

/* Theirs by hash, or because the customer's address, phone or (where nobody's order was proved) number stands
 * in it. */
static bool find_conversations(struct store *store, struct trace *trace, struct error *err) {
    sqlite3_stmt *rows = sqlite_statement(
        store,
        "SELECT c.id FROM conversations c WHERE shop = ?1 AND ("
        " is_theirs(customer_hash) OR is_theirs(order_hash) OR holds_person(state)"
        " OR (order_hash = '' AND holds_order(state))"
        " OR EXISTS (SELECT 1 FROM turns t WHERE t.conversation = c.row AND (holds_person(t.text)"
        "  OR holds_person(t.parts) OR (c.order_hash = '' AND holds_order(t.text))))"
        " OR EXISTS (SELECT 1 FROM notes n WHERE n.conversation = c.row AND (is_theirs(n.customer_hash)"
        "  OR is_theirs(n.order_hash) OR holds_person(n.facts)))"
        " OR EXISTS (SELECT 1 FROM handoffs h WHERE h.conversation = c.id AND (holds_person(h.contact)"
        "  OR holds_person(h.summary) OR is_theirs(h.\"order\")))"
        " OR EXISTS (SELECT 1 FROM requests r WHERE r.conversation = c.id AND holds_person(r.text)))",
        err);
    enum found found;
    if (!rows)
        return false;
    sqlite_bind_number(rows, 1, trace->shop);
    while ((found = sqlite_step(store, rows, err)) == FOUND)
        list_add(&trace->conversations, (const char *)sqlite3_column_text(rows, 0), trace->arena);
    return found != FAILED;
}

/* Runs a deletion with one text and the shop as its parameters, and counts what it deleted. */
static bool erase(struct store *store, const char *sql, const char *value, const struct trace *trace,
                  int *count, struct error *err) {
    sqlite3_stmt *statement = sqlite_statement(store, sql, err);
    if (!statement)
        return false;
    if (value)
        sqlite_bind(statement, 1, value);
    else
        sqlite_bind_number(statement, 1, trace->shop);
    if (!sqlite_run(store, statement, err))
        return false;
    if (count)
        *count += sqlite3_changes(store->db);
    return true;
}

static bool erase_orders(struct store *store, const struct trace *trace, struct erased *out,
                         struct error *err) {
    sqlite3_stmt *statement = sqlite_statement(store, "DELETE FROM orders WHERE id = ?1", err);
    for (int i = 0; statement && i < trace->order_count; i++) {
        sqlite_bind_number(statement, 1, trace->orders[i].id);
        if (!sqlite_run(store, statement, err))
            return false;
        out->orders++;
    }
    return statement != NULL;
}

static bool erase_all(struct store *store, const struct trace *trace, struct erased *out, struct error *err) {
    const struct {
        const char *sql;
        int *count;
    } steps[] = {
        {"DELETE FROM requests WHERE conversation = ?1", NULL},
        {"DELETE FROM acts WHERE conversation = ?1", NULL},
        {"DELETE FROM handoffs WHERE conversation = ?1", &out->handoffs},
        {"DELETE FROM notes WHERE conversation = (SELECT row FROM conversations WHERE id = ?1)", &out->notes},
        {"DELETE FROM turns WHERE conversation = (SELECT row FROM conversations WHERE id = ?1)", &out->turns},
        {"DELETE FROM conversations WHERE id = ?1", &out->conversations},
    };
    for (int i = 0; i < trace->conversations.count; i++)
        for (size_t k = 0; k < sizeof steps / sizeof steps[0]; k++)
            if (!erase(store, steps[k].sql, trace->conversations.items[i], trace, steps[k].count, err))
                return false;
    /* What outlived its conversation. */
    return erase(store,
                 "DELETE FROM notes WHERE shop = ?1 AND (is_theirs(customer_hash) OR is_theirs(order_hash)"
                 " OR holds_person(facts))",
                 NULL, trace, &out->notes, err) &&
           erase(store,
                 "DELETE FROM handoffs WHERE shop = ?1 AND (is_theirs(\"order\") OR holds_person(contact)"
                 " OR holds_person(summary))",
                 NULL, trace, &out->handoffs, err) &&
           erase(
               store,
               "DELETE FROM acts WHERE holds_person(text) AND shop = (SELECT name FROM shops WHERE id = ?1)",
               NULL, trace, NULL, err) &&
           erase_orders(store, trace, out, err);
}

/* Empties the log; the busy handler waits for readers of other connections. */
static bool empty_log(struct store *store, struct error *err) {
    int code = sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    if (code == SQLITE_OK)
        return true;
    if ((code & 0xff) != SQLITE_BUSY && (code & 0xff) != SQLITE_LOCKED)
        return sqlite_failed(store, err);
    return error_set(
        err, "%s: erased, but another process keeps the log from being emptied; stop it and try again",
        store->path);
}

/* Is one of these still to be read in the bytes of the file? Deleted rows are overwritten, but pages that
 * were split or merged earlier may hold a stale copy. */
static bool file_holds(const char *path, const struct list *names) {
    enum { CHUNK = 1 << 20, OVERLAP = 256 };
    FILE *file = names->count ? fopen(path, "rb") : NULL;
    char *chunk = file ? malloc(CHUNK + OVERLAP) : NULL;
    size_t kept = 0, len;
    bool found = names->count && !chunk; /* cannot be looked at: think the worse of it */
    while (chunk && !found && (len = fread(chunk + kept, 1, CHUNK, file)) > 0) {
        len += kept;
        for (int i = 0; i < names->count && !found; i++)
            found = memmem(chunk, len, names->items[i], strlen(names->items[i])) != NULL;
        kept = len < OVERLAP ? len : OVERLAP;
        memmove(chunk, chunk + len - kept, kept);
    }
    free(chunk);
    if (file)
        fclose(file);
    return found;
}

static bool leave_no_trace(struct store *store, const struct trace *trace, struct error *err) {
    if (!empty_log(store, err))
        return false;
    if (!file_holds(store->path, &trace->emails) && !file_holds(store->path, &trace->phones))
        return true;
    sqlite3_stmt *vacuum = sqlite_statement(store, "VACUUM", err);
    return vacuum && sqlite_run(store, vacuum, err) && empty_log(store, err);
}

static bool trace_customer(struct store *store, const struct order_query *who, struct trace *trace,
                           struct error *err) {
    return find_customer(store, who, trace, err) && find_conversations(store, trace, err);
}

bool store_forget(struct store *store, const struct order_query *who, struct erased *out, struct error *err) {
    struct arena arena;
    struct trace trace = {.arena = &arena};
    *out = (struct erased){0};
    arena_init(&arena);
    bool ok = sqlite_write_begin(store, true, err);
    if (ok) {
        enum found found = sqlite_shop(store, who->shop, false, &trace.shop, err);
        ok = found == MISSING ||
             (found == FOUND && define_functions(store, &trace, true, err) &&
              trace_customer(store, who, &trace, err) && erase_all(store, &trace, out, err));
        if (ok)
            ok = sqlite_write_end(store, err);
        else
            sqlite_write_undo(store);
        define_functions(store, NULL, false, NULL);
        ok = ok && leave_no_trace(store, &trace, err);
    }
    if (!ok)
        *out = (struct erased){0};
    arena_clear(&arena);
    return ok;
}

/* Access. */

static bool export_turns(struct store *store, const char *conversation, struct arena *arena,
                         struct json_out *out, struct error *err) {
    struct turn *turns;
    int count;
    if (store_turns(store, conversation, 0, arena, &turns, &count, err) == FAILED)
        return false;
    json_open(out, "turns", '[');
    for (const struct turn *turn = turns; count--; turn++) {
        json_open(out, NULL, '{');
        json_number(out, "seq", turn->seq);
        json_text(out, "from", author_name(turn->author));
        if (turn->who)
            json_text(out, "who", turn->who);
        json_text(out, "text", turn->text);
        json_number(out, "at_ms", turn->at_ms);
        json_close(out, '}');
    }
    json_close(out, ']');
    return true;
}

static void export_note(struct json_out *out, const struct note *note) {
    json_open(out, NULL, '{');
    json_number(out, "seq", note->seq);
    json_text(out, "kind", note->kind);
    json_text(out, "intent", note->intent);
    json_text(out, "rule", note->rule);
    json_text(out, "phrase", note->phrase);
    json_text(out, "order", note->order);
    if (note->facts)
        json_raw(out, "facts", note->facts);
    json_number(out, "at_ms", note->at_ms);
    json_close(out, '}');
}

static bool export_notes(struct store *store, const char *conversation, struct arena *arena,
                         struct json_out *out, struct error *err) {
    struct note *notes;
    int count;
    if (store_notes(store, conversation, arena, &notes, &count, err) == FAILED)
        return false;
    json_open(out, "notes", '[');
    for (int i = 0; i < count; i++)
        export_note(out, &notes[i]);
    json_close(out, ']');
    return true;
}

static bool export_acts(struct store *store, const char *conversation, struct arena *arena,
                        struct json_out *out, struct error *err) {
    struct act *acts;
    int count;
    if (store_acts(store, conversation, arena, &acts, &count, err) == FAILED)
        return false;
    json_open(out, "acts", '[');
    for (int i = 0; i < count; i++) {
        json_open(out, NULL, '{');
        json_text(out, "agent", acts[i].agent);
        json_text(out, "verb", acts[i].verb);
        json_text(out, "text", acts[i].text);
        json_number(out, "at_ms", acts[i].at_ms);
        json_close(out, '}');
    }
    json_close(out, ']');
    return true;
}

static void export_handoff(struct json_out *out, const struct handoff *handoff) {
    json_open(out, NULL, '{');
    json_text(out, "id", handoff->id);
    json_text(out, "queue", handoff->queue);
    json_text(out, "reason", handoff->reason);
    json_text(out, "order", handoff->order);
    json_text(out, "contact", handoff->contact);
    json_text(out, "agent", handoff->agent);
    json_text(out, "status", handoff_status_name(handoff->status));
    if (handoff->summary)
        json_raw(out, "summary", handoff->summary);
    json_number(out, "opened_ms", handoff->opened_ms);
    json_number(out, "changed_ms", handoff->changed_ms);
    json_close(out, '}');
}

static bool export_conversation(struct store *store, const char *id, const struct handoff_row *handoffs,
                                int count, struct json_out *out, struct error *err) {
    struct arena arena;
    struct conversation conversation;
    arena_init(&arena);
    bool ok = store_conversation(store, id, &arena, &conversation, err) == FOUND;
    if (ok) {
        json_open(out, NULL, '{');
        json_text(out, "id", conversation.id);
        json_text(out, "channel", conversation.channel);
        json_text(out, "locale", conversation.locale);
        json_text(out, "handling", conversation.handling);
        json_text(out, "state", conversation.state);
        json_number(out, "started_ms", conversation.started_ms);
        json_number(out, "updated_ms", conversation.updated_ms);
        ok = export_turns(store, id, &arena, out, err) && export_notes(store, id, &arena, out, err) &&
             export_acts(store, id, &arena, out, err);
        json_open(out, "handoffs", '[');
        for (int i = 0; i < count; i++)
            if (text_is(handoffs[i].conversation, id))
                export_handoff(out, &handoffs[i].handoff);
        json_close(out, ']');
        json_close(out, '}');
    }
    arena_clear(&arena);
    return ok;
}

/* Notes and hand-offs that outlived their conversation. */
static bool export_left(struct store *store, const struct trace *trace, const struct handoff_row *handoffs,
                        int count, struct json_out *out, struct error *err) {
    sqlite3_stmt *rows = sqlite_statement(
        store,
        "SELECT seq, kind, intent, rule, phrase, \"order\", facts, at_ms FROM notes n WHERE shop = ?1"
        " AND (is_theirs(customer_hash) OR is_theirs(order_hash) OR holds_person(facts))"
        " AND NOT EXISTS (SELECT 1 FROM conversations c WHERE c.row = n.conversation) ORDER BY id",
        err);
    enum found found;
    if (!rows)
        return false;
    json_open(out, "notes", '[');
    sqlite_bind_number(rows, 1, trace->shop);
    while ((found = sqlite_step(store, rows, err)) == FOUND)
        export_note(out, &(struct note){.seq = sqlite3_column_int64(rows, 0),
                                        .kind = (const char *)sqlite3_column_text(rows, 1),
                                        .intent = (const char *)sqlite3_column_text(rows, 2),
                                        .rule = (const char *)sqlite3_column_text(rows, 3),
                                        .phrase = (const char *)sqlite3_column_text(rows, 4),
                                        .order = (const char *)sqlite3_column_text(rows, 5),
                                        .facts = (const char *)sqlite3_column_text(rows, 6),
                                        .at_ms = sqlite3_column_int64(rows, 7)});
    json_close(out, ']');
    json_open(out, "handoffs", '[');
    for (int i = 0; i < count; i++) {
        const struct handoff *handoff = &handoffs[i].handoff;
        bool theirs = list_has(&trace->numbers, handoff->order) || holds_person(trace, handoff->contact) ||
                      (handoff->summary && holds_person(trace, handoff->summary));
        if (theirs && !list_has(&trace->conversations, handoffs[i].conversation))
            export_handoff(out, handoff);
    }
    json_close(out, ']');
    return found != FAILED;
}

static bool export_all(struct store *store, const struct trace *trace, const struct order_query *who,
                       struct json_out *out, struct error *err) {
    struct handoff_row *handoffs;
    int count;
    if (store_handoffs(store, who->shop, -1, trace->arena, &handoffs, &count, err) == FAILED)
        return false;
    json_open(out, NULL, '{');
    json_text(out, "shop", who->shop);
    json_open(out, "orders", '[');
    for (int i = 0; i < trace->order_count; i++)
        order_print(out, NULL, trace->orders[i].order);
    json_close(out, ']');
    json_open(out, "conversations", '[');
    bool ok = true;
    for (int i = 0; ok && i < trace->conversations.count; i++)
        ok = export_conversation(store, trace->conversations.items[i], handoffs, count, out, err);
    json_close(out, ']');
    ok = ok && export_left(store, trace, handoffs, count, out, err);
    json_close(out, '}');
    return ok;
}

bool store_export(struct store *store, const struct order_query *who, struct buffer *out, struct error *err) {
    struct arena arena;
    struct trace trace = {.arena = &arena};
    struct json_out json = {.buffer = out};
    arena_init(&arena);
    bool ok = sqlite_read_begin(store, err) &&
              sqlite_shop(store, who->shop, false, &trace.shop, err) != FAILED &&
              define_functions(store, &trace, true, err) && trace_customer(store, who, &trace, err) &&
              export_all(store, &trace, who, &json, err);
    store_rest(store);
    define_functions(store, NULL, false, NULL);
    arena_clear(&arena);
    if (ok && out->full)
        return error_set(err, "what is stored on this customer is more than %zu bytes", out->max);
    return ok;
}

/* Retention. */

static const struct {
    size_t days; /* of struct retention */
    const char *sql;
} steps[] = {
    {offsetof(struct retention, turns),
     "DELETE FROM turns WHERE id IN (SELECT id FROM turns ORDER BY id LIMIT ?2) AND at_ms < ?1"},
    {offsetof(struct retention, turns),
     "DELETE FROM conversations WHERE row IN (SELECT row FROM conversations c WHERE started_ms < ?1"
     " AND updated_ms < ?1 AND NOT EXISTS (SELECT 1 FROM turns WHERE conversation = c.row)"
     " AND NOT EXISTS (SELECT 1 FROM handoffs h WHERE h.conversation = c.id AND h.status IN ('waiting', "
     "'taken'))"
     " LIMIT ?2)"},
    {offsetof(struct retention, turns), "DELETE FROM requests WHERE id IN (SELECT id FROM requests WHERE "
                                        "outcome IS NOT NULL AND at_ms < ?1 LIMIT ?2)"},
    {offsetof(struct retention, notes),
     "DELETE FROM notes WHERE id IN (SELECT id FROM notes ORDER BY id LIMIT ?2) AND at_ms < ?1"},
    {offsetof(struct retention, handoffs),
     "DELETE FROM handoffs WHERE id IN (SELECT id FROM handoffs WHERE changed_ms < ?1"
     " AND status NOT IN ('waiting', 'taken') LIMIT ?2)"},
    {offsetof(struct retention, handoffs),
     "DELETE FROM acts WHERE id IN (SELECT id FROM acts WHERE at_ms < ?1 ORDER BY at_ms LIMIT ?2)"},
};

static int64_t cutoff(int days, int64_t now_ms) {
    return now_ms - (int64_t)days * 86400 * 1000;
}

/* Orders have no index by age: a step looks at the next `most` rows, and remembers how far it came. */
static bool retain_orders(struct store *store, int64_t before, int most, bool *more, struct error *err) {
    sqlite3_stmt *last = sqlite_statement(
        store, "SELECT max(id) FROM (SELECT id FROM orders WHERE id > ?1 ORDER BY id LIMIT ?2)", err);
    sqlite3_stmt *delete = sqlite_statement(
        store, "DELETE FROM orders WHERE id > ?1 AND id <= ?2 AND placed_ms < ?3 AND updated_ms < ?3", err);
    if (!last || !delete)
        return false;
    sqlite_bind_number(last, 1, store->retain_after);
    sqlite_bind_number(last, 2, most);
    if (sqlite_step(store, last, err) != FOUND)
        return false;
    int64_t up_to = sqlite3_column_int64(last, 0); /* 0 when NULL: the end */
    sqlite3_reset(last);
    sqlite_bind_number(delete, 1, store->retain_after);
    sqlite_bind_number(delete, 2, up_to);
    sqlite_bind_number(delete, 3, before);
    store->retain_after = up_to;
    *more |= up_to > 0;
    return up_to == 0 || sqlite_run(store, delete, err);
}

bool store_retain(struct store *store, const struct retention *retention, int64_t now_ms, int most,
                  bool *more, struct error *err) {
    *more = false;
    if (!sqlite_write_begin(store, false, err))
        return false;
    bool ok = true;
    for (size_t i = 0; ok && i < sizeof steps / sizeof steps[0]; i++) {
        int days = *(const int *)((const char *)retention + steps[i].days);
        sqlite3_stmt *statement = days > 0 ? sqlite_statement(store, steps[i].sql, err) : NULL;
        if (days <= 0)
            continue;
        if ((ok = statement != NULL)) {
            sqlite_bind_number(statement, 1, cutoff(days, now_ms));
            sqlite_bind_number(statement, 2, most);
            ok = sqlite_run(store, statement, err);
            *more |= ok && sqlite3_changes(store->db) >= most;
        }
    }
    if (ok && retention->orders > 0)
        ok = retain_orders(store, cutoff(retention->orders, now_ms), most, more, err);
    if (ok)
        return sqlite_write_end(store, err);
    sqlite_write_undo(store);
    return false;
}
