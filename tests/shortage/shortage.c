#include "tests/shortage/shortage.h"
#include <jansson.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EXIT_WRONG = 90, EXIT_FAILED_NONE = 91, ALLOCATIONS_MAX = 100000, TEXT_MAX = 64 * 1024 };

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

/* The one exception to the rule: an allocator has nowhere else to count. */
static long left; /* allocations until one fails; 0: none does */
static bool fired;

static bool fails(void) {
    bool now = left && --left == 0;
    fired |= now;
    return now;
}

void *__wrap_malloc(size_t size) {
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size) {
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size) {
    return fails() ? NULL : __real_realloc(old, size);
}

/* SQLite's allocator, ours beneath it: the size stands before what is given out. */
enum { HEAD = 16 };

static int lite_size(void *at) {
    return at ? *(int *)((char *)at - HEAD) : 0;
}

static void *lite_realloc(void *old, int size) {
    char *block = __wrap_realloc(old ? (char *)old - HEAD : NULL, (size_t)size + HEAD);
    if (!block)
        return NULL;
    *(int *)block = size;
    return block + HEAD;
}

static void *lite_malloc(int size) {
    return lite_realloc(NULL, size);
}

static void lite_free(void *at) {
    if (at)
        free((char *)at - HEAD);
}

static int lite_round(int size) {
    return (size + 7) & ~7;
}

static int lite_begin(void *context) {
    (void)context;
    return SQLITE_OK;
}

static void lite_end(void *context) {
    (void)context;
}

static void allocators(void) {
    static const sqlite3_mem_methods methods = {lite_malloc, lite_free,  lite_realloc, lite_size,
                                                lite_round,  lite_begin, lite_end,     NULL};
    json_set_alloc_funcs(__wrap_malloc, free);
    sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
    sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0); /* each allocation counts */
}

/* In a process of its own. */
static int attempt(const struct ordeal *ordeal, long n) {
    struct error err = {""};
    allocators();
    void *room = ordeal->begin ? ordeal->begin() : NULL;
    left = n;
    fired = false;
    bool good = ordeal->run(room, &err);
    left = 0;
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
        bool stated = WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT && strstr(said, "out of memory");
        if (!stated && !(WIFEXITED(status) && WEXITSTATUS(status) == 0)) {
            fprintf(stderr, "%s: allocation %ld: status %d\n%s", ordeal->name, n, status, said);
            exit(EXIT_FAILURE);
        }
    }
    fprintf(stderr, "%s: there is no end to its allocations\n", ordeal->name);
    exit(EXIT_FAILURE);
}
