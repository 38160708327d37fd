/* The accent of conversation relays: Twilio's ConversationRelay, and Telnyx', which speaks the same frames
 * with fewer fields. JSON text frames to messages, deliveries to frames. Opens no socket, keeps no call.
 *
 * Peers add types and fields as they please, so that what is unknown or of the wrong type counts as not
 * there: nothing that is heard ends a call. */
#pragma once
#include "bot/channels/spoken.h"

enum {
    RELAY_FRAME_MAX = 64 * 1024, /* bytes of a frame that is read */
    RELAY_TEXT_MAX = 2000        /* code points of what a caller says; the rest is cut */
};

enum relay_kind {
    RELAY_MALFORMED, /* no JSON object */
    RELAY_IGNORED,   /* of no meaning to us */
    RELAY_SETUP,     /* the call begins, or is back: message is its HELLO */
    RELAY_HEARD,     /* message */
    RELAY_SPEAKING,  /* our words begin or end to be heard: speaking */
    RELAY_COMPLAINT  /* the peer did not like a frame of ours: text */
};

struct relay_frame {
    enum relay_kind kind;
    struct message message;
    const char *called;        /* SETUP: E.164, NULL not told */
    const char *token;         /* SETUP: of a peer that does not sign, NULL none */
    const char *ssml, *engine; /* SETUP: what the call's own parameters say of them, NULL nothing */
    bool unanswered;           /* SETUP: nobody took the transfer */
    bool speaking;
    const char *text;
};

void relay_read(struct relay_frame *frame, const char *bytes, size_t len, struct arena *arena);

/* Each appends one frame. `last` closes what we say in one go; a firm text cannot be interrupted; marked: as
 * SSML (ssml.h). */
void relay_write_text(struct buffer *out, const char *text, bool marked, bool last, bool firm);
void relay_write_language(struct buffer *out, const char *tag);
void relay_write_end(struct buffer *out, const char *handoff); /* a JSON text; NULL none */

/* Is it the base64 of the HMAC-SHA1 of what was signed? In a time that does not tell how near it is. */
bool relay_signed(const char *token, const char *signed_text, const char *signature);
