/* The facts of an order as named values for phrases, each with the row it came from. What is protected
 * (article names, where, to whom, code, address) is among them for the second tier only. */
#pragma once
#include "bot/dialogue/answer.h"

/* "order 1042 promise", "order 1042 parcel 1 carrier"; what "": the order itself. */
struct source facts_origin(struct answer *answer, struct origin origin);
struct source facts_source(struct answer *answer, const char *what);
struct source facts_parcel_source(struct answer *answer, const struct parcel_view *view, const char *what);

/* The article names of a parcel (those of which no parcel is told, those that wait for one), for the second
 * tier only; NULL when none may or can be told. */
enum { ITEMS_UNASSIGNED = -1, ITEMS_WAITING = -2 };
const char *facts_items(struct answer *answer, int parcel);
/* None where it is still to come: what is announced has not been. */
struct moment facts_past(const struct answer *answer, struct moment moment);
/* "The parcel for your order 1042", "Parcel 1 of 2". */
const char *facts_subject(struct answer *answer, const struct parcel_view *view, bool with_items);

/* moved: a new date is told beside the first promise, so no phrase but that one names either. late: the
 * phrase tells a promise as passed. */
void facts_order(struct answer *answer, struct values *values, bool moved, bool late);
/* promise: what was first promised is among them. */
void facts_parcel(struct answer *answer, const struct parcel_view *view, bool promise, struct values *values);
/* The hours of a slot that has not ended, today's or a later day's; false when none are known. */
bool facts_window(struct answer *answer, const struct parcel_view *view, struct values *values);
void facts_proof(struct answer *answer, const struct parcel_view *view, struct values *values);
/* When this comes, and against what was agreed. */
void facts_prospect(struct answer *answer, const struct prospect *prospect, struct values *values);
