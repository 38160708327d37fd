/* Conversations and their steps in the embedded database. */
#include "base/text.h"
#include "db/pack.h"
#include "db/sqlite.h"
#include "db/step.h"
#include <string.h>

static const char *or_empty(const char *text) {
    return text ? text : "";
}

/* Writing. */

static bool erased(struct error *err) {
    return error_set(err, "the conversation has been erased");
}

/* Where it is known; where it is not, the place that has not been used for longest. */
static struct known_row *known_row(struct store *store, const char *id) {
    struct known_row *set = store->known_rows[pack_check(id, strlen(id)) % KNOWN_SETS], *place = set;
    for (struct known_row *known = set; known < set + KNOWN_WAYS; known++) {
        if (text_is(known->id, id)) {
            place = known;
            break;
        }
        if (known->used < place->used)
            place = known;
    }
    place->used = ++store->known_uses;
    return place;
}

/* An empty hash is one that this change does not know. */
enum { FACE_HASHES = 3 };

/* Of what its row holds besides what never changes. */
static void face_of(uint32_t face[FACE_COLUMNS], const char *const columns[FACE_COLUMNS]) {
    for (int i = 0; i < FACE_COLUMNS; i++)
        face[i] = text_empty(columns[i]) ? 0 : pack_check(columns[i], strlen(columns[i]));
}

/* Takes over what the row will hold; false when it does already. */
static bool face_change(struct known_row *known, const struct conversation *c) {
    const char *const columns[] = {c->locale, c->token_hash, c->handling, c->customer_hash, c->order_hash};
    uint32_t face[FACE_COLUMNS];
    bool changed = false;
    face_of(face, columns);
    for (int i = 0; i < FACE_COLUMNS; i++)
        if (known->face[i] != face[i] && (i < FACE_HASHES || face[i])) {
            known->face[i] = face[i];
            changed = true;
        }
    return changed;
}

/* What the writer knows of a conversation. `known` is where it is kept. */
static enum found find_row(struct store *store, const char *id, struct known_row *known, struct error *err) {
    if (!sqlite_steps_write(store, err))
        return FAILED; /* one of them may be its newest */
    sqlite3_stmt *find =
        sqlite_statement(store,
                         "SELECT row, s.id, s.seq, locale, token_hash, handling, customer_hash, order_hash"
                         " FROM conversations c LEFT JOIN heads h ON h.conversation = row"
                         " LEFT JOIN steps s ON s.id = h.step WHERE c.id = ?1",
                         err);
    if (!find)
        return FAILED;
    sqlite_bind(find, 1, id);
    enum found found = sqlite_step(store, find, err);
    if (found != FOUND)
        return found;
    *known = (struct known_row){.used = known->used,
                                .row = sqlite3_column_int64(find, 0),
                                .step = sqlite3_column_int64(find, 1),
                                .seq = sqlite3_column_int64(find, 2)};
    const char *columns[FACE_COLUMNS];
    for (int i = 0; i < FACE_COLUMNS; i++)
        columns[i] = (const char *)sqlite3_column_text(find, 3 + i);
    face_of(known->face, columns);
    sqlite3_reset(find);
    if (!TEXT_SET(known->id, id))
        known->id[0] = '\0';
    return FOUND;
}

static const char put_fresh[] =
    "INSERT INTO conversations(id, shop, channel, locale, token_hash, handling, customer_hash, order_hash,"
    " started_ms, call_hash) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT(id) DO NOTHING";

static const char put_known[] =
    "UPDATE conversations SET locale = ?4, token_hash = ?5, handling = ?6,"
    " customer_hash = ifnull(nullif(?7, ''), customer_hash), order_hash = ifnull(nullif(?8, ''), order_hash)"
    " WHERE row = ?11";

static bool put_row(struct store *store, const struct conversation *c, int64_t shop, int64_t row,
                    struct error *err) {
    sqlite3_stmt *put = sqlite_statement(store, row ? put_known : put_fresh, err);
    if (!put)
        return false;
    sqlite_bind(put, 4, or_empty(c->locale));
    sqlite_bind(put, 5, or_empty(c->token_hash));
    sqlite_bind(put, 6, or_empty(c->handling));
    sqlite_bind(put, 7, or_empty(c->customer_hash));
    sqlite_bind(put, 8, or_empty(c->order_hash));
    if (row)
        sqlite_bind_number(put, 11, row);
    else {
        sqlite_bind(put, 1, c->id);
        sqlite_bind_number(put, 2, shop);
        sqlite_bind(put, 3, or_empty(c->channel));
        sqlite_bind_number(put, 9, c->started_ms);
        sqlite_bind(put, 10, or_empty(c->call_hash));
    }
    return sqlite_run(store, put, err);
}

/* Its row is touched only when something changes that stands in it. */
static struct known_row *put_conversation(struct store *store, const struct conversation *c, bool goes_on,
                                          int64_t shop, struct error *err) {
    struct known_row *known = known_row(store, c->id);
    if (!goes_on) {
        if (!put_row(store, c, shop, 0, err))
            return NULL;
        if (sqlite3_changes(store->db) == 1) {
            *known = (struct known_row){.used = known->used, .row = sqlite3_last_insert_rowid(store->db)};
            face_change(known, c);
            if (!TEXT_SET(known->id, c->id))
                known->id[0] = '\0';
            return known;
        }
    }
    if (!text_is(known->id, c->id)) {
        enum found found = find_row(store, c->id, known, err);
        if (found == MISSING)
            erased(err);
        if (found != FOUND)
            return NULL;
    }
    return face_change(known, c) && !put_row(store, c, shop, known->row, err) ? NULL : known;
}

/* What changes nothing would be committed even where nothing can be written. */
static bool put_probe(struct store *store, struct error *err) {
    sqlite3_stmt *put = sqlite_statement(
        store, "INSERT OR REPLACE INTO meta(name, value) VALUES('probe', randomblob(8))", err);
    return put && sqlite_run(store, put, err);
}

static bool put_change(struct store *store, const struct change *change, struct error *err) {
    const struct conversation *c = change->conversation;
    int64_t shop = 0;
    if (!c && (change->turn_count || change->note_count || change->handoff_count || change->outgoing_count))
        return error_set(err, "%s: a change has turns, notes or hand-offs, but no conversation", store->path);
    if (c) {
        if (sqlite_shop(store, c->shop, true, &shop, err) != FOUND)
            return false;
        struct known_row *known = put_conversation(store, c, change->goes_on, shop, err);
        if (!known || !sqlite_steps_put(store, change, known, shop, err))
            return false;
    }
    for (int i = 0; i < change->handoff_count; i++)
        if (!sqlite_put_handoff(store, c->id, shop, &change->handoffs[i], err))
            return false;
    for (int i = 0; i < change->outgoing_count; i++)
        if (!sqlite_put_outgoing(store, c->id, shop, &change->outgoing[i], err))
            return false;
    int64_t id;
    for (int i = 0; i < change->ask_count; i++)
        if (!sqlite_put_request(store, &change->asks[i], &id, err))
            return false;
    if (change->act && !sqlite_put_act(store, change->act, err))
        return false;
    if (change->probe && !put_probe(store, err))
        return false;
    return !change->request || sqlite_end_request(store, change->request, "", err);
}

bool store_commit(struct store *store, const struct change *const *changes, int count, struct error *err) {
    bool full = false;
    for (int i = 0; i < count; i++)
        full |= changes[i]->promise;
    if (!sqlite_write_begin(store, full, err))
        return false;
    bool good = sqlite_steps_begin(store, err);
    for (int i = 0; good && i < count; i++)
        good = put_change(store, changes[i], err);
    if (!good || !sqlite_steps_write(store, err)) {
        sqlite_write_undo(store);
        return false;
    }
    uint64_t told = sqlite_tell_quiet(store);
    store->wrote = false;
    good = sqlite_write_end(store, err);
    if (!good || !store->wrote)
        sqlite_unsay_quiet(store, told);
    return good;
}

/* Reading. */

enum found store_conversation(struct store *store, const char *id, struct arena *arena,
                              struct conversation *out, struct error *err) {
    sqlite3_stmt *row =
        sqlite_reading(store,
                       "SELECT c.id, s.name, channel, locale, token_hash, state, handling, customer_hash,"
                       " order_hash, seq, started_ms, at_ms, call_hash FROM conversations c"
                       " JOIN shops s ON s.id = c.shop JOIN heads h ON h.conversation = row"
                       " JOIN steps p ON p.id = h.step WHERE c.id = ?1",
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

/* All that the rows hold packed. */
static enum found read_packed(struct store *store, sqlite3_stmt *rows, const char *conversation,
                              void *(*unpack)(struct packed in, struct arena *arena, int *count),
                              struct arena *arena, struct sqlite_rows *out, struct error *err) {
    enum found found;
    while ((found = sqlite_step(store, rows, err)) == FOUND) {
        int count;
        void *items = unpack(sqlite_packed(arena, rows, 0), arena, &count);
        if (!items) {
            sqlite3_reset(rows);
            error_set(err, "%s: a step of conversation %s is damaged; restore a backup", store->path,
                      conversation);
            return FAILED;
        }
        for (int i = 0; i < count; i++)
            memcpy(sqlite_row(out, arena), (char *)items + (size_t)i * out->size, out->size);
    }
    return found == FAILED ? FAILED : out->count ? FOUND : MISSING;
}

enum found store_turns(struct store *store, const char *conversation, int64_t after_seq, struct arena *arena,
                       struct turn **out, int *count, struct error *err) {
    sqlite3_stmt *rows = sqlite_reading(
        store, STEPS_OF("?1", "c.seq > ?2") "SELECT turns FROM chain WHERE turns IS NOT NULL ORDER BY id",
        err);
    struct sqlite_rows array = {.size = sizeof **out};
    *count = 0;
    if (!rows)
        return FAILED;
    sqlite_bind(rows, 1, conversation);
    sqlite_bind_number(rows, 2, after_seq);
    if (read_packed(store, rows, conversation, step_turns, arena, &array, err) == FAILED)
        return FAILED;
    *out = (struct turn *)(void *)array.items;
    for (*count = array.count; *count && (*out)->seq <= after_seq; --*count)
        ++*out; /* of the step in which that one was said */
    return *count ? FOUND : MISSING;
}

enum found store_notes(struct store *store, const char *conversation, struct arena *arena, struct note **out,
                       int *count, struct error *err) {
    sqlite3_stmt *rows = sqlite_reading(
        store,
        STEPS_OF("?1", "true") "SELECT notes FROM (SELECT 0 AS part, id, notes FROM reasons"
                               " WHERE conversation = (SELECT row FROM conversations WHERE id = ?1)"
                               " UNION ALL SELECT 1, id, notes FROM chain WHERE notes IS NOT NULL)"
                               " ORDER BY part, id",
        err);
    struct sqlite_rows array = {.size = sizeof **out};
    if (!rows)
        return FAILED;
    sqlite_bind(rows, 1, conversation);
    enum found found = read_packed(store, rows, conversation, step_notes, arena, &array, err);
    *out = (struct note *)(void *)array.items;
    *count = array.count;
    return found;
}
