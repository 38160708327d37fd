/* Times of day and amounts of money: of interest to patterns, and no order numbers. */
#include "base/text.h"
#include "intents/entities.h"
#include <stdlib.h>
#include <string.h>

static const char *const currencies[] = {"eur", "usd", "gbp", "chf", "cad", "aud", NULL};

static bool one_of(const char *text, const char *const *texts) {
    for (; *texts; texts++)
        if (text_is(text, *texts))
            return true;
    return false;
}

static bool digits_only(const struct word *word) {
    return word->has_digit && !word->has_letter;
}

/* "14h", "14h30", "5pm", "17u"? Only what means nothing else. */
static bool is_clock_word(const char *text) {
    char *end;
    long hour = strtol(text, &end, 10);
    if (end == text || end - text > 2 || hour > 23)
        return false;
    if (text_is(end, "am") || text_is(end, "pm"))
        return hour <= 12;
    if (*end != 'h')
        return false;
    return end[1] == '\0' ||
           (end[1] >= '0' && end[1] <= '5' && end[2] >= '0' && end[2] <= '9' && end[3] == '\0');
}

/* The words of a time of day that begins at i; 0: none. */
static int time_at(const struct utterance *utterance, int i) {
    const struct word *word = &utterance->words[i];
    char gap[GAP_SIZE];
    if (is_clock_word(word->text))
        return 1;
    if (!digits_only(word) || word->len > 2 || strtol(word->text, NULL, 10) > 23 || i + 1 >= utterance->count)
        return 0;
    const struct word *next = word + 1;
    words_gap(utterance, i, gap);
    bool minutes = next->len >= 2 && next->text[0] >= '0' && next->text[0] <= '5';
    if (text_is(gap, ":") && minutes && (digits_only(next) ? next->len == 2 : true))
        return 2;
    bool half = text_is(next->text, "am") || text_is(next->text, "pm");
    return text_is(gap, " ") && half && strtol(word->text, NULL, 10) <= 12 ? 2 : 0;
}

static bool money_word(const struct entities *entities, int i) {
    int span;
    const struct utterance *utterance = entities->utterance;
    return i < utterance->count && (one_of(utterance->words[i].text, currencies) ||
                                    dictionary_find(&entities->language->dictionary, utterance->words,
                                                    utterance->count, i, WORD_MONEY, &span));
}

/* The words of an amount at i, its currency included: "49,90 €", "£20", "1 200 euros". */
static int amount_at(const struct entities *entities, int i) {
    const struct utterance *utterance = entities->utterance;
    char gap[GAP_SIZE];
    int end = i + 1;
    const struct word *word = &utterance->words[i];
    if (!digits_only(word)) {
        size_t digits = strspn(word->text, "0123456789"); /* "20eur" */
        return digits > 0 && one_of(word->text + digits, currencies);
    }
    bool before = word->begin > 0 && utterance->plain[word->begin - 1] == '$';
    if (!before && !(i > 0 && entities->marks[i - 1].marks & MARK_AMOUNT)) /* "42 € 70115" */
        before = (word->begin > 1 && utterance->plain[word->begin - 1] == ' ' &&
                  utterance->plain[word->begin - 2] == '$') ||
                 (i > 0 && one_of(utterance->words[i - 1].text, currencies));
    while (end < utterance->count && digits_only(&utterance->words[end])) {
        words_gap(utterance, end - 1, gap);
        bool decimal = text_is(gap, ",") || text_is(gap, ".") || gap[0] == '$';
        bool thousands =
            text_is(gap, " ") && utterance->words[end].len == 3 && utterance->words[end - 1].len <= 3;
        if (!decimal && !thousands)
            break;
        if (gap[0] == '$')
            return end + 1 - i; /* 49€90 */
        end++;
    }
    words_gap(utterance, end - 1, gap);
    const char *sign = gap + (gap[0] == ' ');
    bool next = sign > gap && !sign[1] && end < utterance->count; /* "70115 £20" */
    if (*sign == '$' && !next)
        return end - i;
    if (text_is(gap, " ") && money_word(entities, end))
        return end + 1 - i;
    return before ? end - i : 0;
}

void quantities_read(struct entities *entities) {
    for (int i = 0; i < entities->utterance->count;) {
        int words = 1, count = 0;
        if (entities->utterance->words[i].has_digit && !entities->marks[i].taken) {
            if ((count = amount_at(entities, i)) > 0)
                entities_mark(entities, MARK_AMOUNT, i, i + count, true);
            else if ((count = time_at(entities->utterance, i)) > 0)
                entities_mark(entities, MARK_TIME, i, i + count, true);
        }
        words = count > 0 ? count : 1;
        i += words;
    }
}
