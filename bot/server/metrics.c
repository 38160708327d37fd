#include "bot/server/metrics.h"
#include "base/memory.h"
#include "base/text.h"
#include "bot/server/census.h"
#include "bot/server/process.h"
#include "bot/server/tls.h"
#include "db/outgoing.h"
#include <stdlib.h>
#include <string.h>
#define uthash_fatal(message) memory_exhausted()
#define HASH_FUNCTION(key, len, hash)                                                                        \
    ((hash) = (unsigned)*(const uint64_t *)(key)) /* it is a hash already                                    \
                                                   */
#include <uthash.h>

enum { SERIES_MAX = 4000, LABELS = 3, LABELS_MAX = 256, BUCKETS = 14 };

static const double bounds[BUCKETS] = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                       0.1,    0.25,  0.5,    1,     2.5,  5,     10};

/* One series: its labels as they are printed, and a hash of their values. */
struct series {
    uint64_t key;
    char labels[LABELS_MAX];
    int64_t count;
    double sum; /* of a histogram, as are its buckets: each without those before it */
    int64_t buckets[BUCKETS];
    UT_hash_handle hh;
};

enum family { MESSAGES, CONVERSATIONS, HANDOFFS, REPLIES, REFUSED, FAMILIES };

static const struct {
    const char *name, *type, *help;
    const char *labels[LABELS];
} families[FAMILIES] = {
    [MESSAGES] = {"wismo_messages_total",
                  "counter",
                  "Messages of customers, by what was made of them.",
                  {"channel", "intent", "outcome"}},
    [CONVERSATIONS] = {"wismo_conversations_total", "counter", "Conversations that have begun.", {"channel"}},
    [HANDOFFS] = {"wismo_handoffs_total", "counter", "Hand-offs that were opened.", {"target", "reason"}},
    [REPLIES] = {"wismo_reply_duration_seconds",
                 "histogram",
                 "From a message until what answers it is stored and told.",
                 {"channel"}},
    [REFUSED] = {"wismo_ws_rejected_total", "counter", "WebSockets that were refused.", {"reason"}},
};

struct metrics {
    struct series *series[FAMILIES];
    struct series *last[FAMILIES]; /* the one found last */
};

struct metrics *metrics_new(void) {
    struct metrics *metrics = calloc(1, sizeof *metrics);
    if (!metrics)
        memory_exhausted();
    return metrics;
}

void metrics_free(struct metrics *metrics) {
    struct series *series, *next;
    if (!metrics)
        return;
    for (int i = 0; i < FAMILIES; i++)
        HASH_ITER(hh, metrics->series[i], series, next) {
            HASH_DEL(metrics->series[i], series);
            free(series);
        }
    free(metrics);
}

/* Counting. */

/* Names are of our own making, but a shop's catalogue may call its intents as it likes. */
static void add_label(char labels[LABELS_MAX], const char *name, const char *value) {
    size_t at = strlen(labels), len = strlen(name);
    if (at + len + 5 >= LABELS_MAX)
        return;
    if (at)
        labels[at++] = ',';
    memcpy(labels + at, name, len);
    at += len;
    labels[at++] = '=';
    labels[at++] = '"';
    for (; value && *value && at < LABELS_MAX - 2; value++)
        labels[at++] = *value == '"' || *value == '\\' || (unsigned char)*value < ' ' ? '_' : *value;
    labels[at++] = '"';
    labels[at] = '\0';
}

static struct series *series_add(struct metrics *metrics, enum family family, uint64_t key,
                                 const char *const values[LABELS]) {
    struct series *series = calloc(1, sizeof *series);
    if (!series)
        memory_exhausted();
    series->key = key;
    for (int i = 0; values && i < LABELS && families[family].labels[i]; i++)
        add_label(series->labels, families[family].labels[i], values[i]);
    HASH_ADD(hh, metrics->series[family], key, sizeof key, series);
    return series;
}

/* Past the limit a family counts under no labels any more. */
static struct series *series_of(struct metrics *metrics, enum family family,
                                const char *const values[LABELS]) {
    struct series *series;
    uint64_t key = 0;
    for (int i = 0; values && i < LABELS && families[family].labels[i]; i++)
        key = key * 31 + text_hash(values[i]);
    if (metrics->last[family] && metrics->last[family]->key == key)
        return metrics->last[family];
    HASH_FIND(hh, metrics->series[family], &key, sizeof key, series);
    if (!series && values && HASH_COUNT(metrics->series[family]) >= SERIES_MAX)
        return series_of(metrics, family, NULL);
    return metrics->last[family] = series ? series : series_add(metrics, family, key, values);
}

static void observe(struct series *series, double seconds) {
    series->count++;
    series->sum += seconds;
    for (int i = 0; i < BUCKETS; i++)
        if (seconds <= bounds[i]) {
            series->buckets[i]++;
            break;
        }
}

static const struct turn *heard_of(const struct change *change) {
    for (int i = 0; i < change->turn_count; i++)
        if (change->turns[i].author == AUTHOR_CUSTOMER)
            return &change->turns[i];
    return NULL;
}

/* The note that says what was made of a message: proofs are noted before it. */
static void count_message(struct metrics *metrics, const struct change *change, const char *channel) {
    const struct note *note = change->note_count ? &change->notes[change->note_count - 1] : NULL;
    const char *intent = note && !text_empty(note->intent) ? note->intent : "none";
    const char *outcome = note ? note->kind : "none";
    series_of(metrics, MESSAGES, (const char *[LABELS]){channel, intent, outcome})->count++;
}

static void count_handoff(struct metrics *metrics, const struct shop *shop, const struct handoff *handoff) {
    if (handoff->status != HANDOFF_WAITING || handoff->opened_ms != handoff->changed_ms ||
        text_empty(handoff->reason))
        return;
    const char *target = target_name(shop ? shop->handoff_to.kind : TARGET_DESK);
    series_of(metrics, HANDOFFS, (const char *[LABELS]){target, handoff->reason})->count++;
}

void metrics_stored(struct metrics *metrics, const struct brain *brain, const struct change *change,
                    int64_t took_us) {
    const char *channel = change->conversation ? change->conversation->channel : "";
    const struct shop *shop =
        change->conversation ? shop_find(brain->shops, brain->shop_count, change->conversation->shop) : NULL;
    if (!change->goes_on)
        series_of(metrics, CONVERSATIONS, (const char *[LABELS]){channel})->count++;
    if (heard_of(change)) {
        observe(series_of(metrics, REPLIES, (const char *[LABELS]){channel}), (double)took_us / 1e6);
        count_message(metrics, change, channel);
    }
    for (int i = 0; i < change->handoff_count; i++)
        count_handoff(metrics, shop, &change->handoffs[i]);
}

void metrics_refused(struct metrics *metrics, unsigned status) {
    static const struct {
        unsigned status;
        const char *reason;
    } reasons[] = {{400, "handshake"}, {401, "signature"}, {403, "origin"},
                   {404, "path"},      {429, "crowd"},     {503, "restart"}};
    const char *reason = "other";
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].status == status)
            reason = reasons[i].reason;
    series_of(metrics, REFUSED, (const char *[LABELS]){reason})->count++;
}

static struct series *same(struct metrics *metrics, enum family family, const struct series *series) {
    struct series *own;
    HASH_FIND(hh, metrics->series[family], &series->key, sizeof series->key, own);
    if (own)
        return own;
    own = series_add(metrics, family, series->key, NULL);
    TEXT_SET(own->labels, series->labels);
    return own;
}

void metrics_add(struct metrics *metrics, const struct metrics *more) {
    for (int i = 0; i < FAMILIES; i++)
        for (const struct series *series = more->series[i]; series; series = series->hh.next) {
            struct series *own = same(metrics, (enum family)i, series);
            own->count += series->count;
            own->sum += series->sum;
            for (int k = 0; k < BUCKETS; k++)
                own->buckets[k] += series->buckets[k];
        }
}

/* Printing. */

static void head(struct buffer *out, const char *name, const char *type, const char *help) {
    buffer_format(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void one(struct buffer *out, const char *name, const char *type, const char *help, double value) {
    head(out, name, type, help);
    buffer_format(out, "%s %.15g\n", name, value);
}

static void print_histogram(const struct series *series, const char *name, struct buffer *out) {
    int64_t count = 0;
    for (int i = 0; i < BUCKETS; i++) {
        count += series->buckets[i];
        buffer_format(out, "%s_bucket{%s,le=\"%g\"} %lld\n", name, series->labels, bounds[i],
                      (long long)count);
    }
    buffer_format(out, "%s_bucket{%s,le=\"+Inf\"} %lld\n", name, series->labels, (long long)series->count);
    buffer_format(out, "%s_sum{%s} %.9g\n", name, series->labels, series->sum);
    buffer_format(out, "%s_count{%s} %lld\n", name, series->labels, (long long)series->count);
}

static void print_families(const struct metrics *metrics, struct buffer *out) {
    for (int i = 0; i < FAMILIES; i++) {
        const struct series *series;
        head(out, families[i].name, families[i].type, families[i].help);
        for (series = metrics->series[i]; series; series = series->hh.next)
            if (i == REPLIES)
                print_histogram(series, families[i].name, out);
            else
                buffer_format(out, "%s{%s} %lld\n", families[i].name, series->labels,
                              (long long)series->count);
    }
}

static void print_outbox(struct loop *loop, struct buffer *out) {
    static const struct {
        const char *name, *help;
    } gauges[] = {{"wismo_outbox_pending", "Messages about hand-offs that other systems have not been told."},
                  {"wismo_outbox_failed", "Messages about hand-offs that were given up."},
                  {"wismo_outbox_oldest_seconds", "How long the oldest of them has been waiting."}};
    struct outgoing_count *rows = NULL;
    struct outbox_counts attempts[TARGET_CHATWOOT + 1];
    struct error err;
    int count = 0;
    store_outgoing_counts(loop->stored.store, &loop->arena, &rows, &count, &err);
    for (size_t gauge = 0; gauge < sizeof gauges / sizeof *gauges; gauge++) {
        head(out, gauges[gauge].name, "gauge", gauges[gauge].help);
        for (int kind = TARGET_WEBHOOK; kind <= TARGET_CHATWOOT; kind++) {
            struct outgoing_count row = {0};
            for (int i = 0; i < count; i++)
                if (text_is(rows[i].target, target_name((enum target_kind)kind)))
                    row = rows[i];
            int64_t age_ms = row.oldest_ms ? loop_now_ms(loop) - row.oldest_ms : 0;
            double values[] = {(double)row.pending, (double)row.failed,
                               age_ms > 0 ? (double)age_ms / 1000 : 0};
            buffer_format(out, "%s{target=\"%s\"} %.15g\n", gauges[gauge].name,
                          target_name((enum target_kind)kind), values[gauge]);
        }
    }
    outbox_count(loop->outbox, attempts);
    head(out, "wismo_outbox_attempts_total", "counter", "Attempts to tell other systems.");
    for (int kind = TARGET_WEBHOOK; kind <= TARGET_CHATWOOT; kind++) {
        const char *name = target_name((enum target_kind)kind);
        buffer_format(out, "wismo_outbox_attempts_total{target=\"%s\",result=\"sent\"} %lld\n", name,
                      (long long)attempts[kind].sent);
        buffer_format(out, "wismo_outbox_attempts_total{target=\"%s\",result=\"failed\"} %lld\n", name,
                      (long long)attempts[kind].failed);
    }
}

static void print_store(const struct census *census, struct loop *loop, struct buffer *out) {
    struct writer_counts counts = writer_count(loop->writer);
    struct error err;
    int64_t waiting = 0, oldest_ms = 0;
    head(out, "wismo_db_commit_duration_seconds", "summary", "Time spent in commits.");
    buffer_format(out,
                  "wismo_db_commit_duration_seconds_sum %.9g\nwismo_db_commit_duration_seconds_count %lld\n",
                  (double)counts.spent_us / 1e6, (long long)counts.commits);
    one(out, "wismo_db_changes_total", "counter", "Changes that were stored.", (double)counts.changes);
    one(out, "wismo_db_errors_total", "counter", "Changes that could not be stored.", (double)counts.failed);
    one(out, "wismo_db_read_errors_total", "counter", "Questions to the database that could not be answered.",
        (double)census->read_errors);
    one(out, "wismo_db_queue_changes", "gauge", "Changes that wait to be stored.", counts.waiting);
    store_waiting(loop->stored.store, &waiting, &oldest_ms, &err);
    int64_t age_ms = oldest_ms ? loop_now_ms(loop) - oldest_ms : 0;
    one(out, "wismo_handoffs_waiting", "gauge", "Customers who wait for a person.", (double)waiting);
    one(out, "wismo_handoffs_oldest_seconds", "gauge", "How long the first of them has been waiting.",
        age_ms > 0 ? (double)age_ms / 1000 : 0);
}

static void print_loops(const struct census *census, struct buffer *out) {
    if (census->loop_count == 1)
        return;
    head(out, "wismo_loop_chats", "gauge", "Chats that a loop carries.");
    for (int i = 0; i < census->loop_count; i++)
        buffer_format(out, "wismo_loop_chats{loop=\"%d\"} %d\n", i, census->loops[i].chats);
    head(out, "wismo_loop_conversations", "gauge", "Conversations that a loop knows, as their owner.");
    for (int i = 0; i < census->loop_count; i++)
        buffer_format(out, "wismo_loop_conversations{loop=\"%d\"} %d\n", i, census->loops[i].conversations);
}

static void print_hub(const struct census *census, const struct loop *loop, struct buffer *out) {
    const struct hub_counts counts = census->hub;
    one(out, "wismo_ws_connections", "gauge", "WebSockets that are open.", (double)census->sockets);
    one(out, "wismo_tls_certificate_expires_seconds", "gauge",
        "When the certificate expires, since 1970; 0: there is none.", (double)tls_expires(loop->tls));
    one(out, "wismo_conversations_resident", "gauge", "Conversations in memory.", counts.resident);
    one(out, "wismo_conversations_working", "gauge", "Conversations with an answer under way.",
        counts.working);
    head(out, "wismo_limiter_hits_total", "counter", "What was held back by a limit.");
    buffer_format(out, "wismo_limiter_hits_total{limit=\"messages\"} %lld\n", (long long)counts.slowed);
    buffer_format(out, "wismo_limiter_hits_total{limit=\"proof\"} %lld\n", (long long)counts.held_back);
    one(out, "wismo_regex_limit_hits_total", "counter", "Patterns that were given up on a message.",
        (double)census->limit_hits);
}

void metrics_print(const struct census *census, struct loop *loop, struct buffer *out) {
    head(out, "wismo_build_info", "gauge", "Which program this is.");
    buffer_format(out, "wismo_build_info{version=\"%s\"} 1\n", WISMO_VERSION);
    print_families(census->metrics, out);
    print_loops(census, out);
    print_hub(census, loop, out);
    print_outbox(loop, out);
    print_store(census, loop, out);
    process_print(out);
    store_rest(loop->stored.store);
}
