/* The embedded backend's own ground: connection, statements, transactions. Private to sqlite*.c, which are
 * the only users of sqlite3. */
#pragma once
#include "db/pack.h"
#include "db/store.h"
#include <sqlite3.h>

enum { STATEMENTS_MAX = 160 };

/* What the writer knows of a conversation. Its row never becomes another's. */
enum { FACE_COLUMNS = 5, KNOWN_SETS = 4096, KNOWN_WAYS = 4 };
struct known_row {
    char id[28]; /* "": nobody's */
    uint32_t used;
    uint32_t face[FACE_COLUMNS]; /* checks of the columns that may change, 0 empty */
    int64_t row, step, seq;      /* of its newest step, 0 none */
};

struct store {
    sqlite3 *db;
    char *path;
    enum store_mode mode;
    struct {
        const char *sql; /* by address: the literal where it is used */
        sqlite3_stmt *statement;
    } statements[STATEMENTS_MAX];
    int statement_count;
    struct sqlite_put *puts[8][2];    /* statements made from the tables of fields (sqlite_rows.c) */
    struct buffer card;               /* of the order that is being put */
    struct steps *steps;              /* those that a commit is about to write (sqlite_steps.c) */
    bool batch, full;                 /* inside store_batch; synchronous is FULL */
    int log_pages;                    /* of the write-ahead log after the last commit */
    bool wrote;                       /* the last commit changed something */
    const volatile uint32_t *counter; /* of all commits (kept.h); NULL: not asked for */
    struct quiet *quiet;              /* the writer's: where it says which were its own */
    struct kept *kept;                /* cards kept by it */
    int64_t data_version;
    struct known_row known_rows[KNOWN_SETS][KNOWN_WAYS]; /* by a hash of the id; good until a change is
                                                            undone, or a conversation erased */
    uint32_t known_uses;
    int64_t retain_after; /* orders: how far retention has looked */
    struct fill *fill;    /* STORE_FILL */
    struct {
        char name[64];
        int64_t id;
    } shop; /* the last one asked for */
};

/* The file, which is there, opened and set up. NULL + error. */
struct store *sqlite_open(const char *path, enum store_mode mode, struct error *err);
bool sqlite_exec(struct store *store, const char *sql, struct error *err);
/* All but the struct itself. */
bool sqlite_close(struct store *store, struct error *err);
void sqlite_fill_drop(struct store *store);

/* A prepared statement, kept for the connection's life; `sql` must live as long. NULL + error. */
sqlite3_stmt *sqlite_statement(struct store *store, const char *sql, struct error *err);
/* FOUND: a row; MISSING: none (and the statement is reset); FAILED + error (and reset). */
enum found sqlite_step(struct store *store, sqlite3_stmt *statement, struct error *err);
/* For what gives no row: runs and resets. */
bool sqlite_run(struct store *store, sqlite3_stmt *statement, struct error *err);
/* A failure of sqlite3 as a sentence with its remedy. Returns false. */
bool sqlite_failed(struct store *store, struct error *err);

/* NULL is written as NULL; the string is borrowed until the statement runs. */
void sqlite_bind(sqlite3_stmt *statement, int at, const char *text);
void sqlite_bind_number(sqlite3_stmt *statement, int at, int64_t number);
const char *sqlite_text(struct arena *arena, sqlite3_stmt *statement, int column); /* NULL gives NULL */
struct packed sqlite_packed(struct arena *arena, sqlite3_stmt *statement, int column);

bool sqlite_read_begin(struct store *store, struct error *err); /* the transaction that store_rest ends */
bool sqlite_write_begin(struct store *store, bool full, struct error *err);
bool sqlite_write_end(struct store *store, struct error *err); /* undone when it fails */
void sqlite_write_undo(struct store *store);

/* The shop's row: FOUND with its id; MISSING when there is none and `make` is false. */
enum found sqlite_shop(struct store *store, const char *name, bool make, int64_t *id, struct error *err);

/* Reading: the statement ready to be bound, within the shared read transaction. */
sqlite3_stmt *sqlite_reading(struct store *store, const char *sql, struct error *err);

/* Rows of one kind, as an array that doubles in the arena. */
struct sqlite_rows {
    char *items;
    size_t size; /* of an item */
    int count, room;
};
void *sqlite_row(struct sqlite_rows *rows, struct arena *arena); /* room for one more */
/* Runs a bound statement; `take` makes an item of each row. */
enum found sqlite_read(struct store *store, sqlite3_stmt *statement, struct arena *arena,
                       struct sqlite_rows *rows,
                       void (*take)(sqlite3_stmt *statement, struct arena *arena, void *item),
                       struct error *err);
/* Columns of a hand-off `h` of a shop `s`, and what makes a struct handoff_row of them. */
#define HANDOFF_COLUMNS                                                                                      \
    "h.id, queue, reason, \"order\", locale, summary, contact, agent, h.status, opened_ms, changed_ms,"      \
    " h.conversation, s.name, (SELECT min(o.status) FROM outbox o WHERE o.handoff = h.id),"                  \
    " (SELECT o.why FROM outbox o WHERE o.handoff = h.id AND o.why <> '' ORDER BY o.id DESC LIMIT 1)"
void sqlite_take_handoff(sqlite3_stmt *row, struct arena *arena, void *item);

/* The steps of a conversation as a table `chain`, from the newest back as long as `on` holds of one (c). */
#define STEPS_OF(conversation, on)                                                                           \
    "WITH RECURSIVE chain AS (SELECT s.* FROM conversations JOIN heads h ON h.conversation = row"            \
    " JOIN steps s ON s.id = h.step WHERE conversations.id = " conversation " UNION ALL SELECT s.*"          \
    " FROM chain c JOIN steps s ON s.id = c.before AND s.conversation = c.conversation WHERE " on ") "

/* Within a write transaction. */
bool sqlite_put_handoff(struct store *store, const char *conversation, int64_t shop,
                        const struct handoff *handoff, struct error *err);
bool sqlite_put_request(struct store *store, const struct request *request, int64_t *id, struct error *err);
bool sqlite_end_request(struct store *store, int64_t id, const char *outcome, struct error *err);
bool sqlite_put_outgoing(struct store *store, const char *conversation, int64_t shop,
                         const struct outgoing *outgoing, struct error *err);
bool sqlite_put_act(struct store *store, const struct act *act, struct error *err);

/* The steps of a commit (sqlite_steps.c), written with one statement however many they are. begin, and
 * forgets known rows when a conversation has been erased; put; write: what was put is in its tables. */
bool sqlite_steps_open(struct store *store, struct error *err);
void sqlite_steps_free(struct store *store);
bool sqlite_steps_begin(struct store *store, struct error *err);
bool sqlite_steps_put(struct store *store, const struct change *change, struct known_row *known, int64_t shop,
                      struct error *err);
bool sqlite_steps_write(struct store *store, struct error *err);

/* From now on a commit is written to the log with one call (sqlite_log.c). */
void sqlite_gather_log(struct store *store, int page_size);
/* … and moving the log makes the database longer at once (sqlite_grow.c). */
void sqlite_grow_at_once(sqlite3_file *file);

/* At the end of a transaction that changes conversations only, before its commit; what was told until then,
 * for when nothing comes of it. */
uint64_t sqlite_tell_quiet(struct store *store);
void sqlite_unsay_quiet(struct store *store, uint64_t told);
void sqlite_kept_free(struct kept *kept);

/* What store_search asks of a step. */
bool sqlite_define_search(struct store *store, struct error *err);

/* The shop's and the key's orders, whole, for erasure and export. */
struct order_row {
    int64_t id;
    struct order *order;
};
enum found sqlite_orders(struct store *store, const struct order_query *query, int most, struct arena *arena,
                         struct order_row **out, int *count, struct error *err);
