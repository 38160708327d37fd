/* The listening socket: accepts, counts, and stays calm when descriptors run out. */
#pragma once
#include "base/error.h"
#include <stdatomic.h>
#include <stdbool.h>
#include <uv.h>

struct gate {
    int fd, spare; /* spare: a descriptor that is given up to turn somebody away */
    char address[64];
    int port;
    atomic_int open; /* sockets; */
    int open_max;    /* … and at most so many */
    bool watching, closed;
    uv_poll_t poll;
    uv_timer_t pause;
    uint64_t complained_ms;
    void (*accepted)(struct gate *gate, int fd); /* takes the socket over */
    void *context;
};

bool gate_open(struct gate *gate, uv_loop_t *loop, const char *address, int port, struct error *err);
/* A socket that was accepted has closed. On any thread. */
void gate_left(struct gate *gate);
void gate_close(struct gate *gate); /* nobody is accepted any more; the handles close as the loop runs */
