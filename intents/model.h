/* The learned second opinion: how probably an utterance is of each kind, and which intent of that kind it
 * then is most probably. A linear model over features.h for each language, made by train/ when the program is
 * built and embedded. Knows no rules: vote.c decides what its opinion is worth. */
#pragma once
#include "base/data.h"
#include "intents/model_file.h"

extern const struct data_file intents_models[]; /* the embedded ones: "fr.model" … */

struct domain;
struct utterance;
struct word;
struct model;
/* NULL + error for bytes that are no model. They must outlive it and be aligned to 8. */
struct model *model_new(const char *bytes, size_t len, const struct domain *domain, struct error *err);
void model_free(struct model *model);
bool model_fits(const struct model *model); /* does the domain have every intent that it knows? */

struct opinion {
    struct {
        double probability; /* that the utterance is of the kind, 0 where that is less likely than not (also
                               of others: they need not add up to 1) */
        int intent;         /* the likeliest of the kind, as an index of the domain; -1: none */
        double share;       /* the probability of that intent, given the kind */
    } kinds[KIND_COUNT];
    double track; /* log-odds of tracking */
    int worth;    /* of its features */
};
struct stops model_stops(const struct model *model);
bool model_knows(const struct model *model, uint32_t hash); /* is it a word that was learned? */
/* It will be asked of them: what that needs first is on its way. */
void model_expect(const struct model *model, const struct word *words, int count);
/* What a model sees of an utterance, which must live as long, as the arena: first its words, then these
 * beside each other. */
struct sight;
struct sight *model_glance(const struct model *model, const struct utterance *utterance, struct arena *arena);
const struct sight *model_see(const struct model *model, struct sight *sight);
/* Without the intents and their shares, which model_read_intents adds for the kinds that are named as bits,
 * of the same sight: they cost more. */
void model_read(const struct model *model, const struct sight *sight, struct opinion *out);
void model_read_intents(const struct model *model, const struct sight *sight, unsigned kinds,
                        struct opinion *out);
/* The probability of tracking, given what the rules say, too. */
double model_track(const struct model *model, const struct opinion *opinion, enum evidence evidence);
