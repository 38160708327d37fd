#include "intents/calendar_names.h"
#include <string.h>
#include <unicode/udat.h>
#include <unicode/ustring.h>

enum { NAME_MAX_BYTES = 64, SHORTEST = 3 };

static const struct {
    UDateFormatSymbolType symbols;
    int first; /* of the twelve or seven; ICU leaves a place free before the weekdays, and begins with Sunday
                */
    uint64_t flags;
} names[] = {
    {UDAT_MONTHS, 0, WORD_MONTH},
    {UDAT_STANDALONE_MONTHS, 0, WORD_MONTH},
    {UDAT_SHORT_MONTHS, 0, WORD_MONTH | WORD_SHORT},
    {UDAT_STANDALONE_SHORT_MONTHS, 0, WORD_MONTH | WORD_SHORT},
    {UDAT_WEEKDAYS, 1, WORD_WEEKDAY},
    {UDAT_STANDALONE_WEEKDAYS, 1, WORD_WEEKDAY},
    {UDAT_SHORT_WEEKDAYS, 1, WORD_WEEKDAY | WORD_SHORT},
    {UDAT_STANDALONE_SHORT_WEEKDAYS, 1, WORD_WEEKDAY | WORD_SHORT},
};

static void add_name(struct dictionary *dictionary, const char *name, uint64_t flags, int number) {
    const struct entry *known = dictionary_word(dictionary, name, (int)strlen(name));
    if (known && (known->flags & flags & (WORD_MONTH | WORD_WEEKDAY)))
        return; /* in full, or said otherwise by the language file */
    if ((flags & WORD_SHORT) && strlen(name) < SHORTEST)
        return;
    struct entry *entry = dictionary_add(dictionary, name, flags);
    if (entry && (flags & WORD_MONTH))
        entry->month = number;
    else if (entry)
        entry->weekday = number == 1 ? 7 : number - 1;
}

bool calendar_names(const char *locale, struct dictionary *dictionary, struct error *err) {
    UErrorCode status = U_ZERO_ERROR;
    UDateFormat *format = udat_open(UDAT_PATTERN, UDAT_PATTERN, locale, NULL, 0, u"d", 1, &status);
    for (size_t row = 0; U_SUCCESS(status) && row < sizeof names / sizeof names[0]; row++) {
        int32_t count = udat_countSymbols(format, names[row].symbols);
        for (int32_t i = names[row].first; i < count; i++) {
            UChar wide[NAME_MAX_BYTES];
            char name[NAME_MAX_BYTES * 3];
            int32_t len = 0;
            udat_getSymbols(format, names[row].symbols, i, wide, NAME_MAX_BYTES - 1, &status);
            wide[NAME_MAX_BYTES - 1] = 0;
            u_strToUTF8(name, sizeof name - 1, &len, wide, -1, &status);
            name[U_SUCCESS(status) ? len : 0] = '\0';
            add_name(dictionary, fold_words(name, dictionary->scratch), names[row].flags,
                     i + 1 - names[row].first);
        }
    }
    if (format)
        udat_close(format);
    return U_SUCCESS(status) ||
           error_set(err, "ICU knows no month names for \"%s\": %s", locale, u_errorName(status));
}
