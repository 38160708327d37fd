/* What did they say? One utterance in, one reading out: intents with probabilities, and slots with
 * candidates.
 *
 * Deterministic, without clock, file or socket once loaded; a catalogue is immutable and may be read by many
 * threads, each with its own struct reader. Knows nothing of orders, states or answers: an intent's aspect,
 * queue and act are names that the dialogue understands. */
#pragma once
#include "base/arena.h"
#include "base/data.h"
#include "base/error.h"
#include "base/json.h"
#include <stdint.h>
#include <stdio.h>

enum kind { KIND_UNKNOWN, KIND_TRACK, KIND_SOCIAL, KIND_ACTION, KIND_INFO, KIND_HUMAN };
enum { KIND_COUNT = KIND_HUMAN + 1 };
const char *kind_name(enum kind kind); /* "unknown" … as wismo classify prints them */

/* One row of intents/domain.json. */
struct intent {
    const char *name; /* "track.where" */
    enum kind kind;
    const char *aspect; /* track: what of the order is asked: status | arrival | late | stalled | shipped |
                           number | link | carrier | missed | pickup | not_received | confirmation | rest |
                           preorder | window | certain | items | proof … ; else "" */
    const char *queue;  /* human and action: "returns", "payments" …; else "" */
    const char *act; /* action: cancel | address | instructions | notify; social: greeting | thanks | goodbye
                        | insult | robot | repeat | … */
    const char *meaning; /* one sentence for people */
};

enum slot {
    SLOT_ORDER_NUMBER,
    SLOT_TRACKING_NUMBER,
    SLOT_EMAIL,
    SLOT_POSTCODE,
    SLOT_PHONE,  /* "+33612345678", or the digits as said when no country is known; "1234" when only the last
                    four were given */
    SLOT_DATE,   /* "2026-03-14" */
    SLOT_YES_NO, /* "yes" | "no" */
    SLOT_CHOICE, /* "1" "2" … "last" | "newest" | "oldest" | "other" | "both" | "all" */
    SLOT_COUNT
};
const char *slot_name(enum slot slot);

enum { READING_INTENTS = 4, SLOT_CANDIDATES = 16, UTTERANCE_MAX = 8192 /* bytes */ };

struct candidate {
    const char *value; /* canonical form, in the arena */
    double score;      /* 0..1 */
    int begin, end;    /* bytes of the utterance that it was read from; several candidates may share them */
    bool listed;       /* an order number that goes on a list: "84511 and 84512" */
};

struct slot_reading {
    struct candidate candidates[SLOT_CANDIDATES]; /* best first */
    int count;
};

struct read_intent {
    const struct intent *intent;
    double score;     /* the probability that the utterance means it */
    const char *rule; /* what decided: "fr.json:track.where/3" (third pattern), or "model"; "" none */
};

struct reading {
    const char *locale;  /* "fr": of this utterance; the prior where it says too little */
    double locale_score; /* 0..1: how clearly it is that language; below .8 a conversation does not switch */
    struct read_intent
        intents[READING_INTENTS]; /* best first; [0].intent is NULL when nothing was understood */
    int count;
    enum kind kind; /* track when any of intents is, else that of the best */
    struct slot_reading slots[SLOT_COUNT];
    bool sure;      /* a strong pattern decided, of a matter rather than small talk */
    bool corrected; /* "no, 1024": what follows replaces what was given before */
    bool bare; /* nothing but digits and letters, where something that is spelled was asked for: no intents */
    const char *folded; /* what the patterns saw */
};

/* The shop's own order numbers: a PCRE2 pattern for the whole number as printed ("FR-\\d{4,6}"), matched
 * without case and with separators ignored. */
struct number_pattern;
struct number_pattern *number_pattern_new(const char *pattern,
                                          struct error *err); /* NULL pattern or "": any plausible shape */
void number_pattern_free(struct number_pattern *pattern);

struct read_options {
    const char *locale;  /* prior; NULL none */
    bool guessed;        /* the prior is one: nobody has said anything yet, so one word decides */
    bool voice;          /* spoken: digits and letters as recognisers write them */
    int32_t today;       /* the shop's local day, for "Saturday" and "yesterday" */
    const char *country; /* ISO 3166 alpha-2 of the shop, for phones and postcodes; "" none */
    const struct number_pattern *number; /* NULL: by shape alone */
    int expected; /* enum slot that was just asked for, or -1: "1050" is then that before anything else */
};

struct catalogue;

/* Reads domain.json and every language file; `data` is borrowed for the call. NULL + error, which names
 * file:line:column. */
struct catalogue *catalogue_load(const struct data *data, struct error *err);
void catalogue_free(struct catalogue *catalogue);
extern const struct data_file intents_embedded[]; /* the catalogues inside the binary */

const struct intent *catalogue_intent(const struct catalogue *catalogue,
                                      const char *name);                      /* NULL: no such */
bool catalogue_speaks(const struct catalogue *catalogue, const char *locale); /* "fr", "fr-CA" */

/* Reads the language of a locale now, from any thread; else it is read when it is first spoken. */
void catalogue_warm(const struct catalogue *catalogue, const char *locale);

/* Are the catalogues sound? Every example is read as its intent and every counter-example is not; each fault
 * is reported as "file:line:column: …". Returns the number of faults. */
int catalogue_check(const struct catalogue *catalogue, void (*fault)(const char *message, void *context),
                    void *context);

/* A reader is a thread's scratch memory (match data, JIT stack). */
struct reader;
struct reader *reader_new(const struct catalogue *catalogue, struct error *err);
void reader_free(struct reader *reader);
/* How often a pattern was given up on since then, because it took too long on a message. */
int64_t reader_limit_hits(const struct reader *reader);

/* text: valid UTF-8, at most UTTERANCE_MAX bytes (more is cut). The reading lives in the arena. Never fails:
 * what is not understood is a reading without intents. */
void intents_read(struct reader *reader, const char *text, const struct read_options *options,
                  struct arena *arena, struct reading *out);
