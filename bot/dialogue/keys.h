/* The keypad of a phone: keys as they are pressed become entries. '#' ends one, '*' clears it, 0 alone is a
 * person; a pause ends what nothing else has. Pure; knows no platform. */
#pragma once
#include "bot/dialogue/shop.h"
#include "bot/dialogue/state.h"

enum { KEYS_PAUSE_MS = 3000, KEYS_PERSON_MS = 2000, KEYS_WHOLE_MS = 1200, KEYS_LATE_MS = 2000 };

/* What an entry is for. */
enum keys_for {
    KEYS_FOR_NUMBER, /* an order's, and everything else that is a word of digits */
    KEYS_FOR_CHOICE  /* one key is all of it */
};

enum keys_found {
    KEYS_OPEN,    /* there may be more to come */
    KEYS_ENTRY,   /* taken into `entry` */
    KEYS_PERSON,  /* 0 */
    KEYS_CLEARED, /* '*': begins again */
    KEYS_LATE,    /* the '#' of an entry that was taken already */
    KEYS_EMPTY    /* '#' alone */
};

/* What cannot be a key is left out. */
void keys_press(struct calling *call, const char *keys, int64_t now_ms);
/* Takes the first thing that the pressed keys make; call again until KEYS_OPEN. whole: the platform collects
 * keys itself, nothing follows. */
enum keys_found keys_take(struct calling *call, const struct shop *shop, enum keys_for what, bool whole,
                          int64_t now_ms, char entry[CALL_KEYS]);
/* When keys_take is to be asked again though nothing was pressed; 0: no keys wait. */
int64_t keys_due(const struct calling *call, const struct shop *shop);
/* How many keys the shop's order numbers have, 0 when that is not one number. */
int keys_digits(const struct shop *shop);
