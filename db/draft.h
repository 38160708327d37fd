/* What one import says about one order: the values, and which were given at all. Merged into what is stored:
 * given replaces, absent stays, empty clears. Private to this room. */
#pragma once
#include "base/arena.h"
#include "base/calendar.h"
#include "base/error.h"
#include "db/field.h"

struct draft_options {
    const struct zone *zone;
    const char *country;
    int64_t now_ms;
    enum moment_order dates;
    /* Is told of a word for a status that is left out of an order. */
    void (*doubt)(const char *field, const char *word, void *context);
    void *context;
};

/* A bit for each field of the record (db/field.h) that was given, and one for a status in words that nobody
 * knows: it was given, and we cannot tell. */
#define DRAFT_UNREAD (UINT64_C(1) << 63)

struct draft_line {
    struct line line;
    uint64_t given;
    const char *parcel; /* its id or tracking number; "" in none */
};

struct draft_parcel {
    struct parcel parcel;
    uint64_t given;
};

struct draft {
    struct order order;
    uint64_t given;
    struct draft_line *lines;
    struct draft_parcel *parcels;
    int line_count, parcel_count;
    bool lines_given, parcels_given;
    bool partial; /* rows that name lines or parcels: others may stand elsewhere in the file */
    bool again;   /* the order was in the same file before */
    bool more;    /* both: its lines and parcels come on top */
};

/* Sets one field from text, checked and normalised, and marks it as given. "" clears. The text is changed
 * where it stands and kept: it lives as long as the arena. The error begins with the field's name: what was
 * expected, what was found. */
bool draft_set(void *base, uint64_t *given, const struct record *record, int field, char *text,
               const struct draft_options *options, struct arena *arena, struct error *err);
bool draft_moment(struct moment *moment, const char *name, const char *text,
                  const struct draft_options *options, struct error *err);
/* Takes the hold_reason that this word for a state tells, unless one was given. */
void draft_reason(struct order *order, uint64_t *given, const char *word);
/* draft_set's complaint, for readers that check values themselves. Returns false. */
bool draft_expected(const char *name, const char *expected, const char *found, struct error *err);

/* Was there a word for a status that nobody knows? It is told of. */
bool draft_doubts(const char *name, const char *word, enum status read, const struct draft_options *options);

/* Fields with their empty values, strings "". */
void draft_empty(void *base, const struct record *record);

/* What can only be checked when all is there: number, phone, spans, parcels of lines. */
bool draft_finish(struct draft *draft, const struct draft_options *options, struct arena *arena,
                  struct error *err);

/* The order as it is to be stored; `old` is NULL for a new one. */
struct order *draft_merge(const struct order *old, const struct draft *draft,
                          const struct draft_options *options, struct arena *arena);
