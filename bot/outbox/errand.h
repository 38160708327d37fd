/* One thing to be told to one system, and how each kind of system is told. Private to bot/outbox. */
#pragma once
#include "bot/dialogue/shop.h"
#include "bot/outbox/courier.h"
#include "bot/outbox/dossier.h"

/* The relay and the sender of hand-offs by mail. */
struct post {
    const char *url, *user, *password, *from;
};

struct errand {
    const struct outgoing *what;
    const struct target *target;
    const struct post *post;
    const char *zone; /* in which times are told; "" UTC */
    struct dossier dossier;
    struct store *store;
    struct courier *courier;
    struct arena *arena;
    int64_t now_ms;
    int64_t again_ms; /* LATER: at least so long; 0: as patience says */
};

enum told {
    TOLD,       /* it has it */
    TOLD_WHOLE, /* … and with it all that was given up before */
    TOLD_LATER, /* not now; nothing has gone wrong */
    TOLD_NOT,   /* + error: try again */
    TOLD_NEVER  /* + error: it wants no more */
};

enum told webhook_tell(struct errand *errand, struct error *err);
enum told mail_tell(struct errand *errand, struct error *err);
enum told chatwoot_tell(struct errand *errand, struct error *err);

/* The marks of the hand-off (store_mark); "" none, also when it cannot be read: then the error is set. */
const char *errand_mark(struct errand *errand, const char *name, struct error *err);
bool errand_set_mark(struct errand *errand, const char *name, const char *value, struct error *err);
/* The bytes in the arena, and the buffer freed. NULL + error: it was over its limit. */
const char *errand_keep(struct errand *errand, struct buffer *buffer, struct error *err);

enum { ERRAND_BODY_MAX = 1 << 20 };
