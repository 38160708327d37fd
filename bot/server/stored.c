#include "bot/server/stored.h"
#include "base/log.h"
#include "base/text.h"
#include "db/desk.h"
#include "db/kept.h"

static struct store *store_of(void *context) {
    return ((struct stored *)context)->store;
}

static enum answer answer_of(void *context, enum found found) {
    static const enum answer answers[] = {
        [FOUND] = ANSWER_FOUND, [MISSING] = ANSWER_MISSING, [FAILED] = ANSWER_FAILED};
    ((struct stored *)context)->failed += found == FAILED;
    return answers[found];
}

static enum answer look_up(void *context, const struct order_query *query, bool proof, struct arena *arena,
                           struct order_list *out, struct error *err) {
    struct store *store = store_of(context);
    return answer_of(context, proof ? store_orders_tried(store, query, arena, out, err)
                                    : store_orders_kept(store, query, arena, out, err));
}

static void proved(void *context, const struct order *order) {
    store_order_proved(store_of(context), order);
}

static enum answer conversation(void *context, const char *id, struct arena *arena, struct conversation *out,
                                struct error *err) {
    return answer_of(context, store_conversation(store_of(context), id, arena, out, err));
}

static enum answer call(void *context, const char *call_hash, struct arena *arena, const char **out,
                        struct error *err) {
    return answer_of(context, store_call(store_of(context), call_hash, arena, out, err));
}

static enum answer turns(void *context, const char *id, int64_t after, struct arena *arena, struct turn **out,
                         int *count, struct error *err) {
    return answer_of(context, store_turns(store_of(context), id, after, arena, out, count, err));
}

static enum answer open_handoff(void *context, const char *shop, const char *id, struct arena *arena,
                                struct handoff *out, struct error *err) {
    return answer_of(context, store_open_handoff(store_of(context), shop, id, arena, out, err));
}

static enum answer act_own(void *context, const char *id, const char *own, struct error *err) {
    return answer_of(context, store_act_own(store_of(context), id, own, err));
}

static enum answer commit(void *context, const struct change *change, void *ticket,
                          const struct change **kept, struct error *err) {
    (void)ticket, (void)kept;
    return store_commit(store_of(context), &change, 1, err) ? ANSWER_FOUND : ANSWER_FAILED;
}

static void refuse(void *context, int64_t request, const char *why) {
    struct error err;
    if (!store_request_refuse(store_of(context), request, why, &err))
        log_line(LOG_ERROR, "hub", "request %lld: %s", (long long)request, err.text);
}

void stored_world(struct world *world) {
    world->look_up = look_up;
    world->proved = proved;
    world->conversation = conversation;
    world->call = call;
    world->turns = turns;
    world->open_handoff = open_handoff;
    world->act_own = act_own;
    world->commit = commit;
    world->refuse = refuse;
}
