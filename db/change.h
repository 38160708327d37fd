/* What a step of a conversation leaves behind: plain rows, written together or not at all. Strings are
 * borrowed until the change is committed or copied (change_copy). NULL means: no such column this time. */
#pragma once
#include "base/hash.h"
#include "db/told.h"
#include <stdbool.h>
#include <stdint.h>

struct arena;

enum { AGENT_SIZE = 64 }; /* of the name that customers read, and the NUL */

enum author { AUTHOR_CUSTOMER, AUTHOR_BOT, AUTHOR_AGENT, AUTHOR_SYSTEM };
const char *author_name(enum author author); /* customer | bot | agent | system */

struct turn {
    int64_t seq; /* one sequence a conversation, over all authors, from 1 */
    int64_t re;  /* seq of the turn that it answers, 0 none */
    enum author author;
    const char *who;       /* the agent's name */
    const char *client_id; /* the customer's own id of the message; the same twice is one message, as long as
                               the hub remembers it */
    const char *text;      /* masked (text_mask) */
    const char *phrase;    /* bot: the phrase that was used */
    const char *parts;     /* JSON array, or NULL */
    int64_t at_ms;
};

/* Why an answer was given: for wismo why, replay and the dashboard. */
struct note {
    int64_t seq;        /* the turn that it explains (the customer's) */
    const char *kind;   /* answer | ask | handoff | escalation | proof_ok | proof_failed | locked | social |
                           limit | contact | rating … */
    const char *intent; /* "" none */
    const char *also;   /* JSON array of names, or NULL */
    const char *rule;   /* the pattern or policy that decided: "fr.json:track.where/3" */
    double score;       /* stored with four digits behind the point */
    const char *phrase;
    struct facts facts;        /* that were told */
    const char *order;         /* number, or "" */
    const char *customer_hash; /* keyed; "" unknown */
    int64_t latency_us;
    int64_t at_ms;
};

enum handoff_status { HANDOFF_WAITING, HANDOFF_TAKEN, HANDOFF_RETURNED, HANDOFF_CLOSED, HANDOFF_WITHDRAWN };
const char *handoff_status_name(enum handoff_status status);
static inline bool handoff_open(enum handoff_status status) { /* somebody waits, or is answered */
    return status == HANDOFF_WAITING || status == HANDOFF_TAKEN;
}

struct handoff {
    const char *id;             /* id_new */
    const char *queue, *reason; /* reason: an intent's name, or not_understood | locked | asked_for_human |
                                   no_answer_in_data … */
    const char *order;          /* number, or "" */
    const char *locale;
    const char
        *summary; /* JSON: facts told, what was asked, other reasons, references named by the customer */
    const char *contact; /* what was left outside hours, or "" */
    const char *agent;   /* who took it, or "" */
    enum handoff_status status;
    int64_t opened_ms, changed_ms;
};

struct conversation {
    const char *id, *shop, *channel, *locale; /* channel: chat | voice | terminal … */
    const char *token_hash;                   /* hex of a keyed hash of the resume token; "" none */
    const char *call_hash;                    /* likewise of the phone call, "" none; never changes */
    const char *state;                        /* state_print: text */
    const char *handling;                     /* bot | waiting | human | closed */
    const char *customer_hash, *order_hash;
    int64_t seq, started_ms, updated_ms;
};

/* What another system is to be told of a hand-off (db/outgoing.h). */
struct outgoing {
    const char *handoff;
    const char *target; /* webhook | mail | chatwoot */
    const char *kind;   /* opened | updated | message | taken | returned | closed | withdrawn */
    int64_t seq;        /* message: the turn; else the newest one that belongs to it */
    int64_t at_ms;

    /* When it is read. */
    int64_t id;
    const char *conversation, *shop;
    int attempts; /* this one too */
};

/* What another process (staff commands) or a shop's own system asks the owner of a conversation to do. */
struct request {
    int64_t id;
    const char *conversation, *handoff;
    const char *verb; /* take | say | return | close */
    const char *agent, *text;
    int64_t at_ms;
    const char *remote; /* that system's own name of it: the same twice is one request; NULL: staff */
};

/* What a person did at the desk: the record. Private notes are acts whose verb is "note". */
struct act {
    const char *conversation, *handoff, *shop; /* "" none */
    const char *agent, *verb, *text;
    const char *own; /* the agent's own name of it: the same twice is one; NULL: none */
    int64_t at_ms;
};

struct change {
    const struct conversation *conversation;
    const struct turn *turns;
    const struct note *notes;
    const struct step *step;        /* both as they are stored (change_pack); NULL: not packed yet */
    const struct handoff *handoffs; /* upserted by id; what is empty stays as it was */
    const struct outgoing *outgoing;
    const struct request *asks; /* new ones */
    const struct act *act;      /* of the person whose request this carries out, or NULL */
    int turn_count, note_count, handoff_count, outgoing_count, ask_count;
    bool goes_on;    /* the conversation is stored already; refused when it has been erased meanwhile */
    int64_t request; /* id of the request (store_requests) that this answers, 0 none */
    bool probe;      /* can anything be written? A row of no meaning is */
    bool promise;    /* committed with synchronous FULL before anyone is told */
};

/* A copy with all that it points to, in the arena. */
struct change *change_copy(struct arena *arena, const struct change *change);
/* Likewise, with its turns and notes packed for their row: their strings stand in what is packed. Hashes are
 * spelled out again only where the row is read. */
struct change *change_pack(struct arena *arena, const struct change *change);

/* The keyed hash under which conversations, notes and hand-offs know a customer or an order without naming
 * it. kind: "email" (value: key_email) | "phone" (E.164) | "order" (key_number). The secret is the database's
 * (store_secret). An empty value gives "". */
void customer_hash(struct hash_key *secret, const char *shop, const char *kind, const char *value,
                   char out[HASH_HEX_SIZE]);
