/* The accent of POST /v1/turn: one turn of a call as JSON, for platforms that ask over HTTP
 * (docs/phone-turn.md, docs/openapi.yaml). Opens no socket, keeps no call. */
#pragma once
#include "bot/channels/spoken.h"

enum { TURN_BODY_MAX = 16 * 1024, TURN_SESSION_MAX = 100, TURN_TEXT_MAX = 2000 };

struct turn_request {
    const char *session;    /* the platform's id of the call */
    struct message hello;   /* what the call begins with, if it is not known: HELLO */
    struct message message; /* what was heard */
    const char *called;     /* E.164, NULL not told */
    const char *channel;    /* what the platform calls itself; "phone" */
    const char *ssml;       /* what the request says of it, NULL nothing */
    bool greeting;          /* nothing yet: it is our turn to greet; there is no message */
};

/* False: *fault says what was expected, in the arena. */
bool turn_read(struct turn_request *request, const char *body, size_t len, struct arena *arena,
               const char **fault);

/* Appends the answer: what is to be said, marked: as SSML too (ssml.h), then what `closing` (LISTEN, TRANSFER
 * or END) asks for; `transfer` is where the shop sends such calls, NULL nowhere. */
void turn_write(struct buffer *out, const char *session, const char *say, bool marked, const char *tag,
                bool firm, const struct delivery *closing, const struct transfer *transfer);
