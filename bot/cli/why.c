#include "base/json.h"
#include "base/key.h"
#include "base/text.h"
#include "bot/cli/cli.h"
#include "bot/cli/redact.h"
#include "db/store.h"
#include <stdlib.h>
#include <string.h>

enum { WHY_MAX = 16 * 1024 * 1024, NAMES_MAX = 32 };

struct trace {
    struct settings *settings;
    struct arena *arena;
    struct mind mind;
    struct conversation conversation;
    struct turn *turns;
    struct note *notes;
    int turn_count, note_count;
    const char *names[NAMES_MAX + 1];   /* people on the orders that were talked about */
    const char *numbers[NAMES_MAX + 1]; /* keys of those orders */
    struct read_options options;
    const struct shop *shop;
};

static void remember(const char **list, const char *word) {
    int count = 0;
    while (list[count] && !text_is(list[count], word))
        count++;
    if (count < NAMES_MAX && !text_empty(word))
        list[count] = word;
}

/* The orders of the notes: their numbers may be shown, the names on them may not. */
static void read_orders(struct trace *trace, struct store *store) {
    struct error err;
    for (int i = 0; i < trace->note_count; i++) {
        char key[KEY_SIZE];
        struct order_list orders = {0};
        if (text_empty(trace->notes[i].order) || !key_number(key, trace->notes[i].order))
            continue;
        remember(trace->numbers, arena_string(trace->arena, key));
        struct order_query query = {
            .shop = trace->conversation.shop, .by = ORDER_BY_KEY, .values = {key}, .count = 1};
        if (store_orders(store, &query, trace->arena, &orders, &err) != FOUND)
            continue; /* deleted since: nothing more is known of it */
        for (int order = 0; order < orders.count; order++) {
            const struct order *one = orders.orders[order];
            remember(trace->names, one->first_name);
            for (int parcel = 0; parcel < one->parcel_count; parcel++) {
                remember(trace->names, one->parcels[parcel].proof.to);
                if (key_number(key, one->parcels[parcel].tracking_number))
                    remember(trace->numbers, arena_string(trace->arena, key));
            }
        }
    }
}

static bool read_trace(struct trace *trace, struct store *store, const char *id, struct error *err) {
    enum found found = store_conversation(store, id, trace->arena, &trace->conversation, err);
    if (found == MISSING)
        return error_set(err, "there is no conversation %s in %s", id, trace->settings->db);
    if (found == FAILED ||
        store_turns(store, id, 0, trace->arena, &trace->turns, &trace->turn_count, err) == FAILED ||
        store_notes(store, id, trace->arena, &trace->notes, &trace->note_count, err) == FAILED)
        return false;
    const struct shop *shop = settings_shop(trace->settings, trace->conversation.shop);
    trace->shop = shop ? shop : trace->settings->shop;
    trace->options =
        mind_read_options(trace->shop, trace->conversation.channel, trace->conversation.started_ms);
    trace->options.locale = trace->conversation.locale;
    read_orders(trace, store);
    return true;
}

static const char *words(struct trace *trace, const struct turn *turn) {
    if (turn->author != AUTHOR_CUSTOMER)
        return turn->text;
    return redact(trace->mind.reader, &trace->options, turn->text, trace->names, trace->numbers,
                  trace->arena);
}

static const char *moment_text(const struct trace *trace, int64_t at_ms) {
    char out[MOMENT_SIZE];
    at_ms -= at_ms % 1000;
    moment_print(out, moment_at(at_ms, (int16_t)zone_offset(trace->shop->zone, at_ms)));
    return arena_string(trace->arena, out);
}

static void print_facts(const struct trace *trace, const struct note *note) {
    struct facts left = note->facts;
    const char *title = "facts";
    for (struct told_fact told; told_next(&left, note->order, &told); title = "")
        printf("      %-12s %s = %s   (%s)\n", title, told.name, told_value(&told, trace->arena),
               told_source(&told, trace->arena));
}

static void print_field(const char *name, const char *value) {
    if (!text_empty(value))
        printf("      %-12s %s\n", name, value);
}

/* A proof that opens something is noted beside the answer, with the same words; one that fails is the answer.
 */
static bool proof_beside(const struct note *note) {
    return text_is(note->kind, "proof_ok");
}

static void print_note(const struct trace *trace, const struct note *note) {
    bool proof = strncmp(note->kind, "proof_", 6) == 0;
    if (proof)
        print_field("proof", note->kind + 6);
    if (proof_beside(note))
        return;
    if (!text_empty(note->intent))
        printf("      %-12s %s (%.2f)\n", "understood", note->intent, note->score);
    print_field("also", note->also);
    print_field("rule", note->rule);
    print_field(proof ? "answer" : note->kind, note->phrase);
    if (text_empty(note->phrase))
        print_field("did", note->kind);
    print_field("order", note->order);
    print_facts(trace, note);
}

static void print_text(struct trace *trace) {
    const struct conversation *conversation = &trace->conversation;
    printf("conversation %s\nshop %s, over %s, in %s, begun %s, now with %s\n", conversation->id,
           conversation->shop, conversation->channel, conversation->locale,
           moment_text(trace, conversation->started_ms), conversation->handling);
    for (int i = 0; i < trace->turn_count; i++) {
        const struct turn *turn = &trace->turns[i];
        printf("\n%3lld  %-8s  %s  %s\n", (long long)turn->seq, author_name(turn->author),
               moment_text(trace, turn->at_ms), words(trace, turn));
        for (int note = 0; note < trace->note_count; note++)
            if (trace->notes[note].seq == turn->seq)
                print_note(trace, &trace->notes[note]);
    }
}

static void raw_or_null(struct json_out *out, const char *key, const char *json) {
    if (text_empty(json))
        json_text(out, key, NULL);
    else
        json_raw(out, key, json);
}

static void print_json(struct trace *trace) {
    struct buffer buffer;
    struct json_out out = {&buffer, false};
    const struct conversation *conversation = &trace->conversation;
    buffer_init(&buffer, WHY_MAX);
    json_open(&out, NULL, '{');
    json_text(&out, "conversation", conversation->id);
    json_text(&out, "shop", conversation->shop);
    json_text(&out, "channel", conversation->channel);
    json_text(&out, "locale", conversation->locale);
    json_text(&out, "handling", conversation->handling);
    json_open(&out, "turns", '[');
    for (int i = 0; i < trace->turn_count; i++) {
        const struct turn *turn = &trace->turns[i];
        json_open(&out, NULL, '{');
        json_number(&out, "seq", turn->seq);
        json_number(&out, "re", turn->re);
        json_text(&out, "from", author_name(turn->author));
        json_text(&out, "at", moment_text(trace, turn->at_ms));
        json_text(&out, "text", words(trace, turn));
        json_text(&out, "phrase", turn->phrase);
        json_open(&out, "notes", '[');
        for (int at = 0; at < trace->note_count; at++) {
            const struct note *note = &trace->notes[at];
            if (note->seq != turn->seq)
                continue;
            json_open(&out, NULL, '{');
            json_text(&out, "kind", note->kind);
            json_text(&out, "intent", note->intent);
            raw_or_null(&out, "also", note->also);
            json_text(&out, "rule", note->rule);
            json_decimal(&out, "score", note->score);
            json_text(&out, "phrase", note->phrase);
            json_text(&out, "order", note->order);
            told_print(&out, "facts", note->facts, note->order);
            json_number(&out, "latency_us", note->latency_us);
            json_close(&out, '}');
        }
        json_close(&out, ']');
        json_close(&out, '}');
    }
    json_close(&out, ']');
    json_close(&out, '}');
    puts(buffer.bytes);
    buffer_clear(&buffer);
}

enum exit_status why_run(struct settings *settings) {
    struct error err = {""};
    struct arena arena;
    struct trace trace = {.settings = settings, .arena = &arena};
    enum exit_status status = EXIT_DONE;
    if (settings->argument_count != 1)
        return cli_usage(VERB_WHY, "expected one CONVERSATION, found %d", settings->argument_count);
    struct store *store = store_open(settings->db, STORE_READ, &err);
    if (!store)
        return cli_fail(VERB_WHY, &err);
    arena_init(&arena);
    if (!mind_open_reader(&trace.mind, settings, &err) ||
        !read_trace(&trace, store, settings->arguments[0], &err))
        status = cli_fail(VERB_WHY, &err);
    else if (settings->json)
        print_json(&trace);
    else
        print_text(&trace);
    mind_close(&trace.mind);
    arena_clear(&arena);
    store_close(store);
    return status;
}
