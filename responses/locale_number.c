#include "base/text.h"
#include "responses/icu.h"
#include <string.h>
#include <unicode/ustring.h>

/* Spelled out by the first of these rules that the language has; by its default when it has none. NULL: ICU
 * has no words for numbers of this locale. */
static const UNumberFormat *spelling(const struct locale *locale, enum spelling which) {
    static const UChar *const rules[SPELL_COUNT][3] = {
        [SPELL_WORDS] = {u"%spellout-cardinal-masculine", u"%spellout-cardinal"},
        [SPELL_FEMININE] = {u"%spellout-cardinal-feminine", u"%spellout-cardinal"},
        [SPELL_ORDINAL] = {u"%spellout-ordinal-masculine", u"%spellout-ordinal"},
        [SPELL_YEAR] = {u"%spellout-numbering-year"},
    };
    _Atomic(UNumberFormat *) *slot = &((struct locale *)locale)->spell[which];
    UNumberFormat *known = atomic_load_explicit(slot, memory_order_acquire);
    if (known)
        return known;
    UErrorCode code = U_ZERO_ERROR;
    UNumberFormat *opened = unum_open(UNUM_SPELLOUT, NULL, 0, locale->tag, NULL, &code);
    for (int i = 0; U_SUCCESS(code) && i < 3 && rules[which][i]; i++) {
        UErrorCode unknown = U_ZERO_ERROR;
        unum_setTextAttribute(opened, UNUM_DEFAULT_RULESET, rules[which][i], -1, &unknown);
        if (U_SUCCESS(unknown))
            break;
    }
    if (atomic_compare_exchange_strong(slot, &known, opened))
        return opened;
    unum_close(opened); /* another thread was first */
    return known;
}

static void put_number(const UNumberFormat *format, int64_t number, struct buffer *out) {
    UChar words[LONG_SIZE];
    UErrorCode code = U_ZERO_ERROR;
    int32_t len = format ? unum_formatInt64(format, number, words, LONG_SIZE, NULL, &code) : 0;
    if (!format)
        buffer_format(out, "%lld", (long long)number);
    else if (U_SUCCESS(code))
        icu_words(words, len, out);
}

void locale_number(const struct locale *locale, enum voice voice, int64_t number, enum style style,
                   struct buffer *out) {
    switch (style) {
    case STYLE_TWO:
        buffer_format(out, "%02lld", (long long)number);
        return;
    case STYLE_WORDS:
        put_number(spelling(locale, SPELL_WORDS), number, out);
        return;
    case STYLE_FEMININE:
        put_number(spelling(locale, SPELL_FEMININE), number, out);
        return;
    case STYLE_ORDINAL:
        put_number(spelling(locale, SPELL_ORDINAL), number, out);
        return;
    case STYLE_YEAR:
        put_number(spelling(locale, SPELL_YEAR), number, out);
        return;
    default:
        put_number(voice == VOICE_SPOKEN ? spelling(locale, SPELL_WORDS) : locale->number, number, out);
    }
}

static const char *const plural_names[] = {"zero", "one", "two", "few", "many", "other"};
enum { PLURAL_COUNT = sizeof plural_names / sizeof *plural_names };

static int plural_place(const struct locale *locale, int64_t number) {
    UChar keyword[WORD_SIZE];
    char name[WORD_SIZE];
    UErrorCode code = U_ZERO_ERROR;
    int32_t len = uplrules_select(locale->plurals, (double)number, keyword, WORD_SIZE, &code);
    if (U_SUCCESS(code) && len < WORD_SIZE) {
        u_UCharsToChars(keyword, name, len);
        name[len] = '\0';
        for (int i = 0; i < PLURAL_COUNT; i++)
            if (strcmp(name, plural_names[i]) == 0)
                return i;
    }
    return PLURAL_COUNT - 1;
}

const char *locale_plural(const struct locale *locale, int64_t number) {
    if (number < 0 || number >= PLURALS_KEPT)
        return plural_names[plural_place(locale, number)];
    _Atomic(unsigned char) *kept = &((struct locale *)locale)->plural[number];
    int place = atomic_load_explicit(kept, memory_order_relaxed) - 1;
    if (place < 0) {
        place = plural_place(locale, number);
        atomic_store_explicit(kept, (unsigned char)(place + 1), memory_order_relaxed);
    }
    return plural_names[place];
}

bool locale_has_plural(const struct locale *locale, const char *category) {
    UErrorCode code = U_ZERO_ERROR;
    UEnumeration *names = uplrules_getKeywords(locale->plurals, &code);
    const char *name;
    bool found = false;
    while (U_SUCCESS(code) && (name = uenum_next(names, NULL, &code)))
        found = found || strcmp(name, category) == 0;
    uenum_close(names);
    return found;
}
