#include "bot/server/server.h"
#include "base/log.h"
#include "bot/server/loops.h"
#include "bot/server/supervisor.h"
#include "db/writer.h"
#include <malloc.h>
#include <signal.h>

enum { FREE_KEPT = 16 * 1024 * 1024 };

/* The writer outlives the loops, so that what was given to it is committed; their mailboxes outlive the
 * writer. */
static bool serve(const struct server_options *options, struct error *err) {
    uint8_t secret[HASH_SIZE];
    struct store *store = store_open(options->db, STORE_WRITE, err);
    bool good = store && store_secret(store, secret, err);
    struct writer *writer = good ? writer_open(options->db, &options->retention, err) : NULL;
    store_close(store); /* not before: the last to close a database moves its log, and waits for the disk */
    struct outbox_options outside = options->outbox;
    outside.db = options->db;
    outside.now_ms = options->now_ms;
    struct outbox *outbox =
        writer ? outbox_open(&outside, options->brains->shops, options->brains->shop_count, err) : NULL;
    struct loops loops = {0};
    good = outbox && loops_open(&loops, options, writer, outbox, secret, err);
    if (good) {
        const struct loop *first = loops.list[0];
        if (options->ready)
            options->ready(first->gate.address, first->gate.port, first->tls != NULL, options->context);
        if (first->admin.port)
            log_line(LOG_INFO, "server", "metrics: http://%s:%d/metrics", first->admin.address,
                     first->admin.port);
        supervisor_tell("READY=1");
        loops_run(&loops);
    }
    outbox_close(outbox);
    writer_close(writer);
    loops_close(&loops);
    return good;
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
