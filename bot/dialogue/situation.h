/* The state of an order in words: every situation has its own telling, with what follows from it (a hand-off,
 * the offer of a person). */
#pragma once
#include "bot/dialogue/answer.h"

/* Tells the whole state, once a reply. */
void situation_tell(struct answer *answer);
/* The same unless the customer has heard it before. */
void situation_tell_once(struct answer *answer);
bool situation_told(const struct answer *answer);
void situation_remember(struct answer *answer); /* what was said told the state as well */

void situation_tell_parcel(struct answer *answer, const struct parcel_view *view);
/* What waits to be collected: its card, and the offer of what the second factor would tell. */
void situation_offer_details(struct answer *answer, const struct parcel_view *view);
/* Parcel by parcel, and what is in none yet; rest_only: without what has been delivered. */
/* Are there parcels of it that have not been told, as it was said? */
bool situation_rests(const struct answer *answer);
/* How many are left to be told, and how to hear of them; nothing when there are none. */
void situation_tell_left(struct speech *speech, int count, const char *what);
void situation_tell_split(struct answer *answer, bool rest_only);
/* What is in no parcel yet. */
void situation_tell_rest(struct answer *answer);
/* topic goes to a person, offer is offered; either may be NULL, the first of each stands. */
void situation_follow(struct answer *answer, const char *topic, const char *offer);
