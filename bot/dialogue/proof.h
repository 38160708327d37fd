/* Proof before facts: what a customer has shown, and how much of an order that opens. Tier 1: status, dates,
 * carrier, link, what to do next. Tier 2: article names, where or to whom it was left, pick-up code, address.
 * Pure. */
#pragma once
#include "bot/dialogue/shop.h"
#include "bot/dialogue/state.h"
#include "db/order.h"

/* Which factors the customer has named, right or wrong. */
unsigned proof_claimed(const struct claims *claims);
/* Whether what has been named could open an order at all: asking the store is worth it, and a miss is a wrong
 * try. */
bool proof_enough(const struct shop *shop, const struct claims *claims);
/* What is still missing, where only one way is the shortest; 0 when the customer may choose. */
unsigned proof_lacking(const struct shop *shop, const struct claims *claims);
/* Is this number the order's, prefix or suffix left out or not? Both are keys. */
bool proof_names(const struct shop *shop, const char *claimed, const char *order);
/* Which of the factors claimed are right for this order. */
unsigned proof_matched(const struct shop *shop, const struct claims *claims, const struct order *order);
/* Which of e-mail, postcode and phone are claimed, and not this order's. Four digits that may be either are
 * what fits. */
unsigned proof_foreign(const struct shop *shop, const struct claims *claims, const struct order *order);
/* Whether these factors open an order that they all fit. */
bool proof_opens(const struct shop *shop, unsigned set);
/* What these factors open of it: 0, 1 or 2. */
int proof_tier(const struct shop *shop, unsigned matched, const struct claims *token,
               const struct order *order);
/* A factor that would lift a proved order to the second tier: "email", "postcode", "phone", or "any". */
const char *proof_missing(const struct claims *claims);
/* Hex hash of all that is claimed: the same claims again are no new try. */
void proof_fingerprint(const struct claims *claims, char out[65]);
