/* What the service manager is told, over the socket that it names. */
#include "tests/claims.h"

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE_MS = 45000 };

/* True when a datagram with this line comes in time; others are passed over. */
static bool told(int fd, const char *line) {
    char text[512];
    struct pollfd waits = {.fd = fd, .events = POLLIN};
    while (poll(&waits, 1, PATIENCE_MS) == 1) {
        ssize_t len = recv(fd, text, sizeof text - 1, 0);
        if (len < 0)
            return false;
        text[len] = '\0';
        if (strstr(text, line))
            return true;
    }
    return false;
}

static pid_t run(const char *folder, char *const words[]) {
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* it does not outlive a claim that fails */
        if (chdir(folder) != 0)
            _exit(126);
        execv(getenv("WISMO_BIN"), words);
        _exit(127);
    }
    return child;
}

static void the_manager_hears_of_the_start_of_every_turn_and_of_the_end(void **state) {
    (void)state;
    char folder[] = "/tmp/wismo-notify-XXXXXX";
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    int status, fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_non_null(mkdtemp(folder));
    snprintf(at.sun_path, sizeof at.sun_path, "%s/notify", folder);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    setenv("NOTIFY_SOCKET", at.sun_path, 1);

    waitpid(run(folder, (char *[]){"wismo", "demo", NULL}), &status, 0);
    assert_int_equal(status, 0);
    pid_t child = run(folder, (char *[]){"wismo", "serve", "--port", "0", NULL});
    assert_true(told(fd, "READY=1"));
    assert_true(told(fd, "WATCHDOG=1"));
    assert_true(told(fd, "WATCHDOG=1"));
    kill(child, SIGSTOP); /* a loop that does not turn is silent */
    assert_int_equal(waitpid(child, &status, WUNTRACED), child);
    while (recv(fd, (char[64]){0}, 64, MSG_DONTWAIT) >= 0) {
    }
    struct pollfd waits = {.fd = fd, .events = POLLIN};
    assert_int_equal(poll(&waits, 1, 2500), 0);
    kill(child, SIGCONT);
    assert_true(told(fd, "WATCHDOG=1"));
    kill(child, SIGTERM);
    assert_true(told(fd, "STOPPING=1"));
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    close(fd);
    char path[64];
    const char *const files[] = {"notify", "wismo.db", "wismo.db-wal", "wismo.db-shm", "wismo.db.lock"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        unlink(path);
    }
    rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_manager_hears_of_the_start_of_every_turn_and_of_the_end),
    };
    return cmocka_run_group_tests_name("server/notify", tests, NULL, NULL);
}
