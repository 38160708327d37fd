/* Access: all that is stored on one customer, from the embedded database. */
#include "base/json.h"
#include "base/text.h"
#include "db/desk.h"
#include "db/order_json.h"
#include "db/sqlite_trace.h"
#include "db/step.h"

static bool export_turns(struct store *store, const char *conversation, struct arena *arena,
                         struct json_out *out, struct error *err) {
    struct turn *turns;
    int count;
    if (store_turns(store, conversation, 0, arena, &turns, &count, err) == FAILED)
        return false;
    json_open(out, "turns", '[');
    for (const struct turn *turn = turns; count--; turn++) {
        json_open(out, NULL, '{');
        json_number(out, "seq", turn->seq);
        json_text(out, "from", author_name(turn->author));
        if (turn->who)
            json_text(out, "who", turn->who);
        json_text(out, "text", turn->text);
        json_number(out, "at_ms", turn->at_ms);
        json_close(out, '}');
    }
    json_close(out, ']');
    return true;
}

static void export_note(struct json_out *out, const struct note *note) {
    json_open(out, NULL, '{');
    json_number(out, "seq", note->seq);
    json_text(out, "kind", note->kind);
    json_text(out, "intent", note->intent);
    json_text(out, "rule", note->rule);
    json_text(out, "phrase", note->phrase);
    json_text(out, "order", note->order);
    told_print(out, "facts", note->facts, note->order);
    json_number(out, "at_ms", note->at_ms);
    json_close(out, '}');
}

static bool export_notes(struct store *store, const char *conversation, struct arena *arena,
                         struct json_out *out, struct error *err) {
    struct note *notes;
    int count;
    if (store_notes(store, conversation, arena, &notes, &count, err) == FAILED)
        return false;
    json_open(out, "notes", '[');
    for (int i = 0; i < count; i++)
        export_note(out, &notes[i]);
    json_close(out, ']');
    return true;
}

static bool export_acts(struct store *store, const char *conversation, struct arena *arena,
                        struct json_out *out, struct error *err) {
    struct act *acts;
    int count;
    if (store_acts(store, conversation, arena, &acts, &count, err) == FAILED)
        return false;
    for (int i = 0; i < count; i++) {
        json_open(out, NULL, '{');
        json_text(out, "agent", acts[i].agent);
        json_text(out, "verb", acts[i].verb);
        json_text(out, "text", acts[i].text);
        json_number(out, "at_ms", acts[i].at_ms);
        json_close(out, '}');
    }
    return true;
}

static void export_handoff(struct json_out *out, const struct handoff *handoff) {
    json_open(out, NULL, '{');
    json_text(out, "id", handoff->id);
    json_text(out, "queue", handoff->queue);
    json_text(out, "reason", handoff->reason);
    json_text(out, "order", handoff->order);
    json_text(out, "contact", handoff->contact);
    json_text(out, "agent", handoff->agent);
    json_text(out, "status", handoff_status_name(handoff->status));
    if (handoff->summary)
        json_raw(out, "summary", handoff->summary);
    json_number(out, "opened_ms", handoff->opened_ms);
    json_number(out, "changed_ms", handoff->changed_ms);
    json_close(out, '}');
}

static bool export_conversation(struct store *store, const char *id, const struct handoff_row *handoffs,
                                int count, struct json_out *out, struct error *err) {
    struct arena arena;
    struct conversation conversation;
    arena_init(&arena);
    bool ok = store_conversation(store, id, &arena, &conversation, err) == FOUND;
    if (ok) {
        json_open(out, NULL, '{');
        json_text(out, "id", conversation.id);
        json_text(out, "channel", conversation.channel);
        json_text(out, "locale", conversation.locale);
        json_text(out, "handling", conversation.handling);
        json_text(out, "state", conversation.state);
        json_number(out, "started_ms", conversation.started_ms);
        json_number(out, "updated_ms", conversation.updated_ms);
        ok = export_turns(store, id, &arena, out, err) && export_notes(store, id, &arena, out, err);
        json_open(out, "acts", '[');
        ok = ok && export_acts(store, id, &arena, out, err);
        json_close(out, ']');
        json_open(out, "handoffs", '[');
        for (int i = 0; i < count; i++)
            if (text_is(handoffs[i].conversation, id))
                export_handoff(out, &handoffs[i].handoff);
        json_close(out, ']');
        json_close(out, '}');
    }
    arena_clear(&arena);
    return ok;
}

/* Notes, acts and hand-offs that outlived their conversation. */
static bool export_left(struct store *store, const struct trace *trace, const struct handoff_row *handoffs,
                        int count, struct json_out *out, struct error *err) {
    sqlite3_stmt *rows = sqlite_statement(
        store,
        "SELECT notes FROM reasons r WHERE shop = ?1 AND notes_are_theirs(notes)"
        " AND NOT EXISTS (SELECT 1 FROM conversations c WHERE c.row = r.conversation) ORDER BY id",
        err);
    enum found found;
    if (!rows)
        return false;
    json_open(out, "notes", '[');
    sqlite_bind_number(rows, 1, trace->shop);
    while ((found = sqlite_step(store, rows, err)) == FOUND) {
        int many;
        const struct note *notes = step_notes(sqlite_packed(trace->arena, rows, 0), trace->arena, &many);
        for (int i = 0; notes && i < many; i++)
            export_note(out, &notes[i]);
    }
    json_close(out, ']');
    json_open(out, "acts", '[');
    for (int i = 0; found != FAILED && i < trace->gone.count; i++)
        if (!export_acts(store, trace->gone.items[i], trace->arena, out, err))
            found = FAILED;
    json_close(out, ']');
    json_open(out, "handoffs", '[');
    for (int i = 0; i < count; i++)
        if (list_has(&trace->gone, handoffs[i].conversation))
            export_handoff(out, &handoffs[i].handoff);
    json_close(out, ']');
    return found != FAILED;
}

static bool export_all(struct store *store, const struct trace *trace, const struct order_query *who,
                       struct json_out *out, struct error *err) {
    struct handoff_row *handoffs;
    int count;
    if (store_handoffs(store, who->shop, -1, trace->arena, &handoffs, &count, err) == FAILED)
        return false;
    json_open(out, NULL, '{');
    json_text(out, "shop", who->shop);
    json_open(out, "orders", '[');
    for (int i = 0; i < trace->order_count; i++)
        order_print(out, NULL, trace->orders[i].order);
    json_close(out, ']');
    json_open(out, "conversations", '[');
    bool ok = true;
    for (int i = 0; ok && i < trace->conversations.count; i++)
        ok = export_conversation(store, trace->conversations.items[i], handoffs, count, out, err);
    json_close(out, ']');
    ok = ok && export_left(store, trace, handoffs, count, out, err);
    json_close(out, '}');
    return ok;
}

bool store_export(struct store *store, const struct order_query *who, struct buffer *out, struct error *err) {
    struct arena arena;
    struct trace trace = {.arena = &arena};
    struct json_out json = {.buffer = out};
    arena_init(&arena);
    bool ok = sqlite_read_begin(store, err) &&
              sqlite_shop(store, who->shop, false, &trace.shop, err) != FAILED &&
              trace_begin(&trace, store, who, err) && export_all(store, &trace, who, &json, err);
    store_rest(store);
    trace_end(store);
    arena_clear(&arena);
    if (ok && out->full)
        return error_set(err, "what is stored on this customer is more than %zu bytes", out->max);
    return ok;
}
