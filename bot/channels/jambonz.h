/* The accent of jambonz' WebSocket API: JSON frames to messages, deliveries to lists of verbs. Opens no
 * socket, keeps no call.
 *
 * What asks for an answer carries a msgid; the answer is an ack with verbs, which replace what jambonz has
 * left to do. A list of verbs that runs out leaves a caller in silence, so that each one ends with gather, a
 * transfer or hangup. */
#pragma once
#include "bot/channels/spoken.h"

#define JAMBONZ_PROTOCOL "ws.jambonz.org"

enum {
    JAMBONZ_FRAME_MAX = 64 * 1024,       /* bytes of a frame that is read: an INVITE stands in it */
    JAMBONZ_VERBS_MAX = 24 * 1024 - 512, /* of the verbs that are written; a frame over 24 KiB ends the socket
                                            at their side */
    JAMBONZ_SAY_MAX = 900,               /* bytes of one text */
    JAMBONZ_TEXT_MAX = 2000              /* code points of what a caller says; the rest is cut */
};

enum jambonz_kind {
    JAMBONZ_MALFORMED,
    JAMBONZ_IGNORED,  /* of no meaning to us; acked, empty, if it has a msgid */
    JAMBONZ_SESSION,  /* a call begins or is back: message is its HELLO */
    JAMBONZ_HEARD,    /* message; hello is what its call would have begun with */
    JAMBONZ_TAKEN,    /* a person has had the call that was transferred: nothing is left to do */
    JAMBONZ_OVER,     /* the caller has hung up */
    JAMBONZ_COMPLAINT /* the platform did not like a frame of ours: text */
};

struct jambonz_frame {
    enum jambonz_kind kind;
    const char *msgid; /* to be acked once; NULL none */
    struct message message, hello;
    const char *called;
    const char *ssml;   /* what the application's own variables say of it, NULL nothing */
    const char *speaks; /* the language that the application begins in, "" unknown; of a SESSION */
    const char *text;
};

void jambonz_read(struct jambonz_frame *frame, const char *bytes, size_t len, struct arena *arena);

/* One answer, as it is put together. */
struct jambonz_answer {
    struct buffer verbs; /* without the brackets around them */
    struct buffer text;  /* that is said while we listen */
    bool marked;         /* as SSML (ssml.h) */
};
void jambonz_answer_init(struct jambonz_answer *answer);
void jambonz_answer_clear(struct jambonz_answer *answer);
void jambonz_answer_reset(struct jambonz_answer *answer);

void jambonz_language(struct jambonz_answer *answer, const char *tag);
void jambonz_say(struct jambonz_answer *answer, const char *text, bool firm);
/* Each ends the list. */
void jambonz_listen(struct jambonz_answer *answer, const struct delivery *listen, const char *tag,
                    const char *hints);
/* False: jambonz knows no transfer of this kind. `nobody` is said when it fails and nobody is asked. */
bool jambonz_transfer(struct jambonz_answer *answer, const struct transfer *transfer,
                      const struct delivery *delivery, const char *nobody);
void jambonz_hang_up(struct jambonz_answer *answer);

/* The frame: an ack, or a command when msgid is NULL. */
void jambonz_write(struct buffer *out, const char *msgid, const struct jambonz_answer *answer);
void jambonz_write_empty(struct buffer *out, const char *msgid);
