#include "base/text.h"
#include "db/store.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

struct store_lease {
    int file;
};

/* Who holds it, as it wrote itself down; 0 unknown. */
static long holder_of(int file) {
    char text[32] = "";
    ssize_t len = pread(file, text, sizeof text - 1, 0);
    return len > 0 ? strtol(text, NULL, 10) : 0;
}

struct store_lease *store_lease_take(const char *path, struct error *err) {
    struct arena arena;
    arena_init(&arena);
    const char *name = arena_format(&arena, "%s.lock", path);
    struct store_lease *lease = malloc(sizeof *lease);
    int file = lease ? open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
    bool taken = file >= 0 && flock(file, LOCK_EX | LOCK_NB) == 0;
    if (!lease)
        error_set(err, "%s: out of memory", path);
    else if (file < 0)
        error_set(err, "%s: cannot be opened: %s", name, strerror(errno));
    else if (!taken && errno == EWOULDBLOCK)
        error_set(
            err, "%s: process %ld serves this database already; stop it first, or give another one with --db",
            path, holder_of(file));
    else if (!taken)
        error_set(err, "%s: cannot be locked: %s", name, strerror(errno));
    else if (ftruncate(file, 0) != 0 || dprintf(file, "%ld\n", (long)getpid()) < 0)
        taken = error_set(err, "%s: cannot be written: %s", name, strerror(errno));
    arena_clear(&arena);
    if (taken) {
        lease->file = file;
        return lease;
    }
    if (file >= 0)
        close(file);
    free(lease);
    return NULL;
}

void store_lease_drop(struct store_lease *lease) {
    if (!lease)
        return;
    /* The file stays: to remove it would let two processes lock two files of one name. */
    close(lease->file);
    free(lease);
}
