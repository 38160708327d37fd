#include "responses/icu.h"
#include <stdlib.h>
#include <string.h>

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
        icu_date(view->locale->clock, view->minute * 60000.0, out);
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
        icu_date(locale->date[!view->this_year], view->day * day_ms, out);
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
