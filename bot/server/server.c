#include "bot/server/server.h"
#include "base/log.h"
#include "bot/server/loop.h"
#include "bot/server/supervisor.h"
#include "db/writer.h"
#include <malloc.h>
#include <signal.h>

enum { FREE_KEPT = 16 * 1024 * 1024 };

/* The writer outlives the loop, so that what was given to it is committed; its mailbox outlives the writer.
 */
static bool serve(const struct server_options *options, struct error *err) {
    uint8_t secret[HASH_SIZE];
    struct store *store = store_open(options->db, STORE_WRITE, err);
    bool good = store && store_secret(store, secret, err);
    store_close(store);
    struct writer *writer = good ? writer_open(options->db, &options->retention, err) : NULL;
    struct outbox_options outside = options->outbox;
    outside.db = options->db;
    outside.now_ms = options->now_ms;
    struct outbox *outbox =
        writer ? outbox_open(&outside, options->brain.shops, options->brain.shop_count, err) : NULL;
    struct loop *loop = outbox ? loop_open(options, writer, outbox, secret, err) : NULL;
    if (loop && options->ready)
        options->ready(loop->gate.address, loop->gate.port, loop->tls != NULL, options->context);
    if (loop && loop->admin.port)
        log_line(LOG_INFO, "server", "metrics: http://%s:%d/metrics", loop->admin.address, loop->admin.port);
    if (loop) {
        supervisor_tell("READY=1");
        loop_run(loop);
    }
    outbox_close(outbox);
    writer_close(writer);
    loop_close(loop);
    return loop != NULL;
}

int server_run(const struct server_options *options, struct error *err) {
    struct store_lease *lease = store_lease_take(options->db, err);
    if (!lease)
        return 1;
    /* What one burst gives back the next one needs: the system gets only what is much more. */
    mallopt(M_TRIM_THRESHOLD, FREE_KEPT);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is a full disk */
    bool good = serve(options, err);
    store_lease_drop(lease);
    return good ? 0 : 1;
}
