/* What all telephone platforms share: language tags, pieces of speech, what goes along with a call that a
 * person takes, and the sentences that the line itself says when there is no conversation to say them. */
#pragma once
#include "base/arena.h"
#include "base/buffer.h"
#include "bot/channels/message.h"
#include "bot/dialogue/shop.h"
#include "responses/phrasebook.h"

/* "fr" of a shop in Belgium → "fr-BE"; what has a region already is itself. In the arena. */
const char *spoken_tag(const char *locale, const char *country, struct arena *arena);
/* All that are spoken, for a shop in this country; at most max - 1, NULL ends. */
void spoken_tags(const struct phrasebook *book, const char *country, const char **tags, int max,
                 struct arena *arena);
bool spoken_same_language(const char *tag, const char *other); /* "fr-FR", "fr" */

/* The length of the first piece of at most `max` bytes, that ends where a sentence does if one does. */
size_t spoken_piece(const char *text, size_t max);
/* How long it takes to say, in ms: what is assumed where the platform does not tell. */
int64_t spoken_ms(const char *text);

/* The E.164 number in what a platform calls the caller or the called: "+33612345678" or a SIP address with
 * it; NULL when there is none. */
const char *spoken_number(const char *written, struct arena *arena);

/* Whose number was called, NULL nobody's; sets its language, NULL the shop's own. */
const struct shop *spoken_shop(const struct shop *shops, int count, const char *called, const char **locale);

/* The JSON that travels with a TRANSFER. */
void spoken_handoff(struct buffer *out, const struct delivery *delivery, const char *shop);

enum line_says {
    LINE_TROUBLE, /* something is not working */
    LINE_THROUGH, /* you are put through */
    LINE_NOBODY,  /* nobody could take the call; good-bye */
    LINE_AGAIN,   /* please say that again */
    LINE_HINTS    /* not said: what a recogniser should expect, between commas */
};
const char *spoken_line(const struct phrasebook *book, enum line_says line, const struct shop *shop,
                        const char *locale, struct arena *arena);
