/* What a shop's own system is to be told: hand-offs that open, change and end, and what is said while one is
 * open. */
#include "base/log.h"
#include "base/text.h"
#include "bot/hub/session.h"

static bool noted(const struct work *work, const char *handoff, const char *kind) {
    for (int i = 0; i < work->slate->told_count; i++)
        if (text_is(work->slate->told[i].handoff, handoff) && text_is(work->slate->told[i].kind, kind))
            return true;
    return false;
}

void outside_note(struct work *work, const char *handoff, const char *kind) {
    bool news = !text_is(kind, "updated") || !noted(work, handoff, "opened"); /* it opens with all of that */
    if (!news || noted(work, handoff, kind))
        return;
    if (work->slate->told_count == WORK_TOLD) {
        log_line(LOG_ERROR, "hub", "conversation %s: more than %d changes of hand-offs in one step",
                 work->session->id, WORK_TOLD);
        return;
    }
    work->slate->told[work->slate->told_count].handoff = handoff;
    work->slate->told[work->slate->told_count++].kind = kind;
}

static void add(struct work *work, const struct shop *shop, const char *handoff, const char *kind,
                int64_t seq) {
    work->slate->outgoing[work->change.outgoing_count++] =
        (struct outgoing){.handoff = handoff,
                          .target = target_name(shop->handoff_to.kind),
                          .kind = kind,
                          .seq = seq,
                          .at_ms = work->session->hub->world.now_ms(work->session->hub->world.context)};
}

void outside_settle(struct work *work) {
    const struct shop *shop = hub_shop(work->session->hub, work->state->shop);
    /* What that system has asked for itself it knows; what opens takes the turns before it along. */
    bool remote = work->input.kind == INPUT_REQUEST && work->input.request.remote;
    work->change.outgoing = work->slate->outgoing;
    if (!shop || shop->handoff_to.kind == TARGET_DESK)
        return;
    for (int i = 0; work->slate->outside && !remote && i < work->change.turn_count; i++)
        add(work, shop, work->slate->outside, "message", work->slate->turns[i].seq);
    for (int i = 0; i < work->slate->told_count; i++)
        if (!remote || text_is(work->slate->told[i].kind, "opened"))
            add(work, shop, work->slate->told[i].handoff, work->slate->told[i].kind, work->last_seq);
}
