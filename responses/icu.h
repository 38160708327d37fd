/* What a locale is inside: ICU's objects, the words that were asked of them when it was opened, and what is
 * kept of days and plurals once it was made. ICU's objects are only read after locale_open: its const
 * functions may then be called by many threads. Sole users: the files named locale. */
#pragma once
#include "responses/locale.h"
#include <stdatomic.h>
#include <unicode/udat.h>
#include <unicode/ulistformatter.h>
#include <unicode/unum.h>
#include <unicode/upluralrules.h>

enum { WORD_SIZE = 64, LONG_SIZE = 256, TAG_SIZE = 32, DAY_SLOTS = 1024, PLURALS_KEPT = 128 };
static const double day_ms = 86400000.0;

enum spelling { SPELL_WORDS, SPELL_FEMININE, SPELL_ORDINAL, SPELL_YEAR, SPELL_COUNT };

/* A day in words: as it stands among other words, and in each of two forms, where yesterday, today and
 * tomorrow have words of their own. */
enum { FAR, YESTERDAY, TODAY, TOMORROW, NEARNESS };
enum { DAY_TEXTS = 1 + 2 * NEARNESS };

struct day_text {
    int64_t key;
    size_t len;
    char bytes[];
};

struct locale {
    char tag[TAG_SIZE];
    struct forms forms;
    UDateFormat *date[2]; /* without and with the year */
    UDateFormat *clock;
    UPluralRules *plurals;
    UListFormatter *list;
    UNumberFormat *number;
    _Atomic(UNumberFormat *) spell[SPELL_COUNT]; /* opened when first asked for: each takes milliseconds */
    char weekday[7][WORD_SIZE], month[12][WORD_SIZE], near[3][WORD_SIZE], part[24][WORD_SIZE];
    _Atomic(unsigned char) plural[PLURALS_KEPT]; /* of small numbers: 1 + the place of its name, 0 unknown */
    /* Days in words, by voice: a slot is filled once and never changed. */
    _Atomic(struct day_text *) days[2][DAY_SLOTS][DAY_TEXTS];
};

/* ICU's words as plain text: its narrow and hard spaces become spaces, its apostrophe the one of the
 * keyboard, and soft hyphens go, so that a text can be searched, sent as an SMS and spoken. */
void icu_words(const UChar *words, int32_t len, struct buffer *out);
void icu_date(const UDateFormat *format, double ms, struct buffer *out);
