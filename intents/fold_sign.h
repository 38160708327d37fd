/* One sign of Unicode without case, accent and typography: "É" is "e", "½" is "1/2", "–" is "-". */
#pragma once
#include <stdint.h>

enum { FOLD_SIGN_MAX = 64 /* bytes, the NUL included */ };

/* NUL-terminated: in `room`, or a constant; "" for what leaves nothing. Not for what ASCII has. */
const char *fold_sign(uint32_t code_point, char room[FOLD_SIGN_MAX]);
/* The same without the table of what Europe writes: as ICU tells it. */
const char *fold_sign_by_unicode(uint32_t code_point, char room[FOLD_SIGN_MAX]);
