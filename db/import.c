#include "db/import.h"
#include "base/text.h"
#include "db/card.h"
#include "db/intake.h"
#include <string.h>
#include <strings.h>
#include <time.h>

enum { BATCH_MS = 15 }; /* how long one batch may keep the database's write lock */

/* Lines. */

static bool refill(struct lines *lines) {
    if (lines->at < lines->len)
        return true;
    lines->at = 0;
    lines->len = fread(lines->chunk, 1, sizeof lines->chunk, lines->in);
    return lines->len > 0;
}

/* Where the line that begins at `bytes` ends, its end included; 0: not within len bytes. A CR that is the
 * last byte may be half of a CRLF. */
static size_t line_end(const char *bytes, size_t len, bool *open_cr) {
    const char *lf = memchr(bytes, '\n', len);
    const char *cr = memchr(bytes, '\r', lf ? (size_t)(lf - bytes) : len);
    *open_cr = cr == bytes + len - 1;
    if (cr && cr + 1 != lf && !*open_cr)
        return (size_t)(cr - bytes) + 1;
    return lf ? (size_t)(lf - bytes) + 1 : 0;
}

static bool take_back(struct lines *lines) {
    bool open_cr;
    const char *from = lines->back.bytes + lines->back_at;
    size_t len = lines->back.len - lines->back_at;
    if (!len)
        return false;
    size_t end = line_end(from, len, &open_cr);
    buffer_add(&lines->line, from, end ? end : len);
    lines->back_at += end ? end : len;
    return true;
}

bool lines_next(struct lines *lines) {
    bool open_cr = false, any = false;
    buffer_reset(&lines->line);
    lines->over = false;
    lines->number++;
    if (take_back(lines))
        return true;
    while (refill(lines)) {
        const char *from = lines->chunk + lines->at;
        size_t len = lines->len - lines->at;
        any = true;
        if (open_cr && *from != '\n')
            break;
        size_t end = open_cr ? 1 : line_end(from, len, &open_cr);
        buffer_add(&lines->line, from, end ? end : len);
        lines->over |= lines->line.full;
        lines->at += end ? end : len;
        if (end)
            break;
    }
    return any;
}

void lines_back(struct lines *lines, const char *bytes, size_t len, int64_t number) {
    struct buffer again;
    buffer_init(&again, 8 * INTAKE_LINE_MAX);
    buffer_add(&again, bytes, len);
    buffer_add(&again, lines->back.bytes + lines->back_at, lines->back.len - lines->back_at);
    buffer_clear(&lines->back);
    lines->back = again;
    lines->back_at = 0;
    lines->number = number;
}

/* Drafts. */

struct draft *intake_draft(struct intake *intake) {
    struct draft *draft = ARENA_NEW(&intake->arena, struct draft);
    draft_empty(&draft->order, &record_order);
    draft->order.shop = intake->options->shop;
    return draft;
}

static double elapsed_ms(const struct timespec *since) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - since->tv_sec) * 1e3 + (double)(now.tv_nsec - since->tv_nsec) / 1e6;
}

/* While a new database is filled nothing stands there but what this file brought. */
static bool add_order(struct intake *intake, const struct draft *draft, struct error *err) {
    arena_reset(&intake->scratch);
    struct order *order = draft_merge(NULL, draft, &intake->draft_options, &intake->scratch);
    intake->summary->added++;
    return store_add_order(intake->store, order, err);
}

static bool write_order(struct intake *intake, const struct draft *draft, struct error *err) {
    if (store_filling(intake->store) && !draft->again)
        return add_order(intake, draft, err);
    struct order_query query = {intake->options->shop, ORDER_BY_KEY, {draft->order.key}, 1};
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
            intake->summary->same++;
            return true;
        }
    }
    if (!store_put_order(intake->store, order, err))
        return false;
    ++*(old ? &intake->summary->changed : &intake->summary->added);
    return true;
}

/* Writes the queue in batches that are short, so that other writers get in between. */
static bool flush(struct intake *intake, struct error *err) {
    for (int i = 0; i < intake->queued;) {
        struct timespec start;
        struct import_summary before = *intake->summary;
        if (!store_batch(intake->store, err))
            return false;
        clock_gettime(CLOCK_MONOTONIC, &start);
        bool ok = true;
        while (ok && i < intake->queued && elapsed_ms(&start) < BATCH_MS)
            ok = write_order(intake, intake->queue[i++], err);
        if (!ok)
            store_batch_undo(intake->store);
        if (!ok || !store_batch_end(intake->store, err)) {
            *intake->summary = before;
            return false;
        }
        if (!store_checkpoint(intake->store, err))
            return false;
    }
    intake->queued = 0;
    if (intake->options->progress)
        intake->options->progress(intake->summary->read, intake->options->context);
    return true;
}

bool intake_take(struct intake *intake, struct draft *draft, bool *failed, struct error *err) {
    *failed = false;
    if (!draft_finish(draft, &intake->draft_options, &intake->arena, err))
        return false;
    draft->again = earlier_add(&intake->earlier, draft->order.key);
    draft->more = draft->again && draft->partial;
    intake->queue[intake->queued++] = draft;
    if (intake->queued < INTAKE_QUEUE)
        return true;
    *failed = !flush(intake, err);
    arena_reset(&intake->arena);
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
    size_t good = 0, bad = len;
    while (bad - good > 1) { /* a prefix is valid up to the end of a code point: look near the first fault */
        size_t middle = good + (bad - good) / 2, cut = middle;
        while (cut > good && ((unsigned char)bytes[cut] & 0xc0) == 0x80)
            cut--;
        if (cut > good && text_valid(bytes, cut))
            good = cut;
        else
            bad = middle;
    }
    return error_set(err, "expected UTF-8, found the byte 0x%02X after %zu bytes; save the file as UTF-8",
                     (unsigned char)bytes[good], good);
}

/* The format, from the first byte that is neither a BOM nor blank: a JSON line begins with a brace. */
static enum import_format guess(struct lines *lines, struct error *err, bool *ok) {
    static const char bom[] = "\xEF\xBB\xBF";
    *ok = true;
    refill(lines);
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

bool import_run(struct store *store, FILE *in, const struct import_options *options,
                struct import_summary *out, struct error *err) {
    static const size_t card_max = CARD_MAX;
    struct intake intake = {.store = store,
                            .options = options,
                            .draft_options = {options->zone, options->country, options->now_ms},
                            .summary = out,
                            .lines = {.in = in}};
    *out = (struct import_summary){0};
    arena_init(&intake.arena);
    arena_init(&intake.scratch);
    buffer_init(&intake.lines.line, INTAKE_LINE_MAX);
    buffer_init(&intake.lines.back, INTAKE_LINE_MAX);
    buffer_init(&intake.before, card_max);
    buffer_init(&intake.after, card_max);
    bool ok;
    enum import_format format = guess(&intake.lines, err, &ok);
    if (options->format != IMPORT_GUESS)
        format = options->format;
    if (!ok)
        error_prefix(err, "%s:1", options->label);
    else if ((ok = format == IMPORT_JSONL ? import_jsonl(&intake, err) : import_csv(&intake, err)))
        ok = flush(&intake, err);
    if (ok && ferror(in))
        ok = error_set(err, "%s: cannot be read to its end", options->label);
    if (!ok && !store_filling(store) && out->added + out->changed + out->same)
        error_prefix(err, "after %lld orders", (long long)(out->added + out->changed + out->same));
    arena_clear(&intake.arena);
    arena_clear(&intake.scratch);
    buffer_clear(&intake.lines.line);
    buffer_clear(&intake.lines.back);
    buffer_clear(&intake.before);
    buffer_clear(&intake.after);
    earlier_clear(&intake.earlier);
    store_rest(store);
    return ok;
}
