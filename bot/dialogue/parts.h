/* What is shown beside the words: timelines, links, pick-up cards. */
#pragma once
#include "bot/dialogue/answer.h"

/* Of a parcel; the view of an order that has none yet is of no parcel. */
void parts_timeline(struct answer *answer, const struct parcel_view *view);
void parts_order_timeline(struct answer *answer);
void parts_link(struct answer *answer, const struct parcel_view *view);
void parts_pickup(struct answer *answer, const struct parcel_view *view);
