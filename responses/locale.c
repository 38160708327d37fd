#include "responses/locale.h"
#include "base/memory.h"
#include "base/text.h"
#include "responses/icu.h"
#include <stdlib.h>
#include <string.h>
#include <unicode/udatpg.h>
#include <unicode/uloc.h>
#include <unicode/ureldatefmt.h>
#include <unicode/ustring.h>

void icu_words(const UChar *words, int32_t len, struct buffer *out) {
    for (int32_t i = 0; i < len;) {
        UChar32 code_point;
        char bytes[4];
        U16_NEXT(words, i, len, code_point);
        if (code_point == 0x00ad)
            continue;
        if (code_point == 0x00a0 || code_point == 0x202f || code_point == 0x2009)
            code_point = ' ';
        else if (code_point == 0x2019)
            code_point = '\'';
        buffer_add(out, bytes, text_put(bytes, (uint32_t)code_point));
    }
}

void icu_date(const UDateFormat *format, double ms, struct buffer *out) {
    UChar words[LONG_SIZE];
    UErrorCode code = U_ZERO_ERROR;
    int32_t len = udat_format(format, ms, words, LONG_SIZE, NULL, &code);
    if (U_SUCCESS(code))
        icu_words(words, len, out);
}

static UDateFormat *open_pattern(const char *tag, const UChar *pattern, UErrorCode *code) {
    return udat_open(UDAT_PATTERN, UDAT_PATTERN, tag, u"UTC", -1, pattern, -1, code);
}

static UDateFormat *open_skeleton(const char *tag, UDateTimePatternGenerator *generator,
                                  const UChar *skeleton, UErrorCode *code) {
    UChar pattern[LONG_SIZE] = {0};
    udatpg_getBestPattern(generator, skeleton, -1, pattern, LONG_SIZE - 1, code);
    return open_pattern(tag, pattern, code);
}

/* The words of one pattern at `count` points in time, each into a row of WORD_SIZE. */
static void read_words(const char *tag, const UChar *pattern, double first, double step, int count,
                       size_t skip, char (*rows)[WORD_SIZE], UErrorCode *code) {
    UDateFormat *format = open_pattern(tag, pattern, code);
    struct buffer word;
    buffer_init(&word, LONG_SIZE);
    for (int i = 0; i < count && U_SUCCESS(*code); i++) {
        buffer_reset(&word);
        icu_date(format, first + i * step, &word);
        text_set(rows[i], WORD_SIZE,
                 word.len > skip ? word.bytes + skip + strspn(word.bytes + skip, " ") : "");
    }
    buffer_clear(&word);
    udat_close(format);
}

static void read_near(struct locale *locale, UErrorCode *code) {
    URelativeDateTimeFormatter *relative =
        ureldatefmt_open(locale->tag, NULL, UDAT_STYLE_LONG, UDISPCTX_CAPITALIZATION_NONE, code);
    struct buffer word;
    buffer_init(&word, LONG_SIZE);
    for (int i = 0; i < 3 && U_SUCCESS(*code); i++) {
        UChar words[WORD_SIZE];
        int32_t len = ureldatefmt_format(relative, i - 1, UDAT_REL_UNIT_DAY, words, WORD_SIZE, code);
        buffer_reset(&word);
        if (U_SUCCESS(*code))
            icu_words(words, len, &word);
        TEXT_SET(locale->near[i], word.bytes);
    }
    buffer_clear(&word);
    ureldatefmt_close(relative);
}

struct locale *locale_open(const char *tag, const struct forms *forms, struct error *err) {
    struct locale *locale = calloc(1, sizeof *locale);
    if (!locale)
        memory_exhausted();
    UErrorCode code = U_ZERO_ERROR;
    char name[ULOC_FULLNAME_CAPACITY];
    uloc_forLanguageTag(tag, name, sizeof name, NULL, &code);
    if (U_FAILURE(code) || !text_set(locale->tag, sizeof locale->tag, tag) || !name[0]) {
        error_set(err, "a locale is written as in fr-FR, found '%.80s'", tag);
        free(locale);
        return NULL;
    }
    for (char *at = locale->tag; *at; at++)
        if (*at == '-')
            *at = '_';
    locale->forms = *forms;
    UDateTimePatternGenerator *generator = udatpg_open(locale->tag, &code);
    locale->date[0] = open_skeleton(locale->tag, generator, u"EEEEdMMMM", &code);
    locale->date[1] = open_skeleton(locale->tag, generator, u"yEEEEdMMMM", &code);
    locale->clock = open_skeleton(locale->tag, generator, u"jm", &code);
    udatpg_close(generator);
    locale->plurals = uplrules_open(locale->tag, &code);
    locale->list = ulistfmt_open(locale->tag, &code);
    locale->number = unum_open(UNUM_DECIMAL, NULL, 0, locale->tag, NULL, &code);
    read_near(locale, &code);
    /* Day 4 was a Monday; the 15th of each month; half past each hour, because midday is not a part of the
     * day that lasts: for that the pattern must have minutes, which are skipped. */
    read_words(locale->tag, u"EEEE", 4 * day_ms, day_ms, 7, 0, locale->weekday, &code);
    read_words(locale->tag, u"MMMM", 14 * day_ms, 30.5 * day_ms, 12, 0, locale->month, &code);
    read_words(locale->tag, u"mmBBBB", day_ms / 48, day_ms / 24, 24, 2, locale->part, &code);
    if (U_FAILURE(code)) {
        error_set(err, "ICU cannot open the locale '%s': %s", tag, u_errorName(code));
        locale_close(locale);
        return NULL;
    }
    return locale;
}

void locale_close(struct locale *locale) {
    if (!locale)
        return;
    udat_close(locale->date[0]);
    udat_close(locale->date[1]);
    udat_close(locale->clock);
    uplrules_close(locale->plurals);
    ulistfmt_close(locale->list);
    unum_close(locale->number);
    for (int i = 0; i < SPELL_COUNT; i++)
        unum_close(atomic_load(&locale->spell[i]));
    for (int voice = 0; voice < 2; voice++)
        for (int i = 0; i < DAY_SLOTS * DAY_TEXTS; i++)
            free(atomic_load(&locale->days[voice][i / DAY_TEXTS][i % DAY_TEXTS]));
    free(locale);
}

void locale_language(const struct locale *locale, const char *language, struct buffer *out) {
    UChar words[LONG_SIZE];
    UErrorCode code = U_ZERO_ERROR;
    int32_t len = uloc_getDisplayLanguage(language, locale->tag, words, LONG_SIZE, &code);
    if (U_SUCCESS(code))
        icu_words(words, len, out);
}

void locale_list(const struct locale *locale, const char *const *items, int count, struct buffer *out) {
    enum { LIST_MAX = 32, LIST_SIZE = 2048 };
    static const UChar empty[1] = {0};
    const UChar *strings[LIST_MAX];
    UChar wide[LIST_SIZE], joined[LIST_SIZE];
    int32_t len = 0, filled = 0;
    UErrorCode code = U_ZERO_ERROR;
    count = count < LIST_MAX ? count : LIST_MAX;
    for (int i = 0; i < count && U_SUCCESS(code); i++) {
        strings[i] = empty;
        u_strFromUTF8(wide + filled, LIST_SIZE - filled, &len, items[i], -1, &code);
        if (U_SUCCESS(code)) {
            strings[i] = wide + filled;
            filled += len + 1;
        }
    }
    if (U_SUCCESS(code) && count > 0)
        len = ulistfmt_format(locale->list, strings, NULL, count, joined, LIST_SIZE, &code);
    if (U_SUCCESS(code) && count > 0)
        icu_words(joined, len, out);
    else
        for (int i = 0; i < count; i++)
            buffer_format(out, "%s%s", i ? ", " : "", items[i]);
}
