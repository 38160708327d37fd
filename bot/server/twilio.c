/* What Twilio asks over HTTP: what to do with a new call, and with one whose relay or transfer is over. */
#include "bot/server/twilio.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"
#include "bot/channels/relay.h"
#include "bot/channels/twiml.h"
#include "bot/server/caller.h"
#include "bot/server/endpoints.h"
#include "bot/server/routes.h"
#include <stdlib.h>
#include <string.h>

enum { FIELDS_MAX = 64, TWIML_MAX = 64 * 1024 };

/* Who has signed. */

static int by_name(const void *a, const void *b) {
    return strcmp(((const struct http_field *)a)->name, ((const struct http_field *)b)->name);
}

/* The default port may stand in the address that was signed or be left out, whichever we were told. */
static const char *other_port(const char *url, struct arena *arena) {
    const char *host = strstr(url, "://") + 3, *path = host + strcspn(host, "/?");
    const char *port = memchr(host, ':', (size_t)(path - host));
    bool secure = strncmp(url, "https", 5) == 0 || strncmp(url, "wss", 3) == 0;
    return port ? arena_format(arena, "%.*s%s", (int)(port - url), url, path)
                : arena_format(arena, "%.*s:%s%s", (int)(path - url), url, secure ? "443" : "80", path);
}

bool twilio_signed(struct http_request *request, const struct http_field *fields, int count) {
    const struct voice_access *voice = &request->loop->voice;
    const char *signature = http_header(request, TWILIO_SIGNATURE), *queries = http_queries(request);
    if (!signature || !voice->twilio_token[0])
        return false;
    struct http_field *sorted = ARENA_ARRAY(&request->arena, struct http_field, (size_t)count + 1);
    if (count)
        memcpy(sorted, fields, (size_t)count * sizeof *sorted);
    qsort(sorted, (size_t)count, sizeof *sorted, by_name);
    const char *rest = "";
    for (int i = 0; i < count; i++)
        rest = arena_format(&request->arena, "%s%s%s", rest, sorted[i].name, sorted[i].value);
    const char *path = arena_format(&request->arena, "%s%s%s", request->path, *queries ? "?" : "", queries);
    const char *url = caller_url(request->loop, !fields, path, &request->arena);
    const char *urls[] = {url, other_port(url, &request->arena)};
    bool good = false;
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++)
        good |= relay_signed(voice->twilio_token, arena_format(&request->arena, "%s%s", urls[i], rest),
                             signature);
    return good;
}

bool twilio_token_shown(struct http_request *request) {
    return caller_secret(request->loop->voice.relay_token, http_query(request, "token"));
}

void twilio_refuse(struct http_reply *reply) {
    http_reply_plain(reply, 403, "Expected Twilio's signature or the token of the relay.\n");
}

/* One request. */

struct asked {
    struct http_request *request;
    struct http_reply *reply;
    struct http_field fields[FIELDS_MAX];
    int count;
    const struct shop *shop;
    const char *locale; /* never NULL */
    struct buffer out;
};

static const char *value(const struct asked *asked, const char *name) {
    const char *found = http_form_value(asked->fields, asked->count, name);
    return found ? found : "";
}

static const char *tag_of(const struct asked *asked) {
    return spoken_tag(asked->locale, asked->shop->country, &asked->request->arena);
}

/* False: it has been refused. Which shop is meant: what the address says, else the number that was called. */
static bool begin(struct asked *asked, struct http_request *request, struct http_reply *reply) {
    *asked = (struct asked){.request = request, .reply = reply};
    asked->count = http_form(request, asked->fields, FIELDS_MAX);
    if (asked->count < 0) {
        http_reply_plain(reply, 400, "Expected a form.\n");
        return false;
    }
    if (!twilio_signed(request, asked->fields, asked->count) && !twilio_token_shown(request)) {
        twilio_refuse(reply);
        return false;
    }
    struct message hello = {.shop = http_query(request, "shop"), .locale = http_query(request, "locale")};
    asked->shop = caller_settle(request->loop, &hello, spoken_number(value(asked, "To"), &request->arena));
    asked->locale = hello.locale ? hello.locale : asked->shop->locale;
    if (!text_empty(hello.shop) && !text_is(hello.shop, asked->shop->id)) {
        http_reply_plain(reply, 400, "unknown_shop: there is no such shop.\n");
        return false;
    }
    buffer_init(&asked->out, TWIML_MAX);
    twiml_open(&asked->out);
    return true;
}

static enum http_when finish(struct asked *asked) {
    twiml_close(&asked->out);
    http_reply_text(asked->reply, "text/xml; charset=utf-8",
                    arena_copy(&asked->request->arena, asked->out.bytes, asked->out.len));
    buffer_clear(&asked->out);
    return HTTP_NOW;
}

/* What follows must know the shop too, and whoever does not sign must show the token again. */
static const char *next_url(struct asked *asked, const char *path) {
    struct arena *arena = &asked->request->arena;
    bool token = !http_header(asked->request, TWILIO_SIGNATURE);
    return caller_url(asked->request->loop, false,
                      arena_format(arena, "%s?shop=%s&locale=%s%s%s", path, asked->shop->id, asked->locale,
                                   token ? "&token=" : "",
                                   token ? asked->request->loop->voice.relay_token : ""),
                      arena);
}

static void say(struct asked *asked, enum line_says line) {
    struct arena *arena = &asked->request->arena;
    twiml_say(&asked->out,
              spoken_line(asked->request->loop->brain.book, line, asked->shop, asked->locale, arena),
              tag_of(asked));
}

static void hand_over(struct asked *asked, bool unanswered) {
    struct loop *loop = asked->request->loop;
    struct arena *arena = &asked->request->arena;
    bool token = !http_header(asked->request, TWILIO_SIGNATURE);
    struct twiml_relay relay = {
        .socket = caller_url(loop, true, relay_endpoint.path, arena),
        .action = next_url(asked, "/voice/twilio/action"),
        .language = tag_of(asked),
        .engine = asked->shop->engine,
        .hints = spoken_line(loop->brain.book, LINE_HINTS, asked->shop, asked->locale, arena),
        .parameters = {{"shop", asked->shop->id},
                       {"locale", asked->locale},
                       {"greeting", unanswered ? NULL : "ours"},
                       {"unanswered", unanswered ? "yes" : NULL},
                       {"token", token ? loop->voice.relay_token : NULL}}};
    spoken_tags(loop->brain.book, asked->shop->country, relay.languages, TWIML_LANGUAGES, arena);
    twiml_relay(&asked->out, &relay);
}

/* To a person; false when the shop has named nobody for this queue. */
static bool transfer(struct asked *asked, const char *queue, const char *id, const char *handoff) {
    const struct transfer *row = shop_transfer(asked->shop, queue);
    if (row)
        twiml_transfer(&asked->out, row, id, handoff, next_url(asked, "/voice/twilio/dialed"));
    return row != NULL;
}

enum http_when twilio_answer(struct http_request *request, struct http_reply *reply) {
    struct asked asked;
    if (!begin(&asked, request, reply))
        return HTTP_NOW;
    hand_over(&asked, false);
    return finish(&asked);
}

/* Something of ours has failed: nobody is left in silence. */
static void rescue(struct asked *asked, bool told) {
    if (!told)
        say(asked, LINE_TROUBLE);
    if (shop_transfer(asked->shop, "*")) {
        say(asked, LINE_THROUGH);
        transfer(asked, "*", "", "{\"reasonCode\":\"failed\"}");
        return;
    }
    say(asked, LINE_NOBODY);
    twiml_hang_up(&asked->out);
}

/* We have ended the relay ourselves, with what is to become of the caller. */
static void ended(struct asked *asked) {
    struct error err;
    const char *data = value(asked, "HandoffData");
    json_t *json = *data ? json_read(data, strlen(data), &json_frame_limits, "HandoffData", &err) : NULL;
    const char *code = json_text_in(json, "reasonCode"), *id = json_text_in(json, "handoff");
    if (*json_text_in(json, "shop"))
        asked->shop = caller_shop(asked->request->loop, json_text_in(json, "shop"));
    if (*json_text_in(json, "locale"))
        asked->locale = arena_string(&asked->request->arena, json_text_in(json, "locale"));
    if (text_is(code, "failed"))
        rescue(asked, true);
    else if (!text_is(code, "live-agent-handoff"))
        twiml_hang_up(&asked->out);
    else if (!transfer(asked, json_text_in(json, "queue"), id_valid(id) ? id : "", data))
        hand_over(asked, true);
    json_decref(json);
}

enum http_when twilio_action(struct http_request *request, struct http_reply *reply) {
    struct asked asked;
    if (!begin(&asked, request, reply))
        return HTTP_NOW;
    const char *status = value(&asked, "SessionStatus");
    if (text_is(status, "ended"))
        ended(&asked);
    else if (!text_is(status, "completed"))
        rescue(&asked, false);
    return finish(&asked);
}

enum http_when twilio_dialed(struct http_request *request, struct http_reply *reply) {
    struct asked asked;
    if (!begin(&asked, request, reply))
        return HTTP_NOW;
    if (text_is(value(&asked, "DialCallStatus"), "completed"))
        twiml_hang_up(&asked.out);
    else
        hand_over(&asked, true);
    return finish(&asked);
}
