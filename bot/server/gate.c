#include "bot/server/gate.h"
#include "base/log.h"
#include "base/text.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 1024, ACCEPTS_AT_ONCE = 64, PAUSE_MS = 100, COMPLAIN_MS = 60 * 1000 };

static void ready(uv_poll_t *poll, int status, int events);

static void watch(struct gate *gate) {
    if (!gate->watching && !gate->closed)
        gate->watching = uv_poll_start(&gate->poll, UV_READABLE, ready) == 0;
}

static void pause_over(uv_timer_t *timer) {
    watch(timer->data);
}

/* Stops watching: a listener that stays readable and cannot be served would spin. */
static void rest(struct gate *gate) {
    uv_poll_stop(&gate->poll);
    gate->watching = false;
    uv_timer_start(&gate->pause, pause_over, PAUSE_MS, 0);
}

static void complain(struct gate *gate, const char *what) {
    uint64_t now = uv_now(gate->poll.loop);
    if (gate->complained_ms && now - gate->complained_ms < COMPLAIN_MS)
        return;
    gate->complained_ms = now;
    log_line(LOG_WARNING, "server", "%s (%d sockets open); new ones wait", what, gate->open);
}

/* No descriptor is left: whoever waits first is turned away by means of the spare one. */
static void turn_away(struct gate *gate) {
    close(gate->spare);
    int fd = accept4(gate->fd, NULL, NULL, SOCK_CLOEXEC);
    if (fd >= 0)
        close(fd);
    gate->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
    complain(gate, "no descriptor is left");
    rest(gate);
}

static void ready(uv_poll_t *poll, int status, int events) {
    struct gate *gate = poll->data;
    (void)status;
    (void)events;
    for (int i = 0; i < ACCEPTS_AT_ONCE; i++) {
        if (gate->open >= gate->open_max) {
            complain(gate, "as many connections as there may be");
            rest(gate);
            return;
        }
        int fd = accept4(gate->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            gate->open++;
            gate->accepted(gate, fd);
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            turn_away(gate);
            return;
        } else if (errno != EINTR && errno != ECONNABORTED)
            return;
    }
}

void gate_left(struct gate *gate) {
    int open = gate->open--;
    assert(open > 0);
    (void)open;
}

static int listen_on(const struct addrinfo *at) {
    int on = 1, fd = socket(at->ai_family, at->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, at->ai_protocol);
    if (fd < 0)
        return -1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        bind(fd, at->ai_addr, at->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    int why = errno;
    close(fd);
    errno = why;
    return -1;
}

bool gate_open(struct gate *gate, uv_loop_t *loop, const char *address, int port, struct error *err) {
    struct addrinfo hints = {.ai_family = AF_UNSPEC,
                             .ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV},
                    *at;
    char service[8], host[64], number[8];
    struct sockaddr_storage bound;
    socklen_t len = sizeof bound;
    snprintf(service, sizeof service, "%d", port);
    int fault = getaddrinfo(address, service, &hints, &at);
    if (fault)
        return error_set(err,
                         "listen: expected an address of this machine such as 127.0.0.1, found \"%s\" (%s)",
                         address, gai_strerror(fault));
    gate->fd = listen_on(at);
    int why = errno;
    freeaddrinfo(at);
    if (gate->fd < 0)
        return error_set(err, "cannot listen on %s port %d: %s%s", address, port, strerror(why),
                         why == EADDRINUSE ? " (another program has it; choose another with --port)" : "");
    gate->port = port;
    TEXT_SET(gate->address, address);
    if (getsockname(gate->fd, (struct sockaddr *)&bound, &len) == 0 &&
        getnameinfo((struct sockaddr *)&bound, len, host, sizeof host, number, sizeof number,
                    NI_NUMERICHOST | NI_NUMERICSERV) == 0)
        gate->port = (int)strtol(number, NULL, 10);
    gate->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
    uv_poll_init(loop, &gate->poll, gate->fd);
    uv_timer_init(loop, &gate->pause);
    gate->poll.data = gate->pause.data = gate;
    watch(gate);
    return true;
}

static void poll_closed(uv_handle_t *handle) {
    struct gate *gate = handle->data;
    close(gate->fd);
    close(gate->spare);
}

void gate_close(struct gate *gate) {
    if (gate->closed)
        return;
    gate->closed = true;
    gate->watching = false;
    uv_poll_stop(&gate->poll);
    uv_close((uv_handle_t *)&gate->poll, poll_closed);
    uv_close((uv_handle_t *)&gate->pause, NULL);
}
