/* The desk's spelling, wismo.desk.v1 (docs/desk.md): what agents send, and what they are told of the queue,
 * of a conversation and of its order. Opens no socket, knows no seats. */
#pragma once
#include "base/arena.h"
#include "base/json.h"
#include "bot/channels/message.h"
#include "db/change.h"

#define DESK_PROTOCOL "wismo.desk.v1"

enum {
    DESK_FRAME_MAX = 16 * 1024,
    DESK_TEXT_MAX = 4000, /* code points of an answer or a private note */
    DESK_ID_MAX = 64,
    DESK_OUT_MAX = 384 * 1024
};

enum desk_kind {
    DESK_HELLO, /* epoch, seq: what was heard before a drop */
    DESK_OPEN,  /* looks at a conversation, and hears its news from now on */
    DESK_LEAVE, /* looks at none */
    DESK_TYPING,
    DESK_PING,
    DESK_CLAIM, /* from here on something is done, and answered: DONE or an error */
    DESK_SAY,
    DESK_NOTE,
    DESK_TRANSFER,
    DESK_RELEASE,
    DESK_RETURN,
    DESK_RESOLVE,
    DESK_ASSIGN,
    DESK_SEARCH,
    DESK_CANNED
};

struct desk_message {
    enum desk_kind kind;
    const char *id; /* the sender's own, in the answer; of SAY and NOTE also what makes the same twice one */
    const char *conversation;
    const char *text;                 /* SAY, NOTE, SEARCH, CANNED ("" or NULL: gone) */
    const char *queue;                /* TRANSFER */
    const char *reason;               /* RESOLVE */
    const char *agent;                /* ASSIGN */
    const char *name, *locale, *shop; /* CANNED */
    const char *epoch;                /* HELLO */
    int64_t seq;                      /* HELLO */
};

bool desk_read(const char *frame, size_t len, struct arena *arena, struct desk_message *message,
               struct fault *fault);

/* Why a hand-off was closed. */
extern const char *const desk_reasons[]; /* NULL-terminated */

/* An open hand-off as the queue shows it. */
struct desk_item {
    const char *handoff, *conversation, *shop, *channel, *locale, *queue, *reason, *order, *contact, *agent;
    enum handoff_status status;
    int64_t opened_ms, changed_ms;
    int64_t turn;                   /* seq of the newest turn */
    int64_t said, said_ms;          /* seq of the customer's newest turn, and when */
    const char *words;              /* … its beginning */
    const char *delivery, *trouble; /* a hand-off to another system that is under way or has failed */
};

/* Each appends one frame; the openings leave it open for what belongs in it. */
void desk_write_item(struct json_out *out, const char *key, const struct desk_item *item);
void desk_write_turn(struct json_out *out, const struct turn *turn);
void desk_write_note(struct json_out *out, const struct note *note);
void desk_write_act(struct json_out *out, const struct act *act);
/* A turn, a note and an act of a change, as those hear it who look at the conversation. */
void desk_write_news(struct buffer *buffer, const struct change *change);
void desk_write_typing(struct buffer *buffer, const char *conversation, const char *from, const char *agent);
void desk_write_done(struct buffer *buffer, const char *id);
void desk_write_error(struct buffer *buffer, const char *id, const char *code, const char *message);
void desk_write_fault(struct buffer *buffer, const struct fault *fault);
