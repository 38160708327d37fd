#include "tests/claims.h"

#include "bot/server/gate.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { FILES_MAX = 64, PATIENCE_MS = 45000 };

struct porch {
    uv_loop_t loop;
    struct gate gate;
    uv_timer_t stop;
    int inside[FILES_MAX], count, awaited;
};

static void let_in(struct gate *gate, int fd) {
    struct porch *porch = gate->context;
    porch->inside[porch->count++] = fd;
    if (porch->count == porch->awaited)
        uv_stop(&porch->loop);
}

static int set_up(void **state) {
    struct porch *porch = calloc(1, sizeof *porch);
    struct error err;
    uv_loop_init(&porch->loop);
    uv_timer_init(&porch->loop, &porch->stop);
    porch->gate.context = porch;
    porch->gate.accepted = let_in;
    porch->gate.open_max = 1000;
    assert_true(gate_open(&porch->gate, &porch->loop, "127.0.0.1", 0, &err));
    *state = porch;
    return 0;
}

static int tear_down(void **state) {
    struct porch *porch = *state;
    for (int i = 0; i < porch->count; i++)
        close(porch->inside[i]);
    gate_close(&porch->gate);
    uv_close((uv_handle_t *)&porch->stop, NULL);
    uv_run(&porch->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&porch->loop), 0);
    free(porch);
    return 0;
}

static void stop(uv_timer_t *timer) {
    uv_stop(timer->loop);
}

static void run_for(struct porch *porch, int ms) {
    uv_timer_start(&porch->stop, stop, (uint64_t)ms, 0);
    uv_run(&porch->loop, UV_RUN_DEFAULT);
}

/* Until so many have been let in. */
static void run_until(struct porch *porch, int count) {
    porch->awaited = count;
    run_for(porch, PATIENCE_MS);
    assert_int_equal(porch->count, count);
}

static int knock(const struct porch *porch) {
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)porch->gate.port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    return fd;
}

static double cpu_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void who_knocks_is_let_in(void **state) {
    struct porch *porch = *state;
    int one = knock(porch), two = knock(porch);
    run_until(porch, 2);
    assert_int_equal(porch->gate.open, 2);
    close(one);
    close(two);
}

static void over_the_limit_one_waits_until_somebody_leaves(void **state) {
    struct porch *porch = *state;
    porch->gate.open_max = 1;
    int one = knock(porch), two = knock(porch);
    run_for(porch, 250);
    assert_int_equal(porch->count, 1);
    gate_left(&porch->gate);
    run_until(porch, 2);
    close(one);
    close(two);
}

static void without_descriptors_it_turns_away_does_not_spin_and_recovers(void **state) {
    struct porch *porch = *state;
    struct rlimit before, limit;
    char byte;
    int filler[FILES_MAX], filled = 0;
    int one = knock(porch);
    getrlimit(RLIMIT_NOFILE, &before);
    limit = before;
    limit.rlim_cur = 40;
    setrlimit(RLIMIT_NOFILE, &limit);
    while (filled < FILES_MAX && (filler[filled] = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0)
        filled++;
    double spent = cpu_seconds();
    run_for(porch, 500);
    spent = cpu_seconds() - spent;
    assert_int_equal(porch->count, 0);
    assert_true(read(one, &byte, 1) <= 0); /* turned away, not left hanging */
    if (spent > 0.2)
        fail_msg("%.3f s of CPU in half a second of waiting", spent);
    while (filled)
        close(filler[--filled]);
    setrlimit(RLIMIT_NOFILE, &before);
    int two = knock(porch);
    run_until(porch, 1);
    close(one);
    close(two);
}

static void a_taken_port_and_a_strange_address_are_errors_that_say_what_to_do(void **state) {
    struct porch *porch = *state;
    struct gate other = {0};
    struct error err;
    assert_false(gate_open(&other, &porch->loop, "127.0.0.1", porch->gate.port, &err));
    assert_non_null(strstr(err.text, "--port"));
    assert_false(gate_open(&other, &porch->loop, "shop.example", 0, &err));
    assert_non_null(strstr(err.text, "127.0.0.1"));
    assert_false(gate_open(&other, &porch->loop, "192.0.2.1", 0, &err));
}

#define CLAIM(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CLAIM(who_knocks_is_let_in),
        CLAIM(over_the_limit_one_waits_until_somebody_leaves),
        CLAIM(without_descriptors_it_turns_away_does_not_spin_and_recovers),
        CLAIM(a_taken_port_and_a_strange_address_are_errors_that_say_what_to_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
