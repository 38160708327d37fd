/* Normalised keys: what makes "FR 30-118", "fr30118" and "#FR-30118" one order, and two spellings of a
 * postcode one place. Each writes into `key` (NUL-terminated, ASCII upper case unless said) and returns false
 * when nothing usable remains or it does not fit. Full-width and other Unicode digits and letters are folded
 * first (NFKC). */
#pragma once
#include <stdbool.h>
#include <stddef.h>

enum { KEY_SIZE = 64, EMAIL_SIZE = 256 };

bool key_number(char key[KEY_SIZE], const char *number);     /* letters and digits only: "FR30118" */
bool key_digits(char key[KEY_SIZE], const char *number);     /* digits only: "30118" */
bool key_postcode(char key[KEY_SIZE], const char *postcode); /* letters and digits only: "LS62QT", "69003" */
bool key_email(char key[EMAIL_SIZE],
               const char *email); /* trimmed, lower case; the local part otherwise as given */
/* E.164 with '+', from national or international writing; country (ISO 3166 alpha-2, upper case) gives the
 * prefix of a national number. Length and prefix are checked, not whether the number exists. */
bool key_phone(char key[KEY_SIZE], const char *phone, const char *country);
/* Where in such a key its national part begins; behind three digits where the country is not known. */
const char *key_phone_national(const char *key);
