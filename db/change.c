#include "db/change.h"
#include "base/arena.h"
#include "base/buffer.h"
#include "base/text.h"
#include "db/step.h"
#include <assert.h>
#include <string.h>

const char *author_name(enum author author) {
    static const char *const names[] = {"customer", "bot", "agent", "system"};
    return names[author];
}

const char *handoff_status_name(enum handoff_status status) {
    static const char *const names[] = {"waiting", "taken", "returned", "closed", "withdrawn"};
    return names[status];
}

enum { STRINGS_MAX = 10 };

/* In one piece. */
static void copy_strings(struct arena *arena, const char **strings[], size_t count) {
    size_t sizes[STRINGS_MAX], size = 0;
    for (size_t i = 0; i < count; i++)
        size += sizes[i] = *strings[i] ? strlen(*strings[i]) + 1 : 0;
    char *to = arena_room(arena, size);
    for (size_t i = 0; i < count; to += sizes[i++])
        if (sizes[i])
            *strings[i] = memcpy(to, *strings[i], sizes[i]);
}
#define COPY_STRINGS(arena, ...)                                                                             \
    do {                                                                                                     \
        const char **strings[] = {__VA_ARGS__};                                                              \
        static_assert(sizeof strings <= STRINGS_MAX * sizeof *strings, "room for the size of each");         \
        copy_strings(arena, strings, sizeof strings / sizeof *strings);                                      \
    } while (0)

static void *copy_array(struct arena *arena, const void *array, size_t size, int count) {
    return count ? arena_copy(arena, array, size * (size_t)count) : NULL;
}

/* All but what was said and why. */
static struct change *copy_rest(struct arena *arena, const struct change *change) {
    struct change *copy = copy_array(arena, change, sizeof *change, 1);
    copy->step = NULL;
    if (change->conversation) {
        struct conversation *c = copy_array(arena, change->conversation, sizeof *c, 1);
        COPY_STRINGS(arena, &c->id, &c->shop, &c->channel, &c->locale, &c->token_hash, &c->state,
                     &c->handling, &c->customer_hash, &c->order_hash, &c->call_hash);
        copy->conversation = c;
    }
    struct handoff *handoffs = copy_array(arena, change->handoffs, sizeof *handoffs, change->handoff_count);
    for (struct handoff *h = handoffs; h < handoffs + change->handoff_count; h++)
        COPY_STRINGS(arena, &h->id, &h->queue, &h->reason, &h->order, &h->locale, &h->summary, &h->contact,
                     &h->agent);
    struct outgoing *outgoing = copy_array(arena, change->outgoing, sizeof *outgoing, change->outgoing_count);
    for (struct outgoing *o = outgoing; o < outgoing + change->outgoing_count; o++)
        COPY_STRINGS(arena, &o->handoff, &o->target, &o->kind);
    struct request *asks = copy_array(arena, change->asks, sizeof *asks, change->ask_count);
    for (struct request *r = asks; r < asks + change->ask_count; r++)
        COPY_STRINGS(arena, &r->conversation, &r->handoff, &r->verb, &r->agent, &r->text, &r->remote);
    if (change->act) {
        struct act *act = copy_array(arena, change->act, sizeof *act, 1);
        COPY_STRINGS(arena, &act->conversation, &act->handoff, &act->shop, &act->agent, &act->verb,
                     &act->text, &act->own);
        copy->act = act;
    }
    copy->handoffs = handoffs;
    copy->outgoing = outgoing;
    copy->asks = asks;
    return copy;
}

struct change *change_copy(struct arena *arena, const struct change *change) {
    struct change *copy = copy_rest(arena, change);
    struct turn *turns = copy_array(arena, change->turns, sizeof *turns, change->turn_count);
    for (struct turn *t = turns; t < turns + change->turn_count; t++)
        COPY_STRINGS(arena, &t->who, &t->client_id, &t->text, &t->phrase, &t->parts);
    struct note *notes = copy_array(arena, change->notes, sizeof *notes, change->note_count);
    for (struct note *n = notes; n < notes + change->note_count; n++) {
        COPY_STRINGS(arena, &n->kind, &n->intent, &n->also, &n->rule, &n->phrase, &n->order,
                     &n->customer_hash);
        n->facts.bytes = n->facts.len ? arena_copy(arena, n->facts.bytes, n->facts.len) : NULL;
    }
    copy->turns = turns;
    copy->notes = notes;
    return copy;
}

struct change *change_pack(struct arena *arena, const struct change *change) {
    struct change *copy = copy_rest(arena, change);
    struct turn *turns = copy_array(arena, change->turns, sizeof *turns, change->turn_count);
    struct note *notes = copy_array(arena, change->notes, sizeof *notes, change->note_count);
    copy->turns = turns;
    copy->notes = notes;
    copy->step = step_pack(arena, turns, change->turn_count, notes, change->note_count);
    return copy;
}

void customer_hash(struct hash_key *secret, const char *shop, const char *kind, const char *value,
                   char out[HASH_HEX_SIZE]) {
    out[0] = '\0';
    if (text_empty(value))
        return;
    struct buffer bytes;
    buffer_init(&bytes, SIZE_MAX / 2);
    /* The unit separator cannot stand in any of the three, so that no two triples read alike. */
    buffer_format(&bytes, "%s\x1f%s\x1f%s", shop, kind, value);
    uint8_t hash[HASH_SIZE];
    hash_with(hash, secret, bytes.bytes, bytes.len);
    hash_hex(out, hash);
    buffer_clear(&bytes);
}
