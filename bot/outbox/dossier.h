/* A hand-off as another system is told of it: who, what about, the order's facts, what was said. Written as
 * JSON for programs and as text for people. Knows no target. */
#pragma once
#include "base/json.h"
#include "db/outgoing.h"

struct zone;

struct dossier {
    struct handoff_row row;
    struct conversation conversation;
    struct turn *turns; /* from the first up to the one that the errand names */
    int turn_count;
    int64_t at_ms;             /* when that happened */
    const struct order *order; /* the one that was proved, NULL none */
    const char *shop_name;
    const struct zone *zone; /* times are told in it; NULL: UTC */
};

/* MISSING: it has been erased. */
enum found dossier_read(struct dossier *dossier, struct store *store, const struct outgoing *what,
                        struct arena *arena, struct error *err);
/* The customer's turns and their answers after `seq`. */
int dossier_after(const struct dossier *dossier, int64_t seq);

/* {"type":"handoff.opened", …}: with the whole transcript, or with the one message. */
void dossier_json(const struct dossier *dossier, const struct outgoing *what, const char *kind,
                  struct buffer *out);
/* What a person should know before answering, a line each. */
void dossier_facts(const struct dossier *dossier, struct buffer *out);
void dossier_turn(const struct dossier *dossier, const struct turn *turn, struct buffer *out);
/* Whom to answer: what the customer left, else what the proved order says; "" unknown. */
const char *dossier_email(const struct dossier *dossier);
const char *dossier_phone(const struct dossier *dossier);
