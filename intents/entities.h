/* What a message gives: numbers, e-mails, postcodes, phones, dates – as candidates for the slots, and as
 * marks in the text that the patterns see. */
#pragma once
#include "intents/intents.h"
#include "intents/language.h"
#include "intents/recognise.h"

enum mark {
    MARK_ORDER_NUMBER = 1 << 0,
    MARK_TRACKING_NUMBER = 1 << 1,
    MARK_EMAIL = 1 << 2,
    MARK_POSTCODE = 1 << 3,
    MARK_PHONE = 1 << 4,
    MARK_DATE = 1 << 5,
    MARK_TIME = 1 << 6,
    MARK_AMOUNT = 1 << 7,
};
enum { MARK_COUNT = 8 };
extern const char *const mark_names[MARK_COUNT];

struct word_mark {
    uint16_t marks;
    bool continues; /* one thing with the word before */
    bool taken;     /* an e-mail, a date, a time or an amount: no number of something else */
};

struct entities {
    const struct utterance *utterance;
    const struct language *language;
    const struct recogniser *recogniser;
    const struct read_options *options;
    struct arena *arena;
    struct slot_reading *slots; /* [SLOT_COUNT] */
    struct word_mark *marks;    /* [utterance->count] */
};

/* Everything that can be told without the patterns. */
void entities_read(struct entities *entities);

/* first, end: words. A value that is there already keeps the better score. */
void entities_add(struct entities *entities, enum slot slot, const char *value, double score, int first,
                  int end);
void entities_mark(struct entities *entities, enum mark mark, int first, int end, bool taken);

/* A number as it was written or said, whatever it is of. */
struct number {
    const char *value; /* upper case; letters, digits, and dashes or slashes where written */
    int first, end;    /* words */
    bool plus;         /* a '+' stood before it */
    bool spoken;
    bool single; /* one written token, or tokens joined by signs */
};
/* Adds it to every slot that it may be of; weight lowers all scores. Returns how surely it is something else
 * than an order number. */
double number_classify(struct entities *entities, const struct number *number, double weight);
/* Do these words go on a list that the number before them began? */
bool number_listed(const struct entities *entities, int first, int end);

/* The readers, in the order in which they take words. */
void email_read(struct entities *entities);
void dates_read(struct entities *entities);
void quantities_read(struct entities *entities); /* times and amounts */
void numbers_read(struct entities *entities);    /* written */
void spoken_read(struct entities *entities);

/* Is a number, a postcode or a phone asked for, and all that was said digits and letters in this language? */
bool spoken_alone(const struct entities *entities);

/* What stands between two neighbouring words, e.g. " - ": NUL-terminated in `out`, cut at its size. */
enum { GAP_SIZE = 8 };
const char *words_gap(const struct utterance *utterance, int before, char out[GAP_SIZE]);
