#include "db/doubts.h"
#include "base/memory.h"
#include "db/draft.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define uthash_fatal(message) memory_exhausted()
#include <uthash.h>

enum { WORDS_MAX = 1000, SHOWN_MAX = 80 };

struct doubt {
    int64_t line, more;
    UT_hash_handle hh;
    size_t field_len;
    char key[]; /* field and word, each with its NUL */
};

/* A column of free text that is taken for a status is named by its first words. */
void doubts_add(struct doubts *doubts, const char *field, const char *word, int64_t line) {
    char key[2 * SHOWN_MAX];
    struct doubt *doubt;
    int field_len = snprintf(key, SHOWN_MAX, "%.60s", field);
    size_t len = (size_t)(field_len + 1 + snprintf(key + field_len + 1, SHOWN_MAX, "%.72s", word));
    HASH_FIND(hh, doubts->words, key, len, doubt);
    if (doubt)
        doubt->more++;
    else if (HASH_COUNT(doubts->words) < WORDS_MAX) {
        if (!(doubt = calloc(1, sizeof *doubt + len + 1)))
            memory_exhausted();
        doubt->line = line;
        doubt->field_len = (size_t)field_len;
        memcpy(doubt->key, key, len + 1);
        HASH_ADD(hh, doubts->words, key[0], len, doubt);
    } else if (doubts->others++ == 0)
        doubts->line = line;
}

void doubts_tell(struct doubts *doubts, void (*tell)(int64_t line, const struct error *what, void *context),
                 void *context) {
    struct doubt *doubt, *next;
    HASH_ITER(hh, doubts->words, doubt, next) {
        struct error what, told;
        char more[48] = "";
        draft_expected(doubt->key, "a status such as preparing, in_transit or delivered (docs/orders.md)",
                       doubt->key + doubt->field_len + 1, &what);
        if (doubt->more)
            snprintf(more, sizeof more, ", and so %lld more time%s", (long long)doubt->more,
                     doubt->more == 1 ? "" : "s");
        error_set(&told, "warning: not read: %s%s", what.text, more);
        tell(doubt->line, &told, context);
        HASH_DEL(doubts->words, doubt);
        free(doubt);
    }
    if (doubts->others) {
        struct error told;
        error_set(&told, "warning: not read: %lld more values from here on, of words beyond the first %d",
                  (long long)doubts->others, WORDS_MAX);
        tell(doubts->line, &told, context);
    }
    doubts->others = 0;
}
