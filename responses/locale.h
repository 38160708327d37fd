/* Days, times, numbers and lists as people of one place say them: ICU has the words and the plurals; what ICU
 * lacks (the word around a day, how a time is spoken) are a few templates, the forms, of the language file.
 * Immutable once opened, used by many threads. */
#pragma once
#include "base/buffer.h"
#include "base/calendar.h"
#include "responses/template.h"

/* The values of forms:
 * date (the day and month as ICU writes them in that place, and the year when it is not this one; in the
 * other forms: what the form date says), weekday (its name; to plural, 1 Monday to 7 Sunday), month, day,
 * year (absent when it is this one), near (yesterday, today, tomorrow; absent on other days), distance (-1,
 * 0, 1; absent on other days), clock (the time as ICU writes it), hour (1 to 12), hour24, minute (absent on
 * the hour), part (of the day: "in the afternoon"), time (what the form time says; absent when only the day
 * is known). */
extern const struct vocabulary locale_vocabulary;

enum form { FORM_DATE, FORM_DAY, FORM_ON, FORM_AT, FORM_TIME, FORM_COUNT };
extern const char *const form_names[FORM_COUNT];

struct forms {
    const struct template *templates[2][FORM_COUNT]; /* by enum voice; none is NULL */
};

struct locale;

/* tag: "fr-FR". The forms are copied, their templates must outlive the locale. */
struct locale *locale_open(const char *tag, const struct forms *forms, struct error *err);
void locale_close(struct locale *locale);

/* Each adds to out. A day has no time: false for STYLE_TIME. */
bool locale_moment(const struct locale *locale, enum voice voice, struct moment moment, enum style style,
                   const struct zone *zone, int64_t now_ms, struct buffer *out);
void locale_number(const struct locale *locale, enum voice voice, int64_t number, enum style style,
                   struct buffer *out);
/* The plural category: "one", "other" … */
const char *locale_plural(const struct locale *locale, int64_t number);
bool locale_has_plural(const struct locale *locale, const char *category);
/* What a language is called there: "French". */
void locale_language(const struct locale *locale, const char *language, struct buffer *out);
void locale_list(const struct locale *locale, const char *const *items, int count, struct buffer *out);
