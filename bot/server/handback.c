/* What a shop's own system says back: words for the customer, and that the bot may go on. It becomes a
 * request, as if staff had made it, and is stored before it is replied to; the same twice is one. */
#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"
#include "bot/outbox/signature.h"
#include "bot/server/loop.h"
#include "bot/server/routes.h"
#include "db/outgoing.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { AGENT_MAX = 64, WORDS_MAX = 8192 };
static const struct json_limits limits = {.bytes = HANDBACK_MAX, .depth = 32, .values = 20000};

static enum http_when problem(struct http_request *request, struct http_reply *reply, unsigned status,
                              const char *detail) {
    http_reply_problem(reply, &request->arena, status, detail);
    return HTTP_NOW;
}

static enum http_when accepted(struct http_reply *reply, unsigned status) {
    reply->status = status;
    http_reply_text(reply, "application/json", "{\"ok\":true}\n");
    return HTTP_NOW;
}

/* Signatures are of real time, even where the clock stands. */
static int64_t real_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000;
}

static const struct shop *shop_of(const struct http_request *request, const char *id) {
    const struct brain *brain = &request->loop->brain;
    for (int i = 0; i < brain->shop_count; i++)
        if (text_is(brain->shops[i].id, id))
            return &brain->shops[i];
    return NULL;
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
        http_reply_problem(&reply, &request->arena, 503, "It could not be stored; try again.");
    http_reply_later(request, &reply);
}

static enum http_when ask(struct http_request *request, struct http_reply *reply,
                          const struct request *about) {
    struct asked *asked = malloc(sizeof *asked);
    if (!asked)
        abort();
    asked->request = request;
    if (!loop_ask(request->loop, about, asked_done, asked)) {
        free(asked);
        return problem(request, reply, 503, "There is too much to do now; try again.");
    }
    request->context = asked;
    request->left = asked_left;
    return HTTP_LATER;
}

static bool is_open(const struct handoff_row *row) {
    return row->handoff.status == HANDOFF_WAITING || row->handoff.status == HANDOFF_TAKEN;
}

static const char *text_of(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static json_t *body_of(struct http_request *request, struct error *err) {
    json_t *body = json_read(request->body, request->body_len, &limits, "the body", err);
    if (body && !json_is_object(body)) {
        json_decref(body);
        error_set(err, "the body: expected an object");
        return NULL;
    }
    return body;
}

/* POST /v1/handoffs/ID/reply. */

static const char *reply_fault(const struct request *about, const char *action) {
    bool acts = *action != '\0';
    if (acts && !text_is(action, "take") && !text_is(action, "return") && !text_is(action, "close"))
        return "action: expected take, return or close.";
    if (acts && !text_empty(about->text))
        return "Expected either a text or an action.";
    if (!acts && text_empty(about->text))
        return "text: expected what the customer is to read.";
    if (strlen(about->text) > WORDS_MAX)
        return "text: expected at most 8192 bytes.";
    if ((!acts || text_is(action, "take")) && text_empty(about->agent))
        return "agent: expected the name that the customer is to read.";
    return strlen(about->agent) >= AGENT_MAX ? "agent: expected at most 63 bytes." : NULL;
}

static enum http_when reply_take(struct http_request *request, struct http_reply *reply,
                                 const struct handoff_row *row, const json_t *body) {
    struct arena *arena = &request->arena;
    const char *action = text_of(body, "action");
    struct request about = {.conversation = row->conversation,
                            .handoff = row->handoff.id,
                            .verb = *action ? action : "say",
                            .agent = text_of(body, "agent"),
                            .text = text_of(body, "text"),
                            .at_ms = loop_now_ms(request->loop)};
    const char *fault = reply_fault(&about, action);
    if (fault)
        return problem(request, reply, 422, fault);
    if (!is_open(row))
        return problem(request, reply, 409, "This hand-off is not open any more.");
    about.remote = arena_format(arena, "webhook %s %s", row->handoff.id, http_header(request, "webhook-id"));
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
        return problem(request, reply, 404, "Expected /v1/handoffs/ID/reply.");
    enum found found = store_handoff(request->loop->stored.store, id, &request->arena, &row, &err);
    if (found == FAILED)
        return problem(request, reply, 503, "The database cannot be read now.");
    const struct shop *shop = found == FOUND ? shop_of(request, row.shop) : NULL;
    /* Who cannot sign learns nothing of which hand-offs there are. */
    if (!shop || shop->handoff_to.kind != TARGET_WEBHOOK ||
        !signature_good(http_header(request, "webhook-signature"), shop->handoff_to.secret,
                        http_header(request, "webhook-id"), http_header(request, "webhook-timestamp"),
                        request->body, request->body_len, real_ms()))
        return problem(
            request, reply, 401,
            "Expected webhook-id, webhook-timestamp and webhook-signature, made with the secret of "
            "the shop's webhook.");
    json_t *body = body_of(request, &err);
    if (!body)
        return problem(request, reply, 400, arena_string(&request->arena, err.text));
    enum http_when when = reply_take(request, reply, &row, body);
    json_decref(body);
    return when;
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

static const char *number_of(const json_t *object, const char *key, struct arena *arena) {
    const json_t *number = json_object_get(object, key);
    return json_is_integer(number) ? arena_format(arena, "%lld", (long long)json_integer_value(number)) : "";
}

/* Told by one of its people to the customer: not a note, not our own transcript, not another bot. */
static bool is_for_customer(const json_t *message) {
    enum { OUTGOING = 1 };
    const json_t *type = json_object_get(message, "message_type");
    const json_t *attributes = json_object_get(message, "content_attributes");
    const char *source = text_of(message, "source_id");
    return (text_is(json_string_value(type), "outgoing") || json_integer_value(type) == OUTGOING) &&
           !json_is_true(json_object_get(message, "private")) && strncmp(source, "wismo-", 6) != 0 &&
           !json_object_get(attributes, "wismo") &&
           !text_is(text_of(json_object_get(message, "sender"), "type"), "agent_bot");
}

/* Its words, and the addresses of what is attached. */
static const char *words_of(const json_t *message, struct arena *arena) {
    const char *words = arena_string(arena, text_of(message, "content"));
    const json_t *attached;
    size_t at;
    json_array_foreach(json_object_get(message, "attachments"), at, attached) {
        const char *url = text_of(attached, "data_url");
        if (strncmp(url, "https://", 8) == 0)
            words = arena_format(arena, "%s%s%s", words, *words ? "\n" : "", url);
    }
    return words;
}

static const char *agent_of(const json_t *message, const struct shop *shop, struct arena *arena) {
    const json_t *sender = json_object_get(message, "sender");
    const char *shown = text_of(sender, "available_name"), *name = text_of(sender, "name");
    char agent[AGENT_MAX];
    text_set(agent, sizeof agent, *shown ? shown : *name ? name : shop->name);
    return arena_string(arena, agent);
}

static enum http_when chatwoot_take(struct http_request *request, struct http_reply *reply,
                                    const struct shop *shop, const json_t *body) {
    struct arena *arena = &request->arena;
    const char *event = text_of(body, "event");
    bool says = text_is(event, "message_created") && is_for_customer(body);
    bool ends = text_is(event, "conversation_status_changed") && text_is(text_of(body, "status"), "resolved");
    const char *conversation = number_of(says ? json_object_get(body, "conversation") : body, "id", arena);
    struct handoff_row row;
    struct error err;
    if ((!says && !ends) || !*conversation)
        return accepted(reply, 200);
    enum found found =
        store_marked(request->loop->stored.store, shop->id, "chatwoot", conversation, arena, &row, &err);
    if (found == FAILED)
        return problem(request, reply, 503, "The database cannot be read now.");
    if (found == MISSING || (ends && !is_open(&row)))
        return accepted(reply, 200); /* not one of ours, or over already */
    if (!is_open(&row))              /* Chatwoot shows the agent that it was not delivered */
        return problem(request, reply, 409, "The customer is not with a person any more.");
    struct request about = {.conversation = row.conversation,
                            .handoff = row.handoff.id,
                            .verb = ends ? "return" : "say",
                            .agent = ends ? row.handoff.agent : agent_of(body, shop, arena),
                            .text = ends ? "" : words_of(body, arena),
                            .at_ms = loop_now_ms(request->loop)};
    about.remote =
        ends ? arena_format(arena, "chatwoot %s resolved", row.handoff.id)
             : arena_format(arena, "chatwoot %s message %s", row.handoff.id, number_of(body, "id", arena));
    if (!ends && (text_empty(about.text) || strlen(about.text) > WORDS_MAX))
        return problem(request, reply, 422, "content: expected 1 to 8192 bytes.");
    return ask(request, reply, &about);
}

enum http_when handback_chatwoot(struct http_request *request, struct http_reply *reply) {
    const struct shop *shop = shop_behind(request, request->rest);
    struct error err;
    if (!shop)
        return problem(request, reply, 404, "There is no such page here.");
    if (!text_empty(shop->handoff_to.signs) &&
        !signature_good_chatwoot(http_header(request, "x-chatwoot-signature"), shop->handoff_to.signs,
                                 http_header(request, "x-chatwoot-timestamp"), request->body,
                                 request->body_len, real_ms()))
        return problem(request, reply, 401, "Expected X-Chatwoot-Signature, made with the webhook's secret.");
    json_t *body = body_of(request, &err);
    if (!body)
        return problem(request, reply, 400, arena_string(&request->arena, err.text));
    enum http_when when = chatwoot_take(request, reply, shop, body);
    json_decref(body);
    return when;
}
