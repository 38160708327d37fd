#include "tests/hub/disk.h"
#include "base/text.h"
#include <string.h>

static int64_t now_ms(void *context) {
    return ((struct disk *)context)->now_ms;
}

static int64_t now_us(void *context) {
    return ((struct disk *)context)->now_ms * 1000;
}

static void wake(void *context, int64_t at_ms) {
    ((struct disk *)context)->wake_ms = at_ms;
}

static enum answer look_up(void *context, const struct order_query *query, bool proof, struct arena *arena,
                           struct order_list *out, struct error *err) {
    struct disk *disk = context;
    (void)proof;
    disk->look_ups++;
    disk->now_ms += disk->look_up_ms;
    if (disk->reads_fail) {
        error_set(err, "the disk is gone");
        return ANSWER_FAILED;
    }
    if (text_is(query->values[0], "AGAIN"))
        return ANSWER_FOUND;
    if (!text_is(query->values[0], "RIGHT"))
        return ANSWER_MISSING;
    out->orders = ARENA_ARRAY(arena, struct order *, 1);
    out->orders[0] = ARENA_NEW(arena, struct order);
    out->count = 1;
    return ANSWER_FOUND;
}

const struct conversation *disk_row(const struct disk *disk, const char *id) {
    for (int i = disk->change_count; i-- > 0;)
        if (text_is(disk->changes[i]->conversation->id, id))
            return disk->changes[i]->conversation;
    return NULL;
}

static enum answer conversation(void *context, const char *id, struct arena *arena, struct conversation *out,
                                struct error *err) {
    struct disk *disk = context;
    const struct conversation *row = disk_row(disk, id);
    (void)arena;
    if (disk->reads_fail) {
        error_set(err, "the disk is gone");
        return ANSWER_FAILED;
    }
    if (row)
        *out = *row;
    return row ? ANSWER_FOUND : ANSWER_MISSING;
}

static enum answer call(void *context, const char *call_hash, struct arena *arena, const char **out,
                        struct error *err) {
    const struct disk *disk = context;
    (void)arena, (void)err;
    for (int i = disk->change_count; i-- > 0;)
        if (text_is(disk->changes[i]->conversation->call_hash, call_hash)) {
            *out = disk->changes[i]->conversation->id;
            return ANSWER_FOUND;
        }
    return ANSWER_MISSING;
}

static enum answer turns(void *context, const char *id, int64_t after, struct arena *arena, struct turn **out,
                         int *count, struct error *err) {
    struct disk *disk = context;
    if (disk->turns_fail) {
        error_set(err, "the disk is gone");
        return ANSWER_FAILED;
    }
    *out = ARENA_ARRAY(arena, struct turn, DISK_TURNS);
    *count = 0;
    for (int i = 0; i < (disk->reads_to ? disk->reads_to : disk->change_count); i++)
        for (int t = 0; t < disk->changes[i]->turn_count; t++)
            if (text_is(disk->changes[i]->conversation->id, id) && disk->changes[i]->turns[t].seq > after)
                (*out)[(*count)++] = disk->changes[i]->turns[t];
    return *count ? ANSWER_FOUND : ANSWER_MISSING;
}

const struct handoff *disk_handoff(const struct disk *disk) {
    for (int i = disk->change_count; i-- > 0;)
        if (disk->changes[i]->handoff_count)
            return &disk->changes[i]->handoffs[disk->changes[i]->handoff_count - 1];
    return NULL;
}

static enum answer open_handoff(void *context, const char *shop, const char *id, struct arena *arena,
                                struct handoff *out, struct error *err) {
    const struct handoff *handoff = disk_handoff(context);
    (void)shop, (void)id, (void)arena, (void)err;
    if (!handoff || handoff->status > HANDOFF_TAKEN)
        return ANSWER_MISSING;
    *out = *handoff;
    return ANSWER_FOUND;
}

static enum answer commit(void *context, const struct change *change, void *ticket,
                          const struct change **kept, struct error *err) {
    struct disk *disk = context;
    if (change->goes_on && !disk_row(disk, change->conversation->id)) {
        error_set(err, "the conversation has been erased");
        return ANSWER_FAILED;
    }
    switch (disk->mode) {
    case DISK_AT_ONCE:
        disk->changes[disk->change_count++] = change_copy(&disk->arena, change);
        return ANSWER_FOUND;
    case DISK_LATER:
        *kept = disk->waiting = change_copy(&disk->arena, change);
        disk->ticket = ticket;
        return ANSWER_LATER;
    case DISK_FULL:
        return ANSWER_MISSING;
    case DISK_FAILS:
        break;
    }
    error_set(err, "the disk is full");
    return ANSWER_FAILED;
}

void disk_settle(struct disk *disk, struct hub *hub, bool ok) {
    struct error err = {"the disk is full"};
    void *ticket = disk->ticket;
    disk->ticket = NULL;
    if (ok)
        disk->changes[disk->change_count++] = disk->waiting;
    hub_committed(hub, ticket, ok, ok ? NULL : &err);
}

static void refuse(void *context, int64_t request, const char *why) {
    struct disk *disk = context;
    disk->refused = request;
    TEXT_SET(disk->why, why);
}

static void deliver(void *context, struct listener *listener, const struct delivery *delivery) {
    struct customer *customer = (struct customer *)listener;
    struct heard *heard = &customer->heard[customer->count++ % HEARD_MAX];
    (void)context;
    *heard = (struct heard){.kind = delivery->kind,
                            .seq = delivery->seq,
                            .re = delivery->re,
                            .handling = delivery->handling,
                            .resumed = delivery->resumed};
    TEXT_SET(heard->from, delivery->from);
    TEXT_SET(heard->text, delivery->kind == DELIVERY_LISTEN     ? delivery->expects
                          : delivery->kind == DELIVERY_TRANSFER ? delivery->handoff
                                                                : delivery->text);
    TEXT_SET(heard->token, delivery->token);
    TEXT_SET(heard->conversation, delivery->conversation);
    TEXT_SET(heard->agent, delivery->agent);
    TEXT_SET(heard->id, delivery->fault ? delivery->fault->id : delivery->id);
    if (delivery->fault) {
        heard->code = delivery->fault->code;
        TEXT_SET(heard->field, delivery->fault->field);
    }
}

void disk_init(struct disk *disk) {
    *disk = (struct disk){.now_ms = 1773216000000};
    arena_init(&disk->arena);
    disk->world = (struct world){.context = disk,
                                 .now_ms = now_ms,
                                 .now_us = now_us,
                                 .look_up = look_up,
                                 .conversation = conversation,
                                 .call = call,
                                 .turns = turns,
                                 .open_handoff = open_handoff,
                                 .commit = commit,
                                 .refuse = refuse,
                                 .deliver = deliver,
                                 .wake = wake};
}

void disk_clear(struct disk *disk) {
    arena_clear(&disk->arena);
}

struct hub *disk_hub(struct disk *disk) {
    static const struct shop shops[] = {
        {.id = "default", .name = "Shop", .locale = "fr"},
        {.id = "second", .name = "Second", .locale = "en"},
        {.id = "third", .name = "Third", .locale = "en", .handoff_to = {.kind = TARGET_WEBHOOK}}};
    static const uint8_t secret[HASH_SIZE] = {7};
    struct error err;
    struct hub_options options = hub_defaults;
    options.secret = secret;
    options.brain = (struct brain){.shops = shops, .shop_count = 3};
    return hub_new(&disk->world, &options, &err);
}

int disk_turns(const struct disk *disk, enum author author, const char *text) {
    int count = 0;
    for (int i = 0; i < disk->change_count; i++)
        for (int t = 0; t < disk->changes[i]->turn_count; t++)
            count +=
                disk->changes[i]->turns[t].author == author && text_is(disk->changes[i]->turns[t].text, text);
    return count;
}
