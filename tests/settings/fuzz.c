/* Any bytes are a wismo.conf, or are refused with the file's name: build/fuzz/tests/settings/fuzz_settings
 * -max_len=2048 */
#include "base/text.h"
#include "bot/settings/settings.h"
#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    char path[32];
    struct error err = {""};
    if (memmem(bytes, len, "/dev", 4) || memmem(bytes, len, "/proc", 5))
        return 0; /* a secret that is read from a terminal takes for ever */
    int fd = memfd_create("conf", MFD_CLOEXEC);
    assert(fd >= 0 && write(fd, bytes, len) == (ssize_t)len);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    char *argv[] = {"serve", "--conf", path};
    struct settings *settings = settings_load(VERB_SERVE, 3, argv, &err);
    if (!settings)
        assert(err.text[0] && !strchr(err.text, '\n'));
    for (int i = 0; settings && i < settings->shop_count; i++)
        assert(settings->shops[i].id && settings->shops[i].zone && settings->shops[i].name[0]);
    settings_free(settings);
    close(fd);
    return 0;
}
