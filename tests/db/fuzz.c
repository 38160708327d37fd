/* Any bytes are a file of orders; each row is read or rejected, none is counted twice, and the same file
 * again adds nothing. The first byte says in which form: build/fuzz/tests/db/fuzz_db -max_len=2048 */
#include "base/text.h"
#include "db/import.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void complained(const char *message, void *context) {
    (void)context;
    assert(message[0] && !strchr(message, '\n') && text_valid(message, strlen(message)));
}

enum { PATH_SIZE = 64 };

static void path_of(char path[PATH_SIZE], const char *ending) {
    snprintf(path, PATH_SIZE, "/dev/shm/wismo-fuzz-%d.db%s", (int)getpid(), ending);
}

static void swept(void) {
    static const char *const endings[] = {"", "-wal", "-shm", ".lock"};
    char path[PATH_SIZE];
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        path_of(path, endings[i]);
        unlink(path);
    }
}

static struct store *opened(void) {
    char path[PATH_SIZE];
    struct error err;
    path_of(path, "");
    struct store *store = store_open(path, STORE_CREATE, &err);
    assert(store && atexit(swept) == 0);
    return store;
}

static struct import_summary import(struct store *store, const uint8_t *bytes, size_t len) {
    struct import_options options = {.shop = "maison",
                                     .country = "FR",
                                     .format = bytes[0] % 3,
                                     .label = "file",
                                     .reject = complained,
                                     .now_ms = 1773216000000};
    struct import_summary summary = {0};
    struct error err = {""};
    FILE *in = fmemopen((void *)(bytes + 1), len - 1, "r");
    assert(in);
    bool good = import_run(store, in, &options, &summary, &err);
    assert(good || err.text[0]);
    assert(!good || summary.read == summary.added + summary.changed + summary.same + summary.rejected);
    fclose(in);
    return summary;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    static struct store *store; /* the one exception to the rule: libFuzzer has no other place for it */
    if (len < 2)
        return 0;
    if (!store)
        store = opened();
    struct import_summary first = import(store, bytes, len), again = import(store, bytes, len);
    assert(again.added == 0 && again.rejected == first.rejected && again.read == first.read);
    return 0;
}
