/* One import as it runs: lines in, drafts checked and queued, batches written. Private to import*.c. */
#pragma once
#include "db/doubts.h"
#include "db/draft.h"
#include "db/earlier.h"
#include "db/import.h"
#include "db/lines.h"
#include <pthread.h>

enum {
    INTAKE_QUEUE = 256, /* orders that are checked before the database is locked */
    BATCHES = 4
};

/* Orders that are checked before the database is locked: while the writer has some batches another fills. */
struct batch {
    struct arena arena;                /* of the drafts, and of the one that is being read */
    struct carded added[INTAKE_QUEUE]; /* those that are known to be new, as they are to be stored */
    struct draft *queue[INTAKE_QUEUE]; /* the others, to be written after these */
    int added_count, count;
};

/* The writer: a thread of its own, which alone uses the store. */
struct handover {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t turned;
    int full; /* how many batches are to be written; 0: the writer waits */
    bool ending, failed;
    struct error err;
};

struct intake {
    struct store *store;
    const struct import_options *options;
    struct draft_options draft_options;
    struct import_summary *summary;
    struct lines lines;
    int64_t line; /* of the row that is being read */
    struct earlier earlier;
    struct doubts doubts;
    struct batch batches[BATCHES], *filling; /* each in its turn */
    bool unprovable;                         /* nothing is read that proves an order */
    struct buffer card;
    struct handover handover;
    struct import_summary written; /* the writer's: added, changed and same */
    struct arena scratch;          /* the writer's, of one merge */
    struct buffer before, after;   /* the writer's: cards, to see what changed */
};

struct draft *intake_draft(struct intake *intake);
/* Checks the whole order; what is good is queued, what is not comes back as false + error. *failed: the
 * database said no, and the import ends. */
bool intake_take(struct intake *intake, struct draft *draft, bool *failed, struct error *err);
/* Says what is wrong with a row: "orders.csv:12: …". */
void intake_complain(struct intake *intake, int64_t line, const struct error *why);
void intake_rejected(struct intake *intake, const char *raw, size_t len);
/* "not UTF-8 …" + false, naming the first bad byte. */
bool intake_text_valid(const char *bytes, size_t len, struct error *err);

bool import_csv(struct intake *intake, struct error *err);
bool import_jsonl(struct intake *intake, struct error *err);
