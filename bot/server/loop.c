#include "bot/server/loop.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "bot/hub/limiter.h"
#include "bot/server/far.h"
#include "bot/server/loops.h"
#include "bot/server/metrics.h"
#include "bot/server/porter.h"
#include "bot/server/socket.h"
#include "bot/server/supervisor.h"
#include "bot/server/tls.h"
#include "bot/server/turn.h"
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum {
    REQUESTS_MS = 100,   /* how often other processes' requests are looked for */
    REQUESTS_EVERY = 20, /* … even if nothing seems to have changed */
    PINGS_MS = 1000,
    COMMITS_MS = 5, /* between two commits, unless there is much to write */
    OUT_MAX = 256 * 1024,
    HEADERS_AT_ONCE = 256,
    SEND_SIZE = 64 * 1024, /* that the kernel is offered at once; else it would be RECEIVE_SIZE */
    RECEIVE_SIZE = 256,    /* of each chat, for good: what most customers write in one piece */
    SIGN_IN_KEYS = 4096,
    ADMINS_MAX = 16,
    DESCRIPTORS_KEPT = 64 /* for files, the store and the loop itself */
};

/* No validity timers of the library: they are one sorted list. We ping from our own. */
static const lws_retry_bo_t no_retry = {0};

struct loop *loop_of(struct lws *wsi) {
    return lws_context_user(lws_get_context(wsi));
}

bool loop_origin_allowed(const struct loop *loop, const struct shop *shop, const char *origin) {
    for (size_t i = 0; i < sizeof loop->own_origins / sizeof *loop->own_origins; i++)
        if (loop->own_origins[i][0] && text_is(loop->own_origins[i], origin))
            return true;
    for (int i = 0; i < loop->brain.shop_count; i++)
        for (const char *const *at = loop->brain.shops[i].origins; at && *at; at++)
            if ((!shop || shop == &loop->brain.shops[i]) && text_is(*at, origin))
                return true;
    return false;
}

void loop_visitor(struct lws *wsi, const char *forwarded, char out[VISITOR_MAX]) {
    char host[VISITOR_MAX] = "";
    struct sockaddr_storage at = {0};
    socklen_t len = sizeof at;
    if (getpeername(lws_get_socket_fd(wsi), (struct sockaddr *)&at, &len) != 0 ||
        getnameinfo((struct sockaddr *)&at, len, host, sizeof host, NULL, 0, NI_NUMERICHOST) != 0)
        host[0] = '\0';
    host[strcspn(host, "%")] = '\0'; /* the interface of a link-local address */
    const char *proxies = loop_of(wsi)->options->proxies;
    visitor_behind(out, host, proxies ? proxies : "", forwarded ? forwarded : "");
}

/* What happens by itself. */

static void requests_due(uv_timer_t *timer) {
    struct loop *loop = timer->data;
    struct request *requests;
    struct error err;
    int count;
    bool changed = store_changed(loop->stored.store);
    if (!changed && ++loop->request_ticks < REQUESTS_EVERY)
        return;
    loop->request_ticks = 0;
    arena_reset(&loop->arena);
    enum found found = store_requests(loop->stored.store, &loop->arena, &requests, &count, &err);
    for (int i = 0; found == FOUND && i < count; i++)
        if (loop_owner(loop, requests[i].conversation) == loop)
            hub_request(loop->hub, &requests[i]);
    if (loop->number > 0)
        return; /* one complains for all */
    if (found == FAILED && !loop->requests_unread)
        log_line(LOG_ERROR, "server", "requests: %s", err.text);
    if (found != FAILED && loop->requests_unread)
        log_line(LOG_INFO, "server", "requests: they can be read again");
    loop->requests_unread = found == FAILED;
}

struct watch {
    struct round round;
    struct loop *first;
};

/* All loops turn; without systemd this does nothing. */
static void watched(struct round *round, bool good) {
    struct watch *watch = (struct watch *)round;
    watch->first->watched = false;
    if (good)
        supervisor_tell("WATCHDOG=1");
    free(watch);
}

static void watch_visit(struct round *round, struct loop *loop) {
    (void)round, (void)loop;
}

static void watch_all(struct loop *first) {
    struct watch *watch = first->watched ? NULL : malloc(sizeof *watch);
    if (!watch)
        return; /* one of them does not answer */
    *watch = (struct watch){.round = {watch_visit, watched}, .first = first};
    first->watched = true;
    round_begin(&watch->round, first);
}

static void pings_due(uv_timer_t *timer) {
    struct loop *loop = timer->data;
    sockets_ping(loop);
    lws_cancel_service(loop->context); /* else it looks at its own timers only after it has served somebody */
    if (loop->number > 0)
        return;
    porter_tick(loop);
    turns_sweep(loop->turns);
    desk_due(loop);
    watch_all(loop);
}

static void commit_due(uv_timer_t *timer) {
    (void)timer; /* before_sleep follows */
}

/* Who writes now would wait for the next commit anyway: until it is due only the mailbox is listened to, and
 * what has come by then is read at once. To wake for each costs as much as to answer it. */
static void doze(struct loop *loop, int64_t next) {
    struct pollfd bell = {.fd = loop->mailbox.bell, .events = POLLIN};
    int wait = (int)(next - (int64_t)uv_now(&loop->uv)), due = uv_backend_timeout(&loop->uv);
    if (due >= 0 && due < wait)
        wait = due;
    if (wait <= 0)
        return;
    poll(&bell, 1, wait);
    uv_update_time(&loop->uv);
}

/* A read transaction may serve one turn of the loop, not its sleep; and what the turn has to write is one
 * commit. Whoever comes alone is served at once. */
static void before_sleep(uv_prepare_t *prepare) {
    struct loop *loop = prepare->data;
    sockets_serve(loop);
    int64_t next = loop->committed_ms + COMMITS_MS;
    store_rest(loop->stored.store);
    if (loop->put && !loop_commit(loop, next) && !uv_is_active((uv_handle_t *)&loop->commits))
        uv_timer_start(&loop->commits, commit_due, (uint64_t)(next - (int64_t)uv_now(&loop->uv)), 0);
    if (!mailbox_sleep(&loop->mailbox))
        mailbox_wake(&loop->mailbox);
    else if (loop->committed_few)
        doze(loop, loop->committed_ms + COMMITS_MS);
}

static void mail_arrived(uv_poll_t *wake, int status, int events) {
    struct loop *loop = wake->data;
    (void)status, (void)events;
    mailbox_heard(&loop->mailbox); /* before it is looked at: who rings later is heard again */
    loop_mail(loop, true);
}

static void signalled(uv_signal_t *handle, int signal) {
    if (signal == SIGHUP)
        loop_reload(handle->data);
    else
        loop_drain(handle->data);
}

/* Coming up. */

static void starting_log(int level, const char *line) {
    log_line(level == LLL_ERR ? LOG_ERROR : LOG_WARNING, "websockets", "%.*s", (int)strcspn(line, "\n"),
             line);
}

/* Once it runs, what the library complains of is what strangers send: not worth a line each. */
static void running_log(int level, const char *line) {
    (void)level;
    log_line(LOG_DEBUG, "websockets", "%.*s", (int)strcspn(line, "\n"), line);
}

void loop_adopt(struct loop *loop, int fd, void *what) {
    bool tls = what == &loop->gate;
    struct lws *wsi = lws_adopt_descriptor_vhost(
        loop->vhost, LWS_ADOPT_SOCKET | LWS_ADOPT_HTTP | (tls ? LWS_ADOPT_ALLOW_SSL : 0),
        (lws_sock_file_fd_type){.sockfd = fd}, NULL, NULL);
    if (wsi) {
        lws_set_opaque_user_data(wsi, what);
        return;
    }
    log_line(LOG_DEBUG, "server", "a connection was not taken over: it speaks no TLS, or memory is short");
    if (what == &loop->chats)
        loop->chats--;
}

void loop_left(struct lws *wsi) {
    struct loop *loop = loop_of(wsi);
    if (lws_get_opaque_user_data(wsi) == &loop->chats)
        loop->chats--;
    gate_left(loop_is_admin(wsi) ? &loop->admin : &loop_first(loop)->gate);
}

bool loop_is_admin(struct lws *wsi) {
    const struct loop *loop = loop_of(wsi);
    return lws_get_opaque_user_data(wsi) == &loop->admin;
}

static void accepted(struct gate *gate, int fd) {
    struct loop *loop = gate->context;
    if (loop->loops->count > 1 && gate == &loop->gate)
        porter_show(loop, fd);
    else
        loop_adopt(loop, fd, gate);
}

static void protocols_fill(struct lws_protocols protocols[PROTOCOLS_MAX]) {
    const struct lws_protocols pattern = {.name = HTTP_PROTOCOL,
                                          .callback = socket_callback,
                                          .per_session_data_size = sizeof(struct connection),
                                          .rx_buffer_size = RECEIVE_SIZE,
                                          .tx_packet_size = SEND_SIZE};
    int count = 0;
    protocols[count++] = pattern;
    for (int i = 0; endpoints[i] && count < PROTOCOLS_MAX - 1; i++)
        if (endpoints[i]->protocol) {
            protocols[count] = pattern;
            protocols[count++].name = endpoints[i]->protocol;
        }
}

static bool context_open(struct loop *loop, struct error *err) {
    protocols_fill(loop->protocols);
    void *loops[] = {&loop->uv};
    struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN_SERVER,
        .protocols = loop->protocols,
        .options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS,
        .foreign_loops = loops,
        .gid = (gid_t)-1,
        .uid = (uid_t)-1,
        .user = loop,
        .max_http_header_pool = HEADERS_AT_ONCE,
        .timeout_secs = 10,
        .keepalive_timeout = 10,
        .retry_and_idle_policy = &no_retry,
        .alpn = "http/1.1",
        .vhost_name = "wismo",
    };
    bool tls = !text_empty(loop->tls_files.certificate);
    if (tls)
        info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT | LWS_SERVER_OPTION_CREATE_VHOST_SSL_CTX;
    lws_set_log_level(LLL_ERR | LLL_WARN, starting_log);
    loop->context = lws_create_context(&info);
    loop->vhost = loop->context ? lws_create_vhost(loop->context, &info) : NULL;
    lws_set_log_level(LLL_ERR | LLL_WARN, running_log);
    if (!loop->vhost || tls != (loop->tls != NULL))
        return error_set(err, "libwebsockets cannot start on libuv (is libwebsockets-evlib-uv installed?)");
    if (tls)
        tls_settle(loop->tls);
    return !tls || tls_use(loop->tls, &loop->tls_files, err);
}

/* As many as there are descriptors, but for those that the process itself needs. */
static int connections_max(const struct server_options *options) {
    struct rlimit limit = {0};
    getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
        getrlimit(RLIMIT_NOFILE, &limit);
    }
    int most = limit.rlim_cur > DESCRIPTORS_KEPT ? (int)limit.rlim_cur - DESCRIPTORS_KEPT : 1;
    return options->connections_max && options->connections_max < most ? options->connections_max : most;
}

static void own_origins(struct loop *loop) {
    const char *address = loop->gate.address;
    bool six = strchr(address, ':') != NULL;
    bool loopback = text_is(address, "127.0.0.1") || text_is(address, "::1");
    const char *scheme = loop->tls ? "https" : "http";
    snprintf(loop->own_origins[0], sizeof loop->own_origins[0], "%s://%s%s%s:%d", scheme, six ? "[" : "",
             address, six ? "]" : "", loop->gate.port);
    if (loopback)
        snprintf(loop->own_origins[1], sizeof loop->own_origins[1], "%s://localhost:%d", scheme,
                 loop->gate.port);
    for (size_t i = 0; i < sizeof loop->own_origins / sizeof *loop->own_origins; i++) {
        char *port = strrchr(loop->own_origins[i], ':');
        if (port && text_is(port, loop->tls ? ":443" : ":80"))
            *port = '\0'; /* browsers leave the default out */
    }
}

static bool handles_open(struct loop *loop, struct error *err) {
    static const int signals[] = {SIGTERM, SIGINT, SIGHUP};
    uv_timer_t *timers[] = {&loop->wake,  &loop->requests, &loop->pings,
                            &loop->drain, &loop->wakes,    &loop->commits};
    for (size_t i = 0; i < sizeof timers / sizeof *timers; i++) {
        uv_timer_init(&loop->uv, timers[i]);
        timers[i]->data = loop;
    }
    uv_prepare_init(&loop->uv, &loop->rest);
    loop->rest.data = loop;
    bool good = mailbox_init(&loop->mailbox, &loop->uv, mail_arrived);
    loop->mailbox.wake.data = loop;
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        uv_signal_init(&loop->uv, &loop->signals[i]);
        loop->signals[i].data = loop;
        if (loop->number == 0)
            uv_signal_start(&loop->signals[i], signalled, signals[i]);
    }
    uv_prepare_start(&loop->rest, before_sleep);
    uv_timer_start(&loop->requests, requests_due, 0, REQUESTS_MS);
    uv_timer_start(&loop->pings, pings_due, PINGS_MS, PINGS_MS);
    return good || error_set(err, "no descriptor is left for the loop");
}

static void handles_close(struct loop *loop) {
    uv_handle_t *handles[] = {(uv_handle_t *)&loop->wake,       (uv_handle_t *)&loop->requests,
                              (uv_handle_t *)&loop->wakes,      (uv_handle_t *)&loop->pings,
                              (uv_handle_t *)&loop->drain,      (uv_handle_t *)&loop->rest,
                              (uv_handle_t *)&loop->commits,    (uv_handle_t *)&loop->signals[0],
                              (uv_handle_t *)&loop->signals[1], (uv_handle_t *)&loop->signals[2]};
    mailbox_close(&loop->mailbox);
    for (size_t i = 0; i < sizeof handles / sizeof *handles; i++)
        uv_close(handles[i], NULL);
}

/* Few watch: a small number of connections is theirs, however many customers there are. */
static bool admin_open(struct loop *loop, struct error *err) {
    struct gate *gate = &loop->admin;
    gate->context = loop;
    gate->accepted = accepted;
    gate->open_max = ADMINS_MAX;
    return gate_open(gate, &loop->uv, loop->options->admin, loop->options->admin_port, err) ||
           error_prefix(err, "admin_listen");
}

/* What the first alone has. */
static bool first_open(struct loop *loop, struct error *err) {
    const struct server_options *options = loop->options;
    if (!desk_open(loop, err) || !context_open(loop, err) ||
        !gate_open(&loop->gate, &loop->uv, options->listen, options->port, err))
        return false;
    loop->up = true;
    own_origins(loop);
    return text_empty(options->admin) || admin_open(loop, err);
}

static bool other_open(struct loop *loop, struct error *err) {
    memcpy(loop->own_origins, loop_first(loop)->own_origins, sizeof loop->own_origins);
    return context_open(loop, err);
}

bool loop_open(struct loops *loops, int number, const struct server_options *options, struct writer *writer,
               struct outbox *outbox, const uint8_t secret[HASH_SIZE], struct error *err) {
    struct loop *loop = calloc(1, sizeof *loop);
    if (!loop)
        memory_exhausted();
    loops->list[number] = loop;
    loop->loops = loops;
    loop->number = number;
    loop->options = options;
    loop->writer = writer;
    loop->outbox = outbox;
    loop->brain = options->brains[number];
    loop->voice = options->voice;
    loop->tls_files = options->tls;
    loop->gate.context = loop;
    loop->gate.accepted = accepted;
    loop->gate.open_max = connections_max(options);
    arena_init(&loop->arena);
    buffer_init(&loop->out, OUT_MAX);
    loop->turns = turns_new(loop);
    loop->sign_ins = limiter_new(SIGN_IN_KEYS);
    memcpy(loop->secret, secret, sizeof loop->secret);
    loop->metrics = metrics_new();
    uv_loop_init(&loop->uv);
    bool good = handles_open(loop, err);
    loop->stored.store = good ? store_open(options->db, STORE_READ, err) : NULL;
    if (loop->stored.store)
        store_keep(loop->stored.store, writer_quiet(writer));
    return loop->stored.store && world_open(loop, secret, err) &&
           (number == 0 ? first_open(loop, err) : other_open(loop, err));
}

void loop_run(struct loop *loop) {
    uv_run(&loop->uv, UV_RUN_DEFAULT);
}

void loop_close(struct loop *loop) {
    if (!loop)
        return;
    porter_close(loop);
    if (loop->up)
        gate_close(&loop->gate);
    if (loop->admin.port)
        gate_close(&loop->admin);
    if (loop->context)
        lws_context_destroy(loop->context);
    handles_close(loop);
    uv_run(&loop->uv, UV_RUN_DEFAULT);
    if (loop->context)
        lws_context_destroy(loop->context); /* on a foreign loop it takes two: now it frees */
    if (uv_loop_close(&loop->uv) != 0)
        log_line(LOG_WARNING, "server", "handles were left open");
}

void loop_forget(struct loop *loop) {
    if (!loop)
        return;
    desk_free(loop->desk);
    hub_free(loop->hub);
    turns_free(loop->turns);
    limiter_free(loop->sign_ins);
    metrics_free(loop->metrics);
    store_close(loop->stored.store);
    loop_mail(loop, false);
}

void loop_free(struct loop *loop) {
    if (!loop)
        return;
    fars_free(loop);
    mailbox_clear(&loop->mailbox);
    satchels_clear(&loop->satchels);
    buffer_clear(&loop->out);
    arena_clear(&loop->arena);
    free(loop);
}
