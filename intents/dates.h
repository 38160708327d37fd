/* Days that are named, from the shop's today. */
#pragma once
#include "intents/entities.h"

/* Adds the day that is `days` from today. */
void dates_add_offset(struct entities *entities, int days, double score, int first, int end);
/* "the 14th": the next such day, or with words before it that look back, the last. */
void dates_add_day_of_month(struct entities *entities, int day, int first, int end);
