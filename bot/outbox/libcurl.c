#include "bot/outbox/libcurl.h"
#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

static const char *const names[] = {
#define LIBCURL_NAME(name) "curl_" #name,
    LIBCURL_CALLS(LIBCURL_NAME)
#undef LIBCURL_NAME
};

enum { CALLS = sizeof names / sizeof names[0] };
_Static_assert(offsetof(struct libcurl, library) == CALLS * sizeof(void *), "a member for each name");

bool libcurl_open(struct libcurl *curl, struct error *err) {
    void *calls[CALLS];
    *curl = (struct libcurl){.library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL)};
    if (!curl->library)
        return error_set(err, "libcurl, which tells hand-offs to other systems, cannot be opened: %s",
                         dlerror());
    for (int i = 0; i < CALLS; i++)
        if (!(calls[i] = dlsym(curl->library, names[i]))) {
            error_set(err, "libcurl has no %s; install Debian's libcurl4", names[i]);
            dlclose(curl->library);
            *curl = (struct libcurl){0};
            return false;
        }
    memcpy(curl, calls, sizeof calls);
    curl->global_init(CURL_GLOBAL_DEFAULT);
    return true;
}

void libcurl_close(struct libcurl *curl) {
    if (!curl->library)
        return;
    curl->global_cleanup();
    dlclose(curl->library);
    *curl = (struct libcurl){0};
}
