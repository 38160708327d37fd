/* What Twilio is told to do with a call, as TwiML (XML). Telnyx' TeXML knows the same words. */
#pragma once
#include "base/buffer.h"
#include "bot/dialogue/shop.h"

enum { TWIML_LANGUAGES = 16, TWIML_PARAMETERS = 8 };

/* A call that is given to us. */
struct twiml_relay {
    const char *socket; /* wss://… */
    const char *action; /* where the platform asks what follows */
    const char *language;
    const char *languages[TWIML_LANGUAGES]; /* that it may change to; NULL ends */
    const char *engine;                     /* that speaks, "" the account's */
    const char *hints;                      /* between commas, "" none */
    struct {
        const char *name, *value; /* value NULL or "": left out */
    } parameters[TWIML_PARAMETERS];
};

/* One document: what is said first, if anything, then one of the others. */
void twiml_open(struct buffer *out);
void twiml_say(struct buffer *out, const char *text, const char *language);
void twiml_relay(struct buffer *out, const struct twiml_relay *relay);
/* To a person. What goes along is the id of the hand-off, and its JSON where there is room. `action` is where
 * the platform tells how a dialled call went. */
void twiml_transfer(struct buffer *out, const struct transfer *transfer, const char *id, const char *handoff,
                    const char *action);
void twiml_hang_up(struct buffer *out);
void twiml_close(struct buffer *out);
