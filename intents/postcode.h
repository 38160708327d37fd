/* Postcodes of the main countries by shape. */
#pragma once
#include <stdbool.h>

enum { POSTCODE_SIZE = 16 };

struct postcode {
    char value[POSTCODE_SIZE]; /* as printed: "BS3 4EA" */
    bool local;                /* of the shop's country, or no country is known */
    bool distinct;             /* letters make it unlike other numbers */
};

/* key: letters and digits, upper case; dash: how many characters stood before a dash or space in it, 0 none.
 * country: ISO alpha-2 or "". False: no country writes so. */
bool postcode_read(const char *key, int dash, const char *country, struct postcode *out);

/* What else it may be when it was heard: O and zero, I and one are taken for each other. */
bool postcode_hear(const char *key, const char *country, struct postcode *out);

/* What digits alone are where a postcode was asked for: another country's, without its dash. */
bool postcode_asked(const char *key, const char *country, struct postcode *out);
