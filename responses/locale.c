#include "responses/locale.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/udat.h>
#include <unicode/udatpg.h>
#include <unicode/ulistformatter.h>
#include <unicode/uloc.h>
#include <unicode/unum.h>
#include <unicode/upluralrules.h>
#include <unicode/ureldatefmt.h>
#include <unicode/ustring.h>

/* ICU's objects are only read after locale_open: its const functions may then be called by many threads. */

enum {
    WORD_SIZE = 64,
    LONG_SIZE = 256,
    TAG_SIZE = 32,
    DAY_SLOTS = 1024,
    PLURALS_KEPT = 128,
    LIST_SIZE = 2048
};
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

const char *const form_names[FORM_COUNT] = {"date", "day", "on", "at", "time"};

enum form_value {
    IN_CLOCK,
    IN_DATE,
    IN_DAY,
    IN_DISTANCE,
    IN_HOUR,
    IN_HOUR24,
    IN_MINUTE,
    IN_MONTH,
    IN_NEAR,
    IN_PART,
    IN_TIME,
    IN_WEEKDAY,
    IN_YEAR
};

static const struct vocabulary_entry form_values[] = {
    [IN_CLOCK] = {"clock", VALUE_TEXT},     [IN_DATE] = {"date", VALUE_TEXT},
    [IN_DAY] = {"day", VALUE_NUMBER},       [IN_DISTANCE] = {"distance", VALUE_NUMBER},
    [IN_HOUR] = {"hour", VALUE_NUMBER},     [IN_HOUR24] = {"hour24", VALUE_NUMBER},
    [IN_MINUTE] = {"minute", VALUE_NUMBER}, [IN_MONTH] = {"month", VALUE_TEXT},
    [IN_NEAR] = {"near", VALUE_TEXT},       [IN_PART] = {"part", VALUE_TEXT},
    [IN_TIME] = {"time", VALUE_TEXT},       [IN_WEEKDAY] = {"weekday", VALUE_NUMBER},
    [IN_YEAR] = {"year", VALUE_NUMBER},
};
const struct vocabulary locale_vocabulary = {form_values, sizeof form_values / sizeof *form_values};

/* ICU's words as plain text: its narrow and hard spaces become spaces, its apostrophe the one of the
 * keyboard, and soft hyphens go, so that a text can be searched, sent as an SMS and spoken. */
static void put_words(const UChar *words, int32_t len, struct buffer *out) {
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

static void put_date(const UDateFormat *format, double ms, struct buffer *out) {
    UChar words[LONG_SIZE];
    UErrorCode code = U_ZERO_ERROR;
    int32_t len = udat_format(format, ms, words, LONG_SIZE, NULL, &code);
    if (U_SUCCESS(code))
        put_words(words, len, out);
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
        put_date(format, first + i * step, &word);
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
            put_words(words, len, &word);
        TEXT_SET(locale->near[i], word.bytes);
    }
    buffer_clear(&word);
    ureldatefmt_close(relative);
}

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

/* What a form is rendered from: one day or time, seen from now. */
struct view {
    const struct locale *locale;
    enum voice voice;
    int32_t day;
    int day_of_month, month, year, minute; /* minute of the day, -1: only the day is known */
    bool this_year;
    int64_t distance; /* in days from today */
    bool inside_date; /* date is what ICU writes */
};

static bool put_form(const struct view *view, enum form form, struct buffer *out);

static bool near_day(const struct view *view) {
    return view->distance >= -1 && view->distance <= 1;
}

static bool form_number(void *context, int value, int64_t *number) {
    const struct view *view = context;
    int hour = view->minute / 60, minute = view->minute % 60;
    switch ((enum form_value)value) {
    case IN_DAY:
        *number = view->day_of_month;
        return true;
    case IN_DISTANCE:
        *number = view->distance;
        return near_day(view);
    case IN_WEEKDAY:
        *number = calendar_weekday(view->day);
        return true;
    case IN_YEAR:
        *number = view->year;
        return !view->this_year;
    case IN_HOUR:
        *number = (hour + 11) % 12 + 1;
        return view->minute >= 0;
    case IN_HOUR24:
        *number = hour;
        return view->minute >= 0;
    case IN_MINUTE:
        *number = minute;
        return view->minute >= 0 && minute > 0;
    default:
        return false;
    }
}

static bool put_day(const struct view *view, enum form form, struct buffer *out);

static bool put_clock(const struct view *view, struct buffer *out) {
    if (view->minute >= 0)
        put_date(view->locale->clock, view->minute * 60000.0, out);
    return view->minute >= 0;
}

static bool form_print(void *context, int value, enum style style, struct buffer *out) {
    const struct view *view = context;
    const struct locale *locale = view->locale;
    int64_t number;
    switch ((enum form_value)value) {
    case IN_CLOCK:
        return put_clock(view, out);
    case IN_DATE:
        if (!view->inside_date)
            return put_day(view, FORM_DATE, out);
        put_date(locale->date[!view->this_year], view->day * day_ms, out);
        return true;
    case IN_TIME:
        return put_form(view, FORM_TIME, out);
    case IN_MONTH:
        buffer_string(out, locale->month[view->month - 1]);
        return true;
    case IN_WEEKDAY:
        buffer_string(out, locale->weekday[calendar_weekday(view->day) - 1]);
        return true;
    case IN_NEAR:
        if (near_day(view))
            buffer_string(out, locale->near[view->distance + 1]);
        return near_day(view);
    case IN_PART:
        if (view->minute >= 0)
            buffer_string(out, locale->part[view->minute / 60]);
        return view->minute >= 0;
    default:
        if (!form_number(context, value, &number))
            return false;
        if (style == STYLE_NONE && view->voice == VOICE_WRITTEN) /* a year is not written 2,026 */
            buffer_format(out, "%lld", (long long)number);
        else
            locale_number(locale, view->voice, number, style, out);
        return true;
    }
}

static const char *form_plural(void *context, int64_t number) {
    const struct view *view = context;
    return locale_plural(view->locale, number);
}

static bool put_form(const struct view *view, enum form form, struct buffer *out) {
    const struct template *template = view->locale->forms.templates[view->voice][form];
    struct template_reader reader = {.context = (void *)view,
                                     .print = form_print,
                                     .number = form_number,
                                     .plural = form_plural,
                                     .missing = -1};
    if (template)
        return template_render(template, &reader, out);
    return form_print((void *)view, form == FORM_TIME ? IN_CLOCK : IN_DATE, STYLE_NONE, out);
}

/* What a form says of a day does not change: it is kept. A slot that another day has is left to it. */
static bool put_day(const struct view *view, enum form form, struct buffer *out) {
    struct locale *locale = (struct locale *)view->locale;
    int near = near_day(view) ? TODAY + (int)view->distance : FAR;
    int kind = form == FORM_DATE ? 0 : form == FORM_DAY ? 1 + near : 1 + NEARNESS + near;
    _Atomic(struct day_text *) *slot = &locale->days[view->voice][(uint32_t)view->day % DAY_SLOTS][kind];
    int64_t key = (int64_t)view->day * 2 + view->this_year;
    struct day_text *text = atomic_load_explicit(slot, memory_order_acquire);
    if (text && text->key == key) {
        buffer_add(out, text->bytes, text->len);
        return true;
    }
    struct view inside = *view;
    size_t begin = out->len;
    inside.inside_date = form == FORM_DATE;
    if (!put_form(&inside, form, out))
        return false;
    if (text || out->full)
        return true;
    size_t len = out->len - begin;
    struct day_text *made = malloc(sizeof *made + len);
    if (!made)
        return true;
    made->key = key;
    made->len = len;
    memcpy(made->bytes, out->bytes + begin, len);
    if (!atomic_compare_exchange_strong_explicit(slot, &text, made, memory_order_acq_rel,
                                                 memory_order_acquire))
        free(made);
    return true;
}

bool locale_moment(const struct locale *locale, enum voice voice, struct moment moment, enum style style,
                   const struct zone *zone, int64_t now_ms, struct buffer *out) {
    if (moment.kind == MOMENT_NONE)
        return false;
    int32_t day = zone_moment_day(zone, moment), today = zone_day(zone, now_ms);
    struct view view = {.locale = locale,
                        .voice = voice,
                        .day = day,
                        .minute = moment.kind == MOMENT_TIME ? zone_minute(zone, moment.ms) : -1,
                        .distance = (int64_t)day - today};
    int now_year, month, day_of_month;
    calendar_split(day, &view.year, &view.month, &view.day_of_month);
    calendar_split(today, &now_year, &month, &day_of_month);
    view.this_year = view.year == now_year;
    switch (style) {
    case STYLE_TIME:
        return put_form(&view, FORM_TIME, out);
    case STYLE_DATE:
        return put_day(&view, FORM_DATE, out);
    case STYLE_DAY:
        return view.minute >= 0 ? put_form(&view, FORM_DAY, out) : put_day(&view, FORM_DAY, out);
    case STYLE_AT:
        return view.minute >= 0 ? put_form(&view, FORM_AT, out) : put_day(&view, FORM_ON, out);
    default:
        return view.minute >= 0 ? put_form(&view, FORM_ON, out) : put_day(&view, FORM_ON, out);
    }
}

static void put_number(const UNumberFormat *format, int64_t number, struct buffer *out) {
    UChar words[LONG_SIZE];
    UErrorCode code = U_ZERO_ERROR;
    int32_t len = format ? unum_formatInt64(format, number, words, LONG_SIZE, NULL, &code) : 0;
    if (!format)
        buffer_format(out, "%lld", (long long)number);
    else if (U_SUCCESS(code))
        put_words(words, len, out);
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

void locale_language(const struct locale *locale, const char *language, struct buffer *out) {
    UChar words[LONG_SIZE];
    UErrorCode code = U_ZERO_ERROR;
    int32_t len = uloc_getDisplayLanguage(language, locale->tag, words, LONG_SIZE, &code);
    if (U_SUCCESS(code))
        put_words(words, len, out);
}

void locale_list(const struct locale *locale, const char *const *items, int count, struct buffer *out) {
    enum { LIST_MAX = 32 };
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
        put_words(joined, len, out);
    else
        for (int i = 0; i < count; i++)
            buffer_format(out, "%s%s", i ? ", " : "", items[i]);
}
