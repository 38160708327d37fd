#include "db/sqlite_trace.h"
#include "base/key.h"
#include "base/text.h"
#include "db/step.h"
#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { PHONE_MOST = 9, PHONE_LEAST = 7, NUMBER_LEAST = 5 };

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

bool list_has(const struct list *list, const char *item) {
    for (int i = 0; i < list->count; i++)
        if (text_is(list->items[i], item))
            return true;
    return false;
}

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

/* What is alike however a number is written, with the prefix of its country or the 0 of home. */
static const char *phone_end(const char *phone) {
    if (strlen(phone) <= PHONE_LEAST)
        return phone;
    const char *national = key_phone_national(phone);
    size_t len = strlen(national);
    return len < PHONE_LEAST ? phone + 1 : len > PHONE_MOST ? national + len - PHONE_MOST : national;
}

static bool holds_person(const struct trace *trace, const char *text) {
    for (int i = 0; i < trace->emails.count; i++)
        if (strcasestr(text, trace->emails.items[i]))
            return true;
    for (int i = 0; i < trace->phones.count; i++)
        if (holds_key(text, phone_end(trace->phones.items[i]), false))
            return true;
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

/* Functions of a statement. */

static const char *argument(sqlite3_value **values) {
    const char *text = (const char *)sqlite3_value_text(values[0]);
    return text ? text : "";
}

static void sql_is_theirs(sqlite3_context *context, int count, sqlite3_value **values) {
    (void)count;
    const struct trace *trace = sqlite3_user_data(context);
    const char *text = argument(values);
    sqlite3_result_int(context, *text && list_has(&trace->hashes, text));
}

static void sql_holds_person(sqlite3_context *context, int count, sqlite3_value **values) {
    (void)count;
    sqlite3_result_int(context, holds_person(sqlite3_user_data(context), argument(values)));
}

static void sql_holds_order(sqlite3_context *context, int count, sqlite3_value **values) {
    (void)count;
    sqlite3_result_int(context, holds_order(sqlite3_user_data(context), argument(values)));
}

/* What is packed in a step; damaged bytes hold nobody. */

static struct packed packed_argument(sqlite3_value **values) {
    const char *bytes = sqlite3_value_blob(values[0]);
    return (struct packed){bytes, bytes ? bytes + sqlite3_value_bytes(values[0]) : NULL, false};
}

static void any_turn(sqlite3_context *context, sqlite3_value **values,
                     bool (*holds)(const struct trace *trace, const char *text)) {
    const struct trace *trace = sqlite3_user_data(context);
    struct arena arena;
    int count;
    bool any = false;
    arena_init(&arena);
    const struct turn *turns = step_turns(packed_argument(values), &arena, &count);
    for (int i = 0; turns && i < count && !any; i++)
        any = holds(trace, turns[i].text) || (turns[i].parts && holds(trace, turns[i].parts));
    sqlite3_result_int(context, any);
    arena_clear(&arena);
}

static void sql_turns_hold_person(sqlite3_context *context, int count, sqlite3_value **values) {
    (void)count;
    any_turn(context, values, holds_person);
}

static void sql_turns_hold_order(sqlite3_context *context, int count, sqlite3_value **values) {
    (void)count;
    any_turn(context, values, holds_order);
}

static bool is_their_order(const struct trace *trace, const char *number) {
    char key[KEY_SIZE];
    return key_number(key, number) && list_has(&trace->keys, key);
}

static void sql_order_is_theirs(sqlite3_context *context, int count, sqlite3_value **values) {
    (void)count;
    sqlite3_result_int(context, is_their_order(sqlite3_user_data(context), argument(values)));
}

static bool facts_hold_person(const struct trace *trace, struct facts facts) {
    bool holds = false;
    for (struct told_fact told; !holds && told_next(&facts, "", &told);)
        holds = told.text && holds_person(trace, told.text);
    return holds;
}

static void sql_notes_are_theirs(sqlite3_context *context, int arguments, sqlite3_value **values) {
    const struct trace *trace = sqlite3_user_data(context);
    struct arena arena;
    int count;
    bool any = false;
    (void)arguments;
    arena_init(&arena);
    const struct note *notes = step_notes(packed_argument(values), &arena, &count);
    for (int i = 0; notes && i < count && !any; i++)
        any = list_has(&trace->hashes, notes[i].customer_hash) || is_their_order(trace, notes[i].order) ||
              facts_hold_person(trace, notes[i].facts);
    sqlite3_result_int(context, any);
    arena_clear(&arena);
}

static void sql_how_many(sqlite3_context *context, int count, sqlite3_value **values) {
    struct packed in = packed_argument(values);
    (void)count;
    sqlite3_result_int(context, in.at ? packed_count(&in, INT32_MAX) : 0);
}

static const struct {
    const char *name;
    void (*function)(sqlite3_context *, int, sqlite3_value **);
} functions[] = {{"is_theirs", sql_is_theirs},
                 {"order_is_theirs", sql_order_is_theirs},
                 {"holds_person", sql_holds_person},
                 {"holds_order", sql_holds_order},
                 {"turns_hold_person", sql_turns_hold_person},
                 {"turns_hold_order", sql_turns_hold_order},
                 {"notes_are_theirs", sql_notes_are_theirs},
                 {"how_many", sql_how_many}};

static bool define_functions(struct store *store, struct trace *trace, struct error *err) {
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        if (sqlite3_create_function(store->db, functions[i].name, 1, SQLITE_UTF8, trace,
                                    trace ? functions[i].function : NULL, NULL, NULL) != SQLITE_OK)
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
    struct order_query query = {shop, by, {value}, 1, NULL};
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
                                    1,
                                    NULL};
        list_add(by_email ? &trace->emails : &trace->phones, query.values[0], trace->arena);
        if (!text_empty(query.values[0]) && !find_orders(store, &query, trace, err))
            return false;
    }
    if (!store_secret(store, secret, err))
        return false;
    for (int i = 0; i < trace->order_count; i++) {
        const struct order *order = trace->orders[i].order;
        list_add(&trace->keys, order->key, trace->arena);
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

#define HANDOFF_IS_THEIRS                                                                                    \
    "(order_is_theirs(h.\"order\") OR holds_person(h.contact) OR holds_person(h.summary))"

/* Theirs by hash, or because the customer's address, phone or (where nobody's order was proved) number stands
 * in it. */
static const char conversations_sql[] =
    "SELECT c.id FROM conversations c WHERE shop = ?1 AND ("
    " is_theirs(customer_hash) OR is_theirs(order_hash)"
    " OR row IN (SELECT conversation FROM steps WHERE shop = ?1 AND (holds_person(state)"
    "  OR turns_hold_person(turns) OR notes_are_theirs(notes)))"
    " OR (order_hash = '' AND row IN (SELECT conversation FROM steps WHERE shop = ?1 AND (holds_order(state)"
    "  OR turns_hold_order(turns))))"
    " OR row IN (SELECT conversation FROM reasons WHERE shop = ?1 AND notes_are_theirs(notes))"
    " OR EXISTS (SELECT 1 FROM handoffs h WHERE h.conversation = c.id AND " HANDOFF_IS_THEIRS ")"
    " OR EXISTS (SELECT 1 FROM requests r WHERE r.conversation = c.id AND holds_person(r.text)))";

static const char gone_sql[] = "SELECT h.conversation FROM handoffs h WHERE shop = ?1 AND " HANDOFF_IS_THEIRS
                               " AND NOT EXISTS (SELECT 1 FROM conversations c WHERE c.id = h.conversation)";

static bool find(struct store *store, const char *sql, struct trace *trace, struct list *list,
                 struct error *err) {
    sqlite3_stmt *rows = sqlite_statement(store, sql, err);
    enum found found;
    if (!rows)
        return false;
    sqlite_bind_number(rows, 1, trace->shop);
    while ((found = sqlite_step(store, rows, err)) == FOUND)
        list_add(list, (const char *)sqlite3_column_text(rows, 0), trace->arena);
    return found != FAILED;
}

bool trace_begin(struct trace *trace, struct store *store, const struct order_query *who, struct error *err) {
    return define_functions(store, trace, err) && find_customer(store, who, trace, err) &&
           find(store, conversations_sql, trace, &trace->conversations, err) &&
           find(store, gone_sql, trace, &trace->gone, err);
}

void trace_end(struct store *store) {
    define_functions(store, NULL, NULL);
}
