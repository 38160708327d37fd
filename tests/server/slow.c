/* The server in a thread of its own, and peers that a decent client would not be. */
#include "tests/claims.h"

#include "base/text.h"
#include "bot/server/server.h"
#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct host {
    char folder[64], db[96];
    struct server_options options;
    struct shop shop;
    struct brain brain;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t up;
    int port, status;
    struct error err;
};

static void ready(const char *address, int port, bool tls, void *context) {
    struct host *host = context;
    (void)address, (void)tls;
    pthread_mutex_lock(&host->lock);
    host->port = port;
    pthread_cond_signal(&host->up);
    pthread_mutex_unlock(&host->lock);
}

static void *run(void *context) {
    struct host *host = context;
    host->status = server_run(&host->options, &host->err);
    ready("", host->port ? host->port : -1, false, host);
    return NULL;
}

static int set_up(void **state) {
    struct host *host = calloc(1, sizeof *host);
    TEXT_SET(host->folder, "/tmp/wismo-slow-XXXXXX");
    assert_non_null(mkdtemp(host->folder));
    snprintf(host->db, sizeof host->db, "%s/w.db", host->folder);
    store_close(store_open(host->db, STORE_CREATE, &host->err));
    host->shop = (struct shop){.id = "default", .name = "Shop", .locale = "en"};
    host->brain = (struct brain){.shops = &host->shop, .shop_count = 1};
    host->options = (struct server_options){.listen = "127.0.0.1",
                                            .db = host->db,
                                            .brains = &host->brain,
                                            .per_conversation = {1e9, 1e9},
                                            .per_address = {1e9, 1e9},
                                            .ready = ready,
                                            .context = host};
    pthread_mutex_init(&host->lock, NULL);
    pthread_cond_init(&host->up, NULL);
    pthread_create(&host->thread, NULL, run, host);
    pthread_mutex_lock(&host->lock);
    while (!host->port)
        pthread_cond_wait(&host->up, &host->lock);
    pthread_mutex_unlock(&host->lock);
    *state = host;
    return host->port > 0 ? 0 : -1;
}

static int tear_down(void **state) {
    struct host *host = *state;
    static const char *const endings[] = {"", "-wal", "-shm", ".lock"};
    kill(getpid(), SIGTERM); /* the loop's own handler takes it */
    pthread_join(host->thread, NULL);
    int status = host->status;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s%s", host->db, endings[i]);
        unlink(path);
    }
    rmdir(host->folder);
    free(host);
    return status;
}

/* A chat by hand, with as small a window for what it is sent as may be. */
static int open_chat(const struct host *host, int window) {
    static const char head[] =
        "GET /chat HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
        "Sec-WebSocket-Protocol: wismo.chat.v1\r\n\r\n";
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)host->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    char answer[1024];
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct timeval patience = {.tv_sec = 45};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (window)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &window, sizeof window);
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(send(fd, head, sizeof head - 1, MSG_NOSIGNAL), sizeof head - 1);
    ssize_t len = recv(fd, answer, sizeof answer - 1, 0);
    assert_true(len > 12);
    assert_memory_equal(answer, "HTTP/1.1 101", 12);
    return fd;
}

/* One frame of one byte, masked with zeros: no message, so that it is answered with an error. */
static bool send_nonsense(int fd) {
    static const char frame[] = {'\x81', '\x81', 0, 0, 0, 0, 'x'};
    return send(fd, frame, sizeof frame, MSG_NOSIGNAL) == sizeof frame;
}

static bool is_answered(int fd) {
    char answer[512];
    return send_nonsense(fd) && recv(fd, answer, sizeof answer, 0) > 20;
}

static void a_reader_that_never_reads_is_cut_and_costs_the_others_nothing(void **state) {
    struct host *host = *state;
    int lazy = open_chat(host, 2048), other = open_chat(host, 0);
    int sent = 0;
    struct timespec began, now;
    clock_gettime(CLOCK_MONOTONIC, &began);
    do {
        clock_gettime(CLOCK_MONOTONIC, &now);
        sent++;
    } while (send_nonsense(lazy) && now.tv_sec - began.tv_sec < 30);
    if (now.tv_sec - began.tv_sec >= 30)
        fail_msg("%d errors were kept for a reader that reads none", sent);
    assert_true(is_answered(other));
    close(lazy);
    close(other);
}

static void a_peer_that_announces_much_and_sends_nothing_keeps_nobody_waiting(void **state) {
    struct host *host = *state;
    static const char half[] = {'\x81', '\xff', 0x40, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4}; /* 2^62 bytes */
    int half_open = open_chat(host, 0), other = open_chat(host, 0);
    assert_int_equal(send(half_open, half, sizeof half, MSG_NOSIGNAL), sizeof half);
    assert_true(is_answered(other));
    close(half_open);
    close(other);
}

static void it_stops_while_a_lazy_reader_is_connected(void **state) {
    struct host *host = *state;
    int lazy = open_chat(host, 2048);
    for (int i = 0; i < 2000; i++)
        assert_true(send_nonsense(lazy));
    /* tear_down sends SIGTERM with this one still open; it is closed with the process. */
}

#define CLAIM(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CLAIM(a_reader_that_never_reads_is_cut_and_costs_the_others_nothing),
        CLAIM(a_peer_that_announces_much_and_sends_nothing_keeps_nobody_waiting),
        CLAIM(it_stops_while_a_lazy_reader_is_connected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
