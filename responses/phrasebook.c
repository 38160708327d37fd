#include "responses/phrasebook.h"
#include "base/log.h"
#include "base/text.h"
#include "responses/book.h"
#include "responses/spoken.h"
#include <assert.h>
#include <ctype.h>
#include <string.h>
#include <strings.h>

/* One saying of one phrase. */
struct speech {
    const struct language *language;
    const struct locale *locale;
    const struct phrase *phrase;
    struct template_reader reader;
    uint8_t places[FACTS]; /* 1 + where the value stands, 0 none */
};

static const struct value *value_of(const struct speech *speech, int fact) {
    int place = speech->places[fact];
    return place ? &speech->phrase->values[place - 1] : NULL;
}

static void mark_used(struct speech *speech, const struct value *value) {
    speech->reader.used |= UINT64_C(1) << (value - speech->phrase->values);
}

static bool number_of(void *context, int value, int64_t *number) {
    struct speech *speech = context;
    const struct value *given = value_of(speech, value);
    if (!given || !given->present)
        return false;
    mark_used(speech, given);
    *number = given->number;
    return true;
}

static const char *code_of(void *context, int value) {
    struct speech *speech = context;
    const struct value *given = value_of(speech, value);
    if (!given || text_empty(given->text))
        return NULL;
    mark_used(speech, given);
    return given->text;
}

static const char *plural_of(void *context, int64_t number) {
    struct speech *speech = context;
    return locale_plural(speech->locale, number);
}

/* Whether a space leads, two stand together, or a sign is not to be seen. Seventeen bytes may be read behind
 * `len`. */
static bool is_ragged(const char *text, size_t len) {
    typedef unsigned char block __attribute__((vector_size(16)));
    static const block places = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    for (size_t done = 0; done < len; done += sizeof(block)) {
        block at, next;
        uint64_t found[2];
        memcpy(&at, text + done, sizeof at);
        memcpy(&next, text + done + 1, sizeof next);
        block hits = (block)((at < ' ') | ((at == ' ') & (next == ' ')));
        if (len - done < sizeof at)
            hits &= (block)(places < (unsigned char)(len - done));
        memcpy(found, &hits, sizeof found);
        if (found[0] | found[1])
            return true;
    }
    return len > 0 && text[0] == ' ';
}

/* All blanks and line breaks between words as one space. Looked at where it then stands: there it does no
 * harm to read on behind it. */
static void put_line(const char *text, struct buffer *out) {
    enum { BEHIND = 17 };
    size_t len = strlen(text);
    char *begin = buffer_room(out, len), *at = begin;
    if (!begin)
        return;
    memcpy(begin, text, len);
    if (out->size - out->len >= BEHIND && !is_ragged(begin, len))
        return;
    for (; *text; text++)
        if ((unsigned char)*text > ' ' || (at > begin && at[-1] != ' '))
            *at++ = (unsigned char)*text > ' ' ? *text : ' ';
    *at = '\0';
    out->len = (size_t)(at - out->bytes);
}

/* Free text of the data as a part of our sentence: on one line, without a full stop of its own. */
static void put_text(const struct speech *speech, const char *text, struct buffer *out) {
    size_t begin = out->len;
    if (speech->phrase->voice == VOICE_SPOKEN)
        spoken_text(text, speech->language, out);
    else
        put_line(text, out);
    while (out->len > begin && (out->bytes[out->len - 1] == ' ' || out->bytes[out->len - 1] == '.'))
        out->bytes[--out->len] = '\0';
}

static void put_reference(const struct speech *speech, const char *text, enum style style,
                          struct buffer *out) {
    size_t len = strlen(text);
    if (speech->phrase->voice == VOICE_SPOKEN)
        spoken_reference(text, style == STYLE_LAST4, out);
    else
        buffer_string(out, style == STYLE_LAST4 && len > 4 ? text + len - 4 : text);
}

/* The language's text for this code, or for `other`; the code's own when the language has no table. */
static bool put_code(struct speech *speech, int value, const char *code, struct buffer *out) {
    const struct code_text *row = speech->language->codes[value], *other = NULL;
    if (!row) {
        put_text(speech, code, out);
        return true;
    }
    for (; row && strcmp(row->code, code) != 0; row = row->next)
        if (strcmp(row->code, "other") == 0)
            other = row;
    row = row ? row : other;
    return row && template_render(row->text.template, &speech->reader, out);
}

static bool print_value(void *context, int value, enum style style, struct buffer *out) {
    struct speech *speech = context;
    const struct value *given = value_of(speech, value);
    size_t begin = out->len;
    int64_t number;
    if (!given)
        return false;
    switch (fact_vocabulary.entries[value].kind) {
    case VALUE_TEXT:
        put_text(speech, given->text ? given->text : "", out);
        break;
    case VALUE_REFERENCE:
        put_reference(speech, given->text ? given->text : "", style, out);
        break;
    case VALUE_LINK:
        if (speech->phrase->voice == VOICE_WRITTEN && given->text && strncmp(given->text, "https://", 8) == 0)
            buffer_string(out, given->text);
        break;
    case VALUE_NUMBER:
        if (number_of(speech, value, &number))
            locale_number(speech->locale, speech->phrase->voice, number, style, out);
        break;
    case VALUE_MOMENT:
        if (!locale_moment(speech->locale, speech->phrase->voice, given->moment, style, speech->phrase->zone,
                           speech->phrase->now_ms, out))
            return false;
        break;
    case VALUE_CODE:
        if (text_empty(given->text))
            return false;
        if (style == STYLE_ITSELF)
            put_text(speech, given->text, out);
        else if (!put_code(speech, value, given->text, out))
            return false;
    }
    if (out->len == begin)
        return false;
    mark_used(speech, given);
    return true;
}

void book_render(const struct language *language, const struct locale *locale,
                 const struct template *template, const struct phrase *phrase, struct buffer *out,
                 uint64_t *used, int *missing) {
    struct speech speech = {.language = language, .locale = locale, .phrase = phrase};
    speech.reader = (struct template_reader){.context = &speech,
                                             .print = print_value,
                                             .number = number_of,
                                             .plural = plural_of,
                                             .code = code_of,
                                             .missing = -1};
    assert(phrase->value_count <= FACTS);
    for (int i = 0; i < phrase->value_count; i++)
        speech.places[phrase->values[i].fact] = (uint8_t)(i + 1);
    template_render(template, &speech.reader, out);
    *used = speech.reader.used;
    *missing = speech.reader.missing;
}

/* The same letter of a tag, in any case; '-' may be written '_'. */
static bool same_sign(char tag, char locale) {
    return (tag | 0x20) == (locale | 0x20) || (tag == '-' && locale == '_');
}

/* "fr" of "fr-CA". */
static bool language_is(const struct language *language, const char *locale) {
    size_t k = 0;
    while (language->name[k] && locale[k] && same_sign(language->name[k], locale[k]))
        k++;
    return !language->name[k] && (!locale[k] || locale[k] == '-' || locale[k] == '_');
}

static const struct language *find_language(const struct phrasebook *book, const char *locale) {
    const struct language *language = book->languages;
    while (language && !(locale && language_is(language, locale)))
        language = language->next;
    return language;
}

static const struct language *language_of(const struct phrasebook *book, const char *locale) {
    const struct language *language = find_language(book, locale);
    return language ? language_use(book, language) : NULL;
}

static const struct language *first_language(const struct phrasebook *book) {
    return language_use(book, book->languages);
}

static const struct locale *locale_of(const struct phrasebook *book, const struct language *language,
                                      const char *locale) {
    for (int i = 0; locale && i < language->locale_count; i++) {
        const char *tag = language->tags[i];
        size_t k = 0;
        while (tag[k] && locale[k] && same_sign(tag[k], locale[k]))
            k++;
        if (!tag[k] && !locale[k])
            return language_locale(book, language, i);
    }
    return language_locale(book, language, 0);
}

static struct tongue tongue_of(const struct phrasebook *book, const char *locale) {
    const struct language *language = language_of(book, locale);
    language = language ? language : first_language(book);
    return (struct tongue){.language = language, .locale = locale_of(book, language, locale)};
}

static struct tongue tongue_known(const struct phrasebook *book, const struct phrase *phrase) {
    struct tongue *known = phrase->tongue;
    if (known && known->language && text_is(known->tag, phrase->locale))
        return *known;
    struct tongue tongue = tongue_of(book, phrase->locale);
    if (known && TEXT_SET(tongue.tag, phrase->locale))
        *known = tongue;
    return tongue;
}

/* The wording in this language, or in the first that has one (phrasebook_check finds what is missing). */
static const struct wording *wording_of(const struct phrasebook *book, int phrase, struct tongue *tongue,
                                        const char *locale) {
    if (tongue->language->wordings[phrase].path)
        return &tongue->language->wordings[phrase];
    for (const struct language *next = book->languages; next; next = next->next)
        if (language_use(book, next)->wordings[phrase].path) {
            tongue->language = next;
            tongue->locale = locale_of(book, next, locale);
            return &next->wordings[phrase];
        }
    return NULL;
}

const char *phrasebook_say(const struct phrasebook *book, const struct phrase *phrase, struct arena *arena,
                           uint64_t *used) {
    uint64_t ignored;
    int index = book_phrase(book, phrase->name), missing = -1;
    struct tongue tongue = tongue_known(book, phrase);
    assert(index >= 0 && "a phrase that phrases.json does not declare");
    used = used ? used : &ignored;
    *used = 0;
    const struct wording *wording = index < 0 ? NULL : wording_of(book, index, &tongue, phrase->locale);
    if (!wording)
        return "";
    int voice = wording->count[phrase->voice] ? (int)phrase->voice : !phrase->voice;
    if (!wording->count[voice])
        return "";
    int variant = (int)((unsigned)phrase->variant % (unsigned)wording->count[voice]);
    struct buffer out;
    buffer_init_in(&out, arena, BOOK_TEXT_MAX);
    book_render(tongue.language, tongue.locale, wording->variants[voice][variant].template, phrase, &out,
                used, &missing);
    if (missing >= 0 && !atomic_exchange(&book->phrases[index].reported, true))
        log_line(LOG_WARNING, "responses", "%s: %s has no value '%s'; its sentence was left out",
                 tongue.language->file.label, phrase->name, fact_name((enum fact)missing));
    while (out.len && out.bytes[out.len - 1] == ' ')
        out.bytes[--out.len] = '\0';
    const char *text = buffer_text(&out);
    while (*text == ' ')
        text++;
    return text;
}

void phrasebook_warm(const struct phrasebook *book, const char *locale) {
    const struct language *language = language_of(book, locale);
    if (language)
        locale_of(book, language, locale);
}

bool phrasebook_has(const struct phrasebook *book, const char *name) {
    return book_phrase(book, name) >= 0;
}

const char *phrasebook_spell(const struct phrasebook *book, const char *locale, char letter) {
    const struct language *language = language_of(book, locale);
    const struct pronounced *row = language ? language->spelling : NULL;
    while (row && !(row->word[0] == letter && row->word[1] == '\0'))
        row = row->next;
    return row ? row->spoken : NULL;
}

const char *phrasebook_language(const struct phrasebook *book, int index) {
    const struct language *language = book->languages;
    for (; language && index > 0; index--)
        language = language->next;
    return language && index == 0 ? language->name : NULL;
}

bool phrasebook_speaks(const struct phrasebook *book, const char *locale) {
    return find_language(book, locale) != NULL;
}

const char *phrasebook_language_name(const struct phrasebook *book, const char *locale, const char *name,
                                     struct arena *arena) {
    struct buffer out;
    buffer_init_in(&out, arena, BOOK_TEXT_MAX);
    locale_language(tongue_of(book, locale).locale, name, &out);
    return buffer_text(&out);
}

static bool is_letter(char byte) {
    return (unsigned char)byte >= 0x80 || isalnum((unsigned char)byte);
}

static bool has_word(const char *words, const char *word) {
    size_t len = strcspn(word, "*");
    for (const char *at = words; *at; at++)
        if ((at == words || !is_letter(at[-1])) && strncasecmp(at, word, len) == 0 &&
            (word[len] == '*' || !is_letter(at[len])))
            return true;
    return false;
}

bool phrasebook_names_machine(const struct phrasebook *book, const char *words) {
    for (const struct language *language = book->languages; language; language = language->next)
        for (const struct machine_word *row = language_use(book, language)->machine; row; row = row->next)
            if (has_word(words, row->word))
                return true;
    return false;
}

const char *phrasebook_list(const struct phrasebook *book, const char *locale, const char *const *items,
                            int count, struct arena *arena) {
    struct buffer out;
    buffer_init_in(&out, arena, BOOK_TEXT_MAX);
    locale_list(tongue_of(book, locale).locale, items, count, &out);
    return buffer_text(&out);
}
