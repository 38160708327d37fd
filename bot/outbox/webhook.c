/* A signed webhook: each event is one POST, the same id at each try (Standard Webhooks). */
#include "base/text.h"
#include "bot/outbox/errand.h"
#include "bot/outbox/signature.h"
#include <string.h>
#include <time.h>

static enum told refused(const struct exchange *exchange) {
    return exchange->status == 410 ? TOLD_NEVER : TOLD_NOT; /* gone: it says so itself */
}

enum told webhook_tell(struct errand *errand, struct error *err) {
    const struct outgoing *what = errand->what;
    struct error trouble = {""};
    bool known = errand_mark(errand, "opened", &trouble)[0] != '\0';
    bool opens = text_is(what->kind, "opened") || !known;
    const char *kind = opens ? "opened" : what->kind;
    struct buffer buffer;
    char signature[SIGNATURE_SIZE];
    buffer_init(&buffer, ERRAND_BODY_MAX);
    dossier_json(&errand->dossier, what, kind, &buffer);
    const char *body = errand_keep(errand, &buffer, err);
    const char *id = arena_format(errand->arena, "%s-%lld", what->handoff, (long long)what->id);
    int64_t seconds = time(NULL); /* real, even where the clock stands */
    if (trouble.text[0]) {
        *err = trouble;
        return TOLD_NOT;
    }
    if (!body)
        return TOLD_NEVER;
    if (!signature_make(signature, errand->target->secret, id, seconds, body, strlen(body))) {
        error_set(err, "the secret is not \"whsec_\" and base64");
        return TOLD_NOT;
    }
    const char *const headers[] = {arena_format(errand->arena, "webhook-id: %s", id),
                                   arena_format(errand->arena, "webhook-timestamp: %lld", (long long)seconds),
                                   arena_format(errand->arena, "webhook-signature: %s", signature), NULL};
    struct exchange exchange = {
        .method = "POST", .url = errand->target->address, .body = body, .headers = headers};
    bool good = exchange_run(&exchange, errand->courier, err);
    errand->again_ms = exchange.again_ms;
    exchange_clear(&exchange);
    if (!good)
        return refused(&exchange);
    if (opens && !known && !errand_set_mark(errand, "opened", id, err))
        return TOLD_NOT;
    return opens ? TOLD_WHOLE : TOLD;
}
