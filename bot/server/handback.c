/* What a shop's own system says back: words for the customer, and that the bot may go on. It becomes a
 * request, as if staff had made it, and is stored before it is replied to; the same twice is one. */
#include "bot/channels/handback.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"
#include "bot/outbox/signature.h"
#include "bot/server/loop.h"
#include "bot/server/routes.h"
#include "db/outgoing.h"
#include <stdlib.h>
#include <string.h>

static enum http_when accepted(struct http_reply *reply, unsigned status) {
    reply->status = status;
    http_reply_text(reply, "application/json", "{\"ok\":true}\n");
    return HTTP_NOW;
}

/* Storing, and replying when it is stored. */

struct asked {
    struct http_request *request; /* NULL: nobody waits any more */
};

static void asked_left(struct http_request *request) {
    ((struct asked *)request->context)->request = NULL;
}

static void asked_done(void *ticket, bool ok, const struct error *err) {
    struct asked *asked = ticket;
    struct http_request *request = asked->request;
    (void)err;
    free(asked);
    if (!request)
        return;
    struct http_reply reply = {0};
    request->left = NULL;
    if (ok)
        accepted(&reply, 202);
    else
        http_reply_problem(request, &reply, 503, "It could not be stored; try again.");
    http_reply_later(request, &reply);
}

static enum http_when ask(struct http_request *request, struct http_reply *reply,
                          const struct request *about) {
    struct asked *asked = malloc(sizeof *asked);
    if (!asked)
        memory_exhausted();
    asked->request = request;
    if (!loop_ask(request->loop, about, asked_done, asked)) {
        free(asked);
        return http_reply_problem(request, reply, 503, "There is too much to do now; try again.");
    }
    request->context = asked;
    request->left = asked_left;
    return HTTP_LATER;
}

/* POST /v1/handoffs/ID/reply. */

static enum http_when reply_take(struct http_request *request, struct http_reply *reply,
                                 const struct handoff_row *row) {
    struct handback asks;
    switch (handback_read(&asks, request->body, request->body_len, &request->arena)) {
    case HANDBACK_ASKS:
        break;
    case HANDBACK_MALFORMED:
        return http_reply_problem(request, reply, 400, asks.fault);
    default:
        return http_reply_problem(request, reply, 422, asks.fault);
    }
    if (!handoff_open(row->handoff.status))
        return http_reply_problem(request, reply, 409, "This hand-off is not open any more.");
    struct request about = {.conversation = row->conversation,
                            .handoff = row->handoff.id,
                            .verb = asks.verb,
                            .agent = asks.agent,
                            .text = asks.text,
                            .at_ms = loop_now_ms(request->loop),
                            .remote = arena_format(&request->arena, "webhook %s %s", row->handoff.id,
                                                   http_header(request, "webhook-id"))};
    return ask(request, reply, &about);
}

enum http_when handback_reply(struct http_request *request, struct http_reply *reply) {
    static const char tail[] = "/reply";
    struct handoff_row row;
    struct error err;
    size_t len = strlen(request->rest);
    const char *id =
        arena_copy(&request->arena, request->rest, len > sizeof tail - 1 ? len - (sizeof tail - 1) : 0);
    if (!id_valid(id) || !text_is(request->rest + strlen(id), tail))
        return http_reply_problem(request, reply, 404, "Expected /v1/handoffs/ID/reply.");
    enum found found = store_handoff(request->loop->stored.store, id, &request->arena, &row, &err);
    if (found == FAILED)
        return http_reply_problem(request, reply, 503, "The database cannot be read now.");
    const struct brain *brain = &request->loop->brain;
    const struct shop *shop = found == FOUND ? shop_find(brain->shops, brain->shop_count, row.shop) : NULL;
    /* Who cannot sign learns nothing of which hand-offs there are. Signatures are of real time, even where
     * the clock stands. */
    if (!shop || shop->handoff_to.kind != TARGET_WEBHOOK ||
        !signature_good(http_header(request, "webhook-signature"), shop->handoff_to.secret,
                        http_header(request, "webhook-id"), http_header(request, "webhook-timestamp"),
                        request->body, request->body_len, clock_ms(CLOCK_REALTIME)))
        return http_reply_problem(
            request, reply, 401,
            "Expected webhook-id, webhook-timestamp and webhook-signature, made with the secret of "
            "the shop's webhook.");
    return reply_take(request, reply, &row);
}

/* POST /v1/chatwoot/SECRET. */

static const struct shop *shop_behind(const struct http_request *request, const char *door) {
    const struct brain *brain = &request->loop->brain;
    const struct shop *found = NULL;
    for (int i = 0; i < brain->shop_count; i++) {
        const struct target *target = &brain->shops[i].handoff_to;
        if (target->kind == TARGET_CHATWOOT && !text_empty(target->door) &&
            strlen(target->door) == strlen(door) && hash_equal(target->door, door, strlen(door)))
            found = &brain->shops[i];
    }
    return found;
}

static enum http_when chatwoot_take(struct http_request *request, struct http_reply *reply,
                                    const struct shop *shop) {
    struct arena *arena = &request->arena;
    struct handback asks;
    struct handoff_row row;
    struct error err;
    enum handback_kind kind = handback_read_chatwoot(&asks, request->body, request->body_len, arena);
    if (kind == HANDBACK_MALFORMED)
        return http_reply_problem(request, reply, 400, asks.fault);
    if (kind == HANDBACK_NOTHING)
        return accepted(reply, 200);
    enum found found =
        store_marked(request->loop->stored.store, shop->id, "chatwoot", asks.conversation, arena, &row, &err);
    bool ends = text_is(asks.verb, "return");
    char agent[AGENT_SIZE];
    TEXT_SET(agent, *asks.agent ? asks.agent : shop->name);
    if (found == FAILED)
        return http_reply_problem(request, reply, 503, "The database cannot be read now.");
    if (found == MISSING || (ends && !handoff_open(row.handoff.status)))
        return accepted(reply, 200);       /* not one of ours, or over already */
    if (!handoff_open(row.handoff.status)) /* Chatwoot shows the agent that it was not delivered */
        return http_reply_problem(request, reply, 409, "The customer is not with a person any more.");
    if (!ends && (text_empty(asks.text) || strlen(asks.text) > HANDBACK_TEXT_MAX))
        return http_reply_problem(request, reply, 422, "content: expected 1 to 8192 bytes.");
    struct request about = {.conversation = row.conversation,
                            .handoff = row.handoff.id,
                            .verb = asks.verb,
                            .agent = ends ? row.handoff.agent : agent,
                            .text = asks.text,
                            .at_ms = loop_now_ms(request->loop)};
    about.remote = ends ? arena_format(arena, "chatwoot %s resolved", row.handoff.id)
                        : arena_format(arena, "chatwoot %s message %s", row.handoff.id, asks.message);
    return ask(request, reply, &about);
}

enum http_when handback_chatwoot(struct http_request *request, struct http_reply *reply) {
    const struct shop *shop = shop_behind(request, request->rest);
    if (!shop)
        return http_reply_problem(request, reply, 404, "There is no such page here.");
    if (!text_empty(shop->handoff_to.signs) &&
        !signature_good_chatwoot(http_header(request, "x-chatwoot-signature"), shop->handoff_to.signs,
                                 http_header(request, "x-chatwoot-timestamp"), request->body,
                                 request->body_len, clock_ms(CLOCK_REALTIME)))
        return http_reply_problem(request, reply, 401,
                                  "Expected X-Chatwoot-Signature, made with the webhook's secret.");
    return chatwoot_take(request, reply, shop);
}
