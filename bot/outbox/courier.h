/* A worker's way to the outside: one libcurl handle that keeps its connections, with the limits that every
 * transfer has. Belongs to one thread. Certificates are verified, nothing is followed to another address. */
#pragma once
#include "base/buffer.h"
#include "bot/outbox/libcurl.h"
#include <stdatomic.h>

struct courier {
    const struct libcurl *curl;
    CURL *easy;
    const char *ca;            /* a file; "" the system's */
    const atomic_bool *ending; /* breaks off what is under way */
    char trouble[CURL_ERROR_SIZE];
};

/* curl and ca must outlive it. */
bool courier_open(struct courier *courier, const struct libcurl *curl, const char *ca,
                  const atomic_bool *ending, struct error *err);
void courier_close(struct courier *courier);
/* Takes back what the last transfer had set; protocols as libcurl names them: "https,http". */
void courier_begin(struct courier *courier, const char *url, const char *protocols, long seconds);
/* False + error: there was no answer, or a relay's that is a refusal. */
bool courier_run(struct courier *courier, struct error *err);

/* One request over HTTP. */
struct exchange {
    const char *method, *url;
    const char *body;           /* JSON; NULL none */
    const char *const *headers; /* "name: value", NULL-terminated */
    long status;                /* 0: there was no answer */
    int64_t again_ms;           /* the answer says how long to wait; 0 nothing */
    struct buffer answer;       /* exchange_clear frees it */
};
/* False + error unless the answer is 2xx; status says which it was. */
bool exchange_run(struct exchange *exchange, struct courier *courier, struct error *err);
void exchange_clear(struct exchange *exchange);
