/* libcurl, opened when there is somebody to tell: 26 other libraries come with it, and a service that starts
 * on a cold machine would read them all before it answers its first customer. */
#pragma once
#include "base/error.h"
#include <curl/curl.h>

#define LIBCURL_CALLS(CALL)                                                                                  \
    CALL(global_init)                                                                                        \
    CALL(global_cleanup)                                                                                     \
    CALL(free)                                                                                               \
    CALL(easy_init)                                                                                          \
    CALL(easy_cleanup)                                                                                       \
    CALL(easy_reset)                                                                                         \
    CALL(easy_setopt)                                                                                        \
    CALL(easy_getinfo)                                                                                       \
    CALL(easy_perform)                                                                                       \
    CALL(easy_strerror)                                                                                      \
    CALL(easy_escape)                                                                                        \
    CALL(mime_init)                                                                                          \
    CALL(mime_addpart)                                                                                       \
    CALL(mime_data)                                                                                          \
    CALL(mime_type)                                                                                          \
    CALL(mime_encoder)                                                                                       \
    CALL(mime_filename)                                                                                      \
    CALL(mime_free)                                                                                          \
    CALL(slist_append)                                                                                       \
    CALL(slist_free_all)

/* Its functions under their own names: libcurl->easy_init() is curl_easy_init(). */
struct libcurl {
#define LIBCURL_MEMBER(name) __typeof__(curl_##name) *name;
    LIBCURL_CALLS(LIBCURL_MEMBER)
#undef LIBCURL_MEMBER
    void *library;
};

bool libcurl_open(struct libcurl *curl, struct error *err);
void libcurl_close(struct libcurl *curl); /* a zeroed one too */
