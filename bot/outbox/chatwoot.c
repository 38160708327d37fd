/* Chatwoot, over its application API: contact, conversation, the transcript message by message, a private
 * note with the facts, open. What it calls each of them is marked, and before something is asked for it is
 * marked that it is: whoever finds such a mark looks whether it is there already, before asking again. */
#include "base/text.h"
#include "bot/outbox/errand.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct json_limits answer_limits = {.bytes = 1 << 20, .depth = 32, .values = 50000};

static int64_t number_of(const char *text) {
    return strtoll(text, NULL, 10);
}

/* The answer as JSON (a new reference; NULL + error), status in *status. */
static json_t *ask(struct errand *errand, const char *method, const char *path, const char *body,
                   long *status, struct error *err) {
    const struct target *target = errand->target;
    const char *const headers[] = {arena_format(errand->arena, "api_access_token: %s", target->secret), NULL};
    struct exchange exchange = {.method = method, .body = body, .headers = headers};
    exchange.url =
        arena_format(errand->arena, "%s/api/v1/accounts/%s/%s", target->address, target->account, path);
    json_t *answer = NULL;
    if (exchange_run(&exchange, errand->courier, err))
        answer = json_read(exchange.answer.bytes, exchange.answer.len, &answer_limits, "its answer", err);
    if (!answer)
        error_prefix(err, "%s %.*s", method, (int)strcspn(path, "?"), path);
    if (status)
        *status = exchange.status;
    if (exchange.again_ms > errand->again_ms)
        errand->again_ms = exchange.again_ms;
    exchange_clear(&exchange);
    return answer;
}

static const char *id_of(struct errand *errand, const json_t *object) {
    const json_t *id = json_object_get(object, "id");
    return json_is_integer(id) ? arena_format(errand->arena, "%lld", (long long)json_integer_value(id)) : "";
}

static bool marked(struct errand *errand, const char *name, const char *value, struct error *err) {
    if (text_empty(value))
        return error_set(err, "its answer names no %s", name);
    return errand_set_mark(errand, name, value, err);
}

/* The contact. */

/* One customer is one contact over several hand-offs where the customer is known. */
static const char *identifier(struct errand *errand) {
    const char *hash = errand->dossier.conversation.customer_hash;
    return arena_format(errand->arena, "wismo-%s",
                        text_empty(hash) ? errand->dossier.row.conversation : hash);
}

/* "" when there is none; false + error when it cannot be said. */
static bool find_contact(struct errand *errand, const char *key, const char *value, const char **id,
                         struct error *err) {
    *id = "";
    if (text_empty(value))
        return true;
    const struct libcurl *curl = errand->courier->curl;
    char *escaped = curl->easy_escape(errand->courier->easy, value, 0);
    const char *path = arena_format(errand->arena, "contacts/search?q=%s", escaped ? escaped : "");
    curl->free(escaped);
    json_t *answer = ask(errand, "GET", path, NULL, NULL, err), *item;
    size_t at;
    if (!answer)
        return false;
    json_array_foreach(json_object_get(answer, "payload"), at, item) {
        if (!**id && strcasecmp(json_text_in(item, key), value) == 0)
            *id = id_of(errand, item);
    }
    json_decref(answer);
    return true;
}

static const char *contact_body(struct errand *errand, bool named) {
    const struct dossier *dossier = &errand->dossier;
    const char *name = dossier->order ? dossier->order->first_name : "";
    struct buffer buffer;
    buffer_init(&buffer, ERRAND_BODY_MAX);
    struct json_out out = {.buffer = &buffer};
    json_open(&out, NULL, '{');
    json_number(&out, "inbox_id", number_of(errand->target->inbox));
    json_text(&out, "name", !text_empty(name) ? name : dossier_email(dossier));
    json_text(&out, "identifier", identifier(errand));
    if (named && !text_empty(dossier_email(dossier)))
        json_text(&out, "email", dossier_email(dossier));
    if (named && !text_empty(dossier_phone(dossier)))
        json_text(&out, "phone_number", dossier_phone(dossier));
    json_close(&out, '}');
    return errand_keep(errand, &buffer, NULL);
}

static const char *make_contact(struct errand *errand, struct error *err) {
    long status;
    json_t *answer = ask(errand, "POST", "contacts", contact_body(errand, true), &status, err);
    if (!answer && status == 422) /* somebody else has this address or number there */
        answer = ask(errand, "POST", "contacts", contact_body(errand, false), &status, err);
    const json_t *payload = json_object_get(answer, "payload"),
                 *contact = json_object_get(payload, "contact");
    const char *id = id_of(errand, contact ? contact : payload ? payload : answer);
    json_decref(answer);
    return id;
}

static bool ensure_contact(struct errand *errand, const char **id, struct error *err) {
    *id = errand_mark(errand, "contact", err);
    if (**id)
        return true;
    if (!find_contact(errand, "identifier", identifier(errand), id, err))
        return false;
    if (!**id && !find_contact(errand, "email", dossier_email(&errand->dossier), id, err))
        return false;
    if (!**id)
        *id = make_contact(errand, err);
    return **id           ? marked(errand, "contact", *id, err)
           : err->text[0] ? false
                          : error_set(err, "its answer names no contact");
}

/* The conversation. */

static const char *conversation_body(struct errand *errand, const char *contact) {
    const struct handoff *handoff = &errand->dossier.row.handoff;
    struct buffer buffer;
    buffer_init(&buffer, ERRAND_BODY_MAX);
    struct json_out out = {.buffer = &buffer};
    json_open(&out, NULL, '{');
    json_text(&out, "source_id", arena_format(errand->arena, "wismo-%s", handoff->id));
    json_number(&out, "inbox_id", number_of(errand->target->inbox));
    json_number(&out, "contact_id", number_of(contact));
    json_text(&out, "status", "pending");
    json_open(&out, "custom_attributes", '{');
    json_text(&out, "wismo_handoff", handoff->id);
    json_text(&out, "wismo_conversation", errand->dossier.row.conversation);
    json_text(&out, "wismo_reason", handoff->reason);
    json_text(&out, "wismo_queue", handoff->queue);
    json_text(&out, "wismo_language", handoff->locale);
    if (errand->dossier.order)
        json_text(&out, "order_number", errand->dossier.order->number);
    json_close(&out, '}');
    json_close(&out, '}');
    return errand_keep(errand, &buffer, NULL);
}

static bool find_conversation(struct errand *errand, const char *contact, const char **id,
                              struct error *err) {
    const char *path = arena_format(errand->arena, "contacts/%s/conversations", contact);
    json_t *answer = ask(errand, "GET", path, NULL, NULL, err), *item;
    size_t at;
    *id = "";
    if (!answer)
        return false;
    json_array_foreach(json_object_get(answer, "payload"), at, item) {
        if (text_is(json_text_in(json_object_get(item, "custom_attributes"), "wismo_handoff"),
                    errand->what->handoff))
            *id = id_of(errand, item);
    }
    json_decref(answer);
    return true;
}

static bool ensure_conversation(struct errand *errand, const char **id, struct error *err) {
    const char *contact;
    *id = errand_mark(errand, "chatwoot", err);
    if (**id)
        return true;
    if (!ensure_contact(errand, &contact, err))
        return false;
    if (*errand_mark(errand, "asked_conversation", err) && !find_conversation(errand, contact, id, err))
        return false;
    if (!**id) {
        if (!errand_set_mark(errand, "asked_conversation", "yes", err))
            return false;
        json_t *answer = ask(errand, "POST", "conversations", conversation_body(errand, contact), NULL, err);
        if (!answer)
            return false;
        *id = id_of(errand, answer);
        json_decref(answer);
    }
    return marked(errand, "chatwoot", *id, err);
}

/* Messages. */

struct words {
    const char *name; /* ours: "wismo-CONVERSATION-12" */
    const char *text;
    bool incoming, private;
};

static const char *words_body(struct errand *errand, const struct words *words) {
    struct buffer buffer;
    buffer_init(&buffer, ERRAND_BODY_MAX);
    struct json_out out = {.buffer = &buffer};
    json_open(&out, NULL, '{');
    json_text(&out, "content", words->text);
    json_text(&out, "message_type", words->incoming ? "incoming" : "outgoing");
    json_flag(&out, "private", words->private);
    json_text(&out, "source_id", words->name);
    json_open(&out, "content_attributes", '{');
    json_text(&out, "wismo", words->name);
    json_close(&out, '}');
    json_close(&out, '}');
    return errand_keep(errand, &buffer, NULL);
}

/* Ours by its name; by its text where that version of Chatwoot keeps no names. */
static bool is_ours(const json_t *message, const struct words *words) {
    const char *source = json_text_in(message, "source_id");
    const char *own = json_text_in(json_object_get(message, "content_attributes"), "wismo");
    if (*source || *own)
        return text_is(source, words->name) || text_is(own, words->name);
    return text_is(json_text_in(message, "content"), words->text) &&
           json_is_true(json_object_get(message, "private")) == words->private;
}

static bool find_words(struct errand *errand, const char *conversation, const struct words *words,
                       const char **id, struct error *err) {
    const char *told = errand_mark(errand, "told_message", err), *last = strchr(told, ' ');
    const char *path = arena_format(errand->arena, "conversations/%s/messages%s%s", conversation,
                                    last ? "?after=" : "", last ? last + 1 : "");
    json_t *answer = ask(errand, "GET", path, NULL, NULL, err), *item;
    size_t at;
    *id = "";
    if (!answer)
        return false;
    json_array_foreach(json_object_get(answer, "payload"), at, item) {
        if (is_ours(item, words))
            *id = id_of(errand, item);
    }
    json_decref(answer);
    return true;
}

static bool put_words(struct errand *errand, const char *conversation, const struct words *words,
                      struct error *err) {
    const char *id = "", *told = errand_mark(errand, "told_message", err);
    size_t len = strlen(words->name);
    if (strncmp(told, words->name, len) == 0 && told[len] == ' ')
        return true;
    if (text_is(errand_mark(errand, "asked_message", err), words->name) &&
        !find_words(errand, conversation, words, &id, err))
        return false;
    if (!*id) {
        if (!errand_set_mark(errand, "asked_message", words->name, err))
            return false;
        const char *path = arena_format(errand->arena, "conversations/%s/messages", conversation);
        json_t *answer = ask(errand, "POST", path, words_body(errand, words), NULL, err);
        if (!answer)
            return false;
        id = id_of(errand, answer);
        json_decref(answer);
    }
    if (!*id)
        return error_set(err, "its answer names no message");
    return errand_set_mark(errand, "told_message", arena_format(errand->arena, "%s %s", words->name, id),
                           err);
}

static bool put_turn(struct errand *errand, const char *conversation, const struct turn *turn,
                     struct error *err) {
    const struct words words = {
        .name = arena_format(errand->arena, "wismo-%s-%lld", errand->what->handoff, (long long)turn->seq),
        .text = turn->text,
        .incoming = turn->author == AUTHOR_CUSTOMER};
    return put_words(errand, conversation, &words, err) &&
           errand_set_mark(errand, "posted", arena_format(errand->arena, "%lld", (long long)turn->seq), err);
}

static bool put_note(struct errand *errand, const char *conversation, struct error *err) {
    struct buffer buffer;
    buffer_init(&buffer, ERRAND_BODY_MAX);
    dossier_facts(&errand->dossier, &buffer);
    const char *text = errand_keep(errand, &buffer, err);
    const struct words words = {.name = arena_format(errand->arena, "wismo-%s-note-%lld",
                                                     errand->what->handoff, (long long)errand->what->id),
                                .text = text,
                                .private = true};
    return text && put_words(errand, conversation, &words, err);
}

static bool set_status(struct errand *errand, const char *conversation, const char *status,
                       struct error *err) {
    const char *path = arena_format(errand->arena, "conversations/%s/toggle_status", conversation);
    json_t *answer =
        ask(errand, "POST", path, arena_format(errand->arena, "{\"status\":\"%s\"}", status), NULL, err);
    json_decref(answer);
    return answer != NULL;
}

/* All of it, from where it stopped the last time. */
static bool open_all(struct errand *errand, const char *conversation, int64_t posted, struct error *err) {
    const struct dossier *dossier = &errand->dossier;
    for (int i = dossier_after(dossier, posted); i < dossier->turn_count; i++)
        if (!put_turn(errand, conversation, &dossier->turns[i], err))
            return false;
    return put_note(errand, conversation, err) && set_status(errand, conversation, "open", err) &&
           errand_set_mark(errand, "chatwoot_open", "yes", err);
}

enum told chatwoot_tell(struct errand *errand, struct error *err) {
    const struct outgoing *what = errand->what;
    const struct dossier *dossier = &errand->dossier;
    const char *conversation;
    struct error trouble = {""};
    int64_t posted = number_of(errand_mark(errand, "posted", &trouble));
    bool opens = !*errand_mark(errand, "chatwoot_open", &trouble), good = true;
    if (trouble.text[0]) {
        *err = trouble;
        return TOLD_NOT;
    }
    if (!ensure_conversation(errand, &conversation, err))
        return TOLD_NOT;
    if (opens)
        return open_all(errand, conversation, posted, err) ? TOLD_WHOLE : TOLD_NOT;
    if (text_is(what->kind, "message")) {
        const struct turn *last = dossier->turn_count ? &dossier->turns[dossier->turn_count - 1] : NULL;
        good = !last || last->seq <= posted || put_turn(errand, conversation, last, err);
    } else if (text_is(what->kind, "updated"))
        good = put_note(errand, conversation, err);
    else if (text_is(what->kind, "returned") || text_is(what->kind, "closed") ||
             text_is(what->kind, "withdrawn"))
        good = set_status(errand, conversation, "resolved", err);
    return good ? TOLD : TOLD_NOT;
}
