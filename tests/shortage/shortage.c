#include "tests/shortage/shortage.h"
#include "tests/shortage/allocator.h"
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unicode/uclean.h>
#include <unistd.h>

enum { EXIT_WRONG = 90, EXIT_FAILED_NONE = 91, ALLOCATIONS_MAX = 100000, TEXT_MAX = 64 * 1024 };

/* ICU waits for ever for what it was making when memory ran out (its cache of locales): it never runs out. */
static void *icu_malloc(const void *context, size_t size) {
    (void)context;
    return allocator_spare(NULL, size);
}

static void *icu_realloc(const void *context, void *old, size_t size) {
    (void)context;
    return allocator_spare(old, size);
}

static void icu_free(const void *context, void *at) {
    (void)context;
    allocator_spare_free(at);
}

static void icu_spared(void) {
    UErrorCode code = U_ZERO_ERROR;
    u_setMemoryFunctions(NULL, icu_malloc, icu_realloc, icu_free, &code);
}

/* In a process of its own. */
static int attempt(const struct ordeal *ordeal, long n) {
    struct error err = {""};
    icu_spared();
    sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0); /* each allocation counts */
    void *room = ordeal->begin ? ordeal->begin() : NULL;
    allocator_count(n);
    bool good = ordeal->run(room, &err);
    bool fired = allocator_failed();
    allocator_count(0);
    if (!good && (!fired || !err.text[0])) {
        fprintf(stderr, "%s\n", err.text[0] ? err.text : "no error was given");
        return EXIT_WRONG;
    }
    if (!good && !ordeal->run(room, &err)) {
        fprintf(stderr, "once more: %s\n", err.text);
        return EXIT_WRONG;
    }
    if (ordeal->end)
        ordeal->end(room);
    return fired ? 0 : EXIT_FAILED_NONE;
}

static int attempt_apart(const struct ordeal *ordeal, long n, int log) {
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        dup2(log, STDERR_FILENO);
        exit(attempt(ordeal, n));
    }
    waitpid(child, &status, 0);
    return status;
}

int shortage_run(const struct ordeal *ordeal) {
    for (long n = 1; n < ALLOCATIONS_MAX; n++) {
        char said[TEXT_MAX];
        int log = memfd_create("log", MFD_CLOEXEC), status = attempt_apart(ordeal, n, log);
        ssize_t len = pread(log, said, sizeof said - 1, 0);
        said[len > 0 ? len : 0] = '\0';
        close(log);
        if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_FAILED_NONE)
            return (int)n - 1;
        if (strstr(said, "CHECK failed") && strstr(said, "pthread_getattr_np"))
            continue; /* it was the address sanitizer's own, as a thread began */
        bool stated = WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT && strstr(said, "out of memory");
        if (!stated && !(WIFEXITED(status) && WEXITSTATUS(status) == 0)) {
            fprintf(stderr, "%s: allocation %ld: status %d\n%s", ordeal->name, n, status, said);
            exit(EXIT_FAILURE);
        }
    }
    fprintf(stderr, "%s: there is no end to its allocations\n", ordeal->name);
    exit(EXIT_FAILURE);
}
