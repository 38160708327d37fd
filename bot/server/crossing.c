#include "bot/server/crossing.h"
#include "base/text.h"
#include "bot/server/loops.h"

/* To a hub. */

struct act_letter {
    struct letter letter;
    struct request request;
    const char *id;
    void *ticket;
};

static void act_open(struct letter *letter, bool live) {
    const struct act_letter *act = (const struct act_letter *)letter;
    if (live)
        hub_act(letter->to->hub, &act->request, act->id, act->ticket);
}

void crossing_act(void *context, const struct request *request, const char *id, void *ticket) {
    struct loop *owner = loop_owner(context, request->conversation);
    if (owner == context) {
        hub_act(owner->hub, request, id, ticket);
        return;
    }
    struct act_letter *act = letter_new(owner, sizeof *act, act_open);
    struct arena *arena = &act->letter.arena;
    act->request = *request;
    act->request.conversation = arena_string(arena, request->conversation);
    act->request.handoff = arena_string(arena, request->handoff);
    act->request.verb = arena_string(arena, request->verb);
    act->request.agent = arena_string(arena, request->agent);
    act->request.text = arena_string(arena, request->text);
    act->request.remote = arena_string(arena, request->remote);
    act->id = arena_string(arena, id);
    act->ticket = ticket;
    letter_send(&act->letter);
}

/* What is only told: that somebody types, or where one stands. */
struct news_letter {
    struct letter letter;
    const char *conversation, *agent;
    struct place place;
};

static struct news_letter *news(struct loop *to, const char *conversation,
                                void (*open)(struct letter *letter, bool live)) {
    struct news_letter *news = letter_new(to, sizeof *news, open);
    news->conversation = arena_string(&news->letter.arena, conversation);
    return news;
}

static void typing_open(struct letter *letter, bool live) {
    const struct news_letter *news = (const struct news_letter *)letter;
    if (live)
        hub_typing(letter->to->hub, news->conversation, news->agent);
}

void crossing_typing(void *context, const char *conversation, const char *agent) {
    struct loop *owner = loop_owner(context, conversation);
    if (owner == context) {
        hub_typing(owner->hub, conversation, agent);
        return;
    }
    struct news_letter *typing = news(owner, conversation, typing_open);
    typing->agent = arena_string(&typing->letter.arena, agent);
    letter_send(&typing->letter);
}

static void place_open(struct letter *letter, bool live) {
    const struct news_letter *news = (const struct news_letter *)letter;
    if (live)
        hub_place(letter->to->hub, news->conversation, &news->place);
}

void crossing_place(void *context, const char *conversation, const struct place *place) {
    struct loop *owner = loop_owner(context, conversation);
    if (owner == context) {
        hub_place(owner->hub, conversation, place);
        return;
    }
    struct news_letter *told = news(owner, conversation, place_open);
    told->place = *place;
    letter_send(&told->letter);
}

/* To the desk. */

struct change_letter {
    struct letter letter;
    const struct change *change;
};

static void change_open(struct letter *letter, bool live) {
    if (live)
        desk_told(letter->to, ((struct change_letter *)letter)->change);
}

/* Of a conversation that nobody has handed over the desk hears only while somebody may look at it. */
void crossing_happened(struct loop *loop, const struct change *change) {
    bool people = change->handoff_count || change->act || !text_is(change->conversation->handling, "bot");
    if (!people && !loop->loops->desk_watched)
        return;
    struct change_letter *told = letter_new(loop_first(loop), sizeof *told, change_open);
    told->change = change_copy(&told->letter.arena, change);
    letter_send(&told->letter);
}

static void typed_open(struct letter *letter, bool live) {
    if (live)
        desk_typing(letter->to->desk, ((struct news_letter *)letter)->conversation);
}

void crossing_typed(struct loop *loop, const char *conversation) {
    letter_send(&news(loop_first(loop), conversation, typed_open)->letter);
}

struct acted_letter {
    struct letter letter;
    void *ticket;
    const char *code, *why; /* the hub's own, for good */
};

static void acted_open(struct letter *letter, bool live) {
    const struct acted_letter *acted = (const struct acted_letter *)letter;
    if (live)
        desk_acted(letter->to->desk, acted->ticket, acted->code, acted->why);
}

void crossing_acted(struct loop *loop, void *ticket, const char *code, const char *why) {
    struct acted_letter *acted = letter_new(loop_first(loop), sizeof *acted, acted_open);
    acted->ticket = ticket;
    acted->code = code;
    acted->why = why;
    letter_send(&acted->letter);
}
