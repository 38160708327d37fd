/* What people call a status: the words that shops and carriers write for their customers in the seven
 * languages. Private to this room. */
#pragma once
#include "db/order.h"

struct status_words {
    enum status status;
    int subject;        /* enum status_subject, one or both */
    const char *reason; /* the hold_reason that they tell; NULL none */
    const char *words;  /* "a|b|c" without accents; blanks are for who reads them here */
};

/* `key`: the word as key_number writes it. NULL: nobody is known to say so. */
const struct status_words *status_words_find(const char *key, enum status_subject subject);
/* Behind "colis", "die Sendung wurde" and the like; the key itself where there is none. */
const char *status_words_core(const char *key);
