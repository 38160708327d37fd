#include "intents/dates.h"
#include "base/calendar.h"
#include "base/text.h"
#include "intents/spoken.h"
#include <stdlib.h>
#include <string.h>

enum { PAST_REACH = 2, NUMBER_WORDS = 3, MONTHS_AHEAD = 14, JUST_PAST = 60 /* days */ };

static const struct entry *find(const struct entities *entities, int at, uint64_t flags, int *span) {
    return dictionary_find(&entities->language->dictionary, entities->utterance->words,
                           entities->utterance->count, at, flags, span);
}

static int entry_words(const struct entry *entry) {
    int words = 1;
    for (const char *at = entry->key; *at; at++)
        words += *at == ' ';
    return words;
}

static void add(struct entities *entities, int32_t day, double score, int first, int end) {
    int year, month, day_of_month;
    char value[16];
    if (day == INT32_MIN)
        return;
    calendar_split(day, &year, &month, &day_of_month);
    if (year < 1000 || year > 9999)
        return;
    snprintf(value, sizeof value, "%04d-%02d-%02d", year, month, day_of_month);
    if (entities->options->expected == SLOT_DATE)
        score += (1 - score) * .5;
    entities_add(entities, SLOT_DATE, value, score, first, end);
}

/* Words with the flag right before the date, an article at most between. */
static bool preceded(const struct entities *entities, int first, uint64_t flag) {
    int begin = first + 1 < entities->utterance->count ? first + 1 : first; /* "die vom | dritten" */
    for (int at = begin; at > 0 && at >= first - PAST_REACH; at--) {
        if (dictionary_before(&entities->language->dictionary, entities->utterance->words, at, flag))
            return true;
        if (at <= first && entities->utterance->words[at].sentence)
            return false;
    }
    return false;
}

/* "the one of", "commandée le". */
static bool looks_back(const struct entities *entities, int first) {
    return preceded(entities, first, WORD_PAST);
}

/* "you told me", "devait arriver", and behind the date "versprochen". */
static bool was_promised(const struct entities *entities, int first, int end) {
    int span;
    return preceded(entities, first, WORD_PROMISED) || find(entities, end, WORD_PROMISED, &span);
}

/* Which of two days of one name is meant: what was promised is the nearer one, rather that which has been. */
static int32_t meant(const struct entities *entities, int32_t back, int32_t ahead, int first, int end) {
    int32_t today = entities->options->today;
    bool nearer = today - back <= ahead - today + 1;
    return looks_back(entities, first) || (nearer && was_promised(entities, first, end)) ? back : ahead;
}

/* A day and month without year is the nearest such day; with words that look back, the nearest that is past.
 */
static void add_month_day(struct entities *entities, int month, int day, double score, int first, int end) {
    int year, unused_month, unused_day;
    int32_t today = entities->options->today, best = INT32_MIN, ahead = INT32_MIN;
    calendar_split(today, &year, &unused_month, &unused_day);
    bool past = looks_back(entities, first);
    for (int i = year - 1; i <= year + 1; i++) {
        int32_t candidate = calendar_day(i, month, day);
        if (candidate == INT32_MIN || (past && candidate > today))
            continue;
        if (best == INT32_MIN || abs(candidate - today) < abs(best - today))
            best = candidate;
        if (candidate >= today && ahead == INT32_MIN)
            ahead = candidate;
    }
    add(entities, best, score, first, end);
    if (ahead != best &&
        today - best > JUST_PAST) /* nobody means the tenth of March of next year the day after */
        add(entities, ahead, score * .5, first, end);
}

void dates_add_offset(struct entities *entities, int days, double score, int first, int end) {
    add(entities, entities->options->today + days, score, first, end);
}

static bool has_flag(const struct entities *entities, int first, int end, uint64_t flag) {
    int span;
    return dictionary_before(&entities->language->dictionary, entities->utterance->words, first, flag) ||
           find(entities, end, flag, &span);
}

/* The nearest such day of a month from today on, or with the step -1 up to it; INT32_MIN: there is none. */
static int32_t day_of_month(int32_t today, int day, int step) {
    int year, month, today_of_month;
    calendar_split(today, &year, &month, &today_of_month);
    for (int i = 0; i < MONTHS_AHEAD; i++) {
        int32_t candidate = calendar_day(year, month, day);
        if (candidate != INT32_MIN && (candidate - today) * step >= 0)
            return candidate;
        month += step;
        if (month < 1 || month > 12) {
            year += step;
            month = month < 1 ? 12 : 1;
        }
    }
    return INT32_MIN;
}

/* "Wednesday the 18th": the day says more than its name. */
void dates_add_day_of_month(struct entities *entities, int day, int first, int end) {
    const struct word *words = entities->utterance->words;
    const struct entry *weekday = words[first].sentence ? NULL
                                                        : dictionary_before(&entities->language->dictionary,
                                                                            words, first, WORD_WEEKDAY);
    bool last = weekday && has_flag(entities, first - entry_words(weekday), first, WORD_LAST);
    int32_t back = day_of_month(entities->options->today, day, -1),
            ahead = day_of_month(entities->options->today, day, 1);
    if (back != INT32_MIN)
        add(entities, last ? back : meant(entities, back, ahead, first, end), weekday ? .9 : .7, first, end);
}

/* ---- numeric ---- */

static int number_of(const struct word *word, size_t most) {
    return word->has_digit && !word->has_letter && (size_t)word->len <= most
               ? (int)strtol(word->text, NULL, 10)
               : -1;
}

static int full_year(int year, int len) {
    return len == 2 ? 2000 + year : len == 4 && year >= 1990 && year <= 2099 ? year : -1;
}

/* a/b as the country writes it; the other way round only as a second thought. */
static void add_numeric(struct entities *entities, int a, int b, int year, double score, int first, int end) {
    bool american = text_is(entities->options->country, "US");
    for (int turn = 0; turn < 2; turn++) {
        int day = american == (turn == 0) ? b : a, month = a + b - day;
        if (day > 31 || month > 12)
            continue;
        if (year > 0)
            add(entities, calendar_day(year, month, day), score, first, end);
        else
            add_month_day(entities, month, day, score, first, end);
        score *= .5;
    }
}

/* "am 14.3", "lundi 14.3": without its last dot it is a date only where a day is called one. */
static bool called_day(const struct entities *entities, int i) {
    return !entities->utterance->words[i].sentence &&
           dictionary_before(&entities->language->dictionary, entities->utterance->words, i,
                             WORD_ON | WORD_WEEKDAY) != NULL;
}

/* The words of a date in digits at i; 0: none. "14/03", "14/03/2026", "14.3.", "2026-03-14". */
static int numeric_at(struct entities *entities, int i) {
    const struct utterance *utterance = entities->utterance;
    const struct word *word = &utterance->words[i];
    char gap[GAP_SIZE], second[GAP_SIZE];
    if (i + 1 >= utterance->count || number_of(word, 4) < 0 || number_of(word + 1, 2) < 0)
        return 0;
    words_gap(utterance, i, gap);
    if (!gap[0] || gap[1] || !strchr("/.-", gap[0]))
        return 0;
    int a = number_of(word, 4), b = number_of(word + 1, 2), c = -1;
    words_gap(utterance, i + 1, second);
    if (i + 2 < utterance->count && text_is(gap, second))
        c = number_of(word + 2, 4);
    if (c >= 0 && i + 3 < utterance->count && text_is(gap, words_gap(utterance, i + 2, second)))
        return 0; /* "06.12.34.56.78" */
    if (word->len == 4 && c >= 1 && c <= 31 && full_year(a, 4) > 0 && b >= 1 && b <= 12) {
        add(entities, calendar_day(a, b, c), .97, i, i + 3);
        return 3;
    }
    bool plausible = word->len <= 2 && a >= 1 && b >= 1 && a <= 31 && b <= 31 && (a <= 12 || b <= 12);
    if (plausible && c >= 0 && full_year(c, word[2].len) > 0) {
        add_numeric(entities, a, b, full_year(c, word[2].len), .95, i, i + 3);
        return 3;
    }
    int span;
    bool idiom = a == 24 && (b == 7 || b == 24); /* "24/7" */
    if (idiom || find(entities, i + 2, WORD_UNIT | WORD_MONEY, &span))
        return 0;
    bool dotted = gap[0] == '.' && (second[0] == '.' || (!strpbrk(second, "$%") && called_day(entities, i)));
    if (!plausible || c >= 0 || (gap[0] != '/' && !dotted))
        return 0;
    add_numeric(entities, a, b, 0, .9, i, i + 2);
    return 2;
}

/* ---- words ---- */

/* A day of the month in digits, with or without its ending: "14", "14th", "1er". */
static int day_word(const struct entities *entities, int at) {
    const struct word *word =
        at >= 0 && at < entities->utterance->count ? &entities->utterance->words[at] : NULL;
    size_t digits = word ? strspn(word->text, "0123456789") : 0;
    if (digits == 0 || digits > 2 || entities->marks[at].taken)
        return 0;
    size_t len = strlen(word->text + digits);
    bool ending = len == 0;
    for (const char *row = entities->language->ordinals; !ending && *row;
         row += strcspn(row, "|"), row += *row == '|')
        ending = strcspn(row, "|") == len && strncmp(row, word->text + digits, len) == 0;
    int day = (int)strtol(word->text, NULL, 10);
    return ending && day >= 1 && day <= 31 ? day : 0;
}

/* The day of the month that these words say; 0: none. Ordinals always, bare numbers only when spoken. */
static int day_of_words(const struct entities *entities, int begin, int end) {
    const struct utterance *utterance = entities->utterance;
    if (begin < 0 || end > utterance->count || utterance->words[begin].has_digit)
        return 0;
    int from = utterance->words[begin].begin, span;
    const struct entry *ordinal = find(entities, begin, WORD_ORDINAL, &span);
    if (!entities->options->voice && !(ordinal && span == end - begin))
        return 0;
    const char *text =
        arena_copy(entities->arena, utterance->plain + from, (size_t)(utterance->words[end - 1].end - from));
    int value = spoken_value(entities->language, text, entities->arena);
    return value >= 1 && value <= 31 ? value : 0;
}

/* The longest such words that end before *first, or begin at *end, which is moved over them. */
static int day_words_before(const struct entities *entities, int *first) {
    for (int words = NUMBER_WORDS, day; words >= 1; words--)
        if ((day = day_of_words(entities, *first - words, *first)) > 0) {
            *first -= words;
            return day;
        }
    return 0;
}

static int day_words_after(const struct entities *entities, int *end) {
    for (int words = NUMBER_WORDS, day; words >= 1; words--)
        if ((day = day_of_words(entities, *end, *end + words)) > 0) {
            *end += words;
            return day;
        }
    return 0;
}

/* The year there, with or without an "of" before it, which *end is moved over; -1: none. */
static int year_after(const struct entities *entities, int *end) {
    const struct utterance *utterance = entities->utterance;
    int span, at = find(entities, *end, WORD_OF, &span) ? *end + span : *end;
    int year = at < utterance->count && utterance->words[at].len == 4
                   ? full_year(number_of(&utterance->words[at], 4), 4)
                   : -1;
    if (year > 0)
        *end = at + 1;
    return year;
}

/* "march 2026": no day, but no order's number either. */
static void mark_year(struct entities *entities, int first, int end) {
    char gap[GAP_SIZE];
    bool beside = end < entities->utterance->count && !entities->utterance->words[end].sentence &&
                  text_is(words_gap(entities->utterance, end - 1, gap), " ");
    if (beside && year_after(entities, &end) > 0)
        entities_mark(entities, MARK_DATE, first, end, true);
}

static void read_month(struct entities *entities, int i, const struct entry *month, int span) {
    const struct utterance *utterance = entities->utterance;
    const struct entry *of = dictionary_before(&entities->language->dictionary, utterance->words, i, WORD_OF);
    bool sure = !(month->flags & (WORD_SHORT | WORD_DIGIT | WORD_VALUE)); /* "sept" is a number, too */
    int first = of ? i - entry_words(of) : i, end = i + span;
    int day = day_word(entities, first - 1);
    if (day)
        first--;
    else if (sure)
        day = day_words_before(entities, &first);
    if (!day) {
        first = i;
        day = day_word(entities, end);
        end += day > 0;
    }
    if (!day && sure)
        day = day_words_after(entities, &end);
    if (!day) {
        if (!(month->flags & (WORD_DIGIT | WORD_VALUE)))
            mark_year(entities, i, end);
        return;
    }
    int year = year_after(entities, &end);
    if (year > 0)
        add(entities, calendar_day(year, month->month, day), .97, first, end);
    else
        add_month_day(entities, month->month, day, .95, first, end);
    entities_mark(entities, MARK_DATE, first, end, true);
}

/* Abbreviations are often other words ("it sat there"): only where a date is likely. */
static bool weekday_meant(const struct entities *entities, const struct entry *entry) {
    return !(entry->flags & WORD_SHORT) || entities->options->expected == SLOT_DATE ||
           entities->utterance->count <= 3;
}

static void read_weekday(struct entities *entities, int i, const struct entry *entry, int span) {
    int end = i + span;
    if (end < entities->utterance->count && entities->marks[end].taken &&
        entities->marks[end].marks & MARK_DATE)
        return; /* "Friday 14 March" */
    int32_t today = entities->options->today, ahead = (entry->weekday - calendar_weekday(today) + 7) % 7;
    int day = day_word(entities, end);
    if (day && !has_flag(entities, i, end, WORD_LAST)) {
        dates_add_day_of_month(entities, day, i, end + 1);
        entities_mark(entities, MARK_DATE, i, end + 1, true);
        return;
    }
    if (!weekday_meant(entities, entry))
        return;
    int32_t back = today + (ahead == 0 ? -7 : ahead - 7);
    if (has_flag(entities, i, end, WORD_LAST))
        add(entities, back, .85, i, end);
    else if (has_flag(entities, i, end, WORD_NEXT)) {
        add(entities, today + (ahead == 0 ? 7 : ahead), .8, i, end);
        add(entities, today + (ahead == 0 ? 14 : ahead + 7), .4, i, end);
    } else
        add(entities, meant(entities, back, today + ahead, i, end), .85, i, end);
}

static int32_t feast_day(const struct feast *feast, int year) {
    if (feast->easter)
        return calendar_easter(year) + feast->days;
    if (!feast->weekday)
        return calendar_day(year, feast->month, feast->day);
    int32_t first = calendar_day(year, feast->month, 1);
    int32_t day = first + (feast->weekday - calendar_weekday(first) + 7) % 7;
    int32_t after =
        feast->month == 12 ? calendar_day(year + 1, 1, 1) : calendar_day(year, feast->month + 1, 1);
    if (feast->nth > 0)
        return day + 7 * (feast->nth - 1);
    while (day + 7 < after)
        day += 7;
    return day;
}

static void read_feast(struct entities *entities, int i, const struct entry *entry, int span) {
    int year, month, day;
    calendar_split(entities->options->today, &year, &month, &day);
    const struct feast *feast = &entities->language->feasts[entry->feast];
    int32_t today = entities->options->today, this_year = feast_day(feast, year),
            back = this_year <= today ? this_year : feast_day(feast, year - 1),
            ahead = this_year >= today ? this_year : feast_day(feast, year + 1);
    bool last = has_flag(entities, i, i + span, WORD_LAST);
    add(entities, last ? back : meant(entities, back, ahead, i, i + span), .85, i, i + span);
}

void dates_read(struct entities *entities) {
    int count = entities->utterance->count, span;
    for (int i = 0; i < count; i++) {
        int words = entities->marks[i].taken ? 0 : numeric_at(entities, i);
        if (words > 0) {
            entities_mark(entities, MARK_DATE, i, i + words, true);
            i += words - 1;
        }
    }
    for (int i = 0; i < count; i++) {
        const struct entry *entry = find(entities, i, WORD_MONTH, &span);
        if (entry && !entities->marks[i].taken)
            read_month(entities, i, entry, span);
    }
    for (int i = 0; i < count; i++) {
        const struct entry *entry = find(entities, i, WORD_DAY | WORD_WEEKDAY | WORD_FEAST, &span);
        if (!entry || entities->marks[i].taken)
            continue;
        if (entry->flags & WORD_DAY)
            dates_add_offset(entities, entry->day, .9, i, i + span);
        else if (entry->flags & WORD_WEEKDAY)
            read_weekday(entities, i, entry, span);
        else
            read_feast(entities, i, entry, span);
        i += span - 1;
    }
}
