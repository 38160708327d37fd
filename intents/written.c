/* Numbers as written: "FR-30118", "#1042", "n° 10 042", "1Z 999 AA1 01 2345 6784", "LS6 2QT". */
#include "base/key.h"
#include "base/text.h"
#include "intents/entities.h"
#include "intents/number_pattern.h"
#include "intents/postcode.h"
#include "intents/tracking.h"
#include <ctype.h>
#include <string.h>

enum {
    PREFIX_LETTERS = 6,
    LABEL_LETTERS = 12, /* a prefix that only the shop's pattern takes: "BESTELLUNG-12" */
    SUFFIX_LETTERS = 3,
    PIECE_DIGITS = 4,
    PHONE_PIECE = 8,
    WINDOW_WORDS = 12,
    SHORTEST_TRACKING = 10,
    TRACKING_LEN = 35,
    RUN_MAX = KEY_SIZE
};

/* A phone number or the like that is this sure leaves no pieces for other numbers; one that was asked for or
 * called so need not be of the shop's country. */
static const double sure = .85, sure_if_named = .75;

static bool free_number(const struct entities *entities, int i) {
    return entities->utterance->words[i].has_digit && !entities->marks[i].taken;
}

static bool digits_only(const struct word *word) {
    return word->has_digit && !word->has_letter;
}

/* Appends a word in upper case; false when it does not fit. */
static bool append(char value[RUN_MAX], const char *text, int len) {
    size_t at = strlen(value);
    if (at + (size_t)len + 1 > RUN_MAX)
        return false;
    for (int i = 0; i < len; i++)
        value[at + (size_t)i] = (char)toupper((unsigned char)text[i]);
    value[at + (size_t)len] = '\0';
    return true;
}

/* Does the word after `before` belong to it, by the sign between them? The sign that is kept in the value is
 * in *sign. */
static bool joined_by_sign(const struct entities *entities, int before, char *sign) {
    const struct utterance *utterance = entities->utterance;
    const struct word *word = &utterance->words[before], *next = word + 1;
    char gap[GAP_SIZE];
    *sign = '\0';
    if (before + 1 >= utterance->count || entities->marks[before + 1].taken || entities->marks[before].taken)
        return false;
    words_gap(utterance, before, gap);
    if (gap[0] == '\0' || gap[1] != '\0' || !strchr("-/._,#", gap[0]))
        return false;
    if (gap[0] == ',')
        return digits_only(word) && digits_only(next) && next->len == 3 && word->len <= 3;
    if (gap[0] == '.' && !(digits_only(word) && digits_only(next)))
        return false;
    if (!next->has_digit && next->len > SUFFIX_LETTERS)
        return false;
    *sign = gap[0] == '-' || gap[0] == '/' ? gap[0] : '\0';
    return true;
}

/* "fr-30118": may the letters before the number be a part of it? */
static bool is_prefix(const struct entities *entities, int i) {
    const struct utterance *utterance = entities->utterance;
    const struct word *word = &utterance->words[i];
    const struct entry *entry = word->entry;
    char gap[GAP_SIZE];
    words_gap(utterance, i, gap);
    return word->has_letter && !word->has_digit && word->len <= PREFIX_LETTERS && !word->elided && gap[0] &&
           !gap[1] && strchr("-/_#", gap[0]) &&
           !(entry &&
             entry->flags & (WORD_CUE_ORDER | WORD_CUE_TRACKING | WORD_CUE_POSTCODE | WORD_CUE_PHONE));
}

/* The tokens that signs hold together, from `first`; returns the word after them. */
static int read_tight(const struct entities *entities, int first, char value[RUN_MAX]) {
    const struct utterance *utterance = entities->utterance;
    int i = first;
    bool single_digits = true;
    char sign;
    value[0] = '\0';
    for (;; i++) {
        const struct word *word = &utterance->words[i];
        if (!append(value, word->text, word->len))
            return i > first ? i : first + 1;
        single_digits &= word->len == 1;
        if (!joined_by_sign(entities, i, &sign))
            break;
        if (sign && !append(value, &sign, 1))
            break;
    }
    if (single_digits && i > first) /* "1-0-0-4-2" */
        key_number(value, value);
    return i + 1;
}

static bool loose_gap(const struct utterance *utterance, int before) {
    char gap[GAP_SIZE];
    if (before + 1 >= utterance->count || utterance->words[before + 1].sentence)
        return false;
    words_gap(utterance, before, gap);
    return gap[0] && strspn(gap, " ()-.") == strlen(gap) && strlen(gap) <= 3;
}

/* With a pattern of the shop's, letters around the number may be its own though a space stands between: "FR
 * 30118". */
static void read_with_letters(struct entities *entities, int first, int end, const char *value) {
    const struct utterance *utterance = entities->utterance;
    char bare[KEY_SIZE], longer[RUN_MAX] = "";
    if (first > 0 && !entities->marks[first - 1].taken && utterance->words[first - 1].len <= LABEL_LETTERS) {
        struct number number = {.value = longer, .first = first - 1, .end = end};
        if (append(longer, utterance->words[first - 1].text, utterance->words[first - 1].len) &&
            append(longer, value, (int)strlen(value)) && key_number(bare, longer) &&
            number_pattern_takes(entities->options->number, bare))
            number_classify(entities, &number, 1);
    }
    longer[0] = '\0';
    if (end < utterance->count && !entities->marks[end].taken &&
        utterance->words[end].len <= SUFFIX_LETTERS) {
        struct number number = {.value = longer, .first = first, .end = end + 1};
        if (append(longer, value, (int)strlen(value)) &&
            append(longer, utterance->words[end].text, utterance->words[end].len) &&
            key_number(bare, longer) && number_pattern_takes(entities->options->number, bare))
            number_classify(entities, &number, 1);
    }
}

/* "FR-1053 06 12 34 56 78": what letters are joined to is whole, and another number follows; "FR-30 118" is
 * one.
 */
static bool prefixed(const struct entities *entities, int i) {
    return i > 0 && entities->utterance->words[i].len >= PIECE_DIGITS && is_prefix(entities, i - 1);
}

static bool begins_loose(const struct entities *entities, int i) {
    const struct word *before = &entities->utterance->words[i - (i > 0)];
    return free_number(entities, i) && !prefixed(entities, i) &&
           (i == 0 || !free_number(entities, i - 1) || prefixed(entities, i - 1) ||
            !loose_gap(entities->utterance, i - 1) || before->len > PIECE_DIGITS || before->has_letter);
}

/* Groups of digits with spaces between: "400 79", "06 12 34 56 78", "(617) 555-0123". */
static void read_loose(struct entities *entities, int first) {
    const struct utterance *utterance = entities->utterance;
    bool phone = entities->options->expected == SLOT_PHONE ||
                 dictionary_before(&entities->language->dictionary, utterance->words, first, WORD_CUE_PHONE);
    const int most = phone || entities->options->voice ? PHONE_PIECE : PIECE_DIGITS;
    char value[RUN_MAX] = "", gap[GAP_SIZE];
    bool small = true, spaced = false;
    int i = first;
    bool plus =
        utterance->words[first].begin > 0 && utterance->plain[utterance->words[first].begin - 1] == '+';
    for (; i < utterance->count && free_number(entities, i); i++) {
        const struct word *word = &utterance->words[i];
        if (word->has_letter ||
            word->len > (plus || utterance->words[first].text[0] == '0' ? PHONE_PIECE : most) ||
            (i > first && !loose_gap(utterance, i - 1)) || !append(value, word->text, word->len))
            break;
        small &= word->len < PIECE_DIGITS;
        spaced |= i > first && strpbrk(words_gap(utterance, i - 1, gap), " (");
    }
    if (i - first < 2 || !spaced)
        return;
    struct number number = {.value = value, .first = first, .end = i, .plus = plus};
    double other =
        number_classify(entities, &number, small || plus || phone || entities->options->voice ? 1.05 : .8);
    if (other >= (phone ? sure_if_named : sure))
        entities_mark(entities, 0, first, i, true);
    read_with_letters(entities, first, i, value);
}

static bool in_capitals(const struct utterance *utterance, const struct word *word) {
    for (int i = word->begin; i < word->end; i++) {
        char byte = utterance->text[utterance->origin[i]];
        if (byte < 'A' || byte > 'Z')
            return false;
    }
    return true;
}

static bool is_known(const struct entities *entities, const struct word *word) {
    return word->entry || recogniser_function_word(entities->recogniser, word);
}

/* Letters and digits in groups, as carriers print them; only what a carrier's shape takes counts. Letters
 * that are a word ("69003 où est-il") belong to it only in capitals, where the check digit says so ("RR 123
 * 456 785 DE"). */
static void read_windows(struct entities *entities, int first) {
    const struct utterance *utterance = entities->utterance;
    char value[RUN_MAX] = "";
    bool words = false, letters = false;
    for (int i = first; i < utterance->count && i < first + WINDOW_WORDS; i++) {
        const struct word *word = &utterance->words[i];
        if (entities->marks[i].taken || (!word->has_digit && word->len > PIECE_DIGITS) ||
            (i > first && !loose_gap(utterance, i - 1)) || !append(value, word->text, word->len) ||
            strlen(value) > TRACKING_LEN)
            return;
        letters |= word->has_letter;
        if (!word->has_digit && is_known(entities, word)) {
            if (!in_capitals(utterance, word))
                return;
            words = true;
        }
        if (i == first || !letters || strlen(value) < SHORTEST_TRACKING)
            continue; /* groups of digits alone are told from no other number */
        struct tracking_match match = tracking_match(value);
        if (match.distinct && (match.checked || !words)) {
            struct number number = {.value = value, .first = first, .end = i + 1};
            number_classify(entities, &number, 1);
            if (match.checked)
                entities_mark(entities, MARK_TRACKING_NUMBER, first, i + 1, true);
        }
    }
}

/* Postcodes of two words: "LS6 2QT", "1012 AB". */
static void read_postcode(struct entities *entities, int first) {
    const struct utterance *utterance = entities->utterance;
    struct postcode postcode;
    char value[RUN_MAX] = "";
    int end = first + 1;
    append(value, utterance->words[first].text, utterance->words[first].len);
    int dash = (int)strlen(value);
    if (!loose_gap(utterance, first) || entities->marks[first].taken || entities->marks[end].taken)
        return;
    const struct word *next = &utterance->words[end];
    const char *country = entities->options->country;
    if (!append(value, next->text, next->len) ||
        !(postcode_read(value, dash, country, &postcode) ||
          (entities->options->voice && postcode_hear(value, country, &postcode))) ||
        !postcode.distinct)
        return;
    /* "order 1042 is": two letters that are a word are no part of a Dutch code */
    if (!next->has_digit && next->entry && entities->options->expected != SLOT_POSTCODE)
        return;
    struct number number = {.value = value, .first = first, .end = end + 1};
    number_classify(entities, &number, 1);
}

/* Is it what a number is called, alone or with the words before it: the "no" of "order no70115"? */
static bool is_label(const struct entities *entities, int i, const char *text, int len) {
    enum { BEFORE = 2 };
    const struct dictionary *dictionary = &entities->language->dictionary;
    struct word words[BEFORE + 1];
    int count = i < BEFORE ? i : BEFORE;
    memcpy(words, entities->utterance->words + i - count, sizeof *words * (size_t)count);
    words[count] = (struct word){.text = arena_copy(entities->arena, text, (size_t)len),
                                 .entry = dictionary_word(dictionary, text, len),
                                 .len = len};
    return dictionary_before(dictionary, words, count + 1, WORD_CUE_ORDER) != NULL;
}

/* "order70115": a label and the number run together; the shop's own numbers may begin so, too ("CMD1042"). */
static void read_labelled(struct entities *entities, int i) {
    const struct word *word = &entities->utterance->words[i];
    int letters = (int)strcspn(word->text, "0123456789");
    const char *digits = word->text + letters;
    if (letters == 0 || digits[strspn(digits, "0123456789")] || !is_label(entities, i, word->text, letters))
        return;
    struct number number = {.value = digits, .first = i, .end = i + 1, .single = true};
    number_classify(entities, &number, .9);
}

/* Numbers without a digit ("XKBKNABJK"), where the shop's pattern has such and it cannot be a mere word. */
static void read_letters(struct entities *entities, int i) {
    const struct utterance *utterance = entities->utterance;
    const struct word *word = &utterance->words[i];
    const struct dictionary *dictionary = &entities->language->dictionary;
    char value[RUN_MAX] = "";
    if (!number_pattern_given(entities->options->number) || word->len < 3 || entities->marks[i].taken ||
        !append(value, word->text, word->len) || !number_pattern_takes(entities->options->number, value) ||
        word->entry)
        return;
    if (in_capitals(utterance, word) || entities->options->expected == SLOT_ORDER_NUMBER ||
        dictionary_before(dictionary, utterance->words, i, WORD_CUE_ORDER)) {
        struct number number = {.value = value, .first = i, .end = i + 1, .single = true};
        number_classify(entities, &number, 1);
    }
}

void numbers_read(struct entities *entities) {
    const struct utterance *utterance = entities->utterance;
    for (int i = 0; i + 1 < utterance->count; i++) {
        if (!utterance->words[i].has_digit && !utterance->words[i + 1].has_digit)
            continue;
        if (!entities->marks[i].taken && utterance->words[i].len <= TRACKING_LEN)
            read_windows(entities, i);
        if (utterance->words[i].len <= 4)
            read_postcode(entities, i);
    }
    for (int i = 0; i < utterance->count; i++)
        if (begins_loose(entities, i))
            read_loose(entities, i);
    for (int i = 0; i < utterance->count;) {
        bool prefix = i + 1 < utterance->count && free_number(entities, i + 1) && is_prefix(entities, i);
        if (!free_number(entities, i) && !prefix) {
            read_letters(entities, i++);
            continue;
        }
        char value[RUN_MAX];
        int end = read_tight(entities, i, value), begin = utterance->words[i].begin;
        struct number number = {.value = value,
                                .first = i,
                                .end = end,
                                .single = true,
                                .plus = begin > 0 && utterance->plain[begin - 1] == '+'};
        number_classify(entities, &number, 1);
        read_with_letters(entities, i, end, value);
        read_labelled(entities, i);
        i = end;
    }
}
