/* The steps of a commit, and with them the newest of each conversation: SQLite reads them as the rows of a
 * virtual table, a column at a time, so that one statement writes them all, however many they are. A
 * statement a step costs half as much again. */
#include "base/memory.h"
#include "base/text.h"
#include "db/sqlite.h"
#include "db/step.h"
#include <stdlib.h>
#include <string.h>

enum { STEPS_AT_ONCE = 256, MARK_SIZE = 8 };

struct steps {
    struct row {
        int64_t id, before, conversation, shop, seq, at_ms;
        const char *state;
        const struct step *step;
    } rows[STEPS_AT_ONCE];
    int count;
    int64_t last; /* id of the newest step that is stored or put */
    char erased[MARK_SIZE];
    struct arena arena; /* of those that came unpacked; until the next commit */
};

/* The virtual table. */

enum column { ID, BEFORE, CONVERSATION, SHOP, SEQ, AT_MS, STATE, TURNS, NOTES };
static const char columns[] =
    "CREATE TABLE fresh(id, before, conversation, shop, seq, at_ms, state, turns, notes)";

struct fresh {
    sqlite3_vtab base;
    const struct steps *steps;
};

struct cursor {
    sqlite3_vtab_cursor base;
    const struct steps *steps;
    int at;
};

static int fresh_connect(sqlite3 *db, void *steps, int count, const char *const *arguments,
                         sqlite3_vtab **table, char **why) {
    (void)count, (void)arguments, (void)why;
    int declared = sqlite3_declare_vtab(db, columns);
    if (declared != SQLITE_OK)
        return declared;
    struct fresh *fresh = sqlite3_malloc(sizeof *fresh);
    if (!fresh)
        return SQLITE_NOMEM;
    *fresh = (struct fresh){.steps = steps};
    *table = &fresh->base;
    return SQLITE_OK;
}

static int fresh_disconnect(sqlite3_vtab *table) {
    sqlite3_free(table);
    return SQLITE_OK;
}

static int fresh_plan(sqlite3_vtab *table, sqlite3_index_info *info) {
    (void)table, (void)info;
    return SQLITE_OK;
}

static int fresh_open(sqlite3_vtab *table, sqlite3_vtab_cursor **out) {
    struct cursor *cursor = sqlite3_malloc(sizeof *cursor);
    if (!cursor)
        return SQLITE_NOMEM;
    *cursor = (struct cursor){.steps = ((struct fresh *)table)->steps};
    *out = &cursor->base;
    return SQLITE_OK;
}

static int fresh_close(sqlite3_vtab_cursor *cursor) {
    sqlite3_free(cursor);
    return SQLITE_OK;
}

static int fresh_first(sqlite3_vtab_cursor *cursor, int plan, const char *name, int count,
                       sqlite3_value **values) {
    (void)plan, (void)name, (void)count, (void)values;
    ((struct cursor *)cursor)->at = 0;
    return SQLITE_OK;
}

static int fresh_next(sqlite3_vtab_cursor *cursor) {
    ((struct cursor *)cursor)->at++;
    return SQLITE_OK;
}

static int fresh_ended(sqlite3_vtab_cursor *at) {
    const struct cursor *cursor = (struct cursor *)at;
    return cursor->at >= cursor->steps->count;
}

static void give_blob(sqlite3_context *context, const char *bytes, size_t len) {
    if (len)
        sqlite3_result_blob(context, bytes, (int)len, SQLITE_STATIC);
}

static int fresh_column(sqlite3_vtab_cursor *at, sqlite3_context *context, int column) {
    const struct cursor *cursor = (struct cursor *)at;
    const struct row *row = &cursor->steps->rows[cursor->at];
    switch ((enum column)column) {
    case ID:
        sqlite3_result_int64(context, row->id);
        break;
    case BEFORE:
        sqlite3_result_int64(context, row->before);
        break;
    case CONVERSATION:
        sqlite3_result_int64(context, row->conversation);
        break;
    case SHOP:
        sqlite3_result_int64(context, row->shop);
        break;
    case SEQ:
        sqlite3_result_int64(context, row->seq);
        break;
    case AT_MS:
        sqlite3_result_int64(context, row->at_ms);
        break;
    case STATE:
        sqlite3_result_text(context, row->state, -1, SQLITE_STATIC);
        break;
    case TURNS:
        give_blob(context, row->step->turns, row->step->turns_len);
        break;
    case NOTES:
        give_blob(context, row->step->notes, row->step->notes_len);
        break;
    }
    return SQLITE_OK;
}

static int fresh_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *id) {
    *id = ((struct cursor *)cursor)->at;
    return SQLITE_OK;
}

static const sqlite3_module module = {.xConnect = fresh_connect,
                                      .xDisconnect = fresh_disconnect,
                                      .xBestIndex = fresh_plan,
                                      .xOpen = fresh_open,
                                      .xClose = fresh_close,
                                      .xFilter = fresh_first,
                                      .xNext = fresh_next,
                                      .xEof = fresh_ended,
                                      .xColumn = fresh_column,
                                      .xRowid = fresh_rowid};

bool sqlite_steps_open(struct store *store, struct error *err) {
    store->steps = calloc(1, sizeof *store->steps);
    if (!store->steps)
        memory_exhausted();
    arena_init(&store->steps->arena);
    return sqlite3_create_module(store->db, "fresh", &module, store->steps) == SQLITE_OK ||
           sqlite_failed(store, err);
}

void sqlite_steps_free(struct store *store) {
    if (store->steps)
        arena_clear(&store->steps->arena);
    free(store->steps);
    store->steps = NULL;
}

/* A commit. */

bool sqlite_steps_begin(struct store *store, struct error *err) {
    struct steps *steps = store->steps;
    sqlite3_stmt *find = sqlite_statement(store,
                                          "SELECT (SELECT max(id) FROM steps),"
                                          " (SELECT value FROM meta WHERE name = 'erased')",
                                          err);
    steps->count = 0;
    arena_reset(&steps->arena);
    if (!find || sqlite_step(store, find, err) != FOUND)
        return false;
    steps->last = sqlite3_column_int64(find, 0);
    const void *erased = sqlite3_column_blob(find, 1);
    bool marked = sqlite3_column_bytes(find, 1) == MARK_SIZE;
    if (marked && memcmp(steps->erased, erased, MARK_SIZE) != 0) {
        memcpy(steps->erased, erased, MARK_SIZE);
        memset(store->known_rows, 0, sizeof store->known_rows);
    }
    sqlite3_reset(find);
    return marked || error_set(err, "%s: its mark of erasures is missing; restore a backup", store->path);
}

bool sqlite_steps_write(struct store *store, struct error *err) {
    if (!store->steps->count)
        return true;
    sqlite3_stmt *steps =
        sqlite_statement(store,
                         "INSERT INTO steps(id, before, conversation, shop, seq, at_ms, state,"
                         " turns, notes) SELECT id, before, conversation, shop, seq, at_ms,"
                         " state, turns, notes FROM fresh",
                         err);
    sqlite3_stmt *heads = sqlite_statement(
        store, "INSERT OR REPLACE INTO heads(conversation, step) SELECT conversation, id FROM fresh", err);
    bool good = steps && heads && sqlite_run(store, steps, err) && sqlite_run(store, heads, err);
    store->steps->count = 0;
    return good;
}

bool sqlite_steps_put(struct store *store, const struct change *change, struct known_row *known, int64_t shop,
                      struct error *err) {
    struct steps *steps = store->steps;
    const struct conversation *c = change->conversation;
    const struct step *step = change->step ? change->step : change_pack(&steps->arena, change)->step;
    if (step->large)
        return error_set(err, "a step of conversation %s is larger than %d bytes", c->id, STEP_MAX);
    int64_t again = step->turns_len && step->first <= known->seq ? step->first : step->again;
    if (again)
        return error_set(err, "turn %lld of conversation %s is there already", (long long)again, c->id);
    if (steps->count == STEPS_AT_ONCE && !sqlite_steps_write(store, err))
        return false;
    int64_t seq = step->last > known->seq ? step->last : known->seq;
    known->seq = c->seq > seq ? c->seq : seq;
    steps->rows[steps->count++] = (struct row){.id = ++steps->last,
                                               .before = known->step,
                                               .conversation = known->row,
                                               .shop = shop,
                                               .seq = known->seq,
                                               .at_ms = c->updated_ms,
                                               .state = c->state ? c->state : "",
                                               .step = step};
    known->step = steps->last;
    return true;
}
