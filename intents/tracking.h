/* Tracking numbers of carriers: their shapes, and their check digits where the formula is public. */
#pragma once
#include <stdbool.h>

struct tracking_match {
    const char *carrier; /* NULL: no carrier's shape */
    bool checked;        /* the check digit is right */
    bool distinct;       /* the shape has letters of its own: hardly anything else */
};

/* number: letters and digits, upper case. The best of what it may be. */
struct tracking_match tracking_match(const char *number);
