/* How do we say it? A phrase's name and named values in, words of one language and voice out.
 *
 * responses/phrases.json lists every phrase with the values it is given (a trailing "?" marks one that may be
 * absent); responses/LANGUAGE.json says it, written and spoken. Knows values (facts.h), not orders. Immutable
 * once loaded, usable by many threads.
 *
 * Templates: {name} · {name, style} · {n, plural, =0 {none} one {# day} other {# days}} · {code, select, a
 * {…} other {…}} · [a part that is left out when a value inside it is absent] · [this part|or else this one].
 * # is the number or the code itself. ' before one of {}[]#| quotes up to the next ', '' is one apostrophe,
 * any other ' is itself. Styles of a moment: day ("Thursday 12 March", "tomorrow, Thursday 12 March"), on
 * (the same with its preposition: "on Thursday 12 March"; the style of a moment that names none), date (never
 * "tomorrow": for spans), time ("14:02", "14 h 02"), at (on, and the time when it is known); of a reference:
 * digits (spoken: one by one in groups), last4; of a number: words, feminine, ordinal, year, two. A {code}
 * alone is said by the language's table "codes". Dates, plurals and lists come from ICU. */
#pragma once
#include "base/arena.h"
#include "base/calendar.h"
#include "base/data.h"
#include "base/error.h"
#include "responses/facts.h"

enum voice { VOICE_WRITTEN, VOICE_SPOKEN };

enum value_kind {
    VALUE_TEXT,      /* as it is: a carrier, a place, a name */
    VALUE_REFERENCE, /* an order or tracking number: spoken digit by digit, in groups */
    VALUE_LINK,      /* https only; never spoken */
    VALUE_NUMBER,    /* a count */
    VALUE_MOMENT,    /* a day or a time */
    VALUE_CODE /* for select: "nobody_home"; its own text is said when no branch has its name and `other` uses
                  # */
};

struct value {
    enum fact fact;
    const char *text;     /* TEXT, REFERENCE, LINK, CODE: NULL or "" is absent */
    struct moment moment; /* MOMENT: none is absent */
    int64_t number;       /* NUMBER */
    bool present;         /* NUMBER: set it */
};

/* What a locale stands for in a book, kept by whoever says several phrases. Starts from zero. */
struct tongue {
    char tag[16];
    const struct language *language;
    const struct locale *locale;
};

struct phrase {
    const char *name;
    const char *locale; /* "fr", "fr-CA"; a language that the book does not have falls back to the first that
                           it has */
    struct tongue *tongue; /* may be NULL */
    enum voice voice;
    const struct zone *zone;
    int64_t now_ms;
    int variant; /* 0, 1, 2 …: taken modulo the number of variants, so that asked twice it is not said twice
                    alike */
    const struct value *values;
    int value_count;
};

struct phrasebook;

struct phrasebook *phrasebook_load(const struct data *data, struct error *err);
void phrasebook_free(struct phrasebook *book);
extern const struct data_file responses_embedded[];

/* The words, in the arena; *used (may be NULL) gets a bit for each of phrase->values whose value went into
 * them, itself or as a selector. Never fails on data: a phrase that does not exist is a programming error
 * (assert; "" in release), a value missing that is not optional leaves its sentence part out and logs once.
 */
const char *phrasebook_say(const struct phrasebook *book, const struct phrase *phrase, struct arena *arena,
                           uint64_t *used);
/* Reads the language of a locale now, from any thread; else it is read when it is first spoken. */
void phrasebook_warm(const struct phrasebook *book, const char *locale);
bool phrasebook_has(const struct phrasebook *book, const char *name);
const char *phrasebook_language(const struct phrasebook *book, int index); /* NULL past the last */
bool phrasebook_speaks(const struct phrasebook *book, const char *locale);

/* What language is called in the language of locale: "French". */
const char *phrasebook_language_name(const struct phrasebook *book, const char *locale, const char *language,
                                     struct arena *arena);

/* Whether these words, of any language of the book, say that a machine speaks ("machine" in the language
 * files). */
bool phrasebook_names_machine(const struct phrasebook *book, const char *words);

/* "a, b and c" in that language. */
const char *phrasebook_list(const struct phrasebook *book, const char *locale, const char *const *items,
                            int count, struct arena *arena);

/* "B as in Bravo"; NULL where a letter is heard as it is. */
const char *phrasebook_spell(const struct phrasebook *book, const char *locale, char letter);

/* Every phrase in every language and voice, naming only values it is given; no URL in a spoken form. Faults
 * as "file:line:column: …"; returns their number. */
int phrasebook_check(const struct phrasebook *book, void (*fault)(const char *message, void *context),
                     void *context);
