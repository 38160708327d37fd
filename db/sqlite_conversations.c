/* Conversations, hand-offs and requests in the embedded database. */
#include "base/text.h"
#include "db/sqlite.h"
#include <string.h>

static const char *or_empty(const char *text) {
    return text ? text : "";
}

/* Writing. */

static const char put_fresh[] =
    "INSERT INTO conversations(id, shop, channel, locale, token_hash, state, handling, customer_hash,"
    " order_hash, seq, started_ms, updated_ms, call_hash)"
    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
    " ON CONFLICT(id) DO UPDATE SET locale = ?4, token_hash = ?5, state = ?6, handling = ?7, customer_hash = "
    "?8,"
    " order_hash = ?9, seq = ?10, updated_ms = ?12";

/* Whoever kept it in memory while it was erased must not write it again. (RETURNING would make a table for
 * its one row, which costs more than the change.) */
static const char put_known[] =
    "UPDATE conversations SET locale = ?4, token_hash = ?5, state = ?6, handling = ?7, customer_hash = ?8,"
    " order_hash = ?9, seq = ?10, updated_ms = ?12 WHERE row = ?14 AND id = ?1";

static struct known_row *known_row(struct store *store, const char *id) {
    uint32_t hash = 0;
    for (const char *at = id; *at; at++)
        hash = hash * 31 + (unsigned char)*at;
    return &store->known_rows[hash % KNOWN_ROWS];
}

static enum found find_row(struct store *store, const char *id, int64_t *row, struct error *err) {
    sqlite3_stmt *find = sqlite_statement(store, "SELECT row FROM conversations WHERE id = ?1", err);
    struct known_row *known = known_row(store, id);
    if (!find)
        return FAILED;
    sqlite_bind(find, 1, id);
    enum found found = sqlite_step(store, find, err);
    if (found != FOUND)
        return found;
    *row = known->row = sqlite3_column_int64(find, 0);
    sqlite3_reset(find);
    if (!TEXT_SET(known->id, id))
        known->id[0] = '\0';
    return FOUND;
}

static bool erased(struct error *err) {
    return error_set(err, "the conversation has been erased");
}

static bool put_conversation(struct store *store, const struct conversation *c, bool goes_on, int64_t *shop,
                             int64_t *row, struct error *err) {
    sqlite3_stmt *put = sqlite_statement(store, goes_on ? put_known : put_fresh, err);
    if (!put || sqlite_shop(store, c->shop, true, shop, err) != FOUND)
        return false;
    const struct known_row *known = known_row(store, c->id);
    *row = known->row;
    enum found found = goes_on && !text_is(known->id, c->id) ? find_row(store, c->id, row, err) : FOUND;
    if (found != FOUND)
        return found == MISSING && erased(err);
    sqlite_bind(put, 1, c->id);
    sqlite_bind(put, 4, or_empty(c->locale));
    sqlite_bind(put, 5, or_empty(c->token_hash));
    sqlite_bind(put, 6, or_empty(c->state));
    sqlite_bind(put, 7, or_empty(c->handling));
    sqlite_bind(put, 8, or_empty(c->customer_hash));
    sqlite_bind(put, 9, or_empty(c->order_hash));
    sqlite_bind_number(put, 10, c->seq);
    sqlite_bind_number(put, 12, c->updated_ms);
    if (goes_on)
        sqlite_bind_number(put, 14, *row);
    else {
        sqlite_bind_number(put, 2, *shop);
        sqlite_bind(put, 3, or_empty(c->channel));
        sqlite_bind_number(put, 11, c->started_ms);
        sqlite_bind(put, 13, or_empty(c->call_hash));
    }
    if (!sqlite_run(store, put, err))
        return false;
    if (goes_on)
        return sqlite3_changes(store->db) == 1 || erased(err);
    return find_row(store, c->id, row, err) == FOUND;
}

static bool put_turn(struct store *store, int64_t row, const struct turn *turn, struct error *err) {
    sqlite3_stmt *put = sqlite_statement(
        store,
        "INSERT INTO turns(conversation, seq, re, author, who, client_id, text, phrase, parts, at_ms)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        err);
    if (!put)
        return false;
    sqlite_bind_number(put, 1, row);
    sqlite_bind_number(put, 2, turn->seq);
    sqlite_bind_number(put, 3, turn->re);
    sqlite_bind(put, 4, author_name(turn->author));
    sqlite_bind(put, 5, turn->who);
    sqlite_bind(put, 6, text_empty(turn->client_id) ? NULL : turn->client_id);
    sqlite_bind(put, 7, or_empty(turn->text));
    sqlite_bind(put, 8, turn->phrase);
    sqlite_bind(put, 9, turn->parts);
    sqlite_bind_number(put, 10, turn->at_ms);
    return sqlite_run(store, put, err);
}

static bool put_note(struct store *store, int64_t row, int64_t shop, const struct note *note,
                     struct error *err) {
    sqlite3_stmt *put =
        sqlite_statement(store,
                         "INSERT INTO notes(conversation, shop, seq, kind, intent, also, rule, score, "
                         "phrase, facts, \"order\","
                         " customer_hash, order_hash, latency_us, at_ms)"
                         " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
                         err);
    if (!put)
        return false;
    sqlite_bind_number(put, 1, row);
    sqlite_bind_number(put, 2, shop);
    sqlite_bind_number(put, 3, note->seq);
    sqlite_bind(put, 4, or_empty(note->kind));
    sqlite_bind(put, 5, or_empty(note->intent));
    sqlite_bind(put, 6, note->also);
    sqlite_bind(put, 7, or_empty(note->rule));
    sqlite3_bind_double(put, 8, note->score);
    sqlite_bind(put, 9, or_empty(note->phrase));
    sqlite_bind(put, 10, note->facts);
    sqlite_bind(put, 11, or_empty(note->order));
    sqlite_bind(put, 12, or_empty(note->customer_hash));
    sqlite_bind(put, 13, or_empty(note->order_hash));
    sqlite_bind_number(put, 14, note->latency_us);
    sqlite_bind_number(put, 15, note->at_ms);
    return sqlite_run(store, put, err);
}

static bool put_handoff(struct store *store, const struct conversation *c, int64_t shop,
                        const struct handoff *handoff, struct error *err) {
    sqlite3_stmt *put = sqlite_statement(
        store,
        "INSERT INTO handoffs(id, conversation, shop, queue, reason, \"order\", locale, summary, contact, "
        "agent,"
        " status, opened_ms, changed_ms) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
        " ON CONFLICT(id) DO UPDATE SET queue = ifnull(nullif(?4, ''), queue),"
        " reason = ifnull(nullif(?5, ''), reason), \"order\" = ifnull(nullif(?6, ''), \"order\"),"
        " locale = ifnull(nullif(?7, ''), locale), summary = ifnull(nullif(?8, ''), summary),"
        " contact = ifnull(nullif(?9, ''), contact),"
        " agent = CASE ?11 WHEN 'waiting' THEN '' ELSE ifnull(nullif(?10, ''), agent) END,"
        " status = ?11, changed_ms = ?13",
        err);
    if (!put)
        return false;
    sqlite_bind(put, 1, handoff->id);
    sqlite_bind(put, 2, c->id);
    sqlite_bind_number(put, 3, shop);
    sqlite_bind(put, 4, or_empty(handoff->queue));
    sqlite_bind(put, 5, or_empty(handoff->reason));
    sqlite_bind(put, 6, or_empty(handoff->order));
    sqlite_bind(put, 7, or_empty(handoff->locale));
    sqlite_bind(put, 8, handoff->summary);
    sqlite_bind(put, 9, or_empty(handoff->contact));
    sqlite_bind(put, 10, or_empty(handoff->agent));
    sqlite_bind(put, 11, handoff_status_name(handoff->status));
    sqlite_bind_number(put, 12, handoff->opened_ms);
    sqlite_bind_number(put, 13, handoff->changed_ms);
    return sqlite_run(store, put, err);
}

static bool end_request(struct store *store, int64_t id, const char *outcome, struct error *err) {
    sqlite3_stmt *put =
        sqlite_statement(store, "UPDATE requests SET outcome = ?2 WHERE id = ?1 AND outcome IS NULL", err);
    if (!put)
        return false;
    sqlite_bind_number(put, 1, id);
    sqlite_bind(put, 2, outcome);
    return sqlite_run(store, put, err);
}

static bool put_request(struct store *store, const struct request *request, int64_t *id, struct error *err) {
    sqlite3_stmt *put =
        sqlite_statement(store,
                         "INSERT INTO requests(conversation, handoff, verb, agent, text, at_ms, remote)"
                         " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"
                         " ON CONFLICT(remote) WHERE remote IS NOT NULL DO UPDATE SET remote = remote"
                         " RETURNING id",
                         err);
    if (!put)
        return false;
    sqlite_bind(put, 1, or_empty(request->conversation));
    sqlite_bind(put, 2, or_empty(request->handoff));
    sqlite_bind(put, 3, or_empty(request->verb));
    sqlite_bind(put, 4, or_empty(request->agent));
    sqlite_bind(put, 5, or_empty(request->text));
    sqlite_bind_number(put, 6, request->at_ms);
    sqlite_bind(put, 7, request->remote);
    if (sqlite_step(store, put, err) != FOUND)
        return false;
    *id = sqlite3_column_int64(put, 0);
    sqlite3_reset(put);
    return true;
}

/* What changes nothing would be committed even where nothing can be written. */
static bool put_probe(struct store *store, struct error *err) {
    sqlite3_stmt *put = sqlite_statement(
        store, "INSERT OR REPLACE INTO meta(name, value) VALUES('probe', randomblob(8))", err);
    return put && sqlite_run(store, put, err);
}

static bool put_change(struct store *store, const struct change *change, struct error *err) {
    const struct conversation *c = change->conversation;
    int64_t shop = 0, row = 0;
    if (!c && (change->turn_count || change->note_count || change->handoff_count || change->outgoing_count))
        return error_set(err, "%s: a change has turns, notes or hand-offs, but no conversation", store->path);
    if (c && !put_conversation(store, c, change->goes_on, &shop, &row, err))
        return false;
    for (int i = 0; i < change->turn_count; i++)
        if (!put_turn(store, row, &change->turns[i], err))
            return false;
    for (int i = 0; i < change->note_count; i++)
        if (!put_note(store, row, shop, &change->notes[i], err))
            return false;
    for (int i = 0; i < change->handoff_count; i++)
        if (!put_handoff(store, c, shop, &change->handoffs[i], err))
            return false;
    for (int i = 0; i < change->outgoing_count; i++)
        if (!sqlite_put_outgoing(store, c->id, shop, &change->outgoing[i], err))
            return false;
    int64_t id;
    for (int i = 0; i < change->ask_count; i++)
        if (!put_request(store, &change->asks[i], &id, err))
            return false;
    if (change->act && !sqlite_put_act(store, change->act, err))
        return false;
    if (change->probe && !put_probe(store, err))
        return false;
    return !change->request || end_request(store, change->request, "", err);
}

bool store_commit(struct store *store, const struct change *const *changes, int count, struct error *err) {
    bool full = false;
    for (int i = 0; i < count; i++)
        full |= changes[i]->promise;
    if (!sqlite_write_begin(store, full, err))
        return false;
    for (int i = 0; i < count; i++)
        if (!put_change(store, changes[i], err)) {
            sqlite_write_undo(store);
            return false;
        }
    return sqlite_write_end(store, err);
}

bool store_request(struct store *store, const struct request *request, int64_t *id, struct error *err) {
    /* A person's order to the program: as durable as a promise. */
    if (!sqlite_write_begin(store, true, err))
        return false;
    if (!put_request(store, request, id, err)) {
        sqlite_write_undo(store);
        return false;
    }
    return sqlite_write_end(store, err);
}

bool store_request_refuse(struct store *store, int64_t id, const char *why, struct error *err) {
    if (!sqlite_write_begin(store, false, err))
        return false;
    if (end_request(store, id, text_empty(why) ? "refused" : why, err))
        return sqlite_write_end(store, err);
    sqlite_write_undo(store);
    return false;
}

/* Reading. */

static void *rows_add(struct sqlite_rows *rows, struct arena *arena) {
    if (rows->count == rows->room) {
        int room = rows->room ? rows->room * 2 : 16;
        char *items = arena_alloc(arena, rows->size * (size_t)room);
        if (rows->count)
            memcpy(items, rows->items, rows->size * (size_t)rows->count);
        rows->items = items;
        rows->room = room;
    }
    return rows->items + rows->size * (size_t)rows->count++;
}

enum found sqlite_read(struct store *store, sqlite3_stmt *statement, struct arena *arena,
                       struct sqlite_rows *rows,
                       void (*take)(sqlite3_stmt *statement, struct arena *arena, void *item),
                       struct error *err) {
    enum found found;
    while ((found = sqlite_step(store, statement, err)) == FOUND)
        take(statement, arena, rows_add(rows, arena));
    return found == FAILED ? FAILED : rows->count ? FOUND : MISSING;
}

sqlite3_stmt *sqlite_reading(struct store *store, const char *sql, struct error *err) {
    sqlite3_stmt *statement = sqlite_statement(store, sql, err);
    return statement && sqlite_read_begin(store, err) ? statement : NULL;
}

enum found store_conversation(struct store *store, const char *id, struct arena *arena,
                              struct conversation *out, struct error *err) {
    sqlite3_stmt *row =
        sqlite_reading(store,
                       "SELECT c.id, s.name, channel, locale, token_hash, state, handling, customer_hash,"
                       " order_hash, seq, started_ms, updated_ms, call_hash FROM conversations c"
                       " JOIN shops s ON s.id = c.shop WHERE c.id = ?1",
                       err);
    if (!row)
        return FAILED;
    sqlite_bind(row, 1, id);
    enum found found = sqlite_step(store, row, err);
    if (found != FOUND)
        return found;
    *out = (struct conversation){.id = sqlite_text(arena, row, 0),
                                 .shop = sqlite_text(arena, row, 1),
                                 .channel = sqlite_text(arena, row, 2),
                                 .locale = sqlite_text(arena, row, 3),
                                 .token_hash = sqlite_text(arena, row, 4),
                                 .state = sqlite_text(arena, row, 5),
                                 .handling = sqlite_text(arena, row, 6),
                                 .customer_hash = sqlite_text(arena, row, 7),
                                 .order_hash = sqlite_text(arena, row, 8),
                                 .seq = sqlite3_column_int64(row, 9),
                                 .started_ms = sqlite3_column_int64(row, 10),
                                 .updated_ms = sqlite3_column_int64(row, 11),
                                 .call_hash = sqlite_text(arena, row, 12)};
    sqlite3_reset(row);
    return FOUND;
}

enum found store_call(struct store *store, const char *call_hash, struct arena *arena, const char **out,
                      struct error *err) {
    sqlite3_stmt *row = sqlite_reading(store,
                                       "SELECT id FROM conversations WHERE call_hash = ?1 AND call_hash <> ''"
                                       " ORDER BY started_ms DESC LIMIT 1",
                                       err);
    if (!row)
        return FAILED;
    sqlite_bind(row, 1, call_hash);
    enum found found = sqlite_step(store, row, err);
    if (found != FOUND)
        return found;
    *out = sqlite_text(arena, row, 0);
    sqlite3_reset(row);
    return FOUND;
}

static void take_turn(sqlite3_stmt *row, struct arena *arena, void *item) {
    struct turn *turn = item;
    const char *author = (const char *)sqlite3_column_text(row, 2);
    *turn = (struct turn){.seq = sqlite3_column_int64(row, 0),
                          .re = sqlite3_column_int64(row, 1),
                          .author = AUTHOR_SYSTEM,
                          .who = sqlite_text(arena, row, 3),
                          .client_id = sqlite_text(arena, row, 4),
                          .text = sqlite_text(arena, row, 5),
                          .phrase = sqlite_text(arena, row, 6),
                          .parts = sqlite_text(arena, row, 7),
                          .at_ms = sqlite3_column_int64(row, 8)};
    for (enum author known = AUTHOR_CUSTOMER; known < AUTHOR_SYSTEM; known++)
        if (text_is(author_name(known), author))
            turn->author = known;
}

enum found store_turns(struct store *store, const char *conversation, int64_t after_seq, struct arena *arena,
                       struct turn **out, int *count, struct error *err) {
    sqlite3_stmt *rows =
        sqlite_reading(store,
                       "SELECT seq, re, author, who, client_id, text, phrase, parts, at_ms FROM turns"
                       " WHERE conversation = (SELECT row FROM conversations WHERE id = ?1) AND seq > ?2"
                       " ORDER BY seq",
                       err);
    struct sqlite_rows array = {.size = sizeof **out};
    *count = 0;
    if (!rows)
        return FAILED;
    sqlite_bind(rows, 1, conversation);
    sqlite_bind_number(rows, 2, after_seq);
    enum found found = sqlite_read(store, rows, arena, &array, take_turn, err);
    *out = (struct turn *)(void *)array.items;
    *count = array.count;
    return found;
}

static void take_id(sqlite3_stmt *row, struct arena *arena, void *item) {
    *(const char **)item = sqlite_text(arena, row, 0);
}

enum found store_conversations(struct store *store, const char *shop, int64_t since_ms, const char *after,
                               int most, struct arena *arena, const char ***out, int *count,
                               struct error *err) {
    sqlite3_stmt *rows =
        sqlite_reading(store,
                       "SELECT id FROM conversations WHERE id > ?2 AND started_ms >= ?3 AND"
                       " (?1 = '' OR shop = (SELECT id FROM shops WHERE name = ?1)) ORDER BY id LIMIT ?4",
                       err);
    struct sqlite_rows array = {.size = sizeof **out};
    *count = 0;
    if (!rows)
        return FAILED;
    sqlite_bind(rows, 1, shop);
    sqlite_bind(rows, 2, after);
    sqlite_bind_number(rows, 3, since_ms);
    sqlite_bind_number(rows, 4, most);
    enum found found = sqlite_read(store, rows, arena, &array, take_id, err);
    *out = (const char **)(void *)array.items;
    *count = array.count;
    return found;
}

static void take_note(sqlite3_stmt *row, struct arena *arena, void *item) {
    *(struct note *)item = (struct note){.seq = sqlite3_column_int64(row, 0),
                                         .kind = sqlite_text(arena, row, 1),
                                         .intent = sqlite_text(arena, row, 2),
                                         .also = sqlite_text(arena, row, 3),
                                         .rule = sqlite_text(arena, row, 4),
                                         .score = sqlite3_column_double(row, 5),
                                         .phrase = sqlite_text(arena, row, 6),
                                         .facts = sqlite_text(arena, row, 7),
                                         .order = sqlite_text(arena, row, 8),
                                         .customer_hash = sqlite_text(arena, row, 9),
                                         .order_hash = sqlite_text(arena, row, 10),
                                         .latency_us = sqlite3_column_int64(row, 11),
                                         .at_ms = sqlite3_column_int64(row, 12)};
}

enum found store_notes(struct store *store, const char *conversation, struct arena *arena, struct note **out,
                       int *count, struct error *err) {
    sqlite3_stmt *rows =
        sqlite_reading(store,
                       "SELECT seq, kind, intent, also, rule, score, phrase, facts, \"order\","
                       " customer_hash, order_hash, latency_us, at_ms FROM notes"
                       " WHERE conversation = (SELECT row FROM conversations WHERE id = ?1) ORDER BY id",
                       err);
    struct sqlite_rows array = {.size = sizeof **out};
    *count = 0;
    if (!rows)
        return FAILED;
    sqlite_bind(rows, 1, conversation);
    enum found found = sqlite_read(store, rows, arena, &array, take_note, err);
    *out = (struct note *)(void *)array.items;
    *count = array.count;
    return found;
}

void sqlite_take_handoff(sqlite3_stmt *row, struct arena *arena, void *item) {
    struct handoff_row *handoff = item;
    const char *status = (const char *)sqlite3_column_text(row, 8);
    *handoff = (struct handoff_row){{.id = sqlite_text(arena, row, 0),
                                     .queue = sqlite_text(arena, row, 1),
                                     .reason = sqlite_text(arena, row, 2),
                                     .order = sqlite_text(arena, row, 3),
                                     .locale = sqlite_text(arena, row, 4),
                                     .summary = sqlite_text(arena, row, 5),
                                     .contact = sqlite_text(arena, row, 6),
                                     .agent = sqlite_text(arena, row, 7),
                                     .status = HANDOFF_WAITING,
                                     .opened_ms = sqlite3_column_int64(row, 9),
                                     .changed_ms = sqlite3_column_int64(row, 10)},
                                    .conversation = sqlite_text(arena, row, 11),
                                    .shop = sqlite_text(arena, row, 12),
                                    .delivery = or_empty(sqlite_text(arena, row, 13)),
                                    .trouble = or_empty(sqlite_text(arena, row, 14))};
    for (enum handoff_status known = HANDOFF_WAITING; known <= HANDOFF_WITHDRAWN; known++)
        if (text_is(handoff_status_name(known), status))
            handoff->handoff.status = known;
}

#define HANDOFF_ROWS "SELECT " HANDOFF_COLUMNS " FROM handoffs h JOIN shops s ON s.id = h.shop"

enum found store_handoffs(struct store *store, const char *shop, int status, struct arena *arena,
                          struct handoff_row **out, int *count, struct error *err) {
    sqlite3_stmt *rows =
        sqlite_reading(store,
                       HANDOFF_ROWS " WHERE (?1 IS NULL OR s.name = ?1)"
                                    " AND (?2 IS NULL OR h.status = ?2) ORDER BY opened_ms, h.id",
                       err);
    struct sqlite_rows array = {.size = sizeof **out};
    *count = 0;
    if (!rows)
        return FAILED;
    sqlite_bind(rows, 1, text_empty(shop) ? NULL : shop);
    sqlite_bind(rows, 2, status < 0 ? NULL : handoff_status_name((enum handoff_status)status));
    enum found found = sqlite_read(store, rows, arena, &array, sqlite_take_handoff, err);
    *out = (struct handoff_row *)(void *)array.items;
    *count = array.count;
    return found;
}

enum found store_handoff(struct store *store, const char *id, struct arena *arena, struct handoff_row *out,
                         struct error *err) {
    sqlite3_stmt *row = sqlite_reading(store, HANDOFF_ROWS " WHERE h.id = ?1", err);
    if (!row)
        return FAILED;
    sqlite_bind(row, 1, id);
    enum found found = sqlite_step(store, row, err);
    if (found == FOUND) {
        sqlite_take_handoff(row, arena, out);
        sqlite3_reset(row);
    }
    return found;
}

bool store_waiting(struct store *store, int64_t *count, int64_t *oldest_ms, struct error *err) {
    sqlite3_stmt *row = sqlite_reading(
        store, "SELECT count(*), ifnull(min(opened_ms), 0) FROM handoffs WHERE status = 'waiting'", err);
    if (!row || sqlite_step(store, row, err) != FOUND)
        return false;
    *count = sqlite3_column_int64(row, 0);
    *oldest_ms = sqlite3_column_int64(row, 1);
    sqlite3_reset(row);
    return true;
}

enum found store_open_handoff(struct store *store, const char *shop, const char *conversation,
                              struct arena *arena, struct handoff *out, struct error *err) {
    sqlite3_stmt *row =
        sqlite_reading(store,
                       HANDOFF_ROWS " WHERE h.conversation = ?2 AND s.name = ?1"
                                    " AND h.status IN (?3, ?4) ORDER BY opened_ms DESC LIMIT 1",
                       err);
    struct handoff_row found_row;
    if (!row)
        return FAILED;
    sqlite_bind(row, 1, shop);
    sqlite_bind(row, 2, conversation);
    sqlite_bind(row, 3, handoff_status_name(HANDOFF_WAITING));
    sqlite_bind(row, 4, handoff_status_name(HANDOFF_TAKEN));
    enum found found = sqlite_step(store, row, err);
    if (found == FOUND) {
        sqlite_take_handoff(row, arena, &found_row);
        *out = found_row.handoff;
        sqlite3_reset(row);
    }
    return found;
}

static void take_request(sqlite3_stmt *row, struct arena *arena, void *item) {
    *(struct request *)item = (struct request){.id = sqlite3_column_int64(row, 0),
                                               .conversation = sqlite_text(arena, row, 1),
                                               .handoff = sqlite_text(arena, row, 2),
                                               .verb = sqlite_text(arena, row, 3),
                                               .agent = sqlite_text(arena, row, 4),
                                               .text = sqlite_text(arena, row, 5),
                                               .at_ms = sqlite3_column_int64(row, 6),
                                               .remote = sqlite_text(arena, row, 7)};
}

enum found store_requests(struct store *store, struct arena *arena, struct request **out, int *count,
                          struct error *err) {
    sqlite3_stmt *rows =
        sqlite_reading(store,
                       "SELECT id, conversation, handoff, verb, agent, text, at_ms, remote FROM requests"
                       " WHERE outcome IS NULL ORDER BY id",
                       err);
    struct sqlite_rows array = {.size = sizeof **out};
    *count = 0;
    if (!rows)
        return FAILED;
    enum found found = sqlite_read(store, rows, arena, &array, take_request, err);
    *out = (struct request *)(void *)array.items;
    *count = array.count;
    return found;
}

enum found store_request_done(struct store *store, int64_t id, struct arena *arena, const char **outcome,
                              struct error *err) {
    /* Each look is at what is there now: whoever waits for an outcome asks again and again. */
    store_rest(store);
    sqlite3_stmt *row =
        sqlite_reading(store, "SELECT outcome FROM requests WHERE id = ?1 AND outcome IS NOT NULL", err);
    if (!row)
        return FAILED;
    sqlite_bind_number(row, 1, id);
    enum found found = sqlite_step(store, row, err);
    if (found == FOUND) {
        *outcome = sqlite_text(arena, row, 0);
        sqlite3_reset(row);
    }
    store_rest(store);
    return found;
}
