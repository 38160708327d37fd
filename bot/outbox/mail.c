/* By mail: one with the whole transcript when a hand-off opens, then what came since, at most every few
 * seconds. The same Message-ID at each try; each later mail refers to the first. */
#include "base/calendar.h"
#include "base/hash.h"
#include "base/key.h"
#include "base/text.h"
#include "bot/outbox/errand.h"
#include <stdlib.h>
#include <string.h>

enum { GATHER_MS = 15 * 1000, MAIL_S = 60, WORD_BYTES = 45, SUBJECT_MAX = 160 };

/* Headers. */

static bool is_plain(const char *text) {
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || (unsigned char)*text > '~')
            return false;
    return true;
}

/* Without control characters, so that no value ends its line. */
static char *one_line(struct arena *arena, const char *text) {
    char *copy = arena_string(arena, text ? text : "");
    for (char *at = copy; *at; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            *at = ' ';
    return copy;
}

/* RFC 2047: encoded words, none of which cuts a code point. */
static const char *encoded(struct arena *arena, const char *text) {
    char *line = one_line(arena, text), *out = arena_string(arena, "");
    if (is_plain(line) && !strstr(line, "=?"))
        return line;
    for (const char *at = line; *at;) {
        const char *end = at;
        for (const char *next = at; *next && text_next(&next) && next - at <= WORD_BYTES;)
            end = next;
        char word[WORD_BYTES * 2];
        base64_encode(word, at, (size_t)(end - at));
        out = arena_format(arena, "%s%s=?UTF-8?B?%s?=", out, *out ? " " : "", word);
        at = end;
    }
    return out;
}

/* The name before an address: quoted, or in encoded words. */
static const char *display(struct arena *arena, const char *name) {
    const char *word = encoded(arena, name);
    if (strncmp(word, "=?", 2) == 0)
        return word;
    char *quoted = arena_alloc(arena, 2 * strlen(word) + 3), *at = quoted;
    *at++ = '"';
    for (; *word; word++) {
        if (*word == '"' || *word == '\\')
            *at++ = '\\';
        *at++ = *word;
    }
    *at = '"';
    return quoted;
}

static const char *date(struct arena *arena, int64_t ms) {
    static const char *const days[] = {"", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"",    "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int32_t day = (int32_t)(ms / 86400000);
    int second = (int)(ms / 1000 % 86400), year, month, of_month;
    calendar_split(day, &year, &month, &of_month);
    return arena_format(arena, "%s, %d %s %d %02d:%02d:%02d +0000", days[calendar_weekday(day)], of_month,
                        months[month], year, second / 3600, second / 60 % 60, second % 60);
}

/* An address that a customer named may only stand in a header when it is one. */
static const char *safe_address(struct arena *arena, const char *address) {
    char key[EMAIL_SIZE];
    if (text_empty(address) || !is_plain(address) || strpbrk(address, " <>\"(),;:\\") ||
        !key_email(key, address))
        return "";
    return arena_string(arena, key);
}

static const char *message_id(struct errand *errand, const char *what) {
    const char *at = strchr(errand->post->from, '@');
    return arena_format(errand->arena, "<%s.%s%s>", errand->what->handoff, what, at ? at : "@wismo");
}

static struct curl_slist *headers(struct errand *errand, const char *id, bool opens) {
    struct arena *arena = errand->arena;
    const struct dossier *dossier = &errand->dossier;
    const struct handoff *handoff = &dossier->row.handoff;
    const char *order = dossier->order ? dossier->order->number : handoff->order;
    char subject[SUBJECT_MAX];
    text_set(subject, sizeof subject,
             arena_format(arena, "%s[%s] %s%s%s", opens ? "" : "Re: ", dossier->shop_name, handoff->reason,
                          text_empty(order) ? "" : ", ", text_empty(order) ? "" : order));
    const char *reply_to = safe_address(arena, dossier_email(dossier));
    const char *first = message_id(errand, "opened");
    const char *const lines[] = {
        arena_format(arena, "Date: %s", date(arena, errand->now_ms)),
        arena_format(arena, "From: %s <%s>", display(arena, dossier->shop_name), errand->post->from),
        arena_format(arena, "To: <%s>", errand->target->address),
        arena_format(arena, "Subject: %s", encoded(arena, subject)),
        arena_format(arena, "Message-ID: %s", id),
        "Auto-Submitted: auto-generated",
        arena_format(arena, "X-Wismo-Handoff: %s", handoff->id),
        *reply_to ? arena_format(arena, "Reply-To: <%s>", reply_to) : NULL,
        opens ? NULL : arena_format(arena, "In-Reply-To: %s", first),
        opens ? NULL : arena_format(arena, "References: %s", first),
    };
    struct curl_slist *list = NULL;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (lines[i])
            list = errand->courier->curl->slist_append(list, lines[i]);
    return list;
}

/* Bodies. */

static const char *body_text(struct errand *errand, int64_t after, struct error *err) {
    const struct dossier *dossier = &errand->dossier;
    struct buffer out;
    buffer_init(&out, ERRAND_BODY_MAX);
    const char *answer = safe_address(errand->arena, dossier_email(dossier));
    if (dossier->row.handoff.status != HANDOFF_WAITING)
        buffer_format(&out, "This hand-off is %s.\n\n", handoff_status_name(dossier->row.handoff.status));
    dossier_facts(dossier, &out);
    int at = dossier_after(dossier, after);
    if (at < dossier->turn_count)
        buffer_format(&out, "\nWhat was said%s (%s):\n\n", at ? " since" : "",
                      text_empty(errand->zone) ? "UTC" : errand->zone);
    for (; at < dossier->turn_count; at++)
        dossier_turn(dossier, &dossier->turns[at], &out);
    buffer_string(&out, *answer ? "\nAn answer to this mail goes to the customer.\n"
                                : "\nThe customer has left no address: answer in the queue (wismo "
                                  "handoffs).\n");
    return errand_keep(errand, &out, err);
}

static bool send_mail(struct errand *errand, const char *id, bool opens, int64_t after, struct error *err) {
    struct courier *courier = errand->courier;
    const struct post *post = errand->post;
    struct buffer json;
    buffer_init(&json, ERRAND_BODY_MAX);
    dossier_json(&errand->dossier, errand->what, opens ? "opened" : "updated", &json);
    const char *facts = errand_keep(errand, &json, err);
    const char *text = facts ? body_text(errand, after, err) : NULL;
    if (!text)
        return false;
    const char *host = strstr(post->url, "://");
    host = host ? host + 3 : "";
    bool here = strncmp(host, "127.0.0.1", 9) == 0 || strncmp(host, "localhost", 9) == 0 ||
                strncmp(host, "[::1]", 5) == 0;
    courier_begin(courier, post->url, "smtps,smtp", MAIL_S);
    const struct libcurl *curl = courier->curl;
    CURL *easy = courier->easy;
    struct curl_slist *to = curl->slist_append(NULL, errand->target->address);
    struct curl_slist *head = headers(errand, id, opens);
    curl_mime *mime = curl->mime_init(easy);
    curl_mimepart *part = curl->mime_addpart(mime);
    curl->mime_data(part, text, CURL_ZERO_TERMINATED);
    curl->mime_type(part, "text/plain; charset=utf-8");
    curl->mime_encoder(part, "quoted-printable");
    part = curl->mime_addpart(mime);
    curl->mime_data(part, facts, CURL_ZERO_TERMINATED);
    curl->mime_type(part, "application/json");
    curl->mime_filename(part, "handoff.json");
    curl->mime_encoder(part, "base64");
    curl->easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl->easy_setopt(easy, CURLOPT_MIMEPOST, mime);
    curl->easy_setopt(easy, CURLOPT_HTTPHEADER, head);
    curl->easy_setopt(easy, CURLOPT_MAIL_FROM, post->from);
    curl->easy_setopt(easy, CURLOPT_MAIL_RCPT, to);
    /* On this machine a relay may speak without TLS, but no password goes to one that does. */
    bool open = here && text_empty(post->user);
    curl->easy_setopt(easy, CURLOPT_USE_SSL, open ? (long)CURLUSESSL_NONE : (long)CURLUSESSL_ALL);
    if (!text_empty(post->user)) {
        curl->easy_setopt(easy, CURLOPT_USERNAME, post->user);
        curl->easy_setopt(easy, CURLOPT_PASSWORD, post->password);
    }
    bool good = courier_run(courier, err);
    long code = 0;
    curl->easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &code);
    if (!good && code)
        error_prefix(err, "the relay answers %ld", code);
    curl->mime_free(mime);
    curl->slist_free_all(head);
    curl->slist_free_all(to);
    return good;
}

static int64_t number(const char *text) {
    return strtoll(text, NULL, 10);
}

static const char *written(struct errand *errand, int64_t value) {
    return arena_format(errand->arena, "%lld", (long long)value);
}

/* How far a mail of several turns reaches. It is settled before the first try: at a later one it says the
 * same under the same Message-ID. */
static bool reach(struct errand *errand, struct outgoing *what, struct error *err) {
    const char *row = written(errand, what->id), *mark = errand_mark(errand, "mail_reaches", err);
    const char *colon = strchr(mark, ':');
    if (colon && strlen(row) == (size_t)(colon - mark) && strncmp(mark, row, strlen(row)) == 0)
        what->seq = number(colon + 1);
    else {
        what->seq = errand->dossier.conversation.seq;
        mark = arena_format(errand->arena, "%s:%lld", row, (long long)what->seq);
        if (!errand_set_mark(errand, "mail_reaches", mark, err))
            return false;
    }
    return dossier_read(&errand->dossier, errand->store, what, errand->arena, err) == FOUND;
}

enum told mail_tell(struct errand *errand, struct error *err) {
    struct outgoing what = *errand->what;
    struct error trouble = {""};
    int64_t mailed = number(errand_mark(errand, "mailed", &trouble));
    int64_t mailed_ms = number(errand_mark(errand, "mailed_ms", &trouble));
    bool opens = !mailed, talk = text_is(what.kind, "message");
    struct zone *zone = text_empty(errand->zone) ? NULL : zone_open(errand->zone, NULL);
    errand->dossier.zone = zone;
    enum told told = TOLD_NOT;
    if (trouble.text[0])
        *err = trouble;
    else if (text_is(what.kind, "taken") || (talk && what.seq <= mailed))
        told = TOLD; /* a person has it, or a mail has said it already */
    else if (talk && !opens && errand->now_ms < mailed_ms + GATHER_MS) {
        errand->again_ms = mailed_ms + GATHER_MS - errand->now_ms;
        told = TOLD_LATER;
    } else if (!talk || opens || reach(errand, &what, err)) {
        const char *id = message_id(errand, opens ? "opened" : written(errand, what.id));
        if (send_mail(errand, id, opens, mailed, err) &&
            errand_set_mark(errand, "mailed", written(errand, what.seq), err) &&
            errand_set_mark(errand, "mailed_ms", written(errand, errand->now_ms), err))
            told = opens ? TOLD_WHOLE : TOLD;
    }
    errand->dossier.zone = NULL;
    zone_close(zone);
    return told;
}
