/* The accent of a shop's own system that says something back about a hand-off: the webhook of
 * docs/handoff.md, and Chatwoot's. Bytes become what is asked. Knows no signatures and no hand-offs. */
#pragma once
#include "base/arena.h"
#include "db/change.h"
#include <stddef.h>

enum { HANDBACK_MAX = 256 * 1024, HANDBACK_TEXT_MAX = 8192 };

enum handback_kind {
    HANDBACK_MALFORMED, /* no JSON, or no object */
    HANDBACK_REFUSED,   /* not what may be asked */
    HANDBACK_NOTHING,   /* nothing that concerns the customer */
    HANDBACK_ASKS
};

/* Strings live in the arena; "" where there is none. */
struct handback {
    const char *verb; /* "say", "take", "return", "close" */
    const char *agent, *text;
    const char *conversation, *message; /* Chatwoot's own numbers */
    const char *fault;                  /* of MALFORMED and REFUSED: what was expected */
};

/* POST /v1/handoffs/ID/reply. */
enum handback_kind handback_read(struct handback *out, const char *bytes, size_t len, struct arena *arena);
/* A webhook of Chatwoot: what one of its people says to the customer (the text may be "" or too long), or
 * that the conversation is resolved. */
enum handback_kind handback_read_chatwoot(struct handback *out, const char *bytes, size_t len,
                                          struct arena *arena);
