/* Passwords as they are kept: scrypt (RFC 7914) with salt and cost in the text, so that the cost may rise. */
#pragma once
#include <stdbool.h>

enum { PASSWORD_TEXT_SIZE = 128, PASSWORD_LEAST = 10, PASSWORD_MOST = 512 /* characters of one */ };

/* Takes some 30 MiB and a tenth of a second: not for a loop's thread. */
void password_keep(char out[PASSWORD_TEXT_SIZE], const char *password);
/* Is it the one that was kept as `text`? As long for a text that is none, or NULL: a name that does not exist
 * takes the time of one that does. */
bool password_matches(const char *text, const char *password);
