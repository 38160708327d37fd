/* E-mail addresses, written ("a.b@c.fr") and said ("a point b arobase c point fr"). */
#include "base/key.h"
#include "base/text.h"
#include "intents/entities.h"
#include "intents/run.h"
#include "intents/spoken.h"
#include <string.h>
#include <unicode/uchar.h>

enum { LOCAL_WORDS = 8, LABEL_WORDS = 3, SPOKEN_MAX = 200 };

static bool local_byte(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || (byte && strchr("._%+-'", byte));
}

static bool domain_byte(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '.' || byte == '-';
}

static void add_email(struct entities *entities, const char *address, double score, int first, int end) {
    char key[EMAIL_SIZE];
    const char *dot = strrchr(address, '.'); /* after it at least two letters */
    if (!dot || strlen(dot) < 3 || strspn(dot + 1, "abcdefghijklmnopqrstuvwxyz") != strlen(dot + 1) ||
        !key_email(key, address))
        return;
    entities_add(entities, SLOT_EMAIL, key, score, first, end);
    entities_mark(entities, MARK_EMAIL, first, end, true);
}

/* ---- written ---- */

static int word_at(const struct utterance *utterance, int byte) {
    for (int i = 0; i < utterance->count; i++)
        if (utterance->words[i].end > byte)
            return i;
    return utterance->count - 1;
}

/* A part of the plain text as it was written: "josé@example.com" is another's than jose@example.com. */
static const char *as_written(const struct entities *entities, int begin, int end) {
    const struct utterance *utterance = entities->utterance;
    int until = utterance->origin[end], len = 0;
    char *out = arena_alloc(entities->arena, (size_t)(end - begin + until - utterance->origin[begin]) + 1);
    for (int i = begin; i < end;) {
        const char *at = utterance->text + utterance->origin[i], *letter = at;
        uint32_t code_point = text_next(&at);
        bool kept = code_point >= 0x80 && u_isalpha((UChar32)code_point);
        int next = i + 1;
        while (next < end && utterance->origin[next] == utterance->origin[i])
            next++;
        const char *from = kept ? letter : utterance->plain + i;
        int size = kept ? (int)(at - letter) : next - i;
        memcpy(out + len, from, (size_t)size);
        len += size;
        for (; at < utterance->text + utterance->origin[next];) { /* accents of their own */
            letter = at;
            if (U_GET_GC_MASK((UChar32)text_next(&at)) & U_GC_M_MASK) {
                memcpy(out + len, letter, (size_t)(at - letter));
                len += (int)(at - letter);
            }
        }
        i = next;
    }
    out[len] = '\0';
    return out;
}

static void read_written(struct entities *entities) {
    const struct utterance *utterance = entities->utterance;
    const char *plain = utterance->plain;
    for (const char *sign = strchr(plain, '@'); sign; sign = strchr(sign + 1, '@')) {
        const char *begin = sign, *end = sign + 1;
        if (begin > plain && begin[-1] == ' ' && end[0] == ' ') { /* "a.b @ c.fr" */
            begin--;
            end++;
        }
        const char *local_end = begin, *domain = end;
        while (begin > plain && local_byte(begin[-1]))
            begin--;
        while (domain_byte(*end))
            end++;
        while (begin < local_end && strchr(".'-", *begin))
            begin++;
        while (end > domain && strchr(".-", end[-1]))
            end--;
        if (begin == local_end || !memchr(domain, '.', (size_t)(end - domain)))
            continue;
        const char *address = arena_format(
            entities->arena, "%s@%s", as_written(entities, (int)(begin - plain), (int)(local_end - plain)),
            as_written(entities, (int)(domain - plain), (int)(end - plain)));
        add_email(entities, address, .98, word_at(utterance, (int)(begin - plain)),
                  word_at(utterance, (int)(end - 1 - plain)) + 1);
    }
}

/* ---- spoken ---- */

struct said {
    char text[SPOKEN_MAX];
    size_t len;
};

static void say(struct said *said, const char *text, size_t len) {
    if (said->len + len < sizeof said->text) {
        memcpy(said->text + said->len, text, len);
        said->len += len;
        said->text[said->len] = '\0';
    }
}

static const struct {
    uint64_t flag;
    const char *sign;
} signs[] = {{WORD_UNDERSCORE, "_"}, {WORD_DASH, "-"}, {WORD_DOT, "."}};

/* The sign said at word i, or standing as such before it in the middle of written text ("gmail.com"). */
static const char *sign_at(const struct entities *entities, int i, int *span) {
    const struct utterance *utterance = entities->utterance;
    for (size_t row = 0; row < sizeof signs / sizeof signs[0]; row++)
        if (dictionary_find(&entities->language->dictionary, utterance->words, utterance->count, i,
                            signs[row].flag, span))
            return signs[row].sign;
    return NULL;
}

/* What word i is in an address: letters by name, digits by word, else itself. */
static void say_word(const struct entities *entities, int i, struct said *said) {
    const struct word *word = &entities->utterance->words[i];
    const struct entry *entry = word->entry;
    char sign;
    if (entry && entry->flags & WORD_DIGIT) {
        sign = (char)('0' + entry->digit);
        say(said, &sign, 1);
    } else
        say(said, word->text, (size_t)word->len);
}

/* The words from i that say one number, from ten on as well, which are said; 0: none do. */
static int say_number(const struct entities *entities, int i, int end, struct said *said) {
    enum { NUMBER_WORDS = 5 };
    const struct utterance *utterance = entities->utterance;
    const struct word *words = utterance->words;
    uint64_t flags = words[i].entry ? words[i].entry->flags : 0;
    if (!(flags & RUN_NUMBERS) && !run_may_be_joined(entities->language, &words[i]))
        return 0;
    for (int span = end - i < NUMBER_WORDS ? end - i : NUMBER_WORDS; span > 0; span--) {
        int from = words[i].begin, len = words[i + span - 1].end - from, value;
        const char *text = arena_copy(entities->arena, utterance->plain + from, (size_t)len);
        if (words[i].has_digit || (value = spoken_value(entities->language, text, entities->arena)) < 0)
            continue;
        const char *digits = arena_format(entities->arena, "%d", value);
        say(said, digits, strlen(digits));
        return span;
    }
    return 0;
}

/* "double oh": the digit is said as often; the words of it, 0: it is a word of the address. */
static int say_repeated(const struct entities *entities, int i, int end, struct said *said) {
    const struct word *words = entities->utterance->words;
    uint64_t flags = words[i].entry ? words[i].entry->flags : 0;
    const struct entry *digit = i + 1 < end ? words[i + 1].entry : NULL;
    int times = flags & WORD_DOUBLE ? 2 : flags & WORD_TRIPLE ? 3 : 0;
    if (times == 0 || !digit || !(digit->flags & WORD_DIGIT))
        return 0;
    for (int turn = 0; turn < times; turn++)
        say_word(entities, i + 1, said);
    return 2;
}

/* Is there a dot between word i - 1 and i, written ("gmail.com") or said? *next: the word after it. */
static bool dot_at(const struct entities *entities, int i, int *next) {
    const struct utterance *utterance = entities->utterance;
    char gap[GAP_SIZE];
    int span = 0;
    bool written = i > 0 && i < utterance->count && text_is(words_gap(utterance, i - 1, gap), ".");
    const struct dictionary *dictionary = &entities->language->dictionary;
    bool said =
        !written && dictionary_find(dictionary, utterance->words, utterance->count, i, WORD_DOT, &span);
    *next = i + span;
    return written || said;
}

/* Before word i as written ("my-shop"), or said: the words of it are in *span. */
static bool dash_at(const struct entities *entities, int i, int *span) {
    const struct utterance *utterance = entities->utterance;
    char gap[GAP_SIZE];
    *span = 0;
    return text_is(words_gap(utterance, i - 1, gap), "-") ||
           dictionary_find(&entities->language->dictionary, utterance->words, utterance->count, i, WORD_DASH,
                           span);
}

/* The words of one label: "g mail"; after a dot only one word, or letters one by one ("f r"). */
static int say_label(const struct entities *entities, int i, bool first, struct said *said) {
    const struct utterance *utterance = entities->utterance;
    int words = 0, next, span;
    for (; i < utterance->count && words < LABEL_WORDS; words++, i++) {
        bool spelled = words > 0 && utterance->words[i].len == 1 && utterance->words[i - 1].len == 1;
        bool dash = words > 0 && dash_at(entities, i, &span) && i + span < utterance->count;
        if (words > 0 &&
            (dot_at(entities, i, &next) || utterance->words[i].sentence || (!first && !spelled && !dash)))
            break;
        if (dash) {
            say(said, "-", 1);
            i += span;
        }
        say_word(entities, i, said);
    }
    return i;
}

/* The domain that begins at i; returns the word after it, 0 when there is none. */
static int say_domain(const struct entities *entities, int i, struct said *said) {
    int end = 0;
    size_t len = 0;
    for (int labels = 0;; labels++) {
        int after = say_label(entities, i, labels == 0, said), next;
        if (after > i && labels > 0) {
            end = after;
            len = said->len;
        }
        if (after == i || !dot_at(entities, after, &next))
            break;
        say(said, ".", 1);
        i = next;
    }
    said->text[said->len = len] = '\0';
    return end;
}

/* "è" is a word, no letter of an address. */
static bool accented(const struct utterance *utterance, const struct word *word) {
    return (unsigned char)utterance->text[utterance->origin[word->begin]] >= 0x80;
}

/* Where the part before the @ begins, when every word belongs to it (greedy), or only what signs and single
 * letters tie to the last word. */
static int local_begin(const struct entities *entities, int at, bool greedy) {
    const struct utterance *utterance = entities->utterance;
    const struct dictionary *dictionary = &entities->language->dictionary;
    const uint64_t tie = WORD_DOT | WORD_DASH | WORD_UNDERSCORE;
    int begin = at;
    while (begin > 0 && at - begin < LOCAL_WORDS) {
        const struct word *word = &utterance->words[begin - 1];
        const struct entry *entry = word->entry;
        uint64_t flags = entry ? entry->flags : 0;
        bool sign = flags & tie,
             after_sign = begin < at && dictionary_before(dictionary, utterance->words, begin + 1, tie);
        char gap[GAP_SIZE];
        words_gap(utterance, begin - 1, gap);
        after_sign |= begin < at && gap[0] && !gap[1] && strchr("._-", gap[0]);
        bool single = word->len == 1 && !word->elided && !accented(utterance, word),
             number = (flags & WORD_DIGIT) || !word->has_letter;
        bool follows_single =
            begin < at && (utterance->words[begin].len == 1 || utterance->words[begin].has_digit);
        bool ends = (flags & WORD_FUNCTION) && !single && !number && !sign && !after_sign;
        if (begin < at && utterance->words[begin].sentence && !after_sign)
            break;
        if (ends || flags & (WORD_CUE_ORDER | WORD_CUE_PHONE | WORD_CUE_POSTCODE))
            break;
        if (begin < at && !greedy && !sign && !after_sign && !((single || number) && follows_single))
            break;
        begin--;
    }
    return begin;
}

static bool say_local(const struct entities *entities, int begin, int at, struct said *said) {
    for (int i = begin; i < at;) {
        int span;
        const char *sign = i > begin ? sign_at(entities, i, &span) : NULL;
        char gap[GAP_SIZE];
        if (sign && i + span < at) {
            say(said, sign, 1);
            i += span;
            continue;
        }
        int words = say_repeated(entities, i, at, said);
        if (!words)
            words = say_number(entities, i, at, said);
        if (!words)
            say_word(entities, i, said);
        i += words > 1 ? words - 1 : 0;
        if (i + 1 < at && strchr("._-", words_gap(entities->utterance, i, gap)[0]) && gap[0] && !gap[1])
            say(said, gap, 1);
        i++;
    }
    return said->len > 0;
}

static void read_spoken_at(struct entities *entities, int at, int span) {
    struct said domain = {0};
    int end = say_domain(entities, at + span, &domain);
    if (!end || at == 0)
        return;
    for (int greedy = 1; greedy >= 0; greedy--) {
        struct said local = {0};
        int begin = local_begin(entities, at, greedy);
        if (begin < at && say_local(entities, begin, at, &local))
            add_email(entities, arena_format(entities->arena, "%s@%s", local.text, domain.text),
                      greedy ? .8 : .75, begin, end);
    }
}

void email_read(struct entities *entities) {
    const struct utterance *utterance = entities->utterance;
    read_written(entities);
    for (int i = 0, span; i < utterance->count; i++)
        if (!entities->marks[i].taken && dictionary_find(&entities->language->dictionary, utterance->words,
                                                         utterance->count, i, WORD_AT, &span))
            read_spoken_at(entities, i, span);
}
