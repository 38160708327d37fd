/* What utterances are read with and answers are made of: catalogue, reader, phrasebook. Private to bot/cli.
 */
#pragma once
#include "bot/hub/hub.h"
#include "bot/settings/settings.h"

struct mind {
    struct catalogue *catalogue;
    struct reader *reader;
    struct phrasebook *book; /* NULL when it was not asked for */
    struct warming *warming; /* NULL: nothing is read aside */
    struct reader **more;    /* of other threads, NULL after the last; NULL: there are none */
};

bool mind_open_reader(struct mind *mind, const struct settings *settings, struct error *err);
/* Every shop's language is understood and spoken, and its first words hide no machine. */
bool mind_open(struct mind *mind, const struct settings *settings, struct error *err);
/* Fit to answer customers: catalogues of one's own are sound, too (those inside have been proved by the
 * build). False + error: the first fault, and how to see all. */
bool mind_sound(const struct mind *mind, const struct settings *settings, struct error *err);
/* Reads the shops' languages on a thread of its own, which else the first customer of each would wait for.
 * The settings must outlive the mind. */
void mind_warm(struct mind *mind, const struct settings *settings);
void mind_close(struct mind *mind); /* a zeroed one too */
/* What `count` threads think with: the first with the mind's own reader, the others with some that are made
 * for them. */
bool mind_brains(struct mind *mind, const struct settings *settings, struct brain *brains, int count,
                 struct error *err);
struct brain mind_brain(const struct mind *mind, const struct settings *settings);

/* How a shop's utterances are read; channel: "phone" is spoken, NULL is written. */
struct read_options mind_read_options(const struct shop *shop, const char *channel, int64_t now_ms);
