/* What people do to conversations: requests of other processes (staff commands, a shop's own system) and of
 * the desk. */
#include "base/log.h"
#include "base/text.h"
#include "bot/hub/session.h"

enum { TYPED_MS = 1000 };

/* Who may do it: whoever comes, who has taken the conversation, or who has taken it and, while it waits,
 * anybody. */
enum right { RIGHT_ANYBODY, RIGHT_HOLDER, RIGHT_HOLDER_FIRST };

static const struct verb {
    const char *name;
    enum right right;
    bool desk;    /* at the desk only */
    bool waiting; /* only while nobody has taken it */
    bool open;    /* there must be a hand-off */
    bool words;
    bool once; /* the same twice, by the agent's own id, is one */
} verbs[] = {
    {"take", RIGHT_HOLDER_FIRST, .open = true},
    {"say", RIGHT_HOLDER, .open = true, .words = true, .once = true},
    {"return", RIGHT_HOLDER, .open = true},
    {"close", RIGHT_HOLDER_FIRST, .open = true},
    {"transfer", RIGHT_HOLDER_FIRST, .desk = true, .open = true, .words = true},
    {"release", RIGHT_HOLDER, .desk = true, .open = true},
    {"lost", RIGHT_HOLDER, .desk = true, .open = true},
    {"assign", RIGHT_ANYBODY, .desk = true, .open = true, .words = true},
    {"nobody", RIGHT_ANYBODY, .desk = true, .open = true, .waiting = true},
    {"note", RIGHT_ANYBODY, .desk = true, .words = true, .once = true},
};

static const struct verb *verb_of(const struct input *input) {
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (text_is(verbs[i].name, input->request.verb) && (input->desk || !verbs[i].desk))
            return &verbs[i];
    return NULL;
}

/* A shop's own system decides itself who of its people speaks. */
static enum request_outcome fault(const struct resident *resident, const struct input *input) {
    const struct request *request = &input->request;
    const struct verb *verb = verb_of(input);
    bool taken = resident->handoff[0] && resident->handoff_status == HANDOFF_TAKEN;
    bool holder = request->remote || (taken && text_is(resident->agent, request->agent));
    if (!verb)
        return REQUEST_NO_VERB;
    if (verb->open && (!resident->handoff[0] ||
                       (!text_empty(request->handoff) && !text_is(request->handoff, resident->handoff))))
        return REQUEST_NOT_OPEN;
    if (verb->waiting ? taken : verb->right != RIGHT_ANYBODY && taken && !holder)
        return REQUEST_TAKEN;
    if (verb->right == RIGHT_HOLDER && !holder)
        return REQUEST_NOT_TAKEN;
    return verb->words && message_blank(request->text) ? REQUEST_NO_WORDS : REQUEST_DONE;
}

static const struct {
    const char *code, *sentence;
} outcomes[] = {
    [REQUEST_NO_VERB] = {"no_verb", "expected take, say, return or close"},
    [REQUEST_NOT_OPEN] = {"not_open", "this hand-off is not open any more"},
    [REQUEST_TAKEN] = {"taken", "somebody else has taken it"},
    [REQUEST_NOT_TAKEN] = {"not_taken", "take it first"},
    [REQUEST_NO_WORDS] = {"no_words", "there are no words to say"},
    [REQUEST_UNKNOWN] = {"unknown", "there is no such conversation"},
    [REQUEST_FAILED] = {"failed", "it could not be stored; try again"},
    [REQUEST_BUSY] = {"busy", "too much to do just now; try again"},
};

/* What failed for a moment is given again by those who ask through the store; who asked at the desk is told.
 */
void request_settled(struct session *session, const struct input *input, enum request_outcome outcome) {
    const struct world *world = &session->hub->world;
    bool passing = outcome == REQUEST_FAILED || outcome == REQUEST_BUSY;
    if (input->desk)
        world->acted(world->context, input->ticket, outcomes[outcome].code, outcomes[outcome].sentence);
    else if (passing)
        session->request_seen = 0;
    else if (outcome != REQUEST_DONE)
        world->refuse(world->context, input->request.id, outcomes[outcome].sentence);
}

const char *request_own_id(const struct input *input, struct arena *arena) {
    const struct verb *verb = verb_of(input);
    /* Customers' own ids have no slash. */
    return !verb || !verb->once || text_empty(input->message.id)
               ? NULL
               : arena_format(arena, "%s/%s", input->request.agent, input->message.id);
}

/* Before this process began, too. */
static enum answer done_before(struct session *session, const char *own) {
    const struct world *world = &session->hub->world;
    struct error err;
    if (text_empty(own))
        return ANSWER_MISSING;
    if (resident_knows(session->resident, own))
        return ANSWER_FOUND;
    enum answer answer =
        world->act_own ? world->act_own(world->context, session->id, own, &err) : ANSWER_MISSING;
    if (answer == ANSWER_FAILED)
        log_line(LOG_ERROR, "hub", "conversation %s: %s", session->id, err.text);
    return answer;
}

bool request_sound(struct session *session, const struct input *input) {
    const struct resident *resident = session->resident;
    enum request_outcome outcome = fault(resident, input);
    bool again = input->desk && text_is(input->request.verb, "take") &&
                 resident->handoff_status == HANDOFF_TAKEN && outcome == REQUEST_DONE;
    if (outcome == REQUEST_DONE && !again) {
        enum answer before = done_before(session, request_own_id(input, &session->hub->scratch));
        if (before == ANSWER_MISSING)
            return true;
        outcome = before == ANSWER_FAILED ? REQUEST_FAILED : REQUEST_DONE;
    }
    request_settled(session, input, outcome); /* done before, or not to be done */
    return false;
}

void request_act(const struct input *input, const char *handoff, const char *shop, int64_t now_ms,
                 struct arena *arena, struct act *act) {
    const struct request *request = &input->request;
    bool given = text_is(request->verb, "assign"), said = text_is(request->verb, "say");
    *act = (struct act){.conversation = request->conversation,
                        .handoff = handoff,
                        .shop = shop,
                        .agent = given ? request->text : request->agent,
                        .verb = request->verb,
                        .text = given  ? request->agent
                                : said ? ""
                                       : request->text,
                        .own = request_own_id(input, arena),
                        .at_ms = now_ms};
}

void hub_request(struct hub *hub, const struct request *request) {
    struct input input = {.kind = INPUT_REQUEST, .request = *request, .heard_us = hub_clock_us(hub)};
    if (!id_valid(request->conversation)) {
        hub->world.refuse(hub->world.context, request->id, outcomes[REQUEST_UNKNOWN].sentence);
        return;
    }
    struct session *session = session_find(hub, request->conversation);
    if (session && session->request_seen >= request->id)
        return;
    if (!session)
        session = session_new(hub, request->conversation);
    if (session->work || session->inputs)
        return; /* it will be given again */
    session->request_seen = request->id;
    session_take(session, &input, NULL);
    hub_arm(hub);
}

void hub_act(struct hub *hub, const struct request *request, const char *id, void *ticket) {
    struct input input = {.kind = INPUT_REQUEST,
                          .request = *request,
                          .message = {.id = id},
                          .ticket = ticket,
                          .desk = true,
                          .heard_us = hub_clock_us(hub)};
    if (!id_valid(request->conversation)) {
        hub->world.acted(hub->world.context, ticket, outcomes[REQUEST_UNKNOWN].code,
                         outcomes[REQUEST_UNKNOWN].sentence);
        return;
    }
    struct session *session = session_find(hub, request->conversation);
    session_take(session ? session : session_new(hub, request->conversation), &input, NULL);
    hub_arm(hub);
}

void hub_typing(struct hub *hub, const char *conversation, const char *agent) {
    struct session *session = session_find(hub, conversation);
    if (session)
        session_deliver(session,
                        &(struct delivery){.kind = DELIVERY_TYPING, .from = "agent", .agent = agent});
}

void hub_place(struct hub *hub, const char *conversation, const struct place *place) {
    struct session *session = session_find(hub, conversation);
    struct delivery delivery = {.kind = DELIVERY_HANDLING, .handling = HANDLING_WAITING, .place = *place};
    if (!session || !session->listeners)
        return;
    session_hours(session, &delivery);
    session_deliver(session, &delivery);
}

void session_typed(struct session *session) {
    struct hub *hub = session->hub;
    int64_t now = hub_clock_ms(hub);
    if (!hub->world.typing || now - session->typed_ms < TYPED_MS)
        return;
    session->typed_ms = now;
    hub->world.typing(hub->world.context, session->id);
}
