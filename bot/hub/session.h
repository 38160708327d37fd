/* A conversation in the hands of the hub, and the event that is under way in it. Private to bot/hub. */
#pragma once
#include "base/memory.h"
#include "bot/hub/hub.h"
#include "bot/hub/limiter.h"
#include "bot/hub/timer.h"
#include <stdlib.h>
#define uthash_fatal(message) memory_exhausted()
#include <uthash.h>
#include <utlist.h>

enum {
    RECENT_IDS = 32, /* of the authors' own ids, that are known again */
    PORTION = 16,    /* turns that a paced listener is given at once */
    INPUTS_MAX = 8,  /* events of a conversation that wait behind one that is under way */
    WORK_TURNS = 32,
    WORK_NOTES = 48,
    WORK_HANDOFFS = 8,
    WORK_TOLD = 2 * WORK_HANDOFFS,
    WORK_OUTGOING = WORK_TURNS + WORK_TOLD,
    RESUME_BYTES = 16,
    RESUME_SIZE = ID_SIZE + 24 /* "ID.base64url" */
};

/* Ids as hashes; a tag is a part of one, to look for it in few places of memory. */
struct recent {
    int next;
    uint32_t tags[RECENT_IDS];
    uint64_t ids[RECENT_IDS];
};

/* A value and its keyed hash: the same order is asked about again and again. */
struct hashed {
    char value[KEY_SIZE], hash[HASH_HEX_SIZE];
};

/* What is stored of it, in memory while something happens. What every message needs stands close together. */
struct resident {
    int64_t started_ms, updated_ms;
    char channel[16];
    enum handoff_status handoff_status;
    char handoff[ID_SIZE]; /* the open one, "" none */
    int64_t handoff_opened_ms;
    char agent[AGENT_SIZE];
    struct recent recent;
    struct state state;
    char token_hash[HASH_HEX_SIZE], call_hash[HASH_HEX_SIZE];
    struct hashed order, customer; /* of the last note */
};

enum input_kind { INPUT_MESSAGE, INPUT_REQUEST, INPUT_TIMER };

struct input {
    enum input_kind kind;
    struct listener *listener; /* of the message; NULL once it has left */
    struct message message;
    struct request request;
    void *ticket; /* of a request of the desk's, whose own id of it is message.id */
    bool desk;
    int64_t heard_us;
    struct input *prev, *next;
};

struct session {
    char id[ID_SIZE];
    bool stored;
    int input_count;
    struct hub *hub;
    struct listener *listeners; /* those that have been welcomed */
    struct resident *resident;  /* NULL: in its row */
    struct work *work;          /* the event under way, NULL none */
    const void *near[2];        /* of the order that was looked up last */
    struct input *inputs;
    int64_t seq; /* the newest turn that is stored */
    struct bucket bucket;
    struct timer timer; /* of the dialogue */
    int64_t touched_ms;
    struct session *older, *newer; /* residents, by last use */

    UT_hash_handle hh, by_call;
    char call_hash[HASH_HEX_SIZE]; /* of the phone, "" none */
    int64_t left_ms;               /* when the last listener left, 0: not yet */
    int64_t request_seen;
    int64_t typed_ms; /* when the customer was last seen typing */
};

struct slowed {
    const char *key;
    struct slowed *next;
};

/* On which an event is worked out, and wiped when the change is made: strings of the work live in its arena.
 * Nothing starts from zero by itself. */
struct slate {
    struct arena arena;
    int rounds;
    const struct order_list *found; /* by the look-up whose event this is */
    struct slowed *slowed;          /* keys whose try is not judged yet */
    const char *outside;            /* the hand-off that was open before; NULL none */
    struct {
        const char *handoff, *kind;
    } told[WORK_TOLD]; /* what became of hand-offs in this step (outside.c) */
    int told_count;
    struct state before; /* where the event may change nothing, so that nothing is written */
    struct effects effects;
    struct look_up look_up;
    struct turn turns[WORK_TURNS];
    struct note notes[WORK_NOTES];
    struct handoff handoffs[WORK_HANDOFFS];
    struct outgoing outgoing[WORK_OUTGOING];
    struct conversation row;
    struct act act;
    struct slate *next_free;
};

/* One event on its way from the step to the commit, and until it is told. */
struct work {
    struct session *session;
    struct slate *slate; /* NULL: the change is on its way, and stands in the world's copy of it */
    struct input input;
    int64_t now_ms;    /* of the event under way: read once */
    bool fresh;        /* the conversation begins with it */
    const char *token; /* fresh: what will resume it */
    int64_t seq;       /* of the customer's or agent's own turn, 0 none */
    int64_t last_seq;
    struct timer delay;
    int64_t even_ms;       /* when what a try at proof found is told, 0: at once */
    struct effect closing; /* of a spoken answer: LISTEN, TRANSFER or END; else SAY */

    struct state *state; /* the resident's: the step changes it in place, and a commit that fails drops it */
    enum handling handling; /* … before */
    struct change change;
    enum handoff_status handoff_status;
    int64_t handoff_opened_ms;
    char handoff[ID_SIZE];
    char agent[AGENT_SIZE];
    struct work *next_free;

    /* Filled as turns are counted. */
    struct {
        char locale[sizeof((struct state *)NULL)->locale];
        bool firm;
    } spoken[WORK_TURNS];
};

struct hub {
    struct world world;
    struct hub_options options;
    struct hash_key *key;            /* of the database's secret */
    struct session *sessions;        /* by id */
    struct session *calls;           /* those of the phone, by call */
    struct session *oldest, *newest; /* residents */
    struct limiter *limiter;
    struct timers timers;
    struct timer sweep; /* of what has been idle */
    int64_t wake_ms;    /* what the world was last asked for */
    int64_t clock_us;   /* as it was read last */
    struct work *spare;
    struct slate *slates; /* that nobody works on */
    int slate_count, resident_count, working_count;
    int slate_least; /* … since the last sweep: so many nobody needed */
    int64_t slowed_count, held_back_count;
    struct arena scratch; /* of one call */
};

/* hub.c */
void session_deliver(struct session *session, const struct delivery *delivery);
void listener_deliver(struct hub *hub, struct listener *listener, const struct delivery *delivery);
void listener_deliver_fault(struct hub *hub, struct listener *listener, const struct fault *fault);
void listener_fault(struct hub *hub, struct listener *listener, enum fault_code code, const char *id,
                    int64_t retry_ms);
void hub_arm(struct hub *hub);
const struct shop *hub_shop(const struct hub *hub, const char *id);
int64_t hub_clock_us(struct hub *hub); /* monotonic */
int64_t hub_clock_ms(struct hub *hub); /* never 0 */

static inline int64_t hub_now_ms(struct hub *hub) {
    return hub->world.now_ms(hub->world.context);
}

/* session.c */
enum { INPUT_MESSAGE_STRINGS = 9, INPUT_STRINGS = 15 };
void input_strings(struct input *input, const char **strings[INPUT_STRINGS]); /* where each of them stands */
struct session *session_find(struct hub *hub, const char *id);                /* NULL: not in memory */
struct session *session_new(struct hub *hub, const char *id);
void session_free(struct session *session);
/* Nothing is under way: keeps its state for a while, or forgets it when nobody can come back to it. */
void session_rest(struct session *session);
void session_take(struct session *session, const struct input *input, const char *fresh_token);
void session_run(struct session *session);
void session_arm(struct session *session); /* the timer of its dialogue */
/* Whoever speaks is not silent, though the words are not known yet. */
void session_hold(struct session *session);
struct session *call_find(struct hub *hub, const char *call_hash);
/* Makes it the one that the call is known by. */
void session_call(struct session *session, const char *call_hash);
void sessions_sweep(struct timer *timer); /* of what has been idle */
struct resident *resident_add(struct session *session);
void resident_drop(struct session *session);
enum answer resident_load(struct session *session, struct arena *arena, struct error *err); /* from its row */
/* An author's own id of what has been done, to be known again; "" and NULL: none. */
void resident_recent(struct resident *resident, const char *id);
bool resident_knows(const struct resident *resident, const char *id);

/* hello.c */
void hello_new(struct hub *hub, struct listener *listener, struct input *input, const char *call_hash);
void hello_resume(struct hub *hub, struct listener *listener, struct input *input);
void hello_call(struct hub *hub, struct listener *listener, struct input *input);

/* people.c: what becomes of a request. */
enum request_outcome {
    REQUEST_DONE,
    REQUEST_NO_VERB,
    REQUEST_NOT_OPEN,
    REQUEST_TAKEN,
    REQUEST_NOT_TAKEN,
    REQUEST_NO_WORDS,
    REQUEST_UNKNOWN,
    REQUEST_FAILED,
    REQUEST_BUSY
};
/* May it be carried out now? False: it has been settled. */
bool request_sound(struct session *session, const struct input *input);
void request_settled(struct session *session, const struct input *input, enum request_outcome outcome);
/* The agent's own id of what is said or noted, NULL none. */
const char *request_own_id(const struct input *input, struct arena *arena);
/* The customer types. */
void session_typed(struct session *session);
/* What the record is to say of it. */
void request_act(const struct input *input, const char *handoff, const char *shop, int64_t now_ms,
                 struct arena *arena, struct act *act);

/* outside.c: what a shop's own system is to be told of the step: noted as it happens, then made rows of the
 * change. */
void outside_note(struct work *work, const char *handoff, const char *kind);
void outside_settle(struct work *work);

/* turn.c: takes one event of a resident conversation as far as it goes. True: it is under way
 * (session->work). */
bool work_start(struct session *session, const struct input *input, const char *fresh_token);
void work_free(struct work *work);
void work_spares_free(struct hub *hub, int slates); /* of those that wait to be used again */
struct place work_place(const struct work *work);

/* effects.c: the step's effects made rows; the look-up that it waits for, or NULL. */
const struct look_up *work_carry_out(struct work *work);
struct turn *work_turn(struct work *work, enum author author, const char *text, const char *locale);
const char *work_masked(struct work *work, const char *text); /* without card numbers; else in its arena */

/* telling.c: after it the session has no work; the caller runs it on. */
void work_settled(struct work *work, enum answer outcome, const struct error *err);
/* Tells the listener the turns that it has not heard, as far as it takes them; false when they cannot be
 * read. */
bool listener_catch_up(struct session *session, struct listener *listener, struct arena *arena);
/* Who waits out of hours is told when people are back, and no place. */
void session_hours(const struct session *session, struct delivery *delivery);
