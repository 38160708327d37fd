#include "db/import.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "db/card.h"
#include "db/intake.h"
#include "db/row.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* How long one batch may keep the database's write lock, and how long the lock is free after it: who waits
 * tries twice in that time (sqlite.c). */
enum { BATCH_MS = 10, GIVE_WAY_US = 1000, CODE_POINT_BYTES = 4 };

struct draft *intake_draft(struct intake *intake) {
    struct draft *draft = ARENA_NEW(&intake->filling->arena, struct draft);
    draft_empty(&draft->order, &record_order);
    draft->order.shop = intake->options->shop;
    return draft;
}

/* Writing. */

static bool write_order(struct intake *intake, const struct draft *draft, struct error *err) {
    struct order_query query = {intake->options->shop, ORDER_BY_KEY, {draft->order.key}, 1, NULL};
    struct order_list list;
    arena_reset(&intake->scratch);
    enum found found = store_orders(intake->store, &query, &intake->scratch, &list, err);
    if (found == FAILED)
        return false;
    const struct order *old = found == FOUND ? list.orders[0] : NULL;
    struct order *order = draft_merge(old, draft, &intake->draft_options, &intake->scratch);
    if (old) {
        buffer_reset(&intake->before);
        buffer_reset(&intake->after);
        card_pack(&intake->before, old);
        card_pack(&intake->after, order);
        if (intake->before.len == intake->after.len &&
            memcmp(intake->before.bytes, intake->after.bytes, intake->after.len) == 0) {
            intake->written.same++;
            return true;
        }
    }
    if (!store_put_order(intake->store, order, err))
        return false;
    ++*(old ? &intake->written.changed : &intake->written.added);
    return true;
}

/* In transactions that are short, so that other writers get in between. */
static bool write_batch(struct intake *intake, const struct batch *batch, struct error *err) {
    for (int i = 0; i < batch->count;) {
        struct import_summary before = intake->written;
        if (!store_batch(intake->store, err))
            return false;
        int64_t began = clock_ms(CLOCK_MONOTONIC);
        bool ok = true;
        while (ok && i < batch->count && clock_ms(CLOCK_MONOTONIC) - began < BATCH_MS)
            ok = write_order(intake, batch->queue[i++], err);
        if (!ok)
            store_batch_undo(intake->store);
        if (!ok || !store_batch_end(intake->store, err)) {
            intake->written = before;
            return false;
        }
        if (!store_checkpoint(intake->store, err))
            return false;
        if (!store_filling(intake->store))
            usleep(GIVE_WAY_US);
    }
    return true;
}

/* Those that are known to be new come first: of two of one number the first is. */
static bool write_added(struct intake *intake, const struct batch *batch, struct error *err) {
    if (!store_batch(intake->store, err) ||
        !store_add_orders(intake->store, batch->added, batch->added_count, err))
        return false;
    intake->written.added += batch->added_count;
    return store_batch_end(intake->store, err);
}

static struct batch *batch_after(struct intake *intake, struct batch *batch) {
    return batch + 1 < intake->batches + BATCHES ? batch + 1 : intake->batches;
}

static void *write_all(void *context) {
    struct intake *intake = context;
    struct handover *handover = &intake->handover;
    struct batch *batch = intake->batches;
    pthread_mutex_lock(&handover->lock);
    for (;; batch = batch_after(intake, batch)) {
        while (!handover->full && !handover->ending)
            pthread_cond_wait(&handover->turned, &handover->lock);
        if (!handover->full)
            break;
        pthread_mutex_unlock(&handover->lock);
        bool ok = (!batch->added_count || write_added(intake, batch, &handover->err)) &&
                  write_batch(intake, batch, &handover->err);
        pthread_mutex_lock(&handover->lock);
        handover->full--;
        handover->failed = !ok;
        pthread_cond_signal(&handover->turned);
        if (!ok)
            break;
    }
    pthread_mutex_unlock(&handover->lock);
    return NULL;
}

static bool start_writer(struct intake *intake, struct error *err) {
    struct handover *handover = &intake->handover;
    pthread_mutex_init(&handover->lock, NULL);
    pthread_cond_init(&handover->turned, NULL);
    return pthread_create(&handover->thread, NULL, write_all, intake) == 0 ||
           error_set(err, "cannot start a thread that writes");
}

/* Gives the writer what is queued, as soon as there is another batch to fill. */
static bool hand_over(struct intake *intake, struct error *err) {
    struct handover *handover = &intake->handover;
    struct batch *next = batch_after(intake, intake->filling);
    pthread_mutex_lock(&handover->lock);
    while (handover->full == BATCHES - 1 && !handover->failed)
        pthread_cond_wait(&handover->turned, &handover->lock);
    bool ok = !handover->failed;
    if (ok) {
        handover->full++;
        pthread_cond_signal(&handover->turned);
    } else
        *err = handover->err;
    pthread_mutex_unlock(&handover->lock);
    if (!ok)
        return false;
    arena_reset(&next->arena);
    next->added_count = next->count = 0;
    intake->filling = next;
    if (intake->options->progress)
        intake->options->progress(intake->summary->read, intake->options->context);
    return true;
}

static bool end_writer(struct intake *intake, struct error *err) {
    struct handover *handover = &intake->handover;
    pthread_mutex_lock(&handover->lock);
    handover->ending = true;
    pthread_cond_signal(&handover->turned);
    pthread_mutex_unlock(&handover->lock);
    pthread_join(handover->thread, NULL);
    pthread_cond_destroy(&handover->turned);
    pthread_mutex_destroy(&handover->lock);
    intake->summary->added = intake->written.added;
    intake->summary->changed = intake->written.changed;
    intake->summary->same = intake->written.same;
    if (handover->failed)
        *err = handover->err;
    return !handover->failed;
}

/* Drafts. */

static const struct row *const *make_rows(const struct order *order, struct arena *arena) {
    const struct row **rows = arena_room(arena, (size_t)(1 + order->line_count + order->parcel_count) *
                                                    sizeof *rows),
                     **row = rows;
    *row++ = row_make(order, &record_order, arena);
    for (int i = 0; i < order->line_count; i++)
        *row++ = row_make(&order->lines[i], &record_line, arena);
    for (int i = 0; i < order->parcel_count; i++)
        *row++ = row_make(&order->parcels[i], &record_parcel, arena);
    return rows;
}

/* While a new database is filled nothing stands there but what this file brought. */
static bool add_new(struct intake *intake, const struct draft *draft) {
    struct batch *batch = intake->filling;
    struct buffer *card = &intake->card;
    struct order *order = draft_merge(NULL, draft, &intake->draft_options, &batch->arena);
    buffer_reset(card);
    card_pack(card, order);
    if (card->full)
        return false;
    const char *bytes = arena_copy(&batch->arena, card->bytes, card->len);
    batch->added[batch->added_count++] =
        (struct carded){order, bytes, card->len, make_rows(order, &batch->arena)};
    return true;
}

bool intake_take(struct intake *intake, struct draft *draft, bool *failed, struct error *err) {
    struct batch *batch = intake->filling;
    *failed = false;
    if (!draft_finish(draft, &intake->draft_options, &batch->arena, err))
        return false;
    enum earlier_found found = earlier_add(&intake->earlier, draft->order.key, draft->order.email);
    if (found == EARLIER_OTHERS)
        return error_set(
            err,
            "email: order %s stood in this file before with another e-mail; each order is one customer's",
            draft->order.number);
    draft->again = found == EARLIER_SAME;
    draft->more = draft->again && draft->partial;
    if (!store_filling(intake->store) || draft->again || !add_new(intake, draft))
        batch->queue[batch->count++] = draft;
    *failed = batch->added_count + batch->count == INTAKE_QUEUE && !hand_over(intake, err);
    return !*failed;
}

void intake_complain(struct intake *intake, int64_t line, const struct error *why) {
    struct error message = *why;
    error_prefix(&message, "%s:%lld", intake->options->label, (long long)line);
    if (intake->options->reject)
        intake->options->reject(message.text, intake->options->context);
}

void intake_rejected(struct intake *intake, const char *raw, size_t len) {
    if (!intake->options->rejects || !len)
        return;
    fwrite(raw, 1, len, intake->options->rejects);
    if (raw[len - 1] != '\n' && raw[len - 1] != '\r')
        fputc('\n', intake->options->rejects);
}

bool intake_text_valid(const char *bytes, size_t len, struct error *err) {
    if (text_valid(bytes, len))
        return true;
    size_t good = 0;
    for (size_t size = 1; size <= CODE_POINT_BYTES && good + size <= len;) {
        bool whole = text_valid(bytes + good, size);
        good += whole ? size : 0;
        size = whole ? 1 : size + 1;
    }
    return error_set(err, "expected UTF-8, found the byte 0x%02X after %zu bytes; save the file as UTF-8",
                     (unsigned char)bytes[good], good);
}

static void doubt(const char *field, const char *word, void *context) {
    struct intake *intake = context;
    doubts_add(&intake->doubts, field, word, intake->line);
}

static void tell_doubt(int64_t line, const struct error *what, void *context) {
    intake_complain(context, line, what);
}

/* The format, from the first byte that is neither a BOM nor blank: a JSON line begins with a brace. */
static enum import_format guess(struct lines *lines, struct error *err, bool *ok) {
    static const char bom[] = "\xEF\xBB\xBF";
    *ok = true;
    lines_refill(lines);
    if (lines->len >= 2 &&
        (memcmp(lines->chunk, "\xFF\xFE", 2) == 0 || memcmp(lines->chunk, "\xFE\xFF", 2) == 0)) {
        *ok = error_set(err, "the file is UTF-16; save it as UTF-8");
        return IMPORT_CSV;
    }
    if (lines->len >= 3 && memcmp(lines->chunk, bom, 3) == 0)
        lines->at = 3;
    size_t at = lines->at;
    while (at < lines->len && strchr(" \t\r\n", lines->chunk[at]))
        at++;
    return at < lines->len && lines->chunk[at] == '{' ? IMPORT_JSONL : IMPORT_CSV;
}

static void open_intake(struct intake *intake) {
    static const size_t card_max = CARD_MAX;
    intake->filling = intake->batches;
    for (int i = 0; i < BATCHES; i++)
        arena_init(&intake->batches[i].arena);
    arena_init(&intake->scratch);
    buffer_init(&intake->card, card_max);
    buffer_init(&intake->before, card_max);
    buffer_init(&intake->after, card_max);
}

static void close_intake(struct intake *intake) {
    for (int i = 0; i < BATCHES; i++)
        arena_clear(&intake->batches[i].arena);
    arena_clear(&intake->scratch);
    lines_clear(&intake->lines);
    buffer_clear(&intake->card);
    buffer_clear(&intake->before);
    buffer_clear(&intake->after);
    earlier_clear(&intake->earlier);
}

static bool take_all(struct intake *intake, struct error *err) {
    bool ok;
    enum import_format format = guess(&intake->lines, err, &ok);
    if (intake->options->format != IMPORT_GUESS)
        format = intake->options->format;
    if (!ok)
        return error_prefix(err, "%s:1", intake->options->label);
    struct error ended = {""};
    if (!start_writer(intake, err))
        return false;
    ok = (format == IMPORT_JSONL ? import_jsonl(intake, err) : import_csv(intake, err)) &&
         hand_over(intake, err);
    if (!end_writer(intake, &ended) && ok) {
        *err = ended;
        return false;
    }
    if (ok && intake->unprovable && intake->summary->added) {
        error_set(
            &ended,
            "warning: no customer can prove the new orders, for no column has an e-mail, phone or postcode");
        intake_complain(intake, 1, &ended);
    }
    return ok;
}

bool import_run(struct store *store, FILE *in, const struct import_options *options,
                struct import_summary *out, struct error *err) {
    struct intake *intake = calloc(1, sizeof *intake);
    if (!intake)
        memory_exhausted();
    intake->store = store;
    intake->options = options;
    intake->draft_options = (struct draft_options){.zone = options->zone,
                                                   .country = options->country,
                                                   .now_ms = options->now_ms,
                                                   .dates = options->dates,
                                                   .doubt = doubt,
                                                   .context = intake};
    intake->summary = out;
    lines_init(&intake->lines, in);
    *out = (struct import_summary){0};
    open_intake(intake);
    bool ok = take_all(intake, err);
    doubts_tell(&intake->doubts, tell_doubt, intake);
    if (ok && ferror(in))
        ok = error_set(err, "%s: cannot be read to its end", options->label);
    if (!ok && !store_filling(store) && out->added + out->changed + out->same)
        error_prefix(err, "after %lld orders", (long long)(out->added + out->changed + out->same));
    close_intake(intake);
    free(intake);
    store_rest(store);
    return ok;
}
