#include "db/draft.h"
#include "base/key.h"
#include "base/text.h"
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool draft_expected(const char *name, const char *expected, const char *found, struct error *err) {
    char shown[64];
    bool cut = !TEXT_SET(shown, found);
    return error_set(err, "%s: expected %s, found \"%s%s\"", name, expected, shown, cut ? "…" : "");
}

void draft_empty(void *base, const struct record *record) {
    for (int i = 0; i < record->count; i++) {
        const struct field *field = &record->fields[i];
        if (field->kind == FIELD_TEXT)
            *FIELD_AT(const char *, base, field) = "";
        else if (field->kind == FIELD_INDEX)
            *FIELD_AT(int, base, field) = -1;
    }
}

/* Eight bytes at a time: is there a control character in it? */
static bool has_control(const char *text, size_t len) {
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
    for (; len >= 8; text += 8, len -= 8) {
        uint64_t word;
        memcpy(&word, text, 8);
        uint64_t erased = word ^ ones * 0x7f;
        if ((((word - ones * ' ') & ~word) | ((erased - ones) & ~erased)) & tops)
            return true;
    }
    for (; len; text++, len--)
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            return true;
    return false;
}

/* Without the blanks around it, line ends and tabs within as spaces. NULL when there are other control
 * characters. */
static char *tidy(char *text, size_t *len) {
    *len = strlen(text);
    while (*len && isspace((unsigned char)*text))
        text++, --*len;
    while (*len && isspace((unsigned char)text[*len - 1]))
        --*len;
    if (!*len)
        return text + strlen(text);
    text[*len] = '\0';
    if (!has_control(text, *len))
        return text;
    for (char *at = text; *at; at++)
        if (*at == '\n' || *at == '\r' || *at == '\t')
            *at = ' ';
        else if ((unsigned char)*at < ' ' || *at == 0x7f)
            return NULL;
    return text;
}

typedef const char *checker(char *text, struct arena *arena);

static const char *check_any(char *text, struct arena *arena) {
    (void)arena;
    return text[0] == '\'' && text[1] ? text + 1 : text; /* as spreadsheets protect digits: '01234 */
}

static const char *check_number(char *text, struct arena *arena) {
    char key[KEY_SIZE];
    (void)arena;
    return key_number(key, text) ? text : NULL;
}

static const char *check_key(char *text, struct arena *arena) {
    (void)text, (void)arena;
    return NULL;
}

static const char *check_email(char *text, struct arena *arena) {
    char key[EMAIL_SIZE];
    return key_email(key, text) ? arena_string(arena, key) : NULL;
}

static const char *check_url(char *text, struct arena *arena) {
    (void)arena;
    bool web = strncasecmp(text, "https://", 8) == 0 || strncasecmp(text, "http://", 7) == 0;
    return web && !strpbrk(text, " \"<>\\^`{|}") ? text : NULL;
}

static const char *check_country(char *text, struct arena *arena) {
    (void)arena;
    if (!isalpha((unsigned char)text[0]) || !isalpha((unsigned char)text[1]) || text[2])
        return NULL;
    text[0] = (char)toupper((unsigned char)text[0]);
    text[1] = (char)toupper((unsigned char)text[1]);
    return text;
}

static const char *check_locale(char *text, struct arena *arena) {
    size_t len = strlen(text);
    bool region = len == 5 && (text[2] == '-' || text[2] == '_') && isalpha((unsigned char)text[3]) &&
                  isalpha((unsigned char)text[4]);
    (void)arena;
    if (!isalpha((unsigned char)text[0]) || !isalpha((unsigned char)text[1]) || (len != 2 && !region))
        return NULL;
    text[0] = (char)tolower((unsigned char)text[0]);
    text[1] = (char)tolower((unsigned char)text[1]);
    if (region) {
        text[2] = '-';
        text[3] = (char)toupper((unsigned char)text[3]);
        text[4] = (char)toupper((unsigned char)text[4]);
    }
    return text;
}

static const char *one_of(const char *text, const char *const *names) {
    for (; *names; names++)
        if (strcasecmp(*names, text) == 0)
            return *names;
    return NULL;
}

static const char *check_option(char *text, struct arena *arena) {
    static const char *const names[] = {"same_day",     "standard",      "express", "locker",
                                        "pickup_point", "click_collect", NULL};
    (void)arena;
    return one_of(text, names);
}

static const char *check_origin(char *text, struct arena *arena) {
    static const char *const names[] = {"shop", "carrier", "rule", NULL};
    (void)arena;
    return one_of(text, names);
}

static const struct {
    checker *check;
    const char *expected;
} checks[] = {
    [CHECK_ANY] = {check_any, "text"},
    [CHECK_NUMBER] = {check_number, "an order number with letters or digits"},
    [CHECK_KEY] = {check_key, "nothing: it is made from the number"},
    [CHECK_EMAIL] = {check_email, "an e-mail address"},
    [CHECK_PHONE] = {check_any, "a phone number"},
    [CHECK_URL] = {check_url, "a link that begins with https://"},
    [CHECK_COUNTRY] = {check_country, "a country of two letters such as FR"},
    [CHECK_LOCALE] = {check_locale, "a language such as fr or fr-BE"},
    [CHECK_OPTION] = {check_option, "same_day, standard, express, locker, pickup_point or click_collect"},
    [CHECK_ORIGIN] = {check_origin, "shop, carrier or rule"},
};

static bool set_text(void *base, const struct field *field, char *text, size_t len, struct arena *arena,
                     struct error *err) {
    char expected[64];
    if (len > (size_t)field->max && text_length(text) > (size_t)field->max) {
        snprintf(expected, sizeof expected, "at most %d characters", field->max);
        return draft_expected(field->name, expected, text, err);
    }
    const char *checked = *text ? checks[field->check].check(text, arena) : "";
    if (!checked)
        return draft_expected(field->name, checks[field->check].expected, text, err);
    *FIELD_AT(const char *, base, field) = checked;
    return true;
}

static bool set_flag(void *base, const struct field *field, const char *text, struct error *err) {
    static const char *const yes[] = {"true", "yes", "1", "y", "oui", "vrai", "o", NULL};
    static const char *const no[] = {"false", "no", "0", "n", "non", "faux", "", NULL};
    bool is = one_of(text, yes) != NULL;
    if (!is && !one_of(text, no))
        return draft_expected(field->name, "yes or no", text, err);
    *FIELD_AT(bool, base, field) = is;
    return true;
}

static bool set_count(void *base, const struct field *field, const char *text, struct error *err) {
    char *end = NULL;
    errno = 0;
    long count = *text ? strtol(text, &end, 10) : 0;
    if (*text && (*end || errno || !isdigit((unsigned char)text[0]) || count > 1000000))
        return draft_expected(field->name, "a whole number from 0 to 1000000", text, err);
    *FIELD_AT(int, base, field) = (int)count;
    return true;
}

void draft_reason(struct order *order, uint64_t *given, const char *word) {
    const char *reason = status_reason(word);
    if (text_empty(reason) || !text_empty(order->hold_reason))
        return;
    order->hold_reason = reason;
    *given |= UINT64_C(1) << field_find(&record_order, "hold_reason");
}

bool draft_moment(struct moment *moment, const char *name, const char *text,
                  const struct draft_options *options, struct error *err) {
    if (moment_parse_ordered(moment, text, options->zone, options->dates))
        return true;
    bool undecided =
        options->dates == MOMENT_ISO && moment_parse_ordered(moment, text, options->zone, MOMENT_DMY);
    return draft_expected(name,
                          undecided ? "a date of which it is told whether its day or its month comes first "
                                      "(--dates dmy or --dates mdy)"
                                    : "a date such as 2026-03-11 or a time such as 2026-03-11T09:00:00+01:00",
                          text, err);
}

bool draft_doubts(const char *name, const char *word, enum status read, const struct draft_options *options) {
    bool unread = *word && read == STATUS_UNKNOWN && strcmp(word, "unknown") != 0;
    if (unread)
        options->doubt(name, word, options->context);
    return unread;
}

bool draft_set(void *base, uint64_t *given, const struct record *record, int index, char *raw,
               const struct draft_options *options, struct arena *arena, struct error *err) {
    const struct field *field = &record->fields[index];
    size_t len;
    char *text = tidy(raw, &len);
    bool ok = true;
    if (!text)
        return draft_expected(field->name, "text without control characters", raw, err);
    switch (field->kind) {
    case FIELD_TEXT:
        ok = set_text(base, field, text, len, arena, err);
        break;
    case FIELD_MOMENT: {
        struct moment moment = {0};
        if (*text && !draft_moment(&moment, field->name, text, options, err))
            return false;
        *FIELD_AT(struct moment, base, field) = moment;
        break;
    }
    case FIELD_STATUS: {
        enum status status = status_read(text, record->subject);
        if (draft_doubts(field->name, text, status, options))
            *given |= DRAFT_UNREAD;
        *FIELD_AT(enum status, base, field) = status;
        if (record == &record_order)
            draft_reason(base, given, text);
        break;
    }
    case FIELD_FLAG:
        ok = set_flag(base, field, text, err);
        break;
    case FIELD_COUNT:
        ok = set_count(base, field, text, err);
        break;
    case FIELD_INDEX:
    case FIELD_MS:
        return error_set(err, "%s: is not given as text", field->name);
    }
    if (ok)
        *given |= UINT64_C(1) << index;
    return ok;
}

static bool check_span(const char *name, const struct due *due, const struct zone *zone, struct error *err) {
    if (due->from.kind != MOMENT_NONE && due->to.kind == MOMENT_NONE)
        return error_set(err, "%s_to: is missing, though %s_from is given", name, name);
    if (due->from.kind != MOMENT_NONE && moment_compare(due->from, due->to, zone) > 0 &&
        zone_moment_day(zone, due->from) != zone_moment_day(zone, due->to))
        return error_set(err, "%s_from: is later than %s_to", name, name);
    return true;
}

/* Carriers announce some events; what lies further ahead is a slip. */
static bool check_been(const char *name, struct moment moment, const struct draft_options *options,
                       struct error *err) {
    static const int64_t announced_ms = INT64_C(7) * 24 * 3600 * 1000;
    char found[MOMENT_SIZE];
    if (!moment_known(moment) || moment.ms <= options->now_ms + announced_ms)
        return true;
    moment_print(found, moment);
    return draft_expected(name, "a time that has been, or is announced for the next seven days", found, err);
}

static bool check_events(const struct parcel *parcel, const struct draft_options *options,
                         struct error *err) {
    for (int i = 0; i < parcel->checkpoint_count; i++)
        if (!check_been("checkpoints: at", parcel->checkpoints[i].at, options, err))
            return false;
    return check_been("status_at", parcel->status_at, options, err) &&
           check_been("delivered_at", parcel->proof.at, options, err);
}

static const struct draft_parcel *parcel_named(const struct draft *draft, const char *name) {
    char wanted[KEY_SIZE], key[KEY_SIZE];
    for (int i = 0; i < draft->parcel_count; i++)
        if (text_is(draft->parcels[i].parcel.id, name))
            return &draft->parcels[i];
    for (int i = 0; key_number(wanted, name) && i < draft->parcel_count; i++)
        if (key_number(key, draft->parcels[i].parcel.tracking_number) && text_is(key, wanted))
            return &draft->parcels[i];
    return NULL;
}

static bool check_parcels(const struct draft *draft, const struct draft_options *options, struct error *err) {
    const struct zone *zone = options->zone;
    char keys[2][KEY_SIZE];
    for (int i = 0; i < draft->parcel_count; i++) {
        const struct parcel *parcel = &draft->parcels[i].parcel;
        if (!check_span("estimated", &parcel->estimate, zone, err) ||
            !check_span("first_estimated", &parcel->first_estimate, zone, err) ||
            !check_events(parcel, options, err))
            return false;
        for (int k = 0; k < i; k++) {
            const struct parcel *other = &draft->parcels[k].parcel;
            if (!text_empty(parcel->id) && text_is(parcel->id, other->id))
                return error_set(err, "parcels: two have the id \"%s\"", parcel->id);
            if (key_number(keys[0], parcel->tracking_number) && key_number(keys[1], other->tracking_number) &&
                text_is(keys[0], keys[1]))
                return error_set(err, "parcels: two have the tracking number \"%s\"",
                                 parcel->tracking_number);
        }
    }
    for (int i = 0; draft->parcels_given && i < draft->line_count; i++)
        if (!text_empty(draft->lines[i].parcel) && !parcel_named(draft, draft->lines[i].parcel))
            return draft_expected("lines: parcel", "the id or tracking number of a parcel of this order",
                                  draft->lines[i].parcel, err);
    return true;
}

bool draft_finish(struct draft *draft, const struct draft_options *options, struct arena *arena,
                  struct error *err) {
    struct order *order = &draft->order;
    char key[KEY_SIZE];
    if (text_empty(order->number))
        return error_set(err, "number: is missing; every order needs one");
    if (!key_number(key, order->number))
        return draft_expected("number", "an order number with letters or digits", order->number, err);
    order->key = arena_string(arena, key);
    if (!text_empty(order->phone)) {
        const char *country = text_empty(order->country) ? options->country : order->country;
        if (!key_phone(key, order->phone, country))
            return draft_expected(
                "phone",
                text_empty(country) ? "an international number such as +33612345678 (no country is given)"
                                    : "a phone number such as +33612345678 or a national one of its country",
                order->phone, err);
        order->phone = arena_string(arena, key);
    }
    if (draft->line_count > ORDER_LINES_MAX || draft->parcel_count > ORDER_PARCELS_MAX)
        return error_set(err, "number: order %s has %d lines and %d parcels; at most %d and %d are read",
                         order->number, draft->line_count, draft->parcel_count, ORDER_LINES_MAX,
                         ORDER_PARCELS_MAX);
    return check_span("promised", &order->promise, options->zone, err) &&
           check_span("revised", &order->revised, options->zone, err) &&
           check_been("placed_at", order->placed_at, options, err) && check_parcels(draft, options, err);
}
