/* The one door to what is stored. The embedded database (sqlite*.c) stands behind it; a remote one would
 * implement the same functions.
 *
 * A store is one connection and belongs to one thread; open one a thread. Every read gives its rows in the
 * caller's arena. Other processes may have the same database open (WAL). Nothing here reads a clock: now_ms
 * is an argument. */
#pragma once
#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "db/change.h"
#include "db/order.h"

enum found { FOUND, MISSING, FAILED };

struct store;

enum store_mode {
    STORE_READ,
    STORE_WRITE,
    STORE_CREATE, /* makes the file when there is none; one of another schema is refused */
    STORE_FILL    /* store_fill's own */
};

/* NULL + error: the file is missing (and what makes one), unreadable, not a WISMO database, of a newer
 * schema, corrupt. */
struct store *store_open(const char *path, enum store_mode mode, struct error *err);
void store_close(struct store *store);

/* A database that is not there yet, to be filled with orders: it stands in PATH.new, without a journal, until
 * store_fill_end has given it its last indexes, its place on the disk and its name. A process that is killed
 * leaves that file, which the next fill begins anew. NULL + error; closed before its end it was never there.
 */
struct store *store_fill(const char *path, struct error *err);
bool store_fill_end(struct store *store, struct error *err);
bool store_filling(const struct store *store);

/* Orders. At most ORDER_LIST_MAX, newest first, each whole (from its card: one read an order). */
enum found store_orders(struct store *store, const struct order_query *query, struct arena *arena,
                        struct order_list *out, struct error *err);
/* The order's number as the shop writes it, in the arena; as given where there is no such order. */
const char *store_order_number(struct store *store, const char *shop, const char *number,
                               struct arena *arena);
/* Ends the read transaction that reads since the last call have shared; call it before the loop sleeps. */
void store_rest(struct store *store);

/* Writes or updates one whole order and its card in one transaction, or in the batch that store_batch opened.
 * Merging with what is there is the caller's (db/import.c): this replaces. */
bool store_put_order(struct store *store, const struct order *order, struct error *err);
/* The same of orders of one shop that are known not to be there, each with its card (db/card.h) and, if they
 * are made already, its rows (db/row.h): of the order, of its lines, of its parcels. */
struct row;
struct carded {
    const struct order *order;
    const char *card;
    size_t card_len;
    const struct row *const *rows; /* NULL: not yet */
};
bool store_add_orders(struct store *store, const struct carded *orders, int count, struct error *err);
bool store_batch(struct store *store, struct error *err);     /* begin: holds the database's one write lock */
bool store_batch_end(struct store *store, struct error *err); /* commit */
void store_batch_undo(struct store *store);                   /* nothing of the batch is kept */

/* Conversations. */
bool store_commit(struct store *store, const struct change *const *changes, int count, struct error *err);
enum found store_conversation(struct store *store, const char *id, struct arena *arena,
                              struct conversation *out, struct error *err);
/* The id of the newest conversation over this call. */
enum found store_call(struct store *store, const char *call_hash, struct arena *arena, const char **out,
                      struct error *err);
/* Ids of the shop's conversations (shop "": of all) that have begun since, in that order, at most `most`,
 * after the id `after` ("": from the first). */
enum found store_conversations(struct store *store, const char *shop, int64_t since_ms, const char *after,
                               int most, struct arena *arena, const char ***out, int *count,
                               struct error *err);
enum found store_turns(struct store *store, const char *conversation, int64_t after_seq, struct arena *arena,
                       struct turn **out, int *count, struct error *err);
enum found store_notes(struct store *store, const char *conversation, struct arena *arena, struct note **out,
                       int *count, struct error *err);

/* Hand-offs of one shop (NULL: of all): those of one status, or all (status -1), oldest first. */
struct handoff_row {
    struct handoff handoff;
    const char *conversation, *shop;
    const char *delivery; /* to the shop's own system: "" nothing waits | pending | failed */
    const char *trouble;  /* what went wrong last, or "" */
};
enum found store_handoffs(struct store *store, const char *shop, int status, struct arena *arena,
                          struct handoff_row **out, int *count, struct error *err);

enum found store_handoff(struct store *store, const char *id, struct arena *arena, struct handoff_row *out,
                         struct error *err);
/* The one of a conversation that waits or is taken. */
enum found store_open_handoff(struct store *store, const char *shop, const char *conversation,
                              struct arena *arena, struct handoff *out, struct error *err);

/* Requests of other processes, applied by the owner of the conversations (a change with .request marks it
 * done). One whose .remote is known already is not stored again: *id is that of the first. */
bool store_request(struct store *store, const struct request *request, int64_t *id, struct error *err);
enum found store_requests(struct store *store, struct arena *arena, struct request **out, int *count,
                          struct error *err);
/* FOUND with "" when it was done, with the reason when it was refused; MISSING while it is open. */
enum found store_request_done(struct store *store, int64_t id, struct arena *arena, const char **outcome,
                              struct error *err);
bool store_request_refuse(struct store *store, int64_t id, const char *why, struct error *err);
/* True when another connection has committed since the last call: cheap enough to ask every 100 ms. */
bool store_changed(struct store *store);

/* One process serves a database: an advisory lock beside it ("PATH.lock") that goes with the process. */
struct store_lease;
struct store_lease *store_lease_take(const char *path,
                                     struct error *err); /* NULL + error names the holder's process id */
void store_lease_drop(struct store_lease *lease);

/* Keyed hashes of customers and orders use one secret of the database's own, made with it. 32 bytes. */
bool store_secret(struct store *store, uint8_t out[32], struct error *err);

/* Erasure and access. by: ORDER_BY_KEY, _EMAIL or _PHONE. Erases orders, conversations, turns, notes,
 * hand-offs and contacts that belong to the customer, overwrites what they stood on (secure_delete) and
 * empties the WAL. */
struct erased {
    int orders, conversations, turns, notes, handoffs;
};
bool store_forget(struct store *store, const struct order_query *who, struct erased *out, struct error *err);
/* All that is stored on one customer, as one JSON object. */
bool store_export(struct store *store, const struct order_query *who, struct buffer *out, struct error *err);

/* Deletes what is past its time, at most `most` rows a call; true in *more when there is more. Days; 0 keeps
 * for ever. */
struct retention {
    int turns, notes, handoffs, orders;
    int64_t now_ms; /* where the writer's clock stands; 0: it runs */
};
bool store_retain(struct store *store, const struct retention *retention, int64_t now_ms, int most,
                  bool *more, struct error *err);

/* Moves what the write-ahead log holds into the database file, as far as readers allow: for the writer and
 * for long imports, never on a loop. Does nothing while the log is short. */
bool store_checkpoint(struct store *store, struct error *err);
bool store_log_long(const struct store *store); /* … after the last commit of this connection */
/* The same while others write, however long the log is; what it has moved is on the disk. */
bool store_backfill(struct store *store, struct error *err);

/* How many hand-offs wait, and since when the first of them; 0 none. */
bool store_waiting(struct store *store, int64_t *count, int64_t *oldest_ms, struct error *err);
